//! Whether a network has spiked for the last time, and what it still does then.

use super::renewal::Next;
use super::{Simulation, Stop};
use crate::simulation::exit_watch::ExitWatch;
use crate::simulation::listener::Nothing;

/// Candidates after which a network that is neither extinct nor spiking counts as alive. One at rest
/// needs a few tens of them; one in which few potentials are high needs some for each of its neurons.
const LOOKAHEAD: u64 = 10_000;
const LOOKAHEAD_EACH: u64 = 4;
/// In units of the slower time constant: after this long every number has underflowed.
const EVERYTHING_DECAYED: f64 = 1600.0;

impl Simulation {
    /// Whether no spike will ever come. The draws to come tell; looking at them uses none up.
    pub fn is_extinct(&mut self) -> bool {
        let pulse_ahead = self.edges < self.stimulus.edges().len();
        // A neuron that may spike at rest does so sooner or later.
        if pulse_ahead || self.model.rate().at(0.0) > 0.0 {
            return false;
        }
        // What is due at the last event is done here: it writes to the neurons.
        if self.candidates.is_spent() && !self.candidates.before_limit {
            self.refresh();
        }
        // Rejections read the neurons and change none, so the look ahead borrows them.
        let cells = std::mem::take(&mut self.network.cells);
        let mut ahead = self.clone();
        ahead.network.cells = cells;
        let extinct = ahead.only_rejects();
        debug_assert_eq!(ahead.frame, self.frame, "the frame moves at spikes and edges only");
        self.network.cells = ahead.network.cells;
        extinct
    }

    /// Goes on as long as candidates are rejected; whether that is for ever.
    fn only_rejects(&mut self) -> bool {
        let patience = LOOKAHEAD + LOOKAHEAD_EACH * self.network.n() as u64;
        let last = self.proposals + patience;
        let mut watch = ExitWatch::new(None, self.clock);
        loop {
            if self.candidates.is_spent() {
                match self.renew(f64::INFINITY, &mut watch) {
                    Next::Candidates => continue,
                    Next::Extinct => return true,
                    Next::LimitAfterGoal | Next::Explosion => return false,
                }
            }
            // One by one: a rejection may be followed by another bound, which changes those after it.
            let next = self.candidates.next;
            if self.proposals > last || self.will_spike(next) {
                return false;
            }
            self.decide_some(next + 1, &mut watch, &mut Nothing);
        }
    }

    /// No spike will come: the region can still be left by decay, before `until`.
    pub(super) fn go_extinct(&mut self, until: f64, watch: &mut ExitWatch) -> Stop {
        let rates = self.network.rates();
        let all_gone = self.last_event + EVERYTHING_DECAYED / rates.potential.min(rates.calcium);
        let time = until.min(all_gone);
        let decay = rates.after(time - self.frame);
        if watch.leaves_before(&self.network, self.frame, &decay, time) {
            return self.leave(watch);
        }
        self.clock = self.clock.max(self.last_event);
        Stop::Extinct
    }
}
