//! Equilibria of the limit equation under a constant current, all of them.
//!
//! The calcium of an equilibrium is r = φ(u)/λ, and its potential a root of the balance
//! F(u) = G(u) + I/β − u, where G = (α/β)φψ is the drive: φ²·α/(βλ) ("before") or φ(φ + λ)·α/(βλ) ("after").
//!
//! No root is missed: [`Rate::inflections`](crate::rate::Rate::inflections) gives the points between which G is convex or
//! concave. There F' is monotone and has one zero at most, found by bisection; between those zeros and the bends F
//! itself is monotone, and a change of its sign is one root, found by bisection too. Beyond the last of these
//! nodes F keeps its sign. Where F comes to within rounding of 0 without changing its sign, two roots merge: that is
//! a fold, reported once. (F can't vanish on an interval: a piece of G is linear only if flat.)

use crate::bisection::bisect;
use crate::error::{ModelError, in_range, nonnegative};
use crate::model::Model;

/// |F| up to which two roots can't be told from a double one, relative to the terms of F.
const INDISTINCT: f64 = 16.0 * f64::EPSILON;

/// What an equilibrium is to its neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Attracting, without rotation.
    StableNode,
    /// Attracting, in a spiral.
    StableFocus,
    /// Attracting along one curve, repelling along another.
    Saddle,
    /// A saddle and a stable equilibrium in one: half-stable.
    Fold,
}

impl Kind {
    /// The name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::StableNode => "stable node",
            Self::StableFocus => "stable focus",
            Self::Saddle => "saddle",
            Self::Fold => "fold",
        }
    }
}

/// An equilibrium of the limit equation.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Potential u.
    pub potential: f64,
    /// Calcium r = φ(u)/λ; this and what follows is at the end of the range of doubles where it would be beyond.
    pub calcium: f64,
    /// What it is to its neighbourhood.
    pub kind: Kind,
    /// The Jacobian, rows first; at a corner of φ with the slope on the right.
    pub jacobian: [[f64; 2]; 2],
    /// The eigenvalues of the Jacobian, (real, imaginary), the greater first.
    pub eigenvalues: [(f64, f64); 2],
}

/// The balance F of what drives the potential against its decay, in units of the potential.
pub(crate) struct Balance<'a> {
    model: &'a Model,
    input: f64,
}

impl<'a> Balance<'a> {
    pub(crate) fn new(model: &'a Model, current: f64) -> Self {
        Self { model, input: current / model.beta() }
    }

    /// G(u); 0 without synapses, whatever the rate.
    fn drive(&self, u: f64) -> f64 {
        let (gain, rate) = (self.model.alpha() / self.model.beta(), self.model.rate().at(u));
        if gain == 0.0 {
            return 0.0;
        }
        gain * rate * (rate / self.model.lam() + self.model.transmitted_offset())
    }

    /// F(u).
    pub(crate) fn at(&self, u: f64) -> f64 {
        self.drive(u) + self.input - u
    }

    /// F'(u), from the right where φ has a corner; −det J/(βλ) at an equilibrium.
    pub(crate) fn slope(&self, u: f64) -> f64 {
        let (gain, rate) = (self.model.alpha() / self.model.beta(), self.model.rate());
        if gain == 0.0 {
            return -1.0;
        }
        let calcium = rate.at(u) / self.model.lam();
        gain * rate.slope(u) * (2.0 * calcium + self.model.transmitted_offset()) - 1.0
    }

    /// The sign of F, 0 where rounding could have made it.
    fn sign(&self, u: f64) -> f64 {
        let (drive, balance) = (self.drive(u), self.at(u));
        let rounding = INDISTINCT * (drive + self.input + u);
        if balance.abs() <= rounding && balance.is_finite() { 0.0 } else { balance.signum() }
    }

    /// A potential beyond which F has neither a root nor a turning point.
    pub(crate) fn horizon(&self, last_bend: f64) -> f64 {
        let rate = self.model.rate();
        if rate.is_bounded() || self.model.alpha() == 0.0 {
            let highest = rate.supremum(0.0, f64::MAX);
            let calcium = highest / self.model.lam() + self.model.transmitted_offset();
            let gain = self.model.alpha() / self.model.beta();
            let most = if gain == 0.0 { 0.0 } else { gain * highest * calcium };
            return (2.0 * (most + self.input) + 1.0).max(last_bend.next_up()).min(f64::MAX);
        }
        // Convex to the end: once positive and rising, F stays so.
        let mut u = (2.0 * (self.input + last_bend)).clamp(1.0, f64::MAX);
        while !(self.at(u) > 0.0 && self.slope(u) > 0.0) && u < f64::MAX {
            u = (2.0 * u).min(f64::MAX);
        }
        u
    }

    /// Potentials from 0 on, increasing, between which F is monotone.
    fn nodes(&self) -> Vec<f64> {
        let offset = self.model.lam() * self.model.transmitted_offset();
        let mut ends = vec![0.0];
        ends.extend(self.model.rate().inflections(offset).into_iter().filter(|&bend| bend > 0.0));
        ends.push(self.horizon(ends[ends.len() - 1]));
        let mut nodes = vec![0.0];
        for pair in ends.windows(2) {
            let (low, inner) = (pair[0], pair[1].next_down());
            if inner > low && self.slope(low) * self.slope(inner) < 0.0 {
                nodes.push(bisect(|u| self.slope(u), low, inner));
            }
            nodes.push(pair[1]);
        }
        nodes.dedup();
        nodes
    }
}

/// All equilibria with u ≥ 0 under this current, by potential.
///
/// # Errors
/// If the current is not finite and ≥ 0.
pub fn equilibria(model: &Model, current: f64) -> Result<Vec<Equilibrium>, ModelError> {
    let current = nonnegative("current", current)?;
    let balance = Balance::new(model, current);
    let nodes = balance.nodes();
    let signs: Vec<f64> = nodes.iter().map(|&u| balance.sign(u)).collect();
    let mut found = Vec::new();
    let mut before = 0;
    for after in 1..nodes.len() {
        if signs[after] == 0.0 && after + 1 < nodes.len() {
            continue;
        }
        // Signs are known at `before` and `after`, and F is within rounding of 0 at all nodes between them.
        let (from, to) = (signs[before], signs[after]);
        let flat = if from == 0.0 { before..after } else { before + 1..after };
        if from == 0.0 {
            // Only potential 0 has no node below it.
            found.push((0.0, to < 0.0, false));
        } else if from * to < 0.0 {
            let root = bisect(|u| balance.at(u), nodes[before], nodes[after]);
            found.push((root, to < 0.0, false));
        } else if !flat.is_empty() {
            let size = |k: &usize| balance.at(nodes[*k]).abs();
            let nearest = flat.min_by(|a, b| size(a).total_cmp(&size(b)));
            found.extend(nearest.map(|k| (nodes[k], false, true)));
        }
        before = after;
    }
    Ok(found.into_iter().map(|(u, stable, fold)| describe(model, u, stable, fold)).collect())
}

fn describe(model: &Model, potential: f64, stable: bool, fold: bool) -> Equilibrium {
    let calcium = in_range(in_range(model.rate().at(potential)) / model.lam());
    let jacobian = model.jacobian(potential, calcium);
    let eigenvalues = eigenvalues(&jacobian);
    let kind = match (fold, stable) {
        (true, _) => Kind::Fold,
        (false, false) => Kind::Saddle,
        (false, true) if eigenvalues[0].1 != 0.0 => Kind::StableFocus,
        (false, true) => Kind::StableNode,
    };
    Equilibrium { potential, calcium, kind, jacobian, eigenvalues }
}

/// The eigenvalues (real, imaginary) of a matrix, the greater first; those beyond the range of doubles are at its end.
fn eigenvalues(matrix: &[[f64; 2]; 2]) -> [(f64, f64); 2] {
    let size = matrix.as_flattened().iter().fold(0.0_f64, |size, x| size.max(x.abs()));
    if size < 1e150 {
        return plain_eigenvalues(matrix);
    }
    // Squares would leave the range: a power of two takes no digits.
    let scale = 2.0_f64.powi(600);
    let small = matrix.map(|row| row.map(|x| x / scale));
    plain_eigenvalues(&small).map(|(re, im)| (in_range(re * scale), in_range(im * scale)))
}

fn plain_eigenvalues(&[[a, b], [c, d]]: &[[f64; 2]; 2]) -> [(f64, f64); 2] {
    let (middle, half) = (0.5 * (a + d), 0.5 * (a - d));
    let square = half * half + b * c;
    if square < 0.0 {
        let turn = (-square).sqrt();
        return [(middle, turn), (middle, -turn)];
    }
    // The one of greater size first, the other from the product: their difference would cancel.
    let far = middle + square.sqrt().copysign(middle);
    let near = if far == 0.0 { 0.0 } else { (a * d - b * c) / far };
    if far > near { [(far, 0.0), (near, 0.0)] } else { [(near, 0.0), (far, 0.0)] }
}

#[cfg(test)]
mod tests;
