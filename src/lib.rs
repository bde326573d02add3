//! Exact simulation of a large network of spiking neurons with short-term synaptic facilitation.

pub mod dop853;
