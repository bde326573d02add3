//! Which candidates may be decided in one go, and which one by one.

use super::Simulation;
use crate::simulation::exit_watch::ExitWatch;
use crate::simulation::listener::Listener;

impl Simulation {
    /// Decides candidates before `end`, at least one unless the region is left.
    pub(super) fn decide_some<R: Listener>(
        &mut self,
        end: usize,
        watch: &mut ExitWatch,
        record: &mut R,
    ) {
        let candidates = &self.candidates;
        let next = candidates.next;
        // Only the last may be beyond the horizon.
        let near = if self.is_far(end - 1) { end - 1 } else { end };
        let safe = watch.holds_until(&self.network, &candidates.decay, next, near);
        if safe == next {
            return self.decide_one(watch, record);
        }
        self.decide(safe, record);
        watch.held_until(self.candidates.time[self.candidates.next - 1]);
    }

    /// Decides one candidate, wherever it is, and whatever it does to the region.
    fn decide_one<R: Listener>(&mut self, watch: &mut ExitWatch, record: &mut R) {
        let j = self.candidates.next;
        let (time, decay, far) =
            (self.candidates.time[j], self.candidates.decay.at(j), self.is_far(j));
        if self.will_spike(j) {
            // Before anything moves: if the region is left on the way, the state is that of then.
            if watch.leaves_before(&self.network, self.frame, &decay, time) {
                return;
            }
            if far {
                self.move_frame(self.candidates.offset[j]);
                self.candidates.move_to(j, self.start, self.network.rates());
            }
            self.decide(j + 1, record);
            watch.jumps_out(&self.network, &self.candidates.decay.at(j), time);
        } else if far {
            // Without a spike the frame has to stay: it remembers the state at the last one.
            let (candidates, neuron) = (&self.candidates, self.candidates.points().neuron[j]);
            record.candidate(time, neuron, candidates.threshold(j), candidates.bound.rate);
            self.account(j + 1, 0, false);
        } else {
            self.decide(j + 1, record);
        }
    }

    /// Whether candidate `j` spikes if none before it does.
    pub(super) fn will_spike(&self, j: usize) -> bool {
        let (candidates, neuron) = (&self.candidates, self.candidates.points().neuron[j]);
        let potential = self.network.potential(neuron as usize, &candidates.decay.at(j));
        self.model.rate().exceeds(candidates.threshold(j), potential)
    }

    fn is_far(&self, j: usize) -> bool {
        self.candidates.offset[j] > self.horizon()
    }
}
