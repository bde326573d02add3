//! Tolerance and width of the steps: the first width, and the change from one step to the next.
//!
//! Source: Hairer, Nørsett, Wanner, *Solving Ordinary Differential Equations I*, section II.4.

use super::System;

/// Safety factor, and bounds on the change of width from one step to the next.
const SAFETY: f64 = 0.9;
const SHRINK: f64 = 1.0 / 3.0;
const GROW: f64 = 6.0;

/// Change of width after values that are not finite: all that is known is that the step was too
/// long.
const RETREAT: f64 = 0.1;

/// Absolute and relative tolerance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tolerance {
    pub rtol: f64,
    pub atol: f64,
}

impl Tolerance {
    /// The error allowed in a value of this size.
    #[inline]
    pub fn at(self, size: f64) -> f64 {
        self.atol + self.rtol * size.abs()
    }

    /// The largest component, in units of the error allowed at the state `y`.
    fn norm(self, y: &[f64], components: impl Iterator<Item = f64>) -> f64 {
        y.iter().zip(components).map(|(&y, x)| x.abs() / self.at(y)).fold(0.0, f64::max)
    }
}

/// By what to multiply the width after a step with this error, in units of the tolerance; not a
/// number where a value wasn't finite. After a failed step the estimate isn't trusted to grow.
pub(super) fn change_of_width(error: f64, after_failure: bool) -> f64 {
    if error.is_nan() {
        return RETREAT;
    }
    // By square roots, which are correctly rounded everywhere: the same steps on every machine.
    let eighth_root = error.sqrt().sqrt().sqrt();
    (SAFETY / eighth_root).clamp(SHRINK, if after_failure { 1.0 } else { GROW })
}

/// The width to begin with, at most `limit`, from the state, its slope, and a look at the curvature
/// by an Euler step. Without sign.
pub(super) fn first_width<S: System + ?Sized>(
    system: &S,
    (t, y, slope): (f64, &[f64], &[f64]),
    direction: f64,
    limit: f64,
    tolerance: Tolerance,
) -> f64 {
    let size = tolerance.norm(y, y.iter().copied());
    let speed = tolerance.norm(y, slope.iter().copied());
    let euler = if size < 1e-5 || speed < 1e-5 { 1e-6 } else { 0.01 * size / speed };
    let euler = euler.min(limit);
    let h = direction * euler;
    let ahead: Vec<f64> = y.iter().zip(slope).map(|(y, k)| y + h * k).collect();
    let mut slope_ahead = vec![0.0; y.len()];
    system.rhs(t + h, &ahead, &mut slope_ahead);
    let turn = slope_ahead.iter().zip(slope).map(|(ahead, here)| ahead - here);
    let fastest = speed.max(tolerance.norm(y, turn) / euler);
    let width = if fastest <= 1e-15 {
        (euler * 1e-3).max(1e-6)
    } else {
        (0.01 / fastest).sqrt().sqrt().sqrt()
    };
    width.min(100.0 * euler).min(limit)
}
