//! How the orbit of a start gets to a fold, where two equilibria are one: what the time of a passage beside it depends on.
//!
//! At a smooth fold an orbit either tends to it, along its slow direction, or passes it at a distance. At a corner of
//! the rate the attracting side is linear to first order, with two decays s < m where it doesn't spiral. An orbit
//! that tends to the corner does so with the slow decay s if the slow mode is excited, on the side of the corner
//! from which it comes, and with the faster one if the start is just such that it isn't: on a flat piece of the
//! rate with the calcium that belongs to it, for example. Where the slow mode leads across the corner, or the orbit
//! spirals, it passes the corner at a distance.

use crate::dop853::{OdeError, Options, Solution, integrate};
use crate::limit::LimitError;
use crate::limit::plane_flow::{PlaneFlow, passage_time};
use crate::limit::rosenbrock::{Accuracy, follow};
use crate::model::Model;

/// How near to a corner, relative to its coordinates, the modes are told apart.
const NEAR: f64 = 1e-6;

/// Less of the slow mode beside the fast one, so near, is rounding: from afar it was less than 10⁻⁹.
const EXCITED: f64 = 1e-3;

/// What is left of an eigenvalue that is 0, beside the other one.
const FLAT: f64 = 1e-7;

/// How long an orbit is followed, in units of the slower decay.
const LONG: f64 = 1e5;

const STEPS: usize = 200_000;

/// What an orbit does at the fold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Approach {
    /// It tends to it with this decay rate, which is 0 at a smooth fold.
    Tends(f64),
    /// It passes it, and reaches the end in this time.
    Passes(f64),
    /// It could not be followed so far.
    Unknown,
}

/// The fold to be approached, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// The model that is at its fold.
    pub model: &'a Model,
    /// The constant current.
    pub current: f64,
    /// Potential and calcium of the fold.
    pub fold: (f64, f64),
    /// Whether it is a smooth one, not a corner.
    pub smooth: bool,
    /// Potential and calcium at the start.
    pub start: (f64, f64),
    /// Potential on the other side of the fold.
    pub end: f64,
}

impl Passage<'_> {
    /// What the orbit does, followed as long as `go_on`, asked after each step, says so.
    ///
    /// # Errors
    /// If it was stopped.
    pub fn approach(&self, mut go_on: impl FnMut() -> bool) -> Result<Approach, LimitError> {
        let mut stopped = false;
        let mut go_on = || {
            stopped = stopped || !go_on();
            !stopped
        };
        let tends = if self.smooth {
            self.tends_smoothly(&mut go_on)
        } else {
            self.tends_to_corner(&mut go_on)
        };
        let approach = match tends {
            Ok(Some(decay)) => Approach::Tends(decay),
            Ok(None) => self.passes(&mut go_on),
            Err(_) => Approach::Unknown,
        };
        if stopped { Err(LimitError::Stopped) } else { Ok(approach) }
    }

    /// 0 if the orbit has not passed in a long time: it creeps up to the fold like 1/t.
    fn tends_smoothly(&self, go_on: &mut impl FnMut() -> bool) -> Result<Option<f64>, OdeError> {
        let flow = PlaneFlow::new(self.model, self.current, 1.0);
        let least = [1e-3 * self.fold.0, 1e-3 * self.fold.1];
        let accuracy = Accuracy { relative: 1e-10, least };
        let start = (0.0, [self.start.0, self.start.1]);
        let side = self.side();
        let passes = follow(&flow, start, self.long(), accuracy, STEPS, |_, y| {
            side * (y[0] - self.end) <= 0.0 || !go_on()
        })?;
        Ok((!passes).then_some(0.0))
    }

    /// The decay with which the orbit tends to the corner; none if it passes.
    fn tends_to_corner(&self, go_on: &mut impl FnMut() -> bool) -> Result<Option<f64>, OdeError> {
        let Some(modes) = Modes::new(self.model, self.fold, self.side()) else { return Ok(None) };
        let flow = PlaneFlow::new(self.model, self.current, 1.0);
        let mut path = Solution::new(0.0, &[self.start.0, self.start.1]);
        let options = Options::new(1e-12, 1e-14 * self.fold.0.min(self.fold.1))?;
        let options = options.with_max_steps(STEPS);
        let side = self.side();
        let mut decay = None;
        let ended = integrate(&flow, &mut path, self.long(), &options, |step| {
            let t = step.t_end();
            let (u, r) = (step.component(0, t), step.component(1, t));
            let (du, dr) = (u - self.fold.0, r - self.fold.1);
            if du.abs() <= NEAR * self.fold.0 && dr.abs() <= NEAR * self.fold.1 {
                decay = modes.decay(side, du, dr);
            }
            let over = decay.is_some() || side * (u - self.end) <= 0.0 || !go_on();
            over.then_some(t)
        })?;
        if ended.is_none() { Err(OdeError::TooManySteps { t: path.t_end() }) } else { Ok(decay) }
    }

    /// How long the orbit takes to the end.
    fn passes(&self, go_on: &mut impl FnMut() -> bool) -> Approach {
        let least = self.fold.0.min(self.fold.1).clamp(1e-200, 1.0);
        let options = Options::new(1e-10, 1e-13 * least).expect("valid tolerances");
        let (model, current, long) = (self.model, self.current, self.long());
        match passage_time(model, current, self.start, self.end, long, &options, go_on) {
            Ok(Some(time)) => Approach::Passes(time),
            _ => Approach::Unknown,
        }
    }

    /// 1 if the start is to the right of the fold, −1 to the left.
    fn side(&self) -> f64 {
        (self.start.0 - self.fold.0).signum()
    }

    fn long(&self) -> f64 {
        LONG / self.model.beta().min(self.model.lam())
    }
}

/// The two modes of one side of an equilibrium, by their eigenvalues; both are negative where it attracts.
pub(crate) struct Modes {
    slow: f64,
    fast: f64,
    /// ∂u'/∂r and ∂r'/∂r.
    coupling: f64,
    own: f64,
}

impl Modes {
    /// Those at an equilibrium, with the slope that the rate has on the right (side 1) or on the left (−1); none where
    /// orbits spiral.
    pub(crate) fn new(model: &Model, (u, r): (f64, f64), side: f64) -> Option<Self> {
        let beside = if side > 0.0 { u.next_up() } else { u.next_down() };
        let [[a, b], [c, d]] = model.jacobian(beside, r);
        let (middle, half) = (0.5 * (a + d), 0.5 * (a - d));
        let square = half * half + b * c;
        let root = square.sqrt();
        (square > 0.0).then_some(Self {
            slow: middle + root,
            fast: middle - root,
            coupling: b,
            own: d,
        })
    }

    /// Whether both decay, beyond the rounding that a smooth fold leaves of its eigenvalue 0.
    pub(crate) fn attracts(&self) -> bool {
        self.slow < -FLAT * self.fast.abs()
    }

    /// The decay of an orbit (du, dr) away from the corner; none if it is about to cross it.
    ///
    /// The parts of du that are of the mode with eigenvalue μ and of the other one, ν, are
    /// ((μ − d)du + b·dr)/(μ − ν) and the like, with d = ∂r'/∂r and b = ∂u'/∂r.
    pub(crate) fn decay(&self, side: f64, du: f64, dr: f64) -> Option<f64> {
        let part = |own: f64, other: f64| {
            side * ((own - self.own) * du + self.coupling * dr) / (own - other)
        };
        let (slow, fast) = (part(self.slow, self.fast), part(self.fast, self.slow));
        if slow.abs() <= EXCITED * fast.abs() {
            return (fast > 0.0).then_some(-self.fast);
        }
        (slow > 0.0 && side * du > 0.0).then_some(-self.slow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::folds::folds;
    use crate::model::{Recipients, Transmits};
    use crate::rate::{Interpolation, Rate};

    fn approach(rate: Rate, start: (f64, f64), end: f64) -> Approach {
        let with = |alpha| {
            let (transmits, recipients) = (Transmits::Before, Recipients::Others);
            Model::new(alpha, 1.0, 0.1, rate.clone(), transmits, recipients).unwrap()
        };
        let fold = *folds(&with(1.0), 0.0).unwrap().last().unwrap();
        let model = with(fold.alpha);
        let smooth = fold.meeting == crate::limit::folds::Meeting::Smooth;
        let fold = (fold.potential, rate.at(fold.potential) / 0.1);
        Passage { model: &model, current: 0.0, fold, smooth, start, end }.approach(|| true).unwrap()
    }

    fn is_close(approach: Approach, decay: f64) -> bool {
        matches!(approach, Approach::Tends(found) if (found - decay).abs() < 1e-9)
    }

    #[test]
    fn on_a_flat_piece_the_calcium_decides() {
        let ramp = || Rate::ramp(0.5, 2.0, 1.0).unwrap();
        assert!(is_close(approach(ramp(), (2.5, 11.0), 1.0), 0.1));
        assert!(is_close(approach(ramp(), (2.5, 10.0), 1.0), 1.0));
        assert!(matches!(approach(ramp(), (2.5, 9.0), 1.0), Approach::Passes(t) if t < 100.0));
    }

    #[test]
    fn a_spiral_passes() {
        let peak = Rate::table(&[0.5, 1.0, 1.5], &[0.0, 1.0, 0.0], Interpolation::Linear).unwrap();
        assert!(matches!(approach(peak, (1.2, 10.0), 0.6), Approach::Passes(t) if t < 100.0));
    }

    #[test]
    fn a_smooth_fold_is_missed_by_those_that_start_with_little_calcium() {
        let hill = || Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        assert_eq!(approach(hill(), (2.0, 9.4), 0.7), Approach::Tends(0.0));
        assert!(matches!(approach(hill(), (2.0, 2.0), 0.7), Approach::Passes(t) if t < 100.0));
    }
}
