//! The pieces into which corners cut the rate. Each neuron of an equation is on one of them during a step, on which the
//! rate goes on straight beyond the ends, so that it is smooth for a whole step; the step ends where the first neuron
//! leaves its piece.
//!
//! Corners that hardly bend the rate, as those of a fine table, are passed like any other place.

use crate::dop853::{Step, change};
use crate::limit::mark_crossings::MarkCrossings;
use crate::rate::Rate;

/// How far a neuron may be beyond the end of its piece, in parts of the potential there and of its own offset.
const MARGIN: f64 = 1e-13;

/// A corner is passed if it moves the rate by less than this part of the error allowed.
const UNSEEN: f64 = 0.1;

/// Parts of a step at which neurons are looked at; the first ones find one that turns back at once.
const LOOKS: [f64; 8] = [0.0, 1e-9, 1e-4, 0.01, 0.1, 0.4, 0.7, 1.0];

/// What an equation needs of a corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Smoothness {
    /// The rate alone.
    Rate,
    /// Its slope, too.
    Slope,
}

struct Corner {
    potential: f64,
    rate: f64,
    /// On the left and on the right.
    slopes: [f64; 2],
}

/// Which piece of the rate each neuron is on; neuron k has the potential x + `offset[k]`·e^{−βt}.
pub(super) struct Pieces<'a> {
    rate: &'a Rate,
    beta: f64,
    offset: Vec<f64>,
    corners: Vec<Corner>,
    marks: MarkCrossings,
    on: Vec<usize>,
}

impl<'a> Pieces<'a> {
    /// Those of neurons with these offsets, for an error of `relative` in what the equation needs.
    pub(super) fn new(
        rate: &'a Rate,
        beta: f64,
        offset: Vec<f64>,
        needs: Smoothness,
        relative: f64,
    ) -> Self {
        let on = vec![0; offset.len()];
        let (corners, marks) = (corners(rate, needs, relative), MarkCrossings::new(rate));
        Self { rate, beta, offset, corners, marks, on }
    }

    /// By what neurons' potentials exceed the common one at time `t`, in parts of their offsets.
    fn decay(&self, t: f64) -> f64 {
        (-self.beta * t).exp()
    }

    /// The potentials of all neurons.
    pub(super) fn potentials(&self, t: f64, x: f64) -> impl Iterator<Item = f64> + '_ {
        let decay = self.decay(t);
        self.offset.iter().map(move |offset| x + offset * decay)
    }

    /// The rate of neuron `k`, whose potential is `u`, on its piece.
    #[inline]
    pub(super) fn rate(&self, k: usize, u: f64) -> f64 {
        match self.beyond(k, u) {
            Some((corner, side)) => corner.rate + corner.slopes[side] * (u - corner.potential),
            None => self.rate.at(u),
        }
    }

    /// The slope of its rate there.
    pub(super) fn slope(&self, k: usize, u: f64) -> f64 {
        match self.beyond(k, u) {
            Some((corner, side)) => corner.slopes[side],
            None => self.rate.slope(u),
        }
    }

    /// The end of neuron `k`'s piece at which or beyond which `u` is, and on which side of that corner the piece lies.
    #[inline]
    fn beyond(&self, k: usize, u: f64) -> Option<(&Corner, usize)> {
        let (low, high) = self.ends(k);
        high.filter(|c| u >= c.potential)
            .map(|c| (c, 0))
            .or_else(|| low.filter(|c| u < c.potential).map(|c| (c, 1)))
    }

    #[inline]
    fn ends(&self, k: usize) -> (Option<&Corner>, Option<&Corner>) {
        let on = self.on[k];
        (on.checked_sub(1).map(|below| &self.corners[below]), self.corners.get(on))
    }

    /// Puts each neuron on its piece; one at a corner on that into which it moves, `slope` being that of `x`.
    pub(super) fn enter(&mut self, t: f64, x: f64, slope: f64) {
        let decay = self.decay(t);
        for (on, offset) in self.on.iter_mut().zip(&self.offset) {
            let u = x + offset * decay;
            let rises = slope - self.beta * offset * decay >= 0.0;
            *on = self.corners.partition_point(|corner| {
                let margin = 2.0 * margin(corner, *offset);
                corner.potential < u - margin || rises && corner.potential <= u + margin
            });
        }
    }

    /// The first time in `step`, whose first component is x, at which a neuron is beyond an end of its piece.
    pub(super) fn leave(&self, step: &Step<'_>) -> Option<f64> {
        if self.corners.is_empty() {
            return None;
        }
        let (start, width) = (step.t_start(), step.t_end() - step.t_start());
        let time = |part| if part == 1.0 { step.t_end() } else { start + part * width };
        LOOKS.windows(2).find_map(|parts| {
            let (from, to) = (time(parts[0]), time(parts[1]));
            let (before, after) = (Look::new(self, step, from), Look::new(self, step, to));
            (0..self.offset.len()).fold(None, |left, k| {
                let inside = |t: f64| {
                    self.inside_by(k, step.component(0, t) + self.offset[k] * self.decay(t))
                };
                let mut out =
                    self.inside_by(k, after.potential(k)).is_sign_negative().then_some(to);
                let turns = before.velocity(k) * after.velocity(k) < 0.0;
                if out.is_none() && turns {
                    // It may have been outside and be back.
                    let turn = change(from, to, |t| Look::new(self, step, t).velocity(k));
                    out = (inside(turn) < 0.0).then_some(turn);
                }
                // Another neuron may have left before.
                let out = out.map(|out| left.map_or(out, |left: f64| left.min(out)));
                out.filter(|&out| inside(out) < 0.0).map(|out| change(from, out, inside)).or(left)
            })
        })
    }

    /// How far `u` is within the ends of neuron `k`'s piece and their margins.
    fn inside_by(&self, k: usize, u: f64) -> f64 {
        let (low, high) = self.ends(k);
        let above = low.map_or(f64::INFINITY, |c| u - c.potential + margin(c, self.offset[k]));
        let below = high.map_or(f64::INFINITY, |c| c.potential - u + margin(c, self.offset[k]));
        above.min(below)
    }

    /// How many marks of the rate a neuron passes on its piece, at most, between two times at which x is given, as
    /// [`crate::dop853::System::overreach`] wants it.
    pub(super) fn overreach(&self, from: (f64, f64), to: (f64, f64)) -> f64 {
        if self.marks.are_few() {
            return 0.0;
        }
        let both = self.potentials(from.0, from.1).zip(self.potentials(to.0, to.1));
        let passed = both.enumerate().map(|(k, (a, b))| {
            let (low, high) = self.ends(k);
            let low = low.map_or(0.0, |c| c.potential);
            let high = high.map_or(f64::INFINITY, |c| c.potential);
            self.marks.between(a.max(low).min(high), b.max(low).min(high))
        });
        passed.fold(0.0, f64::max)
    }
}

/// The state of all neurons at a time within a step.
struct Look<'a> {
    pieces: &'a Pieces<'a>,
    x: f64,
    slope: f64,
    decay: f64,
}

impl<'a> Look<'a> {
    fn new(pieces: &'a Pieces<'a>, step: &Step<'_>, t: f64) -> Self {
        let (x, slope) = step.component_and_slope(0, t);
        Self { pieces, x, slope, decay: pieces.decay(t) }
    }

    fn potential(&self, k: usize) -> f64 {
        self.x + self.pieces.offset[k] * self.decay
    }

    fn velocity(&self, k: usize) -> f64 {
        self.slope - self.pieces.beta * self.pieces.offset[k] * self.decay
    }
}

fn margin(corner: &Corner, offset: f64) -> f64 {
    MARGIN * (corner.potential + offset.abs())
}

/// The corners that have to be seen.
fn corners(rate: &Rate, needs: Smoothness, relative: f64) -> Vec<Corner> {
    // At potential 0 there is no other side.
    let places: Vec<f64> = rate.corners().into_iter().filter(|&u| u > 0.0).collect();
    let width = |k: usize| if k == 0 { places[0] } else { places[k] - places[k - 1] };
    let seen = |k: usize| {
        let potential = places[k];
        let slopes = [rate.slope(potential.next_down()), rate.slope(potential)];
        let corner = Corner { potential, rate: rate.at(potential), slopes };
        let bend = (slopes[1] - slopes[0]).abs();
        let share = UNSEEN * relative;
        let passed = match needs {
            Smoothness::Slope => bend <= share * slopes[0].abs().max(slopes[1].abs()),
            Smoothness::Rate => {
                let near =
                    width(k).min(if k + 1 < places.len() { width(k + 1) } else { potential });
                bend * near / 8.0 <= share * corner.rate
            }
        };
        (!passed).then_some(corner)
    };
    (0..places.len()).filter_map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(rate: &Rate, relative: f64) -> Pieces<'_> {
        Pieces::new(rate, 1.0, vec![0.0], Smoothness::Rate, relative)
    }

    #[test]
    fn a_rate_goes_on_straight_beyond_its_piece() {
        let ramp = Rate::ramp(1.0, 2.0, 3.0).unwrap();
        let mut pieces = pieces(&ramp, 1e-9);
        pieces.enter(0.0, 1.5, 1.0);
        assert_eq!(
            [0.5, 1.0, 1.5, 2.0, 3.0].map(|u| pieces.rate(0, u)),
            [-1.5, 0.0, 1.5, 3.0, 6.0]
        );
        assert_eq!([0.5, 1.0, 2.0, 3.0].map(|u| pieces.slope(0, u)), [3.0; 4]);
        // At a corner the direction decides.
        pieces.enter(0.0, 1.0, -1.0);
        assert_eq!([0.5, 1.5].map(|u| pieces.rate(0, u)), [0.0, 0.0]);
        pieces.enter(0.0, 2.0, 1.0);
        assert_eq!([1.5, 2.5].map(|u| pieces.rate(0, u)), [3.0, 3.0]);
    }

    #[test]
    fn corners_of_a_fine_table_are_passed_and_true_ones_seen() {
        let potential: Vec<f64> = (0..=1_000_000).map(|k| f64::from(k) * 1e-5).collect();
        let smooth = |u: f64| 1.0 + u.powi(2) / (1.0 + u.powi(2));
        let bent = |u: f64| smooth(u) + 0.1 * (u - 3.0).max(0.0);
        let table = |f: &dyn Fn(f64) -> f64| {
            let rate: Vec<f64> = potential.iter().map(|&u| f(u)).collect();
            Rate::table(&potential, &rate, crate::rate::Interpolation::Linear).unwrap()
        };
        // The end of the table is one, too: from there on it is flat.
        assert_eq!(pieces(&table(&smooth), 1e-9).corners.len(), 1);
        let found = table(&bent);
        let found: Vec<f64> = pieces(&found, 1e-9).corners.iter().map(|c| c.potential).collect();
        assert_eq!(found.len(), 2);
        assert!((found[0] - 3.0).abs() < 1e-9 && (found[1] - 10.0).abs() < 1e-9);
    }
}
