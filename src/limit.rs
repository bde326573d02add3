//! The limit equation of infinitely many neurons, started from any law of finitely many atoms.
//!
//! Neurons that start at (u_k, r_k), a share w_k of all, have the potential ū(t) + (u_k − ū(0))e^{−βt},
//! ū being the mean, and the mean calcium r̄ + q_k:
//!
//! ū' = −βū + α Σ w_k ψ_k φ_k + I, r̄' = −λr̄ + φ̄, q_k' = −λq_k + φ_k − φ̄,
//! V' = −2λV + φ̄ + 2 Σ w_k q_k (φ_k − φ̄),
//!
//! with φ_k the rate of such a neuron, φ̄ its mean over k, ψ_k the calcium that it transmits, and V the variance of
//! calcium over all neurons, shot noise and different starts together: it is centred from the start, so nothing
//! cancels.

mod approach;
mod covariance;
mod critical_manifold;
mod destinations;
mod driven;
mod equilibria;
mod fate;
mod folds;
mod mark_crossings;
mod pieces;
mod plane_flow;
mod rosenbrock;
mod separatrix;

pub use approach::{Approach, Passage};
pub use covariance::covariance;
pub use critical_manifold::turning_points;
pub use destinations::destinations;
pub use equilibria::{Equilibrium, Kind, equilibria};
pub use folds::{Fold, Meeting, folds, folds_of_beta, folds_of_current};
pub use plane_flow::passage_time;
pub use separatrix::manifold;

use std::cell::RefCell;
use std::fmt;

use crate::dop853::{OdeError, Options, Solution, System};
use crate::error::{ModelError, check, room};
use crate::lateness::check_time;
use crate::limit::driven::{Driven, integrate_driven};
use crate::limit::pieces::{Pieces, Smoothness};
use crate::model::Model;
use crate::stimulus::Stimulus;

/// Mean potential, mean calcium and the variance of calcium: what a solution has for each time.
pub const MEANS: usize = 3;

/// So many atoms that a step takes longer than one wants to wait.
const MANY: usize = 10_000;

/// Numbers that an atom needs while the equation is solved.
const PER_ATOM: usize = 48;

/// Why there is no solution.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitError {
    /// An argument is wrong.
    Model(ModelError),
    /// The integration failed, at the time it tells.
    Ode(OdeError),
    /// An orbit reached no equilibrium.
    Lost {
        /// Potential at its start.
        potential: f64,
        /// Calcium at its start.
        calcium: f64,
        /// How long it was followed.
        time: f64,
    },
    /// It was told to stop.
    Stopped,
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(error) => error.fmt(f),
            Self::Ode(error @ OdeError::TooManySteps { .. }) => write!(
                f,
                "{error}: the equation is stiff, because its decays and its rate differ by many orders of magnitude, \
                 or its end is very far; end earlier, or let equilibria and basin tell where it leads"
            ),
            Self::Ode(error) => error.fmt(f),
            Self::Lost { potential, calcium, time } => write!(
                f,
                "the orbit from potential = {potential} and calcium = {calcium} reaches no equilibrium before \
                 t = {time}, as on a cycle"
            ),
            Self::Stopped => f.write_str("the integration was told to stop"),
        }
    }
}

impl std::error::Error for LimitError {}

impl From<ModelError> for LimitError {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}

impl From<OdeError> for LimitError {
    fn from(error: OdeError) -> Self {
        if let OdeError::Stopped { .. } = error { Self::Stopped } else { Self::Ode(error) }
    }
}

/// Where the neurons start: shares of them at points of the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct InitialLaw {
    potential: Vec<f64>,
    calcium: Vec<f64>,
    weight: Vec<f64>,
}

impl InitialLaw {
    /// All neurons start at this point.
    pub fn point(potential: f64, calcium: f64) -> Result<Self, ModelError> {
        Self::atoms(&[potential], &[calcium], &[1.0])
    }

    /// Shares of the neurons, proportional to `weight`, start at the points (potential, calcium).
    pub fn atoms(potential: &[f64], calcium: &[f64], weight: &[f64]) -> Result<Self, ModelError> {
        for (name, values) in [("calcium", calcium), ("weights", weight)] {
            let (length, allowed) = (values.len(), "the length of potential");
            if length != potential.len() {
                return Err(ModelError::Length { name, length, allowed });
            }
        }
        for (name, values) in [("potential", potential), ("calcium", calcium), ("weights", weight)]
        {
            if let Some(index) = values.iter().position(|v| !(*v >= 0.0 && v.is_finite())) {
                let (value, allowed) = (values[index], "finite numbers >= 0");
                return Err(if values.len() == 1 {
                    ModelError::Number { name, value, allowed }
                } else {
                    ModelError::Entry { name, index, value, allowed }
                });
            }
        }
        let total: f64 = weight.iter().sum();
        let good = total > 0.0 && total.is_finite();
        check("weights", total, good, "numbers whose sum is finite and > 0")?;
        let mut atoms: Vec<(f64, f64, f64)> = (0..potential.len())
            .filter(|&k| weight[k] > 0.0)
            .map(|k| (potential[k], calcium[k], weight[k] / total))
            .collect();
        atoms.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        atoms.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 += if same { next.2 } else { 0.0 };
            same
        });
        Ok(Self {
            potential: atoms.iter().map(|atom| atom.0).collect(),
            calcium: atoms.iter().map(|atom| atom.1).collect(),
            weight: atoms.iter().map(|atom| atom.2).collect(),
        })
    }

    /// The distinct points that carry weight: (potential, calcium, share), the shares adding up to 1.
    pub fn iter(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        let points = self.potential.iter().zip(&self.calcium).zip(&self.weight);
        points.map(|((u, r), w)| (*u, *r, *w))
    }

    /// The mean potential and the mean calcium, exactly those of the atom if there is one only.
    pub fn mean(&self) -> (f64, f64) {
        let (first_u, first_r) = (self.potential[0], self.calcium[0]);
        let (u, r) = self
            .iter()
            .fold((0.0, 0.0), |(u, r), (a, b, w)| (u + w * (a - first_u), r + w * (b - first_r)));
        (first_u + u, first_r + r)
    }
}

/// The equation while the current is constant: ū, r̄, V and, for more than one atom, all q_k.
struct Field<'a> {
    model: &'a Model,
    current: f64,
    pieces: Pieces<'a>,
    /// w_k.
    weight: &'a [f64],
    go_on: &'a dyn Fn() -> bool,
}

impl System for Field<'_> {
    fn dim(&self) -> usize {
        MEANS + if self.is_single() { 0 } else { self.weight.len() }
    }

    /// One step of very many atoms takes long.
    fn goes_on(&self) -> bool {
        self.weight.len() < MANY || (self.go_on)()
    }

    /// A step over two marks of the rate and more may not see what it does between them.
    fn overreach(&self, (t, y): (f64, &[f64]), (t_end, y_end): (f64, &[f64])) -> f64 {
        self.pieces.overreach((t, y[0]), (t_end, y_end[0]))
    }

    fn rhs(&self, t: f64, y: &[f64], dy: &mut [f64]) {
        let (alpha, beta, lam) = (self.model.alpha(), self.model.beta(), self.model.lam());
        let (u, transmitted) = (y[0], y[1] + self.model.transmitted_offset());
        let (mut mean, mut with_calcium) = (0.0, 0.0);
        if self.is_single() {
            mean = self.pieces.rate(0, u);
        } else {
            let deviation = &y[MEANS..];
            let rates = &mut dy[MEANS..];
            for (k, (rate, own)) in rates.iter_mut().zip(self.pieces.potentials(t, u)).enumerate() {
                *rate = self.pieces.rate(k, own);
                mean += self.weight[k] * *rate;
            }
            for (k, (rate, q)) in rates.iter_mut().zip(deviation).enumerate() {
                *rate -= mean;
                with_calcium += self.weight[k] * q * *rate;
                *rate -= lam * q;
            }
        }
        dy[0] = -beta * u + alpha * (transmitted * mean + with_calcium) + self.current;
        dy[1] = -lam * y[1] + mean;
        dy[2] = -2.0 * lam * y[2] + mean + 2.0 * with_calcium;
    }
}

impl Field<'_> {
    /// Whether all neurons are alike: then there are no deviations.
    fn is_single(&self) -> bool {
        self.weight.len() == 1
    }
}

impl<'a> Driven<'a> for Field<'a> {
    fn set_current(&mut self, current: f64) {
        self.current = current;
    }

    fn pieces(&self) -> &Pieces<'a> {
        &self.pieces
    }

    fn pieces_mut(&mut self) -> &mut Pieces<'a> {
        &mut self.pieces
    }
}

/// The solution from time 0 to `t_end`, which keeps [`MEANS`] components: mean potential, mean calcium and the variance
/// of calcium over the neurons.
///
/// # Errors
/// [`LimitError`]: where the solution blows up, with the time of it.
pub fn solve_limit(
    model: &Model,
    start: &InitialLaw,
    stimulus: &Stimulus,
    t_end: f64,
    options: &Options,
) -> Result<Solution, LimitError> {
    solve_limit_while(model, start, stimulus, t_end, options, || true)
}

/// The same, as long as `go_on`, asked after each step, and within those of very many atoms, says so.
///
/// # Errors
/// Also [`LimitError::Stopped`].
pub fn solve_limit_while(
    model: &Model,
    start: &InitialLaw,
    stimulus: &Stimulus,
    t_end: f64,
    options: &Options,
    go_on: impl FnMut() -> bool,
) -> Result<Solution, LimitError> {
    let t_end = check("t_end", t_end, t_end >= 0.0 && t_end.is_finite(), "a finite time >= 0")?;
    check_time("t_end", t_end, model)?;
    let (potential, calcium) = start.mean();
    drop(room::<[f64; PER_ATOM]>("potential", start.weight.len())?);
    let offset = start.iter().map(|(u, ..)| u - potential).collect();
    let deviation: Vec<f64> = start.iter().map(|(_, r, _)| r - calcium).collect();
    let variance = deviation.iter().zip(&start.weight).map(|(q, w)| w * q * q).sum();
    let mut state = vec![potential, calcium, variance];
    let (rate, rtol) = (model.rate(), options.rtol());
    let pieces = Pieces::new(rate, model.beta(), offset, Smoothness::Rate, rtol);
    let current = stimulus.current_at(0.0);
    let go_on = RefCell::new(go_on);
    let ask = || (go_on.borrow_mut())();
    let mut field = Field { model, current, pieces, weight: &start.weight, go_on: &ask };
    state.extend(deviation.iter().take(field.dim() - MEANS));
    let mut path = Solution::keeping(0.0, &state, MEANS);
    integrate_driven(&mut field, &mut path, stimulus, t_end, options, |_, _| ask())?;
    Ok(path)
}

#[cfg(test)]
mod tests;
