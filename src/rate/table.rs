//! A rate given by points: linear or a smooth cubic between them, with range queries for its extremes.

mod cubic;
mod knots;
mod marks;
mod pchip;
mod sign_changes;
mod turns;

use crate::error::{LEAST, MOST, ModelError};
use cubic::Cubic;
use knots::Knots;
use turns::Turns;

/// How a table goes on between its points. Either way it rises or falls between two neighbours as they do, so that its
/// extremes are at points, and at the ends of the interval looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// By straight lines: each point is a corner.
    Linear,
    /// By the cubics of Fritsch and Butland (PCHIP), with a continuous derivative.
    Monotone,
}

/// A function through points, flat outside its ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    knots: Knots,
    rate: Vec<f64>,
    /// Between the knots; none if the table is linear.
    cubics: Vec<Cubic>,
    turns: Turns,
}

impl Table {
    pub(super) fn new(
        potential: &[f64],
        rate: &[f64],
        interpolation: Interpolation,
    ) -> Result<Self, ModelError> {
        check_points(potential, rate)?;
        let cubics = match interpolation {
            Interpolation::Linear => vec![],
            Interpolation::Monotone => {
                let slope = pchip::derivatives(potential, rate);
                let point = |k: usize| (potential[k], rate[k], slope[k]);
                (1..rate.len()).map(|k| Cubic::new(point(k - 1), point(k))).collect()
            }
        };
        let (knots, turns) = (Knots::new(potential), Turns::new(potential, rate));
        Ok(Self { knots, rate: rate.to_vec(), cubics, turns })
    }

    pub(super) fn is_nondecreasing(&self) -> bool {
        self.turns.potential().is_empty() && self.rate[0] <= self.rate[self.rate.len() - 1]
    }

    #[inline]
    pub(super) fn at(&self, u: f64) -> f64 {
        let right = self.knots.up_to(u);
        if right == 0 {
            self.rate[0]
        } else if right == self.rate.len() {
            self.rate[right - 1]
        } else if let Some(cubic) = self.cubics.get(right - 1) {
            cubic.at(u)
        } else {
            let (p, q) = (self.knots.values()[right - 1], self.knots.values()[right]);
            let (a, b) = (self.rate[right - 1], self.rate[right]);
            // Between its ends also after rounding, so that the extremes at the knots hold.
            (a + (u - p) / (q - p) * (b - a)).clamp(a.min(b), a.max(b))
        }
    }

    pub(super) fn slope(&self, u: f64) -> f64 {
        let right = self.knots.up_to(u);
        if right == 0 || right == self.rate.len() {
            0.0
        } else if let Some(cubic) = self.cubics.get(right - 1) {
            cubic.slope(u)
        } else {
            self.line(right - 1)
        }
    }

    /// How far the slope can be off because the rates at the knots are rounded.
    pub(super) fn slope_rounding(&self, u: f64) -> f64 {
        let right = self.knots.up_to(u);
        if right == 0 || right == self.rate.len() {
            return 0.0;
        }
        let (potential, k) = (self.knots.values(), right - 1);
        8.0 * f64::EPSILON * self.rate[k].max(self.rate[right]) / (potential[right] - potential[k])
    }

    /// The slope of the straight line from a knot to the next.
    fn line(&self, k: usize) -> f64 {
        let potential = self.knots.values();
        (self.rate[k + 1] - self.rate[k]) / (potential[k + 1] - potential[k])
    }

    /// The least and the greatest value on [low, high].
    pub(super) fn extremes(&self, low: f64, high: f64) -> (f64, f64) {
        let (a, b) = (self.at(low), self.at(high));
        self.turns.extremes(low, high, (a.min(b), a.max(b)))
    }

    /// Where the slopes on the two sides differ, increasing. A smooth table has corners at its ends only, where it
    /// doesn't end flat; at potential 0 there is no other side.
    pub(super) fn corners(&self) -> Vec<f64> {
        let potential = self.knots.values();
        let last = potential.len() - 1;
        let (start, end) = match &self.cubics[..] {
            [] => (self.line(0), self.line(last - 1)),
            [first, ..] => (first.end_slopes().0, self.cubics[last - 1].end_slopes().1),
        };
        let mut found = vec![];
        if potential[0] > 0.0 && start != 0.0 {
            found.push(potential[0]);
        }
        if self.cubics.is_empty() {
            let bent = (1..last).filter(|&k| self.line(k - 1) != self.line(k));
            found.extend(bent.map(|k| potential[k]));
        }
        if end != 0.0 {
            found.push(potential[last]);
        }
        found
    }

    /// The knots if the table is linear.
    pub(super) fn polygon(&self) -> &[f64] {
        if self.cubics.is_empty() { self.knots.values() } else { &[] }
    }

    /// Potentials, increasing, so many that there are two at least between the two ends of a narrow bump or dip.
    pub(super) fn marks(&self) -> Vec<f64> {
        marks::marks(self.knots.values(), &self.rate)
    }

    /// Points, increasing, between which φ is convex or concave all along and differentiable.
    pub(super) fn bends(&self) -> Vec<f64> {
        self.changes(|cubic, visit| cubic.curvatures(visit))
    }

    /// The same for φ(φ + offset).
    ///
    /// Between knots a linear table makes it quadratic and convex.
    pub(super) fn inflections(&self, offset: f64) -> Vec<f64> {
        self.changes(|cubic, visit| cubic.curvatures_of_drive(offset, visit))
    }

    /// Points, increasing, between which a function is convex or concave all along and differentiable, if it is convex
    /// on the pieces of a linear table, and on those of a smooth one has the `curvatures` told.
    ///
    /// At a knot the second derivative may jump; where it keeps its sign there, the first derivative is continuous
    /// and goes on rising, or falling. Knots at which the rate is 0 are among the points all the same.
    fn changes(&self, curvatures: impl Fn(&Cubic, &mut dyn FnMut(f64, f64))) -> Vec<f64> {
        if self.cubics.is_empty() {
            return self.corners();
        }
        let potential = self.knots.values();
        let mut found = vec![potential[0]];
        let mut known = 0.0;
        for (k, cubic) in self.cubics.iter().enumerate() {
            if self.rate[k] == 0.0 {
                found.push(potential[k]);
            }
            curvatures(cubic, &mut |start, sign| {
                if sign * known < 0.0 {
                    found.push(start);
                }
                if sign != 0.0 {
                    known = sign;
                }
            });
        }
        found.push(potential[potential.len() - 1]);
        found.dedup();
        found
    }
}

fn check_points(potential: &[f64], rate: &[f64]) -> Result<(), ModelError> {
    let most = u32::MAX as usize;
    if !(2..most).contains(&potential.len()) {
        let (name, length) = ("potential", potential.len());
        let allowed = if length < 2 { "at least 2 points" } else { "fewer than 2^32 - 1 points" };
        return Err(ModelError::Length { name, length, allowed });
    }
    if rate.len() != potential.len() {
        let (name, length) = ("rate", rate.len());
        return Err(ModelError::Length { name, length, allowed: "the length of potential" });
    }
    for (index, &value) in potential.iter().enumerate() {
        // So that slopes stay in the range of doubles.
        let allowed = "finite, >= 0 and strictly increasing, by 1e-300 at least";
        let follows = index == 0 || value - potential[index - 1] >= LEAST;
        check_entry("potential", index, value, follows, allowed)?;
    }
    for (index, &value) in rate.iter().enumerate() {
        check_entry("rate", index, value, true, "finite and >= 0")?;
    }
    Ok(())
}

fn check_entry(
    name: &'static str,
    index: usize,
    value: f64,
    follows: bool,
    allowed: &'static str,
) -> Result<(), ModelError> {
    let allowed = if value.is_finite() && value > MOST { "at most 1e100" } else { allowed };
    let good = (0.0..=MOST).contains(&value) && follows;
    if good { Ok(()) } else { Err(ModelError::Entry { name, index, value, allowed }) }
}

#[cfg(test)]
mod tests;
