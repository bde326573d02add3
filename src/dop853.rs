//! Integration of ordinary differential equations: the explicit Runge–Kutta method of order 8(5,3)
//! with dense output.
//!
//! The method is DOP853 of E. Hairer, S. P. Nørsett, G. Wanner, *Solving Ordinary Differential
//! Equations I*, 2nd ed., Springer 1993, sections II.4, II.5 and II.10. One thing is added: its
//! step control watches the error at the ends of steps only, and near an equilibrium the
//! interpolant can be a thousand times worse than that. Here a step is accepted if the
//! interpolant's defect `p' − f(t, p)` is small too, so the tolerance holds between the steps.

mod control;
mod root;
mod solution;
mod stepper;
mod tableau;

use std::fmt;

use control::{Tolerance, change_of_width, first_width};
pub(crate) use root::change;
pub(crate) use solution::interpolate;
pub use solution::{COEFFICIENTS, Solution, Step, values_of_pieces};
use stepper::Stepper;

/// A system of differential equations `y' = f(t, y)`.
pub trait System {
    /// Number of components.
    fn dim(&self) -> usize;

    /// Writes `f(t, y)` into `dy`; both slices have `dim` components.
    fn rhs(&self, t: f64, y: &[f64], dy: &mut [f64]);

    /// Whether to go on, asked at each stage of a step; once it is false it stays so.
    fn goes_on(&self) -> bool {
        true
    }

    /// How many times too long a step between these times and states is because it could miss what
    /// lies between them; at most 1 where it can't.
    fn overreach(&self, _from: (f64, &[f64]), _to: (f64, &[f64])) -> f64 {
        0.0
    }
}

/// Why an integration ended before its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OdeError {
    /// An option is outside its range.
    BadOption {
        /// The option's name.
        name: &'static str,
        /// The value given.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The state or its slope is not a finite number: the solution blows up, or a value given isn't
    /// finite.
    NotFinite {
        /// Time reached.
        t: f64,
    },
    /// The step needed is below the spacing of floating-point numbers: the solution blows up, or is
    /// too stiff.
    StepTooSmall {
        /// Time reached.
        t: f64,
    },
    /// The steps allowed are used up.
    TooManySteps {
        /// Time reached.
        t: f64,
    },
    /// The system was not to go on.
    Stopped {
        /// Time reached.
        t: f64,
    },
}

impl fmt::Display for OdeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            OdeError::BadOption { name, value, allowed } => {
                write!(f, "{name} must be {allowed}, got {value}")
            }
            OdeError::NotFinite { t } => {
                write!(f, "the solution or its slope is not a finite number near t = {t}")
            }
            OdeError::StepTooSmall { t } => write!(
                f,
                "the step needed at t = {t} is too small: the solution blows up there or is too stiff"
            ),
            OdeError::TooManySteps { t } => {
                write!(f, "the steps allowed are used up at t = {t}")
            }
            OdeError::Stopped { t } => write!(f, "the integration was told to stop at t = {t}"),
        }
    }
}

impl std::error::Error for OdeError {}

/// Tolerances and limits of an integration.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    tolerance: Tolerance,
    max_steps: usize,
    max_step: f64,
}

impl Options {
    /// The error allowed, relative to a value.
    pub fn rtol(&self) -> f64 {
        self.tolerance.rtol
    }

    /// How many steps are allowed.
    pub fn max_steps(&self) -> usize {
        self.max_steps
    }

    /// Each component's error is to be of the order of `atol + rtol·|y|`, at the steps and between
    /// them.
    ///
    /// # Errors
    /// `rtol` must lie between 1e-13 and 0.1, `atol` must be positive and finite.
    pub fn new(rtol: f64, atol: f64) -> Result<Self, OdeError> {
        if !(1e-13..=0.1).contains(&rtol) {
            let allowed = "between 1e-13 and 0.1";
            return Err(OdeError::BadOption { name: "rtol", value: rtol, allowed });
        }
        if !(atol > 0.0 && atol.is_finite()) {
            let allowed = "positive and finite";
            return Err(OdeError::BadOption { name: "atol", value: atol, allowed });
        }
        Ok(Options { tolerance: Tolerance { rtol, atol }, ..Options::default() })
    }

    /// Limits the number of steps tried, 1,000,000 by default, in one call of [`integrate`].
    pub fn with_max_steps(self, max_steps: usize) -> Self {
        Options { max_steps, ..self }
    }

    /// Limits the width of a step, infinite by default.
    ///
    /// # Errors
    /// `max_step` must be positive.
    pub fn with_max_step(self, max_step: f64) -> Result<Self, OdeError> {
        if max_step > 0.0 {
            Ok(Options { max_step, ..self })
        } else {
            Err(OdeError::BadOption { name: "max_step", value: max_step, allowed: "positive" })
        }
    }
}

impl Default for Options {
    /// `rtol` 1e-9 and `atol` 1e-12.
    fn default() -> Self {
        let tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };
        Options { tolerance, max_steps: 1_000_000, max_step: f64::INFINITY }
    }
}

/// Extends `path` from where it ends to `t_end`, forward or backward in time.
///
/// After each accepted step `observe` sees it. While it says `None`, the integration goes on; with
/// `Some(t)`, a time in that step, it ends there, `path` too, and `Some(t)` is returned. So `|step|
/// step.root(g)` ends it where `g` changes sign, and `|_| None` nowhere before `t_end`.
///
/// The right-hand side is evaluated at `t_end` itself too; a system that jumps there must still
/// have its old value.
///
/// # Errors
/// [`OdeError`], with the time reached; `path` keeps the steps made so far.
///
/// # Panics
/// If `path` and `system` differ in the number of components, or a forward path is to be extended
/// backward or a backward one forward.
pub fn integrate<S: System + ?Sized>(
    system: &S,
    path: &mut Solution,
    t_end: f64,
    options: &Options,
    mut observe: impl FnMut(&Step<'_>) -> Option<f64>,
) -> Result<Option<f64>, OdeError> {
    assert_eq!(path.dim(), system.dim(), "the path has as many components as the system");
    let mut t = path.t_end();
    if !(t_end - t).is_finite() {
        return Err(OdeError::NotFinite { t: if t.is_finite() { t_end } else { t } });
    }
    let direction = (t_end - t).signum();
    assert!(
        t == t_end || path.t_end() == path.t_start() || (t - path.t_start()) * direction > 0.0,
        "a path goes on in the direction in which it began"
    );
    let mut slope = vec![0.0; path.dim()];
    system.rhs(t, path.y_end(), &mut slope);
    if !path.y_end().iter().chain(&slope).all(|x| x.is_finite()) {
        return Err(OdeError::NotFinite { t });
    }
    let limit = options.max_step.min((t_end - t).abs());
    let start = (t, path.y_end(), &slope[..]);
    let mut width = first_width(system, start, direction, limit, options.tolerance);
    let mut stepper = Stepper::new(path.y_end(), &slope);
    let mut error = 0.0_f64;
    let mut steps = 0;
    while t != t_end {
        if steps == options.max_steps {
            return Err(OdeError::TooManySteps { t });
        }
        steps += 1;
        let rest = (t_end - t).abs();
        let (t_next, h) = if width >= rest {
            (t_end, t_end - t)
        } else {
            // Two equal steps rather than a long one and a very short one.
            let t_next = t + direction * width.min(0.5 * rest);
            (t_next, t_next - t)
        };
        let failed_before = error.is_nan() || error > 1.0;
        if t_next == t || failed_before && h.abs() <= 10.0 * f64::EPSILON * t.abs() {
            return Err(if error.is_nan() {
                OdeError::NotFinite { t }
            } else {
                OdeError::StepTooSmall { t }
            });
        }
        error = stepper.attempt(system, t, h, options.tolerance);
        if !system.goes_on() {
            return Err(OdeError::Stopped { t });
        }
        width = (h.abs() * change_of_width(error, failed_before)).min(options.max_step);
        if error <= 1.0 {
            let step = path.push(t_next, h, stepper.coefficients(), stepper.end());
            if let Some(stop) = observe(&step) {
                return Ok(Some(path.cut(stop)));
            }
            stepper.advance();
            t = t_next;
        }
    }
    Ok(None)
}

/// The solution from `y` at time `t` to time `t_end`.
///
/// # Errors
/// See [`integrate`].
///
/// # Panics
/// If `y` and `system` differ in the number of components.
pub fn solve<S: System + ?Sized>(
    system: &S,
    t: f64,
    y: &[f64],
    t_end: f64,
    options: &Options,
) -> Result<Solution, OdeError> {
    let mut path = Solution::new(t, y);
    integrate(system, &mut path, t_end, options, |_| None).map(|_| path)
}
