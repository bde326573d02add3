//! Replicates of one experiment over threads, one random stream each.
//!
//! Replicate k has the stream that its number gives it, so it is the same to the last bit whoever
//! runs it, after whatever others, on however many threads.

use std::ops::Range;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use crate::error::ModelError;
use crate::model::Model;
use crate::network::Network;
use crate::run::{Means, Plan, Recording, SLICE};
use crate::simulation::{Simulation, Stop};
use crate::stimulus::Stimulus;
use crate::stream;

/// What all replicates have in common.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The model.
    pub model: Model,
    /// The number of neurons.
    pub n: usize,
    /// Initial potentials: one for all, or `n`.
    pub potential: Vec<f64>,
    /// Initial calcium: one for all, or `n`.
    pub calcium: Vec<f64>,
    /// The external current.
    pub stimulus: Stimulus,
    /// How far to go and what to keep.
    pub plan: Arc<Plan>,
    /// Assembled entropy words of the root seed; replicate k appends k.
    pub root: Vec<u32>,
}

/// What one replicate gave.
#[derive(Clone, Debug)]
pub struct Replicate {
    /// Its number.
    pub index: u32,
    /// Why it stopped.
    pub stop: Stop,
    /// Absolute time of its end.
    pub end: f64,
    /// Absolute time of its exit from the region.
    pub exit: Option<f64>,
    /// Its spikes.
    pub spikes: u64,
    /// The means at the plan's times that it reached.
    pub means: Means,
}

/// Tells a running ensemble to stop, and how far it is; shared between threads.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    finished: AtomicU64,
}

impl Control {
    /// Asks all replicates to stop soon.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether someone asked.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Notes that one more replicate is finished.
    pub(crate) fn finish(&self) {
        self.finished.fetch_add(1, Ordering::Relaxed);
    }

    /// How many replicates are finished.
    pub fn finished(&self) -> u64 {
        self.finished.load(Ordering::Relaxed)
    }
}

impl Experiment {
    /// The experiment itself, if a replicate can begin with it.
    pub fn checked(self) -> Result<Self, ModelError> {
        Network::check_start(self.n, &self.potential, &self.calcium)?;
        self.plan.check(0.0, self.n)?;
        Ok(self)
    }

    /// Replicate `index`, or nothing if it was cancelled on the way.
    pub fn replicate(
        &self,
        index: u32,
        control: &Control,
    ) -> Result<Option<Replicate>, ModelError> {
        let stream = stream::replicate(&self.root, index);
        let (model, stimulus) = (self.model.clone(), self.stimulus.clone());
        let (potential, calcium) = (&self.potential, &self.calcium);
        let mut simulation = Simulation::new(model, self.n, potential, calcium, stimulus, stream)?;
        let mut recording = Recording::new(&simulation, Arc::clone(&self.plan))?;
        while !control.is_cancelled() {
            if let Some(stop) = recording.advance(&mut simulation, SLICE) {
                control.finish();
                let (means, ..) = recording.take();
                let (end, exit) = (simulation.time(), recording.exit());
                let spikes = simulation.spikes();
                return Ok(Some(Replicate { index, stop, end, exit, spikes, means }));
            }
        }
        Ok(None)
    }

    /// Replicates `range` on so many threads, in order; those cut short by a cancellation are left out.
    pub fn replicates(
        &self,
        range: Range<u32>,
        threads: usize,
        control: &Control,
    ) -> Result<Vec<Replicate>, ModelError> {
        let mut all = on_threads(range, threads, control, |index| self.replicate(index, control))?;
        all.sort_unstable_by_key(|replicate| replicate.index);
        Ok(all)
    }
}

/// What `one` makes of each index, in no order, until someone cancels; nothing for those cut short.
pub(crate) fn on_threads<T: Send>(
    range: Range<u32>,
    threads: usize,
    control: &Control,
    one: impl Fn(u32) -> Result<Option<T>, ModelError> + Sync,
) -> Result<Vec<T>, ModelError> {
    let threads = threads.min(range.len());
    let waiting = Mutex::new(range);
    let work = || -> Result<Vec<T>, ModelError> {
        let mut done = Vec::new();
        while !control.is_cancelled() {
            let next = waiting.lock().expect("nobody panics with it").next();
            let Some(index) = next else { break };
            done.extend(one(index)?);
        }
        Ok(done)
    };
    thread::scope(|scope| {
        // Where the system gives no more threads, those that there are do it all.
        let another = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..threads).map_while(another).collect();
        let mut all = work();
        for other in others {
            let done = other.join().expect("no replicate panics");
            all = all.and_then(|mut all| {
                all.extend(done?);
                Ok(all)
            });
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;
    use crate::run::Keep;

    fn experiment(until: f64) -> Experiment {
        let rate = Rate::hill(1.0, 1.0, 4.0, 0.1).unwrap();
        let model = Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap();
        let plan = Plan {
            until,
            times: vec![],
            snapshots: vec![],
            watched_neurons: vec![],
            spikes: Keep::Nothing,
            region: None,
            exit_after: 0.0,
            max_spikes: None,
        };
        Experiment {
            model,
            n: 20,
            potential: vec![2.0],
            calcium: vec![9.0],
            stimulus: Stimulus::default(),
            plan: Arc::new(plan),
            root: vec![1, 0, 0, 0],
        }
    }

    #[test]
    fn neither_threads_nor_ranges_change_a_replicate() {
        let spikes = |range, threads| -> Vec<u64> {
            let control = Control::default();
            let done = experiment(5.0).replicates(range, threads, &control).unwrap();
            assert_eq!(control.finished(), done.len() as u64);
            done.iter().map(|replicate| replicate.spikes).collect()
        };
        let whole = spikes(0..40, 1);
        assert_eq!(spikes(0..40, 3), whole);
        assert_eq!(spikes(7..19, 2), whole[7..19]);
    }

    #[test]
    fn a_cancelled_ensemble_begins_no_replicate() {
        let control = Control::default();
        control.cancel();
        // One of these would run for ever, and there are too many even to begin.
        let done = experiment(f64::INFINITY).replicates(0..u32::MAX, 2, &control).unwrap();
        assert!(done.is_empty());
    }
}
