//! The time within a step at which a function of time and state changes sign.

use super::solution::Step;

impl Step<'_> {
    /// The time at which `g(t, y)` changes sign in this step, on its interpolant; none if `g` has
    /// the same sign at both ends, or starts at zero (the sign change before it belongs to the step
    /// before).
    ///
    /// Found to the precision of `t` by ITP (I. F. D. Oliveira, R. H. C. Takahashi, *ACM Trans.
    /// Math. Softw.* 47 (2021) 5), which never needs more than one evaluation above bisection. The
    /// time returned is on the far side of the change, where `g` has its new sign or is zero, so
    /// that an integration that goes on from there does not meet the same root again.
    pub fn root(&self, mut g: impl FnMut(f64, &[f64]) -> f64) -> Option<f64> {
        let mut y = vec![0.0; self.dim()];
        itp(self.t_start(), self.t_end(), |t| {
            self.eval(t, &mut y);
            g(t, &y)
        })
    }
}

/// A time on the far side of where `g` changes sign between two times; `far` where it doesn't.
pub(crate) fn change(near: f64, far: f64, g: impl FnMut(f64) -> f64) -> f64 {
    itp(near, far, g).unwrap_or(far)
}

/// A root of `g` between `near` and `far`, on the far side of its change of sign.
fn itp(mut near: f64, mut far: f64, mut g: impl FnMut(f64) -> f64) -> Option<f64> {
    let (mut g_near, mut g_far) = (g(near), g(far));
    let old_sign = if g_near > 0.0 {
        1.0
    } else if g_near < 0.0 {
        -1.0
    } else {
        return None;
    };
    let changed = |value: f64| value * old_sign <= 0.0;
    if !changed(g_far) {
        return None;
    }
    let tolerance = 2.0 * f64::EPSILON * near.abs().max(far.abs());
    let width = (far - near).abs();
    let bisections = (width / (2.0 * tolerance)).log2().ceil().max(0.0) + 1.0;
    let mut slack = tolerance * bisections.exp2();
    // The constants recommended by the authors: κ₁ = 0.2/width, κ₂ = 2, n₀ = 1.
    while (far - near).abs() > 2.0 * tolerance && slack >= tolerance {
        let middle = near + 0.5 * (far - near);
        let reach = (slack - 0.5 * (far - near).abs()).max(0.0);
        let nudge = 0.2 / width * (far - near) * (far - near);
        let secant = near + (far - near) * (g_near / (g_near - g_far));
        let side = (middle - secant).signum();
        let nudged = if nudge <= (middle - secant).abs() { secant + side * nudge } else { middle };
        let t = if (nudged - middle).abs() <= reach { nudged } else { middle - side * reach };
        let value = g(t);
        if changed(value) {
            (far, g_far) = (t, value);
        } else {
            (near, g_near) = (t, value);
        }
        slack *= 0.5;
    }
    Some(far)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_simple_multiple_and_steep_roots_in_few_evaluations() {
        let root = std::f64::consts::FRAC_1_SQRT_2;
        let cases: [fn(f64) -> f64; 5] = [
            |t| t * t - 0.5,
            |t| (t - std::f64::consts::FRAC_1_SQRT_2).powi(3),
            |t| (1e6 * (t - std::f64::consts::FRAC_1_SQRT_2)).atan(),
            |t| {
                if t < std::f64::consts::FRAC_1_SQRT_2 { 1.0 } else { -1e-30 }
            },
            |t| {
                if t < std::f64::consts::FRAC_1_SQRT_2 { 1e-30 } else { -1.0 }
            },
        ];
        for (case, g) in cases.into_iter().enumerate() {
            for (near, far) in [(0.0, 1.0), (1.0, 0.0)] {
                let mut calls = 0;
                let t = itp(near, far, |t| {
                    calls += 1;
                    g(t)
                })
                .unwrap();
                assert!((t - root).abs() <= 8.0 * f64::EPSILON, "case {case}: {t}");
                assert!(g(t) * g(near) <= 0.0, "case {case}: {t} is on the near side");
                // Two ends, log2 of 1/(4 eps) bisections, one more.
                assert!(calls <= 2 + 51 + 1, "case {case}: {calls} calls");
            }
        }
    }

    #[test]
    fn no_root_without_a_change_of_sign() {
        assert_eq!(itp(0.0, 1.0, |t| t + 1.0), None);
        assert_eq!(itp(0.0, 1.0, |t| t), None);
        assert_eq!(itp(0.0, 1.0, |_| f64::NAN), None);
        assert_eq!(itp(0.0, 1.0, |t| 1.0 - t), Some(1.0));
    }
}
