//! One path: how high its score gets, and where it ends.
//!
//! The score rises between spikes and falls at them, so its record is made just before a spike, or at the end.

use crate::ensemble::Control;
use crate::error::ModelError;
use crate::rare::score::{Score, means};
use crate::region::Region;
use crate::run::SLICE;
use crate::simulation::Listener;
use crate::simulation::{Goal, Simulation, Stop};

/// Why a run of many paths came to no result.
#[derive(Clone, Debug)]
pub enum Broken {
    /// Someone asked to stop.
    Cancelled,
    /// Infinitely many spikes came before this time.
    Exploded(f64),
    /// The state is left so often, or so seldom, that no flux out of it can be measured.
    NoFlux,
    /// An argument is wrong.
    Model(ModelError),
}

impl From<ModelError> for Broken {
    fn from(error: ModelError) -> Self {
        Self::Model(error)
    }
}

/// How a path ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Out of the region.
    Out,
    /// At a score below the floor.
    Back,
    /// At the horizon, or at rest for ever.
    Inside,
}

/// The region in which a path goes on, and the level that its score has reached.
#[derive(Clone, Debug)]
pub(super) struct Course {
    region: Region,
    /// The part of it above the floor.
    open: Region,
    /// The part of that up to the level.
    below: Region,
    score: Score,
    until: f64,
}

impl Course {
    /// Paths in `region`, as long as their score stays above `floor`, until a time.
    pub(super) fn new(
        region: &Region,
        score: Score,
        floor: Option<f64>,
        until: f64,
    ) -> Result<Self, ModelError> {
        let open = match floor {
            None => region.clone(),
            Some(floor) => score.from(region, floor)?,
        };
        let below = score.up_to(&open, 0.0)?;
        Ok(Self { region: region.clone(), open, below, score, until })
    }

    /// Whether the network is out of the region.
    pub(super) fn is_out(&self, simulation: &Simulation) -> bool {
        let (u, r) = means(simulation);
        !self.region.contains(u, r)
    }

    fn is_back(&self, simulation: &Simulation) -> bool {
        let (u, r) = means(simulation);
        !self.open.contains(u, r) && self.region.contains(u, r)
    }

    /// Goes on until the score exceeds `level`, unless the path ends before: then that is returned.
    pub(super) fn rise_to(
        &mut self,
        simulation: &mut Simulation,
        level: f64,
        control: &Control,
    ) -> Result<Option<Ending>, Broken> {
        self.score.move_up_to(&mut self.below, level)?;
        let stop = go_on(
            simulation,
            &self.below,
            self.until,
            u64::MAX,
            &mut LastSpike::default(),
            control,
        )?;
        Ok(match stop {
            Stop::Exit if self.is_out(simulation) => Some(Ending::Out),
            Stop::Exit if self.is_back(simulation) => Some(Ending::Back),
            Stop::Exit => None,
            _ => Some(self.rest(simulation)),
        })
    }

    /// Follows a path to its end; returns how high its score got, at least to `record`, and how it ended.
    pub(super) fn climb(
        &mut self,
        simulation: &mut Simulation,
        record: f64,
        control: &Control,
    ) -> Result<(f64, Ending), Broken> {
        let mut record = record;
        loop {
            if let Some(ending) = self.rise_to(simulation, record, control)? {
                return Ok((record, ending));
            }
            // Up to the next spike the score rises.
            let (start, (u, r)) = (simulation.time(), means(simulation));
            let level = simulation.network().resting_potential();
            let mut spike = LastSpike::default();
            let stop = go_on(simulation, &self.open, self.until, 1, &mut spike, control)?;
            if let Some(time) = spike.0 {
                let decay = simulation.network().rates().after(time - start);
                let before =
                    self.score.at(level + (u - level) * decay.potential, r * decay.calcium);
                record = record.max(before);
            }
            match stop {
                Stop::Spikes => {}
                Stop::Exit if self.is_back(simulation) => return Ok((record, Ending::Back)),
                Stop::Exit => return Ok((record, Ending::Out)),
                _ => {
                    let ending = self.rest(simulation);
                    return Ok((record.max(self.score.of(simulation)), ending));
                }
            }
        }
    }

    /// Without spikes to come the state at the horizon is known; clones of it must agree to the last bit.
    fn rest(&self, simulation: &mut Simulation) -> Ending {
        if self.until < f64::INFINITY {
            simulation.rest_at(self.until);
        }
        Ending::Inside
    }
}

/// Advances in slices, and looks at the control between them.
pub(super) fn go_on(
    simulation: &mut Simulation,
    region: &Region,
    until: f64,
    spikes: u64,
    listener: &mut LastSpike,
    control: &Control,
) -> Result<Stop, Broken> {
    let last = simulation.spikes().saturating_add(spikes);
    loop {
        if control.is_cancelled() {
            return Err(Broken::Cancelled);
        }
        let spikes = last - simulation.spikes();
        let goal = Goal { until, candidates: SLICE, spikes, region: Some(region) };
        match simulation.advance(&goal, listener) {
            Stop::Candidates => {}
            Stop::Explosion => return Err(Broken::Exploded(simulation.time())),
            stop => return Ok(stop),
        }
    }
}

/// When the last spike came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LastSpike(pub(super) Option<f64>);

impl Listener for LastSpike {
    #[inline(always)]
    fn spikes(&mut self, times: &[f64], _neurons: &[u32]) {
        self.0 = times.last().copied().or(self.0);
    }
}
