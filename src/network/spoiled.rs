//! Defects of a network's constants; see [`crate::mutant`].

use super::Network;
use crate::mutant::{Defect, has};

impl Network {
    /// Gives the network the selected defect.
    pub(super) fn spoil(&mut self) {
        let n = self.cells.len() as f64;
        if has(Defect::CalciumSwapped) {
            self.offset = 1.0 - self.offset;
        }
        if has(Defect::SpikerSwapped) {
            self.missed = 1.0 - self.missed;
        }
        if has(Defect::WeightByOthers) && n > 1.0 {
            self.weight *= n / (n - 1.0);
        }
        if has(Defect::DecaySwapped) {
            std::mem::swap(&mut self.rates.potential, &mut self.rates.calcium);
        }
    }
}
