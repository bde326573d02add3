//! Sweeps for rates that depend on a neuron's calcium: its law goes forward, values go backward.

use super::cells::Cells;
use super::descent::{End, Sweeps};
use super::setting::Setting;

pub(super) struct LawSweeps<'a> {
    setting: &'a Setting<'a>,
    cells: Cells,
    /// The transmitted calcium of each cell.
    transmitted: Vec<f64>,
    /// A row per time.
    law: Vec<f64>,
    potential: Vec<f64>,
    /// E[ψc] of each step.
    input: Vec<f64>,
    sensitivity: f64,
}

impl<'a> LawSweeps<'a> {
    pub(super) fn new(setting: &'a Setting<'a>) -> Self {
        let cells = setting.cells();
        let part = setting.step * setting.model.rate().at(setting.equilibrium.0);
        let mut law = cells.stationary(part, setting.equilibrium.1);
        law.resize((setting.steps + 1) * cells.len(), 0.0);
        let mut potential = vec![0.0; setting.steps + 1];
        potential[0] = setting.equilibrium.0;
        let transmitted = cells.calcium.iter().map(|&r| setting.transmitted(r)).collect();
        let input = vec![0.0; setting.steps];
        Self { setting, cells, transmitted, law, potential, input, sensitivity: 0.0 }
    }

    /// How many rates a step has.
    pub(super) fn columns(&self) -> usize {
        self.cells.len()
    }

    /// α·dV/dα, as of the last sweep backward. The ends of the path move with α too, but there the forces vanish.
    pub(super) fn sensitivity(&self) -> f64 {
        self.sensitivity
    }

    /// Mean potential and mean calcium, as of the last sweep forward.
    pub(super) fn path(&self) -> (Vec<f64>, Vec<f64>) {
        let mean = |law: &[f64]| self.setting.readout * dot(law, &self.cells.calcium);
        (self.potential.clone(), self.law.chunks(self.columns()).map(mean).collect())
    }
}

impl Sweeps for LawSweeps<'_> {
    fn forward(&mut self, log_rate: &[f64]) -> End {
        let (setting, columns) = (self.setting, self.cells.len());
        let (mut jumps, mut between) = (vec![0.0; columns], vec![0.0; columns]);
        let mut total = 0.0;
        for (n, log_rate) in log_rate.chunks(columns).enumerate() {
            let (law, next) = self.law[n * columns..(n + 2) * columns].split_at_mut(columns);
            let free = setting.model.rate().at(self.potential[n]);
            let (log_free, mut cost, mut input) = (free.ln(), 0.0, 0.0);
            for k in 0..columns {
                let rate = log_rate[k].exp();
                jumps[k] = setting.step * rate * law[k];
                cost += law[k] * setting.cost(log_rate[k], rate, log_free, free);
                input += law[k] * rate * self.transmitted[k];
            }
            total += setting.step * cost;
            self.input[n] = input;
            self.potential[n + 1] = setting.decay.0 * self.potential[n] + setting.gain * input;
            self.cells.advance(law, &jumps, &mut between, next);
        }
        let last = &self.law[setting.steps * columns..];
        let calcium = setting.readout * dot(last, &self.cells.calcium);
        End { cost: total, miss: setting.miss(self.potential[setting.steps], calcium) }
    }

    fn backward(&mut self, log_rate: &[f64], pull: f64, better: &mut [f64]) {
        let (setting, columns) = (self.setting, self.cells.len());
        let mut by_potential = pull * setting.border.0;
        let scale = pull * setting.border.1 * setting.readout;
        let mut value: Vec<f64> = self.cells.calcium.iter().map(|r| scale * r).collect();
        let mut before = vec![0.0; columns];
        self.sensitivity = 0.0;
        for n in (0..setting.steps).rev() {
            let row = n * columns..(n + 1) * columns;
            let (law, log_rate) = (&self.law[row.clone()], &log_rate[row.clone()]);
            let better = &mut better[row];
            let (u, free) = (self.potential[n], setting.model.rate().at(self.potential[n]));
            let (log_free, input) = (free.ln(), by_potential * setting.gain);
            self.cells.before_decay(&value, &mut before);
            let mut mean_rate = 0.0;
            for k in 0..columns {
                let (rate, change) = (log_rate[k].exp(), self.cells.change(&before, k));
                better[k] = log_free - input / setting.step * self.transmitted[k] - change;
                // What the better rate would save, per unit of rate.
                let saved = log_rate[k] - better[k];
                value[k] = before[k] + setting.step * (rate * (saved - 1.0) + free);
                mean_rate += law[k] * rate;
            }
            self.sensitivity += input * self.input[n];
            let slope = setting.step * setting.model.rate().slope(u) * (1.0 - mean_rate / free);
            by_potential = setting.decay.0 * by_potential + slope;
        }
    }

    fn weigh(&self, log_rate: &[f64], value: impl Fn(usize) -> f64) -> f64 {
        let weights = log_rate.iter().zip(&self.law).map(|(log_rate, mass)| mass * log_rate.exp());
        self.setting.step * weights.enumerate().map(|(k, weight)| weight * value(k)).sum::<f64>()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
