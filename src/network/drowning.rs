//! Whether a coupling is so strong that potentials lose their digits beside a spike.

use super::Network;
use crate::rate::Rate;

/// A change of the rate that is not lost in the noise, relative to the highest rate there is, or is reached at first.
const NOTICED: f64 = 1e-4;

impl Network {
    /// Whether what rounding leaves of one spike in its own neuron's potential, where it is added to the shared field
    /// and taken from the private part, would be noticed by the rate at one of these potentials; `most` is the highest
    /// calcium.
    pub fn drowns(&self, rate: &Rate, potentials: &[f64], most: f64) -> bool {
        let sent = self.missed * self.weight * (most + 1.0);
        let rounding = 4.0 * f64::EPSILON * sent;
        let reach = potentials.iter().copied().fold(sent, f64::max);
        let top = rate.supremum(0.0, if rate.is_bounded() { f64::MAX } else { reach });
        potentials.iter().any(|&u| {
            let (low, high) = ((u - rounding).max(0.0), u + rounding);
            rate.supremum(low, high) - rate.infimum(low, high) > NOTICED * top
        })
    }
}
