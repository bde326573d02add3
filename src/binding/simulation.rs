//! A simulation and its recordings as Python handles.

use std::sync::Arc;
use std::time::Duration;

use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::model::{PyModel, PyStimulus};
use super::region::PyRegion;
use super::signals::interruptible;
use super::{checkpoint, recorded};
use crate::error::ModelError;
use crate::run::{Keep, Plan, Recording};
use crate::simulation::{Goal, Simulation, Stop, Trace};
use crate::stream;

/// One network on its way.
#[pyclass(name = "Simulation", module = "facilis._core")]
pub(super) struct PySimulation(Simulation);

#[pymethods]
impl PySimulation {
    #[new]
    fn new(
        py: Python<'_>,
        model: &PyModel,
        n: usize,
        potential: PyReadonlyArray1<f64>,
        calcium: PyReadonlyArray1<f64>,
        stimulus: &PyStimulus,
        generator: (u128, u128),
    ) -> PyResult<Self> {
        let (potential, calcium) = (potential.as_slice()?, calcium.as_slice()?);
        let (model, stimulus) = (model.0.clone(), stimulus.0.clone());
        let stream = stream::from_state(generator.0, generator.1);
        let start = (potential, calcium);
        let simulation = interruptible(py, |go_on| {
            Simulation::new_while(model, n, start, stimulus, stream, go_on)
        })?;
        Ok(Self(simulation?))
    }

    #[getter]
    fn t(&self) -> f64 {
        self.0.time()
    }

    #[getter]
    fn n(&self) -> usize {
        self.0.network().n()
    }

    #[getter]
    fn spikes(&self) -> u64 {
        self.0.spikes()
    }

    #[getter]
    fn proposals(&self) -> u64 {
        self.0.proposals()
    }

    fn means(&self) -> (f64, f64, f64) {
        let (network, decay) = (self.0.network(), self.0.decay());
        let mean = (network.mean_potential(&decay), network.mean_calcium(&decay));
        (mean.0, mean.1, network.calcium_variance(&decay))
    }

    fn state<'py>(&self, py: Python<'py>) -> (Bound<'py, PyAny>, Bound<'py, PyAny>) {
        let (potential, calcium) = py.detach(|| self.0.network().state(&self.0.decay()));
        (potential.into_pyarray(py).into_any(), calcium.into_pyarray(py).into_any())
    }

    #[pyo3(signature = (generator))]
    fn copy(&self, generator: Option<(u128, u128)>) -> Self {
        let mut copy = self.0.clone();
        if let Some((state, increment)) = generator {
            copy.restream(stream::from_state(state, increment));
        }
        Self(copy)
    }

    fn checkpoint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        checkpoint::to_dict(py, py.detach(|| self.0.checkpoint()))
    }

    #[staticmethod]
    fn restore(
        model: &PyModel,
        stimulus: &PyStimulus,
        saved: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let saved = checkpoint::from_dict(saved)?;
        Ok(Self(Simulation::restore(model.0.clone(), stimulus.0.clone(), &saved)?))
    }

    /// Goes on until a time and returns every candidate and every spike on the way.
    fn trace<'py>(&mut self, py: Python<'py>, until: f64) -> PyResult<Bound<'py, PyDict>> {
        let mut trace = Trace::default();
        let goal = Goal { until, candidates: TRACED, spikes: u64::MAX, region: None };
        let stop = py.detach(|| self.0.advance(&goal, &mut trace));
        let dict = PyDict::new(py);
        dict.set_item("stop", name(stop))?;
        dict.set_item("time", trace.time.into_pyarray(py))?;
        dict.set_item("neuron", trace.neuron.into_pyarray(py))?;
        dict.set_item("threshold", trace.threshold.into_pyarray(py))?;
        dict.set_item("bound", trace.bound.into_pyarray(py))?;
        dict.set_item("spike_time", trace.train.time.into_pyarray(py))?;
        dict.set_item("spike_neuron", trace.train.neuron.into_pyarray(py))?;
        Ok(dict)
    }
}

/// State and increment of NumPy's generator for a seed sequence with this pool.
#[pyfunction]
pub(super) fn generator(pool: PyReadonlyArray1<'_, u32>) -> PyResult<(u128, u128)> {
    let words = pool.as_slice()?;
    let pool = words.try_into().map_err(|_| {
        let (length, allowed) = (words.len(), "the words of a pool of NumPy's own size");
        ModelError::Length { name: "pool", length, allowed }
    })?;
    Ok(stream::state_of(&stream::of_pool(pool)))
}

/// A trace keeps everything, so it ends somewhere.
const TRACED: u64 = 10_000_000;

/// One advance of a simulation.
#[pyclass(name = "Recording", module = "facilis._core")]
pub(super) struct PyRecording(Recording);

#[pymethods]
impl PyRecording {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the plan, as Python states it")]
    fn new(
        simulation: &PySimulation,
        until: f64,
        times: PyReadonlyArray1<f64>,
        snapshots: PyReadonlyArray1<f64>,
        watch: PyReadonlyArray1<u32>,
        spikes: Spikes,
        region: Option<&PyRegion>,
        exit_after: f64,
        max_spikes: Option<u64>,
    ) -> PyResult<Self> {
        let plan = Plan {
            until,
            times: times.as_slice()?.to_vec(),
            snapshots: snapshots.as_slice()?.to_vec(),
            watched_neurons: watch.as_slice()?.to_vec(),
            spikes: spikes.into_keep()?,
            region: region.map(|region| region.0.clone()),
            exit_after,
            max_spikes,
        };
        Ok(Self(Recording::new(&simulation.0, Arc::new(plan))?))
    }

    fn advance(
        &mut self,
        py: Python<'_>,
        simulation: &mut PySimulation,
        candidates: u64,
    ) -> Option<&'static str> {
        py.detach(|| self.0.advance(&mut simulation.0, candidates)).map(name)
    }

    fn advance_for(
        &mut self,
        py: Python<'_>,
        simulation: &mut PySimulation,
        seconds: f64,
    ) -> PyResult<Option<&'static str>> {
        let patience = patience(seconds)?;
        Ok(py.detach(|| self.0.advance_for(&mut simulation.0, patience)).map(name))
    }

    fn fraction(&self, simulation: &PySimulation) -> f64 {
        self.0.fraction(&simulation.0)
    }

    #[getter]
    fn exit_time(&self) -> f64 {
        self.0.exit().unwrap_or(f64::NAN)
    }

    fn saved<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        recorded::to_dict(py, py.detach(|| self.0.saved()))
    }

    fn go_on(&mut self, simulation: &PySimulation, saved: &Bound<'_, PyDict>) -> PyResult<()> {
        Ok(self.0.go_on(&simulation.0, recorded::from_dict(saved)?)?)
    }

    fn arrays<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (times, snapshot_times) = (self.0.times().to_vec(), self.0.snapshot_times().to_vec());
        let (means, snapshots, train) = self.0.take();
        let dict = PyDict::new(py);
        let (rows, watched) = (times.len(), self.0.watched());
        let by_neuron = |values: Vec<f64>| {
            table(values, rows, watched).reversed_axes().as_standard_layout().into_owned()
        };
        let states = |values: Vec<f64>| table(values, snapshot_times.len(), self.0.neurons());
        dict.set_item("t", times.into_pyarray(py))?;
        dict.set_item("potential", means.potential.into_pyarray(py))?;
        dict.set_item("calcium", means.calcium.into_pyarray(py))?;
        dict.set_item("calcium_var", means.calcium_var.into_pyarray(py))?;
        dict.set_item("spike_count", means.spike_count.into_pyarray(py))?;
        dict.set_item("watched_potential", by_neuron(means.watched_potential).into_pyarray(py))?;
        dict.set_item("watched_calcium", by_neuron(means.watched_calcium).into_pyarray(py))?;
        dict.set_item("snapshot_potential", states(snapshots.potential).into_pyarray(py))?;
        dict.set_item("snapshot_calcium", states(snapshots.calcium).into_pyarray(py))?;
        dict.set_item("snapshot_t", snapshot_times.into_pyarray(py))?;
        let (time, neuron) = train.map(|train| (train.time, train.neuron)).unzip();
        dict.set_item("spike_time", time.map(|time| time.into_pyarray(py)))?;
        dict.set_item("spike_neuron", neuron.map(|neuron| neuron.into_pyarray(py)))?;
        Ok(dict)
    }
}

/// `True`, `False` or an array of neurons.
#[derive(FromPyObject)]
enum Spikes<'py> {
    All(bool),
    Chosen(PyReadonlyArray1<'py, u32>),
}

impl Spikes<'_> {
    fn into_keep(self) -> PyResult<Keep> {
        Ok(match self {
            Self::All(true) => Keep::All,
            Self::All(false) => Keep::Nothing,
            Self::Chosen(neurons) => Keep::Chosen(neurons.as_slice()?.to_vec()),
        })
    }
}

/// How long to go on before Python looks at its signals.
pub(super) fn patience(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Values row after row, as a table.
fn table(values: Vec<f64>, rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), values).expect("rows of equal length")
}

/// The reasons' names in Python.
pub(super) fn name(stop: Stop) -> &'static str {
    match stop {
        Stop::Until => "t_end",
        Stop::Candidates => "candidates",
        Stop::Spikes => "max_spikes",
        Stop::Exit => "exit",
        Stop::Extinct => "extinct",
        Stop::Explosion => "explosion",
    }
}
