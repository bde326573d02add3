//! A rate given by points, with range queries for its extremes.

use crate::error::ModelError;

/// A piecewise linear function, flat outside its ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    potential: Vec<f64>,
    rate: Vec<f64>,
    /// `lowest[k][i]` and `highest[k][i]` are the extremes of `rate[i..i + 2^k]`.
    lowest: Vec<Vec<f64>>,
    highest: Vec<Vec<f64>>,
}

impl Table {
    pub(super) fn new(potential: &[f64], rate: &[f64]) -> Result<Self, ModelError> {
        if potential.len() < 2 {
            let length = potential.len();
            return Err(ModelError::Length {
                name: "potential",
                length,
                allowed: "at least 2 points",
            });
        }
        if rate.len() != potential.len() {
            let length = rate.len();
            return Err(ModelError::Length {
                name: "rate",
                length,
                allowed: "the length of potential",
            });
        }
        for (index, &value) in potential.iter().enumerate() {
            let allowed = "finite, >= 0 and strictly increasing";
            let follows = index == 0 || value > potential[index - 1];
            if !(value >= 0.0 && value.is_finite() && follows) {
                return Err(ModelError::Entry { name: "potential", index, value, allowed });
            }
        }
        for (index, &value) in rate.iter().enumerate() {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(ModelError::Entry {
                    name: "rate",
                    index,
                    value,
                    allowed: "finite and >= 0",
                });
            }
        }
        Ok(Self {
            potential: potential.to_vec(),
            rate: rate.to_vec(),
            lowest: doubling(rate, f64::min),
            highest: doubling(rate, f64::max),
        })
    }

    pub(super) fn potential(&self) -> &[f64] {
        &self.potential
    }

    pub(super) fn is_nondecreasing(&self) -> bool {
        self.rate.is_sorted()
    }

    pub(super) fn at(&self, u: f64) -> f64 {
        let right = self.potential.partition_point(|&p| p <= u);
        if right == 0 {
            self.rate[0]
        } else if right == self.potential.len() {
            self.rate[right - 1]
        } else {
            let (p, q) = (self.potential[right - 1], self.potential[right]);
            let (a, b) = (self.rate[right - 1], self.rate[right]);
            // Between its ends also after rounding, so that the extremes at the knots hold.
            (a + (u - p) / (q - p) * (b - a)).clamp(a.min(b), a.max(b))
        }
    }

    pub(super) fn slope(&self, u: f64) -> f64 {
        let right = self.potential.partition_point(|&p| p <= u);
        if right == 0 || right == self.potential.len() {
            return 0.0;
        }
        (self.rate[right] - self.rate[right - 1])
            / (self.potential[right] - self.potential[right - 1])
    }

    /// The least and the greatest value on [low, high]: at the two ends or at a knot between them.
    pub(super) fn extremes(&self, low: f64, high: f64) -> (f64, f64) {
        let (a, b) = (self.at(low), self.at(high));
        let first = self.potential.partition_point(|&p| p < low);
        let past = self.potential.partition_point(|&p| p <= high);
        if first >= past {
            return (a.min(b), a.max(b));
        }
        let level = (past - first).ilog2() as usize;
        let second = past - (1 << level);
        let least = self.lowest[level][first].min(self.lowest[level][second]);
        let greatest = self.highest[level][first].max(self.highest[level][second]);
        (least.min(a).min(b), greatest.max(a).max(b))
    }
}

/// The extremes of all runs of 1, 2, 4, … neighbouring values.
fn doubling(values: &[f64], pick: fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
    let mut levels = vec![values.to_vec()];
    let mut width = 1;
    while 2 * width <= values.len() {
        let last = &levels[levels.len() - 1];
        let next = (0..=values.len() - 2 * width).map(|i| pick(last[i], last[i + width])).collect();
        levels.push(next);
        width *= 2;
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_see_a_narrow_peak_and_a_narrow_dip() {
        let table = Table::new(&[0.0, 1.0, 1.1, 1.2, 2.0], &[0.5, 0.5, 3.0, 0.1, 0.5]).unwrap();
        assert_eq!(table.extremes(0.2, 1.9), (0.1, 3.0));
        assert_eq!(table.extremes(0.2, 0.4), (0.5, 0.5));
        assert_eq!(table.extremes(1.1, 1.1), (3.0, 3.0));
        assert_eq!(table.extremes(5.0, 9.0), (0.5, 0.5));
    }

    #[test]
    fn a_table_that_is_no_function_is_refused() {
        assert!(Table::new(&[0.0], &[1.0]).is_err());
        assert!(Table::new(&[0.0, 1.0], &[1.0]).is_err());
        assert!(Table::new(&[1.0, 0.0], &[1.0, 1.0]).is_err());
        assert!(Table::new(&[0.0, 1.0], &[1.0, -1.0]).is_err());
        assert!(Table::new(&[0.0, f64::NAN], &[1.0, 1.0]).is_err());
    }
}
