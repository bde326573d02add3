//! One advance of a simulation with everything that is wanted from it: means on a grid, watched
//! neurons, snapshots, spikes, and the exit from a region.
//!
//! It looks at the simulation between calls of `advance`; cutting changes no bit, so looking
//! changes none either.

mod plan;
mod saved;

use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use plan::check_times;
pub use plan::{Keep, Plan};
pub use saved::Saved;

use crate::error::{ModelError, room};
use crate::lateness::check_time;
use crate::simulation::{ChosenSpikes, Nothing, SpikeTrain};
use crate::simulation::{Goal, Simulation, Stop};

/// What was noted at the times of the plan that were reached.
#[derive(Clone, Debug, Default)]
pub struct Means {
    /// Mean potential.
    pub potential: Vec<f64>,
    /// Mean calcium.
    pub calcium: Vec<f64>,
    /// Variance of calcium across neurons.
    pub calcium_var: Vec<f64>,
    /// Spikes since the simulation began.
    pub spike_count: Vec<i64>,
    /// Potentials of the watched neurons, a row per time.
    pub watched_potential: Vec<f64>,
    /// Calcium of the watched neurons, a row per time.
    pub watched_calcium: Vec<f64>,
}

/// Whole states, a row per time.
#[derive(Clone, Debug, Default)]
pub struct Snapshots {
    /// Potentials.
    pub potential: Vec<f64>,
    /// Calcium.
    pub calcium: Vec<f64>,
}

/// A plan on its way.
#[derive(Debug)]
pub struct Recording {
    plan: Arc<Plan>,
    neurons: usize,
    from: f64,
    spikes_before: u64,
    extinct: bool,
    /// The watch for the exit has still to begin.
    exit_watch_ahead: bool,
    exit: Option<f64>,
    means: Means,
    snapshots: Snapshots,
    next_snapshot: usize,
    train: ChosenSpikes,
}

/// A look at the means costs about as much as this many candidates.
const LOOK: u64 = 8;
/// And so many neurons are noted in the time of a candidate.
pub(crate) const NOTED_PER_CANDIDATE: u64 = 2;

/// Work between two looks at the clock, or at who may cancel, in candidates: 20 ms where they cost most.
pub const SLICE: u64 = 20_000;

impl Recording {
    /// Prepares `plan` for a simulation that goes on from where it is.
    pub fn new(simulation: &Simulation, plan: Arc<Plan>) -> Result<Self, ModelError> {
        let now = simulation.time();
        let n = simulation.network().n();
        plan.check(now, n)?;
        check_time("until", plan.until, simulation.model())?;
        let train = match &plan.spikes {
            Keep::Chosen(neurons) => ChosenSpikes::new(n, neurons),
            Keep::All | Keep::Nothing => ChosenSpikes::new(0, &[]),
        };
        let watched = plan.watched_neurons.len().saturating_mul(plan.times.len());
        let rows = plan.times.len();
        let means = Means {
            potential: room("grid", rows)?,
            calcium: room("grid", rows)?,
            calcium_var: room("grid", rows)?,
            spike_count: room("grid", rows)?,
            watched_potential: room("watch", watched)?,
            watched_calcium: room("watch", watched)?,
        };
        let states = n.saturating_mul(plan.snapshots.len());
        let snapshots = Snapshots {
            potential: room("snapshots", states)?,
            calcium: room("snapshots", states)?,
        };
        let exit_watch_ahead = plan.region.is_some() && plan.exit_after > now;
        Ok(Self {
            exit_watch_ahead,
            plan,
            neurons: n,
            from: now,
            spikes_before: simulation.spikes(),
            extinct: false,
            exit: None,
            means,
            snapshots,
            next_snapshot: 0,
            train,
        })
    }

    /// Goes on for about `patience`; says why it stopped, or nothing if there is more.
    pub fn advance_for(&mut self, simulation: &mut Simulation, patience: Duration) -> Option<Stop> {
        let start = Instant::now();
        loop {
            let stop = self.advance(simulation, SLICE);
            if stop.is_some() || start.elapsed() >= patience {
                return stop;
            }
        }
    }

    /// Goes on for about the work of `candidates` candidates; says why it stopped, or nothing if there is more.
    pub fn advance(&mut self, simulation: &mut Simulation, candidates: u64) -> Option<Stop> {
        let mut left = candidates;
        loop {
            if left < LOOK {
                return None;
            }
            let work = simulation.work();
            let target = self.next_target();
            let watching_for_exit = self.is_watching_for_exit(simulation);
            let stop = self.advance_to(simulation, target, left);
            left = left.saturating_sub(simulation.work() - work + LOOK);
            match stop {
                Stop::Until => {}
                Stop::Candidates => return None,
                Stop::Extinct if target < f64::INFINITY => {
                    self.extinct = true;
                    simulation.rest_at(target);
                }
                // The clock goes back to the last event: from then on nothing is unknown.
                Stop::Extinct => {
                    simulation.rest_at(simulation.last_event().max(self.from));
                    return Some(Stop::Extinct);
                }
                Stop::Exit | Stop::Spikes | Stop::Explosion => {
                    self.exit = (stop == Stop::Exit).then(|| simulation.time());
                    // A time of the grid may be this very one.
                    self.look(simulation);
                    return Some(stop);
                }
            }
            left = left.saturating_sub(self.look(simulation) / NOTED_PER_CANDIDATE);
            // A watch for the exit that starts at the very end must still look whether it starts outside.
            if target >= self.plan.until && (watching_for_exit || !self.will_watch_for_exit()) {
                let extinct = self.extinct || simulation.is_extinct();
                return Some(if extinct { Stop::Extinct } else { Stop::Until });
            }
        }
    }

    /// The part of the way that is done; 0 where the end is not known.
    pub fn fraction(&self, simulation: &Simulation) -> f64 {
        let (done, whole) = (simulation.time() - self.from, self.plan.until - self.from);
        let by_time = if whole > 0.0 { done / whole } else { 1.0 };
        let spikes = (simulation.spikes() - self.spikes_before) as f64;
        let by_spikes = self.plan.max_spikes.map_or(0.0, |most| spikes / most as f64);
        by_time.max(by_spikes).min(1.0)
    }

    /// Absolute time of the exit from the region.
    pub fn exit(&self) -> Option<f64> {
        self.exit
    }

    /// The times at which the means were noted.
    pub fn times(&self) -> &[f64] {
        &self.plan.times[..self.means.potential.len()]
    }

    /// The times at which the state was noted.
    pub fn snapshot_times(&self) -> &[f64] {
        &self.plan.snapshots[..self.next_snapshot]
    }

    /// How many neurons are watched.
    pub fn watched(&self) -> usize {
        self.plan.watched_neurons.len()
    }

    /// How many neurons there are.
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// What was noted so far, moved out.
    pub fn take(&mut self) -> (Means, Snapshots, Option<SpikeTrain>) {
        let kept = self.plan.spikes != Keep::Nothing;
        let mut train = std::mem::take(&mut self.train.train);
        train.shrink();
        let (means, snapshots) = (&mut self.means, &mut self.snapshots);
        (std::mem::take(means), std::mem::take(snapshots), kept.then_some(train))
    }

    fn will_watch_for_exit(&self) -> bool {
        self.plan.region.is_some() && self.plan.exit_after <= self.plan.until
    }

    fn is_watching_for_exit(&self, simulation: &Simulation) -> bool {
        self.plan.region.is_some() && simulation.time() >= self.plan.exit_after
    }

    /// The next time at which there is something to note or to begin.
    fn next_target(&self) -> f64 {
        let next = |times: &[f64], i: usize| times.get(i).copied().unwrap_or(f64::INFINITY);
        let grid = next(&self.plan.times, self.means.potential.len());
        let snapshot = next(&self.plan.snapshots, self.next_snapshot);
        let exit_watch = if self.exit_watch_ahead { self.plan.exit_after } else { f64::INFINITY };
        grid.min(snapshot).min(exit_watch).min(self.plan.until)
    }

    fn advance_to(&mut self, simulation: &mut Simulation, until: f64, candidates: u64) -> Stop {
        let spikes = simulation.spikes() - self.spikes_before;
        let goal = Goal {
            until,
            candidates,
            spikes: self.plan.max_spikes.map_or(u64::MAX, |most| most.saturating_sub(spikes)),
            region: self.plan.region.as_ref().filter(|_| self.is_watching_for_exit(simulation)),
        };
        match self.plan.spikes {
            Keep::Nothing => simulation.advance(&goal, &mut Nothing),
            Keep::All => simulation.advance(&goal, &mut self.train.train),
            Keep::Chosen(_) => simulation.advance(&goal, &mut self.train),
        }
    }

    /// Notes what is due at the present time; returns how many neurons it noted.
    fn look(&mut self, simulation: &Simulation) -> u64 {
        let mut noted = 0;
        let now = simulation.time();
        let (network, decay) = (simulation.network(), simulation.decay());
        self.exit_watch_ahead &= self.plan.exit_after > now;
        while self.plan.times.get(self.means.potential.len()).is_some_and(|&t| t <= now) {
            let means = &mut self.means;
            means.potential.push(network.mean_potential(&decay));
            means.calcium.push(network.mean_calcium(&decay));
            means.calcium_var.push(network.calcium_variance(&decay));
            means.spike_count.push(simulation.spikes() as i64);
            for &i in &self.plan.watched_neurons {
                means.watched_potential.push(network.potential(i as usize, &decay).max(0.0));
                means.watched_calcium.push(network.calcium(i as usize, &decay));
            }
            noted += self.plan.watched_neurons.len();
        }
        while self.plan.snapshots.get(self.next_snapshot).is_some_and(|&t| t <= now) {
            let (potential, calcium) = network.state(&decay);
            self.snapshots.potential.extend(potential);
            self.snapshots.calcium.extend(calcium);
            self.next_snapshot += 1;
            noted += self.neurons;
        }
        noted as u64
    }
}
