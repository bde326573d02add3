//! Bounds of φ on many cells of potentials: they tell nearly every spike without an evaluation of φ.

use super::Rate;

/// A cell holds the numbers that agree in their exponent and in so many leading bits of their fraction.
const BITS: u32 = 5;
const SHIFT: u32 = 52 - BITS;
/// The cells go from 2^−10 to 2^10.
const FIRST: u64 = (1023 - 10) << BITS;
const CELLS: u64 = 20 << BITS;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bracket(Vec<[f64; 2]>);

impl Bracket {
    pub(super) fn new(rate: &Rate) -> Self {
        let edge = |cell| f64::from_bits((FIRST + cell) << SHIFT);
        let bounds = |cell| {
            let (low, high) = (edge(cell), edge(cell + 1));
            [rate.infimum(low, high), rate.supremum(low, high)]
        };
        Self((0..CELLS).map(bounds).collect())
    }

    /// Bounds of φ(potential), from below and above, if a cell holds the potential.
    #[inline]
    pub(super) fn bounds(&self, potential: f64) -> Option<[f64; 2]> {
        let cell = (potential.to_bits() >> SHIFT).wrapping_sub(FIRST);
        self.0.get(cell as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::Interpolation;

    #[test]
    fn no_potential_is_out_of_its_bounds() {
        let bump: Vec<f64> = (0..50).map(|k| f64::from(k * (50 - k))).collect();
        let knots: Vec<f64> = (0..50).map(|k| 0.1 * f64::from(k)).collect();
        let rates = [
            Rate::hill(1.0, 1.0, 4.0, 0.1).unwrap(),
            Rate::hill(2.0, 0.3, 2.5, 0.0).unwrap(),
            Rate::exponential(0.1, 2.0, f64::INFINITY).unwrap(),
            Rate::table(&knots, &bump, Interpolation::Linear).unwrap(),
            Rate::table(&knots, &bump, Interpolation::Monotone).unwrap(),
        ];
        for rate in rates {
            let bracket = Bracket::new(&rate);
            for k in 0..20_000 {
                let potential = 2f64.powf(-10.0 + 0.001 * f64::from(k));
                let [low, high] = bracket.bounds(potential).unwrap();
                assert!((low..=high).contains(&rate.at(potential)), "{rate:?} {potential}");
            }
            for outside in [-1.0, -0.0, 0.0, 9e-4, 1024.0, f64::INFINITY] {
                assert_eq!(bracket.bounds(outside), None);
            }
        }
    }

    #[test]
    fn bounds_decide_as_the_rate_does() {
        let plain = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        let mut bracketed = plain.clone();
        bracketed.bracket();
        for k in 0..4000 {
            let potential = 1e-3 * f64::from(k) - 0.1;
            let rate = plain.at(potential);
            for threshold in [0.0, 0.5 * rate, rate, rate.next_up(), rate.next_down(), 0.9] {
                let exceeds = threshold < rate;
                assert_eq!(plain.exceeds(threshold, potential), exceeds);
                assert_eq!(bracketed.exceeds(threshold, potential), exceeds);
            }
        }
    }
}
