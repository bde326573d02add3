//! Fluctuations around the limit: N times the covariance of mean potential and mean calcium.
//!
//! Neurons start at given points, a share w_k of them at (u_k, r_k). Let x be the part of the potential that all share and
//! ρ_k = w_k r_k. To leading order √N(x, ρ) is Gaussian with covariance C,
//!
//! C' = JC + CJᵀ + D, D_xx = α² Σ w_k φ_k m_k, D_xk = α w_k φ_k ψ_k, D_kk = w_k φ_k,
//!
//! J the derivative of x' = −βx + α Σ φ_k (ρ_k + w_k·offset) + I, ρ_k' = −λρ_k + w_k φ_k, and m_k = ψ_k² + V_k the
//! second moment of what a spike of such a neuron transmits, V_k' = −2λV_k + φ_k its variance. For equal starts
//! this is the covariance equation of the plane.

use crate::dop853::{Options, Solution, System};
use crate::error::{ModelError, room};
use crate::limit::driven::{Driven, integrate_driven};
use crate::limit::pieces::{Pieces, Smoothness};
use crate::limit::{InitialLaw, LimitError};
use crate::model::Model;
use crate::stimulus::Stimulus;

/// How many different starting points there may be: the equation's size is its square.
const MOST_ATOMS: usize = 128;

/// The equation while the current is constant; y = (x, r_k, V_k, C_xx/s², C_xk/s, C_jk with j ≤ k). With s = α weak synapses
/// leave no entry so small that it would be lost beside the absolute tolerance.
struct Field<'a> {
    model: &'a Model,
    current: f64,
    /// s.
    scale: f64,
    /// w_k.
    weight: Vec<f64>,
    pieces: Pieces<'a>,
}

impl Field<'_> {
    fn atoms(&self) -> usize {
        self.weight.len()
    }
}

/// Where C_jk is in y.
fn place(atoms: usize, j: usize, k: usize) -> usize {
    let (j, k) = (j.min(k), j.max(k));
    2 + 3 * atoms + j * (2 * atoms - j + 1) / 2 + (k - j)
}

/// N times the covariance (potential, both, calcium) of the means, from y.
fn total(y: &[f64], atoms: usize, scale: f64) -> [f64; 3] {
    let first = 1 + 2 * atoms;
    let both: f64 = y[first + 1..=first + atoms].iter().sum();
    let all = (0..atoms).flat_map(|j| (0..atoms).map(move |k| place(atoms, j, k)));
    [scale * scale * y[first], scale * both, all.map(|place| y[place]).sum()]
}

impl System for Field<'_> {
    fn dim(&self) -> usize {
        let atoms = self.atoms();
        2 + 3 * atoms + atoms * (atoms + 1) / 2
    }

    /// A step over two marks of the rate and more may not see what it does between them.
    fn overreach(&self, (t, y): (f64, &[f64]), (t_end, y_end): (f64, &[f64])) -> f64 {
        self.pieces.overreach((t, y[0]), (t_end, y_end[0]))
    }

    fn rhs(&self, t: f64, y: &[f64], dy: &mut [f64]) {
        let (model, atoms) = (self.model, self.atoms());
        let (alpha, beta, lam) = (model.alpha(), model.beta(), model.lam());
        let (scale, strength) = (self.scale, alpha / self.scale);
        let x = y[0];
        let (xx, xk) = (1 + 2 * atoms, 2 + 2 * atoms);
        let (mut drive, mut gain, mut noise) = (0.0, -beta, 0.0);
        let mut pulled = 0.0;
        let mut rates = vec![(0.0, 0.0); atoms];
        for (k, (pair, u)) in rates.iter_mut().zip(self.pieces.potentials(t, x)).enumerate() {
            let w = self.weight[k];
            let (rate, slope) = (self.pieces.rate(k, u), self.pieces.slope(k, u));
            let (r, v) = (y[1 + k], y[1 + atoms + k]);
            let psi = r + model.transmitted_offset();
            drive += w * psi * rate;
            gain += alpha * w * psi * slope;
            noise += w * rate * (psi * psi + v);
            pulled += rate * y[xk + k];
            dy[1 + k] = -lam * r + rate;
            dy[1 + atoms + k] = -2.0 * lam * v + rate;
            dy[xk + k] = strength * w * rate * psi;
            *pair = (rate, slope);
        }
        dy[0] = -beta * x + alpha * drive + self.current;
        dy[xx] = 2.0 * (gain * y[xx] + strength * pulled) + strength * strength * noise;
        for k in 0..atoms {
            let (rate, slope) = rates[k];
            let mut sum = 0.0;
            for (j, (other, other_slope)) in rates.iter().enumerate() {
                let place = place(atoms, j, k);
                sum += other * y[place];
                if j <= k {
                    dy[place] = -2.0 * lam * y[place]
                        + scale * self.weight[j] * other_slope * y[xk + k]
                        + scale * self.weight[k] * slope * y[xk + j];
                }
            }
            dy[place(atoms, k, k)] += self.weight[k] * rate;
            dy[xk + k] +=
                (gain - lam) * y[xk + k] + strength * sum + scale * self.weight[k] * slope * y[xx];
        }
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

/// The covariance (potential, both, calcium) at increasing times within [0, `t_end`], N times that of the means, as long
/// as `go_on`, asked after each step, says so.
///
/// # Errors
/// [`LimitError`]: more than 128 different starts, or the integration failed or was stopped.
pub fn covariance(
    model: &Model,
    start: &InitialLaw,
    stimulus: &Stimulus,
    t_end: f64,
    options: &Options,
    times: &[f64],
    mut go_on: impl FnMut() -> bool,
) -> Result<Vec<[f64; 3]>, LimitError> {
    let atoms: Vec<(f64, f64, f64)> = start.iter().collect();
    if atoms.len() > MOST_ATOMS {
        let allowed = "at most 128 different starting points for a covariance";
        return Err(ModelError::Length { name: "potential", length: atoms.len(), allowed }.into());
    }
    let lowest = atoms[0].0;
    let mut field = Field {
        model,
        current: stimulus.current_at(0.0),
        scale: if model.alpha() > 0.0 { model.alpha() } else { 1.0 },
        weight: atoms.iter().map(|atom| atom.2).collect(),
        pieces: Pieces::new(
            model.rate(),
            model.beta(),
            atoms.iter().map(|atom| atom.0 - lowest).collect(),
            Smoothness::Slope,
            options.rtol(),
        ),
    };
    let mut state = vec![0.0; field.dim()];
    state[0] = lowest;
    for (k, atom) in atoms.iter().enumerate() {
        state[1 + k] = atom.1;
    }
    let mut path = Solution::keeping(0.0, &state, 0);
    let mut found: Vec<[f64; 3]> = room("grid", times.len())?;
    let starts = times.iter().take_while(|&&t| t <= 0.0);
    found.extend(starts.map(|_| total(&state, atoms.len(), field.scale)));
    let (scale, atoms) = (field.scale, atoms.len());
    integrate_driven(&mut field, &mut path, stimulus, t_end, options, |step, end| {
        while let Some(&t) = times.get(found.len()).filter(|&&t| t <= end) {
            step.eval(t, &mut state);
            found.push(total(&state, atoms, scale));
        }
        go_on()
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::equilibria::equilibria;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;

    fn model(transmits: Transmits) -> Model {
        let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        Model::new(0.3, 1.0, 0.1, rate, transmits, Recipients::Others).unwrap()
    }

    #[test]
    fn it_tends_to_the_stationary_covariance() {
        let known =
            [(Transmits::Before, [6.217, 4.532, 5.764]), (Transmits::After, [7.168, 4.648, 5.464])];
        for (transmits, expected) in known {
            let model = model(transmits);
            let point = equilibria(&model, 0.0).unwrap().pop().unwrap();
            let start = InitialLaw::point(point.potential, point.calcium).unwrap();
            let none = Stimulus::default();
            let found = covariance(
                &model,
                &start,
                &none,
                300.0,
                &Options::default(),
                &[0.0, 300.0],
                || true,
            )
            .unwrap();
            assert_eq!(found[0], [0.0; 3]);
            for (a, b) in found[1].iter().zip(expected) {
                assert!((a - b).abs() < 6e-4, "{a} is not {b}");
            }
        }
    }

    #[test]
    fn splitting_an_atom_changes_nothing() {
        let (model, none) = (model(Transmits::After), Stimulus::default());
        let one = InitialLaw::point(2.0, 9.0).unwrap();
        let near = InitialLaw::atoms(&[2.0, 2.0 + 1e-13, 2.0], &[9.0, 9.0, 9.0 + 1e-13], &[1.0; 3]);
        let options = Options::default();
        let a = covariance(&model, &one, &none, 7.0, &options, &[7.0], || true).unwrap()[0];
        let b =
            covariance(&model, &near.unwrap(), &none, 7.0, &options, &[7.0], || true).unwrap()[0];
        for (a, b) in a.iter().zip(b) {
            assert!((a - b).abs() < 1e-8 * a.abs());
        }
    }
}
