//! The descent to the least cost: conjugate directions, a line search, and a Lagrange multiplier for the end.
//!
//! The unknowns are the logarithms of the rates. A change d of them at the point k is measured by
//! Σ w_k·d_k², w_k the expected number of spikes there; in this metric the steepest descent leads from the present rates
//! straight towards those that are best for the present values.

use super::ActionError;

/// What a sweep forward gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) cost: f64,
    /// Distance from the border at the end, in units of that at the start.
    pub(super) miss: f64,
}

pub(super) trait Sweeps {
    /// What these rates cost, and where they lead.
    fn forward(&mut self, log_rate: &[f64]) -> End;

    /// The rates that are best for the values of the present path, `pull` being the price of the miss. It follows a sweep
    /// forward with the same rates.
    fn backward(&mut self, log_rate: &[f64], pull: f64, better: &mut [f64]);

    /// Σ w_k·value(k), as of the last sweep forward.
    fn weigh(&self, log_rate: &[f64], value: impl Fn(usize) -> f64) -> f64;
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Least {
    pub(super) cost: f64,
    pub(super) pull: f64,
}

/// Relative accuracy of the least cost.
pub(super) const ACCURACY: f64 = 2e-6;
/// The miss at which the end counts as reached.
const REACHED: f64 = 2e-4;
const MOST_SWEEPS: usize = 2000;
/// A miss of 1 costs this many times what the guess costs.
const STIFFNESS: f64 = 20.0;
/// The squared distance from the best rates, relative to the cost, from which on the multiplier is renewed.
const SETTLED: f64 = 1e-2;
/// The part of the predicted decrease that a step must bring.
const ENOUGH: f64 = 1e-4;
const LONGEST: f64 = 4.0;
const SHORTEST: f64 = 1e-9;

/// Descends from `log_rate`, which becomes the best; `go_on` hears the number of sweeps, and tells whether to go on.
pub(super) fn descend<S: Sweeps>(
    problem: &mut S,
    log_rate: &mut Vec<f64>,
    pull: f64,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<Least, ActionError> {
    let mut end = problem.forward(log_rate);
    let stiffness = STIFFNESS * end.cost;
    let mut multiplier = pull - stiffness * end.miss;
    let lagrangian =
        |end: End, multiplier: f64| end.cost + end.miss * (multiplier + 0.5 * stiffness * end.miss);
    let mut way = Way::new(log_rate.len());
    let (mut sweeps, mut length) = (1, 0.5_f64);
    while sweeps < MOST_SWEEPS {
        if !go_on(sweeps) {
            return Err(ActionError::Stopped);
        }
        let pull = multiplier + stiffness * end.miss;
        problem.backward(log_rate, pull, &mut way.better);
        sweeps += 1;
        let square = way.turn(problem, log_rate);
        if square <= ACCURACY * end.cost && end.miss.abs() <= REACHED {
            return Ok(Least { cost: end.cost + pull * end.miss, pull });
        }
        let slope = way.slope(problem, log_rate);
        let before = lagrangian(end, multiplier);
        length = (2.0 * length).min(LONGEST);
        let mut next = vec![0.0; log_rate.len()];
        loop {
            for ((next, old), direction) in next.iter_mut().zip(&*log_rate).zip(&way.direction) {
                *next = old + length * direction;
            }
            end = problem.forward(&next);
            sweeps += 1;
            let after = lagrangian(end, multiplier);
            if after <= before + ENOUGH * length * slope {
                break;
            }
            if length < SHORTEST {
                return Err(ActionError::NotConverged { sweeps });
            }
            // The minimum of the parabola with this value, and that slope at the start.
            let parabola = -0.5 * slope * length * length / (after - before - length * slope);
            let shorter = if parabola.is_finite() { parabola } else { 0.0 };
            length = shorter.clamp(0.1 * length, 0.5 * length);
        }
        *log_rate = next;
        if square <= SETTLED * end.cost && end.miss.abs() > 0.5 * REACHED {
            multiplier += stiffness * end.miss;
            way.forget();
        }
    }
    Err(ActionError::NotConverged { sweeps })
}

/// Directions: Polak and Ribière's, in the metric of the weights.
struct Way {
    better: Vec<f64>,
    steepest: Vec<f64>,
    direction: Vec<f64>,
    square: Option<f64>,
}

impl Way {
    fn new(length: usize) -> Self {
        let zeros = || vec![0.0; length];
        Self { better: zeros(), steepest: zeros(), direction: zeros(), square: None }
    }

    fn forget(&mut self) {
        self.square = None;
    }

    /// Sets the direction, and returns the squared distance from the better rates.
    fn turn<S: Sweeps>(&mut self, problem: &S, log_rate: &[f64]) -> f64 {
        for (better, old) in self.better.iter_mut().zip(log_rate) {
            *better -= old;
        }
        let (new, old) = (&self.better, &self.steepest);
        let square = problem.weigh(log_rate, |k| new[k] * new[k]);
        let turned = problem.weigh(log_rate, |k| new[k] * (new[k] - old[k]));
        let keep = self.square.map_or(0.0, |before| (turned / before).max(0.0));
        for (direction, new) in self.direction.iter_mut().zip(new) {
            *direction = new + keep * *direction;
        }
        std::mem::swap(&mut self.better, &mut self.steepest);
        if keep > 0.0 && self.slope(problem, log_rate) >= 0.0 {
            self.direction.copy_from_slice(&self.steepest);
        }
        self.square = Some(square);
        square
    }

    /// The derivative of the cost along the direction.
    fn slope<S: Sweeps>(&self, problem: &S, log_rate: &[f64]) -> f64 {
        -problem.weigh(log_rate, |k| self.steepest[k] * self.direction[k])
    }
}
