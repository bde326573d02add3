use super::*;
use crate::limit::equilibria;
use crate::model::{Recipients, Transmits};
use crate::rate::Rate;

fn model(alpha: f64, transmits: Transmits) -> Model {
    let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    Model::new(alpha, 1.0, 0.1, rate, transmits, Recipients::Others).unwrap()
}

fn action(model: &Model) -> Action {
    let points = equilibria(model, 0.0).unwrap();
    escape_action(model, &points[2], &points[1], |_| true).unwrap()
}

#[test]
fn exponents_agree_with_independent_programs() {
    // V and its error by another program of this kind. The upper bound is the action of Hamilton's equations for
    // the means, solved as a boundary value problem by SciPy.
    for (alpha, exponent, error, upper) in
        [(0.30, 0.3377, 0.0005, 0.347492), (0.22, 0.0165, 0.0001, 0.016708)]
    {
        let model = model(alpha, Transmits::Before);
        let found = action(&model);
        assert!((found.exponent - exponent).abs() < error + found.error, "{found:?}");
        assert!((found.upper / upper - 1.0).abs() < 2e-4);
        assert!(found.error < 1e-3 * found.exponent);
        let points = equilibria(&model, 0.0).unwrap();
        let last = found.potential.len() - 1;
        assert!((found.potential[0] - points[2].potential).abs() < 1e-9);
        assert!((found.calcium[0] / points[2].calcium - 1.0).abs() < 1e-5);
        assert!((found.potential[last] - points[1].potential).abs() < 0.02);
        assert!((found.calcium[last] - points[1].calcium).abs() < 0.1);
    }
}

#[test]
fn the_sensitivity_is_the_derivative() {
    let at = |alpha| action(&model(alpha, Transmits::After));
    let (low, middle, high) = (at(0.28), at(0.285), at(0.29));
    let difference = 0.285 * (high.exponent - low.exponent) / 0.01;
    assert!((middle.sensitivity / difference - 1.0).abs() < 0.01);
}

#[test]
fn it_stops_when_told() {
    let model = model(0.30, Transmits::Before);
    let points = equilibria(&model, 0.0).unwrap();
    let mut calls = 0;
    let stopped = escape_action(&model, &points[2], &points[1], |_| {
        calls += 1;
        calls < 3
    });
    assert_eq!(stopped.unwrap_err(), ActionError::Stopped);
}
