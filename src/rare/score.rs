//! The score of a state: how far a network has got on its way out.
//!
//! It falls as the mean potential or the mean calcium grows. So it rises only by decay, continuously, since spikes and
//! currents add.

use crate::error::{ModelError, check, finite};
use crate::region::{Curve, HalfPlane, Region, Side};
use crate::simulation::Simulation;

/// Which of two states is nearer to the exit.
#[derive(Clone, Debug, PartialEq)]
pub struct Score(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// −(a·u + b·r), with a, b ≥ 0.
    Linear { potential: f64, calcium: f64 },
    /// −(u − g(r)): how far to the left of a curve that never rises. Both sides of it, for what lies on either.
    Border { above: Curve, below: Curve },
}

impl Score {
    /// The score with these weights of mean potential and mean calcium.
    pub fn new(potential: f64, calcium: f64) -> Result<Self, ModelError> {
        let allowed = "two finite numbers >= 0, not both 0";
        for weight in [potential, calcium] {
            check("score", weight, weight >= 0.0 && weight.is_finite(), allowed)?;
        }
        check("score", potential, potential > 0.0 || calcium > 0.0, allowed)?;
        Ok(Self(Kind::Linear { potential, calcium }))
    }

    /// How far left a state is of the curve through these points, whose calcium falls to 0.
    pub fn border(potential: &[f64], calcium: &[f64]) -> Result<Self, ModelError> {
        let above = Curve::new(Side::Above, potential, calcium)?;
        let below = Curve::new(Side::Below, potential, calcium)?;
        let last = calcium[calcium.len() - 1];
        let falls = above.never_rises() && last == 0.0;
        check("score", last, falls, "a curve whose calcium falls to 0")?;
        Ok(Self(Kind::Border { above, below }))
    }

    /// The score of a simulation's present state.
    pub fn of(&self, simulation: &Simulation) -> f64 {
        let (u, r) = means(simulation);
        self.at(u, r)
    }

    /// The score of these means.
    pub fn at(&self, potential: f64, calcium: f64) -> f64 {
        match &self.0 {
            Kind::Linear { potential: a, calcium: b } => -(a * potential + b * calcium),
            Kind::Border { above, .. } => above.inverse(calcium) - potential,
        }
    }

    /// The part of a region where the score is `level` or less.
    pub(super) fn up_to(&self, region: &Region, level: f64) -> Result<Region, ModelError> {
        Ok(match &self.0 {
            Kind::Linear { potential, calcium } => {
                region.within(HalfPlane::new(*potential, *calcium, finite("score", -level)?)?)
            }
            Kind::Border { above, .. } => region.beside(above.clone(), finite("score", -level)?),
        })
    }

    /// Moves the border of such a part to another level.
    pub(super) fn move_up_to(&self, part: &mut Region, level: f64) -> Result<(), ModelError> {
        let place = finite("score", -level)?;
        match &self.0 {
            Kind::Linear { potential, calcium } => {
                part.move_last(HalfPlane::new(*potential, *calcium, place)?);
            }
            Kind::Border { .. } => part.shift_last(place),
        }
        Ok(())
    }

    /// The part of a region where the score is `level` or more.
    pub(super) fn from(&self, region: &Region, level: f64) -> Result<Region, ModelError> {
        let level = finite("score", level)?;
        Ok(match &self.0 {
            Kind::Linear { potential, calcium } => {
                region.within(HalfPlane::new(-potential, -calcium, level)?)
            }
            Kind::Border { below, .. } => region.beside(below.clone(), -level),
        })
    }
}

/// Mean potential and mean calcium at the present time.
pub(super) fn means(simulation: &Simulation) -> (f64, f64) {
    let (network, decay) = (simulation.network(), simulation.decay());
    (network.mean_potential(&decay), network.mean_calcium(&decay))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    fn scores() -> [Score; 2] {
        let border = Score::border(&[0.5, 1.0, 3.0, 9.0], &[20.0, 9.0, 4.0, 0.0]);
        [Score::new(0.9, 0.4).unwrap(), border.unwrap()]
    }

    proptest! {
        /// The parts of a region are where the score says, and both means lower it.
        #[test]
        fn parts_are_where_the_score_says(
            u in 0.0..12.0f64, r in 0.0..30.0f64, level in -12.0..12.0f64, more in 1e-3..5.0f64,
        ) {
            let whole = Region::new(ALL, ALL, vec![], vec![]).unwrap();
            for score in scores() {
                let z = score.at(u, r);
                prop_assert!(score.at(u + more, r) < z);
                prop_assert!(score.at(u, r + more) <= z);
                prop_assume!((z - level).abs() > 1e-9);
                let low = score.up_to(&whole, level).unwrap();
                let mut moved = score.up_to(&whole, 0.3).unwrap();
                score.move_up_to(&mut moved, level).unwrap();
                let high = score.from(&whole, level).unwrap();
                prop_assert_eq!(low.contains(u, r), z < level);
                prop_assert_eq!(moved.contains(u, r), z < level);
                prop_assert_eq!(high.contains(u, r), z > level);
            }
        }
    }

    #[test]
    fn a_border_has_points_on_it_at_score_0() {
        let [_, border] = scores();
        for (u, r) in [(0.5, 20.0), (2.0, 6.5), (9.0, 0.0), (0.5, 50.0)] {
            assert!(border.at(u, r).abs() < 1e-12);
        }
    }

    #[test]
    fn what_rises_by_spikes_is_no_score() {
        assert!(Score::new(-0.1, 1.0).is_err());
        assert!(Score::new(0.0, 0.0).is_err());
        assert!(Score::border(&[0.5, 1.0], &[3.0, 4.0]).is_err());
        assert!(Score::border(&[0.5, 1.0], &[3.0, 1.0]).is_err());
        assert!(Score::border(&[], &[]).is_err());
    }
}
