//! Integration under a stimulus, whose edges are the ends of steps: between them the current is constant.

use crate::dop853::{Options, Solution, System, integrate};
use crate::limit::LimitError;
use crate::stimulus::Stimulus;

/// An equation in which the current is a constant that can be set.
pub(super) trait Driven: System {
    fn set_current(&mut self, current: f64);
}

/// Continues `path`, which starts at time 0 under the stimulus' first current, until `t_end`; as long as `go_on`, asked
/// after each step, says so.
pub(super) fn integrate_driven(
    equation: &mut impl Driven,
    path: &mut Solution,
    stimulus: &Stimulus,
    t_end: f64,
    options: &Options,
    mut go_on: impl FnMut() -> bool,
) -> Result<(), LimitError> {
    let mut until = |time: f64, equation: &dyn System| {
        let stopped =
            integrate(equation, path, time, options, |step| (!go_on()).then(|| step.t_end()))?;
        if stopped.is_some() { Err(LimitError::Stopped) } else { Ok(()) }
    };
    for &(edge, current) in stimulus.edges().iter().filter(|&&(edge, _)| edge > 0.0) {
        if edge >= t_end {
            break;
        }
        until(edge, equation)?;
        equation.set_current(current);
    }
    until(t_end, equation)
}
