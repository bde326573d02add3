//! The core with parameters that are allowed, however extreme, and others: it answers or refuses, and never panics.
//!
//! Debug assertions are on here, that of the bound of the rate among them. `PROPTEST_CASES=100000 cargo test --locked
//! --test extremes` tries more than the few hundred of `make test`.

use facilis::dop853::Options;
use facilis::{
    Goal, InitialLaw, Interpolation, Model, Pulse, Rate, Recipients, Region, Simulation,
    SpikeTrain, Stimulus, Stop, Transmits, equilibria, folds, folds_of_current, manifold,
    replicate_stream, solve_limit_while, turning_points,
};
use proptest::prelude::*;
use proptest::sample::select;

/// Ordinary numbers, extreme ones, and what is none.
fn number() -> impl Strategy<Value = f64> {
    let extremes = vec![
        0.0,
        -0.0,
        5e-324,
        1e-300,
        1e-100,
        1e-9,
        0.5,
        1.0,
        4.0,
        1e9,
        1e13,
        1e100,
        1e101,
        f64::MAX,
        -1.0,
        f64::NAN,
        f64::INFINITY,
    ];
    prop_oneof![4 => 0.0..10.0, 2 => (-12.0..12.0).prop_map(|x: f64| 10f64.powf(x)), 1 => select(extremes)]
}

fn rate() -> impl Strategy<Value = Rate> {
    let shape = (0..8usize, prop::array::uniform5(number()));
    shape.prop_filter_map("a rate that is allowed", |(shape, [a, b, c, d, e])| {
        match shape {
            0 => Rate::constant(a),
            1 => Rate::linear(a, b),
            2 => Rate::hill(a, b, c, d),
            3 => Rate::sigmoid(a, b, c),
            4 => Rate::ramp(a, b, c),
            5 => Rate::exponential(a, b, c),
            6 => Rate::table(&[a, a + b, a + b + c], &[d, e, c], Interpolation::Linear),
            _ => Rate::table(&[a, a + b, a + b + c], &[d, e, c], Interpolation::Monotone),
        }
        .ok()
    })
}

fn model() -> impl Strategy<Value = Model> {
    let numbers = (number(), number(), number(), any::<bool>(), any::<bool>());
    (rate(), numbers).prop_filter_map("a model that is allowed", |(rate, numbers)| {
        let (alpha, beta, lam, before, others) = numbers;
        let transmits = if before { Transmits::Before } else { Transmits::After };
        let recipients = if others { Recipients::Others } else { Recipients::All };
        Model::new(alpha, beta, lam, rate, transmits, recipients).ok()
    })
}

fn stimulus() -> impl Strategy<Value = Stimulus> {
    let pulses = prop::collection::vec((number(), number(), number()), 0..3);
    pulses.prop_filter_map("a stimulus that is allowed", |pulses| {
        let pulses: Result<Vec<Pulse>, _> = pulses
            .iter()
            .map(|&(start, length, current)| Pulse::new(start, start + length, current))
            .collect();
        Stimulus::new(&pulses.ok()?).ok()
    })
}

#[test]
fn potentials_too_small_to_keep_their_digits_stay_below_their_bound() {
    let rate = Rate::linear(121.0, 9.0).unwrap();
    let model = Model::new(0.0, 8.0, 2.0, rate, Transmits::After, Recipients::All).unwrap();
    let stream = replicate_stream(&[1, 0, 0, 0], 0);
    let made = Simulation::new(model, 1, &[4.6], &[0.0], Stimulus::default(), stream);
    let goal = Goal { until: 1e6, candidates: u64::MAX, spikes: 2000, region: None };
    assert_eq!(made.unwrap().advance(&goal, &mut SpikeTrain::default()), Stop::Spikes);
}

proptest! {
    #[test]
    fn a_network_of_any_model_goes_on_or_says_why_it_stopped(
        model in model(), stimulus in stimulus(), n in 1..40usize,
        potential in number(), calcium in number(), until in number(), low in number(), seed in any::<u32>(),
    ) {
        let stream = replicate_stream(&[seed, 0, 0, 0], 0);
        let made = Simulation::new(model, n, &[potential], &[calcium], stimulus, stream);
        let Ok(mut simulation) = made else { return Ok(()) };
        let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
        let region = Region::new((low.min(potential), f64::INFINITY), everywhere, vec![], vec![]).ok();
        let mut train = SpikeTrain::default();
        for (part, region) in [(0.5, None), (1.0, region.as_ref())] {
            let until = part * until;
            if until.is_nan() || until < simulation.time() {
                break;
            }
            let goal = Goal { until, candidates: 20_000, spikes: 2000, region };
            let stop = simulation.advance(&goal, &mut train);
            let (potential, calcium) = simulation.network().state(&simulation.decay());
            for value in potential.iter().chain(&calcium) {
                prop_assert!(*value >= 0.0 && !value.is_nan(), "{stop:?} {value}");
                prop_assert!(value.is_finite() || stop == Stop::Explosion, "{stop:?} {value}");
            }
            prop_assert!(train.time.is_sorted());
            prop_assert!(train.time.iter().all(|time| (0.0..=until).contains(time)));
            prop_assert_eq!(train.time.len() as u64, simulation.spikes());
            if stop == Stop::Explosion {
                break;
            }
        }
    }

    #[test]
    fn the_limit_of_any_model_has_a_shape_or_is_refused(model in model(), current in number()) {
        let points = equilibria(&model, current);
        prop_assert_eq!(points.is_ok(), folds(&model, current).is_ok());
        let _ = (folds_of_current(&model), turning_points(&model, current));
        let Ok(points) = points else { return Ok(()) };
        prop_assert!(points.is_sorted_by(|a, b| a.potential <= b.potential));
        for point in &points {
            let numbers = [point.potential, point.calcium, point.eigenvalues[0].0, point.eigenvalues[1].0];
            prop_assert!(numbers.iter().all(|x| !x.is_nan()), "{point:?}");
            let mut steps = 0;
            let few = || { steps += 1; steps < 2000 };
            let _ = manifold(&model, current, point, (10.0, 10.0), 1e-6, few);
        }
    }

    #[test]
    fn the_limit_of_any_model_is_solved_or_says_why_not(
        model in model(), stimulus in stimulus(), potential in number(), calcium in number(), t_end in number(),
    ) {
        let Ok(start) = InitialLaw::point(potential, calcium) else { return Ok(()) };
        let mut steps = 0;
        let few = || { steps += 1; steps < 2000 };
        let options = Options::default();
        if let Ok(found) = solve_limit_while(&model, &start, &stimulus, t_end, &options, few) {
            prop_assert!(found.y_end().iter().all(|x| x.is_finite()), "{:?}", found.y_end());
        }
    }
}
