//! Ctrl-C during a long call of the core.

use std::time::{Duration, Instant};

use pyo3::prelude::*;

/// Runs `work` without the interpreter's lock; `work` is to ask its argument now and then whether to go on.
pub(super) fn interruptible<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&mut dyn FnMut() -> bool) -> T + Send,
) -> PyResult<T> {
    let mut signals = Signals::new();
    let done = py.detach(|| work(&mut || signals.allow()));
    signals.raise()?;
    Ok(done)
}

/// Asks Python now and then whether a signal has come.
pub(super) struct Signals {
    asked: Instant,
    error: Option<PyErr>,
}

/// Asking takes the interpreter's lock.
const PAUSE: Duration = Duration::from_millis(50);

impl Signals {
    pub(super) fn new() -> Self {
        Self { asked: Instant::now(), error: None }
    }

    /// Whether to go on.
    fn allow(&mut self) -> bool {
        // An error stays: threads that are slow to stop may ask again.
        if self.error.is_none() && self.asked.elapsed() >= PAUSE {
            self.error = Python::attach(|py| py.check_signals()).err();
            self.asked = Instant::now();
        }
        self.error.is_none()
    }

    /// The same, and now and then calls `report` with the part that is done.
    pub(super) fn tell(&mut self, report: &Py<PyAny>, done: f64) -> bool {
        if self.asked.elapsed() >= PAUSE && self.error.is_none() {
            self.error = Python::attach(|py| report.call1(py, (done,))).err();
        }
        self.error.is_none() && self.allow()
    }

    /// Raises what the signal's handler raised.
    pub(super) fn raise(self) -> PyResult<()> {
        self.error.map_or(Ok(()), Err)
    }
}
