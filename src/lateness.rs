//! How late is too late: a double near 10¹³ is a thousandth away from its neighbours, and what the model does within
//! a thousandth of its time constants would be lost between two of them.
//!
//! Times within a run are kept as a reference time plus an offset, so that the spacing of doubles does not touch what
//! happens between events. But the edges of the stimulus and the end of a run are plain doubles, and what happens up
//! to half a spacing before an edge is taken for what happens after it. Simulations with a pulse at time T were off by
//! about 0.05·spacing(T)·β, so that the bound leaves less than 10⁻⁴.

use crate::error::{ModelError, check};
use crate::model::Model;
use crate::stimulus::Stimulus;

/// The widest spacing of doubles, in units of the shortest time constant.
const WIDEST: f64 = 1.0 / 1024.0;

const ALLOWED: &str =
    "so early that neighbouring doubles are less than 1/1024 of 1/beta and 1/lam apart";

/// Returns `time` if doubles near it are close enough for the decays of `model`; it may be infinite.
pub(crate) fn check_time(name: &'static str, time: f64, model: &Model) -> Result<f64, ModelError> {
    let fastest = model.beta().max(model.lam());
    let good = time == f64::INFINITY || spacing(time) * fastest <= WIDEST;
    check(name, time, good, ALLOWED)
}

/// The same for all edges of a stimulus, where neurons are about to spike: their highest rate counts too.
pub(crate) fn check_edges(stimulus: &Stimulus, model: &Model) -> Result<(), ModelError> {
    let end = check_time("the end of the stimulus", stimulus.end(), model)?;
    let rate = model.rate();
    let highest = if rate.is_bounded() { rate.supremum(0.0, f64::MAX) } else { 0.0 };
    let allowed = "so early that neighbouring doubles are less than 1/1024 of 1/sup rate apart";
    check("the end of the stimulus", end, spacing(end) * highest <= WIDEST, allowed).map(|_| ())
}

fn spacing(time: f64) -> f64 {
    time.next_up() - time
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;
    use crate::stimulus::Pulse;

    #[test]
    fn ten_to_the_twelve_is_early_and_ten_to_the_thirteen_is_late() {
        let with = |top: f64, beta: f64| {
            let rate = Rate::hill(top, 1.0, 4.0, 0.0).unwrap();
            Model::new(0.3, beta, 0.1, rate, Transmits::Before, Recipients::Others).unwrap()
        };
        let model = with(1.0, 1.0);
        assert!(check_time("t_end", 1e12, &model).is_ok());
        assert!(check_time("t_end", f64::INFINITY, &model).is_ok());
        let error = check_time("t_end", 1e13, &model).unwrap_err().to_string();
        assert!(
            error.starts_with("t_end must be so early") && error.ends_with("got 10000000000000.0")
        );
        assert!(check_time("t_end", 1e12, &with(1.0, 100.0)).is_err());
        let pulse =
            |start| Stimulus::new(&[Pulse::new(start, start + 10.0, 1.0).unwrap()]).unwrap();
        assert!(check_edges(&Stimulus::default(), &model).is_ok());
        assert!(check_edges(&pulse(1e12), &model).is_ok());
        assert!(
            check_edges(&pulse(4e14), &model).is_err()
                && check_edges(&pulse(1e16), &model).is_err()
        );
        assert!(check_edges(&pulse(1e12), &with(100.0, 1.0)).is_err());
    }
}
