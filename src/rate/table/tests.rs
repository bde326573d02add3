use super::*;
use proptest::prelude::*;

fn linear(potential: &[f64], rate: &[f64]) -> Result<Table, ModelError> {
    Table::new(potential, rate, Interpolation::Linear)
}

fn smooth(potential: &[f64], rate: &[f64]) -> Table {
    Table::new(potential, rate, Interpolation::Monotone).unwrap()
}

#[test]
fn extremes_see_a_narrow_peak_and_a_narrow_dip() {
    let (potential, rate) = ([0.0, 1.0, 1.1, 1.2, 2.0], [0.5, 0.5, 3.0, 0.1, 0.5]);
    for table in [linear(&potential, &rate).unwrap(), smooth(&potential, &rate)] {
        assert_eq!(table.extremes(0.2, 1.9).1, 3.0);
        assert_eq!(table.extremes(0.2, 1.9).0, 0.1);
        assert_eq!(table.extremes(0.2, 0.4), (0.5, 0.5));
        assert_eq!(table.extremes(1.1, 1.1), (3.0, 3.0));
        assert_eq!(table.extremes(5.0, 9.0), (0.5, 0.5));
    }
}

#[test]
fn a_table_that_is_no_function_is_refused() {
    assert!(linear(&[0.0], &[1.0]).is_err());
    assert!(linear(&[0.0, 1.0], &[1.0]).is_err());
    assert!(linear(&[1.0, 0.0], &[1.0, 1.0]).is_err());
    assert!(linear(&[0.0, 1.0], &[1.0, -1.0]).is_err());
    assert!(linear(&[0.0, f64::NAN], &[1.0, 1.0]).is_err());
}

#[test]
fn only_true_corners_are_corners() {
    let (potential, rate) = ([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 2.0, 2.5, 2.5]);
    assert_eq!(linear(&potential, &rate).unwrap().corners(), [2.0, 3.0]);
    assert!(smooth(&potential, &rate).corners().is_empty());
    assert_eq!(smooth(&[0.5, 1.0, 2.0], &[0.0, 1.0, 3.0]).corners(), [0.5, 2.0]);
}

#[test]
fn numbers_beyond_all_measure_stay_numbers() {
    let table = smooth(&[0.0, 1e-300, 1e-299, 1.0, 1e100], &[0.0, 1e100, 0.0, 1.0, 1e100]);
    for u in [0.0, 5e-324, 1e-310, 3e-300, 0.5, 1.0, 1e99, 1e100, f64::MAX] {
        assert!(table.at(u).is_finite() && table.at(u) >= 0.0, "{u}");
    }
    for (potential, rate) in
        [([0.0, 5e-324], [1.0, 1.0]), ([0.0, 1e101], [1.0, 1.0]), ([0.0, 1.0], [1.0, 1e101])]
    {
        assert!(linear(&potential, &rate).is_err(), "{potential:?} {rate:?}");
    }
}

#[test]
fn where_a_smooth_table_touches_zero_is_among_its_bends() {
    let table = smooth(&[0.0, 1.0, 2.0, 3.0], &[1.0, 0.0, 2.0, 2.0]);
    assert!(table.bends().contains(&1.0) && table.inflections(0.5).contains(&1.0));
}

#[test]
fn two_points_are_a_line() {
    let (a, b) = (smooth(&[1.0, 3.0], &[0.2, 0.8]), linear(&[1.0, 3.0], &[0.2, 0.8]).unwrap());
    for u in [0.0, 1.0, 1.7, 2.9, 3.0, 4.0] {
        assert!((a.at(u) - b.at(u)).abs() < 1e-15 && (a.slope(u) - b.slope(u)).abs() < 1e-15);
    }
}

proptest! {
    #[test]
    fn smooth_tables_have_one_derivative_at_each_knot(
        rate in prop::collection::vec(0..5_u8, 3..12), width in 0.1..3.0f64,
    ) {
        let rate: Vec<f64> = rate.into_iter().map(f64::from).collect();
        let potential: Vec<f64> = (0..rate.len()).map(|k| width * (k as f64).powf(1.3)).collect();
        let table = smooth(&potential, &rate);
        for &knot in &potential[1..rate.len() - 1] {
            let before = table.slope(knot.next_down());
            prop_assert!((before - table.slope(knot)).abs() < 1e-11 / width);
        }
    }

    #[test]
    fn the_slope_rises_or_falls_between_bends(
        rate in prop::collection::vec(0.0..2.0f64, 2..9), offset in 0.0..1.0f64,
    ) {
        let potential: Vec<f64> = (0..rate.len()).map(|k| 0.5 + 0.7 * k as f64).collect();
        for interpolation in [Interpolation::Linear, Interpolation::Monotone] {
            let table = Table::new(&potential, &rate, interpolation).unwrap();
            let slope = |u: f64| table.slope(u) * (2.0 * table.at(u) + offset);
            let mut ends = vec![0.0];
            ends.extend(table.inflections(offset));
            ends.push(9.0);
            for pair in ends.windows(2) {
                let width = pair[1] - pair[0];
                let inside = (0..200).map(|k| pair[0] + width * (k as f64 + 0.5) / 200.0);
                let slopes: Vec<f64> = inside.map(slope).collect();
                let rises = slopes.windows(2).all(|s| s[1] >= s[0] - 1e-11);
                let falls = slopes.windows(2).all(|s| s[1] <= s[0] + 1e-11);
                prop_assert!(rises || falls, "between {pair:?}");
            }
        }
    }
}
