//! Exponential waits by the ziggurat (Marsaglia and Tsang 2000), with tables of our own: they have
//! the same bits on every machine, as the logarithms of mathematical libraries don't.
//!
//! 256 layers of equal area cover the density e^{−x}. A draw picks a layer and a point across it; most
//! points lie within the part that is wholly below the density, and are accepted at once.

use rand::Rng;

use super::{Stream, unit};
use crate::exp::exp;

const LAYERS: usize = 256;
/// Where the tail begins that belongs to the lowest layer, and the area of every layer.
const TAIL: f64 = 7.697_117_470_131_05;
const AREA: f64 = 0.003_949_659_822_581_556;
/// 2^−53
const STEP: f64 = 1.0 / (1_u64 << 53) as f64;

/// e^{−x} at the right ends of the layers.
static DENSITY: [f64; LAYERS + 1] = densities(&ends());
/// What most draws need of a layer.
static LAYER: [Layer; LAYERS] = layers(&ends());

#[derive(Clone, Copy)]
struct Layer {
    /// Width of a layer, per 2^53.
    step: f64,
    /// Up to here the layer is below the density.
    sure: f64,
}

/// A wait from the exponential law of mean 1, from one word of the stream but for two in a hundred.
#[inline(always)]
pub(crate) fn exponential(stream: &mut Stream) -> f64 {
    let word = stream.next_u64();
    let layer = (word & 0xff) as usize;
    let x = (word >> 11) as i64 as f64 * LAYER[layer].step;
    if x < LAYER[layer].sure { x } else { beyond(stream, layer, x) }
}

/// The wait for a draw that fell on `x` in the part of `layer` that is not wholly below the density.
#[cold]
#[inline(never)]
fn beyond(stream: &mut Stream, layer: usize, x: f64) -> f64 {
    if layer == 0 {
        // A wait that has lasted so long begins anew.
        return TAIL + exponential(stream);
    }
    let (low, high) = (DENSITY[layer], DENSITY[layer + 1]);
    if low + (high - low) * unit(stream) < exp(-x) { x } else { exponential(stream) }
}

/// The right ends, from the lowest layer up; that of the lowest is as if it had no tail.
const fn ends() -> [f64; LAYERS + 1] {
    let mut end = [0.0; LAYERS + 1];
    end[0] = AREA / exp(-TAIL);
    end[1] = TAIL;
    let mut i = 1;
    while i + 1 < LAYERS {
        end[i + 1] = -log(AREA / end[i] + exp(-end[i]));
        i += 1;
    }
    end
}

const fn densities(end: &[f64; LAYERS + 1]) -> [f64; LAYERS + 1] {
    let (mut density, mut i) = ([1.0; LAYERS + 1], 0);
    while i < LAYERS {
        density[i] = exp(-end[i]);
        i += 1;
    }
    density
}

const fn layers(end: &[f64; LAYERS + 1]) -> [Layer; LAYERS] {
    let (mut layer, mut i) = ([Layer { step: 0.0, sure: 0.0 }; LAYERS], 0);
    while i < LAYERS {
        layer[i] = Layer { step: end[i] * STEP, sure: end[i + 1] };
        i += 1;
    }
    layer
}

/// ln a for a in (0, 1), by Halley's iteration on the exponential.
const fn log(a: f64) -> f64 {
    let (mut x, mut i) = (a - 1.0, 0);
    while i < 20 {
        let e = exp(x);
        x += 2.0 * (a - e) / (a + e);
        i += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::replicate;
    use rand_distr::{Distribution, Exp1};

    #[test]
    fn all_layers_have_the_same_area() {
        let end = ends();
        for i in 1..LAYERS {
            let area = end[i] * (DENSITY[i + 1] - DENSITY[i]);
            assert!((area / AREA - 1.0).abs() < 1e-12, "{i}: {area}");
        }
        let lowest = TAIL * exp(-TAIL) + exp(-TAIL);
        assert!((lowest / AREA - 1.0).abs() < 1e-14);
    }

    #[test]
    fn waits_have_the_law_of_a_library_s_waits() {
        // Kolmogorov and Smirnov for two samples, at a level of 1e-6.
        let n = 1_000_000;
        let mut stream = replicate(&[2, 0, 0, 0], 0);
        let mut ours: Vec<f64> = (0..n).map(|_| exponential(&mut stream)).collect();
        let mut theirs: Vec<f64> = (0..n).map(|_| Exp1.sample(&mut stream)).collect();
        ours.sort_by(f64::total_cmp);
        theirs.sort_by(f64::total_cmp);
        let below = |x: f64| theirs.partition_point(|&y| y <= x) as f64;
        let apart = ours.iter().enumerate().map(|(i, &x)| (below(x) - i as f64).abs());
        assert!(apart.fold(0.0, f64::max) < 2.7 * f64::from(2 * n).sqrt());
    }

    #[test]
    fn waits_have_the_exponential_law() {
        // Kolmogorov and Smirnov at a level of 1e-6, and the tail apart, which they hardly see.
        let mut stream = replicate(&[1, 0, 0, 0], 0);
        let mut waits: Vec<f64> = (0..1_000_000).map(|_| exponential(&mut stream)).collect();
        waits.sort_by(f64::total_cmp);
        let n = waits.len() as f64;
        let distance = waits.iter().enumerate().map(|(i, x)| {
            let law = 1.0 - (-x).exp();
            (law - i as f64 / n).max((i + 1) as f64 / n - law)
        });
        assert!(distance.fold(0.0, f64::max) * n.sqrt() < 2.7);
        let tail = waits.iter().filter(|&&x| x > TAIL + 1.0).count() as f64;
        let expected = n * (-TAIL - 1.0).exp();
        assert!((tail - expected).abs() < 5.0 * expected.sqrt(), "{tail} {expected}");
    }
}
