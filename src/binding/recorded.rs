//! What a recording holds on its way as a dict of Python: arrays by their names.

use numpy::{IntoPyArray, PyArrayMethods, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::checkpoint::item;
use crate::run::Saved;

const EXTINCT: &str = "extinct";

/// Makes both conversions from one list of the arrays and their names.
macro_rules! by_name {
    ($($part:ident.$field:ident as $name:literal: $kind:ty),* $(,)?) => {
        pub(super) fn to_dict(py: Python<'_>, saved: Saved) -> PyResult<Bound<'_, PyDict>> {
            let dict = PyDict::new(py);
            dict.set_item(EXTINCT, saved.extinct)?;
            $(dict.set_item($name, saved.$part.$field.into_pyarray(py))?;)*
            Ok(dict)
        }

        pub(super) fn from_dict(dict: &Bound<'_, PyDict>) -> PyResult<Saved> {
            let mut saved = Saved { extinct: item(dict, EXTINCT)?.extract()?, ..Saved::default() };
            $(
                let values: PyReadonlyArray1<$kind> = item(dict, $name)?.extract()?;
                saved.$part.$field = values.to_vec()?;
            )*
            Ok(saved)
        }
    };
}

by_name! {
    means.potential as "potential": f64,
    means.calcium as "calcium": f64,
    means.calcium_var as "calcium_var": f64,
    means.spike_count as "spike_count": i64,
    means.watched_potential as "watched_potential": f64,
    means.watched_calcium as "watched_calcium": f64,
    snapshots.potential as "snapshot_potential": f64,
    snapshots.calcium as "snapshot_calcium": f64,
    train.time as "spike_time": f64,
    train.neuron as "spike_neuron": u32,
}
