//! One piece of a smooth table: a cubic between two knots, monotone between their rates.

use super::sign_changes::{sign_changes, value};

/// The cubic on [from, to] with these Bernstein coefficients.
///
/// All coefficients lie between the rates at the two ends. The cubic is then monotone: its derivatives at the ends are
/// at most three times the slope between them. And as the terms of the Bernstein form are never negative, nothing cancels: a
/// value is found to within 6 units in the last place, apart from a factor that the whole piece has in common.
///
/// A piece fills one line of the cache.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(64))]
pub(super) struct Cubic {
    from: f64,
    to: f64,
    /// 1/(to − from).
    scale: f64,
    coefficients: [f64; 4],
}

impl Cubic {
    /// The cubic through two points (potential, rate, derivative).
    pub(super) fn new((p, a, start): (f64, f64, f64), (q, b, end): (f64, f64, f64)) -> Self {
        let third = (q - p) / 3.0;
        // In this order what is not a number, made of slopes beyond all doubles, becomes one.
        let inner = [a + third * start, b - third * end].map(|c| c.max(a.min(b)).min(a.max(b)));
        let coefficients = [a, inner[0], inner[1], b];
        Self { from: p, to: q, scale: 1.0 / (q - p), coefficients }
    }

    /// The value, never outside the rates at the two ends.
    #[inline]
    pub(super) fn at(&self, u: f64) -> f64 {
        let [a, b, c, d] = self.coefficients;
        let (s, t) = ((u - self.from) * self.scale, (self.to - u) * self.scale);
        let sum = t * t * (t * a + 3.0 * s * b) + s * s * (3.0 * t * c + s * d);
        sum.max(a.min(d)).min(a.max(d))
    }

    pub(super) fn slope(&self, u: f64) -> f64 {
        let [a, b, c] = self.steps();
        let (s, t) = ((u - self.from) * self.scale, (self.to - u) * self.scale);
        3.0 * self.scale * (t * (t * a + 2.0 * s * b) + s * s * c)
    }

    /// The derivatives at the two ends.
    pub(super) fn end_slopes(&self) -> (f64, f64) {
        let [a, _, c] = self.steps();
        (3.0 * self.scale * a, 3.0 * self.scale * c)
    }

    /// The differences of the coefficients: a third of the derivative in units of the piece.
    fn steps(&self) -> [f64; 3] {
        let [a, b, c, d] = self.coefficients;
        [b - a, c - b, d - c]
    }

    /// Visits the pieces of [from, to] on which φ is convex or concave all along, by where each starts and the sign of
    /// the second derivative on it.
    pub(super) fn curvatures(&self, visit: &mut dyn FnMut(f64, f64)) {
        let [a, b, c] = self.steps();
        self.signs(&[b - a, c - b], visit);
    }

    /// The same for φ(φ + offset), whose second derivative, 2φ'² + (2φ + offset)φ'', is a polynomial of degree 4.
    pub(super) fn curvatures_of_drive(&self, offset: f64, visit: &mut dyn FnMut(f64, f64)) {
        let [a, b, c] = self.steps();
        let (bend, next) = (b - a, c - b);
        let square = [a * a, a * b, (a * c + 2.0 * b * b) / 3.0, b * c, c * c];
        let [p, q, r, s] = self.coefficients.map(|x| 2.0 * x + offset);
        let product = [
            p * bend,
            (3.0 * q * bend + p * next) / 4.0,
            (r * bend + q * next) / 2.0,
            (s * bend + 3.0 * r * next) / 4.0,
            s * next,
        ];
        let second: [f64; 5] = std::array::from_fn(|k| 3.0 * square[k] + product[k]);
        self.signs(&second, visit);
    }

    /// Visits the pieces of [from, to] on which the polynomial with these coefficients keeps its sign.
    fn signs(&self, polynomial: &[f64], visit: &mut dyn FnMut(f64, f64)) {
        let mut start = 0.0;
        for end in sign_changes(polynomial).into_iter().chain([1.0]) {
            let middle = value(polynomial, 0.5 * (start + end));
            let sign = if middle == 0.0 { 0.0 } else { middle.signum() };
            visit(self.from + start * (self.to - self.from), sign);
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn monotone_and_between_its_ends(
            a in 0.0..2.0f64, b in 0.0..2.0f64, start in 0.0..=3.0f64, end in 0.0..=3.0f64,
        ) {
            let slope = (b - a) / 0.25;
            let cubic = Cubic::new((1.0, a, start * slope), (1.25, b, end * slope));
            prop_assert_eq!((cubic.at(1.0), cubic.at(1.25)), (a, b));
            prop_assert!((cubic.slope(1.0) - start * slope).abs() <= 1e-13);
            prop_assert!((cubic.slope(1.25) - end * slope).abs() <= 1e-13);
            let values: Vec<f64> = (0..=999).map(|k| cubic.at(1.0 + 0.25 * k as f64 / 999.0)).collect();
            for pair in values.windows(2) {
                let (rise, slack) = ((pair[1] - pair[0]) * slope.signum(), 12.0 * f64::EPSILON * pair[0]);
                prop_assert!(rise >= -slack);
            }
        }

        #[test]
        fn the_second_derivative_has_the_signs_told(
            rates in prop::array::uniform4(0.0..2.0f64), offset in 0.0..2.0f64,
        ) {
            let [a, b, c, d] = rates;
            let cubic = Cubic { from: 0.0, to: 1.0, scale: 1.0, coefficients: [a, b, c, d] };
            let mut pieces = vec![];
            cubic.curvatures_of_drive(offset, &mut |start, sign| pieces.push((start, sign)));
            let mut own = vec![];
            cubic.curvatures(&mut |start, sign| own.push((start, sign)));
            for k in 0..1000 {
                let u = (k as f64 + 0.5) / 1000.0;
                let slope = cubic.slope(u);
                let bend = 6.0 * ((1.0 - u) * (c - 2.0 * b + a) + u * (d - 2.0 * c + b));
                let cube = [a, b, c, d];
                let second = 2.0 * slope * slope + (2.0 * value(&cube, u) + offset) * bend;
                let told = pieces.iter().rev().find(|piece| piece.0 <= u).unwrap().1;
                prop_assert!(second * told >= -1e-12, "{second} at {u}, told {told}");
                let told = own.iter().rev().find(|piece| piece.0 <= u).unwrap().1;
                prop_assert!(bend * told >= -1e-12, "{bend} at {u}, told {told}");
            }
        }
    }
}
