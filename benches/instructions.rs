//! What `make bench-instructions` counts: the same little work every time, of a length that is asked for.
//!
//! `instructions equilibrium N spikes` lets a network at its upper equilibrium spike so often;
//! `instructions memory N replicates` waits until so many networks have forgotten. It prints how many spikes it made.

use std::env;
use std::sync::Arc;

use facilis::{
    Control, Experiment, Goal, Keep, Model, Nothing, Plan, Rate, Recipients, Region, Rows,
    Simulation, Stimulus, Transmits, equilibria, replicate_stream,
};

const ROOT: [u32; 4] = [1, 0, 0, 0];

fn main() {
    let words: Vec<String> = env::args().collect();
    let number = |i: usize| words.get(i)?.parse().ok();
    let (Some(n), Some(length)) = (number(2), number(3)) else { return };
    let spikes = match words[1].as_str() {
        "equilibrium" => equilibrium(n, length),
        "memory" => memory(n, length as u32),
        other => panic!("unknown work {other}"),
    };
    println!("{spikes}");
}

fn model(alpha: f64) -> Model {
    let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    Model::new(alpha, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap()
}

/// The model and the start of the benchmark's first table.
fn equilibrium(n: usize, spikes: usize) -> u64 {
    let (model, still) = (model(0.5), Stimulus::default());
    let upper = equilibria(&model, 0.0).unwrap().pop().unwrap();
    let (potential, calcium) = ([upper.potential], [upper.calcium]);
    let stream = replicate_stream(&ROOT, 0);
    let mut simulation = Simulation::new(model, n, &potential, &calcium, still, stream).unwrap();
    let goal =
        Goal { until: f64::INFINITY, candidates: u64::MAX, spikes: spikes as u64, region: None };
    simulation.advance(&goal, &mut Nothing);
    simulation.spikes()
}

fn memory(n: usize, replicates: u32) -> u64 {
    let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
    let upper = Region::new((0.7, f64::INFINITY), everywhere, vec![], vec![]).unwrap();
    let plan = Plan {
        until: 400.0,
        times: vec![],
        snapshots: vec![],
        watched_neurons: vec![],
        spikes: Keep::Nothing,
        region: Some(upper),
        exit_after: 0.0,
        max_spikes: None,
    };
    let experiment = Experiment {
        model: model(0.22),
        n,
        potential: vec![2.0],
        calcium: vec![9.0],
        stimulus: Stimulus::default(),
        plan: Arc::new(plan),
        root: ROOT.to_vec(),
    };
    let rows = replicates as usize;
    let (mut stop, mut spikes) = (vec![0; rows], vec![0; rows]);
    let (mut end, mut exit) = (vec![0.0; rows], vec![0.0; rows]);
    let rows = Rows {
        range: 0..replicates,
        stop: &mut stop,
        end: &mut end,
        exit: &mut exit,
        spikes: &mut spikes,
        potential: &mut [],
        calcium: &mut [],
        columns: 0,
    };
    experiment.replicates(rows, 1, &Control::default()).unwrap();
    spikes.iter().sum::<i64>() as u64
}
