//! The whole state of a simulation as plain arrays, from which it goes on bit for bit.

use crate::error::ModelError;
use crate::model::Model;
use crate::network::decay::BLOCK;
use crate::network::{Cell, Network, Sums};
use crate::simulation::Simulation;
use crate::simulation::bound::Bound;
use crate::simulation::candidates::{Candidates, Origin};
use crate::stimulus::Stimulus;
use crate::stream::{self, Stream};

/// Everything about a simulation but its model and its stimulus.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Private potential and calcium of each neuron, in the scaled frame, in turn.
    pub cells: Vec<f64>,
    /// Field, level, lead, and the sums.
    pub network: Vec<f64>,
    /// Clock, frame, start, last event, the ceiling of the bound, the draws' own time, and start and
    /// draws' time where the stretch began.
    pub times: Vec<f64>,
    /// Edges passed, spikes since two kinds of upkeep, spikes, proposals.
    pub counts: Vec<u64>,
    /// State and increment of the generator before the block of draws, high and low halves.
    pub generator: Vec<u64>,
    /// Whether a block of draws has begun, next, length, whether the limit follows, stride, whether the
    /// bound is broken, how many it served, and the first of the stretch.
    pub block: Vec<u64>,
    /// The bound in force.
    pub bound: Vec<f64>,
}

impl Simulation {
    /// The state as plain arrays.
    pub fn checkpoint(&self) -> Checkpoint {
        let (network, block) = (&self.network, &self.candidates);
        let (sums, bound, origin) = (network.sums, block.bound, block.origin);
        let (state, increment) = stream::state_of(block.draws.stream());
        let halves = |x: u128| [(x >> 64) as u64, x as u64];
        Checkpoint {
            cells: network.cells.iter().flat_map(|c| [c.private, c.calcium]).collect(),
            network: vec![
                network.field,
                network.level,
                network.lead,
                sums.private,
                sums.field,
                sums.centre,
                sums.calcium,
                sums.calcium_square,
            ],
            times: vec![
                self.clock,
                self.frame,
                self.start,
                self.last_event,
                self.ceiling,
                block.passed,
                origin.start,
                origin.passed,
            ],
            counts: vec![
                self.edges as u64,
                self.fresh_spikes,
                network.spikes_since_lead,
                self.spikes,
                self.proposals,
            ],
            generator: [halves(state), halves(increment)].concat(),
            block: [
                block.draws.have_begun().into(),
                block.next,
                block.len,
                block.before_limit.into(),
                block.stride,
                block.broken.into(),
                block.served,
                origin.first,
            ]
            .map(|x| x as u64)
            .to_vec(),
            bound: vec![
                bound.top,
                bound.limit,
                bound.rate,
                bound.low,
                bound.sure,
                bound.loose,
                bound.stale,
            ],
        }
    }

    /// The simulation that was in the state `saved`.
    pub fn restore(
        model: Model,
        stimulus: Stimulus,
        saved: &Checkpoint,
    ) -> Result<Self, ModelError> {
        let n = saved.cells.len() / 2;
        let network = numbers::<8>("network", &saved.network)?;
        let times: [f64; 8] = numbers("times", &saved.times)?;
        let [clock, frame, start, last_event, ceiling, ..] = times;
        let counts: [u64; 5] = fixed("counts", &saved.counts)?;
        let generator: [u64; 4] = fixed("generator", &saved.generator)?;
        let wide = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
        let edges = counts[0] as usize;
        if edges > stimulus.edges().len() || generator[3].is_multiple_of(2) {
            let allowed = "what a simulation saved";
            return Err(ModelError::Number { name: "counts", value: edges as f64, allowed });
        }
        let increment = wide(generator[2], generator[3]);
        let stream = stream::from_state(wide(generator[0], generator[1]), increment);
        let mut simulation = Self {
            network: Network::new(&model, n, &[0.0], &[0.0], 0.0)?,
            candidates: restore_candidates(saved, times, stream, n as u32)?,
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
        let (rates, horizon) = (simulation.network.rates(), simulation.horizon());
        if !simulation.candidates.is_spent() {
            simulation.candidates.lay_out_again(rates, frame, horizon);
        }
        Ok(simulation)
    }
}

fn restore_network(
    network: &mut Network,
    cells: &[f64],
    [field, level, lead, private, field_then, centre, calcium, calcium_square]: [f64; 8],
    spikes_since_lead: u64,
) -> Result<(), ModelError> {
    if let Some(index) = cells.iter().position(|x| !x.is_finite()) {
        let value = cells[index];
        return Err(ModelError::Entry { name: "cells", index, value, allowed: "finite" });
    }
    for (cell, pair) in network.cells.iter_mut().zip(cells.chunks_exact(2)) {
        *cell = Cell { private: pair[0], calcium: pair[1] };
    }
    network.sums = Sums { private, field: field_then, centre, calcium, calcium_square };
    (network.field, network.level, network.lead) = (field, level, lead);
    network.spikes_since_lead = spikes_since_lead;
    Ok(())
}

fn restore_candidates(
    saved: &Checkpoint,
    times: [f64; 8],
    stream: Stream,
    n: u32,
) -> Result<Candidates, ModelError> {
    let block: [u64; 8] = fixed("block", &saved.block)?;
    let [begun, next, len, before_limit, stride, broken, served, first] = block.map(|x| x as usize);
    let [top, limit, rate, low, sure, loose, stale] = numbers("bound", &saved.bound)?;
    let [.., passed, start, passed_then] = times;
    let in_order = first <= next && next <= len && len <= BLOCK && (begun == 1 || next == BLOCK);
    let flags = begun <= 1 && before_limit <= 1 && broken <= 1;
    if !in_order || !flags || stride == 0 || stride > BLOCK {
        let allowed = "what a simulation saved";
        return Err(ModelError::Length { name: "block", length: len, allowed });
    }
    let mut candidates = Candidates::new(stream, n);
    if begun == 1 {
        candidates.draws.turn();
    }
    candidates.bound = Bound { top, limit, rate, low, sure, loose, stale };
    (candidates.next, candidates.len, candidates.stride) = (next, len, stride);
    (candidates.before_limit, candidates.broken) = (before_limit == 1, broken == 1);
    (candidates.served, candidates.passed) = (served, passed);
    candidates.origin = Origin { first, start, passed: passed_then };
    Ok(candidates)
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
