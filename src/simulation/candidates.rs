//! Who may spike next and when: the draws in the time of the simulation, a stretch at a time.
//!
//! Candidates come at rate N·B with B ≥ φ at every potential. Each names a neuron uniformly and
//! carries a mark z uniform on [0, 1): the neuron spikes if z·B is below its rate.

use crate::network::decay::{BLOCK, BlockDecay, DecayRates};
use crate::simulation::bound::Bound;
use crate::simulation::draws::{Draws, Points};
use crate::stream::Stream;

/// The fewest candidates that are laid out together.
const FEWEST: usize = 4;

/// Where a stretch begins, from which all its numbers follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Origin {
    /// Its first candidate.
    pub(crate) first: usize,
    /// Since the frame's reference time, where the draws' own time is `passed`.
    pub(crate) start: f64,
    pub(crate) passed: f64,
}

/// A stretch of candidates under one bound, some of them already decided.
#[derive(Clone, Debug)]
pub struct Candidates {
    pub(crate) draws: Draws,
    pub(crate) bound: Bound,
    /// Whether the bound serves no more.
    pub(crate) broken: bool,
    /// Of the draws' block, `next..len` are laid out and still to come.
    pub(crate) next: usize,
    pub(crate) len: usize,
    /// Whether the bound's limit comes before the candidate after those.
    pub(crate) before_limit: bool,
    /// How many to lay out next time: fewer where bounds break early.
    pub(crate) stride: usize,
    /// Candidates decided under this bound.
    pub(crate) served: usize,
    /// How far the draws' own time was where the next stretch begins.
    pub(crate) passed: f64,
    pub(crate) origin: Origin,
    /// Since the frame's reference time.
    pub(crate) offset: [f64; BLOCK],
    /// Absolute.
    pub(crate) time: [f64; BLOCK],
    pub(crate) decay: BlockDecay,
}

impl Candidates {
    /// No candidates yet, for `n` neurons.
    pub fn new(stream: Stream, n: u32) -> Self {
        Self {
            draws: Draws::new(stream, n),
            bound: Bound::silence(f64::INFINITY),
            broken: true,
            next: BLOCK,
            len: BLOCK,
            before_limit: false,
            stride: BLOCK,
            served: 0,
            passed: 0.0,
            origin: Origin { first: BLOCK, start: 0.0, passed: 0.0 },
            offset: [0.0; BLOCK],
            time: [0.0; BLOCK],
            decay: BlockDecay::new(),
        }
    }

    /// Neurons and marks.
    #[inline(always)]
    pub(crate) fn points(&self) -> &Points {
        self.draws.points()
    }

    /// Whether none is laid out any more.
    pub fn is_spent(&self) -> bool {
        self.next == self.len
    }

    /// Candidate `j`'s threshold z·B.
    pub(crate) fn threshold(&self, j: usize) -> f64 {
        self.points().mark[j] * self.bound.rate
    }

    /// Notes that the candidates before `j` are decided.
    pub(crate) fn use_up(&mut self, j: usize) {
        self.served += j - self.next;
        self.next = j;
        self.passed = self.points().arrival[j - 1];
    }

    /// From here on another bound is needed. How long this one served tells how long to expect the next
    /// one to: the past alone may do so, for the draws that are left serve on.
    pub(crate) fn break_bound(&mut self) {
        self.stride = self.served.clamp(FEWEST, BLOCK);
        self.drop_bound();
    }

    /// The same, whatever the reason.
    pub(crate) fn drop_bound(&mut self) {
        self.broken = true;
        self.len = self.next;
        // The limit belongs to the bound.
        self.before_limit = false;
    }

    /// Lets the draws' time run for a time `duration` without a candidate, under the bound in force.
    pub(crate) fn pass(&mut self, duration: f64) {
        let n = f64::from(self.draws.n());
        let rest = if self.next < BLOCK { self.points().arrival[self.next] } else { self.passed };
        // It can't pass the next draw, whatever rounding says.
        self.passed = (self.passed + duration.max(0.0) * (n * self.bound.rate)).min(rest);
    }

    /// Puts `bound` into force.
    pub(crate) fn hold(&mut self, bound: Bound) {
        (self.bound, self.broken, self.served) = (bound, false, 0);
    }

    /// No candidate until the absolute time `limit`.
    pub(crate) fn wait_for(&mut self, limit: f64) {
        self.bound = Bound::silence(limit);
        self.broken = true;
        self.len = self.next;
        self.before_limit = true;
    }

    /// Lays out the next stretch from `start` (since the reference time `frame`).
    ///
    /// Candidates at or after the bound's limit are left out, and so are those after the first beyond
    /// `horizon` (since `frame`): decay factors must stay in range.
    pub(crate) fn lay_out(&mut self, rates: DecayRates, frame: f64, start: f64, horizon: f64) {
        if self.next == BLOCK {
            self.draws.turn();
            (self.next, self.passed) = (0, 0.0);
        }
        let (first, past) = (self.next, BLOCK.min(self.next + self.stride));
        self.stride = (2 * self.stride).min(BLOCK);
        self.origin = Origin { first, start, passed: self.passed };
        self.place(frame, past);
        // So only the last may be beyond the horizon.
        let inside = first + self.offset[first..past].partition_point(|&x| x <= horizon);
        let past = past.min(inside + 1);
        let limit = self.bound.limit;
        self.len = first + self.time[first..past].partition_point(|&t| t < limit);
        self.before_limit = self.len < past;
        self.fill(rates, horizon);
    }

    /// The stretch up to `len` as it was laid out.
    pub(crate) fn lay_out_again(&mut self, rates: DecayRates, frame: f64, horizon: f64) {
        self.place(frame, self.len);
        self.fill(rates, horizon);
    }

    /// The times of the candidates before `past`.
    fn place(&mut self, frame: f64, past: usize) {
        let Origin { first, start, passed } = self.origin;
        let scale = 1.0 / (f64::from(self.draws.n()) * self.bound.rate);
        let arrival = &self.draws.points().arrival[first..past];
        let (offset, time) = (&mut self.offset[first..past], &mut self.time[first..past]);
        for ((offset, time), arrival) in offset.iter_mut().zip(time).zip(arrival) {
            *offset = start + (arrival - passed) * scale;
            *time = frame + *offset;
        }
    }

    /// The decay factors of those that are laid out.
    fn fill(&mut self, rates: DecayRates, horizon: f64) {
        let (first, len) = (self.origin.first, self.len);
        let mut near = len;
        if len > first && self.offset[len - 1] > horizon {
            near -= 1;
            self.decay.set(near, rates.after(self.offset[near]));
        }
        self.decay.fill(rates, &self.offset, first, near);
    }

    /// Candidate `j` is at `offset` of a frame that has moved.
    pub(crate) fn move_to(&mut self, j: usize, offset: f64, rates: DecayRates) {
        self.offset[j] = offset;
        self.decay.set(j, rates.after(offset));
    }

    /// The end of the range of candidates not later than `until`.
    pub fn until(&self, until: f64) -> usize {
        let times = &self.time[self.next..self.len];
        match times.last() {
            Some(&last) if last > until => self.next + times.partition_point(|&t| t <= until),
            _ => self.len,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::replicate;

    fn bound(rate: f64, limit: f64) -> Bound {
        Bound { rate, ..Bound::silence(limit) }
    }

    fn laid_out(rate: f64, limit: f64) -> Candidates {
        let mut candidates = Candidates::new(replicate(&[1, 0, 0, 0], 0), 10);
        candidates.hold(bound(rate, limit));
        candidates.lay_out(RATES, 0.0, 0.0, f64::INFINITY);
        candidates
    }

    const RATES: DecayRates = DecayRates { potential: 1.0, calcium: 0.1 };

    #[test]
    fn what_is_left_until_the_limit_goes_with_the_bound() {
        let mut candidates = laid_out(1.0, 3.0);
        assert!(candidates.before_limit);
        candidates.use_up(candidates.len);
        candidates.break_bound();
        assert!(!candidates.before_limit && candidates.is_spent());
    }

    #[test]
    fn a_new_speed_keeps_the_draws_that_are_left() {
        let slow = laid_out(1.0, f64::INFINITY);
        let mut fast = slow.clone();
        fast.use_up(20);
        fast.break_bound();
        fast.hold(bound(2.0, f64::INFINITY));
        fast.lay_out(RATES, 0.0, slow.offset[19], f64::INFINITY);
        assert_eq!((fast.next, fast.len), (20, 40));
        for j in 20..40 {
            let (before, after) = (slow.time[j] - slow.time[19], fast.time[j] - slow.time[19]);
            assert!((after - 0.5 * before).abs() < 1e-13);
        }
        assert_eq!(fast.points().neuron, slow.points().neuron);
    }

    #[test]
    fn a_wait_that_a_limit_cuts_goes_on_where_it_was() {
        let whole = laid_out(1.0, f64::INFINITY);
        let middle = 0.3 * whole.time[4] + 0.7 * whole.time[5];
        let mut cut = laid_out(1.0, middle);
        assert_eq!((cut.len, cut.before_limit), (5, true));
        cut.use_up(5);
        cut.pass(middle - whole.time[4]);
        cut.hold(bound(4.0, f64::INFINITY));
        cut.lay_out(RATES, 0.0, middle, f64::INFINITY);
        assert!((cut.time[5] - middle - 0.25 * (whole.time[5] - middle)).abs() < 1e-13);
    }
}
