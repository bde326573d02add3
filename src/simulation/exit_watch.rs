//! Watches the means of a network for the first exit from a region, between spikes too.

use crate::network::Network;
use crate::network::decay::{BlockDecay, Decay};
use crate::region::{Path, Region};

/// The watch over one run; without a region it sees nothing.
#[derive(Debug)]
pub(crate) struct ExitWatch<'a> {
    region: Option<&'a Region>,
    /// What raises both means can't lead out of it.
    closed_upwards: bool,
    /// The means are known to be inside up to this absolute time.
    since: f64,
    exit: Option<f64>,
}

impl<'a> ExitWatch<'a> {
    pub(crate) fn new(region: Option<&'a Region>, since: f64) -> Self {
        let closed_upwards = region.is_some_and(Region::is_closed_upwards);
        Self { region, closed_upwards, since, exit: None }
    }

    /// Absolute time of the exit.
    pub(crate) fn exit(&self) -> Option<f64> {
        self.exit
    }

    /// Before which of the candidates `next..end` the region is certainly not left, whoever of them
    /// spikes: spikes only raise the means, so a region that is closed upwards holds whatever path comes
    /// if it holds the path without spikes.
    pub(crate) fn holds_until(
        &self,
        network: &Network,
        decay: &BlockDecay,
        next: usize,
        end: usize,
    ) -> usize {
        let Some(region) = self.region else { return end };
        if !self.closed_upwards {
            return next;
        }
        let (potential, calcium) = network.scaled_means();
        let level = network.resting_potential();
        let holds = |j: usize| {
            let potential = (level + decay.potential[j] * potential).max(0.0);
            is_held(region, level, potential, decay.calcium[j] * calcium)
        };
        let (mut safe, mut open) = (next, end);
        while safe < open {
            // The last first: mostly it is safe.
            let middle = if open == end { end - 1 } else { (safe + open) / 2 };
            if holds(middle) { safe = middle + 1 } else { open = middle }
        }
        safe
    }

    /// Notes that the means were inside until `time`.
    pub(crate) fn held_until(&mut self, time: f64) {
        self.since = self.since.max(time);
    }

    /// Whether the means leave by decay before `time`, whose factors are `decay`.
    pub(crate) fn leaves_before(
        &mut self,
        network: &Network,
        frame: f64,
        decay: &Decay,
        time: f64,
    ) -> bool {
        let Some(region) = self.region else { return false };
        let (potential, calcium) = (network.mean_potential(decay), network.mean_calcium(decay));
        let level = network.resting_potential();
        if time > self.since && !is_held(region, level, potential, calcium) {
            // Times are counted from the frame, not from `since`: an exit must not depend on where
            // a run was cut into pieces.
            let path = Path::new(network);
            let exit = region.first_exit(&path, self.since - frame, time - frame);
            self.exit = exit.map(|x| (frame + x).clamp(self.since, time));
        }
        self.since = self.since.max(time);
        self.exit.is_some()
    }

    /// Whether the means are outside now, after a jump or at the start.
    pub(crate) fn jumps_out(&mut self, network: &Network, decay: &Decay, time: f64) -> bool {
        let Some(region) = self.region else { return false };
        if !region.contains(network.mean_potential(decay), network.mean_calcium(decay)) {
            self.exit = Some(time);
        }
        self.exit.is_some()
    }
}

/// Whether means that tend to rest, without a spike, are inside until they are here; no may be wrong.
fn is_held(region: &Region, level: f64, potential: f64, calcium: f64) -> bool {
    region.held_all_the_way(potential, calcium, level <= potential)
}
