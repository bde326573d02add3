//! Integration under a stimulus, whose edges are the ends of steps, as are the times at which a neuron passes a corner of
//! the rate: between them the current is constant and the equation smooth.

use crate::dop853::{OdeError, Options, Solution, Step, System, integrate};
use crate::limit::LimitError;
use crate::limit::pieces::Pieces;
use crate::stimulus::Stimulus;

/// An equation in which the current is a constant that can be set, and in which neurons are on pieces of the rate; the
/// first component of its state is the part of the potential that all share.
pub(super) trait Driven<'a>: System {
    fn set_current(&mut self, current: f64);

    fn pieces(&self) -> &Pieces<'a>;

    fn pieces_mut(&mut self) -> &mut Pieces<'a>;
}

/// Continues `path`, which starts at time 0 under the stimulus' first current, until `t_end`; `note` sees each step and
/// the time at which it ends, and says whether to go on.
pub(super) fn integrate_driven<'a>(
    equation: &mut impl Driven<'a>,
    path: &mut Solution,
    stimulus: &Stimulus,
    t_end: f64,
    options: &Options,
    mut note: impl FnMut(&Step<'_>, f64) -> bool,
) -> Result<(), LimitError> {
    for &(edge, current) in stimulus.edges().iter().filter(|&&(edge, _)| edge > 0.0) {
        if edge >= t_end {
            break;
        }
        integrate_pieces(equation, path, edge, options, &mut note)?;
        equation.set_current(current);
    }
    integrate_pieces(equation, path, t_end, options, &mut note)
}

/// The same until a time up to which the current is constant, from one corner of the rate to the next.
fn integrate_pieces<'a>(
    equation: &mut impl Driven<'a>,
    path: &mut Solution,
    until: f64,
    options: &Options,
    note: &mut impl FnMut(&Step<'_>, f64) -> bool,
) -> Result<(), LimitError> {
    let (mut steps, mut stopped) = (0, false);
    let mut slope = vec![0.0; path.dim()];
    while path.t_end() < until {
        let (t, y) = (path.t_end(), path.y_end());
        equation.rhs(t, y, &mut slope);
        equation.pieces_mut().enter(t, y[0], slope[0]);
        integrate(equation, path, until, options, |step| {
            let left = equation.pieces().leave(step);
            let end = left.unwrap_or(step.t_end());
            steps += 1;
            stopped = !note(step, end);
            (stopped || left.is_some() || steps == options.max_steps()).then_some(end)
        })?;
        if stopped {
            return Err(LimitError::Stopped);
        }
        if steps == options.max_steps() && path.t_end() < until {
            return Err(OdeError::TooManySteps { t: path.t_end() }.into());
        }
    }
    Ok(())
}
