//! A curve r = s(u) through given points, and when a decaying network gets to its other side.

use super::{Path, bisect};
use crate::error::ModelError;

/// On which side of a curve points have to be; the curve itself belongs to both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// r ≥ s(u).
    Above,
    /// r ≤ s(u).
    Below,
}

/// One side of a piecewise linear curve: +∞ left of its first point, flat right of its last.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    side: Side,
    potential: Vec<f64>,
    calcium: Vec<f64>,
    /// How far right of the points the curve is.
    shift: f64,
    never_rises: bool,
}

impl Curve {
    /// That side of the curve through the points (potential, calcium), potentials strictly increasing.
    pub fn new(side: Side, potential: &[f64], calcium: &[f64]) -> Result<Self, ModelError> {
        if potential.is_empty() || potential.len() != calcium.len() {
            let length = calcium.len();
            let allowed = "as many entries as potential, and at least one";
            return Err(ModelError::Length { name: "calcium", length, allowed });
        }
        for (name, values) in [("potential", potential), ("calcium", calcium)] {
            if let Some(index) = values.iter().position(|v| !v.is_finite()) {
                let value = values[index];
                return Err(ModelError::Entry { name, index, value, allowed: "finite" });
            }
        }
        if let Some(index) = potential.windows(2).position(|pair| pair[0] >= pair[1]) {
            let (index, value) = (index + 1, potential[index + 1]);
            let allowed = "strictly increasing";
            return Err(ModelError::Entry { name: "potential", index, value, allowed });
        }
        let never_rises = calcium.is_sorted_by(|a, b| a >= b);
        let (potential, calcium) = (potential.to_vec(), calcium.to_vec());
        Ok(Self { side, potential, calcium, shift: 0.0, never_rises })
    }

    /// Moves the curve to so far right of its points.
    pub(super) fn shift_to(&mut self, shift: f64) {
        self.shift = shift;
    }

    /// s(u).
    pub fn at(&self, u: f64) -> f64 {
        let u = u - self.shift;
        let right = self.potential.partition_point(|&p| p <= u);
        if right == 0 {
            return f64::INFINITY;
        }
        if right == self.potential.len() {
            return self.calcium[right - 1];
        }
        let (p, q) = (self.potential[right - 1], self.potential[right]);
        let (a, b) = (self.calcium[right - 1], self.calcium[right]);
        a + (u - p) / (q - p) * (b - a)
    }

    /// The least u with s(u) ≤ r, for a curve that never rises; inf if there is none.
    pub(crate) fn inverse(&self, r: f64) -> f64 {
        let right = self.calcium.partition_point(|&c| c > r);
        if right == self.calcium.len() {
            return f64::INFINITY;
        }
        let u = if right == 0 {
            self.potential[0]
        } else {
            let (p, q) = (self.potential[right - 1], self.potential[right]);
            let (a, b) = (self.calcium[right - 1], self.calcium[right]);
            p + (a - r) / (a - b) * (q - p)
        };
        u + self.shift
    }

    /// Whether the point is on the curve or on its side.
    pub fn admits(&self, potential: f64, calcium: f64) -> bool {
        match self.side {
            Side::Above => calcium >= self.at(potential),
            Side::Below => calcium <= self.at(potential),
        }
    }

    /// How far the point is inside.
    fn height(&self, potential: f64, calcium: f64) -> f64 {
        match self.side {
            Side::Above => calcium - self.at(potential),
            Side::Below => self.at(potential) - calcium,
        }
    }

    /// Whether s is nonincreasing; then what is above the curve has no lower left corner, and what is below it no
    /// way out by a fall of both means.
    pub(crate) fn never_rises(&self) -> bool {
        self.never_rises
    }

    /// Whether a point above and to the right of one inside is inside.
    pub(super) fn is_closed_upwards(&self) -> bool {
        self.side == Side::Above && self.never_rises
    }

    /// The first time in [from, to] at which a path that is inside at `from` is outside; else inf.
    ///
    /// The brackets of the search are where the path passes the curve's points, so that the root has
    /// the same bits however the time was cut into pieces; where the curve does not cover the path's
    /// past, a bracket begins at `from`, and the last bits may tell.
    pub(super) fn first_crossing(&self, path: &Path, from: f64, to: f64) -> f64 {
        let (start, end) = (path.at(from).0 - self.shift, path.at(to).0 - self.shift);
        let first = self.potential.partition_point(|&p| p < start.min(end)).saturating_sub(1);
        let past = self.potential.partition_point(|&p| p <= start.max(end)) + 1;
        let passed = &self.potential[first..past.min(self.potential.len())];
        let mut corners: Vec<f64> =
            passed.iter().map(|&p| path.time_at_potential(p + self.shift)).collect();
        corners.retain(|corner| corner.is_finite());
        corners.sort_by(f64::total_cmp);
        corners.insert(0, corners.first().map_or(from, |corner| corner.min(from)));
        corners.push(corners[corners.len() - 1].max(to));
        let crossings = corners.windows(2).filter(|pair| pair[1] >= from);
        let mut crossings = crossings.filter_map(|pair| self.crossing_in(path, pair, from));
        crossings.next().filter(|&time| time <= to).unwrap_or(f64::INFINITY)
    }

    /// The same, while the path is over one segment. There the height over the curve is a constant
    /// plus two exponentials, so it has one turning point at most.
    fn crossing_in(&self, path: &Path, bracket: &[f64], from: f64) -> Option<f64> {
        let (start, end) = (bracket[0], bracket[1]);
        let height = |x: f64| {
            let (u, r) = path.at(x);
            self.height(u, r)
        };
        let turn = self.turning_point(path, 0.5 * (start + end)).clamp(start, end);
        // Outside before `from` is no matter: the path has come back since.
        let mut left = if start < from && height(start) < 0.0 { from } else { start };
        for right in [turn, end] {
            if right > from && height(right) < 0.0 {
                return Some(bisect(height, left, right).max(from));
            }
            left = left.max(right);
        }
        None
    }

    /// Where r(x) − slope·u(x) turns, on the segment over which the path is at time `x`.
    fn turning_point(&self, path: &Path, x: f64) -> f64 {
        let u = path.at(x).0 - self.shift;
        let right = self.potential.partition_point(|&p| p <= u);
        if right == 0 || right == self.potential.len() {
            return f64::INFINITY;
        }
        let slope = (self.calcium[right] - self.calcium[right - 1])
            / (self.potential[right] - self.potential[right - 1]);
        let (beta, lam) = (path.rates.potential, path.rates.calcium);
        let ratio = slope * path.potential * beta / (lam * path.calcium);
        let turn = ratio.ln() / (beta - lam);
        if turn.is_finite() { turn } else { f64::INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::decay::DecayRates;

    const RATES: DecayRates = DecayRates { potential: 1.0, calcium: 0.1 };

    #[test]
    fn a_decaying_path_falls_below_where_it_meets_the_curve() {
        let curve = Curve::new(Side::Above, &[0.5, 1.0, 3.0], &[9.0, 6.0, 2.0]).unwrap();
        let path = Path { potential: 2.0, calcium: 8.0, level: 0.0, rates: RATES };
        let time = curve.first_crossing(&path, 0.0, 10.0);
        let (u, r) = path.at(time);
        assert!((r - curve.at(u)).abs() < 1e-12);
        assert!(time > 0.0 && path.at(0.99 * time).1 > curve.at(path.at(0.99 * time).0));
        assert_eq!(curve.first_crossing(&path, 0.0, 0.99 * time), f64::INFINITY);
    }

    #[test]
    fn a_path_that_dips_below_and_comes_back_is_caught() {
        // Rising potential, falling calcium, over one falling segment.
        let curve = Curve::new(Side::Above, &[0.0, 10.0], &[5.0, 0.0]).unwrap();
        let rates = DecayRates { potential: 0.1, calcium: 1.0 };
        let path = Path { potential: -20.0, calcium: 5.01, level: 20.0, rates };
        let inside = |x: f64| path.at(x).1 > curve.at(path.at(x).0);
        assert!(inside(0.0) && !inside(1.0) && inside(8.0));
        let time = curve.first_crossing(&path, 0.0, 8.0);
        assert!(time < 1.0 && !inside(time) && inside(time * (1.0 - 1e-9)));
    }

    #[test]
    fn a_current_lifts_a_path_over_the_curve() {
        let curve = Curve::new(Side::Below, &[0.5, 1.0, 3.0], &[9.0, 6.0, 2.0]).unwrap();
        let path = Path { potential: -4.0, calcium: 6.0, level: 4.0, rates: RATES };
        let time = curve.first_crossing(&path, 0.0, 10.0);
        let (u, r) = path.at(time);
        assert!((r - curve.at(u)).abs() < 1e-12 && u > 1.0);
        assert!(curve.admits(path.at(0.99 * time).0, path.at(0.99 * time).1));
        assert!(curve.admits(0.1, 1e9) && !curve.admits(5.0, 2.1));
        let falling = Path { potential: 1.0, calcium: 5.0, level: 0.0, rates: RATES };
        assert_eq!(curve.first_crossing(&falling, 0.0, 99.0), f64::INFINITY);
    }

    #[test]
    fn left_of_the_curve_is_outside() {
        let curve = Curve::new(Side::Above, &[0.5, 1.0], &[9.0, 6.0]).unwrap();
        let path = Path { potential: 1.0, calcium: 1e6, level: 0.0, rates: RATES };
        assert!((curve.first_crossing(&path, 0.0, 9.0) - 2.0_f64.ln()).abs() < 1e-12);
        assert!(Curve::new(Side::Above, &[1.0, 1.0], &[2.0, 3.0]).is_err());
    }
}
