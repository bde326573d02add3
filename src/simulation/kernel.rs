//! The loop that decides candidates: all that is done per spike is done here.

use super::Simulation;
use crate::network::decay::BLOCK;
use crate::rate::Rate;
use crate::simulation::listener::Listener;

impl Simulation {
    /// Decides the candidates before `end`, none of them beyond the horizon, or fewer if the bound breaks.
    ///
    /// Potentials are compared as heights above the resting level in the scaled frame.
    pub(super) fn decide<R: Listener>(&mut self, end: usize, record: &mut R) {
        assert!(end <= BLOCK);
        let peak = self.peak();
        let Self { model, network, candidates, last_event, .. } = self;
        let (rate, bound, level, lead) =
            (model.rate(), candidates.bound, network.level, network.lead);
        let (low, top, stale) = (bound.low - level, bound.top - level, bound.stale - level);
        let (points, ahead) = (candidates.draws.points(), candidates.draws.neurons_ahead());
        let (decay, time) = (&candidates.decay, &candidates.time);
        let mut flight = network.take_off();
        let (mut j, mut spikes, mut broken) = (candidates.next, 0, false);
        // Spikes are told in runs without a rejection between them: that costs less than one by one.
        let mut heard = j;
        while j < end && !broken {
            let (neuron, mark, growth) =
                (points.neuron[j], points.mark[j], decay.potential_growth[j]);
            flight.prefetch(ahead[j] as usize);
            let height = flight.height(neuron as usize);
            debug_assert!(height <= (top + 1e-12 * bound.top + f64::MIN_POSITIVE) * growth);
            record.candidate(time[j], neuron, mark * bound.rate, bound.rate);
            let sure = mark < bound.sure && height >= low * growth;
            let potential = level + decay.potential[j] * height;
            if sure || exceeds(rate, mark * bound.rate, potential) {
                flight.spike(neuron as usize, decay, j);
                let highest = if growth < peak { peak } else { growth };
                broken = flight.field + lead > top * highest;
            } else {
                spikes += tell(record, &time[heard..j], &points.neuron[heard..j], last_event);
                heard = j + 1;
                broken = flight.field + lead < stale * growth;
            }
            j += 1;
        }
        spikes += tell(record, &time[heard..j], &points.neuron[heard..j], last_event);
        let ending = flight.ending();
        network.land(ending);
        self.account(j, spikes, broken);
    }

    /// The growth factor of the potentials at the bound's limit, if a current lifts them until then and
    /// no spike comes before; 0 if they are highest now.
    fn peak(&self) -> f64 {
        let bound = &self.candidates.bound;
        let is_now = self.network.resting_potential() <= bound.top;
        if is_now {
            return 0.0;
        }
        self.network.rates().after(bound.limit - self.frame).potential_growth
    }

    /// Notes that the candidates before `j` are used, with so many spikes.
    pub(super) fn account(&mut self, j: usize, spikes: u64, broken: bool) {
        let candidates = &mut self.candidates;
        self.proposals += (j - candidates.next) as u64;
        self.spikes += spikes;
        self.fresh_spikes += spikes;
        self.start = candidates.offset[j - 1];
        candidates.use_up(j);
        if broken {
            candidates.break_bound();
        }
    }
}

/// Tells a run of spikes; returns how many they are.
#[inline(always)]
fn tell<R: Listener>(record: &mut R, times: &[f64], neurons: &[u32], last_event: &mut f64) -> u64 {
    record.spikes(times, neurons);
    if let Some(&last) = times.last() {
        *last_event = last;
    }
    times.len() as u64
}

/// Whether the rate exceeds a candidate's threshold; apart from the loop, which needs its registers.
#[inline(never)]
fn exceeds(rate: &Rate, threshold: f64, potential: f64) -> bool {
    rate.exceeds(threshold, potential)
}
