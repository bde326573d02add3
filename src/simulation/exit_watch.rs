//! Watches the means of a network for the first exit from a region, between spikes too.

use crate::network::Network;
use crate::network::decay::Decay;
use crate::region::{Path, Region};

/// The watch over one run; without a region it sees nothing.
#[derive(Debug)]
pub(crate) struct ExitWatch<'a> {
    region: Option<&'a Region>,
    /// The means are known to be inside up to this absolute time.
    since: f64,
    exit: Option<f64>,
}

impl<'a> ExitWatch<'a> {
    pub(crate) fn new(region: Option<&'a Region>, since: f64) -> Self {
        Self { region, since, exit: None }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.region.is_some()
    }

    /// Absolute time of the exit.
    pub(crate) fn exit(&self) -> Option<f64> {
        self.exit
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
        let falling = network.resting_potential() <= potential;
        if time > self.since && !region.held_all_the_way(potential, calcium, falling) {
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
