//! The flux out of a state: how often networks that linger in it set out, and the states in which they do.
//!
//! A cycle begins in the core of the state, where the score is at the floor or below, leads to the first time that
//! the score exceeds the gate, the entry, and ends when the network is back in the core or out of the region. If a cycle ends
//! outside with probability p, the mean life is the mean length of a cycle over p (Wald).

use crate::ensemble::Control;
use crate::rare::climb::{Broken, LastSpike, go_on};
use crate::rare::score::{Score, means};
use crate::rare::splitting::Splitting;
use crate::region::Region;
use crate::simulation::{Simulation, Stop};

/// The levels of the score between which cycles run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cycle {
    /// At most this in the core.
    pub floor: f64,
    /// Exceeded at entries.
    pub gate: f64,
    /// How long a network runs before its first cycle.
    pub settle: f64,
}

/// Entries of one run, and what they tell of the flux.
pub(super) struct Entries {
    pub(super) starts: Vec<Simulation>,
    pub(super) flux: f64,
    pub(super) spikes: u64,
}

/// The number of the branch whose stream the search for entries has.
const SEARCH: u32 = u32::MAX;
/// How often per entry the network may leave the region, or before the first one, until the search is given up.
const PATIENCE: u64 = 10;

impl Cycle {
    /// So many entries as the splitting has replicas, each with the stream of its own branch.
    pub(super) fn entries(
        &self,
        splitting: &Splitting,
        index: u32,
        control: &Control,
    ) -> Result<Entries, Broken> {
        let region = &splitting.region;
        let rise = splitting.score.up_to(region, self.gate)?;
        let fall = splitting.score.from(region, self.floor)?;
        let wanted = splitting.replicas;
        let most = PATIENCE * u64::from(wanted);
        let mut search =
            Search { region, score: &splitting.score, cycle: self, control, exits: 0, most };
        let fresh = splitting.simulation(splitting.stream(index, SEARCH))?;
        let mut network = fresh.clone();
        while !search.settle(&mut network, self.settle, &fall)? {
            restart(&mut network, &fresh);
        }
        let (mut starts, mut time, mut spikes) = (Vec::new(), 0.0, 0);
        while starts.len() < wanted as usize {
            let core = network.clone();
            let entered = search.run(&mut network, &rise)?;
            if entered {
                let mut start = network.clone();
                start.restream(splitting.stream(index, starts.len() as u32));
                starts.push(start);
            }
            let back = entered && search.run(&mut network, &fall)?;
            time += network.time() - core.time();
            spikes += network.spikes() - core.spikes();
            if !back {
                restart(&mut network, &core);
            }
        }
        Ok(Entries { starts, flux: f64::from(wanted) / time, spikes })
    }
}

/// How far the score may be from the gate where it is at the gate, relative to its distance from the floor.
const ROUNDING: f64 = 1e-9;

/// Puts the network back where it was once, with the random numbers that come next.
fn restart(network: &mut Simulation, to: &Simulation) {
    let stream = network.fresh_stream();
    *network = to.clone();
    network.restream(stream);
}

struct Search<'a> {
    region: &'a Region,
    score: &'a Score,
    cycle: &'a Cycle,
    control: &'a Control,
    exits: u64,
    most: u64,
}

impl Search<'_> {
    /// Runs for a while and then into the core; whether it got there without leaving the region.
    fn settle(
        &mut self,
        network: &mut Simulation,
        time: f64,
        fall: &Region,
    ) -> Result<bool, Broken> {
        let until = network.time() + time;
        let stop =
            go_on(network, self.region, until, u64::MAX, &mut LastSpike::default(), self.control)?;
        if stop != Stop::Until {
            return self.left(stop);
        }
        self.run(network, fall)
    }

    /// Runs out of `part`, through the gate or into the core; whether it is still in the region then.
    fn run(&mut self, network: &mut Simulation, part: &Region) -> Result<bool, Broken> {
        let mut spike = LastSpike::default();
        let stop = go_on(network, part, f64::INFINITY, u64::MAX, &mut spike, self.control)?;
        let (u, r) = means(network);
        // Into the core leads a spike alone. The gate is passed by decay, like the region's border: there the score tells
        // which it is. (Where it is both, the path from this entry is out at once.)
        let inside = if spike.0 == Some(network.time()) {
            self.region.contains(u, r)
        } else {
            let Cycle { floor, gate, .. } = *self.cycle;
            (self.score.at(u, r) - gate).abs() <= ROUNDING * (gate - floor)
        };
        if stop == Stop::Exit && inside { Ok(true) } else { self.left(stop) }
    }

    fn left(&mut self, stop: Stop) -> Result<bool, Broken> {
        self.exits += 1;
        if stop != Stop::Exit || self.exits > self.most {
            return Err(Broken::NoFlux);
        }
        Ok(false)
    }
}
