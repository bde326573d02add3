//! A stiff method for the plane: RODAS3, of order 3(2) with four stages, L-stable and stiffly accurate.
//!
//! Source: A. Sandu, J. G. Verwer, J. G. Blom, E. J. Spee, G. R. Carmichael, F. A. Potra, Benchmarking stiff ODE solvers
//! for atmospheric chemistry problems II: Rosenbrock solvers, Atmospheric Environment 31 (1997) 3459–3472. With
//! W = 1/(γh) − J and γ = ½ its stages, in the variables that spare products with the Jacobian J, are
//!
//! W k₁ = f(y), W k₂ = f(y) + 4k₁/h, W k₃ = f(y + 2k₁) + (k₁ − k₂)/h,
//! W k₄ = f(y + 2k₁ + k₃) + (k₁ − k₂ − (8/3)k₃)/h,
//!
//! the end of the step is y + 2k₁ + k₃ + k₄, and k₄ its error.

use crate::dop853::{OdeError, System};
use crate::limit::plane_flow::PlaneFlow;

const GAMMA: f64 = 0.5;

/// Safety factor, and bounds on the change of width from one step to the next.
const SAFETY: f64 = 0.9;
const SHRINK: f64 = 0.2;
const GROW: f64 = 6.0;

/// The first width, in units of the time in which the state would change by its own size.
const FIRST: f64 = 1e-3;

/// What errors are measured by: `relative` to each coordinate, which counts as `least` at least.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accuracy {
    pub(crate) relative: f64,
    pub(crate) least: [f64; 2],
}

impl Accuracy {
    fn size(&self, x: [f64; 2], y: [f64; 2], z: [f64; 2]) -> f64 {
        let part = |k: usize| x[k].abs() / y[k].abs().max(z[k].abs()).max(self.least[k]);
        part(0).max(part(1)) / self.relative
    }
}

/// Follows the flow from `start` to `t_end` at most, in steps of which there are at most `steps`; ends after the step that
/// `observe`, given its time and its state, answers with true, and says whether there was one.
///
/// # Errors
/// [`OdeError::TooManySteps`] or [`OdeError::StepTooSmall`], with the time reached.
pub(crate) fn follow(
    flow: &PlaneFlow,
    (mut t, mut y): (f64, [f64; 2]),
    t_end: f64,
    accuracy: Accuracy,
    steps: usize,
    mut observe: impl FnMut(f64, [f64; 2]) -> bool,
) -> Result<bool, OdeError> {
    let mut width =
        FIRST / accuracy.size(flow.at(y), y, y).max(f64::MIN_POSITIVE) / accuracy.relative;
    for _ in 0..steps {
        let h = width.min(t_end - t);
        if t + h == t {
            return if t == t_end { Ok(false) } else { Err(OdeError::StepTooSmall { t }) };
        }
        let (end, error) = step(flow, y, h);
        let mut size = accuracy.size(error, y, end);
        let overreach = flow.overreach((t, &y), (t + h, &end));
        if overreach > 1.0 {
            size = size.max(overreach.powi(3));
        }
        if !(size.is_finite() && end[0] >= 0.0 && end[1] >= 0.0) {
            width = SHRINK * h;
            continue;
        }
        width = h * (SAFETY / size.cbrt()).clamp(SHRINK, GROW);
        if size <= 1.0 {
            (t, y) = (t + h, end);
            if observe(t, y) {
                return Ok(true);
            }
        }
    }
    Err(OdeError::TooManySteps { t })
}

/// The end of a step of width `h`, and its error.
fn step(flow: &PlaneFlow, y: [f64; 2], h: f64) -> ([f64; 2], [f64; 2]) {
    let [[a, b], [c, d]] = flow.jacobian(y);
    let (wa, wd) = ((GAMMA * h).recip() - a, (GAMMA * h).recip() - d);
    let determinant = wa * wd - b * c;
    let solve =
        |x: [f64; 2]| [(wd * x[0] + b * x[1]) / determinant, (wa * x[1] + c * x[0]) / determinant];
    let sum = |x: [f64; 2], terms: &[(f64, [f64; 2])]| {
        terms.iter().fold(x, |x, (by, y)| [x[0] + by * y[0], x[1] + by * y[1]])
    };
    let slope = flow.at(y);
    let k1 = solve(slope);
    let k2 = solve(sum(slope, &[(4.0 / h, k1)]));
    let near = sum(y, &[(2.0, k1)]);
    let k3 = solve(sum(flow.at(near), &[(1.0 / h, k1), (-1.0 / h, k2)]));
    let near = sum(near, &[(1.0, k3)]);
    let differences = [(1.0 / h, k1), (-1.0 / h, k2), (-8.0 / 3.0 / h, k3)];
    let k4 = solve(sum(flow.at(near), &differences));
    (sum(near, &[(1.0, k4)]), k4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dop853::{Options, solve};
    use crate::limit::equilibria::equilibria;
    use crate::model::{Model, Recipients, Transmits};
    use crate::rate::Rate;

    fn model(beta: f64) -> Model {
        let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        Model::new(0.3 * beta, beta, 0.1, rate, Transmits::Before, Recipients::Others).unwrap()
    }

    #[test]
    fn the_error_falls_with_the_third_power_of_the_width() {
        let model = model(1.0);
        let flow = PlaneFlow::new(&model, 0.2, 1.0);
        let options = Options::new(1e-13, 1e-15).unwrap();
        let exact = solve(&flow, 0.0, &[0.7, 6.0], 2.0, &options).unwrap();
        let error = |steps: usize| {
            let h = 2.0 / steps as f64;
            let end = (0..steps).fold([0.7, 6.0], |y, _| step(&flow, y, h).0);
            (end[0] - exact.y_end()[0]).abs()
        };
        let ratio = error(100) / error(200);
        assert!((7.0..9.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn it_keeps_the_accuracy_asked_for() {
        let model = model(1.0);
        let flow = PlaneFlow::new(&model, 0.0, 1.0);
        let options = Options::new(1e-12, 1e-14).unwrap();
        let exact = solve(&flow, 0.0, &[2.0, 9.0], 20.0, &options).unwrap();
        for relative in [1e-5, 1e-7, 1e-9] {
            let accuracy = Accuracy { relative, least: [1e-12; 2] };
            let mut end = [0.0; 2];
            let note = |_: f64, y: [f64; 2]| {
                end = y;
                false
            };
            assert!(!follow(&flow, (0.0, [2.0, 9.0]), 20.0, accuracy, 100_000, note).unwrap());
            let error = (end[0] / exact.y_end()[0] - 1.0).abs();
            assert!(error < 100.0 * relative, "{error}");
        }
    }

    #[test]
    fn stiffness_does_not_slow_it_down() {
        let model = model(1e8);
        let flow = PlaneFlow::new(&model, 0.0, 1.0);
        let accuracy = Accuracy { relative: 1e-8, least: [1e-12; 2] };
        let (mut last, mut steps) = ([0.0; 2], 0);
        let note = |_: f64, y: [f64; 2]| {
            (last, steps) = (y, steps + 1);
            false
        };
        assert!(!follow(&flow, (0.0, [2.0, 9.0]), 2000.0, accuracy, 100_000, note).unwrap());
        let memory = equilibria(&model, 0.0).unwrap().pop().unwrap();
        assert!((last[0] - memory.potential).abs() < 1e-9, "{last:?}");
        assert!((last[1] - memory.calcium).abs() < 1e-9);
        assert!(steps < 3000, "{steps}");
    }
}
