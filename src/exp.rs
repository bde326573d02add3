//! The exponential function, with the same bits on every machine: mathematical libraries differ in
//! the last digit, and so does one library between processors.

/// What is added to a small number to round it to a whole one, which the last bits then show.
const ROUNDER: f64 = 1.5 * (1_u64 << 52) as f64;

/// ln 2 in two parts; whole multiples of the first, up to 2^11, are exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Terms of a series beside its first, for arguments up to ½ ln 2.
const FULL: usize = 6;

/// 1/k!
const INVERSE_FACTORIAL: [f64; 14] = {
    let (mut inverse, mut factorial, mut k) = ([1.0; 14], 1.0, 1);
    while k < 14 {
        factorial *= k as f64;
        inverse[k] = 1.0 / factorial;
        k += 1;
    }
    inverse
};

/// e^x, to about one unit in the last place.
pub(crate) const fn exp(x: f64) -> f64 {
    if x > 710.0 {
        return f64::INFINITY;
    }
    if x < -746.0 {
        return 0.0;
    }
    let (power, rest) = split(x);
    let (even, odd) = series::<FULL>(rest);
    // In two steps, for numbers near the ends of the range.
    let half = power / 2;
    (even + odd) * two_to(half) * two_to(power - half)
}

/// (e^x, e^{−x}) for |x| up to 700, without a branch.
#[inline(always)]
pub(crate) const fn exp_both(x: f64) -> (f64, f64) {
    let (power, rest) = split(x);
    let (even, odd) = series::<FULL>(rest);
    ((even + odd) * two_to(power), (even - odd) * two_to(-power))
}

/// cosh x and sinh x by their Taylor series, `MORE` terms each beside the first.
#[inline(always)]
pub(crate) const fn series<const MORE: usize>(x: f64) -> (f64, f64) {
    let square = x * x;
    let (mut even, mut odd) = (INVERSE_FACTORIAL[2 * MORE], INVERSE_FACTORIAL[2 * MORE + 1]);
    let mut k = MORE;
    while k > 0 {
        k -= 1;
        even = even * square + INVERSE_FACTORIAL[2 * k];
        odd = odd * square + INVERSE_FACTORIAL[2 * k + 1];
    }
    (even, x * odd)
}

/// x = power·ln 2 + rest, with |rest| ≤ ½ ln 2 and a little.
#[inline(always)]
const fn split(x: f64) -> (i64, f64) {
    let shifted = x * std::f64::consts::LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = (x - whole * LN_2_HIGH) - whole * LN_2_LOW;
    (shifted.to_bits().wrapping_sub(ROUNDER.to_bits()) as i64, rest)
}

/// 2^power, for a power from −1022 to 1023.
#[inline(always)]
const fn two_to(power: i64) -> f64 {
    f64::from_bits(((power + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn it_is_the_exponential_on_all_its_range() {
        for k in -7450..7100 {
            let x = f64::from(k) * 0.1 + f64::from(k % 17) * 1e-3;
            assert!(ulps(exp(x), x.exp()) <= 2, "{x}: {:e} {:e}", exp(x), x.exp());
        }
        assert_eq!((exp(0.0), exp(-800.0), exp(f64::NEG_INFINITY)), (1.0, 0.0, 0.0));
        assert_eq!((exp(711.0), exp(f64::INFINITY)), (f64::INFINITY, f64::INFINITY));
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn both_directions_agree_with_it() {
        for k in -2000..2000 {
            let x = f64::from(k) * 0.1371;
            let (up, down) = exp_both(x);
            assert!(ulps(up, exp(x)) <= 1 && ulps(down, exp(-x)) <= 2);
        }
    }
}
