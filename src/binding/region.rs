//! The region as a Python handle.

use numpy::ndarray::Zip;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::error::ModelError;
use crate::region::{Curve, Region};

/// A box of (mean potential, mean calcium) whose points lie above some curves.
#[pyclass(name = "Region", module = "facilis._core", frozen)]
pub(super) struct PyRegion(pub(super) Region);

#[pymethods]
impl PyRegion {
    #[new]
    fn new(
        potential: (f64, f64),
        calcium: (f64, f64),
        curves: Vec<(PyReadonlyArray1<f64>, PyReadonlyArray1<f64>)>,
    ) -> PyResult<Self> {
        let curve = |(u, r): &(PyReadonlyArray1<f64>, PyReadonlyArray1<f64>)| -> PyResult<Curve> {
            Ok(Curve::new(u.as_slice()?, r.as_slice()?)?)
        };
        let curves = curves.iter().map(curve).collect::<PyResult<Vec<Curve>>>()?;
        Ok(Self(Region::new(potential, calcium, curves)?))
    }

    fn contains<'py>(
        &self,
        py: Python<'py>,
        potential: PyReadonlyArray1<'py, f64>,
        calcium: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray1<bool>>> {
        let (potential, calcium) = (potential.as_array(), calcium.as_array());
        if potential.len() != calcium.len() {
            let (length, allowed) = (calcium.len(), "the length of potential");
            return Err(ModelError::Length { name: "calcium", length, allowed }.into());
        }
        let inside =
            Zip::from(&potential).and(&calcium).map_collect(|&u, &r| self.0.contains(u, r));
        Ok(inside.into_pyarray(py))
    }
}
