//! The probability of leaving a region, by adaptive multilevel splitting.
//!
//! Replicas run from the start, and the record of each one's score is noted. Again and again those with the lowest
//! record Z are killed, all that tie, and each is replaced by a branch of another: the same path up to the first
//! time that its score exceeds Z, then with random numbers of its own. The probability is the product of the shares that
//! survived (Cérou and Guyader 2007; that all which tie are killed makes it unbiased: Bréhier, Gazeau, Goudenège,
//! Lelièvre and Rousset 2016).
//!
//! No path is stored: a replica is the network at the start of its last branch, from where it is run again bit for bit.

use std::ops::Range;

use crate::ensemble::{Control, on_threads};
use crate::error::{ModelError, check};
use crate::model::Model;
use crate::network::Network;
use crate::rare::climb::{Broken, Course, Ending};
use crate::rare::entries::Cycle;
use crate::rare::score::Score;
use crate::region::Region;
use crate::run::SLICE;
use crate::simulation::Nothing;
use crate::simulation::{Goal, Simulation, Stop};
use crate::stimulus::Stimulus;
use crate::stream::{self, Stream};

/// What all runs have in common.
#[derive(Clone, Debug)]
pub struct Splitting {
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
    /// What is to be left.
    pub region: Region,
    /// The score.
    pub score: Score,
    /// From when on the region is watched.
    pub exit_after: f64,
    /// The horizon.
    pub until: f64,
    /// Where paths start, if not at the initial state at the time `exit_after`.
    pub cycle: Option<Cycle>,
    /// Networks in a run.
    pub replicas: u32,
    /// Assembled entropy words of the root seed; run k appends k, and its branch b appends b too.
    pub root: Vec<u32>,
}

/// What one run gave.
#[derive(Clone, Debug)]
pub struct SplittingRun {
    /// Its number.
    pub index: u32,
    /// The estimated probability: unbiased.
    pub probability: f64,
    /// Entries into paths per unit of time, nan where paths start at a given state.
    pub flux: f64,
    /// How often replicas were killed.
    pub levels: u64,
    /// How many replicas were killed together with another.
    pub ties: u64,
    /// Simulated spikes, those of paths that were run again included.
    pub spikes: u64,
    /// What ended it early: the time of an explosion, or −1 where no flux could be measured; else nan.
    pub broken: f64,
    /// For each replica that left the region, the branches that its path consists of, with the time of each one's start.
    pub lines: Vec<Vec<(f64, u32)>>,
}

#[derive(Clone, Debug)]
struct Replica {
    /// The network at the start of its last branch.
    start: Simulation,
    record: f64,
    line: Vec<(f64, u32)>,
}

impl Splitting {
    /// The splitting itself, if a run can begin with it.
    pub fn checked(self) -> Result<Self, ModelError> {
        Network::check_start(self.n, &self.potential, &self.calcium)?;
        let horizon = self.until >= self.exit_after && self.exit_after.is_finite();
        check("exit_after", self.exit_after, horizon, "a finite time, not after the end")?;
        Ok(self)
    }

    /// Runs `range` on so many threads, in order; those cut short by a cancellation are left out.
    pub fn runs(
        &self,
        range: Range<u32>,
        threads: usize,
        control: &Control,
    ) -> Result<Vec<SplittingRun>, ModelError> {
        let mut all = on_threads(range, threads, control, |index| self.run(index, control))?;
        all.sort_unstable_by_key(|run| run.index);
        Ok(all)
    }

    /// Run `index`, or nothing if it was cancelled on the way.
    pub fn run(&self, index: u32, control: &Control) -> Result<Option<SplittingRun>, ModelError> {
        let mut run = SplittingRun {
            index,
            probability: 0.0,
            flux: f64::NAN,
            levels: 0,
            ties: 0,
            spikes: 0,
            broken: f64::NAN,
            lines: vec![],
        };
        match self.split(&mut run, control) {
            Ok(()) => {}
            Err(Broken::Cancelled) => return Ok(None),
            Err(Broken::Exploded(time)) => run.broken = time,
            Err(Broken::NoFlux) => run.broken = -1.0,
            Err(Broken::Model(error)) => return Err(error),
        }
        control.finish();
        Ok(Some(run))
    }

    fn split(&self, run: &mut SplittingRun, control: &Control) -> Result<(), Broken> {
        let floor = self.cycle.map(|cycle| cycle.floor);
        let mut course = Course::new(&self.region, self.score.clone(), floor, self.until)?;
        let starts = match &self.cycle {
            None => self.starts(run.index, control)?,
            Some(cycle) => {
                let entries = cycle.entries(self, run.index, control)?;
                run.flux = entries.flux;
                run.spikes += entries.spikes;
                entries.starts
            }
        };
        let mut replicas = Vec::with_capacity(starts.len());
        for (branch, start) in starts.into_iter().enumerate() {
            let line = vec![(start.time(), branch as u32)];
            replicas.push(self.follow(
                start,
                f64::NEG_INFINITY,
                line,
                &mut course,
                run,
                control,
            )?);
        }
        let mut choices = stream::replicate(&self.root, run.index);
        let (n, mut next, mut probability) = (self.replicas, self.replicas, 1.0);
        loop {
            let level = replicas.iter().map(|replica| replica.record).fold(f64::INFINITY, f64::min);
            if level == f64::INFINITY {
                break;
            }
            let killed: Vec<usize> =
                (0..replicas.len()).filter(|&i| replicas[i].record <= level).collect();
            run.levels += 1;
            run.ties += killed.len() as u64 - 1;
            if killed.len() == replicas.len() {
                // Extinct: nobody is left, and 0 belongs to the average.
                return Ok(());
            }
            probability *= 1.0 - killed.len() as f64 / f64::from(n);
            for &i in &killed {
                let parent = loop {
                    let j = stream::below(&mut choices, n) as usize;
                    if !killed.contains(&j) {
                        break j;
                    }
                };
                let stream = self.stream(run.index, next);
                let branch = (next, stream);
                replicas[i] =
                    self.branch(&replicas[parent], level, branch, &mut course, run, control)?;
                next += 1;
            }
        }
        run.probability = probability;
        run.lines = replicas.into_iter().map(|replica| replica.line).collect();
        Ok(())
    }

    /// The stream of a branch.
    pub(super) fn stream(&self, index: u32, branch: u32) -> Stream {
        let words: Vec<u32> = self.root.iter().copied().chain([index]).collect();
        stream::replicate(&words, branch)
    }

    /// The network at time 0.
    pub(super) fn simulation(&self, stream: Stream) -> Result<Simulation, ModelError> {
        let (model, stimulus) = (self.model.clone(), self.stimulus.clone());
        Simulation::new(model, self.n, &self.potential, &self.calcium, stimulus, stream)
    }

    /// The networks when the region begins to be watched.
    fn starts(&self, index: u32, control: &Control) -> Result<Vec<Simulation>, Broken> {
        let start = |branch| {
            let mut simulation = self.simulation(self.stream(index, branch))?;
            let until = self.exit_after;
            while simulation.time() < until {
                if control.is_cancelled() {
                    return Err(Broken::Cancelled);
                }
                let goal = Goal { until, candidates: SLICE, spikes: u64::MAX, region: None };
                match simulation.advance(&goal, &mut Nothing) {
                    Stop::Explosion => return Err(Broken::Exploded(simulation.time())),
                    Stop::Extinct => simulation.rest_at(until),
                    _ => {}
                }
            }
            Ok(simulation)
        };
        (0..self.replicas).map(start).collect()
    }

    /// The replica that starts here.
    fn follow(
        &self,
        start: Simulation,
        least: f64,
        line: Vec<(f64, u32)>,
        course: &mut Course,
        run: &mut SplittingRun,
        control: &Control,
    ) -> Result<Replica, Broken> {
        if course.is_out(&start) {
            return Ok(Replica { start, record: f64::INFINITY, line });
        }
        let mut path = start.clone();
        let least = least.max(self.score.of(&start));
        let (record, ending) = course.climb(&mut path, least, control)?;
        run.spikes += path.spikes() - start.spikes();
        let record = if ending == Ending::Out { f64::INFINITY } else { record };
        Ok(Replica { start, record, line })
    }

    /// A branch of `parent` from where its score first exceeds `level`.
    fn branch(
        &self,
        parent: &Replica,
        level: f64,
        (number, stream): (u32, Stream),
        course: &mut Course,
        run: &mut SplittingRun,
        control: &Control,
    ) -> Result<Replica, Broken> {
        let mut start = parent.start.clone();
        let ended = course.rise_to(&mut start, level, control)?;
        run.spikes += start.spikes() - parent.start.spikes();
        if ended.is_some() {
            // It leaves the region at or before that level, so there is nothing to branch from.
            return Ok(parent.clone());
        }
        start.restream(stream);
        let mut line = parent.line.clone();
        line.push((start.time(), number));
        // The score exceeds the level from now on, if by less than can be seen yet.
        self.follow(start, level.next_up(), line, course, run, control)
    }
}

#[cfg(test)]
mod tests;
