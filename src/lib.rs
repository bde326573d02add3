//! Exact simulation of a large network of spiking neurons with short-term synaptic facilitation.

#[cfg(feature = "python")]
mod binding;
mod bisection;
pub mod coupling;
pub mod dop853;
pub mod ensemble;
pub mod error;
mod exp;
mod huge_pages;
mod lateness;
pub mod limit;
pub mod model;
pub mod network;
pub mod rare;
pub mod rate;
pub mod region;
pub mod run;
pub mod simulation;
pub mod stimulus;
pub mod stream;
