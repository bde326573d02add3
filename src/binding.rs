//! The Python extension module `facilis._core`: it converts and calls, and decides nothing.

mod checkpoint;
mod coupling;
mod ensemble;
mod limit;
mod model;
mod plane;
mod rare;
mod recorded;
mod region;
mod signals;
mod simulation;

use pyo3::PyErr;
use pyo3::exceptions::{PyMemoryError, PyRuntimeError, PyValueError};

use crate::dop853::OdeError;
use crate::error::ModelError;
use crate::limit::LimitError;

#[pyo3::pymodule]
mod _core {
    use pyo3::pyfunction;

    #[pymodule_export]
    use super::coupling::PyCoupling;
    #[pymodule_export]
    use super::ensemble::{PyControl, PyExperiment};
    #[pymodule_export]
    use super::limit::{check_grid, covariance, equilibria, solve_limit, values_of};
    #[pymodule_export]
    use super::model::{PyModel, PyRate, PyStimulus};
    #[pymodule_export]
    use super::plane::{
        approach, destinations, folds, folds_of_beta, folds_of_current, manifold, passage_time,
        turning_points,
    };
    #[pymodule_export]
    use super::rare::{PyFlemingViot, PyScore, PySplitting, escape_action};
    #[pymodule_export]
    use super::region::PyRegion;
    #[pymodule_export]
    use super::simulation::{PyRecording, PySimulation, generator};

    /// How many processors the process may use, by affinity and by quotas.
    #[pyfunction]
    fn processors() -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

impl From<ModelError> for PyErr {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Memory { .. } => PyMemoryError::new_err(error.to_string()),
            _ => PyValueError::new_err(error.to_string()),
        }
    }
}

impl From<OdeError> for PyErr {
    fn from(error: OdeError) -> Self {
        match error {
            OdeError::BadOption { .. } => PyValueError::new_err(error.to_string()),
            _ => PyRuntimeError::new_err(error.to_string()),
        }
    }
}

impl From<LimitError> for PyErr {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::Model(error) => error.into(),
            LimitError::Ode(error @ OdeError::BadOption { .. }) => error.into(),
            _ => PyRuntimeError::new_err(error.to_string()),
        }
    }
}
