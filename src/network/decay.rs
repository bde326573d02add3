//! The exponential factors by which potential and calcium decay, one at a time or a block at once.

mod columns;

use crate::exp::exp;

/// How many candidates are drawn together.
pub const BLOCK: usize = 64;

/// The two decay rates of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecayRates {
    /// β, of the potential.
    pub potential: f64,
    /// λ, of the calcium.
    pub calcium: f64,
}

/// The factors at one time, counted from a frame's reference time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decay {
    /// e^{−βx}
    pub potential: f64,
    /// e^{−λx}
    pub calcium: f64,
    /// e^{βx}
    pub potential_growth: f64,
    /// e^{λx}
    pub calcium_growth: f64,
}

impl DecayRates {
    /// The factors after a time `x`.
    pub fn after(&self, x: f64) -> Decay {
        let (b, l) = (self.potential * x, self.calcium * x);
        Decay {
            potential: exp(-b),
            calcium: exp(-l),
            potential_growth: exp(b),
            calcium_growth: exp(l),
        }
    }

    /// The faster of the two.
    pub fn fastest(&self) -> f64 {
        self.potential.max(self.calcium)
    }
}

/// The factors at the times of a block of candidates.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockDecay {
    pub(crate) potential: [f64; BLOCK],
    pub(crate) calcium: [f64; BLOCK],
    pub(crate) potential_growth: [f64; BLOCK],
    pub(crate) calcium_growth: [f64; BLOCK],
}

impl BlockDecay {
    pub(crate) fn new() -> Self {
        let one = [1.0; BLOCK];
        Self { potential: one, calcium: one, potential_growth: one, calcium_growth: one }
    }

    /// The factors at candidate `j`.
    #[inline(always)]
    pub fn at(&self, j: usize) -> Decay {
        Decay {
            potential: self.potential[j],
            calcium: self.calcium[j],
            potential_growth: self.potential_growth[j],
            calcium_growth: self.calcium_growth[j],
        }
    }

    pub(crate) fn set(&mut self, j: usize, decay: Decay) {
        self.potential[j] = decay.potential;
        self.calcium[j] = decay.calcium;
        self.potential_growth[j] = decay.potential_growth;
        self.calcium_growth[j] = decay.calcium_growth;
    }

    /// Sets the factors of candidates `first..past`, at the increasing times `offset`.
    pub(crate) fn fill(
        &mut self,
        rates: DecayRates,
        offset: &[f64; BLOCK],
        first: usize,
        past: usize,
    ) {
        if first == past {
            return;
        }
        let offset = &offset[first..past];
        let (down, up) =
            (&mut self.potential[first..past], &mut self.potential_growth[first..past]);
        columns::fill(rates.potential, offset, down, up);
        let (down, up) = (&mut self.calcium[first..past], &mut self.calcium_growth[first..past]);
        columns::fill(rates.calcium, offset, down, up);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_the_factors_of_its_times() {
        let rates = DecayRates { potential: 1.3, calcium: 0.1 };
        for spacing in [1e-9, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 0.01, 0.1, 1.0] {
            let offset: [f64; BLOCK] = std::array::from_fn(|j| 2.5 + spacing * (j + 1) as f64);
            let mut block = BlockDecay::new();
            block.fill(rates, &offset, 3, 61);
            for (j, x) in offset.iter().enumerate().take(61).skip(3) {
                let (got, exact) = (block.at(j), rates.after(*x));
                // The exponents are rounded, and so the more the larger they are.
                let largest = rates.potential * offset[BLOCK - 1];
                let tolerance = (6.0 + 2.0 * largest) * f64::EPSILON;
                let close = |a: f64, b: f64| (a / b - 1.0).abs() < tolerance;
                assert!(close(got.potential, exact.potential), "{spacing} {j}");
                assert!(close(got.calcium, exact.calcium));
                assert!(close(got.potential_growth, exact.potential_growth));
                assert!(close(got.calcium_growth, exact.calcium_growth));
            }
            assert_eq!(block.at(2), BlockDecay::new().at(2), "others stay as they were");
        }
    }
}
