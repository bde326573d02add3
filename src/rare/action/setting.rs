//! What all sweeps of one step length have in common: the model, the ends of the path, the factors of a step.

use super::cells::Cells;
use crate::limit::Equilibrium;
use crate::model::Model;

/// Time at either end of the path, in units of its slowest relaxation there: the excess of the cost is e^{−12} of it.
const ENDS: f64 = 6.0;
/// Where the guess leaves the saddle, as a part of the way to the equilibrium.
const NEAR_SADDLE: f64 = 1e-3;
const LEAST_RATE: f64 = 1e-3;

pub(super) struct Setting<'a> {
    pub(super) model: &'a Model,
    pub(super) equilibrium: (f64, f64),
    pub(super) saddle: (f64, f64),
    /// What measures the distance to the border: 0 on it, 1 at the equilibrium.
    pub(super) border: (f64, f64),
    pub(super) step: f64,
    pub(super) steps: usize,
    /// e^{−β·step}, e^{−λ·step}
    pub(super) decay: (f64, f64),
    /// What E[ψc] adds to the potential in a step.
    pub(super) gain: f64,
    /// Calcium before the jumps of a step is read with this factor: then equilibria of the steps are those of the
    /// limit equation.
    pub(super) readout: f64,
}

/// The fastest rate that the steps have to follow.
pub(super) fn fastest(model: &Model, equilibrium: &Equilibrium, saddle: &Equilibrium) -> f64 {
    let rate = |point: &Equilibrium| model.rate().at(point.potential);
    model.beta().max(2.0 * model.lam()).max(rate(equilibrium)).max(rate(saddle))
}

impl<'a> Setting<'a> {
    pub(super) fn new(
        model: &'a Model,
        equilibrium: &Equilibrium,
        saddle: &Equilibrium,
        step: f64,
    ) -> Self {
        let slowest = |point: &Equilibrium| {
            point.eigenvalues.iter().map(|value| value.0.abs()).fold(model.lam(), f64::min)
        };
        let time = ENDS * (1.0 / slowest(equilibrium) + 1.0 / slowest(saddle));
        let [[a, _], [c, _]] = saddle.jacobian;
        let left = (c, saddle.eigenvalues[0].0 - a);
        let (equilibrium, saddle) =
            [equilibrium, saddle].map(|point| (point.potential, point.calcium)).into();
        let apart = left.0 * (equilibrium.0 - saddle.0) + left.1 * (equilibrium.1 - saddle.1);
        let decay = ((-model.beta() * step).exp(), (-model.lam() * step).exp());
        Self {
            model,
            equilibrium,
            saddle,
            border: (left.0 / apart, left.1 / apart),
            step,
            steps: (time / step).ceil().min(1e9) as usize,
            decay,
            gain: model.alpha() * (1.0 - decay.0) / model.beta(),
            readout: (model.lam() * step).exp_m1() / (model.lam() * step),
        }
    }

    /// The grid of calcium: so fine that decay moves it by one cell in a step.
    pub(super) fn cells(&self) -> Cells {
        Cells::new(self.model.lam() * self.step, self.most_calcium())
    }

    /// The points of the grid of time and calcium.
    pub(super) fn points(&self) -> f64 {
        let cells = Cells::count(self.model.lam() * self.step, self.most_calcium());
        (self.steps + 1) as f64 * cells
    }

    fn most_calcium(&self) -> f64 {
        self.equilibrium.1.max(self.saddle.1)
    }

    /// How far the end of a path is from the border.
    pub(super) fn miss(&self, potential: f64, calcium: f64) -> f64 {
        self.border.0 * (potential - self.saddle.0) + self.border.1 * (calcium - self.saddle.1)
    }

    /// The transmitted calcium, for calcium before the jumps of a step.
    pub(super) fn transmitted(&self, calcium: f64) -> f64 {
        self.readout * calcium + self.model.transmitted_offset()
    }

    /// The cost per unit of time of spiking at the rate c in place of φ: c ln(c/φ) − c + φ. Both are given with their
    /// logarithms.
    pub(super) fn cost(&self, log_rate: f64, rate: f64, log_free: f64, free: f64) -> f64 {
        rate * (log_rate - log_free) - rate + free
    }

    /// The logarithm of the rate along the orbit from the saddle to the equilibrium, backward in time.
    pub(super) fn guess(&self) -> Vec<f64> {
        let field = |u: f64, r: f64| self.model.vector_field(u, r, 0.0);
        let (equilibrium, saddle) = (self.equilibrium, self.saddle);
        let mut u = saddle.0 + NEAR_SADDLE * (equilibrium.0 - saddle.0);
        let mut r = saddle.1 + NEAR_SADDLE * (equilibrium.1 - saddle.1);
        let least = LEAST_RATE * self.model.rate().at(equilibrium.0);
        let mut log_rate: Vec<f64> = (0..self.steps)
            .map(|_| {
                let half = 0.5 * self.step;
                let (du, dr) = field(u, r);
                let (du, dr) = field(u + half * du, r + half * dr);
                (u, r) = (u + self.step * du, r + self.step * dr);
                // Backward the calcium changes by −dr, and decays all the same.
                (self.model.lam() * r - dr).max(least).ln()
            })
            .collect();
        log_rate.reverse();
        log_rate
    }
}
