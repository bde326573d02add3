//! The potentials and the calcium of N neurons, and what time, a current and a spike do to them.
//!
//! All neurons receive alike, so U_i = S + K_i: one shared field S and a private part K_i ≤ 0 that
//! holds the start and the spikes that neuron i did not receive. The numbers kept are in a *scaled
//! frame*: K_i·e^{β(t−t₀)}, R_i·e^{λ(t−t₀)} and (S − I/β)·e^{β(t−t₀)} do not change between spikes,
//! whatever the current. So a spike is a handful of additions, and nothing has a clock of its own.

pub(crate) mod decay;
mod drowning;
mod flight;
mod sums;

use crate::error::{MOST, ModelError, room};
use crate::huge_pages;
use crate::model::{Model, Recipients};
pub use decay::{Decay, DecayRates};

/// One neuron, in the scaled frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) private: f64,
    pub(crate) calcium: f64,
}

/// The state of all neurons. Times are given as decay factors since the reference time.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub(crate) cells: Vec<Cell>,
    /// The shared field's distance to its resting level, scaled.
    pub(crate) field: f64,
    /// What the shared field relaxes to: I/β.
    pub(crate) level: f64,
    /// No private part exceeds it. Kept tight where N is small, so that few candidates are in vain.
    pub(crate) lead: f64,
    pub(crate) spikes_since_lead: u64,
    pub(crate) sums: Sums,
    rates: DecayRates,
    /// α/N
    weight: f64,
    /// Calcium transmitted beyond that before the spike.
    offset: f64,
    /// The part of its own spike that a neuron misses: 1 ("others") or 0 ("all").
    missed: f64,
}

/// Sums over the neurons, kept at O(1) per spike and made anew whenever the frame moves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Of the private parts, when the field was `field` and a current's changes since.
    pub(crate) private: f64,
    pub(crate) field: f64,
    /// Calcium is summed around this centre, else its variance would cancel.
    pub(crate) centre: f64,
    pub(crate) calcium: f64,
    pub(crate) calcium_square: f64,
}

/// Neurons that are made between two questions whether to go on.
const PART: usize = 1 << 18;

/// Up to this size it pays to look for the largest potential every N spikes.
const SMALL_NETWORK: usize = 1024;

/// So many cells stay in the processor's near memory.
const BLOCK: usize = 1024;

impl Network {
    /// Refuses what no network can start from.
    pub(crate) fn check_start(
        n: usize,
        potential: &[f64],
        calcium: &[f64],
    ) -> Result<(), ModelError> {
        if n == 0 || n > u32::MAX as usize {
            let allowed = "from 1 to 4294967295 neurons";
            return Err(ModelError::Count { name: "n", value: n, allowed });
        }
        check_state("potential", potential, n)?;
        check_state("calcium", calcium, n)
    }

    /// A network of `n` neurons; `potential` and `calcium` have one entry for all, or `n`. `go_on` is asked now and then.
    pub fn new(
        model: &Model,
        n: usize,
        potential: &[f64],
        calcium: &[f64],
        current: f64,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Self, ModelError> {
        Self::check_start(n, potential, calcium)?;
        let pick = |values: &[f64], i: usize| if values.len() == 1 { values[0] } else { values[i] };
        let highest = potential.iter().copied().fold(0.0, f64::max);
        let cell = |i| Cell { private: pick(potential, i) - highest, calcium: pick(calcium, i) };
        let mut cells = room("n", n)?;
        huge_pages::prefer_large(&mut cells);
        let alike = potential.len() == 1 && calcium.len() == 1;
        for start in (0..n).step_by(PART) {
            if start > 0 && !go_on() {
                return Err(ModelError::Stopped);
            }
            let end = n.min(start + PART);
            if alike {
                cells.resize(end, cell(0));
            } else {
                cells.extend((start..end).map(cell));
            }
        }
        let mut network = Self {
            cells,
            field: highest,
            level: 0.0,
            lead: 0.0,
            spikes_since_lead: 0,
            sums: Sums::default(),
            rates: DecayRates { potential: model.beta(), calcium: model.lam() },
            weight: model.alpha() / n as f64,
            offset: model.transmitted_offset(),
            missed: if model.recipients() == Recipients::Others { 1.0 } else { 0.0 },
        };
        network.set_current(current, &network.rates.after(0.0));
        let field = network.field;
        network.sums = if alike {
            Sums::of_alike(&network.cells[0], n, field)
        } else {
            Sums::of_while(&network.cells, field, go_on)
        };
        if n > PART && !go_on() {
            return Err(ModelError::Stopped);
        }
        // What nobody receives is not added and taken away again, for that would cost digits.
        if !network.has_input() {
            network.weight = 0.0;
        }
        Ok(network)
    }

    /// The number of neurons.
    pub fn n(&self) -> usize {
        self.cells.len()
    }

    /// The two decay rates.
    pub fn rates(&self) -> DecayRates {
        self.rates
    }

    /// The potential of neuron `i`; rounding may make it negative.
    #[inline(always)]
    pub fn potential(&self, i: usize, decay: &Decay) -> f64 {
        self.level + decay.potential * (self.field + self.cells[i].private)
    }

    /// The calcium of neuron `i`.
    pub fn calcium(&self, i: usize, decay: &Decay) -> f64 {
        decay.calcium * self.cells[i].calcium
    }

    /// All potentials and all calcium.
    pub fn state(&self, decay: &Decay) -> (Vec<f64>, Vec<f64>) {
        let n = self.cells.len();
        let room = huge_pages::roomy::<f64>(n);
        let (mut potential, mut calcium) = (Vec::with_capacity(room), Vec::with_capacity(room));
        huge_pages::prefer_large(&mut potential);
        huge_pages::prefer_large(&mut calcium);
        // By blocks, so that the cells come from memory only once.
        for start in (0..n).step_by(BLOCK) {
            let block = start..n.min(start + BLOCK);
            potential.extend(block.clone().map(|i| self.potential(i, decay).max(0.0)));
            calcium.extend(block.map(|i| self.calcium(i, decay)));
        }
        (potential, calcium)
    }

    /// A number that no potential exceeds.
    #[inline(always)]
    pub fn highest_potential(&self, decay: &Decay) -> f64 {
        self.level + decay.potential * (self.field + self.lead)
    }

    /// What every potential relaxes to, I/β.
    pub fn resting_potential(&self) -> f64 {
        self.level
    }

    /// The mean potential.
    #[inline(always)]
    pub fn mean_potential(&self, decay: &Decay) -> f64 {
        (self.level + decay.potential * self.scaled_mean_potential()).max(0.0)
    }

    /// The mean calcium.
    #[inline(always)]
    pub fn mean_calcium(&self, decay: &Decay) -> f64 {
        decay.calcium * (self.sums.centre + self.sums.calcium / self.cells.len() as f64)
    }

    /// The mean potential's distance to its resting level and the mean calcium, at the reference time.
    pub fn scaled_means(&self) -> (f64, f64) {
        let n = self.cells.len() as f64;
        (self.scaled_mean_potential(), self.sums.centre + self.sums.calcium / n)
    }

    #[inline(always)]
    fn scaled_mean_potential(&self) -> f64 {
        // What the field gained by spikes, the spikers missed.
        let missed = self.missed * (self.field - self.sums.field);
        self.field + (self.sums.private - missed) / self.cells.len() as f64
    }

    /// The variance of calcium across neurons.
    pub fn calcium_variance(&self, decay: &Decay) -> f64 {
        let n = self.cells.len() as f64;
        let (mean, square) = (self.sums.calcium / n, self.sums.calcium_square / n);
        decay.calcium * decay.calcium * (square - mean * mean).max(0.0)
    }

    /// The size of a typical spike: what one of mean calcium adds to the others' potentials.
    pub fn mean_jump(&self, decay: &Decay) -> f64 {
        self.weight * (self.mean_calcium(decay) + self.offset)
    }

    /// Whether what a spike adds would be rounded off beside what the potentials tend to: beside I/β
    /// less than two digits of α/N would be left.
    pub fn is_drowned_by(&self, current: f64) -> bool {
        self.has_input() && current / self.rates.potential * f64::EPSILON > 0.01 * self.weight
    }

    /// Whether anybody receives anything.
    pub fn has_input(&self) -> bool {
        self.weight > 0.0 && (self.cells.len() > 1 || self.missed == 0.0)
    }

    /// The external current becomes `current`; potentials stay where they are.
    pub fn set_current(&mut self, current: f64, decay: &Decay) {
        let level = current / self.rates.potential;
        let change = (self.level - level) * decay.potential_growth;
        self.field += change;
        self.sums.field += change;
        self.level = level;
    }

    /// Makes the time of `decay` the reference time.
    pub fn move_frame(&mut self, decay: &Decay) {
        for cell in &mut self.cells {
            cell.private *= decay.potential;
            cell.calcium *= decay.calcium;
        }
        self.field *= decay.potential;
        self.sum_again();
        self.tighten_lead();
    }

    /// Looks for the largest private part where that costs little per spike.
    pub fn renew_lead(&mut self, spikes: u64) {
        self.spikes_since_lead += spikes;
        let n = self.cells.len();
        if n <= SMALL_NETWORK && self.spikes_since_lead >= n as u64 {
            self.tighten_lead();
        }
    }

    fn tighten_lead(&mut self) {
        self.lead = self.cells.iter().map(|c| c.private).fold(f64::NEG_INFINITY, f64::max);
        self.spikes_since_lead = 0;
    }

    fn sum_again(&mut self) {
        self.sums = Sums::of(&self.cells, self.field);
    }
}

fn check_state(name: &'static str, values: &[f64], n: usize) -> Result<(), ModelError> {
    if values.len() != 1 && values.len() != n {
        let length = values.len();
        return Err(ModelError::Length { name, length, allowed: "one entry, or one per neuron" });
    }
    match values.iter().position(|v| !(0.0..=MOST).contains(v)) {
        None => Ok(()),
        Some(index) => {
            let (value, allowed) = (values[index], "finite and >= 0, at most 1e100");
            Err(if values.len() == 1 {
                ModelError::Number { name, value, allowed }
            } else {
                ModelError::Entry { name, index, value, allowed }
            })
        }
    }
}
