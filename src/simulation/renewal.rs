//! What happens between blocks of candidates: edges of the stimulus, upkeep, a new bound, new draws.

use super::Simulation;
use crate::candidate::Bound;
use crate::decay::Decay;
use crate::mutant::{self, Defect};
use crate::watch::Watch;

/// What comes after a block of candidates.
pub(super) enum Next {
    Candidates,
    EdgeAfterGoal,
    Extinct,
    Explosion,
}

/// In units of the faster time constant: frames older than this are moved at the next block …
const OLD_FRAME: f64 = 64.0;
/// … and no spike happens further from its frame than this, so that no factor leaves its range.
const HORIZON: f64 = 200.0;

/// Fractions of the highest potential: where a bound is stale, and how wide its margin may be.
const STALE: f64 = 0.8;
const LEAST_MARGIN: f64 = 0.01;
const MOST_MARGIN: f64 = 0.5;

/// Spikes of one neuron in the faster time constant.
const BEYOND_MEASURE: f64 = (1_u64 << 40) as f64;

impl Simulation {
    /// Draws the next block, or passes the edge that ended the last one.
    pub(super) fn renew(&mut self, until: f64, watch: &mut Watch) -> Next {
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
        mutant::pass_edge();
        let late = if mutant::has(Defect::EdgeLate) { self.start } else { f64::NEG_INFINITY };
        self.start = late.max(time - self.frame);
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
    pub(super) fn move_frame(&mut self, offset: f64) {
        self.network.move_frame(&self.network.rates().after(offset));
        let frame = self.frame + offset;
        self.start = (self.frame - frame) + offset;
        self.frame = frame;
    }

    fn draw(&mut self, edge: f64) -> Next {
        let rate = self.model.rate();
        let decay = self.network.rates().after(self.start);
        let now = self.network.highest_potential(&decay).max(0.0);
        // Between spikes potentials tend to their level, and an edge may come before they are there.
        let reach = now.max(self.potential_before(edge, now)).max(self.ceiling);
        let early = mutant::has(Defect::ExtinctEarly) && rate.supremum(0.0, reach) < 1e-6;
        if rate.supremum(0.0, reach) == 0.0 || early {
            self.candidates.wait_for_edge();
            return if edge < f64::INFINITY { Next::Candidates } else { Next::Extinct };
        }
        let margin = self.margin(now, &decay);
        let bound = Bound::new(rate, now - margin, reach + margin, STALE * now);
        let n = self.network.n() as u32;
        if f64::from(n) * bound.rate == f64::INFINITY || self.explodes(&bound, &decay) {
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

    /// Whether infinitely many spikes are about to come: an unbounded rate has grown beyond all
    /// measure, and what spikes add to the potentials outweighs their decay, so it goes on growing.
    fn explodes(&self, bound: &Bound, decay: &Decay) -> bool {
        let rates = self.network.rates();
        let gain = self.network.mean_jump(decay) * self.network.n() as f64 * bound.rate;
        !self.model.rate().is_bounded()
            && self.network.has_input()
            && bound.rate > BEYOND_MEASURE * rates.fastest()
            && gain > rates.potential * bound.top
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

    pub(super) fn horizon(&self) -> f64 {
        HORIZON / self.network.rates().fastest()
    }
}
