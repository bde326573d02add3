//! The limit equation and its equilibria as Python sees them.

use numpy::ndarray::{Array3, arr1, arr2};
use numpy::{Complex64, IntoPyArray, PyArray1, PyArray2, PyArray3, PyReadonlyArray1};
use pyo3::prelude::*;

use super::model::{PyModel, PyStimulus};
use super::signals::interruptible;
use crate::dop853::{COEFFICIENTS, Options};
use crate::limit::{InitialLaw, MEANS, solve_limit_while};

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
