//! Time of one solution of the limit equation, dense output included: `cargo bench --bench limit`.

use std::hint::black_box;
use std::time::Instant;

use facilis::dop853::Options;
use facilis::{InitialLaw, Model, Rate, Recipients, Stimulus, Transmits, solve_limit};

fn main() {
    let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    let model = Model::new(0.3, 1.0, 0.1, rate, Transmits::Before, Recipients::Others).unwrap();
    let start = InitialLaw::point(2.0, 9.0).unwrap();
    println!("| `solve_limit` over [0, 200] in Rust, rtol | steps | median of 50, µs |");
    println!("| ---: | ---: | ---: |");
    for (rtol, atol) in [(1e-6, 1e-9), (1e-9, 1e-12), (1e-12, 1e-14)] {
        let options = Options::new(rtol, atol).unwrap();
        let stimulus = Stimulus::default();
        let run = || solve_limit(&model, &start, &stimulus, 200.0, black_box(&options)).unwrap();
        let steps = run().len();
        let mut times: Vec<f64> = (0..50)
            .map(|_| {
                let clock = Instant::now();
                for _ in 0..20 {
                    black_box(run());
                }
                1e6 * clock.elapsed().as_secs_f64() / 20.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("| {rtol:e} | {steps} | {:.1} |", times[times.len() / 2]);
    }
}
