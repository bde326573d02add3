//! Exact simulation of a large network of spiking neurons with short-term synaptic facilitation.

#[cfg(feature = "python")]
mod binding;
mod bisection;
pub mod candidate;
pub mod checkpoint;
mod corners;
pub mod coupling;
pub mod covariance;
pub mod decay;
pub mod dop853;
pub mod ensemble;
pub mod equilibria;
pub mod error;
pub mod flow;
pub mod folds;
pub mod limit;
pub mod manifold;
pub mod model;
mod mutant;
pub mod network;
mod pages;
pub mod rate;
pub mod record;
pub mod recording;
pub mod region;
pub mod simulation;
pub mod stimulus;
pub mod stream;
mod watch;
