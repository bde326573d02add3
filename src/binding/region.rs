//! The region as a Python handle.

use numpy::ndarray::Zip;
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::error::ModelError;
use crate::region::{Curve, HalfPlane, Region, Side};

type Points<'py> = (PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>);

fn sides(side: Side, curves: &[Points]) -> PyResult<Vec<Curve>> {
    let curve = |(u, r): &Points| Ok(Curve::new(side, u.as_slice()?, r.as_slice()?)?);
    curves.iter().map(curve).collect()
}

/// A box of (mean potential, mean calcium), cut by half-planes, above some curves and below others.
#[pyclass(name = "Region", module = "facilis._core", frozen)]
pub(super) struct PyRegion(pub(super) Region);

#[pymethods]
impl PyRegion {
    #[new]
    fn new(
        potential: (f64, f64),
        calcium: (f64, f64),
        half_planes: Vec<(f64, f64, f64)>,
        curves: Vec<Points>,
        ceilings: Vec<Points>,
    ) -> PyResult<Self> {
        let half_planes = half_planes.into_iter().map(|(a, b, c)| HalfPlane::new(a, b, c));
        let half_planes = half_planes.collect::<Result<Vec<HalfPlane>, ModelError>>()?;
        let mut sides = sides(Side::Above, &curves)?;
        sides.extend(self::sides(Side::Below, &ceilings)?);
        Ok(Self(Region::new(potential, calcium, half_planes, sides)?))
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
