//! The Python extension module `facilis._core`: it converts and calls, and decides nothing.

mod ensemble;
mod model;
mod region;
mod simulation;

use pyo3::PyErr;
use pyo3::exceptions::PyValueError;

use crate::error::ModelError;

#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use super::ensemble::{PyControl, PyExperiment};
    #[pymodule_export]
    use super::model::{PyModel, PyRate, PyStimulus};
    #[pymodule_export]
    use super::region::PyRegion;
    #[pymodule_export]
    use super::simulation::{PyRecording, PySimulation};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

impl From<ModelError> for PyErr {
    fn from(error: ModelError) -> Self {
        PyValueError::new_err(error.to_string())
    }
}
