//! Rare events as Python sees them.

use numpy::ndarray::{Array2, Array3, arr1, s};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::ensemble::PyControl;
use super::model::{PyModel, PyStimulus};
use super::region::PyRegion;
use super::signals::Signals;
use crate::error::ModelError;
use crate::limit::equilibria;
use crate::rare::ActionError;
use crate::rare::Cycle;
use crate::rare::FlemingViot;
use crate::rare::Score;
use crate::rare::{Splitting, SplittingRun};

type Column<'py> = Bound<'py, PyArray1<f64>>;
type Action<'py> = ((f64, f64, f64, f64), f64, Column<'py>, Column<'py>);

#[pyfunction]
pub(super) fn escape_action<'py>(
    py: Python<'py>,
    model: &PyModel,
    equilibrium: usize,
    saddle: usize,
    report: Py<PyAny>,
) -> PyResult<Action<'py>> {
    let points = equilibria(&model.0, 0.0)?;
    let (Some(start), Some(over)) = (points.get(equilibrium), points.get(saddle)) else {
        let allowed = "more entries than the indices";
        return Err(ModelError::Length { name: "equilibria", length: points.len(), allowed }.into());
    };
    let mut signals = Signals::new();
    let found = py.detach(|| {
        crate::rare::escape_action(&model.0, start, over, |done| signals.tell(&report, done))
    });
    signals.raise()?;
    let found = found?;
    let numbers = (found.exponent, found.error, found.upper, found.sensitivity);
    let (u, r) = (found.potential.into_pyarray(py), found.calcium.into_pyarray(py));
    Ok((numbers, found.step, u, r))
}

impl From<ActionError> for PyErr {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::TooLarge { .. } => PyValueError::new_err(error.to_string()),
            _ => PyRuntimeError::new_err(error.to_string()),
        }
    }
}

/// Which of two states is nearer to the exit.
#[pyclass(name = "Score", module = "facilis._core", frozen)]
pub(super) struct PyScore(Score);

#[pymethods]
impl PyScore {
    #[staticmethod]
    fn linear(potential: f64, calcium: f64) -> PyResult<Self> {
        Ok(Self(Score::new(potential, calcium)?))
    }

    #[staticmethod]
    fn border(potential: PyReadonlyArray1<f64>, calcium: PyReadonlyArray1<f64>) -> PyResult<Self> {
        Ok(Self(Score::border(potential.as_slice()?, calcium.as_slice()?)?))
    }

    fn at(&self, potential: f64, calcium: f64) -> f64 {
        self.0.at(potential, calcium)
    }
}

/// Runs of splitting: what they have in common.
#[pyclass(name = "Splitting", module = "facilis._core", frozen)]
pub(super) struct PySplitting(Splitting);

type Lines<'py> = Vec<(Column<'py>, Bound<'py, PyArray1<u32>>)>;

#[pymethods]
impl PySplitting {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the task, as Python states it")]
    fn new(
        model: &PyModel,
        n: usize,
        potential: PyReadonlyArray1<f64>,
        calcium: PyReadonlyArray1<f64>,
        stimulus: &PyStimulus,
        region: &PyRegion,
        score: &PyScore,
        exit_after: f64,
        until: f64,
        cycle: Option<(f64, f64, f64)>,
        replicas: u32,
        root: PyReadonlyArray1<u32>,
    ) -> PyResult<Self> {
        let splitting = Splitting {
            model: model.0.clone(),
            n,
            potential: potential.as_slice()?.to_vec(),
            calcium: calcium.as_slice()?.to_vec(),
            stimulus: stimulus.0.clone(),
            region: region.0.clone(),
            score: score.0.clone(),
            exit_after,
            until,
            cycle: cycle.map(|(floor, gate, settle)| Cycle { floor, gate, settle }),
            replicas,
            root: root.as_slice()?.to_vec(),
        };
        Ok(Self(splitting.checked()?))
    }

    fn runs<'py>(
        &self,
        py: Python<'py>,
        first: u32,
        last: u32,
        threads: usize,
        control: &PyControl,
    ) -> PyResult<Bound<'py, PyDict>> {
        let done = py.detach(|| self.0.runs(first..last, threads, &control.0))?;
        let each = |value: fn(&SplittingRun) -> f64| -> Column<'py> {
            done.iter().map(value).collect::<Vec<f64>>().into_pyarray(py)
        };
        let counts = |value: fn(&SplittingRun) -> u64| -> Bound<'py, PyArray1<i64>> {
            done.iter().map(|run| value(run) as i64).collect::<Vec<i64>>().into_pyarray(py)
        };
        let index: Vec<u32> = done.iter().map(|run| run.index).collect();
        let dict = PyDict::new(py);
        dict.set_item("index", index.into_pyarray(py))?;
        dict.set_item("probability", each(|run| run.probability))?;
        dict.set_item("flux", each(|run| run.flux))?;
        dict.set_item("levels", counts(|run| run.levels))?;
        dict.set_item("ties", counts(|run| run.ties))?;
        dict.set_item("spikes", counts(|run| run.spikes))?;
        dict.set_item("broken", each(|run| run.broken))?;
        Ok(dict)
    }

    fn lines<'py>(&self, py: Python<'py>, run: u32, control: &PyControl) -> PyResult<Lines<'py>> {
        let done = py.detach(|| self.0.run(run, &control.0))?;
        let lines = done.map_or(vec![], |run| run.lines);
        Ok(lines
            .into_iter()
            .map(|line| {
                let (times, branches): (Vec<f64>, Vec<u32>) = line.into_iter().unzip();
                (times.into_pyarray(py), branches.into_pyarray(py))
            })
            .collect())
    }
}

/// Runs of the particle system of Fleming and Viot: what they have in common.
#[pyclass(name = "FlemingViot", module = "facilis._core", frozen)]
pub(super) struct PyFlemingViot(FlemingViot);

#[pymethods]
impl PyFlemingViot {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "the task, as Python states it")]
    fn new(
        model: &PyModel,
        n: usize,
        potential: PyReadonlyArray1<f64>,
        calcium: PyReadonlyArray1<f64>,
        region: &PyRegion,
        particles: u32,
        window: f64,
        windows: u32,
        root: PyReadonlyArray1<u32>,
    ) -> PyResult<Self> {
        let system = FlemingViot {
            model: model.0.clone(),
            n,
            potential: potential.as_slice()?.to_vec(),
            calcium: calcium.as_slice()?.to_vec(),
            region: region.0.clone(),
            particles,
            window,
            windows,
            root: root.as_slice()?.to_vec(),
        };
        Ok(Self(system.checked()?))
    }

    fn runs<'py>(
        &self,
        py: Python<'py>,
        first: u32,
        last: u32,
        threads: usize,
        control: &PyControl,
    ) -> PyResult<Bound<'py, PyDict>> {
        let done = py.detach(|| self.0.runs(first..last, threads, &control.0))?;
        let windows = self.0.windows as usize;
        let mut exits = Array2::from_elem((done.len(), windows), f64::NAN);
        let mut moments = Array3::from_elem((done.len(), windows, 5), f64::NAN);
        // Rows of one length, whichever of the two runs is here.
        let most = 2 * self.0.particles as usize;
        let mut states = Array3::from_elem((done.len(), most, 2), f64::NAN);
        for (k, run) in done.iter().enumerate() {
            for (slot, value) in exits.row_mut(k).iter_mut().zip(&run.exits) {
                *slot = *value;
            }
            for (w, values) in run.moments.iter().enumerate() {
                moments.slice_mut(s![k, w, ..]).assign(&arr1(values));
            }
            for (i, &(u, r)) in run.last.iter().enumerate().take(most) {
                states.slice_mut(s![k, i, ..]).assign(&arr1(&[u, r]));
            }
        }
        let index: Vec<u32> = done.iter().map(|run| run.index).collect();
        let spikes: Vec<i64> = done.iter().map(|run| run.spikes as i64).collect();
        let broken: Vec<f64> = done.iter().map(|run| run.broken).collect();
        let dict = PyDict::new(py);
        dict.set_item("index", index.into_pyarray(py))?;
        dict.set_item("exits", exits.into_pyarray(py))?;
        dict.set_item("moments", moments.into_pyarray(py))?;
        dict.set_item("states", states.into_pyarray(py))?;
        dict.set_item("spikes", spikes.into_pyarray(py))?;
        dict.set_item("broken", broken.into_pyarray(py))?;
        Ok(dict)
    }
}
