use super::*;
use crate::model::{Recipients, Transmits};
use crate::rate::{Interpolation, Rate};
use proptest::prelude::*;

fn model(alpha: f64, rate: Rate, transmits: Transmits) -> Model {
    Model::new(alpha, 1.0, 0.1, rate, transmits, Recipients::Others).unwrap()
}

fn hill() -> Rate {
    Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap()
}

fn kinds(found: &[Equilibrium]) -> Vec<Kind> {
    found.iter().map(|e| e.kind).collect()
}

#[test]
fn rest_saddle_and_memory() {
    let found = equilibria(&model(0.3, hill(), Transmits::Before), 0.0).unwrap();
    assert_eq!(kinds(&found), [Kind::StableNode, Kind::Saddle, Kind::StableNode]);
    assert_eq!((found[0].potential, found[0].calcium), (0.0, 0.0));
    assert!((found[1].potential - 1.11928).abs() < 5e-6);
    assert!((found[2].potential - 2.91904).abs() < 5e-6);
    assert!((found[2].calcium - 9.86414).abs() < 5e-6);
    assert!(found[1].eigenvalues[0].0 > 0.0 && found[1].eigenvalues[1].0 < 0.0);
}

#[test]
fn a_ramp_at_its_corner_is_half_stable() {
    // κφ² = u at u = high: α/(βλ) = high.
    let rate = Rate::ramp(0.5, 2.0, 1.0).unwrap();
    let found = equilibria(&model(0.2, rate, Transmits::Before), 0.0).unwrap();
    assert_eq!(kinds(&found), [Kind::StableNode, Kind::Fold]);
    assert_eq!(found[1].potential, 2.0);
}

#[test]
fn a_falling_rate_turns_around_a_focus() {
    let rate = Rate::table(&[0.0, 1.0, 2.0], &[2.0, 2.0, 0.0], Interpolation::Linear).unwrap();
    let model = Model::new(0.15, 0.1, 1.0, rate, Transmits::Before, Recipients::Others).unwrap();
    let found = equilibria(&model, 0.0).unwrap();
    assert_eq!(kinds(&found), [Kind::StableFocus]);
    assert!((found[0].potential - 1.5).abs() < 1e-15 && found[0].eigenvalues[0].1 > 0.0);
}

#[test]
fn a_table_on_which_every_knot_is_an_equilibrium_ends() {
    let potential: Vec<f64> = (0..400).map(|k| 0.25 * k as f64).collect();
    let rate: Vec<f64> = potential.iter().map(|u| (u / 4.0).sqrt()).collect();
    let rate = Rate::table(&potential, &rate, Interpolation::Linear).unwrap();
    let found = equilibria(&model(0.4, rate, Transmits::Before), 0.0).unwrap();
    assert_eq!(found.len(), 400);
}

#[test]
fn no_synapses_no_interaction() {
    let rate = Rate::exponential(1.0, 2.0, f64::INFINITY).unwrap();
    let found = equilibria(&model(0.0, rate, Transmits::After), 3.0).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].potential, 3.0);
    assert!(equilibria(&model(0.0, hill(), Transmits::After), -1.0).is_err());
}

proptest! {
    #[test]
    fn eigenvalues_have_the_right_sum_and_product(m in prop::array::uniform4(-5.0..5.0f64)) {
        let found = eigenvalues(&[[m[0], m[1]], [m[2], m[3]]]);
        let ((a, x), (b, y)) = (found[0], found[1]);
        prop_assert!((a + b - m[0] - m[3]).abs() < 1e-12 && (x + y).abs() < 1e-15 && a >= b);
        prop_assert!((a * b - x * y - m[0] * m[3] + m[1] * m[2]).abs() < 1e-11);
    }

    #[test]
    fn roots_balance(alpha in 0.01..2.0f64, power in 1.0..9.0f64, base in 0.0..0.5f64, current in 0.0..2.0f64) {
        for transmits in [Transmits::Before, Transmits::After] {
            let model = model(alpha, Rate::hill(1.0, 1.0, power, base).unwrap(), transmits);
            for found in equilibria(&model, current).unwrap() {
                let (u, r) = (found.potential, found.calcium);
                let (change, _) = model.vector_field(u, r, current);
                prop_assert!(change.abs() <= 1e-14 * (u + current));
            }
        }
    }
}
