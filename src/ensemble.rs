//! Replicates of one experiment over threads, one random stream each.
//!
//! Replicate k has the stream that its number gives it, so it is the same to the last bit whoever
//! runs it, after whatever others, on however many threads.

mod rows;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use crate::error::ModelError;
use crate::model::Model;
use crate::network::Network;
use crate::run::{Plan, Recording, SLICE};
use crate::simulation::Simulation;
use crate::stimulus::Stimulus;
use crate::stream;
pub use rows::{Row, Rows};

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

/// Replicates that are worth some preparation.
const MANY: usize = 32;

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

    /// Runs the replicate of a row and fills the row, if it is not cancelled on the way.
    pub fn replicate(&self, row: Row, control: &Control) -> Result<(), ModelError> {
        let stream = stream::replicate(&self.root, row.index);
        let (model, stimulus) = (self.model.clone(), self.stimulus.clone());
        let (potential, calcium) = (&self.potential, &self.calcium);
        let (start, go_on) = ((&potential[..], &calcium[..]), &mut || !control.is_cancelled());
        let made = Simulation::new_while(model, self.n, start, stimulus, stream, go_on);
        if matches!(made, Err(ModelError::Stopped)) {
            return Ok(());
        }
        let mut simulation = made?;
        let mut recording = Recording::new(&simulation, Arc::clone(&self.plan))?;
        while !control.is_cancelled() {
            if let Some(stop) = recording.advance(&mut simulation, SLICE) {
                row.fill(stop, &simulation, &mut recording);
                control.finish();
                break;
            }
        }
        Ok(())
    }

    /// Runs the replicates of `rows` on so many threads; the rows of those cut short by a cancellation stay as they are.
    pub fn replicates(
        &self,
        rows: Rows,
        threads: usize,
        control: &Control,
    ) -> Result<(), ModelError> {
        let mut experiment = self.clone();
        if rows.len() >= MANY {
            experiment.model.bracket_rate();
        }
        let one = |row| experiment.replicate(row, control).map(|()| None::<()>);
        on_threads(rows, threads, control, one).map(|_| ())
    }
}

/// What `one` makes of each job, in no order, until someone cancels; nothing for those cut short.
pub(crate) fn on_threads<J, T: Send>(
    jobs: impl ExactSizeIterator<Item = J> + Send,
    threads: usize,
    control: &Control,
    one: impl Fn(J) -> Result<Option<T>, ModelError> + Sync,
) -> Result<Vec<T>, ModelError> {
    let threads = threads.min(jobs.len());
    let waiting = Mutex::new(jobs);
    let work = || -> Result<Vec<T>, ModelError> {
        let mut done = Vec::new();
        while !control.is_cancelled() {
            let next = waiting.lock().expect("nobody panics with it").next();
            let Some(job) = next else { break };
            done.extend(one(job)?);
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
    use std::ops::Range;

    use super::*;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;
    use crate::run::Keep;
    use crate::simulation::Stop;

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

    /// Spikes and codes of the stops.
    fn run(
        experiment: &Experiment,
        range: Range<u32>,
        threads: usize,
        control: &Control,
    ) -> (Vec<i64>, Vec<u8>) {
        let rows = range.len();
        let (mut stop, mut spikes) = (vec![0; rows], vec![0; rows]);
        let (mut end, mut exit) = (vec![0.0; rows], vec![0.0; rows]);
        let rows = Rows {
            range,
            stop: &mut stop,
            end: &mut end,
            exit: &mut exit,
            spikes: &mut spikes,
            potential: &mut [],
            calcium: &mut [],
            columns: 0,
        };
        assert!(rows.fit());
        experiment.replicates(rows, threads, control).unwrap();
        (spikes, stop)
    }

    #[test]
    fn neither_threads_nor_ranges_change_a_replicate() {
        let spikes = |range: Range<u32>, threads| -> Vec<i64> {
            let control = Control::default();
            let (spikes, stops) = run(&experiment(5.0), range.clone(), threads, &control);
            assert_eq!(control.finished(), range.len() as u64);
            assert!(stops.iter().all(|&stop| stop == Stop::Until.code()));
            spikes
        };
        let whole = spikes(0..40, 1);
        assert_eq!(spikes(0..40, 3), whole);
        assert_eq!(spikes(7..19, 2), whole[7..19]);
    }

    #[test]
    fn a_cancelled_ensemble_begins_no_replicate() {
        let control = Control::default();
        control.cancel();
        // One of these would run for ever.
        let (_, stops) = run(&experiment(f64::INFINITY), 0..100, 2, &control);
        assert_eq!(stops, [0; 100]);
    }
}
