//! The stable manifold of a saddle: the border between two basins, and the memory threshold of a stimulus.
//!
//! It is followed backward in time from the saddle, along the eigenvector of the negative eigenvalue on either
//! side. Backward, neighbouring orbits draw near to it, so errors fade instead of growing.

use crate::dop853::{OdeError, Options, Solution, Step, integrate};
use crate::limit::LimitError;
use crate::limit::equilibria::Equilibrium;
use crate::limit::plane_flow::PlaneFlow;
use crate::model::Model;

/// Distance from the saddle at which a branch starts, relative to its coordinates. What the eigenvector neglects is
/// of the order of its square.
const START: f64 = 1e-7;

/// Potential below which the curve counts as the axis, relative to the saddle's.
const HUGGING: f64 = 1e-10;

/// A step that says that a branch has come to an end, in units of the slower decay: a stiff equation moves little in
/// short ones, too.
const LONG: f64 = 0.1;

/// A potential so great that the curve is at its end.
const BEYOND: f64 = 1e100;

/// How far, backward in time and in units of the slower decay, a branch is followed at most.
const LONGEST: f64 = 2000.0;

/// The points of the manifold within the box [0, `most.0`] × [0, `most.1`], the saddle or fold among them, in order along
/// it, the branch towards smaller potentials first. A line through the points is nowhere off by more
/// than about `tolerance`, relative to the saddle's coordinates, or to the point's own where they are greater.
///
/// As long as `go_on`, asked after each step, says so.
///
/// # Errors
/// If the integration fails or is stopped.
pub fn manifold(
    model: &Model,
    current: f64,
    saddle: &Equilibrium,
    most: (f64, f64),
    tolerance: f64,
    mut go_on: impl FnMut() -> bool,
) -> Result<Vec<(f64, f64)>, LimitError> {
    if saddle.potential == 0.0 {
        // Neurons don't spike there, so the axis is invariant, and calcium decays along it.
        return Ok(vec![(0.0, most.1), (0.0, saddle.calcium)]);
    }
    let size = (saddle.potential, if saddle.calcium > 0.0 { saddle.calcium } else { 1e-3 });
    let mut side = |side| branch(model, current, saddle, side, most, size, tolerance, &mut go_on);
    let mut left = side(-1.0)?;
    left.reverse();
    left.push((saddle.potential, saddle.calcium));
    left.extend(side(1.0)?);
    Ok(left)
}

/// One branch from the saddle outwards, without the saddle.
#[expect(clippy::too_many_arguments, reason = "the arguments of `manifold`, and the side")]
fn branch(
    model: &Model,
    current: f64,
    saddle: &Equilibrium,
    side: f64,
    most: (f64, f64),
    size: (f64, f64),
    tolerance: f64,
    go_on: &mut impl FnMut() -> bool,
) -> Result<Vec<(f64, f64)>, LimitError> {
    let (du, dr) = stable_direction(model, saddle, side);
    let length = START / (du.abs() / size.0).max(dr.abs() / size.1);
    let start = [saddle.potential + length * du, saddle.calcium + length * dr];
    let outside = |u: f64, r: f64| u < 0.0 || r < 0.0 || u > most.0 || r > most.1;
    if outside(start[0], start[1]) {
        return Ok(vec![]);
    }
    let mut path = Solution::new(0.0, &start);
    let options = Options::new(1e-11, 1e-13 * size.0.min(size.1))?;
    let slower = model.lam().min(model.beta());
    let t_end = LONGEST / slower;
    // Where neurons without potential don't spike, the curve comes ever nearer to the axis without reaching it.
    let floor = if model.rate().at(0.0) == 0.0 { HUGGING * size.0 } else { 0.0 };
    let depth = |_t: f64, y: &[f64]| (y[0] - floor).min(y[1]).min(most.0 - y[0]).min(most.1 - y[1]);
    let field = PlaneFlow::new(model, current, -1.0);
    // A branch may tend to a point or an axis without leaving the box: it ends where it hardly moves any more.
    let mut stopped = false;
    let ended = integrate(&field, &mut path, t_end, &options, |step: &Step<'_>| {
        if !go_on() {
            stopped = true;
            return Some(step.t_end());
        }
        let long = (step.t_end() - step.t_start()).abs() * slower > LONG;
        step.root(depth).or_else(|| (long && rests(step, size)).then(|| step.t_end()))
    });
    match ended {
        _ if stopped => return Err(LimitError::Stopped),
        Ok(_) => {}
        // Backward a fast decay leads beyond the doubles before the other coordinate has come to an end.
        Err(OdeError::NotFinite { .. }) if path.y_end()[0] > BEYOND => {}
        Err(error) => return Err(error.into()),
    }
    let mut points = vec![(start[0], start[1])];
    for step in path.steps() {
        sample(&step, size, tolerance, &mut points);
    }
    for (u, r) in &mut points {
        (*u, *r) = (u.clamp(0.0, most.0), r.clamp(0.0, most.1));
    }
    Ok(points)
}

/// Whether a long step ends where it began, for all that can be drawn.
fn rests(step: &Step<'_>, size: (f64, f64)) -> bool {
    let moved = |index: usize, size: f64| {
        let (a, b) = (step.component(index, step.t_start()), step.component(index, step.t_end()));
        (a - b).abs() / size
    };
    step.t_start() > 0.0 && moved(0, size.0).max(moved(1, size.1)) < 1e-13
}

/// The unit eigenvector of the negative eigenvalue, towards smaller (side −1) or greater potentials, by the slope that the
/// rate has on that side; a vertical one counts as "smaller" upwards.
fn stable_direction(model: &Model, saddle: &Equilibrium, side: f64) -> (f64, f64) {
    let [[mut a, b], [mut c, d]] = saddle.jacobian;
    if side < 0.0 && saddle.potential > 0.0 {
        c = model.rate().slope(saddle.potential.next_down());
        let transmitted = saddle.calcium + model.transmitted_offset();
        a = -model.beta() + model.alpha() * transmitted * c;
    }
    let (middle, half) = (0.5 * (a + d), 0.5 * (a - d));
    let negative = middle - (half * half + b * c).max(0.0).sqrt();
    // Of the two rows of J − μ the one that determines the vector better.
    let (u, r) = if b.abs() + (negative - a).abs() >= c.abs() + (negative - d).abs() {
        (b, negative - a)
    } else {
        (negative - d, c)
    };
    let length = (u * u + r * r).sqrt();
    let upwards = if u != 0.0 { u.signum() * side } else { -r.signum() * side };
    (u / length * upwards, r / length * upwards)
}

/// Adds points of the step's interpolant so close that lines between them are as near as asked.
fn sample(step: &Step<'_>, size: (f64, f64), tolerance: f64, points: &mut Vec<(f64, f64)>) {
    let at = |part: f64| {
        let t = step.t_start() + part * (step.t_end() - step.t_start());
        (step.component(0, t), step.component(1, t))
    };
    let (mut sagitta, probes) = (0.0_f64, 8);
    for k in 0..probes {
        let [a, b, c] = [0.0, 0.5, 1.0].map(|part| at((k as f64 + part) / probes as f64));
        let (width, height) = (b.0.max(1e-3 * size.0), b.1.max(size.1));
        let side = |p: (f64, f64)| ((p.0 - a.0) / width, (p.1 - a.1) / height);
        let ((x, y), (chord_x, chord_y)) = (side(b), side(c));
        // Vertical distance from the chord, so that a straight line needs few points; from a steep one not quite.
        let chord = (chord_x * chord_x + chord_y * chord_y).sqrt();
        if chord > 0.0 {
            let run = chord_x.abs().max(0.1 * chord);
            sagitta = sagitta.max((x * chord_y - y * chord_x).abs() / run);
        }
    }
    let parts = probes as f64 * (sagitta / tolerance).sqrt();
    let parts = parts.ceil().clamp(1.0, 1e5) as usize;
    points.extend((1..=parts).map(|k| at(k as f64 / parts as f64)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::equilibria::equilibria;
    use crate::limit::{InitialLaw, solve_limit};
    use crate::model::{Recipients, Transmits};
    use crate::rate::Rate;
    use crate::stimulus::Stimulus;

    #[test]
    fn starts_on_either_side_end_apart() {
        let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
        let model = Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap();
        let saddle = equilibria(&model, 0.0).unwrap()[1].clone();
        let curve = manifold(&model, 0.0, &saddle, (1e9, 40.0), 1e-9, || true).unwrap();
        assert!(curve.is_sorted_by(|a, b| a.0 < b.0 && a.1 > b.1));
        assert_eq!((curve[0].1, curve[curve.len() - 1].1), (40.0, 0.0));
        for &(u, r) in curve.iter().step_by(curve.len() / 20) {
            let ends = |r: f64| {
                let start = InitialLaw::point(u, r).unwrap();
                let options = Options::new(1e-11, 1e-14).unwrap();
                let path = solve_limit(&model, &start, &Stimulus::default(), 300.0, &options);
                path.unwrap().y_end()[0]
            };
            assert!(ends(r + 1e-8 * r.max(1.0)) > 2.0);
            assert!(ends((r - 1e-8 * r.max(1.0)).max(0.0)) < 0.5 || r == 0.0);
        }
    }
}
