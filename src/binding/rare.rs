//! Rare events as Python sees them.

use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::model::PyModel;
use super::signals::Signals;
use crate::error::ModelError;
use crate::limit::equilibria::equilibria;
use crate::rare::action::ActionError;

type Column<'py> = Bound<'py, PyArray1<f64>>;
type Action<'py> = ((f64, f64, f64, f64), f64, Column<'py>, Column<'py>);

#[pyfunction]
pub(super) fn escape_action<'py>(
    py: Python<'py>,
    model: &PyModel,
    equilibrium: usize,
    saddle: usize,
    report: Py<PyAny>,
) -> PyResult<Action<'py>> {
    let points = equilibria(&model.0, 0.0)?;
    let (Some(start), Some(over)) = (points.get(equilibrium), points.get(saddle)) else {
        let allowed = "more entries than the indices";
        return Err(ModelError::Length { name: "equilibria", length: points.len(), allowed }.into());
    };
    let mut signals = Signals::new();
    let found = py.detach(|| {
        crate::rare::action::escape_action(&model.0, start, over, |done| {
            signals.tell(&report, done)
        })
    });
    signals.raise()?;
    let found = found?;
    let numbers = (found.exponent, found.error, found.upper, found.sensitivity);
    let (u, r) = (found.potential.into_pyarray(py), found.calcium.into_pyarray(py));
    Ok((numbers, found.step, u, r))
}

impl From<ActionError> for PyErr {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::TooLarge { .. } => PyValueError::new_err(error.to_string()),
            _ => pyo3::exceptions::PyRuntimeError::new_err(error.to_string()),
        }
    }
}
