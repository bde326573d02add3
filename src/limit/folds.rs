//! Folds: where equilibria of the limit equation are born or merge as a parameter varies.
//!
//! An equilibrium at potential u has α/(βλ) = κ(u) = (u − c)/g(u), with c = I/β and g = φ² ("before") or
//! φ(φ + λ) ("after"). So the branch is explicit, and its folds are the local extrema of κ(u), where
//! H(u) = g − (u − c)g' changes sign. As H' = −(u − c)g'', H is monotone between the
//! [inflections](crate::rate::Rate::inflections) of g and has one zero at most on each piece: none is missed. At a
//! [corner](crate::rate::Rate::corners) of φ H jumps, and a jump across 0 is a fold too. As I varies and α is held,
//! I(u) = β(u − G(u)) is explicit as well, and F' takes the part of H.
//!
//! A polygon through points of a smooth curve folds once where the curve does, or several times within neighbouring
//! knots: at corners as the curve does, and between them the other way round. Such a group is told as one fold, the
//! outermost.

use crate::bisection::bisect;
use crate::error::{LEAST, MOST, ModelError, nonnegative};
use crate::limit::equilibria::Balance;
use crate::model::Model;

/// How equilibria meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// At a smooth extremum of the branch: a saddle-node bifurcation.
    Smooth,
    /// At a corner of the rate.
    Corner,
    /// Where the branch of active states reaches the state in which no neuron spikes.
    Rest,
}

impl Meeting {
    /// The name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smooth => "smooth",
            Self::Corner => "corner",
            Self::Rest => "rest",
        }
    }
}

/// A fold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fold {
    /// The synaptic strength at which it happens.
    pub alpha: f64,
    /// Its potential.
    pub potential: f64,
    /// How the equilibria meet.
    pub meeting: Meeting,
}

/// Greatest difference between the α of folds of one group, relative: what a polygon of some fifty points through a curve
/// that turns once can make of a fold.
const ALIKE: f64 = 1e-2;

/// All folds as α varies under this current, by potential, with an α that a model can have; of a polygon those of a
/// group as one.
///
/// # Errors
/// If the current is not finite and ≥ 0.
pub fn folds(model: &Model, current: f64) -> Result<Vec<Fold>, ModelError> {
    let input = nonnegative("current", current)? / model.beta();
    let branch = Branch { model, input };
    let mut found = Vec::new();
    if branch.g(input) == 0.0 && branch.g_slope(input) > 0.0 {
        let (potential, meeting) = (input, Meeting::Rest);
        let alpha = model.beta() * model.lam() / branch.g_slope(input);
        if is_possible(alpha) {
            found.push(Fold { alpha, potential, meeting });
        }
    }
    let mut ends = vec![input];
    ends.extend(branch.inflections().into_iter().filter(|&bend| bend > input));
    ends.push(horizon(model, ends[ends.len() - 1], |u| branch.turn(u)));
    let corners = model.rate().corners();
    for (potential, meeting) in turns(&ends, &corners, |u| branch.turn(u), |u| branch.g(u) == 0.0) {
        let alpha = branch.alpha(potential);
        if is_possible(alpha) {
            found.push(Fold { alpha, potential, meeting });
        }
    }
    Ok(grouped(found, model.rate().polygon()))
}

/// Whether a model can have it.
fn is_possible(alpha: f64) -> bool {
    (LEAST..=MOST).contains(&alpha)
}

/// The folds, with one in place of each odd number of them that are alike and follow each other within neighbouring
/// `knots`.
fn grouped(found: Vec<Fold>, knots: &[f64]) -> Vec<Fold> {
    let near = |a: &Fold, b: &Fold| {
        let next = knots.partition_point(|&knot| knot <= a.potential);
        let alike = (a.alpha - b.alpha).abs() <= ALIKE * a.alpha.min(b.alpha);
        alike
            && a.meeting != Meeting::Rest
            && knots.get(next).is_some_and(|&knot| b.potential <= knot)
    };
    let one = |group: &[Fold]| {
        // Extremes of one kind take turns with those of the other; the first and the last are of the same.
        let is_birth = group.len() > 1 && group[0].alpha < group[1].alpha;
        let outer =
            |a: &Fold, b: &Fold| if is_birth { a.alpha < b.alpha } else { a.alpha > b.alpha };
        group[1..].iter().fold(group[0], |best, fold| if outer(fold, &best) { *fold } else { best })
    };
    let groups = found.chunk_by(near);
    groups
        .flat_map(|group| if group.len() % 2 == 1 { vec![one(group)] } else { group.to_vec() })
        .collect()
}

/// All potentials at which equilibria meet as β varies and α and the current are held.
///
/// Along β(u) = (I + αφψ)/u the sign of dβ/du is that of −H, with H = λI/α + g − u·g', which again has H' = −u·g''.
///
/// # Errors
/// If the current is not finite and ≥ 0.
pub fn folds_of_beta(model: &Model, current: f64) -> Result<Vec<(f64, Meeting)>, ModelError> {
    let current = nonnegative("current", current)?;
    let branch = Branch { model, input: 0.0 };
    if model.alpha() == 0.0 {
        return Ok(Vec::new());
    }
    let shift = model.lam() * current / model.alpha();
    let turn = |u| shift + branch.turn(u);
    let mut ends = vec![0.0];
    ends.extend(branch.inflections().into_iter().filter(|&bend| bend > 0.0));
    ends.push(horizon(model, ends[ends.len() - 1], turn));
    Ok(turns(&ends, &model.rate().corners(), turn, |u| shift + branch.g(u) == 0.0))
}

/// All potentials at which equilibria meet as the current varies and α is held.
pub fn folds_of_current(model: &Model) -> Vec<(f64, Meeting)> {
    let balance = Balance::new(model, 0.0);
    let offset = model.lam() * model.transmitted_offset();
    let mut ends = vec![0.0];
    ends.extend(model.rate().inflections(offset).into_iter().filter(|&bend| bend > 0.0));
    ends.push(balance.horizon(ends[ends.len() - 1]));
    turns(&ends, &model.rate().corners(), |u| balance.slope(u), |_| false)
}

/// Where `h` changes sign, `h` being monotone between neighbouring `ends` and continuous but for jumps at `corners`,
/// where it is continuous from the right; all of these are ends. Where `cut` holds at an end there is no branch.
pub(super) fn turns(
    ends: &[f64],
    corners: &[f64],
    h: impl Fn(f64) -> f64,
    cut: impl Fn(f64) -> bool,
) -> Vec<(f64, Meeting)> {
    let mut found = Vec::new();
    // The last place where the sign was known, and the sign.
    let mut known: Option<(f64, bool)> = None;
    for (index, pair) in ends.windows(2).enumerate() {
        let (low, inner) = (pair[0], pair[1].next_down());
        if cut(low) {
            known = None;
        }
        for (u, is_start) in [(low, true), (inner, false)] {
            let value = h(u);
            if value == 0.0 {
                continue;
            }
            // Where both terms overflow the second is the greater.
            let rises = value > 0.0;
            match known {
                Some((last, sign)) if sign != rises => {
                    let jump = is_start && index > 0 && last == low.next_down();
                    if jump && corners.binary_search_by(|c| c.total_cmp(&low)).is_ok() {
                        found.push((low, Meeting::Corner));
                    } else {
                        let positive = |u| if h(u) > 0.0 { 1.0 } else { -1.0 };
                        found.push((bisect(positive, last, u), Meeting::Smooth));
                    }
                }
                _ => {}
            }
            known = Some((u, rises));
        }
    }
    found
}

/// The branch of equilibria, parametrised by the potential.
struct Branch<'a> {
    model: &'a Model,
    input: f64,
}

impl Branch<'_> {
    fn offset(&self) -> f64 {
        self.model.lam() * self.model.transmitted_offset()
    }

    fn inflections(&self) -> Vec<f64> {
        self.model.rate().inflections(self.offset())
    }

    fn g(&self, u: f64) -> f64 {
        let rate = self.model.rate().at(u);
        rate * (rate + self.offset())
    }

    fn g_slope(&self, u: f64) -> f64 {
        self.model.rate().slope(u) * (2.0 * self.model.rate().at(u) + self.offset())
    }

    /// H(u), which has the sign of dκ/du.
    fn turn(&self, u: f64) -> f64 {
        self.g(u) - (u - self.input) * self.g_slope(u)
    }

    fn alpha(&self, u: f64) -> f64 {
        self.model.beta() * self.model.lam() * ((u - self.input) / self.g(u))
    }
}

/// A potential beyond which `turn`, which tells whether a branch rises, keeps its sign.
pub(super) fn horizon(model: &Model, last_end: f64, turn: impl Fn(f64) -> f64) -> f64 {
    let mut u = (2.0 * last_end).clamp(1.0, f64::MAX);
    if model.rate().is_bounded() {
        // Beyond its last bend the rate is concave, so `turn` rises there; all slopes have faded away by then.
        return (u * 1e9).clamp(1e100, f64::MAX);
    }
    // Convex to the end: `turn` falls, at last below 0.
    while turn(u) >= 0.0 && u < f64::MAX {
        u = (2.0 * u).min(f64::MAX);
    }
    (2.0 * u).min(f64::MAX)
}

#[cfg(test)]
mod tests;
