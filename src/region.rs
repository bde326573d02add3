//! Regions of the plane (mean potential, mean calcium), and when a decaying network leaves one.

use crate::error::ModelError;
use crate::exp::exp;
use crate::network::Network;
use crate::network::decay::DecayRates;

mod curve;
mod half_plane;

pub use curve::{Curve, Side};
pub use half_plane::HalfPlane;

/// A box, infinite sides allowed, cut by half-planes and by curves.
///
/// Regions are closed: a point on the boundary is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    potential: (f64, f64),
    calcium: (f64, f64),
    half_planes: Vec<HalfPlane>,
    curves: Vec<Curve>,
}

/// The means of a network without spikes, from some reference time on:
/// potential level + potential·e^{−βx}, calcium·e^{−λx}.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// Distance of the mean potential to its resting level at the reference time.
    pub potential: f64,
    /// Mean calcium at the reference time.
    pub calcium: f64,
    /// What the potential relaxes to.
    pub level: f64,
    /// The decay rates.
    pub rates: DecayRates,
}

impl Path {
    /// The path of a network's means, from its frame's reference time.
    pub fn new(network: &Network) -> Self {
        let (potential, calcium) = network.scaled_means();
        Self { potential, calcium, level: network.resting_potential(), rates: network.rates() }
    }

    /// The point at time `x`.
    pub fn at(&self, x: f64) -> (f64, f64) {
        let potential = self.level + self.potential * exp(-self.rates.potential * x);
        (potential, self.calcium * exp(-self.rates.calcium * x))
    }

    /// When the potential passes `value`: inf if never, and possibly before the reference time.
    pub(crate) fn time_at_potential(&self, value: f64) -> f64 {
        let ratio = self.potential / (value - self.level);
        if ratio > 0.0 { ratio.ln() / self.rates.potential } else { f64::INFINITY }
    }

    /// When the calcium passes `value`: inf if never.
    fn time_at_calcium(&self, value: f64) -> f64 {
        if value > 0.0 { (self.calcium / value).ln() / self.rates.calcium } else { f64::INFINITY }
    }
}

impl Region {
    /// The box of these closed intervals, within all `half_planes` and on the right side of all `curves`.
    pub fn new(
        potential: (f64, f64),
        calcium: (f64, f64),
        half_planes: Vec<HalfPlane>,
        curves: Vec<Curve>,
    ) -> Result<Self, ModelError> {
        for (name, bounds) in [("potential", potential), ("calcium", calcium)] {
            if bounds.0.is_nan() || bounds.1.is_nan() || bounds.0 > bounds.1 {
                return Err(ModelError::Interval { name, bounds });
            }
        }
        Ok(Self { potential, calcium, half_planes, curves })
    }

    /// The part of it that is in a half-plane.
    pub fn within(&self, half_plane: HalfPlane) -> Self {
        let mut part = self.clone();
        part.half_planes.push(half_plane);
        part
    }

    /// The part of it that is on the right side of a curve, moved to the right so far.
    pub(crate) fn beside(&self, mut curve: Curve, shift: f64) -> Self {
        let mut part = self.clone();
        curve.shift_to(shift);
        part.curves.push(curve);
        part
    }

    /// Puts another half-plane in the place of the last: regions that follow a level need no room anew.
    pub(crate) fn move_last(&mut self, half_plane: HalfPlane) {
        if let Some(last) = self.half_planes.last_mut() {
            *last = half_plane;
        }
    }

    /// Moves the last curve to so far right of its points.
    pub(crate) fn shift_last(&mut self, shift: f64) {
        if let Some(last) = self.curves.last_mut() {
            last.shift_to(shift);
        }
    }

    /// Whether the point is inside.
    #[inline]
    pub fn contains(&self, potential: f64, calcium: f64) -> bool {
        self.potential.0 <= potential
            && potential <= self.potential.1
            && self.calcium.0 <= calcium
            && calcium <= self.calcium.1
            && self.half_planes.iter().all(|half| half.contains(potential, calcium))
            && self.curves.iter().all(|curve| curve.admits(potential, calcium))
    }

    /// Whether a path that started inside and is now at this point has been inside all the way:
    /// a quick test, which may say no where the answer is yes. `falling`: both means fall.
    #[inline]
    pub(crate) fn held_all_the_way(&self, potential: f64, calcium: f64, falling: bool) -> bool {
        // Both means are monotone in time, so a box that holds both ends holds all between them. If both
        // fall, so does a half-plane whose weights have one sign (a path that falls out of it does not come back, or none
        // falls out), and either side of a curve that never rises.
        let is_box = self.curves.is_empty() && self.half_planes.is_empty();
        let simple = || {
            falling
                && self.half_planes.iter().all(HalfPlane::is_monotone)
                && self.curves.iter().all(Curve::never_rises)
        };
        self.contains(potential, calcium) && (is_box || simple())
    }

    /// Whether a point above and to the right of one inside is inside.
    pub(crate) fn is_closed_upwards(&self) -> bool {
        let infinite = self.potential.1 == f64::INFINITY && self.calcium.1 == f64::INFINITY;
        infinite
            && self.half_planes.iter().all(HalfPlane::is_above)
            && self.curves.iter().all(Curve::is_closed_upwards)
    }

    /// The first time in [from, to] at which a path that is inside at `from` leaves.
    pub fn first_exit(&self, path: &Path, from: f64, to: f64) -> Option<f64> {
        let by_half = self.half_planes.iter().map(|half| half.first_crossing(path, from, to));
        let by_curve = self.curves.iter().map(|curve| curve.first_crossing(path, from, to));
        let exit = by_half.chain(by_curve).fold(self.box_exit(path, from), f64::min);
        (exit <= to && exit < f64::INFINITY).then_some(exit)
    }

    fn box_exit(&self, path: &Path, from: f64) -> f64 {
        let side = if path.potential > 0.0 { self.potential.0 } else { self.potential.1 };
        let by_potential = path.time_at_potential(side);
        let by_calcium = path.time_at_calcium(self.calcium.0);
        by_potential.min(by_calcium).max(from)
    }
}

/// The point where `height` becomes negative, to the last bit.
fn bisect(height: impl Fn(f64) -> f64, mut above: f64, mut below: f64) -> f64 {
    loop {
        let middle = 0.5 * (above + below);
        if middle <= above || middle >= below {
            return below;
        }
        if height(middle) < 0.0 { below = middle } else { above = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    const RATES: DecayRates = DecayRates { potential: 1.0, calcium: 0.1 };

    #[test]
    fn a_decaying_potential_leaves_at_the_root_of_the_exponential() {
        let region = Region::new((0.7, f64::INFINITY), ALL, vec![], vec![]).unwrap();
        let path = Path { potential: 2.0, calcium: 9.0, level: 0.0, rates: RATES };
        let exit = region.first_exit(&path, 0.0, 10.0).unwrap();
        assert!((exit - (2.0_f64 / 0.7).ln()).abs() < 1e-14);
        assert_eq!(region.first_exit(&path, 0.0, 1.0), None);
    }

    #[test]
    fn a_current_lifts_the_potential_out_of_a_box() {
        let region = Region::new((0.0, 2.0), (1.0, 9.0), vec![], vec![]).unwrap();
        let path = Path { potential: -2.0, calcium: 9.0, level: 3.0, rates: RATES };
        assert!((region.first_exit(&path, 0.0, 50.0).unwrap() - 2.0_f64.ln()).abs() < 1e-14);
        let path = Path { level: 2.0, potential: -1.0, ..path };
        assert!((region.first_exit(&path, 0.0, 50.0).unwrap() - 10.0 * 9.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn the_origin_is_never_left() {
        let region = Region::new((0.0, f64::INFINITY), (0.0, 10.0), vec![], vec![]).unwrap();
        let path = Path { potential: 1.0, calcium: 9.0, level: 0.0, rates: RATES };
        assert_eq!(region.first_exit(&path, 0.0, f64::INFINITY), None);
    }

    #[test]
    fn only_what_has_no_upper_end_is_closed_upwards() {
        let right = (0.5, f64::INFINITY);
        let curve = |side, calcium: &[f64]| Curve::new(side, &[0.5, 1.0], calcium).unwrap();
        let half = |a, b| HalfPlane::new(a, b, 1.0).unwrap();
        let closed = |potential, halves: &[HalfPlane], curves: &[Curve]| {
            let region = Region::new(potential, ALL, halves.to_vec(), curves.to_vec());
            region.unwrap().is_closed_upwards()
        };
        assert!(closed(right, &[half(1.0, 0.5)], &[curve(Side::Above, &[9.0, 6.0])]));
        assert!(!closed((0.5, 3.0), &[], &[]));
        assert!(!closed(right, &[half(1.0, -0.5)], &[]));
        assert!(!closed(right, &[], &[curve(Side::Above, &[6.0, 9.0])]));
        assert!(!closed(right, &[], &[curve(Side::Below, &[9.0, 6.0])]));
    }

    #[test]
    fn intervals_the_wrong_way_round_are_refused() {
        assert!(Region::new((1.0, 0.0), ALL, vec![], vec![]).is_err());
        assert!(Region::new(ALL, (f64::NAN, 1.0), vec![], vec![]).is_err());
    }
}
