//! The saved state of a simulation as a dict of Python: one array, and numbers by their names.

use numpy::{IntoPyArray, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::simulation::Checkpoint;

const CELLS: &str = "cells";

/// Makes both conversions from one list of the fields beside the array.
macro_rules! by_name {
    ($($field:ident),* $(,)?) => {
        pub(super) fn to_dict(py: Python<'_>, saved: Checkpoint) -> PyResult<Bound<'_, PyDict>> {
            let dict = PyDict::new(py);
            dict.set_item(CELLS, saved.cells.into_pyarray(py))?;
            $(dict.set_item(stringify!($field), saved.$field)?;)*
            Ok(dict)
        }

        pub(super) fn from_dict(dict: &Bound<'_, PyDict>) -> PyResult<Checkpoint> {
            let cells: PyReadonlyArray1<f64> = item(dict, CELLS)?.extract()?;
            Ok(Checkpoint {
                cells: cells.to_vec()?,
                $($field: item(dict, stringify!($field))?.extract()?,)*
            })
        }
    };
}

by_name! {
    field, level, lead, spikes_since_lead,
    sum_private, sum_field, sum_centre, sum_calcium, sum_calcium_square,
    clock, frame, start, last_event, ceiling, edges, fresh_spikes, spikes, proposals,
    generator_state, generator_increment,
    begun, next, len, before_limit, stride, broken, served, passed,
    origin_first, origin_start, origin_passed,
    bound_top, bound_limit, bound_rate, bound_low, bound_sure, bound_loose, bound_stale,
}

/// What is in a dict under that name.
pub(super) fn item<'py>(dict: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    dict.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
}
