//! The score of a state: how far a network has got on its way out.

use crate::error::{ModelError, check, finite};
use crate::region::HalfPlane;
use crate::simulation::Simulation;

/// −(a·u + b·r), with a, b ≥ 0: it rises only by decay, continuously, since spikes and currents add.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    potential: f64,
    calcium: f64,
}

impl Score {
    /// The score with these weights of mean potential and mean calcium.
    pub fn new(potential: f64, calcium: f64) -> Result<Self, ModelError> {
        let allowed = "two finite numbers >= 0, not both 0";
        for weight in [potential, calcium] {
            check("score", weight, weight >= 0.0 && weight.is_finite(), allowed)?;
        }
        check("score", potential, potential > 0.0 || calcium > 0.0, allowed)?;
        Ok(Self { potential, calcium })
    }

    /// The score of a simulation's present state.
    pub fn of(&self, simulation: &Simulation) -> f64 {
        let (u, r) = means(simulation);
        self.at(u, r)
    }

    /// The score of these means.
    pub fn at(&self, potential: f64, calcium: f64) -> f64 {
        -(self.potential * potential + self.calcium * calcium)
    }

    /// Where the score is `level` or less.
    pub(super) fn up_to(&self, level: f64) -> Result<HalfPlane, ModelError> {
        HalfPlane::new(self.potential, self.calcium, finite("score", -level)?)
    }

    /// Where the score is `level` or more.
    pub(super) fn from(&self, level: f64) -> Result<HalfPlane, ModelError> {
        HalfPlane::new(-self.potential, -self.calcium, finite("score", level)?)
    }
}

/// Mean potential and mean calcium at the present time.
pub(super) fn means(simulation: &Simulation) -> (f64, f64) {
    let (network, decay) = (simulation.network(), simulation.decay());
    (network.mean_potential(&decay), network.mean_calcium(&decay))
}
