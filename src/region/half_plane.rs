//! An oblique half-plane a·u + b·r ≥ c, and when a decaying network leaves it.

use super::{Path, bisect};
use crate::error::{ModelError, finite};

/// The points whose potential u and calcium r have a·u + b·r ≥ c.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfPlane {
    potential: f64,
    calcium: f64,
    above: f64,
}

impl HalfPlane {
    /// The half-plane potential·u + calcium·r ≥ above.
    pub fn new(potential: f64, calcium: f64, above: f64) -> Result<Self, ModelError> {
        let potential = finite("potential", potential)?;
        let calcium = finite("calcium", calcium)?;
        let above = finite("above", above)?;
        if potential == 0.0 && calcium == 0.0 {
            let allowed = "different from 0 where that of potential is 0";
            return Err(ModelError::Number { name: "calcium", value: calcium, allowed });
        }
        Ok(Self { potential, calcium, above })
    }

    /// Whether the point is inside or on the border.
    #[inline]
    pub fn contains(&self, potential: f64, calcium: f64) -> bool {
        self.potential * potential + self.calcium * calcium >= self.above
    }

    /// Whether less potential and less calcium never lead inside.
    pub(super) fn is_above(&self) -> bool {
        self.potential >= 0.0 && self.calcium >= 0.0
    }

    /// Whether a path on which both means fall passes the border once at most.
    pub(super) fn is_monotone(&self) -> bool {
        self.is_above() || (self.potential <= 0.0 && self.calcium <= 0.0)
    }

    /// The first time in [from, to] at which a path that is inside at `from` is outside; else inf.
    ///
    /// The height over the border is a constant plus two exponentials, so it turns once at most, and is
    /// monotone on either side. The search on such a piece begins at its own ends, not at `from` and `to`, so that the
    /// root has the same bits however the time was cut into pieces.
    pub(super) fn first_crossing(&self, path: &Path, from: f64, to: f64) -> f64 {
        let height = |x: f64| {
            let (u, r) = path.at(x);
            self.potential * u + self.calcium * r - self.above
        };
        let turn = self.turning_point(path);
        for (start, end) in [(0.0, turn), (turn.max(0.0), f64::INFINITY)] {
            let right = end.min(to);
            if right <= from || height(right) >= 0.0 {
                continue;
            }
            // Outside before `from` is no matter: the path has come back since.
            let left = if height(start) < 0.0 { from } else { start };
            let mut width = 1.0 / path.rates.fastest();
            while left + width < end && height(left + width) >= 0.0 {
                width *= 2.0;
            }
            return bisect(height, left, (left + width).min(end)).clamp(from, right);
        }
        f64::INFINITY
    }

    /// Where the height turns; −inf if it is monotone.
    fn turning_point(&self, path: &Path) -> f64 {
        let (beta, lam) = (path.rates.potential, path.rates.calcium);
        let by_potential = -beta * self.potential * path.potential;
        let by_calcium = -lam * self.calcium * path.calcium;
        // At the turn by_potential·e^{−βx} + by_calcium·e^{−λx} = 0.
        let turn = (-by_calcium / by_potential).ln() / (lam - beta);
        if turn.is_finite() { turn } else { f64::NEG_INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::decay::DecayRates;
    use proptest::prelude::*;

    proptest! {
        /// The first crossing against a fine walk along the path, whatever the signs.
        #[test]
        fn no_crossing_is_missed(
            a in -2.0..2.0f64, b in -2.0..2.0f64, back in 1e-3..1.0f64,
            potential in -3.0..3.0f64, calcium in 0.0..9.0f64, level in 0.0..3.0f64,
            beta in 0.05..2.0f64, lam in 0.05..2.0f64, from in 0.0..3.0f64,
        ) {
            let rates = DecayRates { potential: beta, calcium: lam };
            let path = Path { potential, calcium, level, rates };
            let (u, r) = path.at(from);
            let half = HalfPlane::new(a, b, a * u + b * r - back).unwrap();
            let to = from + 20.0;
            let found = half.first_crossing(&path, from, to);
            let walk = (0..=20_000).map(|k| from + 1e-3 * f64::from(k));
            let inside = |x: f64| { let (u, r) = path.at(x); half.contains(u, r) };
            match walk.into_iter().find(|&x| !inside(x)) {
                Some(time) => prop_assert!(found <= time && found >= time - 1e-3 - 1e-9),
                // A dip between two points of the walk may be found, nothing else.
                None => prop_assert!(found == f64::INFINITY || !inside(found)),
            }
            if found.is_finite() {
                prop_assert!(!inside(found) || found == to);
                // Cutting the time changes no bit.
                let cut = from + 0.37 * (found - from);
                prop_assert_eq!(half.first_crossing(&path, cut, to), found);
                prop_assert_eq!(half.first_crossing(&path, from, found), found);
                if cut < found {
                    prop_assert_eq!(half.first_crossing(&path, from, cut), f64::INFINITY);
                }
            }
        }
    }

    #[test]
    fn a_half_plane_of_one_mean_is_a_box() {
        let rates = DecayRates { potential: 1.0, calcium: 0.1 };
        let path = Path { potential: 2.0, calcium: 9.0, level: 0.0, rates };
        let exit = |a, b, c| HalfPlane::new(a, b, c).unwrap().first_crossing(&path, 0.0, 99.0);
        assert!((exit(1.0, 0.0, 0.7) - (2.0_f64 / 0.7).ln()).abs() < 1e-14);
        assert!((exit(0.0, 2.0, 9.0) - 10.0 * 2.0_f64.ln()).abs() < 1e-12);
        assert_eq!(exit(-1.0, 0.0, -2.5), f64::INFINITY);
        assert_eq!(exit(1.0, 0.1, 0.0), f64::INFINITY);
    }

    #[test]
    fn no_direction_is_refused() {
        assert!(HalfPlane::new(0.0, 0.0, 1.0).is_err());
        assert!(HalfPlane::new(f64::NAN, 1.0, 1.0).is_err());
        assert!(HalfPlane::new(1.0, f64::INFINITY, 1.0).is_err());
    }
}
