//! Stops, joints, limits and failures.

use std::cell::Cell;

use facilis::dop853::{OdeError, Options, Solution, Step, integrate, solve};

use crate::*;

/// Everywhere, between steps too, the error is within a small factor of the tolerance. Without
/// control of the interpolant it is 60 to 3500 times the tolerance here, at steps of width 8 to 13.
/// Not below 1e-10: two references of different steps differ by 1e-11 after the ghost, which
/// enlarges their roundings. At fixed steps the error falls like h⁸, at the steps and (h⁸ per step)
/// between them. The error of an undamped oscillator adds up over its steps; a component that
/// passes zero has the amplitude for its size. The period of the Van der Pol oscillator at μ = 1 is
/// 6.66328685932313…
#[test]
fn root_in_step_finds_the_period_of_van_der_pol() {
    let mut upward = Vec::new();
    let mut path = Solution::new(0.0, &[2.0, 0.0]);
    let watch = |step: &Step<'_>| {
        let crossing = step.root(|_, y| y[0]);
        upward.extend(crossing.filter(|&t| step.component(1, t) > 0.0));
        None
    };
    integrate(&van_der_pol(), &mut path, 60.0, &options(1e-11), watch).unwrap();
    let period = upward[7] - upward[6];
    assert!((period - 6.663_286_859_323_13).abs() < 1e-9, "{period}");
}

#[test]
fn observer_stops_at_a_root_and_the_path_goes_on_from_there() {
    let mut path = Solution::new(0.0, &[1.0, 0.0]);
    let mut stops = Vec::new();
    for _ in 0..3 {
        let at_zero = |step: &Step<'_>| step.root(|_, y| y[0]);
        let end = integrate(&oscillator(), &mut path, 100.0, &options(1e-11), at_zero).unwrap();
        let t = end.expect("the oscillator passes zero before the end");
        assert_eq!(t, path.t_end());
        stops.push(t / std::f64::consts::FRAC_PI_2);
    }
    for (stop, quarter) in stops.iter().zip([1.0, 3.0, 5.0]) {
        assert!((stop - quarter).abs() < 1e-10, "{stops:?}");
    }
    let error = worst(&path, 1e-11, 1.0, |t, out| (out[0], out[1]) = (t.cos(), -t.sin()));
    assert!(error < 10.0, "{error} times the tolerance");
}

/// A current that jumps: one piece for each of its values, and exact decay towards current and
/// rest.
#[test]
fn pieces_join_at_the_edges_of_a_pulse() {
    for direction in [1.0, -1.0] {
        let mut path = Solution::new(0.0, &[0.5]);
        for (current, until) in [(0.0, 3.0), (7.0, 4.0), (0.0, 12.0)] {
            let leak =
                move |_: f64, y: &[f64], dy: &mut [f64]| dy[0] = direction * (current - y[0]);
            integrate(&Closure(1, leak), &mut path, direction * until, &options(1e-10), |_| None)
                .unwrap();
        }
        let exact = |t: f64, out: &mut [f64]| {
            let (before, during) = (t.min(3.0), (t.min(4.0) - 3.0).max(0.0));
            let edge = 7.0 + (0.5 * (-before).exp() - 7.0) * (-during).exp();
            let at_edge = if t < 3.0 { 0.5 * (-t).exp() } else { edge };
            out[0] = at_edge * (-(t - 4.0).max(0.0)).exp();
        };
        let error = worst(&path, 1e-10, 0.0, |t, out| exact(t * direction, out));
        assert!(error < 3.0, "{error} times the tolerance");
        let steps: Vec<_> = path.steps().collect();
        for pair in steps.windows(2) {
            let t = pair[1].t_start();
            assert_eq!(pair[0].t_end(), t);
            let (left, right) = (pair[0].component(0, t), pair[1].component(0, t));
            assert!((left - right).abs() <= 4.0 * f64::EPSILON * left.abs(), "{left} {right}");
        }
    }
}

#[test]
fn corners_and_jumps_inside_steps_only_cost_steps() {
    let corner = Closure(1, |t: f64, _: &[f64], dy: &mut [f64]| dy[0] = t.min(1.3));
    let jump =
        Closure(1, |t: f64, _: &[f64], dy: &mut [f64]| dy[0] = if t < 1.3 { 1.0 } else { 2.0 });
    for rtol in [1e-5, 1e-8, 1e-11] {
        let path = solve(&corner, 0.0, &[1.0], 10.0, &options(rtol)).unwrap();
        let exact = |t: f64| 1.0 + 0.5 * t.min(1.3) * t.min(1.3) + 1.3 * (t - 1.3).max(0.0);
        let error = worst(&path, rtol, 0.0, |t, out| out[0] = exact(t));
        assert!(error < 10.0, "corner, rtol {rtol}: {error} times the tolerance");
        let path = solve(&jump, 0.0, &[1.0], 10.0, &options(rtol)).unwrap();
        let error = worst(&path, rtol, 0.0, |t, out| out[0] = 1.0 + t + (t - 1.3).max(0.0));
        assert!(error < 10.0, "jump, rtol {rtol}: {error} times the tolerance");
    }
}

#[test]
fn blow_up_is_an_error_that_names_the_time() {
    let square = Closure(1, |_, y: &[f64], dy: &mut [f64]| dy[0] = y[0] * y[0]);
    for y in [1.0, 1e-3, 1e5] {
        let mut path = Solution::new(0.0, &[y]);
        let error = integrate(&square, &mut path, 1e4, &Options::default(), |_| None).unwrap_err();
        let (OdeError::StepTooSmall { t } | OdeError::NotFinite { t }) = error else {
            panic!("{error}")
        };
        assert!((t * y - 1.0).abs() < 1e-8, "{t} for a blow-up at {}", 1.0 / y);
        assert!(path.t_end() == t && path.y_end()[0].is_finite());
    }
    // e^t leaves the floating-point numbers at t = 709.78, and sums with weights of several hundred
    // a little before.
    let growth = Closure(1, |_, y: &[f64], dy: &mut [f64]| dy[0] = y[0]);
    let error = solve(&growth, 0.0, &[1.0], 1e3, &Options::default()).unwrap_err();
    assert!(matches!(error, OdeError::NotFinite { t } if (t - 709.78).abs() < 10.0), "{error}");
}

#[test]
fn a_right_hand_side_without_a_value_is_refused() {
    let gap = Closure(1, |t: f64, _: &[f64], dy: &mut [f64]| dy[0] = (1.0 - t).sqrt());
    let error = solve(&gap, 2.0, &[0.0], 3.0, &Options::default()).unwrap_err();
    assert_eq!(error, OdeError::NotFinite { t: 2.0 });
    let error = solve(&gap, 0.0, &[0.0], 3.0, &Options::default()).unwrap_err();
    assert!(matches!(error, OdeError::NotFinite { t } if (t - 1.0).abs() < 1e-6), "{error}");
    let error = solve(&gap, 0.0, &[f64::NAN], 0.5, &Options::default()).unwrap_err();
    assert_eq!(error, OdeError::NotFinite { t: 0.0 });
    let error = solve(&gap, 0.0, &[0.0], f64::INFINITY, &Options::default()).unwrap_err();
    assert_eq!(error, OdeError::NotFinite { t: f64::INFINITY });
}

#[test]
fn limits_on_steps_are_kept() {
    let calls = Cell::new(0);
    let stiff = Closure(1, |_, y: &[f64], dy: &mut [f64]| {
        calls.set(calls.get() + 1);
        dy[0] = -1e6 * y[0];
    });
    let few = options(1e-6).with_max_steps(1000);
    let error = solve(&stiff, 0.0, &[1.0], 200.0, &few).unwrap_err();
    assert!(matches!(error, OdeError::TooManySteps { t } if t > 0.0 && t < 0.1), "{error}");
    // At most 17 evaluations for each step tried, and two to begin with.
    assert!(calls.get() <= 17 * 1000 + 2);
    let error = solve(&stiff, 0.0, &[1.0], 1.0, &few.with_max_steps(0)).unwrap_err();
    assert_eq!(error, OdeError::TooManySteps { t: 0.0 });

    let narrow = options(1e-6).with_max_step(0.25).unwrap();
    let path = solve(&oscillator(), 0.0, &[1.0, 0.0], -10.1, &narrow).unwrap();
    assert!(path.steps().all(|s| (s.t_end() - s.t_start()).abs() <= 0.25 + 1e-14));
}

#[test]
fn an_empty_interval_is_a_point() {
    let path = solve(&oscillator(), 1.5, &[1.0, 2.0], 1.5, &Options::default()).unwrap();
    let mut out = [0.0; 2];
    for t in [1.0, 1.5, 2.0] {
        path.eval(t, &mut out);
        assert_eq!(out, [1.0, 2.0]);
    }
    assert!(path.is_empty() && path.step_at(1.5).is_none());
}

#[test]
fn a_resting_state_stays() {
    let path = solve(&limit(0.3), 0.0, &[0.0; 3], 1e6, &Options::default()).unwrap();
    assert_eq!(path.y_end(), [0.0; 3]);
    assert!(path.len() < 30);
}

#[test]
fn options_outside_their_range_are_refused() {
    for rtol in [0.0, 1e-15, 0.5, -1e-6, f64::NAN] {
        let error = Options::new(rtol, 1e-9).unwrap_err();
        assert!(matches!(error, OdeError::BadOption { name: "rtol", .. }), "{error}");
    }
    for atol in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        let error = Options::new(1e-6, atol).unwrap_err();
        assert!(matches!(error, OdeError::BadOption { name: "atol", .. }), "{error}");
    }
    for width in [0.0, -1.0, f64::NAN] {
        assert!(Options::default().with_max_step(width).is_err());
    }
}
