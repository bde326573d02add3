//! Where a function of a nonnegative number changes sign, to the last bit.

/// The number between `low` and `high`, 0 ≤ low < high, at which `f` changes sign; `f` has different
/// signs at the two (0 counts as positive).
///
/// It halves the number of doubles in between, not the interval, so a root near 0 is found to full
/// relative precision too, after 64 evaluations at most. Of the last two neighbours the one with the
/// smaller |f| is returned.
pub(crate) fn bisect(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (low, high) = bracket(&f, low, high);
    if f(low).abs() <= f(high).abs() { low } else { high }
}

/// The two neighbouring doubles between which `f` changes sign; see [`bisect`].
pub(crate) fn bracket(f: impl Fn(f64) -> f64, low: f64, high: f64) -> (f64, f64) {
    // The bits of nonnegative doubles are ordered as the doubles are; -0.0 is made 0.0.
    let (mut low, mut high) = ((low + 0.0).to_bits(), (high + 0.0).to_bits());
    let old = f(f64::from_bits(low)) >= 0.0;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if (f(f64::from_bits(middle)) >= 0.0) == old { low = middle } else { high = middle }
    }
    (f64::from_bits(low), f64::from_bits(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_to_the_last_bit_whatever_their_size() {
        for root in [1e-300, 1e-9, 0.3, 7.0, 1e200] {
            assert_eq!(bisect(|x| x - root, 0.0, f64::MAX), root);
            assert_eq!(bisect(|x| root - x, 0.0, f64::MAX), root);
        }
    }
}
