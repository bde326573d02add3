//! The external current, common to all neurons and piecewise constant in time.

use crate::error::{ModelError, check, nonnegative};

/// A current I(t) ≥ 0 built from pulses; overlapping pulses add.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stimulus {
    /// Times at which the current changes, increasing, with the current from then on.
    edges: Vec<(f64, f64)>,
}

/// One pulse: `current` on [start, stop).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulse {
    start: f64,
    stop: f64,
    current: f64,
}

impl Pulse {
    /// A pulse of `current` from `start` to `stop`.
    pub fn new(start: f64, stop: f64, current: f64) -> Result<Self, ModelError> {
        let start = nonnegative("start", start)?;
        let stop =
            check("stop", stop, stop > start && stop.is_finite(), "a finite number > start")?;
        let current = nonnegative("current", current)?;
        Ok(Self { start, stop, current })
    }
}

impl Stimulus {
    /// The sum of `pulses`.
    pub fn new(pulses: &[Pulse]) -> Result<Self, ModelError> {
        let mut times: Vec<f64> = pulses.iter().flat_map(|p| [p.start, p.stop]).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let mut waiting: Vec<Pulse> = pulses.to_vec();
        waiting.sort_by(|a, b| b.start.total_cmp(&a.start));
        let mut on: Vec<Pulse> = Vec::new();
        let mut current = |time: f64| {
            on.retain(|pulse| time < pulse.stop);
            while waiting.last().is_some_and(|pulse| pulse.start <= time) {
                on.extend(waiting.pop());
            }
            // Summed anew at each edge: a sum that only adds and subtracts would not come back to 0.
            on.iter().map(|pulse| pulse.current).sum()
        };
        let edges: Vec<(f64, f64)> = times.into_iter().map(|t| (t, current(t))).collect();
        for &(_, total) in &edges {
            check("current", total, total.is_finite(), "finite where pulses add up")?;
        }
        Ok(Self { edges })
    }

    /// I(t); at an edge, the current after it.
    pub fn current_at(&self, time: f64) -> f64 {
        let after = self.edges.partition_point(|&(edge, _)| edge <= time);
        if after == 0 { 0.0 } else { self.edges[after - 1].1 }
    }

    /// The end of the last pulse, or 0 without pulses.
    pub fn end(&self) -> f64 {
        self.edges.last().map_or(0.0, |&(edge, _)| edge)
    }

    /// The times at which the current changes, increasing, with the current from then on.
    pub fn edges(&self) -> &[(f64, f64)] {
        &self.edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_pulses_add_and_end_in_exactly_zero() {
        let pulses = [Pulse::new(1.0, 4.0, 0.1).unwrap(), Pulse::new(2.0, 3.0, 0.2).unwrap()];
        let stimulus = Stimulus::new(&pulses).unwrap();
        let at = |t| stimulus.current_at(t);
        assert_eq!([at(0.0), at(1.0), at(3.5), at(4.0)], [0.0, 0.1, 0.1, 0.0]);
        assert!((at(2.5) - 0.3).abs() < 1e-15);
        assert_eq!(stimulus.end(), 4.0);
    }

    #[test]
    fn bad_pulses_are_refused() {
        assert!(Pulse::new(2.0, 1.0, 1.0).is_err());
        assert!(Pulse::new(-1.0, 1.0, 1.0).is_err());
        assert!(Pulse::new(0.0, f64::INFINITY, 1.0).is_err());
        assert!(Pulse::new(0.0, 1.0, f64::NAN).is_err());
    }
}
