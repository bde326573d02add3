//! Marks of the rate that an orbit passes: a step over two of them may not see what lies between.

use crate::rate::Rate;

/// Closer marks than this, relative to the potential, are not told apart.
const SAME: f64 = 1e-9;

/// The marks of a rate.
pub(crate) struct MarkCrossings(Vec<f64>);

impl MarkCrossings {
    /// Those of `rate`.
    pub(crate) fn new(rate: &Rate) -> Self {
        Self(rate.marks())
    }

    /// Whether there are so few that no step can go over two.
    pub(crate) fn are_few(&self) -> bool {
        self.0.len() < 2
    }

    /// How many lie between two potentials, as [`crate::dop853::System::overreach`] wants it.
    pub(crate) fn between(&self, a: f64, b: f64) -> f64 {
        let (low, high) = (a.min(b), a.max(b));
        if high - low <= SAME * high {
            return 0.0;
        }
        let before = |u: f64| self.0.partition_point(|&mark| mark <= u);
        (before(high) - before(low)) as f64
    }
}
