//! The critical manifold w = W(u), the slow curve of the limit equation when calcium decays slowly, and its folds.
//!
//! With w = αψ and v = u − I/β the potential rests where w = W(u) = βv/φ(u). There it is attracted where W rises,
//! and dW/du has the sign of φ − vφ'. As (φ − vφ')' = −vφ'', that is monotone between the
//! [bends](crate::rate::Rate::bends) of φ: no fold is missed. Where φ is proportional to v, W is level; there the sign
//! is that of rounding alone, and counts for nothing.

use crate::error::{ModelError, nonnegative};
use crate::limit::folds::{Meeting, horizon, turns};
use crate::model::Model;

/// The potentials at which W turns, increasing, for a constant current; alpha does not matter.
///
/// # Errors
/// If the current is not finite and ≥ 0.
pub fn turning_points(model: &Model, current: f64) -> Result<Vec<(f64, Meeting)>, ModelError> {
    let input = nonnegative("current", current)? / model.beta();
    let rate = model.rate();
    let rises = |u: f64| {
        let (here, chord) = (rate.at(u), (u - input) * rate.slope(u));
        let doubt = 4.0 * f64::EPSILON * here + (u - input) * rate.slope_rounding(u);
        if (here - chord).abs() <= doubt { 0.0 } else { here - chord }
    };
    let mut ends = vec![input];
    ends.extend(rate.bends().into_iter().filter(|&bend| bend > input));
    ends.push(horizon(model, ends[ends.len() - 1], rises));
    Ok(turns(&ends, &rate.corners(), rises, |u| rate.at(u) == 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Recipients, Transmits};
    use crate::rate::{Interpolation, Rate};

    fn turning(rate: Rate, current: f64) -> Vec<(f64, Meeting)> {
        let model = Model::new(0.2, 1.0, 0.1, rate, Transmits::Before, Recipients::Others);
        turning_points(&model.unwrap(), current).unwrap()
    }

    #[test]
    fn the_fold_of_a_hill_rate_is_known_in_closed_form() {
        let found = turning(Rate::hill(1.0, 2.0, 4.0, 0.0).unwrap(), 0.0);
        assert_eq!(found.len(), 1);
        assert!((found[0].0 - 2.0 * 3.0_f64.powf(0.25)).abs() < 1e-14);
        assert_eq!(found[0].1, Meeting::Smooth);
        assert!(turning(Rate::hill(1.0, 2.0, 1.0, 0.0).unwrap(), 0.0).is_empty());
    }

    #[test]
    fn a_spontaneous_rate_adds_a_second_fold_and_a_strong_current_takes_both() {
        let rate = || Rate::hill(1.0, 1.0, 4.0, 0.02).unwrap();
        let found = turning(rate(), 0.0);
        assert_eq!(found.len(), 2);
        assert!(found[0].0 < found[1].0);
        assert!(turning(rate(), 5.0).is_empty());
    }

    #[test]
    fn a_level_curve_has_no_folds() {
        // φ = u/10 up to 20, and flat from there.
        let potential: Vec<f64> = (0..=4000).map(|k| f64::from(k) * 20.0 / 4000.0).collect();
        let proportional: Vec<f64> = potential.iter().map(|u| 0.1 * u).collect();
        for interpolation in [Interpolation::Linear, Interpolation::Monotone] {
            let rate = Rate::table(&potential, &proportional, interpolation).unwrap();
            assert!(turning(rate, 0.0).is_empty());
        }
    }

    #[test]
    fn corners_of_a_ramp_and_of_a_cap_are_folds() {
        let found = turning(Rate::ramp(0.5, 1.5, 1.0).unwrap(), 0.0);
        assert_eq!(found, vec![(1.5, Meeting::Corner)]);
        let found = turning(Rate::exponential(0.1, 2.0, 1.0).unwrap(), 0.0);
        assert_eq!(found.len(), 2);
        assert!((found[0].0 - 0.5).abs() < 1e-14 && found[1].1 == Meeting::Corner);
        assert_eq!(turning(Rate::exponential(0.1, 2.0, f64::INFINITY).unwrap(), 0.0).len(), 1);
        assert!(turning(Rate::linear(1.0, 0.0).unwrap(), 0.0).is_empty());
    }
}
