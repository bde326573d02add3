//! The whole state of a simulation as named numbers, from which it goes on bit for bit.

use crate::error::ModelError;
use crate::model::Model;
use crate::network::decay::BLOCK;
use crate::network::{Cell, Network, Sums};
use crate::simulation::Simulation;
use crate::simulation::bound::Bound;
use crate::simulation::candidates::{Candidates, Origin};
use crate::stimulus::Stimulus;
use crate::stream;

/// Everything about a simulation but its model and its stimulus.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Private potential and calcium of each neuron, in the scaled frame, in turn.
    pub cells: Vec<f64>,
    /// What all potentials share beyond their resting level, in the scaled frame.
    pub field: f64,
    /// The resting level of the potentials under the present current.
    pub level: f64,
    /// No private potential exceeds it.
    pub lead: f64,
    /// Spikes since the lead was looked for.
    pub spikes_since_lead: u64,
    /// The sum of the private potentials …
    pub sum_private: f64,
    /// … when the field was this.
    pub sum_field: f64,
    /// From where calcium is measured in its sums.
    pub sum_centre: f64,
    /// The sum of its distances from there …
    pub sum_calcium: f64,
    /// … and of their squares.
    pub sum_calcium_square: f64,
    /// The present time.
    pub clock: f64,
    /// The reference time of the scaled frame.
    pub frame: f64,
    /// Where the next stretch of candidates begins, since the frame.
    pub start: f64,
    /// The time of the last spike or edge.
    pub last_event: f64,
    /// The bound holds up to this potential at least.
    pub ceiling: f64,
    /// Edges of the stimulus that are behind.
    pub edges: usize,
    /// Spikes since the frame moved or the lead was looked for.
    pub fresh_spikes: u64,
    /// Spikes.
    pub spikes: u64,
    /// Candidates decided.
    pub proposals: u64,
    /// The generator before the block of draws: its state …
    pub generator_state: u128,
    /// … and its increment, which is odd.
    pub generator_increment: u128,
    /// Whether a block of draws has begun.
    pub begun: bool,
    /// The next candidate of the block.
    pub next: usize,
    /// The end of the candidates that are laid out.
    pub len: usize,
    /// Whether the bound's limit comes before the candidate after those.
    pub before_limit: bool,
    /// How many candidates to lay out next time.
    pub stride: usize,
    /// Whether the bound serves no more.
    pub broken: bool,
    /// Candidates decided under this bound.
    pub served: usize,
    /// The draws' own time where the next stretch begins.
    pub passed: f64,
    /// The first candidate of the stretch …
    pub origin_first: usize,
    /// … where it began, since the frame …
    pub origin_start: f64,
    /// … and the draws' own time there.
    pub origin_passed: f64,
    /// The bound in force holds while potentials are at most this …
    pub bound_top: f64,
    /// … and until this time.
    pub bound_limit: f64,
    /// The bound.
    pub bound_rate: f64,
    /// From this potential on the shortcut may decide.
    pub bound_low: f64,
    /// The mark below which it does.
    pub bound_sure: f64,
    /// Where a tighter bound pays for the next block.
    pub bound_loose: f64,
    /// Where it pays at once.
    pub bound_stale: f64,
}

/// What is said to be allowed where a number can't be of a simulation.
const SAVED: &str = "what a simulation saved";

impl Simulation {
    /// The state as named numbers.
    pub fn checkpoint(&self) -> Checkpoint {
        let (network, block) = (&self.network, &self.candidates);
        let (sums, bound, origin) = (network.sums, block.bound, block.origin);
        let (generator_state, generator_increment) = stream::state_of(block.draws.stream());
        Checkpoint {
            cells: network.cells.iter().flat_map(|c| [c.private, c.calcium]).collect(),
            field: network.field,
            level: network.level,
            lead: network.lead,
            spikes_since_lead: network.spikes_since_lead,
            sum_private: sums.private,
            sum_field: sums.field,
            sum_centre: sums.centre,
            sum_calcium: sums.calcium,
            sum_calcium_square: sums.calcium_square,
            clock: self.clock,
            frame: self.frame,
            start: self.start,
            last_event: self.last_event,
            ceiling: self.ceiling,
            edges: self.edges,
            fresh_spikes: self.fresh_spikes,
            spikes: self.spikes,
            proposals: self.proposals,
            generator_state,
            generator_increment,
            begun: block.draws.have_begun(),
            next: block.next,
            len: block.len,
            before_limit: block.before_limit,
            stride: block.stride,
            broken: block.broken,
            served: block.served,
            passed: block.passed,
            origin_first: origin.first,
            origin_start: origin.start,
            origin_passed: origin.passed,
            bound_top: bound.top,
            bound_limit: bound.limit,
            bound_rate: bound.rate,
            bound_low: bound.low,
            bound_sure: bound.sure,
            bound_loose: bound.loose,
            bound_stale: bound.stale,
        }
    }

    /// The simulation that was in the state `saved`.
    pub fn restore(
        model: Model,
        stimulus: Stimulus,
        saved: &Checkpoint,
    ) -> Result<Self, ModelError> {
        saved.check(&stimulus)?;
        let mut simulation = Self {
            network: saved.network(&model)?,
            candidates: saved.candidates(),
            model,
            stimulus,
            clock: saved.clock,
            frame: saved.frame,
            start: saved.start,
            ceiling: saved.ceiling,
            edges: saved.edges,
            last_event: saved.last_event,
            fresh_spikes: saved.fresh_spikes,
            spikes: saved.spikes,
            proposals: saved.proposals,
            upkeep: 0,
        };
        let (rates, horizon) = (simulation.network.rates(), simulation.horizon());
        if !simulation.candidates.is_spent() {
            simulation.candidates.lay_out_again(rates, saved.frame, horizon);
        }
        Ok(simulation)
    }
}

impl Checkpoint {
    /// Refuses what no simulation can have saved, so that none goes astray or panics.
    fn check(&self, stimulus: &Stimulus) -> Result<(), ModelError> {
        if let Some(index) = self.cells.iter().position(|x| !x.is_finite()) {
            let value = self.cells[index];
            return Err(ModelError::Entry { name: "cells", index, value, allowed: "finite" });
        }
        for (name, value) in self.reals() {
            if value.is_nan() {
                return Err(ModelError::Number { name, value, allowed: SAVED });
            }
        }
        let block = self.origin_first <= self.next && self.next <= self.len && self.len <= BLOCK;
        let counts = [
            ("cells", self.cells.len(), self.cells.len().is_multiple_of(2)),
            ("edges", self.edges, self.edges <= stimulus.edges().len()),
            ("next", self.next, block && (self.begun || self.next == BLOCK)),
            ("stride", self.stride, (1..=BLOCK).contains(&self.stride)),
            ("generator_increment", 0, !self.generator_increment.is_multiple_of(2)),
        ];
        match counts.into_iter().find(|&(.., good)| !good) {
            None => Ok(()),
            Some((name, value, _)) => {
                Err(ModelError::Number { name, value: value as f64, allowed: SAVED })
            }
        }
    }

    fn reals(&self) -> [(&'static str, f64); 23] {
        [
            ("field", self.field),
            ("level", self.level),
            ("lead", self.lead),
            ("sum_private", self.sum_private),
            ("sum_field", self.sum_field),
            ("sum_centre", self.sum_centre),
            ("sum_calcium", self.sum_calcium),
            ("sum_calcium_square", self.sum_calcium_square),
            ("clock", self.clock),
            ("frame", self.frame),
            ("start", self.start),
            ("last_event", self.last_event),
            ("ceiling", self.ceiling),
            ("passed", self.passed),
            ("origin_start", self.origin_start),
            ("origin_passed", self.origin_passed),
            ("bound_top", self.bound_top),
            ("bound_limit", self.bound_limit),
            ("bound_rate", self.bound_rate),
            ("bound_low", self.bound_low),
            ("bound_sure", self.bound_sure),
            ("bound_loose", self.bound_loose),
            ("bound_stale", self.bound_stale),
        ]
    }

    fn network(&self, model: &Model) -> Result<Network, ModelError> {
        let n = self.cells.len() / 2;
        let mut network = Network::new(model, n, &[0.0], &[0.0], 0.0, &mut || true)?;
        for (cell, pair) in network.cells.iter_mut().zip(self.cells.chunks_exact(2)) {
            *cell = Cell { private: pair[0], calcium: pair[1] };
        }
        network.sums = Sums {
            private: self.sum_private,
            field: self.sum_field,
            centre: self.sum_centre,
            calcium: self.sum_calcium,
            calcium_square: self.sum_calcium_square,
        };
        (network.field, network.level, network.lead) = (self.field, self.level, self.lead);
        network.spikes_since_lead = self.spikes_since_lead;
        Ok(network)
    }

    fn candidates(&self) -> Candidates {
        let stream = stream::from_state(self.generator_state, self.generator_increment);
        let mut candidates = Candidates::new(stream, (self.cells.len() / 2) as u32);
        if self.begun {
            candidates.draws.turn();
        }
        candidates.bound = Bound {
            top: self.bound_top,
            limit: self.bound_limit,
            rate: self.bound_rate,
            low: self.bound_low,
            sure: self.bound_sure,
            loose: self.bound_loose,
            stale: self.bound_stale,
        };
        (candidates.next, candidates.len, candidates.stride) = (self.next, self.len, self.stride);
        (candidates.before_limit, candidates.broken) = (self.before_limit, self.broken);
        (candidates.served, candidates.passed) = (self.served, self.passed);
        let (first, start, passed) = (self.origin_first, self.origin_start, self.origin_passed);
        candidates.origin = Origin { first, start, passed };
        candidates
    }
}
