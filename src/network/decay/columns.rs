//! Columns of exponential factors, by polynomials no longer than their span asks for.
//!
//! The candidates of a block lie close together, so their factors are those of the block's middle times
//! a short Taylor series. The loops have no branch and are made for vectors; where the processor has
//! wider ones they are used. All ways give the same bits: no operation is fused or put in another order.

use crate::exp::{exp, exp_both, series};

/// Up to these half spans series with 1, 2, … terms beside the first are exact to 2^−56.
const REACH: [f64; 6] = [1.3e-4, 4.5e-3, 0.029, 0.093, 0.2, 0.37];

/// Sets `down` to e^{−rate·offset} and `up` to e^{rate·offset}; offsets increase.
pub(super) fn fill(rate: f64, offset: &[f64], down: &mut [f64], up: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has what the function was compiled for, as was just asked.
        #[expect(unsafe_code, reason = "only who has asked the processor may call it")]
        return unsafe { fill_avx2(rate, offset, down, up) };
    }
    fill_by_span(rate, offset, down, up);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_avx2(rate: f64, offset: &[f64], down: &mut [f64], up: &mut [f64]) {
    fill_by_span(rate, offset, down, up);
}

#[inline(always)]
fn fill_by_span(rate: f64, offset: &[f64], down: &mut [f64], up: &mut [f64]) {
    let (Some(first), Some(last)) = (offset.first(), offset.last()) else { return };
    let middle = 0.5 * (first + last);
    let span = rate * 0.5 * (last - first);
    let base = (exp(-rate * middle), exp(rate * middle));
    let exponent = move |offset: f64| rate * (offset - middle);
    let column = Column { offset, down, up, base };
    match REACH.iter().position(|&reach| span <= reach) {
        Some(0) => column.set(|offset| sum_and_difference(series::<1>(exponent(offset)))),
        Some(1) => column.set(|offset| sum_and_difference(series::<2>(exponent(offset)))),
        Some(2) => column.set(|offset| sum_and_difference(series::<3>(exponent(offset)))),
        Some(3) => column.set(|offset| sum_and_difference(series::<4>(exponent(offset)))),
        Some(4) => column.set(|offset| sum_and_difference(series::<5>(exponent(offset)))),
        Some(_) => column.set(|offset| sum_and_difference(series::<6>(exponent(offset)))),
        None => column.set(|offset| exp_both(exponent(offset))),
    }
}

/// e^{±x} from cosh x and sinh x.
#[inline(always)]
fn sum_and_difference((even, odd): (f64, f64)) -> (f64, f64) {
    (even + odd, even - odd)
}

struct Column<'a> {
    offset: &'a [f64],
    down: &'a mut [f64],
    up: &'a mut [f64],
    /// The factors in the middle.
    base: (f64, f64),
}

impl Column<'_> {
    #[inline(always)]
    fn set(self, factors: impl Fn(f64) -> (f64, f64)) {
        for ((offset, down), up) in self.offset.iter().zip(self.down).zip(self.up) {
            let (grown, decayed) = factors(*offset);
            *down = self.base.0 * decayed;
            *up = self.base.1 * grown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_does_not_show_in_the_bits() {
        for spacing in [1e-7, 1e-5, 3e-4, 1e-3, 3e-3, 7e-3, 0.5] {
            let offset: Vec<f64> = (0..61).map(|j| 1.7 + spacing * f64::from(j).sqrt()).collect();
            let (mut down, mut up) = (vec![0.0; 61], vec![0.0; 61]);
            fill(1.3, &offset, &mut down, &mut up);
            let (mut plain_down, mut plain_up) = (vec![0.0; 61], vec![0.0; 61]);
            fill_by_span(1.3, &offset, &mut plain_down, &mut plain_up);
            assert_eq!((down, up), (plain_down, plain_up));
        }
    }
}
