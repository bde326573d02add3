//! Where the rate, or the drive φ(φ + offset) of the limit equation, turns from convex to concave or back.

use super::{Rate, Shape};

impl Rate {
    /// Potentials, increasing, between which φ(φ + offset) is convex or concave all along and
    /// differentiable; all corners of φ are among them, and where it touches 0. `offset` ≥ 0.
    ///
    /// Only a smooth table is searched, piece by piece; for the others nothing is: with z = (u/half)^power for Hill,
    /// and z = φ/top for Sigmoid, the second derivative has the sign of a + bz − cz² with a ≥ 0 and c > 0, which has
    /// one positive root at most; pieces of Exponential are convex or flat, those of the others linear in φ, so
    /// convex.
    pub fn inflections(&self, offset: f64) -> Vec<f64> {
        let bend = match &self.shape {
            Shape::Hill { top, half, power, base } if *top > 0.0 => {
                let start = (2.0 * base + offset) / top;
                let constant = (power - 1.0) * start;
                let linear = 4.0 * power - 2.0 - 2.0 * start;
                let square = (power + 1.0) * (start + 2.0);
                half * positive_root(constant, linear, square).powf(1.0 / power)
            }
            Shape::Sigmoid { top, centre, width } if *top > 0.0 => {
                let start = offset / top;
                let z = positive_root(start, 4.0 - 2.0 * start, 6.0);
                centre + width * (z / (1.0 - z)).ln()
            }
            Shape::Table(table) => return table.inflections(offset),
            _ => return self.corners(),
        };
        only_positive(bend)
    }

    /// Potentials, increasing, between which φ itself is convex or concave all along and differentiable; all
    /// corners of φ are among them, and where it touches 0.
    pub fn bends(&self) -> Vec<f64> {
        match &self.shape {
            Shape::Hill { top, half, power, .. } if *top > 0.0 => {
                only_positive(half * ((power - 1.0) / (power + 1.0)).powf(1.0 / power))
            }
            Shape::Sigmoid { top, centre, .. } if *top > 0.0 => only_positive(*centre),
            Shape::Table(table) => table.bends(),
            _ => self.corners(),
        }
    }
}

fn only_positive(bend: f64) -> Vec<f64> {
    if bend > 0.0 && bend.is_finite() { vec![bend] } else { vec![] }
}

/// The positive root of a + bz − cz², a ≥ 0, c > 0; 0 if there is none.
fn positive_root(a: f64, b: f64, c: f64) -> f64 {
    let root = (b * b + 4.0 * a * c).sqrt();
    if b >= 0.0 { (b + root) / (2.0 * c) } else { 2.0 * a / (root - b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Interpolation;
    use proptest::prelude::*;

    /// The sign of the second derivative of the drive halfway between neighbouring bends.
    fn curvatures_agree(rate: &Rate, offset: f64) {
        signs_agree(rate, |u| rate.at(u) * (rate.at(u) + offset), &rate.inflections(offset));
        signs_agree(rate, |u| rate.at(u), &rate.bends());
    }

    fn signs_agree(rate: &Rate, drive: impl Fn(f64) -> f64, bends: &[f64]) {
        let mut ends = vec![0.0];
        ends.extend(bends);
        ends.push(ends[ends.len() - 1] + 8.0);
        for pair in ends.windows(2) {
            let width = pair[1] - pair[0];
            let h = width / 64.0;
            let seconds = (1..63).map(|k| pair[0] + width * k as f64 / 63.0).map(|u| {
                let (a, b, c) =
                    (drive((u - h).max(pair[0])), drive(u), drive((u + h).min(pair[1])));
                let (left, right) = (u - (u - h).max(pair[0]), (u + h).min(pair[1]) - u);
                (c - b) / right - (b - a) / left
            });
            let seconds: Vec<f64> = seconds.collect();
            let noise = 1e-11 * drive(pair[1]) / h;
            let convex = seconds.iter().all(|&s| s >= -noise);
            let concave = seconds.iter().all(|&s| s <= noise);
            assert!(convex || concave, "{rate:?} between {pair:?}");
        }
    }

    proptest! {
        #[test]
        fn curvature_keeps_its_sign_between_bends(
            top in 0.1..3.0f64, half in 0.2..3.0f64, power in 1.0..9.0f64, base in 0.0..2.0f64,
            centre in -1.0..5.0f64, offset in 0.0..2.0f64,
        ) {
            curvatures_agree(&Rate::hill(top, half, power, base).unwrap(), offset);
            curvatures_agree(&Rate::hill(top, half, power, 0.0).unwrap(), 0.0);
            curvatures_agree(&Rate::hill(top, half, 1.0, base).unwrap(), offset);
            curvatures_agree(&Rate::sigmoid(top, centre, half).unwrap(), offset);
            curvatures_agree(&Rate::ramp(half, half + top, power).unwrap(), offset);
            curvatures_agree(&Rate::exponential(base, half, base + top).unwrap(), offset);
            let rates = [base, top, half, centre.max(0.0), 0.5];
            let table = Rate::table(&[0.3, 0.8, 1.7, 2.0, 3.5], &rates, Interpolation::Monotone);
            curvatures_agree(&table.unwrap(), offset);
        }
    }
}
