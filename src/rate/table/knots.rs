//! Increasing numbers among which a number's place is found in a time that hardly depends on how many they are.

/// Strictly increasing knots, with a guide: their range is cut into equal buckets, as many as there are intervals, and
/// for each it is known how many knots come before it. So knots at equal distances are each at the start of a bucket.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Knots {
    values: Vec<f64>,
    /// Buckets per unit.
    scale: f64,
    /// `before[j]` knots lie in buckets before bucket j.
    before: Vec<u32>,
}

impl Knots {
    /// Two knots at least, and fewer than 2³².
    pub(super) fn new(values: &[f64]) -> Self {
        let range = values[values.len() - 1] - values[0];
        let scale = (values.len() - 1) as f64 / range;
        let mut knots = Self { values: values.to_vec(), scale, before: vec![0; values.len() + 1] };
        for &value in values {
            let bucket = knots.bucket(value);
            knots.before[bucket + 1] += 1;
        }
        for j in 1..knots.before.len() {
            knots.before[j] += knots.before[j - 1];
        }
        knots
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many knots are at most `u`. Each step to the bucket is monotone, rounding included, so the knots in
    /// buckets before are below `u`, and those in buckets after are above it.
    #[inline]
    pub(super) fn up_to(&self, u: f64) -> usize {
        let bucket = self.bucket(u);
        let (first, past) = (self.before[bucket] as usize, self.before[bucket + 1] as usize);
        first + self.values[first..past].partition_point(|&knot| knot <= u)
    }

    #[inline]
    fn bucket(&self, u: f64) -> usize {
        (((u - self.values[0]) * self.scale) as usize).min(self.values.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_place_is_that_of_bisection(
            steps in prop::collection::vec(-40.0..3.0f64, 2..60), u in -0.5..1.5f64, which in 0..60_usize,
        ) {
            // Widths from 10⁻⁴⁰ to 10³: many are lost to rounding.
            let mut values: Vec<f64> = steps
                .iter()
                .scan(0.0, |sum, step| { *sum += 10.0_f64.powf(*step); Some(*sum) })
                .collect();
            values.dedup();
            prop_assume!(values.len() > 1);
            let knots = Knots::new(&values);
            let knot = values[which % values.len()];
            let u = u * values[values.len() - 1];
            for u in [u, knot, knot.next_down(), knot.next_up(), 0.0, f64::MAX] {
                prop_assert_eq!(knots.up_to(u), values.partition_point(|&value| value <= u));
            }
        }
    }
}
