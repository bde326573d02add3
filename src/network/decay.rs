//! The exponential factors by which potential and calcium decay, one at a time or a block at once.

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
            potential: (-b).exp(),
            calcium: (-l).exp(),
            potential_growth: b.exp(),
            calcium_growth: l.exp(),
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
    potential: [f64; BLOCK],
    calcium: [f64; BLOCK],
    potential_growth: [f64; BLOCK],
    calcium_growth: [f64; BLOCK],
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

    pub(crate) fn columns(&self) -> [&[f64; BLOCK]; 4] {
        [&self.potential, &self.calcium, &self.potential_growth, &self.calcium_growth]
    }

    pub(crate) fn from_columns(columns: [[f64; BLOCK]; 4]) -> Self {
        let [potential, calcium, potential_growth, calcium_growth] = columns;
        Self { potential, calcium, potential_growth, calcium_growth }
    }

    pub(crate) fn set(&mut self, j: usize, decay: Decay) {
        self.potential[j] = decay.potential;
        self.calcium[j] = decay.calcium;
        self.potential_growth[j] = decay.potential_growth;
        self.calcium_growth[j] = decay.calcium_growth;
    }

    /// Sets the first `len` factors, at `start + gap[j]`; `gap` increases up to there, and does not
    /// exceed that beyond.
    pub(crate) fn fill(&mut self, rates: DecayRates, start: f64, gap: &[f64; BLOCK], len: usize) {
        let base = rates.after(start);
        let (down, up) = (&mut self.potential, &mut self.potential_growth);
        fill_one(rates.potential, gap, len, (base.potential, base.potential_growth), down, up);
        let (down, up) = (&mut self.calcium, &mut self.calcium_growth);
        fill_one(rates.calcium, gap, len, (base.calcium, base.calcium_growth), down, up);
    }
}

/// Below this exponent the Taylor polynomials of degree 7 are exact to 2e-17.
const SMALL: f64 = 1.0 / 32.0;

fn fill_one(
    rate: f64,
    gap: &[f64; BLOCK],
    len: usize,
    (base_down, base_up): (f64, f64),
    down: &mut [f64; BLOCK],
    up: &mut [f64; BLOCK],
) {
    let last = if len == 0 { 0.0 } else { gap[len - 1] };
    if rate * last <= SMALL {
        // e^{±x} = cosh x ± sinh x: one polynomial each, no branch, so that the loop is vectorised.
        for j in 0..BLOCK {
            let x = rate * gap[j];
            let square = x * x;
            let even = 1.0 + square * (1.0 / 2.0 + square * (1.0 / 24.0 + square * (1.0 / 720.0)));
            let odd =
                x * (1.0 + square * (1.0 / 6.0 + square * (1.0 / 120.0 + square * (1.0 / 5040.0))));
            down[j] = base_down * (even - odd);
            up[j] = base_up * (even + odd);
        }
    } else {
        for j in 0..len {
            let x = rate * gap[j];
            down[j] = base_down * (-x).exp();
            up[j] = base_up * x.exp();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_the_factors_of_its_times() {
        let rates = DecayRates { potential: 1.3, calcium: 0.1 };
        for spacing in [1e-9, 1e-5, 3e-4, 0.01, 1.0] {
            let gap: [f64; BLOCK] = std::array::from_fn(|j| spacing * (j + 1) as f64);
            let mut block = BlockDecay::new();
            block.fill(rates, 2.5, &gap, BLOCK);
            for (j, x) in gap.iter().enumerate() {
                let (got, exact) = (block.at(j), rates.after(2.5 + x));
                let close = |a: f64, b: f64| (a / b - 1.0).abs() < 64.0 * f64::EPSILON;
                assert!(close(got.potential, exact.potential), "{spacing} {j}");
                assert!(close(got.calcium, exact.calcium));
                assert!(close(got.potential_growth, exact.potential_growth));
                assert!(close(got.calcium_growth, exact.calcium_growth));
            }
        }
    }
}
