//! The exact simulation: `advance` until a time, a budget, or an exit from a region.
//!
//! Cutting a run into pieces changes no bit of it: what is drawn but not used yet, and the network
//! as of its last spike, belong to the state; looking at it between spikes changes neither.

use crate::candidate::{Bound, Candidates};
use crate::decay::{BLOCK, Decay};
use crate::error::ModelError;
use crate::model::Model;
use crate::network::Network;
use crate::record::Record;
use crate::region::Region;
use crate::stimulus::Stimulus;
use crate::stream::Stream;
use crate::watch::Watch;

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

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct Goal<'a> {
    /// Absolute time.
    pub until: f64,
    /// Candidates to decide at most.
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
    pub(crate) stream: Stream,
    /// The time at which the network is looked at; its last spike or edge may lie before.
    pub(crate) clock: f64,
    /// The scaled frame's reference time. Times are kept as frame + offset, for their digits' sake.
    pub(crate) frame: f64,
    /// Offset from which the next block is drawn.
    pub(crate) start: f64,
    /// How many of the stimulus's edges are behind.
    pub(crate) edges: usize,
    /// Absolute time of the last spike or edge.
    pub(crate) last_event: f64,
    /// Spikes since the frame moved or the lead was looked for.
    pub(crate) fresh_spikes: u64,
    pub(crate) spikes: u64,
    pub(crate) proposals: u64,
}

/// In units of the faster time constant: frames older than this are moved at the next block …
const OLD_FRAME: f64 = 64.0;
/// … and no spike happens further from its frame than this, so that no factor leaves its range.
const HORIZON: f64 = 200.0;

/// What comes after a block of candidates.
enum Next {
    Candidates,
    EdgeAfterGoal,
    Extinct,
    Explosion,
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
        let current = stimulus.current_at(0.0);
        let network = Network::new(&model, n, potential, calcium, current)?;
        let edges = stimulus.edges().partition_point(|&(time, _)| time <= 0.0);
        Ok(Self {
            model,
            stimulus,
            network,
            candidates: Candidates::none(),
            stream,
            clock: 0.0,
            frame: 0.0,
            start: 0.0,
            edges,
            last_event: 0.0,
            fresh_spikes: 0,
            spikes: 0,
            proposals: 0,
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

    /// Absolute time of the last spike, or of the last edge of the stimulus if that came later.
    pub fn last_event(&self) -> f64 {
        self.last_event
    }

    /// Goes its own way from the present state, with draws from `stream`.
    pub fn restream(&mut self, stream: Stream) {
        self.stream = stream;
        self.candidates = Candidates::none();
        self.start = self.clock - self.frame;
    }

    /// Sets the clock of an extinct network, whose state is known for ever since its last event.
    pub fn rest_at(&mut self, time: f64) {
        self.clock = time.max(self.last_event);
    }

    /// Goes on until `goal` says stop; `record` hears the spikes.
    pub fn advance<R: Record>(&mut self, goal: &Goal, record: &mut R) -> Stop {
        let mut watch = Watch::new(goal.region, self.clock);
        if watch.jumps_out(&self.network, &self.decay(), self.clock) {
            return Stop::Exit;
        }
        if goal.spikes == 0 {
            return Stop::Spikes;
        }
        let mut candidates = goal.candidates;
        let last_spike = self.spikes.saturating_add(goal.spikes);
        loop {
            if self.candidates.is_spent() {
                match self.renew(goal.until, &mut watch) {
                    Next::Candidates => {}
                    Next::EdgeAfterGoal => return self.pause(goal.until, &mut watch),
                    Next::Extinct => return self.go_extinct(goal.until, &mut watch),
                    Next::Explosion => return Stop::Explosion,
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
            let allowed = candidates.min(last_spike - self.spikes);
            if allowed == 0 {
                let stop = if candidates == 0 { Stop::Candidates } else { Stop::Spikes };
                return self.stop_at(self.frame + self.start, stop, &mut watch);
            }
            let end = end.min(next.saturating_add(allowed as usize));
            self.decide(end, &mut watch, record);
            candidates -= (self.candidates.next - next) as u64;
            if watch.exit().is_some() {
                return self.leave(&watch);
            }
        }
    }

    /// Draws the next block, or passes the edge that ended the last one.
    fn renew(&mut self, until: f64, watch: &mut Watch) -> Next {
        let edge = self.stimulus.edges().get(self.edges).copied();
        if self.candidates.before_edge
            && let Some((time, current)) = edge
        {
            if time > until {
                return Next::EdgeAfterGoal;
            }
            let decay = self.network.rates().after(time - self.frame);
            if !watch.leaves_before(&self.network, self.frame, &decay, time) {
                self.pass_edge(time, current);
            }
            return Next::Candidates;
        }
        self.refresh();
        self.draw(edge.map_or(f64::INFINITY, |(time, _)| time))
    }

    fn pass_edge(&mut self, time: f64, current: f64) {
        self.start = time - self.frame;
        let decay = self.network.rates().after(self.start);
        // After a long silence the factors are out of range: then everything has decayed anyway.
        if self.start * self.network.rates().fastest() > HORIZON {
            self.move_frame(self.start);
            self.network.set_current(current, &self.network.rates().after(0.0));
        } else {
            self.network.set_current(current, &decay);
        }
        self.edges += 1;
        self.last_event = time;
        self.candidates.before_edge = false;
    }

    /// Keeps the frame young and the largest potential known.
    fn refresh(&mut self) {
        let fastest = self.network.rates().fastest();
        if self.fresh_spikes > 0 && self.start * fastest > OLD_FRAME {
            self.move_frame(self.start);
        }
        self.network.renew_lead(std::mem::take(&mut self.fresh_spikes));
    }

    /// Makes `offset` the reference time, without losing the digits that the sum rounds off.
    fn move_frame(&mut self, offset: f64) {
        self.network.move_frame(&self.network.rates().after(offset));
        let frame = self.frame + offset;
        self.start = (self.frame - frame) + offset;
        self.frame = frame;
    }

    fn draw(&mut self, edge: f64) -> Next {
        let rate = self.model.rate();
        let decay = self.network.rates().after(self.start);
        let now = self.network.highest_potential(&decay).max(0.0);
        let reach = now.max(self.potential_before(edge, now));
        if rate.supremum(0.0, reach) == 0.0 {
            self.candidates.wait_for_edge();
            return if edge < f64::INFINITY { Next::Candidates } else { Next::Extinct };
        }
        let margin = self.margin(now, &decay);
        let bound = Bound::new(rate, now - margin, reach + margin, STALE * now);
        let n = self.network.n() as u32;
        let time = self.frame + self.start;
        let wait = 1.0 / (f64::from(n) * bound.rate);
        if wait == 0.0 || (!rate.is_bounded() && wait < time.next_up() - time) {
            return Next::Explosion;
        }
        let rates = self.network.rates();
        let horizon = self.horizon();
        let (frame, start) = (self.frame, self.start);
        self.candidates.draw(&mut self.stream, n, bound, rates, frame, start, edge, horizon);
        self.prefetch();
        // Only a wait without end is later than an edge that never comes.
        if self.candidates.before_edge && edge == f64::INFINITY {
            return Next::Extinct;
        }
        Next::Candidates
    }

    /// The highest potential just before the edge, were no spike to come.
    fn potential_before(&self, edge: f64, now: f64) -> f64 {
        let level = self.network.resting_potential();
        let left = edge - (self.frame + self.start);
        level + (now - level) * (-self.network.rates().potential * left).exp()
    }

    /// How far the potentials may rise before the block is spent: twice the standard deviation of
    /// that many typical spikes, but neither less nor more than some part of the potential.
    fn margin(&self, potential: f64, decay: &Decay) -> f64 {
        let spread = self.network.mean_jump(decay) * (self.candidates.stride as f64).sqrt();
        (2.0 * spread).clamp(LEAST_MARGIN * potential, MOST_MARGIN * potential)
    }

    fn prefetch(&self) {
        #[cfg(target_arch = "x86_64")]
        for &i in &self.candidates.neuron[..self.candidates.len] {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            let cell: *const _ = &self.network.cells[i as usize];
            // SAFETY: a prefetch is a hint; it reads nothing and every x86-64 has it.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(cell.cast()) };
        }
    }

    /// Decides the candidates before `end`, or fewer if the bound breaks or the region is left.
    fn decide<R: Record>(&mut self, end: usize, watch: &mut Watch, record: &mut R) {
        let (next, horizon) = (self.candidates.next, self.horizon());
        let end = if self.candidates.offset[end - 1] <= horizon {
            end
        } else if next + 1 < end {
            end - 1
        } else if self.bring_near(next) {
            end
        } else {
            let block = &self.candidates;
            let (time, neuron) = (block.time[next], block.neuron[next]);
            record.candidate(time, neuron, block.threshold[next], block.bound.rate);
            return self.account(next + 1, 0, false);
        };
        if watch.is_on() {
            self.decide_near::<R, true>(end, watch, record);
        } else {
            self.decide_near::<R, false>(end, watch, record);
        }
    }

    /// Moves the frame to candidate `j`, beyond the horizon, if it spikes; says whether it does.
    /// Without a spike the frame stays: it remembers the state at the last one.
    fn bring_near(&mut self, j: usize) -> bool {
        let decay = self.candidates.decay.at(j);
        let potential = self.network.potential(self.candidates.neuron[j] as usize, &decay);
        let spikes = self.candidates.threshold[j] < self.model.rate().at(potential);
        if spikes {
            self.move_frame(self.candidates.offset[j]);
            self.candidates.place(j, self.start, self.network.rates());
        }
        spikes
    }

    /// The kernel's loop.
    fn decide_near<R: Record, const WATCH: bool>(
        &mut self,
        end: usize,
        watch: &mut Watch,
        record: &mut R,
    ) {
        let peak = self.peak();
        let Self { model, network, candidates: block, frame, .. } = self;
        let (rate, bound) = (model.rate(), block.bound);
        let (mut j, mut spikes, mut broken) = (block.next, 0, false);
        let mut last_event = self.last_event;
        // Spikes are told in runs without a rejection between them: copying a run is cheap.
        let mut heard = block.next;
        assert!(end <= BLOCK);
        while j < end {
            let neuron = block.neuron[j];
            let (time, threshold, decay) = (block.time[j], block.threshold[j], block.decay.at(j));
            let potential = network.potential(neuron as usize, &decay);
            debug_assert!(potential <= bound.top * (1.0 + 1e-12) + f64::MIN_POSITIVE);
            let sure = threshold < bound.sure && potential >= bound.low;
            let spiking = sure || threshold < rate.at(potential);
            if WATCH && spiking && watch.leaves_before(network, *frame, &decay, time) {
                break;
            }
            record.candidate(time, neuron, threshold, bound.rate);
            j += 1;
            if spiking {
                network.spike(neuron as usize, &decay);
                spikes += 1;
                last_event = time;
                broken = network.highest_potential(peak.as_ref().unwrap_or(&decay)) > bound.top;
                if WATCH && watch.jumps_out(network, &decay, time) {
                    break;
                }
            } else {
                record.spikes(&block.time[heard..j - 1], &block.neuron[heard..j - 1]);
                heard = j;
                broken = network.highest_potential(&decay) < bound.stale;
            }
            if broken {
                break;
            }
        }
        record.spikes(&block.time[heard..j], &block.neuron[heard..j]);
        self.last_event = last_event;
        self.account(j, spikes, broken);
    }

    /// When the potentials will be highest, if no spike comes before the block's end and it is not
    /// now: a current that is too strong for the bound lifts them until its edge.
    fn peak(&self) -> Option<Decay> {
        if self.network.resting_potential() <= self.candidates.bound.top {
            return None;
        }
        let edge = self.stimulus.edges().get(self.edges);
        edge.map(|&(time, _)| self.network.rates().after(time - self.frame))
    }

    /// Notes that the candidates before `j` are used, with so many spikes.
    fn account(&mut self, j: usize, spikes: u64, broken: bool) {
        let block = &mut self.candidates;
        self.proposals += (j - block.next) as u64;
        self.spikes += spikes;
        self.fresh_spikes += spikes;
        if j > block.next {
            self.start = block.offset[j - 1];
        }
        block.next = j;
        if broken {
            block.drop_rest();
        }
    }

    fn horizon(&self) -> f64 {
        HORIZON / self.network.rates().fastest()
    }

    /// Stops at `until`, if the region is not left before.
    fn pause(&mut self, until: f64, watch: &mut Watch) -> Stop {
        self.stop_at(until, Stop::Until, watch)
    }

    fn stop_at(&mut self, time: f64, stop: Stop, watch: &mut Watch) -> Stop {
        let decay = self.network.rates().after(time - self.frame);
        if watch.leaves_before(&self.network, self.frame, &decay, time) {
            return self.leave(watch);
        }
        self.clock = self.clock.max(time);
        stop
    }

    fn leave(&mut self, watch: &Watch) -> Stop {
        self.clock = watch.exit().unwrap_or(self.clock);
        Stop::Exit
    }

    /// No spike will come: the region can still be left by decay, before `until`.
    fn go_extinct(&mut self, until: f64, watch: &mut Watch) -> Stop {
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

/// In units of the slower time constant: after this long every number has underflowed.
const EVERYTHING_DECAYED: f64 = 1600.0;
/// Fractions of the highest potential: where a bound is stale, and how wide its margin may be.
const STALE: f64 = 0.8;
const LEAST_MARGIN: f64 = 0.01;
const MOST_MARGIN: f64 = 0.5;
