//! The limit equation of equal starts as a flow of the plane under a constant current, and the times at which orbits pass.

use crate::dop853::{Options, Solution, System, integrate};
use crate::limit::LimitError;
use crate::limit::mark_crossings::MarkCrossings;
use crate::model::Model;

/// The equation for (potential, calcium), forward (direction 1) or backward (−1) in time.
pub(crate) struct PlaneFlow<'a> {
    pub(crate) model: &'a Model,
    pub(crate) current: f64,
    pub(crate) direction: f64,
    marks: MarkCrossings,
}

impl<'a> PlaneFlow<'a> {
    pub(crate) fn new(model: &'a Model, current: f64, direction: f64) -> Self {
        Self { model, current, direction, marks: MarkCrossings::new(model.rate()) }
    }

    pub(crate) fn at(&self, [u, r]: [f64; 2]) -> [f64; 2] {
        let (u, r) = self.model.vector_field(u, r, self.current);
        [self.direction * u, self.direction * r]
    }

    pub(crate) fn jacobian(&self, [u, r]: [f64; 2]) -> [[f64; 2]; 2] {
        self.model.jacobian(u, r).map(|row| row.map(|x| self.direction * x))
    }
}

impl System for PlaneFlow<'_> {
    fn dim(&self) -> usize {
        2
    }

    fn rhs(&self, _t: f64, y: &[f64], dy: &mut [f64]) {
        dy.copy_from_slice(&self.at([y[0], y[1]]));
    }

    /// A step over two marks of the rate and more may not see what it does between them.
    fn overreach(&self, (_, y): (f64, &[f64]), (_, y_end): (f64, &[f64])) -> f64 {
        self.marks.between(y[0], y_end[0])
    }
}

/// When the potential first passes `end` on the orbit from `start`; none if it doesn't before `t_max`. As long as `go_on`,
/// asked after each step, says so.
///
/// # Errors
/// If the integration fails or is stopped.
pub fn passage_time(
    model: &Model,
    current: f64,
    start: (f64, f64),
    end: f64,
    t_max: f64,
    options: &Options,
    mut go_on: impl FnMut() -> bool,
) -> Result<Option<f64>, LimitError> {
    let flow = PlaneFlow::new(model, current, 1.0);
    let mut path = Solution::new(0.0, &[start.0, start.1]);
    let mut stopped = false;
    let passed = integrate(&flow, &mut path, t_max, options, |step| {
        stopped = !go_on();
        if stopped { Some(step.t_end()) } else { step.root(|_, y| y[0] - end) }
    })?;
    if stopped { Err(LimitError::Stopped) } else { Ok(passed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;

    #[test]
    fn a_decay_passes_where_the_logarithm_says() {
        let model = Model::new(
            0.0,
            1.0,
            0.1,
            Rate::constant(1.0).unwrap(),
            Transmits::Before,
            Recipients::Others,
        )
        .unwrap();
        let options = Options::new(1e-11, 1e-14).unwrap();
        let time =
            passage_time(&model, 0.0, (2.0, 9.0), 0.5, 9.0, &options, || true).unwrap().unwrap();
        assert!((time - 4.0_f64.ln()).abs() < 1e-10);
        assert_eq!(passage_time(&model, 0.0, (2.0, 9.0), 0.5, 1.0, &options, || true), Ok(None));
    }
}
