use super::*;
use crate::limit::equilibria::equilibria;
use crate::model::{Recipients, Transmits};
use crate::rate::{Interpolation, Rate};

fn model(rate: Rate, transmits: Transmits) -> Model {
    Model::new(0.3, 1.0, 0.1, rate, transmits, Recipients::Others).unwrap()
}

#[test]
fn the_memory_of_hill_is_born_at_the_known_fold() {
    let hill = || Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    let found = folds(&model(hill(), Transmits::Before), 0.0).unwrap();
    assert_eq!(found.len(), 1);
    // φ = 2uφ' has the root u⁴ = 7 for this rate.
    assert!((found[0].potential - 7.0_f64.powf(0.25)).abs() < 1e-14);
    assert!((found[0].alpha - 0.212451).abs() < 5e-7);
    let after = folds(&model(hill(), Transmits::After), 0.0).unwrap();
    assert!((after[0].alpha - 0.19059).abs() < 5e-6);
}

#[test]
fn a_ramp_folds_at_its_upper_corner() {
    let found = folds(&model(Rate::ramp(0.5, 2.0, 1.0).unwrap(), Transmits::Before), 0.0).unwrap();
    assert_eq!(found, [Fold { alpha: 0.1 * 2.0, potential: 2.0, meeting: Meeting::Corner }]);
}

#[test]
fn a_branch_that_leaves_rest_does_so_where_rest_loses_its_stability() {
    let rate = Rate::hill(1.0, 1.0, 1.0, 0.0).unwrap();
    let found = folds(&model(rate, Transmits::After), 0.0).unwrap();
    assert_eq!(found[0].meeting, Meeting::Rest);
    assert!((found[0].alpha - 1.0).abs() < 1e-15);
}

#[test]
fn unbounded_rates_fold_once() {
    for rate in [Rate::linear(0.3, 0.1), Rate::exponential(0.1, 0.8, f64::INFINITY)] {
        for transmits in [Transmits::Before, Transmits::After] {
            let found = folds(&model(rate.clone().unwrap(), transmits), 0.2).unwrap();
            assert_eq!(found.len(), 1, "{rate:?}");
            let at = |alpha: f64| {
                let rate = rate.clone().unwrap();
                let model = Model::new(alpha, 1.0, 0.1, rate, transmits, Recipients::Others);
                equilibria(&model.unwrap(), 0.2).unwrap().len()
            };
            assert_eq!((at(0.999 * found[0].alpha), at(1.001 * found[0].alpha)), (2, 0));
        }
    }
}

#[test]
fn a_polygon_folds_as_often_as_the_curve_through_its_points() {
    let sigmoid = |u: f64| 1.0 / (1.0 + (-(u - 2.0) / 0.4_f64).exp());
    let smooth = Rate::sigmoid(1.0, 2.0, 0.4).unwrap();
    let expected = folds(&model(smooth, Transmits::Before), 0.0).unwrap();
    for points in (50..2000).step_by(37) {
        let potential: Vec<f64> =
            (0..points).map(|k| 6.0 * f64::from(k) / f64::from(points - 1)).collect();
        let rate: Vec<f64> = potential.iter().map(|&u| sigmoid(u)).collect();
        let table = Rate::table(&potential, &rate, Interpolation::Linear).unwrap();
        let found = folds(&model(table, Transmits::Before), 0.0).unwrap();
        assert_eq!(found.len(), expected.len(), "{points}: {found:?}");
        let knot = 6.0 / f64::from(points - 1);
        for (a, b) in found.iter().zip(&expected) {
            assert!((a.potential - b.potential).abs() <= 2.0 * knot, "{points}: {a:?} {b:?}");
            assert!((a.alpha / b.alpha - 1.0).abs() <= 10.0 * knot * knot, "{points}: {a:?} {b:?}");
        }
    }
}

#[test]
fn folds_of_a_true_polygon_that_are_apart_stay_apart() {
    // Three folds within one interval, but far from alike.
    let table = Rate::table(&[1.0, 2.0, 3.0], &[1.0, 1.8, 2.1], Interpolation::Linear).unwrap();
    let found = folds(&model(table, Transmits::Before), 0.0).unwrap();
    let counts: Vec<usize> = found
        .iter()
        .flat_map(|fold| [0.9999, 1.0001].map(|q| q * fold.alpha))
        .map(|alpha| {
            let table =
                Rate::table(&[1.0, 2.0, 3.0], &[1.0, 1.8, 2.1], Interpolation::Linear).unwrap();
            let model = Model::new(alpha, 1.0, 0.1, table, Transmits::Before, Recipients::Others);
            equilibria(&model.unwrap(), 0.0).unwrap().len()
        })
        .collect();
    assert!(counts.chunks(2).all(|pair| pair[0].abs_diff(pair[1]) == 2), "{found:?} {counts:?}");
}
