//! Sweeps for rates that are the same whatever a neuron's calcium: then the means close.

use super::descent::{End, Sweeps};
use super::setting::Setting;

pub(super) struct MeansSweeps<'a> {
    setting: &'a Setting<'a>,
    potential: Vec<f64>,
    calcium: Vec<f64>,
}

impl<'a> MeansSweeps<'a> {
    pub(super) fn new(setting: &'a Setting<'a>) -> Self {
        let mut calcium = vec![0.0; setting.steps + 1];
        calcium[0] = setting.equilibrium.1 / setting.readout;
        let mut potential = vec![0.0; setting.steps + 1];
        potential[0] = setting.equilibrium.0;
        Self { setting, potential, calcium }
    }
}

impl Sweeps for MeansSweeps<'_> {
    fn forward(&mut self, log_rate: &[f64]) -> End {
        let Self { setting, potential, calcium } = self;
        let mut cost = 0.0;
        for (n, &log_rate) in log_rate.iter().enumerate() {
            let (rate, free) = (log_rate.exp(), setting.model.rate().at(potential[n]));
            cost += setting.step * setting.cost(log_rate, rate, free.ln(), free);
            let input = setting.gain * rate * setting.transmitted(calcium[n]);
            potential[n + 1] = setting.decay.0 * potential[n] + input;
            calcium[n + 1] = setting.decay.1 * (calcium[n] + setting.step * rate);
        }
        let last = setting.steps;
        End { cost, miss: setting.miss(potential[last], setting.readout * calcium[last]) }
    }

    fn backward(&mut self, log_rate: &[f64], pull: f64, better: &mut [f64]) {
        let Self { setting, potential, calcium } = self;
        let mut by_potential = pull * setting.border.0;
        let mut by_calcium = pull * setting.border.1 * setting.readout;
        for n in (0..setting.steps).rev() {
            let (u, rate) = (potential[n], log_rate[n].exp());
            let free = setting.model.rate().at(u);
            let input = by_potential * setting.gain;
            by_calcium *= setting.decay.1;
            better[n] =
                free.ln() - input / setting.step * setting.transmitted(calcium[n]) - by_calcium;
            by_calcium += input * rate * setting.readout;
            let slope = setting.step * setting.model.rate().slope(u) * (1.0 - rate / free);
            by_potential = setting.decay.0 * by_potential + slope;
        }
    }

    fn weigh(&self, log_rate: &[f64], value: impl Fn(usize) -> f64) -> f64 {
        let weights = log_rate.iter().map(|log_rate| self.setting.step * log_rate.exp());
        weights.enumerate().map(|(k, weight)| weight * value(k)).sum()
    }
}
