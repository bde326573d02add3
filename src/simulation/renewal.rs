//! What happens between blocks of candidates: edges of the stimulus, upkeep, a new bound, new draws.

use super::Simulation;
use crate::network::decay::Decay;
use crate::simulation::candidates::Bound;
use crate::simulation::exit_watch::ExitWatch;

/// What comes after a block of candidates.
pub(super) enum Next {
    Candidates,
    LimitAfterGoal,
    Extinct,
    Explosion,
}

/// In units of the faster time constant: frames older than this are moved at the next block …
const OLD_FRAME: f64 = 64.0;
/// … and no spike happens further from its frame than this, so that no factor leaves its range.
const HORIZON: f64 = 200.0;

/// Fractions of the highest potential: where a bound is stale, and how wide its margin is at least.
const STALE: f64 = 0.8;
const LEAST_MARGIN: f64 = 0.01;

/// How much of a bound may be in vain, as a factor, and how many candidates may be.
const STEEP: f64 = 4.0;
const FEW: f64 = 16.0;

/// When the frame moves, so many neurons are visited in the time of a candidate.
const CELLS_PER_CANDIDATE: u64 = 8;

/// Spikes of one neuron in the faster time constant.
const BEYOND_MEASURE: f64 = (1_u64 << 30) as f64;

impl Simulation {
    /// Draws the next block, or passes the limit that ended the last one.
    pub(super) fn renew(&mut self, until: f64, watch: &mut ExitWatch) -> Next {
        let limit = self.candidates.limit;
        if !self.candidates.before_limit || limit == f64::INFINITY {
            self.refresh();
            return self.draw();
        }
        if limit > until {
            return Next::LimitAfterGoal;
        }
        let decay = self.network.rates().after(limit - self.frame);
        if !watch.leaves_before(&self.network, self.frame, &decay, limit) {
            self.candidates.before_limit = false;
            match self.edge() {
                Some((time, current)) if time == limit => self.pass_edge(time, current),
                _ => self.start = limit - self.frame,
            }
        }
        Next::Candidates
    }

    /// The next edge of the stimulus, with the current from then on.
    fn edge(&self) -> Option<(f64, f64)> {
        self.stimulus.edges().get(self.edges).copied()
    }

    fn pass_edge(&mut self, time: f64, current: f64) {
        self.start = time - self.frame;
        let decay = self.network.rates().after(self.start);
        // After a long silence the factors are out of range: then everything has decayed anyway.
        if self.start * self.network.rates().fastest() > HORIZON {
            self.move_frame(self.start);
            self.network.set_current(current, &self.network.rates().after(self.start));
        } else {
            self.network.set_current(current, &decay);
        }
        self.edges += 1;
        self.last_event = time;
    }

    /// Keeps the frame young and the largest potential known.
    ///
    /// Only the time of an event may become the reference time: until the next event the network is
    /// as of the last one, and an exit by decay, or the state of a network that has died, is found
    /// from there, however long ago that is.
    pub(super) fn refresh(&mut self) {
        let at_event = self.frame + self.start == self.last_event;
        let is_old = self.start * self.network.rates().fastest() > OLD_FRAME;
        if self.fresh_spikes > 0 && at_event && is_old {
            self.move_frame(self.start);
        }
        self.network.renew_lead(std::mem::take(&mut self.fresh_spikes));
    }

    /// Makes `offset` the reference time, without losing the digits that the sum rounds off.
    pub(super) fn move_frame(&mut self, offset: f64) {
        let rates = self.network.rates();
        let frame = self.frame + offset;
        let rest = (self.frame - frame) + offset;
        // Where doubles are further apart than the time constants nothing is lost with it.
        let rest = if rest.abs() * rates.fastest() < 1.0 { rest } else { 0.0 };
        self.network.move_frame(&rates.after(offset - rest));
        (self.frame, self.start) = (frame, rest);
        self.upkeep += self.network.n() as u64 / CELLS_PER_CANDIDATE;
    }

    fn draw(&mut self) -> Next {
        let rate = self.model.rate();
        let decay = self.network.rates().after(self.start);
        let now = self.network.highest_potential(&decay).max(0.0);
        let edge = self.edge().map_or(f64::INFINITY, |(time, _)| time);
        let highest = rate.supremum(0.0, self.reach(now, edge));
        if highest == 0.0 {
            self.candidates.wait_for(edge);
            return if edge < f64::INFINITY { Next::Candidates } else { Next::Extinct };
        }
        let limit = self.limit(now, edge);
        let bound = self.bound(now, self.reach(now, limit), &decay);
        let n = self.network.n() as u32;
        if f64::from(n) * bound.rate == f64::INFINITY || self.explodes(&bound, &decay) {
            return Next::Explosion;
        }
        let (rates, horizon) = (self.network.rates(), self.horizon());
        let (frame, start) = (self.frame, self.start);
        self.candidates.draw(&mut self.stream, n, bound, rates, frame, start, limit, horizon);
        self.prefetch();
        // Only a wait without end is later than a limit that never comes.
        if self.candidates.before_limit && limit == f64::INFINITY {
            return Next::Extinct;
        }
        Next::Candidates
    }

    /// The highest potential until `time`, were no spike to come: potentials tend to their level.
    fn reach(&self, now: f64, time: f64) -> f64 {
        let level = self.network.resting_potential();
        let left = time - (self.frame + self.start);
        let then = level + (now - level) * (-self.network.rates().potential * left).exp();
        now.max(then).max(self.ceiling)
    }

    /// Until when a bound is to hold: until the edge, but where a current lifts the rate steeply not
    /// so long that most of many candidates would be in vain.
    fn limit(&self, now: f64, edge: f64) -> f64 {
        let (time, n) = (self.frame + self.start, self.network.n() as f64);
        let highest = |limit: f64| self.model.rate().supremum(0.0, self.reach(now, limit));
        let enough = STEEP * highest(time);
        let mut limit = edge;
        let mut left = self.network.rates().potential.recip().min(edge - time);
        for _ in 0..64 {
            let good = highest(limit) <= enough || n * highest(limit) * (limit - time) <= FEW;
            if good || time + left <= time {
                break;
            }
            limit = time + left;
            left *= 0.5;
        }
        limit
    }

    /// The bound for potentials up to `reach` and a margin: they may rise before the block is spent,
    /// by twice the standard deviation of that many typical spikes, or some part of the potential,
    /// but not so far that a steep rate makes the bound useless.
    fn bound(&self, now: f64, reach: f64, decay: &Decay) -> Bound {
        let rate = self.model.rate();
        let spread = self.network.mean_jump(decay) * (self.candidates.stride as f64).sqrt();
        let mut margin = (2.0 * spread).max(LEAST_MARGIN * now);
        let enough = STEEP * rate.supremum(0.0, reach);
        for _ in 0..64 {
            if rate.supremum(0.0, reach + margin) <= enough {
                break;
            }
            margin *= 0.5;
        }
        Bound::new(rate, now - margin, reach + margin, STALE * now)
    }

    /// Whether infinitely many spikes are about to come: an unbounded rate has grown beyond all
    /// measure, and what spikes add outweighs decay for the potentials and for the calcium. Then the
    /// limit equation can only go on growing, for its right-hand side is cooperative.
    fn explodes(&self, bound: &Bound, decay: &Decay) -> bool {
        let rates = self.network.rates();
        let gain = self.network.mean_jump(decay) * self.network.n() as f64 * bound.rate;
        let loss = rates.calcium * self.network.mean_calcium(decay);
        !self.model.rate().is_bounded()
            && self.network.has_input()
            && bound.rate > BEYOND_MEASURE * rates.fastest()
            && gain > rates.potential * bound.top
            && bound.rate > loss
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
