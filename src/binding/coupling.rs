//! A coupled run as Python sees it.

use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::model::{PyModel, PyStimulus};
use super::signals::interruptible;
use super::simulation::{name, patience};
use crate::coupling::Coupling;
use crate::dop853::Options;
use crate::stream;

/// A network and its limit copies on the same Poisson points.
#[pyclass(name = "Coupling", module = "facilis._core")]
pub(super) struct PyCoupling(Coupling);

#[pymethods]
impl PyCoupling {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the run, as Python states it")]
    fn new(
        py: Python<'_>,
        model: &PyModel,
        n: usize,
        potential: PyReadonlyArray1<f64>,
        calcium: PyReadonlyArray1<f64>,
        stimulus: &PyStimulus,
        generator: (u128, u128),
        t_end: f64,
        times: PyReadonlyArray1<f64>,
    ) -> PyResult<Self> {
        let (potential, calcium) = (potential.as_slice()?, calcium.as_slice()?);
        let (times, stream) =
            (times.as_slice()?.to_vec(), stream::from_state(generator.0, generator.1));
        let coupling = interruptible(py, |go_on| {
            let (start, noted, options) =
                ((potential, calcium), (t_end, times), Options::default());
            Coupling::start_while(&model.0, n, start, &stimulus.0, stream, noted, &options, go_on)
        })?;
        Ok(Self(coupling?))
    }

    fn advance_for(&mut self, py: Python<'_>, seconds: f64) -> PyResult<Option<&'static str>> {
        let patience = patience(seconds)?;
        Ok(py.detach(|| self.0.advance_for(patience)).map(name))
    }

    #[getter]
    fn t(&self) -> f64 {
        self.0.time()
    }

    fn arrays<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let coupled = self.0.take();
        let dict = PyDict::new(py);
        dict.set_item("potential", coupled.potential.into_pyarray(py))?;
        dict.set_item("calcium", coupled.calcium.into_pyarray(py))?;
        dict.set_item("limit_potential", coupled.limit_potential.into_pyarray(py))?;
        dict.set_item("limit_calcium", coupled.limit_calcium.into_pyarray(py))?;
        dict.set_item("calcium_error", coupled.calcium_error.into_pyarray(py))?;
        Ok(dict)
    }
}
