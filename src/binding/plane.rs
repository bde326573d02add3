//! Folds, manifolds, passages and basins of the limit equation as Python sees them.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use super::model::PyModel;
use super::signals::interruptible;
use crate::dop853::Options;
use crate::error::ModelError;
use crate::limit::equilibria;
use crate::limit::{Approach, Passage};

#[pyfunction]
pub(super) fn folds(model: &PyModel, current: f64) -> PyResult<Vec<(f64, f64, &'static str)>> {
    let found = crate::limit::folds(&model.0, current)?;
    Ok(found.into_iter().map(|fold| (fold.alpha, fold.potential, fold.meeting.name())).collect())
}

#[pyfunction]
pub(super) fn folds_of_current(model: &PyModel) -> Vec<(f64, &'static str)> {
    let found = crate::limit::folds_of_current(&model.0).into_iter();
    found.map(|(potential, meeting)| (potential, meeting.name())).collect()
}

#[pyfunction]
pub(super) fn folds_of_beta(model: &PyModel, current: f64) -> PyResult<Vec<(f64, &'static str)>> {
    let found = crate::limit::folds_of_beta(&model.0, current)?;
    Ok(found.into_iter().map(|(potential, meeting)| (potential, meeting.name())).collect())
}

#[pyfunction]
pub(super) fn turning_points(model: &PyModel, current: f64) -> PyResult<Vec<(f64, &'static str)>> {
    let found = crate::limit::turning_points(&model.0, current)?;
    Ok(found.into_iter().map(|(potential, meeting)| (potential, meeting.name())).collect())
}

type Curve<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

#[pyfunction]
pub(super) fn manifold<'py>(
    py: Python<'py>,
    model: &PyModel,
    current: f64,
    index: usize,
    potential: f64,
    calcium: f64,
    tolerance: f64,
) -> PyResult<Curve<'py>> {
    let points = equilibria(&model.0, current)?;
    let Some(saddle) = points.get(index) else {
        let allowed = "more entries than the index";
        return Err(ModelError::Length { name: "equilibria", length: points.len(), allowed }.into());
    };
    let most = (potential, calcium);
    let curve = interruptible(py, |go_on| {
        crate::limit::manifold(&model.0, current, saddle, most, tolerance, go_on)
    })?;
    let (u, r): (Vec<f64>, Vec<f64>) = curve?.into_iter().unzip();
    Ok((u.into_pyarray(py), r.into_pyarray(py)))
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the problem, as Python states it")]
pub(super) fn passage_time(
    py: Python<'_>,
    model: &PyModel,
    current: f64,
    start: (f64, f64),
    end: f64,
    t_max: f64,
    rtol: f64,
    atol: f64,
) -> PyResult<Option<f64>> {
    let options = Options::new(rtol, atol)?;
    let time = interruptible(py, |go_on| {
        let model = &model.0;
        crate::limit::passage_time(model, current, start, end, t_max, &options, go_on)
    })?;
    Ok(time?)
}

#[pyfunction]
pub(super) fn approach(
    py: Python<'_>,
    model: &PyModel,
    current: f64,
    fold: (f64, f64),
    smooth: bool,
    start: (f64, f64),
    end: f64,
) -> PyResult<(&'static str, f64)> {
    let passage = Passage { model: &model.0, current, fold, smooth, start, end };
    Ok(match interruptible(py, |go_on| passage.approach(go_on))?? {
        Approach::Tends(decay) => ("tends", decay),
        Approach::Passes(time) => ("passes", time),
        Approach::Unknown => ("unknown", f64::NAN),
    })
}

#[pyfunction]
pub(super) fn destinations<'py>(
    py: Python<'py>,
    model: &PyModel,
    current: f64,
    potential: PyReadonlyArray1<'py, f64>,
    calcium: PyReadonlyArray1<'py, f64>,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let (potential, calcium) = (potential.as_slice()?, calcium.as_slice()?);
    if potential.len() != calcium.len() {
        let (length, allowed) = (calcium.len(), "the length of potential");
        return Err(ModelError::Length { name: "calcium", length, allowed }.into());
    }
    let points = equilibria(&model.0, current)?;
    let starts: Vec<(f64, f64)> = potential.iter().copied().zip(calcium.iter().copied()).collect();
    let found = interruptible(py, |go_on| {
        crate::limit::destinations(&model.0, current, &points, &starts, go_on)
    })?;
    Ok(found?.into_pyarray(py))
}
