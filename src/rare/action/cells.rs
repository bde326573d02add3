//! The law of one neuron's calcium on a grid: jumps by one, and a decay that moves it by one cell.

/// The least calcium that is not 0 on the grid.
const LEAST: f64 = 0.1;
/// The greatest, in standard deviations of shot noise beyond the mean.
const SPREADS: f64 = 7.0;
/// Steps until the law has forgotten its start, in units of the relaxation.
const RELAXED: f64 = 30.0;

/// Cells at calcium 0 and, from the second on, at a geometric sequence.
pub(super) struct Cells {
    pub(super) calcium: Vec<f64>,
    /// Where a jump leads: to a cell and, with this probability, to the next one, such that the mean is kept.
    to: Vec<(u32, f64)>,
    decay: f64,
}

impl Cells {
    /// Cells whose neighbours have the ratio e^{`decay`}, for means up to `mean`.
    pub(super) fn new(decay: f64, mean: f64) -> Self {
        let mut calcium = vec![0.0];
        let above = Self::count(decay, mean) as usize - 1;
        calcium.extend((0..above).map(|k| LEAST * (decay * k as f64).exp()));
        let last = calcium.len() - 1;
        let jump = |&r: &f64| {
            let after = (r + 1.0).min(calcium[last]);
            let cell = (calcium.partition_point(|&c| c <= after) - 1).min(last - 1);
            let share = (after - calcium[cell]) / (calcium[cell + 1] - calcium[cell]);
            (cell as u32, share)
        };
        let to = calcium.iter().map(jump).collect();
        Self { calcium, to, decay: (-decay).exp() }
    }

    /// How many cells that makes: it may be more than there is memory for.
    pub(super) fn count(decay: f64, mean: f64) -> f64 {
        let most = mean + SPREADS * (0.5 * mean).sqrt() + 4.0;
        ((most / LEAST).ln() / decay).ceil() + 2.0
    }

    pub(super) fn len(&self) -> usize {
        self.calcium.len()
    }

    /// The law a step later, given the part of each cell that jumps; `between` is room for the law before the decay.
    pub(super) fn advance(
        &self,
        law: &[f64],
        jumps: &[f64],
        between: &mut [f64],
        next: &mut [f64],
    ) {
        for ((slot, mass), jump) in between.iter_mut().zip(law).zip(jumps) {
            *slot = mass - jump;
        }
        for (&(cell, share), jump) in self.to.iter().zip(jumps) {
            between[cell as usize] += (1.0 - share) * jump;
            between[cell as usize + 1] += share * jump;
        }
        let last = self.len() - 1;
        next[..last].copy_from_slice(&between[1..]);
        next[last] = 0.0;
        // The lowest cell can't move down whole: the mean is kept by two parts.
        next[0] = between[0] + (1.0 - self.decay) * between[1];
        next[1] += self.decay * between[1];
    }

    /// The adjoint of the decay, for the gradient: the expected value after the decay, as a function of the state before.
    pub(super) fn before_decay(&self, value: &[f64], before: &mut [f64]) {
        let last = self.len() - 1;
        before[1..].copy_from_slice(&value[..last]);
        before[0] = value[0];
        before[1] = self.decay * value[1] + (1.0 - self.decay) * value[0];
    }

    /// By how much the value changes by a jump from a cell.
    pub(super) fn change(&self, value: &[f64], cell: usize) -> f64 {
        let (to, share) = self.to[cell];
        (1.0 - share) * value[to as usize] + share * value[to as usize + 1] - value[cell]
    }

    /// The law under a constant rate of jumps; `part` is the share of neurons that jump in a step.
    pub(super) fn stationary(&self, part: f64, mean: f64) -> Vec<f64> {
        let mut law = vec![0.0; self.len()];
        law[self.calcium.partition_point(|&c| c < mean).min(self.len() - 1)] = 1.0;
        let (mut jumps, mut between, mut next) = (law.clone(), law.clone(), law.clone());
        for _ in 0..(RELAXED / -self.decay.ln()) as usize {
            for (jump, mass) in jumps.iter_mut().zip(&law) {
                *jump = part * mass;
            }
            self.advance(&law, &jumps, &mut between, &mut next);
            std::mem::swap(&mut law, &mut next);
        }
        law
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stationary_law_is_shot_noise() {
        let (lam, rate, step) = (0.1, 0.9, 0.1);
        let cells = Cells::new(lam * step, rate / lam);
        let law = cells.stationary(rate * step, rate / lam);
        let moment = |power: i32| -> f64 {
            law.iter().zip(&cells.calcium).map(|(p, r)| p * r.powi(power)).sum()
        };
        // Jumps come just before the decay of a step: the sum of a geometric series.
        let mean = rate * step / (lam * step).exp_m1();
        assert!((moment(0) - 1.0).abs() < 1e-12);
        assert!((moment(1) / mean - 1.0).abs() < 1e-6);
        let variance = moment(2) - moment(1).powi(2);
        assert!((variance / (rate / (2.0 * lam)) - 1.0).abs() < 0.1);
    }

    #[test]
    fn values_and_laws_are_adjoint() {
        let cells = Cells::new(0.05, 5.0);
        let law: Vec<f64> = (0..cells.len()).map(|k| 1.0 + (k as f64).sin()).collect();
        let jumps: Vec<f64> = law.iter().map(|p| 0.1 * p).collect();
        let value: Vec<f64> = (0..cells.len()).map(|k| (0.3 * k as f64).cos()).collect();
        let (mut between, mut next, mut before) = (law.clone(), law.clone(), law.clone());
        cells.advance(&law, &jumps, &mut between, &mut next);
        cells.before_decay(&value, &mut before);
        let after: f64 = next.iter().zip(&value).map(|(p, v)| p * v).sum();
        let pulled: f64 = (0..cells.len())
            .map(|k| law[k] * before[k] + jumps[k] * cells.change(&before, k))
            .sum();
        assert!((after - pulled).abs() < 1e-12 * after.abs().max(1.0));
    }
}
