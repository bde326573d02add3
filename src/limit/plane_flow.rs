//! The limit equation of equal starts as a flow of the plane under a constant current, and where orbits get to.

use std::num::NonZero;
use std::thread;

use crate::dop853::{OdeError, Options, Solution, System, integrate};
use crate::limit::corner_crossings::CornerCrossings;
use crate::limit::equilibria::{Equilibrium, Kind};
use crate::model::Model;

/// How near to an equilibrium, relative to its size, an orbit counts as having arrived.
const ARRIVED: f64 = 1e-6;

/// The equation for (potential, calcium), forward (direction 1) or backward (−1) in time.
pub(crate) struct PlaneFlow<'a> {
    pub(crate) model: &'a Model,
    pub(crate) current: f64,
    pub(crate) direction: f64,
    corners: CornerCrossings,
}

impl<'a> PlaneFlow<'a> {
    pub(crate) fn new(model: &'a Model, current: f64, direction: f64) -> Self {
        Self { model, current, direction, corners: CornerCrossings::new(model.rate()) }
    }
}

impl System for PlaneFlow<'_> {
    fn dim(&self) -> usize {
        2
    }

    fn rhs(&self, _t: f64, y: &[f64], dy: &mut [f64]) {
        let (u, r) = self.model.vector_field(y[0], y[1], self.current);
        (dy[0], dy[1]) = (self.direction * u, self.direction * r);
    }

    /// A step over two corners and more may not see what the rate does between them.
    fn overreach(&self, (t, y): (f64, &[f64]), (t_end, y_end): (f64, &[f64])) -> f64 {
        self.corners.passed(&[0.0], 0.0, (t, y[0]), (t_end, y_end[0]))
    }
}

/// When the potential first passes `end` on the orbit from `start`; none if it doesn't before `t_max`.
///
/// # Errors
/// If the integration fails.
pub fn passage_time(
    model: &Model,
    current: f64,
    start: (f64, f64),
    end: f64,
    t_max: f64,
    options: &Options,
) -> Result<Option<f64>, OdeError> {
    let flow = PlaneFlow::new(model, current, 1.0);
    let mut path = Solution::new(0.0, &[start.0, start.1]);
    integrate(&flow, &mut path, t_max, options, |step| step.root(|_, y| y[0] - end))
}

/// Which of `equilibria`, by index, each start reaches; −1 for a blow-up, or if it reaches none in a time of 10⁴ slower
/// decays. By integration of each start, on all cores: for any rate.
pub fn destinations(
    model: &Model,
    current: f64,
    equilibria: &[Equilibrium],
    starts: &[(f64, f64)],
) -> Vec<i64> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let chunk = starts.len().div_ceil(cores).max(1);
    let mut found = vec![-1; starts.len()];
    thread::scope(|scope| {
        for (starts, found) in starts.chunks(chunk).zip(found.chunks_mut(chunk)) {
            scope.spawn(move || {
                for (start, found) in starts.iter().zip(found) {
                    *found = destination(model, current, equilibria, *start);
                }
            });
        }
    });
    found
}

fn destination(model: &Model, current: f64, equilibria: &[Equilibrium], start: (f64, f64)) -> i64 {
    let near = |y: &[f64]| {
        equilibria.iter().position(|point| {
            let size = ARRIVED * (1e-3 + point.potential.max(point.calcium));
            let distance = (y[0] - point.potential).abs().max((y[1] - point.calcium).abs());
            // Only the very point is at rest at an equilibrium that repels.
            distance == 0.0
                || distance <= size && matches!(point.kind, Kind::StableNode | Kind::StableFocus)
        })
    };
    let mut reached = near(&[start.0, start.1]);
    if reached.is_none() {
        let flow = PlaneFlow::new(model, current, 1.0);
        let mut path = Solution::new(0.0, &[start.0, start.1]);
        let options = Options::new(1e-8, 1e-10).expect("valid tolerances");
        let t_max = 1e4 / model.lam().min(model.beta());
        // A blow-up is an error of the integration, and reaches nothing.
        let _blown_up = integrate(&flow, &mut path, t_max, &options, |step| {
            reached = near(&[step.component(0, step.t_end()), step.component(1, step.t_end())]);
            reached.map(|_| step.t_end())
        });
    }
    reached.map_or(-1, |index| index as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::equilibria::equilibria;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;

    #[test]
    fn orbits_reach_rest_the_memory_or_nothing() {
        let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        let model = Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap();
        let points = equilibria(&model, 0.0).unwrap();
        let saddle = (points[1].potential, points[1].calcium);
        let starts = [(0.5, 1.0), (2.0, 9.0), saddle, (0.0, 0.0)];
        assert_eq!(destinations(&model, 0.0, &points, &starts), [0, 2, 1, 0]);
        let rate = Rate::linear(1.0, 0.0).unwrap();
        let model = Model::new(1.0, 1.0, 1.0, rate, Transmits::Before, Recipients::Others).unwrap();
        let points = equilibria(&model, 0.0).unwrap();
        assert_eq!(destinations(&model, 0.0, &points, &[(0.1, 0.1), (9.0, 9.0)]), [0, -1]);
    }

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
        let time = passage_time(&model, 0.0, (2.0, 9.0), 0.5, 9.0, &options).unwrap().unwrap();
        assert!((time - 4.0_f64.ln()).abs() < 1e-10);
        assert_eq!(passage_time(&model, 0.0, (2.0, 9.0), 0.5, 1.0, &options).unwrap(), None);
    }
}
