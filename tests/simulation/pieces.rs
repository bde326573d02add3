//! Cutting a run into pieces, or saving it on the way, changes no bit.

use facilis::{Goal, Model, Recipients, Simulation, SpikeTrain, Stop, Transmits};

use crate::{models, network, potential_above, rates, until};

fn whole(simulation: &mut Simulation, end: f64) -> SpikeTrain {
    let mut train = SpikeTrain::default();
    simulation.advance(&until(end), &mut train);
    train
}

#[test]
fn pieces_make_the_whole() {
    let mut spikes = 0;
    for (k, model) in models().iter().enumerate() {
        let n = 1 + 7 * (k % 5);
        let (mut a, mut b) = (network(model, n, k as u32), network(model, n, k as u32));
        let expected = whole(&mut a, 150.0);
        let mut train = SpikeTrain::default();
        let mut time: f64 = 0.0;
        while time < 150.0 {
            time += 0.37 * (1.0 + (time * 7.0).sin()) + 1e-3;
            b.advance(&until(f64::min(time, 150.0)), &mut train);
            // Budgets cut too, and so does looking at the state.
            b.advance(&Goal { candidates: 3, ..until(f64::min(time + 0.1, 150.0)) }, &mut train);
            b.network().state(&b.decay());
        }
        assert!(train == expected, "{model:?}");
        spikes += train.time.len();
        for simulation in [&mut a, &mut b] {
            simulation.rest_at(150.0);
        }
        assert!(a.checkpoint() == b.checkpoint(), "{model:?}");
    }
    assert!(spikes > 10_000);
}

#[test]
fn a_checkpoint_goes_on_bit_for_bit() {
    for (k, model) in models().iter().enumerate() {
        for cut in [0.0, 0.9, 2.6, 77.7] {
            let mut a = network(model, 9, k as u32);
            whole(&mut a, cut);
            let (model, stimulus) = (a.model().clone(), a.stimulus().clone());
            let mut b = Simulation::restore(model, stimulus, &a.checkpoint()).unwrap();
            assert!(whole(&mut a, 150.0) == whole(&mut b, 150.0));
            assert!(a.checkpoint() == b.checkpoint());
        }
    }
}

#[test]
fn a_spoilt_checkpoint_is_refused() {
    let mut simulation = network(&models()[8], 9, 1);
    whole(&mut simulation, 2.0);
    let saved = simulation.checkpoint();
    let refused = |change: &dyn Fn(&mut facilis::Checkpoint)| {
        let mut spoilt = saved.clone();
        change(&mut spoilt);
        let (model, stimulus) = (simulation.model().clone(), simulation.stimulus().clone());
        Simulation::restore(model, stimulus, &spoilt).is_err()
    };
    assert!(!refused(&|_| ()));
    assert!(refused(&|saved| saved.cells.clear()));
    assert!(refused(&|saved| saved.cells[0] = f64::NAN));
    assert!(refused(&|saved| saved.len = 65));
    assert!(refused(&|saved| saved.stride = 0));
    assert!(refused(&|saved| saved.edges = 99));
    assert!(refused(&|saved| saved.next = saved.len + 1));
    assert!(refused(&|saved| saved.generator_increment -= 1));
    assert!(refused(&|saved| saved.bound_limit = f64::NAN));
    assert!(refused(&|saved| saved.frame = f64::NAN));
}

#[test]
fn an_exit_has_the_same_bits_however_the_run_is_cut() {
    let region = potential_above(0.7);
    for seed in 0..20 {
        let model = &models()[8];
        let run = |step: f64| {
            let mut simulation = network(model, 30, seed);
            let mut train = SpikeTrain::default();
            simulation.advance(&until(3.0), &mut train);
            let mut time = 3.0;
            loop {
                time += step;
                let goal = Goal { region: Some(&region), ..until(time) };
                if simulation.advance(&goal, &mut train) == Stop::Exit {
                    return (simulation.time().to_bits(), train);
                }
            }
        };
        let expected = run(1e6);
        assert_eq!(run(0.05), expected);
        assert_eq!(run(1.7), expected);
    }
}

#[test]
fn asking_whether_a_network_is_extinct_changes_nothing() {
    // Long enough for the frame to grow old, and asked after every spike.
    let convention = (Transmits::Before, Recipients::Others);
    let model = Model::new(0.5, 1.0, 0.1, rates()[2].clone(), convention.0, convention.1).unwrap();
    let (mut a, mut b) = (network(&model, 40, 3), network(&model, 40, 3));
    let expected = whole(&mut a, 300.0);
    let mut train = SpikeTrain::default();
    while b.advance(&Goal { spikes: 1, ..until(300.0) }, &mut train) == Stop::Spikes {
        b.is_extinct();
    }
    assert!(expected.time.len() > 5000 && expected.time[expected.time.len() - 1] > 200.0);
    assert_eq!(train, expected);
}
