//! Why a simulation stops, and in which state.

use facilis::{
    Goal, Interpolation, Model, Nothing, Pulse, Rate, Recipients, Region, Simulation, SpikeTrain,
    Stimulus, Stop, Transmits, replicate_stream,
};

use crate::{potential_above, until};

fn simulation(rate: Rate, n: usize, potential: f64, stimulus: Stimulus) -> Simulation {
    let model = Model::new(0.22, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap();
    let stream = replicate_stream(&[1, 0, 0, 0], n as u32);
    Simulation::new(model, n, &[potential], &[9.0], stimulus, stream).unwrap()
}

fn hill(power: f64) -> Rate {
    Rate::hill(1.0, 1.0, power, 0.0).unwrap()
}

#[test]
fn extinction_is_found_within_a_few_candidates_and_dated_at_the_last_spike() {
    for power in [1.0, 4.0] {
        for seed in 0..50 {
            let mut dying = simulation(hill(power), 2 + seed, 0.3, Stimulus::default());
            let mut train = SpikeTrain::default();
            assert_eq!(dying.advance(&until(f64::INFINITY), &mut train), Stop::Extinct);
            assert_eq!(dying.time(), train.time.last().copied().unwrap_or(0.0));
            assert!(dying.proposals() - dying.spikes() < 400 + dying.spikes());
            let last = dying.network().mean_potential(&dying.decay());
            assert!(last > 0.0, "the state at the last spike is remembered");
            assert_eq!(dying.advance(&until(f64::INFINITY), &mut train), Stop::Extinct);
        }
    }
}

#[test]
fn a_network_at_rest_waits_for_its_pulse() {
    let pulse = Pulse::new(500.0, 510.0, 3.0).unwrap();
    let mut resting = simulation(hill(4.0), 100, 0.0, Stimulus::new(&[pulse]).unwrap());
    let mut train = SpikeTrain::default();
    assert_eq!(resting.advance(&until(500.0), &mut train), Stop::Until);
    assert_eq!(train.time.len(), 0);
    assert_eq!(resting.advance(&until(510.0), &mut train), Stop::Until);
    assert!(train.time.len() > 100);
}

#[test]
fn below_a_ramp_nobody_ever_spikes() {
    let mut quiet = simulation(Rate::ramp(1.0, 2.0, 1.0).unwrap(), 10, 1.0, Stimulus::default());
    assert_eq!(quiet.advance(&until(f64::INFINITY), &mut Nothing), Stop::Extinct);
    assert_eq!((quiet.proposals(), quiet.time()), (0, 0.0));
}

#[test]
fn explosion_is_told_and_not_waited_for() {
    for rate in
        [Rate::linear(50.0, 0.0).unwrap(), Rate::exponential(0.5, 2.0, f64::INFINITY).unwrap()]
    {
        let mut exploding = simulation(rate, 10, 2.0, Stimulus::default());
        let goal = Goal { spikes: 20_000_000, ..until(f64::INFINITY) };
        assert_eq!(exploding.advance(&goal, &mut Nothing), Stop::Explosion);
        assert!(exploding.time().is_finite());
    }
}

#[test]
fn budgets_are_kept_to_the_spike() {
    let mut busy = simulation(hill(4.0), 50, 2.0, Stimulus::default());
    let mut train = SpikeTrain::default();
    let goal = |spikes, candidates| Goal { spikes, candidates, ..until(f64::INFINITY) };
    assert_eq!(busy.advance(&goal(77, u64::MAX), &mut train), Stop::Spikes);
    assert_eq!(train.time.len(), 77);
    assert_eq!(busy.time(), train.time[76]);
    assert_eq!(busy.advance(&goal(0, u64::MAX), &mut train), Stop::Spikes);
    let proposals = busy.proposals();
    assert_eq!(busy.advance(&goal(u64::MAX, 10), &mut train), Stop::Candidates);
    assert_eq!(busy.proposals(), proposals + 10);
}

#[test]
fn moving_the_frame_is_work_and_silence_does_not_hide_it() {
    // Each spike comes after a long silence and moves the frame, which visits all neurons.
    let n = 80_000;
    let mut rare = simulation(Rate::constant(1e-8).unwrap(), n, 2.0, Stimulus::default());
    let goal = Goal { candidates: 20_000, ..until(f64::INFINITY) };
    assert_eq!(rare.advance(&goal, &mut Nothing), Stop::Candidates);
    assert!((2..10).contains(&rare.spikes()), "{}", rare.spikes());
    // Edges far apart move it too, without a candidate.
    let pulse =
        |k| Pulse::new(300.0 * f64::from(k) + 1.0, 300.0 * f64::from(k) + 2.0, 0.5).unwrap();
    let pulses: Vec<Pulse> = (0..50).map(pulse).collect();
    let ramp = Rate::ramp(1.0, 2.0, 1.0).unwrap();
    let mut quiet = simulation(ramp, n, 0.5, Stimulus::new(&pulses).unwrap());
    assert_eq!(quiet.advance(&goal, &mut Nothing), Stop::Candidates);
    assert!(quiet.time() < 3000.0 && quiet.proposals() == 0);
    // And cut by the budget it ends as it should.
    while quiet.advance(&goal, &mut Nothing) == Stop::Candidates {}
    assert_eq!(quiet.time(), 300.0 * 49.0 + 2.0);
}

#[test]
fn an_exit_between_spikes_is_the_root_of_the_decay() {
    let region = potential_above(0.7);
    for n in [1, 2, 5, 40] {
        let mut leaving = simulation(hill(4.0), n, 2.0, Stimulus::default());
        let goal = Goal { region: Some(&region), ..until(f64::INFINITY) };
        assert_eq!(leaving.advance(&goal, &mut Nothing), Stop::Exit);
        let mean = leaving.network().mean_potential(&leaving.decay());
        assert!((mean - 0.7).abs() < 1e-12);
        if n == 1 {
            // Alone, nothing is received: the exit is where 2 e^{−t} = 0.7.
            assert!((leaving.time() - (2.0_f64 / 0.7).ln()).abs() < 1e-12);
        }
    }
}

#[test]
fn a_jump_out_of_a_box_is_an_exit_at_the_spike() {
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    let region = Region::new(all, (0.0, 9.05), vec![], vec![]).unwrap();
    let mut leaving = simulation(hill(4.0), 10, 2.0, Stimulus::default());
    let mut train = SpikeTrain::default();
    let goal = Goal { region: Some(&region), ..until(f64::INFINITY) };
    assert_eq!(leaving.advance(&goal, &mut train), Stop::Exit);
    assert_eq!(leaving.time(), *train.time.last().unwrap());
    assert!(leaving.network().mean_calcium(&leaving.decay()) > 9.05);
}

#[test]
fn long_silences_keep_the_state_in_range() {
    // A spike per thousands of time constants: every factor between two spikes underflows.
    let rate = Rate::constant(1e-5).unwrap();
    let mut rare = simulation(rate, 3, 2.0, Stimulus::default());
    let mut train = SpikeTrain::default();
    let goal = Goal { spikes: 200, ..until(f64::INFINITY) };
    assert_eq!(rare.advance(&goal, &mut train), Stop::Spikes);
    let (potential, calcium) = rare.network().state(&rare.decay());
    assert!(potential.iter().all(|u| (0.0..1.0).contains(u)), "{potential:?}");
    // Just after a spike its neuron has one calcium, and what remains of earlier ones.
    assert_eq!(calcium.iter().filter(|r| **r > 0.999).count(), 1);
    assert!(rare.time() > 1e6);
}

#[test]
fn a_network_that_dies_keeps_the_state_of_its_last_spike() {
    // Below threshold: if there is a spike at all, the next candidate is thousands of time constants away.
    let (alpha, beta, lam, n, start) = (0.22, 1.0, 2.0, 10, 0.15);
    let convention = (Transmits::Before, Recipients::Others);
    let model = Model::new(alpha, beta, lam, hill(4.0), convention.0, convention.1).unwrap();
    let mut spiked = 0;
    for k in 0..20_000 {
        let stream = replicate_stream(&[2, 0, 0, 0], k);
        let model = model.clone();
        let mut dying =
            Simulation::new(model, n, &[start], &[1.0], Stimulus::default(), stream).unwrap();
        let mut train = SpikeTrain::default();
        assert_eq!(dying.advance(&until(f64::INFINITY), &mut train), Stop::Extinct);
        let (mut potential, mut calcium, mut now) = (vec![start; n], vec![1.0; n], 0.0);
        for (&time, &neuron) in train.time.iter().zip(&train.neuron) {
            potential.iter_mut().for_each(|u| *u *= (beta * (now - time)).exp());
            calcium.iter_mut().for_each(|r| *r *= (lam * (now - time)).exp());
            now = time;
            for j in (0..n).filter(|&j| j != neuron as usize) {
                potential[j] += alpha / n as f64 * calcium[neuron as usize];
            }
            calcium[neuron as usize] += 1.0;
        }
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-12);
        let state = dying.network().state(&dying.decay());
        assert!(close(&state.0, &potential) && close(&state.1, &calcium), "{k}: {state:?}");
        spiked += usize::from(!train.time.is_empty());
    }
    assert!(spiked > 3);
}

#[test]
fn an_exit_is_found_however_long_ago_it_was() {
    // Spikes are rare, and add nothing: the exit is at ln(2/low) whether or not there was one before.
    let low = 1e-20_f64;
    let region = potential_above(low);
    let rate = Rate::table(&[0.0, 0.5], &[0.0014, 0.003], Interpolation::Linear).unwrap();
    let model = Model::new(0.0, 1.0, 0.001, rate, Transmits::Before, Recipients::Others).unwrap();
    let goal = Goal { region: Some(&region), ..until(f64::INFINITY) };
    let mut spiked = 0;
    for k in 0..20_000 {
        let stream = replicate_stream(&[3, 0, 0, 0], k);
        let model = model.clone();
        let mut leaving =
            Simulation::new(model, 1, &[2.0], &[9.0], Stimulus::default(), stream).unwrap();
        assert_eq!(leaving.advance(&goal, &mut Nothing), Stop::Exit);
        assert!((leaving.time() - (2.0 / low).ln()).abs() < 1e-12, "{k}: {}", leaving.time());
        spiked += leaving.spikes();
    }
    assert!(spiked > 500);
}

#[test]
fn a_current_beside_which_spikes_would_be_lost_is_refused() {
    let pulse = Pulse::new(0.0, 10.0, 1.0).unwrap();
    let with = |beta| {
        let rate = Rate::constant(1.0).unwrap();
        let model = Model::new(0.1, beta, 1.0, rate, Transmits::After, Recipients::All).unwrap();
        let stimulus = Stimulus::new(&[pulse]).unwrap();
        Simulation::new(model, 1000, &[0.0], &[0.0], stimulus, replicate_stream(&[1], 0))
    };
    assert!(with(1e-9).is_ok());
    let error = with(1e-12).unwrap_err().to_string();
    assert!(error.starts_with("current must be so small"), "{error}");
}

#[test]
fn a_network_of_few_active_neurons_is_seen_to_be_dead() {
    // One potential is high, so nearly all candidates are in vain, and there are many of them.
    let n = 100_000;
    let mut potential = vec![0.0; n];
    potential[0] = 3.0;
    let model =
        Model::new(0.0, 1.0, 0.1, hill(4.0), Transmits::Before, Recipients::Others).unwrap();
    let mut found = 0;
    for k in 0..20 {
        let stream = replicate_stream(&[4, 0, 0, 0], k);
        let (model, none) = (model.clone(), Stimulus::default());
        let mut dying = Simulation::new(model, n, &potential, &[1.0], none, stream).unwrap();
        assert_eq!(dying.advance(&until(1.0), &mut Nothing), Stop::Until);
        let (told, before) = (dying.is_extinct(), dying.spikes());
        assert_eq!(dying.advance(&until(f64::INFINITY), &mut Nothing), Stop::Extinct);
        assert_eq!(told, dying.spikes() == before, "{k}");
        found += usize::from(told);
    }
    assert!(0 < found && found < 20);
}
