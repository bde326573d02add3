//! What a recording holds on its way, from which another one of the same plan goes on.

use super::{Means, Recording, Snapshots};
use crate::error::ModelError;
use crate::run::plan::Keep;
use crate::simulation::{Simulation, SpikeTrain};

/// Everything that was noted so far.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// The means, and the watched neurons.
    pub means: Means,
    /// The whole states.
    pub snapshots: Snapshots,
    /// The spikes, if they are kept.
    pub train: SpikeTrain,
    /// Whether the simulation was seen to be extinct.
    pub extinct: bool,
}

impl Recording {
    /// A copy of what was noted so far.
    pub fn saved(&self) -> Saved {
        Saved {
            means: self.means.clone(),
            snapshots: self.snapshots.clone(),
            train: self.train.train.clone(),
            extinct: self.extinct,
        }
    }

    /// Goes on where a recording of the same plan was saved together with `simulation`.
    pub fn go_on(&mut self, simulation: &Simulation, saved: Saved) -> Result<(), ModelError> {
        self.check(&saved)?;
        self.next_snapshot = saved.snapshots.potential.len() / self.neurons;
        self.exit_watch_ahead &= self.plan.exit_after > simulation.time();
        self.extinct = saved.extinct;
        self.train.train = saved.train;
        // The room that a plan needs is there already.
        let (means, snapshots) = (&mut self.means, &mut self.snapshots);
        means.potential.extend(saved.means.potential);
        means.calcium.extend(saved.means.calcium);
        means.calcium_var.extend(saved.means.calcium_var);
        means.spike_count.extend(saved.means.spike_count);
        means.watched_potential.extend(saved.means.watched_potential);
        means.watched_calcium.extend(saved.means.watched_calcium);
        snapshots.potential.extend(saved.snapshots.potential);
        snapshots.calcium.extend(saved.snapshots.calcium);
        Ok(())
    }

    /// Refuses what no recording of this plan can have noted, so that none goes astray or panics.
    fn check(&self, saved: &Saved) -> Result<(), ModelError> {
        let (means, snapshots, train) = (&saved.means, &saved.snapshots, &saved.train);
        let rows = means.potential.len();
        let watched = rows.saturating_mul(self.plan.watched_neurons.len());
        let states = snapshots.potential.len();
        let most = self.neurons.saturating_mul(self.plan.snapshots.len());
        let spikes = if self.plan.spikes == Keep::Nothing { 0 } else { train.time.len() };
        let lengths = [
            ("potential", rows, rows <= self.plan.times.len()),
            ("calcium", means.calcium.len(), means.calcium.len() == rows),
            ("calcium_var", means.calcium_var.len(), means.calcium_var.len() == rows),
            ("spike_count", means.spike_count.len(), means.spike_count.len() == rows),
            ("watched_potential", watched, means.watched_potential.len() == watched),
            ("watched_calcium", watched, means.watched_calcium.len() == watched),
            ("snapshot_potential", states, states.is_multiple_of(self.neurons) && states <= most),
            ("snapshot_calcium", states, snapshots.calcium.len() == states),
            ("spike_time", spikes, train.time.len() == spikes),
            ("spike_neuron", spikes, train.neuron.len() == spikes),
        ];
        match lengths.into_iter().find(|&(.., good)| !good) {
            None => Ok(()),
            Some((name, length, _)) => Err(ModelError::Length {
                name,
                length,
                allowed: "the length that the plan gives it",
            }),
        }
    }
}
