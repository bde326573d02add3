//! What a narrow feature of a table can be told by: the places where the polygon through its points turns from convex
//! to concave or back.
//!
//! A bump, or a dip, which is over before its level has changed, turns twice at least, so that one who never passes
//! two marks at once does not pass it unseen. What changes the level shows from far away.

/// A turn in the polygon's slope that moves no rate by more than this share of the greatest one is rounding.
const ROUNDING: f64 = 1e-14;

/// The first and the last knot at which the polygon bends, and between any two neighbouring knots at which it bends in
/// opposite directions the point halfway; increasing. It goes on flat on both sides.
pub(super) fn marks(potential: &[f64], rate: &[f64]) -> Vec<f64> {
    let noise = ROUNDING * rate.iter().copied().fold(0.0, f64::max);
    let last = rate.len() - 1;
    // The slope of the line from knot k − 1 to knot k, and how much of it may be rounding.
    let line = |k: usize| {
        if (1..=last).contains(&k) {
            let width = potential[k] - potential[k - 1];
            ((rate[k] - rate[k - 1]) / width, noise / width)
        } else {
            (0.0, 0.0)
        }
    };
    let mut found = vec![];
    // The last knot at which it bends, and whether upwards.
    let mut known: Option<(f64, bool)> = None;
    for (k, &here) in potential.iter().enumerate() {
        let ((before, noise_before), (after, noise_after)) = (line(k), line(k + 1));
        let bend = after - before;
        if bend.is_nan() || bend.abs() <= noise_before + noise_after {
            continue;
        }
        let upwards = bend > 0.0;
        match known {
            None => found.push(here),
            Some((there, was)) if was != upwards => found.push(0.5 * there + 0.5 * here),
            Some(_) => {}
        }
        known = Some((here, upwards));
    }
    found.extend(known.map(|(there, _)| there));
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tabulated(points: usize, f: impl Fn(f64) -> f64) -> Vec<f64> {
        let potential: Vec<f64> =
            (0..points).map(|k| 4.0 * k as f64 / (points - 1) as f64).collect();
        let rate: Vec<f64> = potential.iter().map(|&u| f(u)).collect();
        marks(&potential, &rate)
    }

    #[test]
    fn a_peak_has_marks_on_both_flanks() {
        assert_eq!(marks(&[0.5, 1.0, 2.0], &[0.0, 1.0, 0.0]), [0.5, 0.75, 1.5, 2.0]);
        assert_eq!(marks(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 3.0]), [0.0, 1.5, 3.0]);
        assert!(marks(&[0.0, 1.0, 2.0], &[0.3, 0.3, 0.3]).is_empty());
    }

    #[test]
    fn a_smooth_function_has_few_however_many_its_points_are() {
        for points in [100, 10_001, 200_001] {
            let found = tabulated(points, |u| u.powi(4) / (1.0 + u.powi(4)));
            assert_eq!(found.len(), 3, "{found:?}");
            // The inflection is where u⁴ = 3/5.
            assert!((found[1] - 0.6_f64.powf(0.25)).abs() <= 0.05);
            let bump = |u: f64| 0.5 * u + 1e-3 * (-((u - 2.0) / 0.05).powi(2)).exp();
            let inside = tabulated(points, bump).iter().filter(|m| (1.8..2.2).contains(*m)).count();
            assert!(inside >= 2);
        }
    }
}
