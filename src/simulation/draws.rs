//! All that is random: a Poisson process of rate one whose points carry a neuron and a mark.
//!
//! The draws know nothing of the network. A bound B makes candidates of them by saying how fast their
//! own time runs: N·B times as fast as the simulation's, so that candidates come at rate N·B. Whenever
//! the past asks for another bound, the speed changes and the points still to come stay as they are: a
//! Poisson process seen through a speed that depends on its past alone has that speed as its rate.
//! Nothing is dropped, not even the wait that a new bound or a new current finds half over.
//!
//! The order of the words of the stream: one or (very rarely) more for a block's fraction, then for
//! each point a word for neuron and mark and one or more for the wait.

use rand::Rng;

use crate::network::decay::BLOCK;
use crate::stream::ziggurat::exponential;
use crate::stream::{Stream, below, unit_from};

/// A block of points.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    /// Times since the last point of the block before, where they come at rate one.
    pub(crate) arrival: [f64; BLOCK],
    /// Uniform below N.
    pub(crate) neuron: [u32; BLOCK],
    /// Uniform on the multiples of 2^−53 in [0, 1).
    pub(crate) mark: [f64; BLOCK],
}

impl Points {
    const NONE: Self = Self { arrival: [0.0; BLOCK], neuron: [0; BLOCK], mark: [0.0; BLOCK] };

    /// Draws a whole block for `n` neurons.
    ///
    /// word·n + fraction is uniform on the whole numbers below n·2^64, since word is uniform below 2^64
    /// and fraction uniform below n. So its high half is a neuron, its low half a mark, both uniform and independent
    /// of each other, without a remainder. The points of a block share the fraction: given it, a chance
    /// is off by n·2^−64 at most, on average by nothing, so two of them are dependent by the square of
    /// that, less than 2^−64.
    fn draw(&mut self, stream: &mut Stream, n: u32) {
        let fraction = u128::from(below(stream, n));
        let mut arrival = 0.0;
        for j in 0..BLOCK {
            let pick = u128::from(stream.next_u64()) * u128::from(n) + fraction;
            self.neuron[j] = (pick >> 64) as u32;
            self.mark[j] = unit_from(pick as u64);
            arrival += exponential(stream);
            self.arrival[j] = arrival;
        }
    }
}

/// The block in use, and the next one where memory has to be fetched ahead.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    n: u32,
    /// The stream before each block, and after what is drawn.
    before: [Stream; 2],
    stream: Stream,
    points: [Points; 2],
    /// Which block is in use.
    now: usize,
    /// Blocks drawn and not yet used up.
    drawn: usize,
}

/// Up to this size a network stays in the processor's nearer memory by itself.
const NEAR: u32 = 4096;

impl Draws {
    /// Nothing is drawn before it is asked for.
    pub(crate) fn new(stream: Stream, n: u32) -> Self {
        Self {
            n,
            before: [stream.clone(), stream.clone()],
            stream,
            points: [Points::NONE; 2],
            now: 0,
            drawn: 0,
        }
    }

    /// The number of neurons.
    pub(crate) fn n(&self) -> u32 {
        self.n
    }

    /// The block in use.
    #[inline(always)]
    pub(crate) fn points(&self) -> &Points {
        &self.points[self.now]
    }

    /// The neurons to fetch while the block in use is decided.
    #[inline(always)]
    pub(crate) fn neurons_ahead(&self) -> &[u32; BLOCK] {
        &self.points[if self.drawn == 2 { 1 - self.now } else { self.now }].neuron
    }

    /// Goes on to the next block.
    pub(crate) fn turn(&mut self) {
        if self.drawn < 2 {
            self.draw_into(self.now);
        } else {
            self.now = 1 - self.now;
        }
        self.drawn = 1;
        if self.n > NEAR {
            self.draw_into(1 - self.now);
            self.drawn = 2;
        }
    }

    fn draw_into(&mut self, which: usize) {
        self.before[which] = self.stream.clone();
        self.points[which].draw(&mut self.stream, self.n);
    }

    /// The stream from which the block in use was drawn, or will be if there is none.
    pub(crate) fn stream(&self) -> &Stream {
        if self.drawn == 0 { &self.stream } else { &self.before[self.now] }
    }

    /// The stream after all that is drawn.
    pub(crate) fn fresh_stream(&self) -> Stream {
        self.stream.clone()
    }

    /// Whether there is a block in use.
    pub(crate) fn have_begun(&self) -> bool {
        self.drawn > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::replicate;

    #[test]
    fn drawing_ahead_shows_in_no_point() {
        let n = NEAR + 1;
        let mut draws = Draws::new(replicate(&[1, 0, 0, 0], 0), n);
        let mut stream = replicate(&[1, 0, 0, 0], 0);
        for _ in 0..5 {
            draws.turn();
            let mut points = Points::NONE;
            let before = crate::stream::state_of(&stream);
            points.draw(&mut stream, n);
            assert_eq!(draws.points().arrival, points.arrival);
            assert_eq!(draws.points().neuron, points.neuron);
            assert_eq!(draws.points().mark, points.mark);
            assert_eq!(crate::stream::state_of(draws.stream()), before);
        }
    }

    #[test]
    fn neurons_and_marks_are_uniform_and_independent() {
        // Chi-square over 7 × 8 cells, at about five standard deviations.
        let (n, blocks) = (7, 10_000);
        let mut stream = replicate(&[2, 0, 0, 0], 0);
        let (mut points, mut count) = (Points::NONE, [[0.0; 8]; 7]);
        for _ in 0..blocks {
            points.draw(&mut stream, n);
            for j in 0..BLOCK {
                count[points.neuron[j] as usize][(8.0 * points.mark[j]) as usize] += 1.0;
            }
        }
        let expected = (blocks * BLOCK) as f64 / 56.0;
        let square = |c: &f64| (c - expected).powi(2) / expected;
        let chi_square: f64 = count.as_flattened().iter().map(square).sum();
        assert!((chi_square - 55.0).abs() < 5.0 * 110.0_f64.sqrt(), "{chi_square}");
    }
}
