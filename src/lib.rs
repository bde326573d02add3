//! Exact simulation of a large network of spiking neurons with short-term synaptic facilitation.

#[cfg(feature = "python")]
mod binding;
pub mod error;
pub mod model;
pub mod rate;
pub mod stimulus;
