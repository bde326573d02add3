//! The exponent of escape: what the most likely way out of a state costs, per neuron.
//!
//! Each neuron's rate is controlled, c(t, r) instead of φ(u) for those of calcium r, at the cost
//! ∫ E[c ln(c/φ) − c + φ] dt, while u' = −βu + αE[ψc], calcium jumps by 1 at rate c and decays at λ. The least cost of
//! going from the equilibrium to the border of its basin is V: mean lives grow like e^{NV}. If c may not depend on
//! r, the means close, and the least cost is an upper bound of V.
//!
//! Once the control stops the means follow the limit equation, so the target is the border in the plane; long paths
//! end at the saddle, where the border is a line across its unstable left eigenvector.
//!
//! Time is cut into steps. Costs are off by a multiple of the step, to leading order, so they are extrapolated from three
//! of them.

mod cells;
mod descent;
mod law;
mod means;
mod setting;

use std::fmt;

use crate::limit::Equilibrium;
use crate::model::Model;
use descent::descend;
use law::LawSweeps;
use means::MeansSweeps;
use setting::Setting;

/// The longest steps, in units of the fastest time constant: the first that make no too large grid.
const LONGEST_STEPS: [f64; 2] = [0.2, 0.4];
const LEVELS: usize = 3;

/// Numbers in one array of the finest level; five such arrays are held.
const MOST_NUMBERS: f64 = 12e6;

/// Sweeps that a descent needs as a rule; only the shown progress depends on it.
const USUAL_SWEEPS: f64 = 40.0;

/// Why there is no exponent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ActionError {
    /// It was told to stop.
    Stopped,
    /// The descent did not arrive at the least cost in so many sweeps.
    NotConverged {
        /// Forward and backward ones.
        sweeps: usize,
    },
    /// The grid of time and calcium would be too large.
    TooLarge {
        /// Its points.
        points: f64,
    },
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("the search for the way out was told to stop"),
            Self::NotConverged { sweeps } => {
                write!(
                    f,
                    "the search for the most likely way out did not converge in {sweeps} sweeps"
                )
            }
            Self::TooLarge { points } => write!(
                f,
                "model must be one whose time scales are closer together, or further from a fold: the most likely way \
                 out would need a grid of {points:.1e} points"
            ),
        }
    }
}

impl std::error::Error for ActionError {}

/// The most likely way out, and what it costs per neuron.
#[derive(Clone, Debug)]
pub struct Action {
    /// V, extrapolated to steps of length 0.
    pub exponent: f64,
    /// By how much it may be off for numerical reasons.
    pub error: f64,
    /// The least cost of controls that don't depend on a neuron's calcium.
    pub upper: f64,
    /// α·dV/dα.
    pub sensitivity: f64,
    /// The length of a step of the path.
    pub step: f64,
    /// The mean potential along the path, from the equilibrium to the border.
    pub potential: Vec<f64>,
    /// The mean calcium along the path.
    pub calcium: Vec<f64>,
}

/// The way from a stable equilibrium over a saddle; `go_on` hears the part that is done, and tells whether to go on.
///
/// # Errors
/// See [`ActionError`].
pub fn escape_action(
    model: &Model,
    equilibrium: &Equilibrium,
    saddle: &Equilibrium,
    mut go_on: impl FnMut(f64) -> bool,
) -> Result<Action, ActionError> {
    let (settings, points) = LONGEST_STEPS
        .iter()
        .map(|longest| settings(model, equilibrium, saddle, *longest))
        .reduce(|short, long| if short.1 > MOST_NUMBERS { long } else { short })
        .expect("there are some");
    if points > MOST_NUMBERS {
        return Err(ActionError::TooLarge { points });
    }
    let total: f64 = settings.iter().map(Setting::points).sum();
    let (mut before, mut told) = (0.0, 0.0_f64);
    let (mut costs, mut uppers, mut slopes) = ([0.0; LEVELS], [0.0; LEVELS], [0.0; LEVELS]);
    let mut path = (vec![], vec![]);
    for (level, setting) in settings.iter().enumerate() {
        let mut means = MeansSweeps::new(setting);
        let mut log_rate = setting.guess();
        let mut tell = |sweeps: usize| {
            let part = (sweeps as f64 / USUAL_SWEEPS).min(0.99);
            told = told.max((before + part * setting.points()) / total);
            go_on(told)
        };
        let found = descend(&mut means, &mut log_rate, 0.0, &mut |_| tell(0))?;
        uppers[level] = found.cost;
        let mut law = LawSweeps::new(setting);
        let columns = law.columns();
        let mut log_rate: Vec<f64> =
            log_rate.iter().flat_map(|&value| std::iter::repeat_n(value, columns)).collect();
        let found = descend(&mut law, &mut log_rate, found.pull, &mut tell)?;
        (costs[level], slopes[level]) = (found.cost, law.sensitivity());
        path = law.path();
        before += setting.points();
    }
    let (exponent, error) = extrapolated(&costs);
    Ok(Action {
        exponent,
        error: error + 4.0 * descent::ACCURACY * exponent,
        upper: extrapolated(&uppers).0,
        sensitivity: extrapolated(&slopes).0,
        step: settings[LEVELS - 1].step,
        potential: path.0,
        calcium: path.1,
    })
}

/// The settings of all step lengths, the longest first, and the points of the finest grid.
fn settings<'a>(
    model: &'a Model,
    equilibrium: &Equilibrium,
    saddle: &Equilibrium,
    longest: f64,
) -> (Vec<Setting<'a>>, f64) {
    let longest = longest / setting::fastest(model, equilibrium, saddle);
    let at = |level| Setting::new(model, equilibrium, saddle, longest / f64::from(1 << level));
    let settings: Vec<Setting> = (0..LEVELS).map(at).collect();
    let points = settings[LEVELS - 1].points();
    (settings, points)
}

/// The limit for steps of length 0, and the part of it that the second order makes.
fn extrapolated(&[coarse, middle, fine]: &[f64; LEVELS]) -> (f64, f64) {
    let (first, second) = (2.0 * middle - coarse, 2.0 * fine - middle);
    let limit = (4.0 * second - first) / 3.0;
    (limit, (limit - second).abs())
}

#[cfg(test)]
mod tests;
