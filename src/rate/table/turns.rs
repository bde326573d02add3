//! The knots at which a table turns from rising to falling or back, with range queries for the extremes.

/// The turning points, as a binary tree: `tree[n..]` are their rates, and a node before has the extremes of its two
/// children 2k and 2k + 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turns {
    potential: Vec<f64>,
    tree: Vec<(f64, f64)>,
}

impl Turns {
    pub(super) fn new(potential: &[f64], rate: &[f64]) -> Self {
        let (mut knots, mut rates, mut rises) = (vec![], vec![], None);
        for (k, pair) in rate.windows(2).enumerate() {
            if pair[0] != pair[1] {
                if rises.is_some_and(|rose| rose != (pair[1] > pair[0])) {
                    knots.push(potential[k]);
                    rates.push((pair[0], pair[0]));
                }
                rises = Some(pair[1] > pair[0]);
            }
        }
        let mut tree = vec![(0.0, 0.0); rates.len()];
        tree.extend(rates);
        for k in (1..knots.len()).rev() {
            tree[k] = widest(tree[2 * k], tree[2 * k + 1]);
        }
        Self { potential: knots, tree }
    }

    pub(super) fn potential(&self) -> &[f64] {
        &self.potential
    }

    /// `known`, the extremes so far, and those of the turning points in [low, high].
    pub(super) fn extremes(&self, low: f64, high: f64, known: (f64, f64)) -> (f64, f64) {
        let count = self.potential.len();
        let mut first = count + self.potential.partition_point(|&p| p < low);
        let mut past = count + self.potential.partition_point(|&p| p <= high);
        let mut found = known;
        // What a level adds to the range of its parents: a right child at the start, a left child at the end.
        while first < past {
            if first % 2 == 1 {
                found = widest(found, self.tree[first]);
                first += 1;
            }
            if past % 2 == 1 {
                past -= 1;
                found = widest(found, self.tree[past]);
            }
            (first, past) = (first / 2, past / 2);
        }
        found
    }
}

fn widest(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.max(b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn extremes_are_those_of_a_scan(
            rate in prop::collection::vec(0..4_u8, 2..40), low in 0.0..40.0f64, width in 0.0..40.0f64,
        ) {
            let rate: Vec<f64> = rate.into_iter().map(f64::from).collect();
            let potential: Vec<f64> = (0..rate.len()).map(|k| k as f64).collect();
            let turns = Turns::new(&potential, &rate);
            let high = low + width;
            // Extremes at the ends are the caller's business.
            let at = |u: f64| {
                let k = (u as usize).min(rate.len() - 1);
                rate[k] + (u - k as f64).min(1.0) * (rate[(k + 1).min(rate.len() - 1)] - rate[k])
            };
            let ends = widest((at(low), at(low)), (at(high), at(high)));
            let inside = (0..rate.len()).filter(|&k| (low..=high).contains(&(k as f64)));
            let scanned = inside.fold(ends, |found, k| widest(found, (rate[k], rate[k])));
            prop_assert_eq!(turns.extremes(low, high, ends), scanned);
        }
    }
}
