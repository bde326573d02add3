//! The loop that decides candidates: all that is done per spike is done here.

use super::Simulation;
use crate::network::decay::{BLOCK, Decay};
use crate::simulation::exit_watch::ExitWatch;
use crate::simulation::listener::Listener;

impl Simulation {
    /// Decides the candidates before `end`, or fewer if the bound breaks or the region is left.
    pub(super) fn decide<R: Listener>(
        &mut self,
        end: usize,
        watch: &mut ExitWatch,
        record: &mut R,
    ) {
        let (next, horizon) = (self.candidates.next, self.horizon());
        let end = if self.candidates.offset[end - 1] <= horizon {
            end
        } else if next + 1 < end {
            end - 1
        } else if !self.far_candidate_spikes(next) {
            let block = &self.candidates;
            let (time, neuron) = (block.time[next], block.neuron[next]);
            record.candidate(time, neuron, block.threshold[next], block.bound.rate);
            return self.account(next + 1, 0, false);
        } else {
            // Before the frame moves: if the region is left on the way, the state is that of then.
            let (time, decay) = (self.candidates.time[next], self.candidates.decay.at(next));
            if watch.leaves_before(&self.network, self.frame, &decay, time) {
                return;
            }
            self.move_frame(self.candidates.offset[next]);
            self.candidates.place(next, self.start, self.network.rates());
            end
        };
        if watch.is_on() {
            self.decide_near::<R, true>(end, watch, record);
        } else {
            self.decide_near::<R, false>(end, watch, record);
        }
    }

    /// Whether candidate `j`, beyond the horizon, spikes. Without a spike the frame has to stay: it
    /// remembers the state at the last one.
    fn far_candidate_spikes(&self, j: usize) -> bool {
        let decay = self.candidates.decay.at(j);
        let potential = self.network.potential(self.candidates.neuron[j] as usize, &decay);
        self.candidates.threshold[j] < self.model.rate().at(potential)
    }

    /// The kernel's loop.
    fn decide_near<R: Listener, const WATCH: bool>(
        &mut self,
        end: usize,
        watch: &mut ExitWatch,
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
    /// now: a current too strong for the bound lifts them until its limit.
    fn peak(&self) -> Option<Decay> {
        let is_now = self.network.resting_potential() <= self.candidates.bound.top;
        if is_now {
            return None;
        }
        Some(self.network.rates().after(self.candidates.limit - self.frame))
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
}
