//! What is wanted from an advance of a simulation.

use crate::error::{ModelError, check};
use crate::region::Region;

/// Whose spikes are kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Keep {
    /// Nobody's.
    Nothing,
    /// Everybody's.
    All,
    /// Those of the neurons with these indices.
    Chosen(Vec<u32>),
}

/// How far to go and what to keep. Times are absolute.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where to stop if nothing else does; may be infinite.
    pub until: f64,
    /// When to note the means, increasing.
    pub times: Vec<f64>,
    /// When to note the whole state, increasing.
    pub snapshots: Vec<f64>,
    /// Neurons whose potential and calcium are noted together with the means.
    pub watch: Vec<u32>,
    /// Whose spikes are kept.
    pub spikes: Keep,
    /// Stop at the first exit from here …
    pub region: Option<Region>,
    /// … not before this time.
    pub exit_after: f64,
    /// Stop after so many spikes.
    pub max_spikes: Option<u64>,
}

impl Plan {
    /// Refuses what a simulation of `n` neurons that stands at `now` can't do.
    pub(super) fn check(&self, now: f64, n: usize) -> Result<(), ModelError> {
        check("until", self.until, self.until >= now, "not before the simulation's present time")?;
        check_times("grid", &self.times, now, self.until)?;
        check_times("snapshots", &self.snapshots, now, self.until)?;
        check_neurons("watch", &self.watch, n)?;
        match &self.spikes {
            Keep::Chosen(neurons) => check_neurons("spikes", neurons, n),
            Keep::All | Keep::Nothing => Ok(()),
        }
    }
}

fn check_times(name: &'static str, times: &[f64], from: f64, until: f64) -> Result<(), ModelError> {
    let good = |index: usize| {
        let t = times[index];
        t.is_finite() && t >= from && t <= until && (index == 0 || t >= times[index - 1])
    };
    match (0..times.len()).find(|&index| !good(index)) {
        None => Ok(()),
        Some(index) => {
            let allowed = "increasing times from the present to the end";
            Err(ModelError::Entry { name, index, value: times[index], allowed })
        }
    }
}

fn check_neurons(name: &'static str, neurons: &[u32], n: usize) -> Result<(), ModelError> {
    match neurons.iter().position(|&i| i as usize >= n) {
        None => Ok(()),
        Some(index) => {
            let value = f64::from(neurons[index]);
            Err(ModelError::Entry { name, index, value, allowed: "indices of neurons below n" })
        }
    }
}
