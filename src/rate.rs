//! The spiking rate φ: its value, its derivative, and its extremes on an interval.

mod hill;
mod table;

use std::sync::Arc;

use crate::error::{ModelError, check, finite, nonnegative, positive};
use hill::{hill, hill_slope};
use table::Table;

/// How far a bound is widened so that the rounding of φ itself can never exceed it.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// A spiking rate φ: [0, ∞) → [0, ∞), in spikes per unit of time.
///
/// Arguments are potentials; a negative one (rounding) counts as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Constant {
        value: f64,
    },
    Linear {
        slope: f64,
        base: f64,
    },
    Hill {
        top: f64,
        half: f64,
        power: f64,
        base: f64,
    },
    Sigmoid {
        top: f64,
        centre: f64,
        width: f64,
    },
    Ramp {
        low: f64,
        high: f64,
        top: f64,
    },
    Exponential {
        scale: f64,
        slope: f64,
        cap: f64,
    },
    /// Shared, for a table is large and every replicate has the model.
    Table(Arc<Table>),
}

impl Rate {
    /// φ(u) = value.
    pub fn constant(value: f64) -> Result<Self, ModelError> {
        let value = nonnegative("value", value)?;
        Ok(Self { shape: Shape::Constant { value } })
    }

    /// φ(u) = base + slope·u.
    pub fn linear(slope: f64, base: f64) -> Result<Self, ModelError> {
        let slope = nonnegative("slope", slope)?;
        let base = nonnegative("base", base)?;
        Ok(Self { shape: Shape::Linear { slope, base } })
    }

    /// φ(u) = base + top·u^power / (half^power + u^power), power ≥ 1.
    pub fn hill(top: f64, half: f64, power: f64, base: f64) -> Result<Self, ModelError> {
        let top = nonnegative("top", top)?;
        let half = positive("half", half)?;
        let good = power >= 1.0 && power.is_finite();
        let power = check("power", power, good, "a finite number >= 1")?;
        let base = nonnegative("base", base)?;
        Ok(Self { shape: Shape::Hill { top, half, power, base } })
    }

    /// φ(u) = top / (1 + exp(−(u − centre)/width)).
    pub fn sigmoid(top: f64, centre: f64, width: f64) -> Result<Self, ModelError> {
        let top = nonnegative("top", top)?;
        let centre = finite("centre", centre)?;
        let width = positive("width", width)?;
        Ok(Self { shape: Shape::Sigmoid { top, centre, width } })
    }

    /// φ(u) = 0 up to `low`, then linear, then `top` from `high` on.
    pub fn ramp(low: f64, high: f64, top: f64) -> Result<Self, ModelError> {
        let low = nonnegative("low", low)?;
        let good = high > low && high.is_finite();
        let high = check("high", high, good, "a finite number > low")?;
        let top = nonnegative("top", top)?;
        Ok(Self { shape: Shape::Ramp { low, high, top } })
    }

    /// φ(u) = min(cap, scale·exp(slope·u)); `cap` may be infinite.
    pub fn exponential(scale: f64, slope: f64, cap: f64) -> Result<Self, ModelError> {
        let scale = nonnegative("scale", scale)?;
        let slope = nonnegative("slope", slope)?;
        let cap = check("cap", cap, cap > 0.0, "a number > 0, or inf")?;
        Ok(Self { shape: Shape::Exponential { scale, slope, cap } })
    }

    /// φ piecewise linear through the points (potential, rate), flat outside them.
    pub fn table(potential: &[f64], rate: &[f64]) -> Result<Self, ModelError> {
        Ok(Self { shape: Shape::Table(Arc::new(Table::new(potential, rate)?)) })
    }

    /// φ(u).
    #[inline]
    pub fn at(&self, potential: f64) -> f64 {
        let u = potential.max(0.0);
        match &self.shape {
            Shape::Constant { value } => *value,
            Shape::Linear { slope, base } => base + slope * u,
            Shape::Hill { top, half, power, base } => base + top * hill(u, *half, *power),
            Shape::Sigmoid { top, centre, width } => top / (1.0 + (-(u - centre) / width).exp()),
            Shape::Ramp { low, high, top } => top * ((u - low) / (high - low)).clamp(0.0, 1.0),
            Shape::Exponential { scale, slope, cap } => exponential(*scale, slope * u).min(*cap),
            Shape::Table(table) => table.at(u),
        }
    }

    /// φ'(u), the derivative from the right where φ has a corner.
    pub fn slope(&self, potential: f64) -> f64 {
        let u = potential.max(0.0);
        match &self.shape {
            Shape::Constant { .. } => 0.0,
            Shape::Linear { slope, .. } => *slope,
            Shape::Hill { top, half, power, .. } => top * hill_slope(u, *half, *power),
            Shape::Sigmoid { top, centre, width } => {
                // e/(1+e)² is even in the argument, so the exponential never overflows.
                let e = (-((u - centre) / width).abs()).exp();
                top / width * e / (1.0 + e).powi(2)
            }
            Shape::Ramp { low, high, top } => {
                if u >= *low && u < *high {
                    top / (high - low)
                } else {
                    0.0
                }
            }
            Shape::Exponential { scale, slope, cap } => {
                let rate = exponential(*scale, slope * u);
                if rate < *cap { slope * rate } else { 0.0 }
            }
            Shape::Table(table) => table.slope(u),
        }
    }

    /// A number that no φ(u), u in [low, high], exceeds, and that φ all but attains.
    pub fn supremum(&self, low: f64, high: f64) -> f64 {
        let highest = match &self.shape {
            Shape::Table(table) => table.extremes(low.max(0.0), high.max(0.0)).1,
            _ => self.at(high),
        };
        highest * (1.0 + ROUNDING)
    }

    /// A number that no φ(u), u in [low, high], falls below, and that φ all but attains.
    pub fn infimum(&self, low: f64, high: f64) -> f64 {
        let lowest = match &self.shape {
            Shape::Table(table) => table.extremes(low.max(0.0), high.max(0.0)).0,
            _ => self.at(low),
        };
        lowest * (1.0 - ROUNDING)
    }

    /// Whether φ never decreases; then the limit equation has no cycles.
    pub fn is_nondecreasing(&self) -> bool {
        match &self.shape {
            Shape::Table(table) => table.is_nondecreasing(),
            _ => true,
        }
    }

    /// Whether φ is bounded; then no finite time can hold infinitely many spikes.
    pub fn is_bounded(&self) -> bool {
        match self.shape {
            Shape::Linear { slope, .. } => slope == 0.0,
            Shape::Exponential { scale, slope, cap } => {
                cap < f64::INFINITY || slope == 0.0 || scale == 0.0
            }
            _ => true,
        }
    }

    /// The potentials at which φ has a corner, increasing.
    pub fn corners(&self) -> Vec<f64> {
        match &self.shape {
            Shape::Ramp { low, high, .. } => vec![*low, *high],
            Shape::Exponential { scale, slope, cap } => {
                let corner = (cap / scale).ln() / slope;
                if corner > 0.0 && corner.is_finite() { vec![corner] } else { vec![] }
            }
            Shape::Table(table) => table.potential().to_vec(),
            _ => vec![],
        }
    }
}

/// scale·exp(x), where 0·∞ is 0.
fn exponential(scale: f64, x: f64) -> f64 {
    if scale == 0.0 { 0.0 } else { scale * x.exp() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all() -> Vec<Rate> {
        vec![
            Rate::constant(0.7).unwrap(),
            Rate::linear(0.3, 0.1).unwrap(),
            Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap(),
            Rate::hill(2.0, 0.7, 2.5, 0.05).unwrap(),
            Rate::sigmoid(1.5, 2.0, 0.3).unwrap(),
            Rate::ramp(0.5, 2.0, 1.2).unwrap(),
            Rate::exponential(0.1, 0.8, 3.0).unwrap(),
            Rate::table(&[0.2, 1.0, 2.0, 3.5], &[0.0, 1.0, 0.4, 0.9]).unwrap(),
        ]
    }

    #[test]
    fn values_are_the_formulas() {
        let hill = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        assert_eq!(hill.at(1.0), 0.5);
        assert!((hill.at(2.0) - 16.0 / 17.0).abs() < 1e-15);
        assert_eq!(hill.at(-1.0), 0.0);
        assert_eq!(hill.at(1e200), 1.0);
        let table = &all()[7];
        assert_eq!(table.at(0.0), 0.0);
        assert!((table.at(1.5) - 0.7).abs() < 1e-15);
        assert_eq!(table.at(9.0), 0.9);
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert!(Rate::constant(-1.0).is_err());
        assert!(Rate::linear(f64::INFINITY, 0.0).is_err());
        assert!(Rate::hill(1.0, 0.0, 4.0, 0.0).is_err());
        assert!(Rate::hill(1.0, 1.0, 0.5, 0.0).is_err());
        assert!(Rate::sigmoid(1.0, f64::NAN, 1.0).is_err());
        assert!(Rate::ramp(1.0, 1.0, 1.0).is_err());
        assert!(Rate::exponential(1.0, 1.0, 0.0).is_err());
        assert!(Rate::exponential(1.0, 1.0, f64::INFINITY).is_ok());
        assert!(Rate::table(&[0.0, 0.0], &[1.0, 1.0]).is_err());
    }

    proptest! {
        #[test]
        fn extremes_hold_on_the_interval(low in 0.0..5.0f64, width in 0.0..4.0f64, part in 0.0..=1.0f64) {
            for rate in all() {
                let value = rate.at(low + part * width);
                prop_assert!(value <= rate.supremum(low, low + width));
                prop_assert!(value >= rate.infimum(low, low + width));
            }
        }

        #[test]
        fn slope_is_the_derivative(u in 0.0..5.0f64) {
            for rate in all() {
                let h = 1e-6;
                let near_corner = rate.corners().iter().any(|c| (u - c).abs() < 2.0 * h);
                let far_enough = u > h;
                if !near_corner && far_enough {
                    let difference = (rate.at(u + h) - rate.at(u - h)) / (2.0 * h);
                    prop_assert!((rate.slope(u) - difference).abs() < 1e-7, "{rate:?} at {u}");
                }
            }
        }
    }
}
