use super::*;
use proptest::prelude::*;

fn table(interpolation: Interpolation) -> Rate {
    Rate::table(&[0.2, 1.0, 2.0, 3.5], &[0.0, 1.0, 0.4, 0.9], interpolation).unwrap()
}

fn all() -> Vec<Rate> {
    vec![
        Rate::constant(0.7).unwrap(),
        Rate::linear(0.3, 0.1).unwrap(),
        Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap(),
        Rate::hill(2.0, 0.7, 2.5, 0.05).unwrap(),
        Rate::sigmoid(1.5, 2.0, 0.3).unwrap(),
        Rate::ramp(0.5, 2.0, 1.2).unwrap(),
        Rate::exponential(0.1, 0.8, 3.0).unwrap(),
        table(Interpolation::Linear),
        table(Interpolation::Monotone),
    ]
}

#[test]
fn values_are_the_formulas() {
    let hill = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    assert_eq!(hill.at(1.0), 0.5);
    assert!((hill.at(2.0) - 16.0 / 17.0).abs() < 1e-15);
    assert_eq!(hill.at(-1.0), 0.0);
    assert_eq!(hill.at(1e200), 1.0);
    let table = &all()[7];
    assert_eq!(table.at(0.0), 0.0);
    assert!((table.at(1.5) - 0.7).abs() < 1e-15);
    assert_eq!(table.at(9.0), 0.9);
}

#[test]
fn bad_parameters_are_refused() {
    assert!(Rate::constant(-1.0).is_err());
    assert!(Rate::linear(f64::INFINITY, 0.0).is_err());
    assert!(Rate::hill(1.0, 0.0, 4.0, 0.0).is_err());
    assert!(Rate::hill(1.0, 1.0, 0.5, 0.0).is_err());
    assert!(Rate::sigmoid(1.0, f64::NAN, 1.0).is_err());
    assert!(Rate::ramp(1.0, 1.0, 1.0).is_err());
    assert!(Rate::exponential(1.0, 1.0, 0.0).is_err());
    assert!(Rate::exponential(1.0, 1.0, f64::INFINITY).is_ok());
    assert!(Rate::table(&[0.0, 0.0], &[1.0, 1.0], Interpolation::Linear).is_err());
}

proptest! {
    #[test]
    fn extremes_hold_on_the_interval(low in 0.0..5.0f64, width in 0.0..4.0f64, part in 0.0..=1.0f64) {
        for rate in all() {
            let value = rate.at(low + part * width);
            prop_assert!(value <= rate.supremum(low, low + width));
            prop_assert!(value >= rate.infimum(low, low + width));
        }
    }

    #[test]
    fn slope_is_the_derivative(u in 0.0..5.0f64) {
        for rate in all() {
            let h = 1e-6;
            let near_corner = rate.corners().iter().any(|c| (u - c).abs() < 2.0 * h);
            let far_enough = u > h;
            if !near_corner && far_enough {
                let difference = (rate.at(u + h) - rate.at(u - h)) / (2.0 * h);
                prop_assert!((rate.slope(u) - difference).abs() < 1e-7, "{rate:?} at {u}");
            }
        }
    }
}
