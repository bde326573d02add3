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
    pub watched_neurons: Vec<u32>,
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
    pub(crate) fn check(&self, now: f64, n: usize) -> Result<(), ModelError> {
        if self.until.is_nan() || self.until < now {
            return Err(ModelError::End { name: "until", value: self.until, from: now });
        }
        check_times("grid", &self.times, now, self.until)?;
        check_times("snapshots", &self.snapshots, now, self.until)?;
        check_neurons("watch", &self.watched_neurons, n)?;
        if let Keep::Chosen(neurons) = &self.spikes {
            check_neurons("spikes", neurons, n)?;
        }
        let good = self.exit_after >= 0.0 && self.exit_after.is_finite();
        check("exit_after", self.exit_after, good, "a finite time >= 0")?;
        Ok(())
    }
}

/// Refuses times that are not finite, not strictly increasing, or not within [from, until].
pub(crate) fn check_times(
    name: &'static str,
    times: &[f64],
    from: f64,
    until: f64,
) -> Result<(), ModelError> {
    let good = |index: usize| {
        let t = times[index];
        t.is_finite() && t >= from && t <= until && (index == 0 || t > times[index - 1])
    };
    match (0..times.len()).find(|&index| !good(index)) {
        None => Ok(()),
        Some(index) => {
            Err(ModelError::Times { name, index, value: times[index], within: (from, until) })
        }
    }
}

fn check_neurons(name: &'static str, neurons: &[u32], n: usize) -> Result<(), ModelError> {
    match neurons.iter().position(|&i| i as usize >= n) {
        None => Ok(()),
        Some(index) => Err(ModelError::Neuron { name, index, value: neurons[index], last: n - 1 }),
    }
}
