//! The one room for what can be wrong with numbers that a user gives.

use std::error::Error;
use std::fmt;

use crate::huge_pages::roomy;

/// A parameter that no model, stimulus, network or run can have.
///
/// Each variant is one sentence that names the argument, the value and what is allowed.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelError {
    /// A number outside its range.
    Number {
        /// The argument's name.
        name: &'static str,
        /// The value that was given.
        value: f64,
        /// What would have been accepted.
        allowed: &'static str,
    },
    /// A count outside its range.
    Count {
        /// The argument's name.
        name: &'static str,
        /// The count that was given.
        value: usize,
        /// What would have been accepted.
        allowed: &'static str,
    },
    /// More of something than there is memory for.
    Memory {
        /// The argument's name.
        name: &'static str,
        /// The count that was given.
        value: usize,
    },
    /// One entry of an array outside its range.
    Entry {
        /// The argument's name.
        name: &'static str,
        /// The position of the first bad entry.
        index: usize,
        /// The value found there.
        value: f64,
        /// What would have been accepted.
        allowed: &'static str,
    },
    /// An end before the beginning.
    End {
        /// The argument's name.
        name: &'static str,
        /// The time that was given.
        value: f64,
        /// The earliest that would have been accepted.
        from: f64,
    },
    /// Times that do not increase, or leave an interval.
    Times {
        /// The argument's name.
        name: &'static str,
        /// The position of the first bad entry.
        index: usize,
        /// The value found there.
        value: f64,
        /// The interval.
        within: (f64, f64),
    },
    /// The index of a neuron that is not there.
    Neuron {
        /// The argument's name.
        name: &'static str,
        /// The position of the first bad entry.
        index: usize,
        /// The value found there.
        value: u32,
        /// The last neuron.
        last: usize,
    },
    /// Bounds in the wrong order.
    Interval {
        /// The argument's name.
        name: &'static str,
        /// The bounds that were given.
        bounds: (f64, f64),
    },
    /// An array or a count of the wrong size.
    Length {
        /// The argument's name.
        name: &'static str,
        /// The length that was given.
        length: usize,
        /// What would have been accepted.
        allowed: &'static str,
    },
    /// A name that is not among the choices.
    Choice {
        /// The argument's name.
        name: &'static str,
        /// The word that was given.
        value: String,
        /// The words that would have been accepted.
        allowed: &'static str,
    },
    /// Nothing is wrong: the caller said that it was not to go on.
    Stopped,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { name, value, allowed } => {
                write!(f, "{name} must be {allowed}, got {}", shown(*value))
            }
            Self::Count { name, value, allowed } => {
                write!(f, "{name} must be {allowed}, got {value}")
            }
            Self::Memory { name, value } => {
                write!(f, "{name} must be small enough for the memory, got {value}")
            }
            Self::Entry { name, index, value, allowed } => {
                write!(f, "{name} must be {allowed}, got {name}[{index}] = {}", shown(*value))
            }
            Self::End { name, value, from } => {
                let (from, value) = (shown(*from), shown(*value));
                write!(f, "{name} must be a time >= {from}, or inf, got {value}")
            }
            Self::Times { name, index, value, within: (from, until) } => {
                let rounded = *until < *value && *value <= until * (1.0 + 1e-12);
                let (from, until, value) = (shown(*from), shown(*until), shown(*value));
                write!(
                    f,
                    "{name} must be strictly increasing finite times from {from} to {until}, \
                     got {name}[{index}] = {value}"
                )?;
                let hint = ", which is later by rounding only: np.minimum(times, ";
                if rounded { write!(f, "{hint}{until}) puts it right") } else { Ok(()) }
            }
            Self::Neuron { name, index, value, last } => {
                let allowed = format!("indices of neurons from 0 to {last}");
                write!(f, "{name} must be {allowed}, got {name}[{index}] = {value}")
            }
            Self::Interval { name, bounds: (low, high) } => {
                let (low, high) = (shown(*low), shown(*high));
                write!(f, "{name} must be (low, high) with low <= high, got ({low}, {high})")
            }
            Self::Length { name, length, allowed } => {
                write!(f, "{name} must have {allowed}, got length {length}")
            }
            Self::Choice { name, value, allowed } => {
                write!(f, "{name} must be {allowed}, got '{value}'")
            }
            Self::Stopped => write!(f, "stopped before it was done"),
        }
    }
}

impl Error for ModelError {}

/// The number as Python writes it.
fn shown(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{value:?}") }
}

/// What no number may exceed, so that products of a few of them stay in range.
pub(crate) const MOST: f64 = 1e100;

/// Below which no number may be by which others are divided, for the same reason.
pub(crate) const LEAST: f64 = 1e-300;

/// Returns `value` if it is finite and not negative.
pub(crate) fn nonnegative(name: &'static str, value: f64) -> Result<f64, ModelError> {
    let huge = value.is_finite() && value > MOST;
    let allowed = if huge { "a number >= 0, at most 1e100" } else { "a finite number >= 0" };
    check(name, value, (0.0..=MOST).contains(&value), allowed)
}

/// Returns `value` if it is finite and positive.
pub(crate) fn positive(name: &'static str, value: f64) -> Result<f64, ModelError> {
    let extreme = value > 0.0 && value.is_finite();
    let allowed =
        if extreme { "a number > 0, from 1e-300 to 1e100" } else { "a finite number > 0" };
    check(name, value, (LEAST..=MOST).contains(&value), allowed)
}

/// The value, or the end of the range of doubles beyond which it is.
pub(crate) fn in_range(value: f64) -> f64 {
    value.clamp(-f64::MAX, f64::MAX)
}

/// Returns `value` if it is finite.
pub(crate) fn finite(name: &'static str, value: f64) -> Result<f64, ModelError> {
    check(name, value, value.is_finite(), "a finite number")
}

/// Returns `value` if `good`, else the error that says what is `allowed`.
pub(crate) fn check(
    name: &'static str,
    value: f64,
    good: bool,
    allowed: &'static str,
) -> Result<f64, ModelError> {
    if good { Ok(value) } else { Err(ModelError::Number { name, value, allowed }) }
}

/// An empty vector with room for `length`; running out of memory later would end the process.
pub(crate) fn room<T>(name: &'static str, length: usize) -> Result<Vec<T>, ModelError> {
    let mut vector = Vec::new();
    match vector.try_reserve_exact(roomy::<T>(length)) {
        Ok(()) => Ok(vector),
        Err(_) => Err(ModelError::Memory { name, value: length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_argument_the_value_and_what_is_allowed() {
        let error = nonnegative("alpha", -1.5).unwrap_err();
        assert_eq!(error.to_string(), "alpha must be a finite number >= 0, got -1.5");
        let error = nonnegative("alpha", f64::NAN).unwrap_err();
        assert!(error.to_string().ends_with("got nan"));
        assert!(positive("beta", 0.0).is_err() && positive("beta", f64::NAN).is_err());
        let error = room::<u64>("n", usize::MAX / 16).unwrap_err();
        assert!(error.to_string().ends_with("memory, got 1152921504606846975"));
        assert!(finite("centre", f64::INFINITY).is_err() && finite("centre", -3.0).is_ok());
        let error = ModelError::Times { name: "grid", index: 2, value: 1.0, within: (0.0, 5.0) };
        let text =
            "grid must be strictly increasing finite times from 0.0 to 5.0, got grid[2] = 1.0";
        assert_eq!(error.to_string(), text);
        let error = ModelError::End { name: "until", value: f64::NAN, from: 2.0 };
        assert_eq!(error.to_string(), "until must be a time >= 2.0, or inf, got nan");
    }
}
