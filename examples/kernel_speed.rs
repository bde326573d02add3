use facilis::model::*;
use facilis::rate::Rate;
use facilis::record::*;
use facilis::simulation::*;
use facilis::stimulus::Stimulus;
use facilis::stream;
use std::time::Instant;
fn main() {
    let alpha = 0.5;
    let rate = Rate::hill(1.0, 1.0, 4.0, 0.0).unwrap();
    let model =
        Model::new(alpha, 1.0, 0.1, rate.clone(), Transmits::Before, Recipients::Others).unwrap();
    let mut u: f64 = 5.0;
    for _ in 0..200 {
        let p = rate.at(u);
        u = alpha / 0.1 * p * p;
    }
    let r = rate.at(u) / 0.1;
    for e in 1..=7 {
        let n = 10usize.pow(e);
        let mut v = vec![];
        let mut w = vec![];
        let mut acc = 0.0;
        for k in 0..5 {
            let mut sim = Simulation::new(
                model.clone(),
                n,
                &[u],
                &[r],
                Stimulus::default(),
                stream::replicate(&[1, 0, 0, 0], k),
            )
            .unwrap();
            let goal = Goal {
                until: f64::INFINITY,
                candidates: u64::MAX,
                spikes: 3_000_000.max(n as u64),
                region: None,
            };
            let t = Instant::now();
            let stop = sim.advance(&goal, &mut Nothing);
            v.push(t.elapsed().as_nanos() as f64 / sim.spikes() as f64);
            assert!(stop == Stop::Spikes || stop == Stop::Extinct, "{stop:?}");
            acc = sim.spikes() as f64 / sim.proposals() as f64;
            let s0 = sim.spikes();
            let mut rec = SpikeTrain::default();
            let t = Instant::now();
            sim.advance(&goal, &mut rec);
            w.push(t.elapsed().as_nanos() as f64 / (sim.spikes() - s0) as f64);
        }
        v.sort_by(f64::total_cmp);
        w.sort_by(f64::total_cmp);
        println!("10^{e} {:.1} ns  recorded {:.1}  acceptance {acc:.4}", v[2], w[2]);
    }
}
