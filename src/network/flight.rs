//! A network while candidates are decided: what changes at every spike is held close by.

use super::{Cell, Network};
use crate::network::decay::BlockDecay;

/// Field and sums apart from the neurons' memory, so that they stay in registers. All is scaled.
pub(crate) struct Flight<'a> {
    cells: &'a mut [Cell],
    pub(crate) field: f64,
    calcium: f64,
    calcium_square: f64,
    centre: f64,
    weight: f64,
    offset: f64,
    missed: f64,
}

impl Network {
    /// Takes off.
    #[inline(always)]
    pub(crate) fn take_off(&mut self) -> Flight<'_> {
        Flight {
            cells: &mut self.cells,
            field: self.field,
            calcium: self.sums.calcium,
            calcium_square: self.sums.calcium_square,
            centre: self.sums.centre,
            weight: self.weight,
            offset: self.offset,
            missed: self.missed,
        }
    }

    /// Takes over what has changed in a flight.
    #[inline(always)]
    pub(crate) fn land(&mut self, (field, calcium, calcium_square): (f64, f64, f64)) {
        self.field = field;
        self.sums.calcium = calcium;
        self.sums.calcium_square = calcium_square;
    }
}

impl Flight<'_> {
    /// The potential of neuron `i` above its resting level.
    #[inline(always)]
    pub(crate) fn height(&self, i: usize) -> f64 {
        self.field + self.cells[i].private
    }

    /// Neuron `i` spikes at candidate `j`: the others receive its calcium, then its calcium grows by one.
    #[inline(always)]
    pub(crate) fn spike(&mut self, i: usize, decay: &BlockDecay, j: usize) {
        let (growth, cell) = (decay.calcium_growth[j], &mut self.cells[i]);
        let sent = self.weight * (decay.calcium[j] * cell.calcium + self.offset);
        let scaled = sent * decay.potential_growth[j];
        let from_centre = cell.calcium - self.centre;
        cell.private -= self.missed * scaled;
        cell.calcium += growth;
        self.field += scaled;
        self.calcium += growth;
        self.calcium_square += (2.0 * from_centre + growth) * growth;
    }

    /// What has changed beside the neurons.
    #[inline(always)]
    pub(crate) fn ending(self) -> (f64, f64, f64) {
        (self.field, self.calcium, self.calcium_square)
    }

    /// Fetches neuron `i` into the processor's nearer memory.
    #[inline(always)]
    pub(crate) fn prefetch(&self, i: usize) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            let cell = self.cells.as_ptr().wrapping_add(i);
            // SAFETY: a prefetch is a hint; it reads nothing and every x86-64 has it.
            #[expect(unsafe_code, reason = "no safe function prefetches")]
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(cell.cast())
            };
        }
    }
}
