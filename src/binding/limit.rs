//! The limit equation and its equilibria as Python sees them.

use numpy::ndarray::{Array2, Array3, arr1, arr2};
use numpy::{
    Complex64, IntoPyArray, PyArray1, PyArray2, PyArray3, PyReadonlyArray1, PyReadonlyArray3,
};
use pyo3::prelude::*;

use super::model::{PyModel, PyStimulus};
use super::signals::interruptible;
use crate::dop853::{COEFFICIENTS, Options, values_of_pieces};
use crate::error::ModelError;
use crate::limit::{InitialLaw, MEANS, solve_limit_while};
use crate::run::check_times;

type Pieces<'py> =
    (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray3<f64>>);

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the problem, as Python states it")]
pub(super) fn solve_limit<'py>(
    py: Python<'py>,
    model: &PyModel,
    t_end: f64,
    potential: PyReadonlyArray1<'py, f64>,
    calcium: PyReadonlyArray1<'py, f64>,
    weights: PyReadonlyArray1<'py, f64>,
    stimulus: &PyStimulus,
    rtol: f64,
    atol: f64,
) -> PyResult<Pieces<'py>> {
    let law = InitialLaw::atoms(potential.as_slice()?, calcium.as_slice()?, weights.as_slice()?)?;
    let options = Options::new(rtol, atol)?;
    let path = interruptible(py, |go_on| {
        solve_limit_while(&model.0, &law, &stimulus.0, t_end, &options, go_on)
    })?;
    let (starts, widths, rows) = path?.into_pieces();
    let shape = (starts.len(), MEANS, COEFFICIENTS);
    let rows = Array3::from_shape_vec(shape, rows.into_flattened()).expect("whole steps");
    Ok((starts.into_pyarray(py), widths.into_pyarray(py), rows.into_pyarray(py)))
}

/// Refuses a grid whose times do not increase strictly within [start, end].
#[pyfunction]
pub(super) fn check_grid(times: PyReadonlyArray1<'_, f64>, start: f64, end: f64) -> PyResult<()> {
    Ok(check_times("grid", times.as_slice()?, start, end)?)
}

/// A solution in pieces at some times: three rows of values.
#[pyfunction]
pub(super) fn values_of<'py>(
    py: Python<'py>,
    starts: PyReadonlyArray1<'py, f64>,
    widths: PyReadonlyArray1<'py, f64>,
    coefficients: PyReadonlyArray3<'py, f64>,
    times: PyReadonlyArray1<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let (starts, widths, times) = (starts.as_slice()?, widths.as_slice()?, times.as_slice()?);
    let (rows, rest) = coefficients.as_slice()?.as_chunks::<COEFFICIENTS>();
    let steps = [widths.len(), rows.len() / MEANS];
    if starts.is_empty() || steps != [starts.len(); 2] || !rest.is_empty() {
        let (length, allowed) = (rows.len(), "three rows for each step");
        return Err(ModelError::Length { name: "pieces", length, allowed }.into());
    }
    let values = py.detach(|| values_of_pieces((starts, widths, rows), times));
    let table = Array2::from_shape_vec((MEANS, times.len()), values).expect("whole rows");
    Ok(table.into_pyarray(py))
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the problem, as Python states it")]
pub(super) fn covariance<'py>(
    py: Python<'py>,
    model: &PyModel,
    t_end: f64,
    potential: PyReadonlyArray1<'py, f64>,
    calcium: PyReadonlyArray1<'py, f64>,
    weights: PyReadonlyArray1<'py, f64>,
    stimulus: &PyStimulus,
    rtol: f64,
    atol: f64,
    times: PyReadonlyArray1<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let law = InitialLaw::atoms(potential.as_slice()?, calcium.as_slice()?, weights.as_slice()?)?;
    let (options, times) = (Options::new(rtol, atol)?, times.as_slice()?);
    let rows = interruptible(py, |go_on| {
        let stimulus = &stimulus.0;
        crate::limit::covariance(&model.0, &law, stimulus, t_end, &options, times, go_on)
    })?;
    Ok(arr2(&rows?).into_pyarray(py))
}

type Equilibrium<'py> =
    (f64, f64, &'static str, Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<Complex64>>);

#[pyfunction]
pub(super) fn equilibria<'py>(
    py: Python<'py>,
    model: &PyModel,
    current: f64,
) -> PyResult<Vec<Equilibrium<'py>>> {
    let found = py.detach(|| crate::limit::equilibria(&model.0, current))?;
    let convert = |point: crate::limit::Equilibrium| {
        let eigenvalues = point.eigenvalues.map(|(re, im)| Complex64::new(re, im));
        (
            point.potential,
            point.calcium,
            point.kind.name(),
            arr2(&point.jacobian).into_pyarray(py),
            arr1(&eigenvalues).into_pyarray(py),
        )
    };
    Ok(found.into_iter().map(convert).collect())
}
