//! The simulation as a whole: stops, pieces, checkpoints. Its law is tested from Python.

mod pieces;
mod stops;

use facilis::{
    Goal, Interpolation, Model, Pulse, Rate, Recipients, Region, Simulation, Stimulus, Transmits,
    replicate_stream,
};

/// Every rate, with a bounded one for each shape and an unbounded one that does not explode.
pub fn rates() -> Vec<Rate> {
    vec![
        Rate::constant(0.7).unwrap(),
        Rate::linear(0.05, 0.02).unwrap(),
        Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap(),
        Rate::hill(1.0, 1.0, 1.0, 1e-4).unwrap(),
        Rate::sigmoid(1.5, 2.0, 0.3).unwrap(),
        Rate::ramp(0.5, 2.0, 1.2).unwrap(),
        Rate::exponential(0.01, 1.0, 2.0).unwrap(),
        table(Interpolation::Linear),
        table(Interpolation::Monotone),
    ]
}

fn table(interpolation: Interpolation) -> Rate {
    Rate::table(&[0.2, 1.0, 2.0, 3.5], &[0.0, 1.0, 0.1, 0.9], interpolation).unwrap()
}

/// Every rate with every convention.
pub fn models() -> Vec<Model> {
    let mut models = vec![];
    for rate in rates() {
        for transmits in [Transmits::Before, Transmits::After] {
            for recipients in [Recipients::Others, Recipients::All] {
                models
                    .push(Model::new(0.25, 1.0, 0.1, rate.clone(), transmits, recipients).unwrap());
            }
        }
    }
    models
}

/// Two pulses that overlap, and one after a silence.
pub fn pulses() -> Stimulus {
    let pulse = |start, stop, current| Pulse::new(start, stop, current).unwrap();
    Stimulus::new(&[pulse(1.0, 3.0, 2.0), pulse(2.5, 2.75, 5.0), pulse(60.0, 61.0, 1.0)]).unwrap()
}

/// A network with unequal starts under pulses.
pub fn network(model: &Model, n: usize, seed: u32) -> Simulation {
    let potential: Vec<f64> = (0..n).map(|i| 3.0 * i as f64 / n as f64).collect();
    let calcium: Vec<f64> = (0..n).map(|i| 9.0 * (n - i) as f64 / n as f64).collect();
    let stream = replicate_stream(&[seed, 0, 0, 0], 0);
    Simulation::new(model.clone(), n, &potential, &calcium, pulses(), stream).unwrap()
}

/// Until a time, whatever happens.
pub fn until(time: f64) -> Goal<'static> {
    Goal { until: time, candidates: u64::MAX, spikes: u64::MAX, region: None }
}

/// A half-plane.
pub fn potential_above(low: f64) -> Region {
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    Region::new((low, f64::INFINITY), all, vec![], vec![]).unwrap()
}
