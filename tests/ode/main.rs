//! The integrator against known solutions and against itself at much finer steps.

mod accuracy;
mod behaviour;

use facilis::dop853::{Options, Solution, System, solve};

/// A system given by a closure.
struct Closure<F>(usize, F);

impl<F: Fn(f64, &[f64], &mut [f64])> System for Closure<F> {
    fn dim(&self) -> usize {
        self.0
    }

    fn rhs(&self, t: f64, y: &[f64], dy: &mut [f64]) {
        (self.1)(t, y, dy);
    }
}

fn hill(u: f64) -> f64 {
    let fourth = (u * u) * (u * u);
    fourth / (1.0 + fourth)
}

/// The limit equation with a saturating rate, at the weight `alpha`.
fn limit(alpha: f64) -> impl System {
    Closure(3, move |_, y: &[f64], dy: &mut [f64]| {
        let rate = hill(y[0]);
        dy[0] = -y[0] + alpha * y[1] * rate;
        dy[1] = -0.1 * y[1] + rate;
        dy[2] = -0.2 * y[2] + rate;
    })
}

fn oscillator() -> impl System {
    Closure(2, |_, y: &[f64], dy: &mut [f64]| (dy[0], dy[1]) = (y[1], -y[0]))
}

fn van_der_pol() -> impl System {
    Closure(2, |_, y: &[f64], dy: &mut [f64]| {
        (dy[0], dy[1]) = (y[1], (1.0 - y[0] * y[0]) * y[1] - y[0]);
    })
}

fn options(rtol: f64) -> Options {
    Options::new(rtol, 1e-3 * rtol).unwrap()
}

/// Times spread evenly over a solution, thousands of them: many in every step.
fn times(path: &Solution) -> impl Iterator<Item = f64> {
    let (start, end) = (path.t_start(), path.t_end());
    (0..=20_000).map(move |i| start + (end - start) * f64::from(i) / 20_000.0)
}

/// Largest error over the whole interval, in units of `atol + rtol·max(|y|, size)`.
fn worst(path: &Solution, rtol: f64, size: f64, exact: impl Fn(f64, &mut [f64])) -> f64 {
    let (mut here, mut there) = (vec![0.0; path.dim()], vec![0.0; path.dim()]);
    let mut worst = 0.0_f64;
    for t in times(path) {
        path.eval(t, &mut here);
        exact(t, &mut there);
        for (a, b) in here.iter().zip(&there) {
            let allowed = rtol * (1e-3 + b.abs().max(size));
            assert!(a.is_finite());
            worst = worst.max((a - b).abs() / allowed);
        }
    }
    worst
}

/// The solution in steps so small that its error is a few roundings.
fn reference(system: &impl System, y: &[f64], t_end: f64) -> Solution {
    let options = Options::new(1e-13, 1e-16).unwrap();
    let options = options.with_max_step(t_end.abs() / 4000.0).unwrap();
    solve(system, 0.0, y, t_end, &options).unwrap()
}
