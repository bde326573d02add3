//! The rate, the model and the stimulus as Python handles.

use numpy::ndarray::Zip;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayDyn, PyReadonlyArray1, PyReadonlyArrayDyn};
use pyo3::prelude::*;

use crate::error::ModelError;
use crate::model::{Model, Recipients, Transmits};
use crate::rate::{Interpolation, Rate};
use crate::stimulus::{Pulse, Stimulus};

/// A spiking rate.
#[pyclass(name = "Rate", module = "facilis._core", frozen)]
pub(super) struct PyRate(pub(super) Rate);

#[pymethods]
impl PyRate {
    #[staticmethod]
    fn constant(value: f64) -> PyResult<Self> {
        Ok(Self(Rate::constant(value)?))
    }

    #[staticmethod]
    fn linear(slope: f64, base: f64) -> PyResult<Self> {
        Ok(Self(Rate::linear(slope, base)?))
    }

    #[staticmethod]
    fn hill(top: f64, half: f64, power: f64, base: f64) -> PyResult<Self> {
        Ok(Self(Rate::hill(top, half, power, base)?))
    }

    #[staticmethod]
    fn sigmoid(top: f64, centre: f64, width: f64) -> PyResult<Self> {
        Ok(Self(Rate::sigmoid(top, centre, width)?))
    }

    #[staticmethod]
    fn ramp(low: f64, high: f64, top: f64) -> PyResult<Self> {
        Ok(Self(Rate::ramp(low, high, top)?))
    }

    #[staticmethod]
    fn exponential(scale: f64, slope: f64, cap: f64) -> PyResult<Self> {
        Ok(Self(Rate::exponential(scale, slope, cap)?))
    }

    #[staticmethod]
    fn table(
        potential: PyReadonlyArray1<f64>,
        rate: PyReadonlyArray1<f64>,
        interpolation: &str,
    ) -> PyResult<Self> {
        let interpolation = match interpolation {
            "linear" => Interpolation::Linear,
            "monotone" => Interpolation::Monotone,
            other => return Err(choice("interpolation", other, "'linear' or 'monotone'").into()),
        };
        Ok(Self(Rate::table(potential.as_slice()?, rate.as_slice()?, interpolation)?))
    }

    #[getter]
    fn is_nondecreasing(&self) -> bool {
        self.0.is_nondecreasing()
    }

    #[getter]
    fn is_bounded(&self) -> bool {
        self.0.is_bounded()
    }

    #[getter]
    fn corners<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        self.0.corners().into_pyarray(py)
    }

    fn value<'py>(
        &self,
        py: Python<'py>,
        potential: PyReadonlyArrayDyn<'py, f64>,
    ) -> Bound<'py, PyArrayDyn<f64>> {
        potential.as_array().mapv(|u| self.0.at(u)).into_pyarray(py)
    }

    fn derivative<'py>(
        &self,
        py: Python<'py>,
        potential: PyReadonlyArrayDyn<'py, f64>,
    ) -> Bound<'py, PyArrayDyn<f64>> {
        potential.as_array().mapv(|u| self.0.slope(u)).into_pyarray(py)
    }
}

/// Valid parameters of the network.
#[pyclass(name = "Model", module = "facilis._core", frozen)]
pub(super) struct PyModel(pub(super) Model);

#[pymethods]
impl PyModel {
    #[new]
    fn new(
        alpha: f64,
        beta: f64,
        lam: f64,
        rate: &PyRate,
        transmits: &str,
        recipients: &str,
    ) -> PyResult<Self> {
        let transmits = match transmits {
            "before" => Transmits::Before,
            "after" => Transmits::After,
            other => return Err(choice("transmits", other, "'before' or 'after'").into()),
        };
        let recipients = match recipients {
            "others" => Recipients::Others,
            "all" => Recipients::All,
            other => return Err(choice("recipients", other, "'others' or 'all'").into()),
        };
        Ok(Self(Model::new(alpha, beta, lam, rate.0.clone(), transmits, recipients)?))
    }

    #[getter]
    fn transmitted_offset(&self) -> f64 {
        self.0.transmitted_offset()
    }

    #[expect(clippy::type_complexity, reason = "a pair of arrays, as Python sees it")]
    fn vector_field<'py>(
        &self,
        py: Python<'py>,
        potential: PyReadonlyArray1<'py, f64>,
        calcium: PyReadonlyArray1<'py, f64>,
        current: f64,
    ) -> PyResult<(Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>)> {
        let (potential, calcium) = (potential.as_array(), calcium.as_array());
        if potential.len() != calcium.len() {
            let (length, allowed) = (calcium.len(), "the length of potential");
            return Err(ModelError::Length { name: "calcium", length, allowed }.into());
        }
        let mut potential_change = potential.to_owned();
        let mut calcium_change = calcium.to_owned();
        Zip::from(&mut potential_change)
            .and(&mut calcium_change)
            .for_each(|u, r| (*u, *r) = self.0.vector_field(*u, *r, current));
        Ok((potential_change.into_pyarray(py), calcium_change.into_pyarray(py)))
    }

    fn jacobian<'py>(
        &self,
        py: Python<'py>,
        potential: f64,
        calcium: f64,
    ) -> Bound<'py, PyArray2<f64>> {
        numpy::ndarray::arr2(&self.0.jacobian(potential, calcium)).into_pyarray(py)
    }
}

/// An external current, common to all neurons and piecewise constant in time.
#[pyclass(name = "Stimulus", module = "facilis._core", frozen)]
pub(super) struct PyStimulus(pub(super) Stimulus);

#[pymethods]
impl PyStimulus {
    #[new]
    fn new(pulses: Vec<(f64, f64, f64)>) -> PyResult<Self> {
        let pulses: Result<Vec<Pulse>, ModelError> = pulses
            .into_iter()
            .map(|(start, stop, current)| Pulse::new(start, stop, current))
            .collect();
        Ok(Self(Stimulus::new(&pulses?)?))
    }

    #[getter]
    fn end(&self) -> f64 {
        self.0.end()
    }

    fn current_at(&self, time: f64) -> f64 {
        self.0.current_at(time)
    }
}

fn choice(name: &'static str, value: &str, allowed: &'static str) -> ModelError {
    ModelError::Choice { name, value: value.to_owned(), allowed }
}
