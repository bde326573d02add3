//! Where a polynomial changes sign, none missed.
//!
//! It is given by its Bernstein coefficients on [0, 1]. If none of them is negative, or none positive, it doesn't
//! change sign there, for it is a mean of them with weights ≥ 0. Else it is monotone between the points at which its
//! derivative changes sign, and so changes sign between two neighbours of these once or not at all, which the values at
//! the two tell: bisection finds it. The derivative's coefficients are the differences of the polynomial's, and its
//! degree is less by one, so that this ends at a straight line at the latest.

use crate::bisection::bisect;

/// The points in (0, 1) at which the polynomial with these Bernstein coefficients changes sign, increasing.
pub(super) fn sign_changes(coefficients: &[f64]) -> Vec<f64> {
    let negative = coefficients.iter().any(|c| *c < 0.0);
    let positive = coefficients.iter().any(|c| *c > 0.0);
    if !(negative && positive) {
        return vec![];
    }
    if let [a, b] = coefficients {
        return vec![a / (a - b)];
    }
    let steps: Vec<f64> = coefficients.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut found = vec![];
    // The last point where the sign was known, and the value there.
    let mut known = (0.0, coefficients[0]);
    for point in sign_changes(&steps).into_iter().chain([1.0]) {
        let here = value(coefficients, point);
        if known.1 * here < 0.0 {
            found.push(bisect(|x| value(coefficients, x), known.0, point));
        }
        if here != 0.0 {
            known = (point, here);
        }
    }
    found
}

/// The polynomial's value at a point of [0, 1], by de Casteljau's algorithm: a mean at each step.
pub(super) fn value(coefficients: &[f64], x: f64) -> f64 {
    let mut means = [0.0; 5];
    means[..coefficients.len()].copy_from_slice(coefficients);
    for length in (1..coefficients.len()).rev() {
        for k in 0..length {
            means[k] = (1.0 - x) * means[k] + x * means[k + 1];
        }
    }
    means[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_roots_of_a_quartic_are_found() {
        // (x − 0.2)(x − 0.4)(x − 0.6)(x − 0.8) in the Bernstein basis, by its blossom.
        let roots = [0.2, 0.4, 0.6, 0.8];
        let blossom = |ones: usize| {
            // The mean over all orders of the arguments: `ones` ones and zeros for the rest.
            let orders: Vec<u32> =
                (0..16).filter(|m: &u32| m.count_ones() as usize == ones).collect();
            let product =
                |m: &u32| -> f64 { (0..4).map(|k| f64::from(m >> k & 1) - roots[k]).product() };
            orders.iter().map(product).sum::<f64>() / orders.len() as f64
        };
        let coefficients: Vec<f64> = (0..=4).map(blossom).collect();
        let found = sign_changes(&coefficients);
        assert_eq!(found.len(), 4);
        for (x, root) in found.iter().zip(roots) {
            assert!((x - root).abs() < 1e-13, "{x} is not {root}");
        }
    }

    #[test]
    fn a_root_that_is_touched_is_no_change() {
        // (2x − 1)², and the same times x − 1/2, which crosses there.
        assert!(sign_changes(&[1.0, -1.0, 1.0]).is_empty());
        let found = sign_changes(&[-1.0, 1.0, -1.0, 1.0]);
        assert_eq!(found.len(), 1);
        assert!((found[0] - 0.5).abs() < 1e-5);
    }

    proptest! {
        #[test]
        fn a_dense_scan_sees_no_more(coefficients in prop::array::uniform5(-1.0..1.0f64)) {
            let found = sign_changes(&coefficients);
            prop_assert!(found.is_sorted() && found.iter().all(|x| *x > 0.0 && *x < 1.0));
            let values: Vec<f64> = (0..=2000).map(|k| value(&coefficients, k as f64 / 2000.0)).collect();
            for (k, pair) in values.windows(2).enumerate() {
                if pair[0] * pair[1] < 0.0 {
                    let (low, high) = (k as f64 / 2000.0, (k + 1) as f64 / 2000.0);
                    prop_assert!(found.iter().any(|x| (low..=high).contains(x)));
                }
            }
            for x in found {
                prop_assert!(value(&coefficients, x).abs() < 1e-14);
            }
        }
    }
}
