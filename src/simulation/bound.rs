//! The bound of the rate that is in force. The past alone may choose it: draws that are not used yet are kept for the
//! next bound.

use super::Simulation;
use crate::exp::exp;
use crate::network::decay::Decay;

/// Fractions of the highest potential: where a bound is stale, and how wide its margin is at least.
const STALE: f64 = 0.8;
const LEAST_MARGIN: f64 = 0.01;

/// How much of a bound may be in vain, as a factor, and how many candidates may be.
const STEEP: f64 = 4.0;
const FEW: f64 = 16.0;

/// Spikes of one neuron in the faster time constant.
const BEYOND_MEASURE: f64 = (1_u64 << 30) as f64;

/// The rate's bound, and the shortcut that spares most evaluations of φ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// B holds while every potential is at most this …
    pub top: f64,
    /// … and until this absolute time.
    pub limit: f64,
    /// B ≥ φ on [0, top].
    pub rate: f64,
    /// A neuron at or above `low` spikes if its mark is below `sure`.
    pub low: f64,
    /// inf φ on [low, top], as a part of B.
    pub sure: f64,
    /// If the highest potential is below this, the next block gets a tighter bound …
    pub loose: f64,
    /// … and if it is below this, the block in use does so at once.
    pub stale: f64,
}

impl Bound {
    /// No candidate until the absolute time `limit`.
    pub(crate) fn silence(limit: f64) -> Self {
        Self { top: 0.0, limit, rate: 0.0, low: 0.0, sure: 0.0, loose: 0.0, stale: 0.0 }
    }
}

impl Simulation {
    /// Whether the bound in force may stay so, with `now` the highest potential.
    pub(super) fn bound_serves(&self, now: f64) -> bool {
        let bound = &self.candidates.bound;
        now >= bound.loose && self.reach(now, bound.limit) <= bound.top
    }

    /// A new bound, with `now` the highest potential and `edge` the next time at which the current
    /// changes.
    pub(super) fn new_bound(&self, now: f64, edge: f64, decay: &Decay) -> Bound {
        let limit = self.limit(now, edge);
        let reach = self.reach(now, limit);
        let least = self.model.rate().supremum(0.0, reach);
        if least == 0.0 {
            return Bound::silence(limit);
        }
        self.bound_until(limit, now, reach, least, decay)
    }

    /// The highest potential until `time`, were no spike to come: potentials tend to their level.
    fn reach(&self, now: f64, time: f64) -> f64 {
        let level = self.network.resting_potential();
        if level <= now {
            return now.max(self.ceiling);
        }
        let left = time - (self.frame + self.start);
        let then = level + (now - level) * exp(-self.network.rates().potential * left);
        now.max(then).max(self.ceiling)
    }

    /// Until when a bound is to hold: until the edge, but where a current lifts the rate steeply not
    /// so long that most of many candidates would be in vain.
    fn limit(&self, now: f64, edge: f64) -> f64 {
        if self.network.resting_potential() <= now {
            return edge;
        }
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

    /// The bound for a `reach`, where φ is up to `least`, until `limit`, and a margin: potentials may rise
    /// before it is worn out, by twice the standard deviation of as many typical spikes as it is expected to
    /// serve, or some part of the potential, but not so far that a steep rate makes the bound useless.
    fn bound_until(&self, limit: f64, now: f64, reach: f64, least: f64, decay: &Decay) -> Bound {
        let rate = self.model.rate();
        let spread = self.network.mean_jump(decay) * (self.candidates.stride as f64).sqrt();
        let mut margin = (2.0 * spread).max(LEAST_MARGIN * now);
        let mut highest = rate.supremum(0.0, reach + margin);
        for _ in 0..64 {
            if highest <= STEEP * least {
                break;
            }
            margin *= 0.5;
            highest = rate.supremum(0.0, reach + margin);
        }
        let (low, top) = (now - margin, reach + margin);
        let stale = STALE * now;
        Bound {
            top,
            limit,
            rate: highest,
            low,
            sure: rate.infimum(low, top) / highest,
            loose: stale.max(now - 0.5 * margin),
            stale,
        }
    }

    /// Whether infinitely many spikes are about to come: an unbounded rate has grown beyond all
    /// measure, and what spikes add outweighs decay for the potentials and for the calcium. Then the
    /// limit equation can only go on growing, for its right-hand side is cooperative.
    pub(super) fn explodes(&self, bound: &Bound, decay: &Decay) -> bool {
        let rates = self.network.rates();
        let n = self.network.n() as f64;
        let gain = self.network.mean_jump(decay) * n * bound.rate;
        let loss = rates.calcium * self.network.mean_calcium(decay);
        let runaway = !self.model.rate().is_bounded()
            && self.network.has_input()
            && bound.rate > BEYOND_MEASURE * rates.fastest()
            && gain > rates.potential * bound.top
            && bound.rate > loss;
        runaway || n * bound.rate == f64::INFINITY
    }
}
