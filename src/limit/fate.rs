//! The fate of one orbit: the equilibrium that it reaches, or growth without bound.
//!
//! A failure is never told as a fate. An orbit has arrived where it is nearer to a stable equilibrium than a thousandth
//! of the distance to the next one, each coordinate on its own scale. It grows without bound where the rate is nondecreasing
//! and unbounded, both coordinates rise, and no equilibrium lies above it: the flow is cooperative, so
//! that they rise for ever. Anything else is an error. The explicit method takes the ordinary orbits; stiff ones,
//! and slow ones past a fold, go on with a stiff method.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::dop853::{Options, Solution, integrate};
use crate::limit::LimitError;
use crate::limit::approach::Modes;
use crate::limit::equilibria::{Equilibrium, Kind};
use crate::limit::plane_flow::PlaneFlow;
use crate::limit::rosenbrock::{Accuracy, follow};

/// How near to a stable equilibrium an orbit has arrived, in parts of the distance to the next equilibrium.
const ARRIVED: f64 = 1e-3;

/// The same for a fold in a corner of the rate.
const AT_CORNER: f64 = 1e-6;

/// The same for a smooth fold, to which orbits draw near like 1/t only, after so many slower decays.
const NEAR_FOLD: f64 = 1e-2;
const LONG: f64 = 1e4;

const RELATIVE: f64 = 1e-8;

/// What counts as 0, in parts of the smallest coordinate in question.
const NOTHING: f64 = 1e-2;

/// Steps of the explicit method before the stiff one takes over, and steps of that.
const EXPLICIT_STEPS: usize = 2000;
const STIFF_STEPS: usize = 100_000;

/// How long an orbit is followed, in units of the slower decay.
const LONGEST: f64 = 1e7;

/// The flow and its equilibria.
pub(crate) struct Map<'a> {
    pub(crate) flow: &'a PlaneFlow<'a>,
    pub(crate) equilibria: &'a [Equilibrium],
}

impl Map<'_> {
    /// The index of the equilibrium that the orbit from `start` reaches; −1 where it grows without bound.
    ///
    /// # Errors
    /// If it reaches nothing in a time of 10⁷ slower decays, can't be followed, or was `stopped`.
    pub(crate) fn destination(
        &self,
        start: (f64, f64),
        stopped: &AtomicBool,
    ) -> Result<i64, LimitError> {
        let start = [start.0, start.1];
        let mut most = start;
        let mut fate = self.fate(start, most);
        let slower = self.flow.model.lam().min(self.flow.model.beta());
        let mut look = |t: f64, y: [f64; 2]| {
            most = [most[0].max(y[0]), most[1].max(y[1])];
            fate = self.fate(y, most);
            if fate.is_none() && t * slower > LONG {
                fate = self.creeps_to_fold(y);
            }
            fate.is_some() || stopped.load(Ordering::Relaxed)
        };
        if look(0.0, start) {
            return fate.ok_or(LimitError::Stopped);
        }
        let least = self.least(start);
        let mut path = Solution::new(0.0, &start);
        let t_max = LONGEST / slower;
        let options = Options::new(RELATIVE, RELATIVE * least[0].min(least[1]))?;
        let options = options.with_max_steps(EXPLICIT_STEPS);
        let ended = integrate(self.flow, &mut path, t_max, &options, |step| {
            let t = step.t_end();
            look(t, [step.component(0, t), step.component(1, t)]).then_some(t)
        });
        let last = [path.y_end()[0].max(0.0), path.y_end()[1].max(0.0)];
        if ended.is_err() {
            let accuracy = Accuracy { relative: RELATIVE, least };
            let from = (path.t_end(), last);
            follow(self.flow, from, t_max, accuracy, STIFF_STEPS, look)?;
        }
        if stopped.load(Ordering::Relaxed) {
            return Err(LimitError::Stopped);
        }
        fate.ok_or(LimitError::Lost { potential: start[0], calcium: start[1], time: t_max })
    }

    /// Where an orbit at `y` gets to, if that is known; `most` are the greatest coordinates that it has had.
    fn fate(&self, y: [f64; 2], most: [f64; 2]) -> Option<i64> {
        let arrived = |&(k, point): &(usize, &Equilibrium)| {
            let off = distance(point, y);
            let arrived = match point.kind {
                Kind::StableNode | Kind::StableFocus => self.within(k, off, most, ARRIVED),
                Kind::Fold => self.within(k, off, most, AT_CORNER) && self.attracts_from(point, y),
                Kind::Saddle => false,
            };
            // Only the very point is at rest at an equilibrium that repels.
            arrived || off == [0.0; 2]
        };
        let reached = self.equilibria.iter().enumerate().find(arrived);
        reached.map(|(k, _)| k as i64).or_else(|| self.grows(y).then_some(-1))
    }

    /// Whether `off` is less than a `part` of the distances from equilibrium `k` to the next one.
    fn within(&self, k: usize, off: [f64; 2], most: [f64; 2], part: f64) -> bool {
        let own = coordinates(&self.equilibria[k]);
        (0..2).all(|i| {
            let others = self.equilibria.iter().map(|p| (coordinates(p)[i] - own[i]).abs());
            let next = others.filter(|&gap| gap > 0.0).fold(f64::INFINITY, f64::min);
            let alone = if own[i] > 0.0 { own[i] } else { most[i] };
            off[i] <= part * if next.is_finite() { next } else { alone }
        })
    }

    fn grows(&self, y: [f64; 2]) -> bool {
        let (rate, slope) = (self.flow.model.rate(), self.flow.at(y));
        let above = |point: &Equilibrium| point.potential >= y[0] && point.calcium >= y[1];
        !rate.is_bounded()
            && rate.is_nondecreasing()
            && slope.iter().all(|&x| x >= 0.0)
            && slope != [0.0; 2]
            && !self.equilibria.iter().any(above)
    }

    /// Whether a fold in a corner of the rate draws in an orbit that is at `y`, close to it.
    fn attracts_from(&self, point: &Equilibrium, y: [f64; 2]) -> bool {
        let (du, dr) = (y[0] - point.potential, y[1] - point.calcium);
        let place = (point.potential, point.calcium);
        let modes = Modes::new(self.flow.model, place, du.signum());
        modes.is_some_and(|m| m.attracts() && m.decay(du.signum(), du, dr).is_some())
    }

    /// The smooth fold that an orbit, after a very long time at `y`, still draws nearer to.
    fn creeps_to_fold(&self, y: [f64; 2]) -> Option<i64> {
        let slope = self.flow.at(y);
        let draws_near = |&(k, point): &(usize, &Equilibrium)| {
            let away = (y[0] - point.potential) * slope[0];
            point.kind == Kind::Fold
                && away <= 0.0
                && self.within(k, distance(point, y), y, NEAR_FOLD)
        };
        self.equilibria.iter().enumerate().find(draws_near).map(|(k, _)| k as i64)
    }

    /// What counts as 0 for each coordinate.
    fn least(&self, start: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|i| {
            let known = self.equilibria.iter().map(|point| coordinates(point)[i]);
            let sizes = known.chain([start[i]]).filter(|&x| x > 0.0);
            NOTHING * sizes.fold(1.0, f64::min).max(1e-200)
        })
    }
}

fn coordinates(point: &Equilibrium) -> [f64; 2] {
    [point.potential, point.calcium]
}

fn distance(point: &Equilibrium, y: [f64; 2]) -> [f64; 2] {
    [(y[0] - point.potential).abs(), (y[1] - point.calcium).abs()]
}
