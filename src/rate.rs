//! The spiking rate φ: its value, its derivative, and its extremes on an interval.

mod bracket;
mod hill;
mod inflections;
mod table;

use std::sync::Arc;

use crate::bisection::bracket;
use crate::error::{LEAST, MOST, ModelError, check, finite, nonnegative, positive};
use crate::exp::exp;
use bracket::Bracket;
use hill::{hill, hill_slope};
pub use table::Interpolation;
use table::Table;

/// How far a bound is widened so that the rounding of φ itself can never exceed it.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// A spiking rate φ: [0, ∞) → [0, ∞), in spikes per unit of time.
///
/// Arguments are potentials; a negative one (rounding) counts as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    shape: Shape,
    bracket: Option<Arc<Bracket>>,
}

/// A `match` below that ends in `_` assumes of all shapes but those it names that they never decrease, are bounded, have
/// no corners and are computed without cancellation: look at each for a new shape.
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
    fn of(shape: Shape) -> Self {
        Self { shape, bracket: None }
    }

    /// φ(u) = value.
    pub fn constant(value: f64) -> Result<Self, ModelError> {
        let value = nonnegative("value", value)?;
        Ok(Self::of(Shape::Constant { value }))
    }

    /// φ(u) = base + slope·u.
    pub fn linear(slope: f64, base: f64) -> Result<Self, ModelError> {
        let slope = nonnegative("slope", slope)?;
        let base = nonnegative("base", base)?;
        Ok(Self::of(Shape::Linear { slope, base }))
    }

    /// φ(u) = base + top·u^power / (half^power + u^power), power ≥ 1.
    pub fn hill(top: f64, half: f64, power: f64, base: f64) -> Result<Self, ModelError> {
        let top = nonnegative("top", top)?;
        let half = positive("half", half)?;
        let good = power >= 1.0 && power.is_finite();
        let power = check("power", power, good, "a finite number >= 1")?;
        let base = nonnegative("base", base)?;
        Ok(Self::of(Shape::Hill { top, half, power, base }))
    }

    /// φ(u) = top / (1 + exp(−(u − centre)/width)).
    pub fn sigmoid(top: f64, centre: f64, width: f64) -> Result<Self, ModelError> {
        let top = nonnegative("top", top)?;
        let centre = finite("centre", centre)?;
        check("centre", centre, centre.abs() <= MOST, "a number from -1e100 to 1e100")?;
        let width = positive("width", width)?;
        Ok(Self::of(Shape::Sigmoid { top, centre, width }))
    }

    /// φ(u) = 0 up to `low`, then linear, then `top` from `high` on.
    pub fn ramp(low: f64, high: f64, top: f64) -> Result<Self, ModelError> {
        let low = nonnegative("low", low)?;
        let good = high > low && high.is_finite();
        let high = check("high", high, good, "a finite number > low")?;
        check("high", high, high - low >= LEAST, "a number > low, by 1e-300 at least")?;
        check("high", high, high <= MOST, "a number > low, at most 1e100")?;
        let top = nonnegative("top", top)?;
        Ok(Self::of(Shape::Ramp { low, high, top }))
    }

    /// φ(u) = min(cap, scale·exp(slope·u)); `cap` may be infinite.
    pub fn exponential(scale: f64, slope: f64, cap: f64) -> Result<Self, ModelError> {
        let scale = nonnegative("scale", scale)?;
        let slope = nonnegative("slope", slope)?;
        let cap = check("cap", cap, cap > 0.0, "a number > 0, or inf")?;
        Ok(Self::of(Shape::Exponential { scale, slope, cap }))
    }

    /// φ through the points (potential, rate), flat outside them.
    pub fn table(
        potential: &[f64],
        rate: &[f64],
        interpolation: Interpolation,
    ) -> Result<Self, ModelError> {
        let table = Table::new(potential, rate, interpolation)?;
        Ok(Self::of(Shape::Table(Arc::new(table))))
    }

    /// φ(u).
    #[inline]
    pub fn at(&self, potential: f64) -> f64 {
        let u = potential.max(0.0);
        match &self.shape {
            Shape::Constant { value } => *value,
            Shape::Linear { slope, base } => base + slope * u,
            Shape::Hill { top, half, power, base } => base + top * hill(u, *half, *power),
            Shape::Sigmoid { top, centre, width } => top / (1.0 + exp(-(u - centre) / width)),
            Shape::Ramp { low, high, top } => top * ((u - low) / (high - low)).clamp(0.0, 1.0),
            Shape::Exponential { scale, slope, cap } => exponential(*scale, slope * u).min(*cap),
            Shape::Table(table) => table.at(u),
        }
    }

    /// Makes `exceeds` faster, for many thousands of calls.
    pub(crate) fn bracket(&mut self) {
        if self.bracket.is_none() {
            self.bracket = Some(Arc::new(Bracket::new(self)));
        }
    }

    /// Whether φ(u) exceeds a threshold.
    #[inline]
    pub(crate) fn exceeds(&self, threshold: f64, potential: f64) -> bool {
        match self.bracket.as_ref().and_then(|bracket| bracket.bounds(potential)) {
            Some([low, _]) if threshold < low => true,
            Some([_, high]) if threshold >= high => false,
            _ => threshold < self.at(potential),
        }
    }

    /// φ'(u), the derivative from the right where φ has a corner.
    pub fn slope(&self, potential: f64) -> f64 {
        let u = potential.max(0.0);
        match &self.shape {
            Shape::Constant { .. } => 0.0,
            Shape::Linear { slope, .. } => *slope,
            Shape::Hill { top: 0.0, .. } => 0.0,
            Shape::Hill { top, half, power, .. } => top * hill_slope(u, *half, *power),
            Shape::Sigmoid { top, centre, width } => {
                // e/(1+e)² is even in the argument, so the exponential never overflows.
                let e = exp(-((u - centre) / width).abs());
                // top / width may be infinite.
                if e == 0.0 { 0.0 } else { top / width * e / (1.0 + e).powi(2) }
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
                if rate < *cap || *cap == f64::INFINITY { slope * rate } else { 0.0 }
            }
            Shape::Table(table) => table.slope(u),
        }
    }

    /// How far φ'(u) can be off because the numbers that give φ are rounded: much between the points of a fine table.
    pub fn slope_rounding(&self, potential: f64) -> f64 {
        match &self.shape {
            Shape::Table(table) => table.slope_rounding(potential.max(0.0)),
            _ => 4.0 * f64::EPSILON * self.slope(potential),
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
                if !(corner > 0.0 && corner.is_finite()) {
                    return vec![];
                }
                // Not the rounded formula but the first potential at which the cap is met.
                vec![bracket(|u| self.at(u) - cap, 0.0, 2.0 * corner).1]
            }
            Shape::Table(table) => table.corners(),
            _ => vec![],
        }
    }

    /// The knots of a table whose points are joined by straight lines; of any other rate none.
    pub fn polygon(&self) -> &[f64] {
        match &self.shape {
            Shape::Table(table) => table.polygon(),
            _ => &[],
        }
    }

    /// Potentials, increasing, of which no step of an integration along an orbit should pass two: what lies between
    /// might not be seen.
    pub fn marks(&self) -> Vec<f64> {
        match &self.shape {
            Shape::Table(table) => table.marks(),
            _ => self.corners(),
        }
    }
}

/// scale·exp(x), where 0·∞ is 0.
fn exponential(scale: f64, x: f64) -> f64 {
    if scale == 0.0 { 0.0 } else { scale * exp(x) }
}

#[cfg(test)]
mod tests;
