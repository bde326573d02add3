//! The exact simulation: `advance` until a time, a budget, or an exit from a region.
//!
//! Cutting a run into pieces changes no bit of it: what is drawn but not used yet, and the network
//! as of its last spike, belong to the state; looking at it between spikes changes neither.

mod bound;
mod candidates;
mod checkpoint;
mod decisions;
mod draws;
mod exit_watch;
mod extinction;
mod kernel;
mod listener;
mod renewal;

pub use checkpoint::Checkpoint;
pub use listener::{ChosenSpikes, Listener, Nothing, SpikeTrain, Trace};

use renewal::Next;

use crate::error::{ModelError, check};
use crate::lateness::check_edges;
use crate::model::Model;
use crate::network::Network;
use crate::network::decay::Decay;
use crate::region::Region;
use crate::simulation::candidates::Candidates;
use crate::simulation::exit_watch::ExitWatch;
use crate::stimulus::Stimulus;
use crate::stream::Stream;

/// Why a simulation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The time asked for is reached.
    Until,
    /// The candidates that were allowed are used up; there is more to do.
    Candidates,
    /// As many spikes happened as were allowed.
    Spikes,
    /// The means left the region.
    Exit,
    /// No spike can ever come again.
    Extinct,
    /// Infinitely many spikes are about to come before a finite time.
    Explosion,
}

impl Stop {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 6] =
        [Self::Until, Self::Candidates, Self::Spikes, Self::Exit, Self::Extinct, Self::Explosion];

    /// A number from 1 on that stands for it in arrays.
    pub fn code(self) -> u8 {
        self as u8 + 1
    }
}

/// Candidates after which those to come are worth some preparation.
const MANY: u64 = 100_000;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct Goal<'a> {
    /// Absolute time.
    pub until: f64,
    /// Work at most, in candidates; see [`Simulation::work`].
    pub candidates: u64,
    /// Spikes at most.
    pub spikes: u64,
    /// Stop at the first exit from here.
    pub region: Option<&'a Region>,
}

/// One network on its way.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub(crate) model: Model,
    pub(crate) stimulus: Stimulus,
    pub(crate) network: Network,
    pub(crate) candidates: Candidates,
    /// The time at which the network is looked at; its last spike or edge may lie before.
    pub(crate) clock: f64,
    /// The scaled frame's reference time. Times are kept as frame + offset, for their digits' sake.
    pub(crate) frame: f64,
    /// Offset from which the next block is drawn.
    pub(crate) start: f64,
    /// The bound holds up to this potential, whatever the network's.
    pub(crate) ceiling: f64,
    /// How many of the stimulus's edges are behind.
    pub(crate) edges: usize,
    /// Absolute time of the last spike or edge.
    pub(crate) last_event: f64,
    /// Spikes since the frame moved or the lead was looked for.
    pub(crate) fresh_spikes: u64,
    pub(crate) spikes: u64,
    pub(crate) proposals: u64,
    /// Work beside the candidates, in candidates.
    pub(crate) upkeep: u64,
}

impl Simulation {
    /// A network of `n` neurons at time 0; `potential` and `calcium` have one entry for all, or `n`.
    pub fn new(
        model: Model,
        n: usize,
        potential: &[f64],
        calcium: &[f64],
        stimulus: Stimulus,
        stream: Stream,
    ) -> Result<Self, ModelError> {
        Self::new_while(model, n, (potential, calcium), stimulus, stream, &mut || true)
    }

    /// The same of (potential, calcium), as long as `go_on`, asked now and then, says so.
    ///
    /// # Errors
    /// Also [`ModelError::Stopped`].
    pub fn new_while(
        model: Model,
        n: usize,
        (potential, calcium): (&[f64], &[f64]),
        stimulus: Stimulus,
        stream: Stream,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Self, ModelError> {
        check_edges(&stimulus, &model)?;
        let current = stimulus.current_at(0.0);
        let network = Network::new(&model, n, potential, calcium, current, go_on)?;
        let currents = stimulus.edges().iter().map(|&(_, current)| current);
        let strongest = currents.fold(current, f64::max);
        let allowed = "so small that alpha/n is not lost beside current/beta";
        check("current", strongest, !network.is_drowned_by(strongest), allowed)?;
        let highest = potential.iter().copied().fold(0.0, f64::max);
        let levels = [0.0, highest, strongest / model.beta()];
        let allowed =
            "so small that alpha/n times the calcium sent leaves the potentials their digits";
        let most = calcium.iter().copied().fold(0.0, f64::max);
        check("alpha", model.alpha(), !network.drowns(model.rate(), &levels, most), allowed)?;
        let edges = stimulus.edges().partition_point(|&(time, _)| time <= 0.0);
        Ok(Self {
            model,
            stimulus,
            network,
            candidates: Candidates::new(stream, n as u32),
            clock: 0.0,
            frame: 0.0,
            start: 0.0,
            ceiling: 0.0,
            edges,
            last_event: 0.0,
            fresh_spikes: 0,
            spikes: 0,
            proposals: 0,
            upkeep: 0,
        })
    }

    /// The present time.
    pub fn time(&self) -> f64 {
        self.clock
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The stimulus.
    pub fn stimulus(&self) -> &Stimulus {
        &self.stimulus
    }

    /// The network; its numbers are those of the time of [`Simulation::decay`].
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The decay factors of the present time.
    pub fn decay(&self) -> Decay {
        self.network.rates().after(self.clock - self.frame)
    }

    /// Spikes so far.
    pub fn spikes(&self) -> u64 {
        self.spikes
    }

    /// Candidates decided so far.
    pub fn proposals(&self) -> u64 {
        self.proposals
    }

    /// What was done so far, in candidates: those decided, and work that grows with the network.
    pub fn work(&self) -> u64 {
        self.proposals + self.upkeep
    }

    /// Absolute time of the last spike, or of the last edge of the stimulus if that came later.
    pub fn last_event(&self) -> f64 {
        self.last_event
    }

    /// From now on candidates come at rate N·B with B ≥ φ up to `ceiling` at least: those who hear
    /// them may have potentials of their own.
    pub fn bound_up_to(&mut self, ceiling: f64) {
        self.ceiling = ceiling;
        // What came before the clock is decided, so the draws' time may run until there.
        self.candidates.pass(self.clock - self.frame - self.start);
        self.candidates.drop_bound();
        self.start = self.clock - self.frame;
    }

    /// Goes its own way from the present state, with draws from `stream`.
    pub fn restream(&mut self, stream: Stream) {
        self.candidates = Candidates::new(stream, self.network.n() as u32);
        self.start = self.clock - self.frame;
    }

    /// The random numbers after those that are drawn already.
    pub(crate) fn fresh_stream(&self) -> Stream {
        self.candidates.draws.fresh_stream()
    }

    /// Sets the clock of an extinct network, whose state is known for ever since its last event.
    pub fn rest_at(&mut self, time: f64) {
        self.clock = time.max(self.last_event);
    }

    /// Goes on until `goal` says stop; `record` hears the spikes.
    pub fn advance<R: Listener>(&mut self, goal: &Goal, record: &mut R) -> Stop {
        let mut watch = ExitWatch::new(goal.region, self.clock);
        if watch.jumps_out(&self.network, &self.decay(), self.clock) {
            return Stop::Exit;
        }
        if goal.spikes == 0 {
            return Stop::Spikes;
        }
        if self.proposals > MANY {
            self.model.bracket_rate();
        }
        let last_work = self.work().saturating_add(goal.candidates);
        let last_spike = self.spikes.saturating_add(goal.spikes);
        loop {
            // Before anything else, so that a run ends at its last spike, wherever `until` is.
            let candidates = last_work.saturating_sub(self.work());
            let allowed = candidates.min(last_spike - self.spikes);
            if allowed == 0 {
                let stop = if candidates == 0 { Stop::Candidates } else { Stop::Spikes };
                return self.stop_at(self.frame + self.start, stop, &mut watch);
            }
            if self.candidates.is_spent() {
                match self.renew(goal.until, &mut watch) {
                    Next::Candidates => {}
                    Next::LimitAfterGoal => return self.pause(goal.until, &mut watch),
                    Next::Extinct => return self.go_extinct(goal.until, &mut watch),
                    Next::Explosion => {
                        let time = self.frame + self.start;
                        return self.stop_at(time, Stop::Explosion, &mut watch);
                    }
                }
                if watch.exit().is_some() {
                    return self.leave(&watch);
                }
                continue;
            }
            let next = self.candidates.next;
            let end = self.candidates.until(goal.until);
            if end == next {
                return self.pause(goal.until, &mut watch);
            }
            let end = end.min(next.saturating_add(allowed as usize));
            self.decide_some(end, &mut watch, record);
            if watch.exit().is_some() {
                return self.leave(&watch);
            }
        }
    }

    /// Stops at `until`, if the region is not left before.
    fn pause(&mut self, until: f64, watch: &mut ExitWatch) -> Stop {
        self.stop_at(until, Stop::Until, watch)
    }

    fn stop_at(&mut self, time: f64, stop: Stop, watch: &mut ExitWatch) -> Stop {
        let decay = self.network.rates().after(time - self.frame);
        if watch.leaves_before(&self.network, self.frame, &decay, time) {
            return self.leave(watch);
        }
        self.clock = self.clock.max(time);
        stop
    }

    fn leave(&mut self, watch: &ExitWatch) -> Stop {
        self.clock = watch.exit().unwrap_or(self.clock);
        Stop::Exit
    }
}
