//! Time of one integration of the limit equation, `cargo bench --bench dop853`.

use std::hint::black_box;
use std::time::Instant;

use facilis::dop853::{Options, System, solve};

struct Limit;

impl System for Limit {
    fn dim(&self) -> usize {
        3
    }

    fn rhs(&self, _t: f64, y: &[f64], dy: &mut [f64]) {
        let square = y[0] * y[0];
        let fourth = square * square;
        let rate = fourth / (1.0 + fourth);
        dy[0] = -y[0] + 0.3 * y[1] * rate;
        dy[1] = -0.1 * y[1] + rate;
        dy[2] = -0.2 * y[2] + rate;
    }
}

fn main() {
    for (rtol, atol) in [(1e-6, 1e-9), (1e-9, 1e-12), (1e-12, 1e-14)] {
        let options = Options::new(rtol, atol).unwrap();
        let run = || solve(&Limit, 0.0, &[2.0, 9.0, 0.0], 200.0, black_box(&options)).unwrap();
        let steps = run().len();
        let mut best = f64::INFINITY;
        for _ in 0..50 {
            let start = Instant::now();
            for _ in 0..100 {
                black_box(run());
            }
            best = best.min(start.elapsed().as_secs_f64() / 100.0);
        }
        println!("rtol {rtol:e}: {steps} steps, {:.1} µs", best * 1e6);
    }
}
