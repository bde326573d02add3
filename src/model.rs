//! The model's parameters, and the limit equation that they define.

use crate::error::{LEAST, ModelError, check, in_range, nonnegative, positive};
use crate::rate::Rate;

/// Which residual calcium a spike transmits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transmits {
    /// The calcium just before the spike's own increment.
    Before,
    /// The calcium just after it.
    After,
}

/// Who receives a spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// Every neuron but the one that spikes.
    Others,
    /// Every neuron, the one that spikes included.
    All,
}

/// Valid parameters of the network; its size and state are not among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    alpha: f64,
    beta: f64,
    lam: f64,
    rate: Rate,
    transmits: Transmits,
    recipients: Recipients,
}

impl Model {
    /// A model with synaptic strength `alpha` and decay rates `beta` (potential) and `lam` (calcium).
    pub fn new(
        alpha: f64,
        beta: f64,
        lam: f64,
        rate: Rate,
        transmits: Transmits,
        recipients: Recipients,
    ) -> Result<Self, ModelError> {
        let alpha = nonnegative("alpha", alpha)?;
        let good = alpha == 0.0 || alpha >= LEAST;
        check("alpha", alpha, good, "0, or a number from 1e-300 to 1e100")?;
        let beta = decay_rate("beta", beta)?;
        let lam = decay_rate("lam", lam)?;
        Ok(Self { alpha, beta, lam, rate, transmits, recipients })
    }

    /// The synaptic strength α.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The decay rate β of the potential.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// The decay rate λ of the calcium.
    pub fn lam(&self) -> f64 {
        self.lam
    }

    /// The spiking rate φ.
    pub fn rate(&self) -> &Rate {
        &self.rate
    }

    /// Prepares the rate for many thousands of decisions.
    pub(crate) fn bracket_rate(&mut self) {
        self.rate.bracket();
    }

    /// Which calcium a spike transmits.
    pub fn transmits(&self) -> Transmits {
        self.transmits
    }

    /// Who receives a spike.
    pub fn recipients(&self) -> Recipients {
        self.recipients
    }

    /// What a spike transmits beyond the calcium before it: 0 ("before") or 1 ("after").
    pub fn transmitted_offset(&self) -> f64 {
        match self.transmits {
            Transmits::Before => 0.0,
            Transmits::After => 1.0,
        }
    }

    /// The limit equation's right-hand side (du/dt, dr/dt):
    /// u' = −βu + αψφ(u) + I, r' = −λr + φ(u), ψ = r ("before") or r + 1 ("after").
    pub fn vector_field(&self, potential: f64, calcium: f64, current: f64) -> (f64, f64) {
        let rate = self.rate.at(potential);
        let transmitted = calcium + self.transmitted_offset();
        let potential_change = -self.beta * potential + self.alpha * transmitted * rate + current;
        (potential_change, -self.lam * calcium + rate)
    }

    /// The Jacobian of [`Model::vector_field`], rows first; a number beyond the range of doubles is its end.
    pub fn jacobian(&self, potential: f64, calcium: f64) -> [[f64; 2]; 2] {
        let rate = in_range(self.rate.at(potential));
        let slope = in_range(self.rate.slope(potential));
        let transmitted = calcium + self.transmitted_offset();
        let rise = -self.beta + in_range(self.alpha * transmitted) * slope;
        [[in_range(rise), in_range(self.alpha * rate)], [slope, -self.lam]]
    }
}

/// Beyond 10⁹ a time in doubles would soon be too coarse for what decays between two spikes; below 10⁻¹⁰⁰ what is
/// divided by both decays would leave the range of doubles.
fn decay_rate(name: &'static str, value: f64) -> Result<f64, ModelError> {
    check(name, value, value.is_nan() || value <= 1e9, "a finite number > 0, at most 1e9")?;
    let slow = 0.0 < value && value < 1e-100;
    check(name, value, !slow, "a number > 0, from 1e-100 to 1e9")?;
    positive(name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jacobian_is_the_derivative_of_the_vector_field() {
        for transmits in [Transmits::Before, Transmits::After] {
            let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
            let model = Model::new(0.3, 1.0, 0.1, rate, transmits, Recipients::Others).unwrap();
            let (u, r, h) = (1.3, 4.0, 1e-6);
            let jacobian = model.jacobian(u, r);
            let difference = |du: f64, dr: f64| {
                let (a, b) = model.vector_field(u + du, r + dr, 0.0);
                let (c, d) = model.vector_field(u - du, r - dr, 0.0);
                [(a - c) / (2.0 * h), (b - d) / (2.0 * h)]
            };
            for (column, step) in [difference(h, 0.0), difference(0.0, h)].iter().enumerate() {
                for row in 0..2 {
                    assert!((jacobian[row][column] - step[row]).abs() < 1e-8);
                }
            }
        }
    }

    #[test]
    fn bad_parameters_are_refused() {
        let rate = || Rate::constant(1.0).unwrap();
        let model = |alpha, beta, lam| {
            Model::new(alpha, beta, lam, rate(), Transmits::Before, Recipients::Others)
        };
        assert!(model(0.0, 1.0, 1.0).is_ok());
        assert!(model(-1.0, 1.0, 1.0).is_err());
        assert!(model(1.0, 0.0, 1.0).is_err());
        assert!(model(1.0, 1e9, 1.0).is_ok() && model(1.0, 1.0, 1.1e9).is_err());
        assert!(model(1.0, 1.0, f64::NAN).is_err());
        // Products and quotients of a few of them must stay in range.
        for tiny in [5e-324, 1e-301] {
            assert!(model(tiny, 1.0, 1.0).is_err() && model(1.0, tiny, 1.0).is_err());
        }
        assert!(model(1e-300, 1e-100, 1e-100).is_ok());
        assert!(model(1.0, 9e-101, 1.0).is_err() && model(1.0, 1.0, 9e-101).is_err());
    }
}
