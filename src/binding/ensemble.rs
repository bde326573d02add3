//! Ensembles as Python sees them: an experiment in, arrays over its replicates out.

use std::sync::Arc;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::model::{PyModel, PyStimulus};
use super::region::PyRegion;
use super::simulation::name;
use crate::ensemble::{Control, Experiment, Replicate};
use crate::run::{Keep, Means, Plan};

/// Tells a running ensemble to stop, and how far it is; may be used from any thread.
#[pyclass(name = "Control", module = "facilis._core", frozen)]
pub(super) struct PyControl(pub(super) Control);

#[pymethods]
impl PyControl {
    #[new]
    fn new() -> Self {
        Self(Control::default())
    }

    fn cancel(&self) {
        self.0.cancel();
    }

    #[getter]
    fn finished(&self) -> u64 {
        self.0.finished()
    }
}

/// What all replicates have in common.
#[pyclass(name = "Experiment", module = "facilis._core", frozen)]
pub(super) struct PyExperiment(Experiment);

#[pymethods]
impl PyExperiment {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the experiment, as Python states it")]
    fn new(
        model: &PyModel,
        n: usize,
        potential: PyReadonlyArray1<f64>,
        calcium: PyReadonlyArray1<f64>,
        stimulus: &PyStimulus,
        until: f64,
        times: PyReadonlyArray1<f64>,
        region: Option<&PyRegion>,
        exit_after: f64,
        root: PyReadonlyArray1<u32>,
    ) -> PyResult<Self> {
        let plan = Plan {
            until,
            times: times.as_slice()?.to_vec(),
            snapshots: vec![],
            watched_neurons: vec![],
            spikes: Keep::Nothing,
            region: region.map(|region| region.0.clone()),
            exit_after,
            max_spikes: None,
        };
        let experiment = Experiment {
            model: model.0.clone(),
            n,
            potential: potential.as_slice()?.to_vec(),
            calcium: calcium.as_slice()?.to_vec(),
            stimulus: stimulus.0.clone(),
            plan: Arc::new(plan),
            root: root.as_slice()?.to_vec(),
        };
        Ok(Self(experiment.checked()?))
    }

    fn replicates<'py>(
        &self,
        py: Python<'py>,
        first: u32,
        last: u32,
        threads: usize,
        control: &PyControl,
    ) -> PyResult<Bound<'py, PyDict>> {
        let done = py.detach(|| self.0.replicates(first..last, threads, &control.0))?;
        let columns = self.0.plan.times.len();
        let each = |value: fn(&Replicate) -> f64| -> Vec<f64> { done.iter().map(value).collect() };
        let (end, exit) = (each(|r| r.end), each(|r| r.exit.unwrap_or(f64::NAN)));
        let rows = |values: fn(&Means) -> &Vec<f64>| padded(&done, columns, values);
        let (potential, calcium) = (rows(|means| &means.potential), rows(|means| &means.calcium));
        let index: Vec<u32> = done.iter().map(|r| r.index).collect();
        let spikes: Vec<u64> = done.iter().map(|r| r.spikes).collect();
        let stops: Vec<&str> = done.iter().map(|r| name(r.stop)).collect();
        let dict = PyDict::new(py);
        dict.set_item("index", index.into_pyarray(py))?;
        dict.set_item("stop", stops)?;
        dict.set_item("end", end.into_pyarray(py))?;
        dict.set_item("exit", exit.into_pyarray(py))?;
        dict.set_item("spikes", spikes.into_pyarray(py))?;
        dict.set_item("potential", potential.into_pyarray(py))?;
        dict.set_item("calcium", calcium.into_pyarray(py))?;
        Ok(dict)
    }
}

/// A row per replicate, nan after an early stop.
fn padded(done: &[Replicate], columns: usize, values: fn(&Means) -> &Vec<f64>) -> Array2<f64> {
    let mut table = Array2::from_elem((done.len(), columns), f64::NAN);
    for (mut row, replicate) in table.rows_mut().into_iter().zip(done) {
        for (slot, value) in row.iter_mut().zip(values(&replicate.means)) {
            *slot = *value;
        }
    }
    table
}
