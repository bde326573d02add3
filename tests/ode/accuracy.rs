//! Errors against the tolerance, at the steps and between them.

use facilis::dop853::{Options, solve};

use crate::*;

#[test]
fn dense_output_keeps_the_tolerance_near_an_equilibrium() {
    for start in [[2.0, 9.0, 0.0], [2.92, 9.87, 4.9]] {
        let system = limit(0.3);
        let exact = reference(&system, &start, 200.0);
        for rtol in [1e-4, 1e-6, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12] {
            let path = solve(&system, 0.0, &start, 200.0, &options(rtol)).unwrap();
            let widest = path.steps().map(|s| s.t_end() - s.t_start()).fold(0.0, f64::max);
            assert!(widest > 5.0, "a case without long steps shows nothing: {widest}");
            let error = worst(&path, rtol, 0.0, |t, out| exact.eval(t, out));
            assert!(error < 3.0, "rtol {rtol}: {error} times the tolerance");
        }
    }
}

#[test]
fn dense_output_keeps_the_tolerance_through_the_ghost_and_down_to_rest() {
    for (alpha, t_end) in [(0.212, 600.0), (0.1, 300.0)] {
        let system = limit(alpha);
        let exact = reference(&system, &[2.0, 9.0, 0.0], t_end);
        for rtol in [1e-4, 1e-6, 1e-8, 1e-10] {
            let path = solve(&system, 0.0, &[2.0, 9.0, 0.0], t_end, &options(rtol)).unwrap();
            let error = worst(&path, rtol, 0.0, |t, out| exact.eval(t, out));
            assert!(error < 10.0, "alpha {alpha}, rtol {rtol}: {error} times the tolerance");
        }
    }
}

#[test]
fn order_is_eight() {
    let system = van_der_pol();
    let exact = reference(&system, &[2.0, 0.0], 4.0);
    let errors = |h: f64| {
        // Tolerances so loose that only the limit on the width acts.
        let options = Options::new(0.1, 1e6).unwrap().with_max_step(h).unwrap();
        let path = solve(&system, 0.0, &[2.0, 0.0], 4.0, &options).unwrap();
        let (mut a, mut b) = ([0.0; 2], [0.0; 2]);
        let mut distance = |t: f64| {
            path.eval(t, &mut a);
            exact.eval(t, &mut b);
            (a[0] - b[0]).hypot(a[1] - b[1])
        };
        let dense = times(&path).map(&mut distance).fold(0.0, f64::max);
        let knots = path.steps().map(|s| distance(s.t_end())).fold(0.0, f64::max);
        (dense, knots)
    };
    let (coarse, fine) = (errors(0.16), errors(0.04));
    let slopes = ((coarse.0 / fine.0).log2() / 2.0, (coarse.1 / fine.1).log2() / 2.0);
    assert!((7.3..9.0).contains(&slopes.0), "dense output: order {}", slopes.0);
    assert!((7.3..9.5).contains(&slopes.1), "at the steps: order {}", slopes.1);
}

#[test]
fn linear_system_keeps_the_tolerance() {
    // u' = −u + r, r' = −0.1 r: both components decay, r by itself and u behind it.
    let system = Closure(2, |_, y: &[f64], dy: &mut [f64]| {
        (dy[0], dy[1]) = (y[1] - y[0], -0.1 * y[1]);
    });
    for rtol in [1e-5, 1e-8, 1e-11] {
        let path = solve(&system, 0.0, &[0.0, 0.9], 40.0, &options(rtol)).unwrap();
        let error = worst(&path, rtol, 0.0, |t, out| {
            (out[0], out[1]) = ((-0.1 * t).exp() - (-t).exp(), 0.9 * (-0.1 * t).exp());
        });
        assert!(error < 3.0, "rtol {rtol}: {error} times the tolerance");
    }
}

#[test]
fn backward_and_forward_agree_with_the_oscillator() {
    for t_end in [20.0, -20.0] {
        for rtol in [1e-5, 1e-8, 1e-11] {
            let path = solve(&oscillator(), 0.0, &[1.0, 0.0], t_end, &options(rtol)).unwrap();
            assert_eq!((path.t_start(), path.t_end()), (0.0, t_end));
            let error = worst(&path, rtol, 1.0, |t, out| {
                (out[0], out[1]) = (t.cos(), -t.sin());
            });
            assert!(error < 10.0, "to {t_end}, rtol {rtol}: {error} times the tolerance");
        }
    }
}

#[test]
fn backward_growth_keeps_the_relative_tolerance() {
    let decay = Closure(1, |_, y: &[f64], dy: &mut [f64]| dy[0] = -y[0]);
    let path = solve(&decay, 0.0, &[1.0], -20.0, &options(1e-9)).unwrap();
    let error = worst(&path, 1e-9, 0.0, |t, out| out[0] = (-t).exp());
    // Relative errors of growing steps add up, at most one tolerance for each.
    assert!(error < path.len() as f64, "{error} times the tolerance");
}

#[test]
fn components_beyond_one_group_are_kept_apart() {
    let fan = Closure(9, |_, y: &[f64], dy: &mut [f64]| {
        for (i, (dy, y)) in dy.iter_mut().zip(y).enumerate() {
            *dy = -(i as f64) * 0.2 * y;
        }
    });
    let path = solve(&fan, 0.0, &[1.0; 9], 5.0, &options(1e-9)).unwrap();
    let error = worst(&path, 1e-9, 0.0, |t, out| {
        for (i, out) in out.iter_mut().enumerate() {
            *out = (-(i as f64) * 0.2 * t).exp();
        }
    });
    assert!(error < 3.0, "{error} times the tolerance");
}
