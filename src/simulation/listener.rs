//! What listens to a simulation; it never steers it.

use crate::huge_pages;

/// Hears every spike, and every candidate if it wants to.
pub trait Listener {
    /// These neurons spiked at these absolute times, in order; none, one or several at a call.
    fn spikes(&mut self, times: &[f64], neurons: &[u32]);

    /// A candidate is decided: it spikes if `threshold` is below its rate. Called before `spikes`.
    #[inline(always)]
    fn candidate(&mut self, _time: f64, _neuron: u32, _threshold: f64, _bound: f64) {}
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Listener for Nothing {
    #[inline(always)]
    fn spikes(&mut self, _times: &[f64], _neurons: &[u32]) {}
}

/// Times and neurons of spikes, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpikeTrain {
    /// Absolute times, nondecreasing.
    pub time: Vec<f64>,
    /// Who spiked.
    pub neuron: Vec<u32>,
}

impl SpikeTrain {
    /// Gives back the memory that was held for spikes to come.
    pub fn shrink(&mut self) {
        huge_pages::shrink(&mut self.time);
        huge_pages::shrink(&mut self.neuron);
    }
}

impl Listener for SpikeTrain {
    #[inline(always)]
    fn spikes(&mut self, times: &[f64], neurons: &[u32]) {
        huge_pages::reserve(&mut self.time, times.len());
        huge_pages::reserve(&mut self.neuron, neurons.len());
        self.time.extend_from_slice(times);
        self.neuron.extend_from_slice(neurons);
    }
}

/// The spikes of chosen neurons only.
#[derive(Clone, Debug)]
pub struct ChosenSpikes {
    chosen: Vec<bool>,
    /// Their spikes.
    pub train: SpikeTrain,
}

impl ChosenSpikes {
    /// Listens to `neurons` among `n`; indices beyond are nobody's.
    pub fn new(n: usize, neurons: &[u32]) -> Self {
        let mut chosen = vec![false; n];
        for &i in neurons {
            if let Some(slot) = chosen.get_mut(i as usize) {
                *slot = true;
            }
        }
        Self { chosen, train: SpikeTrain::default() }
    }
}

impl Listener for ChosenSpikes {
    #[inline(always)]
    fn spikes(&mut self, times: &[f64], neurons: &[u32]) {
        for (&time, &neuron) in times.iter().zip(neurons) {
            if self.chosen[neuron as usize] {
                self.train.spikes(&[time], &[neuron]);
            }
        }
    }
}

/// Every candidate and the spikes, for a program that checks the kernel's decisions one by one.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Absolute times of the candidates.
    pub time: Vec<f64>,
    /// Their neurons.
    pub neuron: Vec<u32>,
    /// Their thresholds z·B.
    pub threshold: Vec<f64>,
    /// The bound B in force.
    pub bound: Vec<f64>,
    /// Those that spiked.
    pub train: SpikeTrain,
}

impl Listener for Trace {
    fn spikes(&mut self, times: &[f64], neurons: &[u32]) {
        self.train.spikes(times, neurons);
    }

    fn candidate(&mut self, time: f64, neuron: u32, threshold: f64, bound: f64) {
        self.time.push(time);
        self.neuron.push(neuron);
        self.threshold.push(threshold);
        self.bound.push(bound);
    }
}
