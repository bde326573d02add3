//! Corners of the rate along an orbit: a step over two of them may not see what lies between.

use crate::rate::Rate;

/// Closer corners than this, relative to the potential, are not told apart.
const SAME: f64 = 1e-9;

/// The potentials at which a rate has a corner.
pub(crate) struct Corners(Vec<f64>);

impl Corners {
    /// Those of `rate`.
    pub(crate) fn new(rate: &Rate) -> Self {
        Self(rate.corners())
    }

    /// Whether no step can go over two of them.
    pub(crate) fn are_few(&self) -> bool {
        self.0.len() < 2
    }

    /// How many lie between two potentials, as [`crate::dop853::System::overreach`] wants it.
    pub(crate) fn between(&self, a: f64, b: f64) -> f64 {
        let (low, high) = (a.min(b), a.max(b));
        if high - low <= SAME * high {
            return 0.0;
        }
        let before = |u: f64| self.0.partition_point(|&corner| corner <= u);
        (before(high) - before(low)) as f64
    }

    /// The most between the potentials of neurons that start at these offsets from the mean, which goes from
    /// `from` to `to` while the offsets decay by the factors beside them.
    pub(crate) fn passed(&self, offsets: &[f64], from: (f64, f64), to: (f64, f64)) -> f64 {
        let own = |x: f64| self.between(from.0 + x * from.1, to.0 + x * to.1);
        offsets.iter().map(|&x| own(x)).fold(0.0, f64::max)
    }
}
