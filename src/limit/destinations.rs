//! Which equilibrium each of many starts reaches, by integration on all cores: for any rate.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::limit::LimitError;
use crate::limit::equilibria::Equilibrium;
use crate::limit::fate::Map;
use crate::limit::plane_flow::PlaneFlow;
use crate::model::Model;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::equilibria::equilibria;
    use crate::model::{Recipients, Transmits};
    use crate::rate::{Interpolation, Rate};

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
        let hump =
            || Rate::table(&[0.5, 1.0, 2.0], &[0.0, 1.0, 0.0], Interpolation::Linear).unwrap();
        assert_eq!(reached(100.0, 1.0, 1e-3, hump(), &[(3.0, 50.0)]), [2]);
        assert_eq!(reached(0.3, 1e5, 1e-3, hump(), &[(0.1, 50.0), (0.0, 0.0)]), [0, 0]);
    }

    #[test]
    fn small_coordinates_count_as_much_as_great_ones() {
        // Potentials near 1e-7 beside calcium near 10: relative to calcium all of them are the same.
        let rate =
            Rate::table(&[3e-8, 1e-7, 3e-7], &[0.0, 1.0, 0.9], Interpolation::Linear).unwrap();
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
