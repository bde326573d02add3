//! Ensembles as Python sees them: an experiment in, arrays over its replicates filled.

use std::sync::Arc;

use numpy::{PyReadonlyArray1, PyReadwriteArray1, PyReadwriteArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::model::{PyModel, PyStimulus};
use super::region::PyRegion;
use super::simulation::name;
use crate::ensemble::{Control, Experiment, Rows};
use crate::run::{Keep, Plan};
use crate::simulation::Stop;

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

    #[expect(clippy::too_many_arguments, reason = "the columns of a result")]
    fn replicates(
        &self,
        py: Python<'_>,
        first: u32,
        last: u32,
        threads: usize,
        control: &PyControl,
        mut stop: PyReadwriteArray1<u8>,
        mut end: PyReadwriteArray1<f64>,
        mut exit: PyReadwriteArray1<f64>,
        mut spikes: PyReadwriteArray1<i64>,
        mut potential: PyReadwriteArray2<f64>,
        mut calcium: PyReadwriteArray2<f64>,
    ) -> PyResult<()> {
        let rows = Rows {
            range: first..last,
            stop: stop.as_slice_mut()?,
            end: end.as_slice_mut()?,
            exit: exit.as_slice_mut()?,
            spikes: spikes.as_slice_mut()?,
            potential: potential.as_slice_mut()?,
            calcium: calcium.as_slice_mut()?,
            columns: self.0.plan.times.len(),
        };
        if !rows.fit() {
            return Err(PyValueError::new_err("columns must have an entry for each replicate"));
        }
        Ok(py.detach(|| self.0.replicates(rows, threads, &control.0))?)
    }

    /// The names of reasons to stop, each at the place of its code; none has the code 0.
    #[staticmethod]
    fn stops() -> Vec<&'static str> {
        [""].into_iter().chain(Stop::ALL.map(name)).collect()
    }
}
