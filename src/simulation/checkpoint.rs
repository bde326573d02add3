//! The whole state of a simulation as plain arrays, from which it goes on bit for bit.

use crate::error::ModelError;
use crate::model::Model;
use crate::network::decay::{BLOCK, BlockDecay};
use crate::network::{Cell, Network, Sums};
use crate::simulation::Simulation;
use crate::simulation::candidates::{Bound, Candidates};
use crate::stimulus::Stimulus;
use crate::stream;

/// Everything about a simulation but its model and its stimulus.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Private potential and calcium of each neuron, in the scaled frame, in turn.
    pub cells: Vec<f64>,
    /// Field, level, lead, and the sums.
    pub network: Vec<f64>,
    /// Clock, frame, start, last event, and the ceiling of the bound.
    pub times: Vec<f64>,
    /// Edges passed, spikes since two kinds of upkeep, spikes, proposals.
    pub counts: Vec<u64>,
    /// State and increment of the generator, high and low halves.
    pub generator: Vec<u64>,
    /// Next, length, whether its limit follows, stride.
    pub block: Vec<u64>,
    /// The bound in force, and until when.
    pub bound: Vec<f64>,
    /// Offsets, times, thresholds and the four decay factors of the candidates.
    pub candidates: Vec<f64>,
    /// Their neurons.
    pub neurons: Vec<u32>,
}

impl Simulation {
    /// The state as plain arrays.
    pub fn checkpoint(&self) -> Checkpoint {
        let (network, block) = (&self.network, &self.candidates);
        let (sums, bound) = (network.sums, block.bound);
        let (state, increment) = stream::state_of(&self.stream);
        let halves = |x: u128| [(x >> 64) as u64, x as u64];
        Checkpoint {
            cells: network.cells.iter().flat_map(|c| [c.private, c.calcium]).collect(),
            network: vec![
                network.field,
                network.level,
                network.lead,
                sums.private,
                sums.centre,
                sums.calcium,
                sums.calcium_square,
            ],
            times: vec![self.clock, self.frame, self.start, self.last_event, self.ceiling],
            counts: vec![
                self.edges as u64,
                self.fresh_spikes,
                network.spikes_since_lead,
                self.spikes,
                self.proposals,
            ],
            generator: [halves(state), halves(increment)].concat(),
            block: [block.next, block.len, block.before_limit.into(), block.stride]
                .map(|x| x as u64)
                .to_vec(),
            bound: vec![bound.top, bound.rate, bound.low, bound.sure, bound.stale, block.limit],
            candidates: [&block.offset, &block.time, &block.threshold]
                .into_iter()
                .chain(block.decay.columns())
                .flatten()
                .copied()
                .collect(),
            neurons: block.neuron.to_vec(),
        }
    }

    /// The simulation that was in the state `saved`.
    pub fn restore(
        model: Model,
        stimulus: Stimulus,
        saved: &Checkpoint,
    ) -> Result<Self, ModelError> {
        let n = saved.cells.len() / 2;
        let network = numbers::<7>("network", &saved.network)?;
        let [clock, frame, start, last_event, ceiling] = numbers("times", &saved.times)?;
        let counts: [u64; 5] = fixed("counts", &saved.counts)?;
        let generator: [u64; 4] = fixed("generator", &saved.generator)?;
        let wide = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
        let edges = counts[0] as usize;
        if edges > stimulus.edges().len() || generator[3].is_multiple_of(2) {
            let allowed = "what a simulation saved";
            return Err(ModelError::Number { name: "counts", value: edges as f64, allowed });
        }
        let mut simulation = Self {
            network: Network::new(&model, n, &[0.0], &[0.0], 0.0)?,
            candidates: restore_block(saved, n)?,
            stream: stream::from_state(
                wide(generator[0], generator[1]),
                wide(generator[2], generator[3]),
            ),
            model,
            stimulus,
            clock,
            frame,
            start,
            ceiling,
            edges,
            last_event,
            fresh_spikes: counts[1],
            spikes: counts[3],
            proposals: counts[4],
            upkeep: 0,
        };
        restore_network(&mut simulation.network, &saved.cells, network, counts[2])?;
        Ok(simulation)
    }
}

fn restore_network(
    network: &mut Network,
    cells: &[f64],
    [field, level, lead, private, centre, calcium, calcium_square]: [f64; 7],
    spikes_since_lead: u64,
) -> Result<(), ModelError> {
    if let Some(index) = cells.iter().position(|x| !x.is_finite()) {
        let value = cells[index];
        return Err(ModelError::Entry { name: "cells", index, value, allowed: "finite" });
    }
    for (cell, pair) in network.cells.iter_mut().zip(cells.chunks_exact(2)) {
        *cell = Cell { private: pair[0], calcium: pair[1] };
    }
    network.sums = Sums { private, centre, calcium, calcium_square };
    (network.field, network.level, network.lead) = (field, level, lead);
    network.spikes_since_lead = spikes_since_lead;
    Ok(())
}

fn restore_block(saved: &Checkpoint, n: usize) -> Result<Candidates, ModelError> {
    let [next, len, before_limit, stride] = fixed("block", &saved.block)?.map(|x: u64| x as usize);
    let [top, rate, low, sure, stale, limit] = numbers("bound", &saved.bound)?;
    let neuron: [u32; BLOCK] = fixed("neurons", &saved.neurons)?;
    let columns: [f64; 7 * BLOCK] = fixed("candidates", &saved.candidates)?;
    let column = |k: usize| std::array::from_fn(|j| columns[k * BLOCK + j]);
    let strangers = neuron[..len.min(BLOCK)].iter().any(|&i| i as usize >= n);
    if next > len || len > BLOCK || before_limit > 1 || stride == 0 || stride > BLOCK || strangers {
        let allowed = "what a simulation saved";
        return Err(ModelError::Length { name: "block", length: len, allowed });
    }
    let mut block = Candidates::none();
    block.bound = Bound { top, rate, low, sure, stale };
    block.limit = limit;
    (block.next, block.len, block.stride) = (next, len, stride);
    block.before_limit = before_limit == 1;
    (block.offset, block.time, block.threshold) = (column(0), column(1), column(2));
    block.neuron = neuron;
    block.decay = BlockDecay::from_columns([3, 4, 5, 6].map(column));
    Ok(block)
}

fn fixed<T: Copy, const K: usize>(name: &'static str, values: &[T]) -> Result<[T; K], ModelError> {
    let length = values.len();
    let error = ModelError::Length { name, length, allowed: "the length that a simulation saved" };
    values.try_into().map_err(|_| error)
}

fn numbers<const K: usize>(name: &'static str, values: &[f64]) -> Result<[f64; K], ModelError> {
    let fixed = fixed(name, values)?;
    match values.iter().position(|x| x.is_nan()) {
        None => Ok(fixed),
        Some(index) => Err(ModelError::Entry { name, index, value: f64::NAN, allowed: "numbers" }),
    }
}
