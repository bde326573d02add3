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

    /// The largest number of marks that any neuron's potential passes between the times of `from` and `to`, both of
    /// them (time, mean potential), as [`crate::dop853::System::overreach`] wants it. `offsets` are the neurons'
    /// distances from the mean at time 0, which decay at the rate `beta`.
    pub(crate) fn passed(
        &self,
        offsets: &[f64],
        beta: f64,
        from: (f64, f64),
        to: (f64, f64),
    ) -> f64 {
        // No step can go over two of them.
        if self.0.len() < 2 {
            return 0.0;
        }
        let (before, after) = ((-beta * from.0).exp(), (-beta * to.0).exp());
        let own = |x: f64| self.between(from.1 + x * before, to.1 + x * after);
        offsets.iter().map(|&x| own(x)).fold(0.0, f64::max)
    }

    /// How many lie between two potentials.
    fn between(&self, a: f64, b: f64) -> f64 {
        let (low, high) = (a.min(b), a.max(b));
        if high - low <= SAME * high {
            return 0.0;
        }
        let before = |u: f64| self.0.partition_point(|&mark| mark <= u);
        (before(high) - before(low)) as f64
    }
}
