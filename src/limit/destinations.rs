//! Which equilibrium each of many starts reaches, by integration: for any rate.
//!
//! A failure is never told as a fate. An orbit has arrived where it is nearer to a stable equilibrium than a millionth
//! of the distance to the next one, each coordinate on its own scale. It grows without bound where the rate is nondecreasing
//! and unbounded, both coordinates rise, and no equilibrium lies above it: the flow is cooperative, so
//! that they rise for ever. Anything else is an error. The explicit method takes the ordinary orbits; stiff ones,
//! and slow ones past a fold, go on with a stiff method.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::dop853::{Options, Solution, integrate};
use crate::limit::LimitError;
use crate::limit::approach::Modes;
use crate::limit::equilibria::{Equilibrium, Kind};
use crate::limit::plane_flow::PlaneFlow;
use crate::limit::rosenbrock::{Accuracy, follow};
use crate::model::Model;

/// How near to a stable equilibrium an orbit has arrived, in parts of the distance to the next equilibrium.
const ARRIVED: f64 = 1e-6;

/// The same for a smooth fold, to which orbits draw near like 1/t only, after so many slower decays.
const NEAR_FOLD: f64 = 1e-2;
const LONG: f64 = 1e4;

const RELATIVE: f64 = 1e-8;

/// What counts as 0, in parts of the smallest coordinate in question.
const NOTHING: f64 = 1e-2;

/// Steps of the explicit method before the stiff one takes over, and steps of that.
const EXPLICIT_STEPS: usize = 2000;
const STIFF_STEPS: usize = 100_000;

/// How long an orbit is followed, in units of the slower decay.
const LONGEST: f64 = 1e7;

/// Starts that a thread takes at a time, and how often the caller is asked whether to go on.
const PORTION: usize = 64;
const PAUSE: Duration = Duration::from_millis(20);

/// Which of `equilibria`, by index, each start reaches; −1 where it grows without bound. On all cores, as long as `go_on`,
/// asked now and then, says so.
///
/// # Errors
/// [`LimitError`]: an orbit reaches nothing in a time of 10⁷ slower decays, or can't be followed.
pub fn destinations(
    model: &Model,
    current: f64,
    equilibria: &[Equilibrium],
    starts: &[(f64, f64)],
    mut go_on: impl FnMut() -> bool,
) -> Result<Vec<i64>, LimitError> {
    let flow = PlaneFlow::new(model, current, 1.0);
    let map = Map { flow: &flow, equilibria };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(starts.len().div_ceil(PORTION));
    let (stopped, taken) = (AtomicBool::new(false), AtomicUsize::new(0));
    let portions: Vec<&[(f64, f64)]> = starts.chunks(PORTION).collect();
    let work = || {
        let mut found = Vec::new();
        while !stopped.load(Ordering::Relaxed) {
            let index = taken.fetch_add(1, Ordering::Relaxed);
            let Some(portion) = portions.get(index) else { break };
            let reached: Result<Vec<i64>, _> =
                portion.iter().map(|start| map.destination(*start, &stopped)).collect();
            found.push((index, reached));
        }
        found
    };
    let mut found = thread::scope(|scope| {
        let (busy, finished) = channel::<()>();
        let spawn = |_| {
            let (work, busy) = (&work, busy.clone());
            scope.spawn(move || {
                let _until_the_end = busy;
                work()
            })
        };
        let workers: Vec<_> = (0..threads).map(spawn).collect();
        drop(busy);
        while finished.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
            if !go_on() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        workers.into_iter().flat_map(|w| w.join().expect("no panic")).collect::<Vec<_>>()
    });
    if stopped.into_inner() {
        return Err(LimitError::Stopped);
    }
    found.sort_by_key(|(index, _)| *index);
    let portions: Result<Vec<Vec<i64>>, LimitError> = found.into_iter().map(|(_, p)| p).collect();
    Ok(portions?.concat())
}

/// The flow and its equilibria.
struct Map<'a> {
    flow: &'a PlaneFlow<'a>,
    equilibria: &'a [Equilibrium],
}

impl Map<'_> {
    fn destination(&self, start: (f64, f64), stopped: &AtomicBool) -> Result<i64, LimitError> {
        let start = [start.0, start.1];
        let mut most = start;
        let mut fate = self.fate(start, most);
        let slower = self.flow.model.lam().min(self.flow.model.beta());
        let mut look = |t: f64, y: [f64; 2]| {
            most = [most[0].max(y[0]), most[1].max(y[1])];
            fate = self.fate(y, most);
            if fate.is_none() && t * slower > LONG {
                fate = self.creeps_to_fold(y);
            }
            fate.is_some() || stopped.load(Ordering::Relaxed)
        };
        if look(0.0, start) {
            return fate.ok_or(LimitError::Stopped);
        }
        let least = self.least(start);
        let mut path = Solution::new(0.0, &start);
        let t_max = LONGEST / slower;
        let options = Options::new(RELATIVE, RELATIVE * least[0].min(least[1]))?;
        let options = options.with_max_steps(EXPLICIT_STEPS);
        let ended = integrate(self.flow, &mut path, t_max, &options, |step| {
            let t = step.t_end();
            look(t, [step.component(0, t), step.component(1, t)]).then_some(t)
        });
        let last = [path.y_end()[0].max(0.0), path.y_end()[1].max(0.0)];
        if ended.is_err() {
            let accuracy = Accuracy { relative: RELATIVE, least };
            let from = (path.t_end(), last);
            follow(self.flow, from, t_max, accuracy, STIFF_STEPS, look)?;
        }
        if stopped.load(Ordering::Relaxed) {
            return Err(LimitError::Stopped);
        }
        fate.ok_or(LimitError::Lost { potential: start[0], calcium: start[1], time: t_max })
    }

    /// Where an orbit at `y` gets to, if that is known; `most` are the greatest coordinates that it has had.
    fn fate(&self, y: [f64; 2], most: [f64; 2]) -> Option<i64> {
        let arrived = |&(k, point): &(usize, &Equilibrium)| {
            let off = distance(point, y);
            let attracts = match point.kind {
                Kind::StableNode | Kind::StableFocus => true,
                Kind::Fold => self.attracts_from(point, y),
                Kind::Saddle => false,
            };
            // Only the very point is at rest at an equilibrium that repels.
            off == [0.0; 2] || attracts && self.within(k, off, most, ARRIVED)
        };
        let reached = self.equilibria.iter().enumerate().find(arrived);
        reached.map(|(k, _)| k as i64).or_else(|| self.grows(y).then_some(-1))
    }

    /// Whether `off` is less than a `part` of the distances from equilibrium `k` to the next one.
    fn within(&self, k: usize, off: [f64; 2], most: [f64; 2], part: f64) -> bool {
        let own = coordinates(&self.equilibria[k]);
        (0..2).all(|i| {
            let others = self.equilibria.iter().map(|p| (coordinates(p)[i] - own[i]).abs());
            let next = others.filter(|&gap| gap > 0.0).fold(f64::INFINITY, f64::min);
            let alone = if own[i] > 0.0 { own[i] } else { most[i] };
            off[i] <= part * if next.is_finite() { next } else { alone }
        })
    }

    fn grows(&self, y: [f64; 2]) -> bool {
        let (rate, slope) = (self.flow.model.rate(), self.flow.at(y));
        let above = |point: &Equilibrium| point.potential >= y[0] && point.calcium >= y[1];
        !rate.is_bounded()
            && rate.is_nondecreasing()
            && slope.iter().all(|&x| x >= 0.0)
            && slope != [0.0; 2]
            && !self.equilibria.iter().any(above)
    }

    /// Whether a fold in a corner of the rate draws in an orbit that is at `y`, close to it.
    fn attracts_from(&self, point: &Equilibrium, y: [f64; 2]) -> bool {
        let (du, dr) = (y[0] - point.potential, y[1] - point.calcium);
        let place = (point.potential, point.calcium);
        let modes = Modes::new(self.flow.model, place, du.signum());
        modes.is_some_and(|m| m.attracts() && m.decay(du.signum(), du, dr).is_some())
    }

    /// The smooth fold that an orbit, after a very long time at `y`, still draws nearer to.
    fn creeps_to_fold(&self, y: [f64; 2]) -> Option<i64> {
        let slope = self.flow.at(y);
        let draws_near = |&(k, point): &(usize, &Equilibrium)| {
            let away = (y[0] - point.potential) * slope[0];
            point.kind == Kind::Fold
                && away <= 0.0
                && self.within(k, distance(point, y), y, NEAR_FOLD)
        };
        self.equilibria.iter().enumerate().find(draws_near).map(|(k, _)| k as i64)
    }

    /// What counts as 0 for each coordinate.
    fn least(&self, start: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|i| {
            let known = self.equilibria.iter().map(|point| coordinates(point)[i]);
            let sizes = known.chain([start[i]]).filter(|&x| x > 0.0);
            NOTHING * sizes.fold(1.0, f64::min).max(1e-200)
        })
    }
}

fn coordinates(point: &Equilibrium) -> [f64; 2] {
    [point.potential, point.calcium]
}

fn distance(point: &Equilibrium, y: [f64; 2]) -> [f64; 2] {
    [(y[0] - point.potential).abs(), (y[1] - point.calcium).abs()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::equilibria::equilibria;
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;

    fn reached(alpha: f64, beta: f64, lam: f64, rate: Rate, starts: &[(f64, f64)]) -> Vec<i64> {
        let model = Model::new(alpha, beta, lam, rate, Transmits::Before, Recipients::Others);
        let model = model.unwrap();
        let points = equilibria(&model, 0.0).unwrap();
        destinations(&model, 0.0, &points, starts, || true).unwrap()
    }

    #[test]
    fn orbits_reach_rest_the_memory_or_grow_for_ever() {
        let hill = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        let model = Model::new(0.3, 1.0, 0.1, hill.clone(), Transmits::Before, Recipients::Others);
        let saddle = equilibria(&model.unwrap(), 0.0).unwrap()[1].clone();
        let starts = [(0.5, 1.0), (2.0, 9.0), (saddle.potential, saddle.calcium), (0.0, 0.0)];
        assert_eq!(reached(0.3, 1.0, 0.1, hill, &starts), [0, 2, 1, 0]);
        let linear = Rate::linear(1.0, 0.0).unwrap();
        assert_eq!(reached(1.0, 1.0, 1.0, linear, &[(0.1, 0.1), (9.0, 9.0)]), [0, -1]);
    }

    #[test]
    fn stiff_orbits_of_a_bounded_rate_arrive() {
        let hump = || Rate::table(&[0.5, 1.0, 2.0], &[0.0, 1.0, 0.0]).unwrap();
        assert_eq!(reached(100.0, 1.0, 1e-3, hump(), &[(3.0, 50.0)]), [2]);
        assert_eq!(reached(0.3, 1e5, 1e-3, hump(), &[(0.1, 50.0), (0.0, 0.0)]), [0, 0]);
    }

    #[test]
    fn small_coordinates_count_as_much_as_great_ones() {
        // Potentials near 1e-7 beside calcium near 10: relative to calcium all of them are the same.
        let rate = Rate::table(&[3e-8, 1e-7, 3e-7], &[0.0, 1.0, 0.9]).unwrap();
        let points = [(1e-8, 9.0), (1.5e-7, 9.0)];
        assert_eq!(reached(3e-8, 1.0, 0.1, rate, &points), [0, 2]);
    }

    #[test]
    fn it_stops_when_told_to() {
        let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        let model = Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap();
        let points = equilibria(&model, 0.0).unwrap();
        let starts = vec![(2.0, 9.0); 1_000_000];
        let found = destinations(&model, 0.0, &points, &starts, || false);
        assert_eq!(found, Err(LimitError::Stopped));
    }
}
