//! Splitting against probabilities known in closed form. Seeds are arbitrary; each statistical test fails by chance with a
//! probability below 1e-5.

use super::*;
use crate::model::{Recipients, Transmits};
use crate::rate::Rate;

const ALL: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// Neurons that spike at a constant rate, in a region that ends where the mean calcium falls below 1/2.
fn toy(n: usize, rate: f64, until: f64, replicas: u32) -> Splitting {
    let rate = Rate::constant(rate).unwrap();
    Splitting {
        model: Model::new(0.1, 1.0, 1.0, rate, Transmits::Before, Recipients::Others).unwrap(),
        n,
        potential: vec![1.0],
        calcium: vec![1.0],
        stimulus: Stimulus::default(),
        region: Region::new(ALL, (0.5, f64::INFINITY), vec![], vec![]).unwrap(),
        score: Score::new(0.0, 1.0).unwrap(),
        exit_after: 0.0,
        until,
        cycle: None,
        replicas,
        root: vec![7, 0, 0, 0],
    }
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn estimates(splitting: &Splitting, runs: u32) -> Vec<f64> {
    let all = splitting.runs(0..runs, 2, &Control::default()).unwrap();
    all.iter().map(|run| run.probability).collect()
}

#[test]
fn silence_has_its_probability() {
    // One neuron's calcium is down to 1/2 at ln 2; after a spike it is not before ln 4.
    for (replicas, runs) in [(10, 4000), (200, 200)] {
        let (mean, error) = mean_and_error(&estimates(&toy(1, 9.0, 0.8, replicas), runs));
        assert!((mean - 2.0_f64.powi(-9)).abs() < 4.5 * error, "{replicas}: {mean} ± {error}");
    }
}

#[test]
fn relative_variance_is_that_of_splitting() {
    let (replicas, runs) = (200, 200);
    let exact = 2.0_f64.powi(-9);
    let found = estimates(&toy(1, 9.0, 0.8, replicas), runs);
    let variance = found.iter().map(|p| (p / exact - 1.0).powi(2)).sum::<f64>() / f64::from(runs);
    let ideal = -exact.ln() / f64::from(replicas);
    assert!(variance < 2.0 * ideal && variance > 0.5 * ideal, "{variance} against {ideal}");
}

/// By plain simulation.
fn share_that_left(splitting: &Splitting, networks: u32) -> (f64, f64) {
    let control = Control::default();
    let mut course =
        Course::new(&splitting.region, splitting.score.clone(), None, splitting.until).unwrap();
    let left: Vec<f64> = (0..networks)
        .map(|k| {
            let stream = stream::replicate(&[99, 0, 0, 0], k);
            let mut path = splitting.simulation(stream).unwrap();
            let start = splitting.score.of(&path);
            let (_, ending) = course.climb(&mut path, start, &control).unwrap();
            if ending == Ending::Out { 1.0 } else { 0.0 }
        })
        .collect();
    mean_and_error(&left)
}

#[test]
fn ties_at_the_horizon_are_killed_together() {
    // So few spikes that clones often see none before the horizon, and so tie; of two replicas both may.
    for (n, replicas) in [(1, 2), (1, 10), (3, 10)] {
        let splitting = toy(n, 1.5, 1.9, replicas);
        let all = splitting.runs(0..4000, 2, &Control::default()).unwrap();
        assert!(all.iter().map(|run| run.ties).sum::<u64>() > 50);
        let found: Vec<f64> = all.iter().map(|run| run.probability).collect();
        assert!(replicas > 2 || found.contains(&0.0), "none is extinct");
        let (mean, error) = mean_and_error(&found);
        let (share, other) = share_that_left(&splitting, 40_000);
        let joint = (error * error + other * other).sqrt();
        assert!((mean - share).abs() < 4.5 * joint, "{n}: {mean} ± {error}, {share} ± {other}");
    }
}

#[test]
fn runs_are_the_same_on_any_threads_and_in_any_order() {
    let splitting = toy(3, 3.0, 1.5, 50);
    let all = estimates(&splitting, 6);
    let control = Control::default();
    for k in [5, 0, 3] {
        let one = splitting.run(k, &control).unwrap().unwrap();
        assert_eq!(one.probability, all[k as usize]);
    }
    assert_ne!(all[0], all[1]);
}

#[test]
fn a_line_of_branches_leads_out_of_the_region() {
    let splitting = toy(3, 3.0, 1.5, 50);
    let run = splitting.run(0, &Control::default()).unwrap().unwrap();
    assert_eq!(run.lines.len(), 50);
    for line in run.lines.iter().step_by(7) {
        let mut path = splitting.simulation(splitting.stream(0, line[0].1)).unwrap();
        for &(time, branch) in &line[1..] {
            let goal = Goal { until: time, candidates: u64::MAX, spikes: u64::MAX, region: None };
            assert_eq!(path.advance(&goal, &mut Nothing), Stop::Until);
            path.restream(splitting.stream(0, branch));
        }
        let region = Some(&splitting.region);
        let goal = Goal { until: 1.5, candidates: u64::MAX, spikes: u64::MAX, region };
        assert_eq!(path.advance(&goal, &mut Nothing), Stop::Exit);
    }
}

#[test]
fn a_cancelled_run_gives_nothing() {
    let control = Control::default();
    control.cancel();
    assert!(toy(3, 3.0, 1.5, 50).run(0, &control).unwrap().is_none());
}

/// The bistable model, from its upper equilibrium, with the score of its saddle.
fn bistable(n: usize, until: f64, replicas: u32) -> Splitting {
    let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    let (weights, eq, saddle) = ((0.9771, 0.2127), (2.919036, 9.864137), (1.119276, 6.108127));
    let score = Score::new(weights.0, weights.1).unwrap();
    let (low, high) = (score.at(eq.0, eq.1), score.at(saddle.0, saddle.1));
    Splitting {
        model: Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap(),
        n,
        potential: vec![eq.0],
        calcium: vec![eq.1],
        stimulus: Stimulus::default(),
        region: Region::new((0.7, f64::INFINITY), ALL, vec![], vec![]).unwrap(),
        score,
        exit_after: 0.0,
        until,
        cycle: (until == f64::INFINITY).then_some(Cycle {
            floor: low,
            gate: low + 0.15 * (high - low),
            settle: 100.0,
        }),
        replicas,
        root: vec![3, 0, 0, 0],
    }
}

#[test]
fn networks_forget_by_a_time_as_often_as_when_simulated() {
    // 0.04866 ± 0.00048 by plain simulation with another program.
    let (mean, error) = mean_and_error(&estimates(&bistable(20, 50.0, 200), 40));
    let joint = (error * error + 0.00048_f64.powi(2)).sqrt();
    assert!((mean - 0.04866).abs() < 4.5 * joint, "{mean} ± {error}");
}

#[test]
fn a_curved_score_finds_the_same_probability() {
    let mut splitting = bistable(20, 50.0, 200);
    splitting.score = border();
    let (mean, error) = mean_and_error(&estimates(&splitting, 40));
    let joint = (error * error + 0.00048_f64.powi(2)).sqrt();
    assert!((mean - 0.04866).abs() < 4.5 * joint, "{mean} ± {error}");
}

#[test]
fn flux_and_splitting_give_the_mean_life_whatever_the_score() {
    // 825.5 ± 5.8 by plain simulation with another program.
    let linear = bistable(20, f64::INFINITY, 300);
    let mut curved = linear.clone();
    curved.score = border();
    let (low, high) = (curved.score.at(2.919036, 9.864137), curved.score.at(1.119276, 6.108127));
    let gate = low + 0.15 * (high - low);
    curved.cycle = Some(Cycle { floor: low, gate, settle: 100.0 });
    for splitting in [linear, curved] {
        let all = splitting.runs(0..20, 2, &Control::default()).unwrap();
        let rates: Vec<f64> = all.iter().map(|run| run.flux * run.probability).collect();
        let (mean, error) = mean_and_error(&rates);
        let joint = ((error / mean).powi(2) + (5.8_f64 / 825.5).powi(2)).sqrt();
        assert!((825.5 * mean - 1.0).abs() < 4.5 * joint, "{} ± {}", 1.0 / mean, error / mean);
    }
}

/// Points of the separatrix, roughly.
fn border() -> Score {
    let u = [0.45, 0.5, 0.6, 0.8, 1.119276, 2.913, 10.159, 46.086, 426.28];
    let r = [39.457, 29.3, 18.1, 9.5, 6.108127, 4.19, 3.169, 2.001, 0.0];
    Score::border(&u, &r).unwrap()
}
