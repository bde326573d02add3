//! Who may spike next and when: candidates of a Poisson process of rate N·B, drawn a block at a time.
//!
//! Candidates come at rate N·B with B ≥ φ at every potential; each names a neuron uniformly and
//! carries a threshold z·B, z uniform on [0, 1): the neuron spikes if the threshold is below its
//! rate. By the memoryless property a bound may stay in force for many candidates, and what is left
//! of a block may be dropped at any time that the past decides, for it is independent of the past.

use rand_distr::{Distribution, Exp1};

use crate::network::decay::{BLOCK, BlockDecay, DecayRates};
use crate::rate::Rate;
use crate::stream::{Stream, below, unit};

/// The fewest candidates that are drawn together.
const FEWEST: usize = 4;

/// The rate's bound while a block is in force, and the shortcut that spares most evaluations of φ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// B holds while every potential is at most this.
    pub top: f64,
    /// B ≥ φ on [0, top].
    pub rate: f64,
    /// A neuron at or above `low` spikes if its threshold is below `sure`.
    pub low: f64,
    /// inf φ on [low, top].
    pub sure: f64,
    /// Below it B is so loose that a new one pays.
    pub stale: f64,
}

impl Bound {
    /// The bound for potentials up to `top`, expected between `low` and `top`.
    pub fn new(rate: &Rate, low: f64, top: f64, stale: f64) -> Self {
        Self { top, rate: rate.supremum(0.0, top), low, sure: rate.infimum(low, top), stale }
    }
}

/// A block of candidates, some of them already used.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidates {
    pub(crate) bound: Bound,
    /// Candidates `next..len` are still to come.
    pub(crate) next: usize,
    pub(crate) len: usize,
    /// The absolute time until which the bound holds.
    pub(crate) limit: f64,
    /// Whether the block was cut short by its limit, which is what comes after it.
    pub(crate) before_limit: bool,
    /// How many to draw next time: fewer where bounds break early.
    pub(crate) stride: usize,
    /// Since the frame's reference time.
    pub(crate) offset: [f64; BLOCK],
    /// Absolute.
    pub(crate) time: [f64; BLOCK],
    pub(crate) neuron: [u32; BLOCK],
    pub(crate) threshold: [f64; BLOCK],
    pub(crate) decay: BlockDecay,
}

impl Candidates {
    /// No candidates yet.
    pub fn none() -> Self {
        let bound = Bound { top: 0.0, rate: 0.0, low: 0.0, sure: 0.0, stale: 0.0 };
        Self {
            bound,
            next: 0,
            len: 0,
            limit: f64::INFINITY,
            before_limit: false,
            stride: BLOCK,
            offset: [0.0; BLOCK],
            time: [0.0; BLOCK],
            neuron: [0; BLOCK],
            threshold: [0.0; BLOCK],
            decay: BlockDecay::new(),
        }
    }

    /// Whether none is left.
    pub fn is_spent(&self) -> bool {
        self.next == self.len
    }

    /// Forgets those that are left; the next block is drawn as long as this one lasted. That looks at
    /// how many were left, which is harmless: they choose the next bound, and serve for nothing else.
    pub fn drop_rest(&mut self) {
        if self.next < self.len {
            self.stride = self.next.clamp(FEWEST, BLOCK);
        }
        // Also after the last one before an edge: the time that is left until there belongs to the rest.
        self.before_limit = false;
        self.len = self.next;
    }

    /// Draws a block for `n` neurons from `start` (since the reference time `frame`).
    ///
    /// Candidates at or after the absolute time `limit` are left out, and so are those after the
    /// first beyond `horizon` (since `frame`): decay factors must stay in range.
    #[expect(clippy::too_many_arguments, reason = "plain numbers of the caller's state")]
    pub fn draw(
        &mut self,
        stream: &mut Stream,
        n: u32,
        bound: Bound,
        rates: DecayRates,
        frame: f64,
        start: f64,
        limit: f64,
        horizon: f64,
    ) {
        self.bound = bound;
        self.limit = limit;
        let count = self.stride;
        self.stride = (2 * count).min(BLOCK);
        for neuron in &mut self.neuron[..count] {
            *neuron = below(stream, n);
        }
        let scale = 1.0 / (f64::from(n) * bound.rate);
        let mut gap = [0.0; BLOCK];
        let mut elapsed = 0.0;
        for gap in &mut gap[..count] {
            let wait: f64 = Exp1.sample(stream);
            elapsed += wait * scale;
            *gap = elapsed;
        }
        for threshold in &mut self.threshold[..count] {
            *threshold = unit(stream) * bound.rate;
        }
        self.offset = gap.map(|gap| start + gap);
        self.time = self.offset.map(|offset| frame + offset);
        // So only the last of a block may be beyond the horizon.
        let inside = self.offset[..count].partition_point(|&x| x <= horizon);
        let count = count.min(inside + 1);
        self.len = self.time[..count].partition_point(|&t| t < limit);
        self.before_limit = self.len < count;
        self.next = 0;
        let last = if self.len == 0 { 0.0 } else { gap[self.len - 1] };
        gap[self.len..].fill(last);
        self.decay.fill(rates, start, &gap, self.len);
    }

    /// No candidate until the absolute time `limit`.
    pub fn wait_for(&mut self, limit: f64) {
        self.limit = limit;
        self.len = self.next;
        self.before_limit = true;
    }

    /// Candidate `j` is at `offset` of a frame that has moved.
    pub(crate) fn place(&mut self, j: usize, offset: f64, rates: DecayRates) {
        self.offset[j] = offset;
        self.decay.set(j, rates.after(offset));
    }

    /// The end of the range of candidates not later than `until`.
    pub fn until(&self, until: f64) -> usize {
        self.next + self.time[self.next..self.len].partition_point(|&t| t <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_until_an_edge_is_dropped_too() {
        let mut block = Candidates { next: 2, len: 2, before_limit: true, ..Candidates::none() };
        block.drop_rest();
        assert!(!block.before_limit && block.is_spent());
    }
}
