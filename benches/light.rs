//! The light loop: the least that an exact spike needs, to measure the kernel against. It simulates nothing.
//!
//! One exponential wait, one random index, one prefetched read-modify-write of 16 bytes, one exponential function. The
//! program reads lines "neurons spikes" and answers each with nanoseconds per spike, so that another program can let it
//! take turns with what it measures.

use std::hint::black_box;
use std::io::BufRead;
use std::time::Instant;

use rand::Rng;
use rand_distr::{Distribution, Exp1};
use rand_pcg::Lcg128CmDxsm64;

/// How many indices are known, and their memory asked for, ahead of their use.
const AHEAD: usize = 16;

struct Light {
    cells: Vec<[f64; 2]>,
    stream: Lcg128CmDxsm64,
}

impl Light {
    fn new(n: usize) -> Self {
        Self { cells: vec![[0.0, 1.0]; n], stream: Lcg128CmDxsm64::new(1, 2) }
    }

    fn index(&mut self) -> usize {
        ((u128::from(self.stream.next_u64()) * self.cells.len() as u128) >> 64) as usize
    }

    fn run(&mut self, spikes: u64) -> f64 {
        let scale = 1e-3 / self.cells.len() as f64;
        let mut ahead: [usize; AHEAD] = std::array::from_fn(|_| self.index());
        let (mut time, mut field) = (0.0, 0.0);
        for k in 0..spikes as usize {
            let wait: f64 = Exp1.sample(&mut self.stream);
            time += wait * scale;
            let next = self.index();
            self.prefetch(next);
            let cell = &mut self.cells[std::mem::replace(&mut ahead[k % AHEAD], next)];
            let decay = (-time).exp();
            field += cell[1] * decay;
            cell[0] -= decay;
            cell[1] += decay;
        }
        field
    }

    #[inline(always)]
    fn prefetch(&self, i: usize) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            // SAFETY: a prefetch is a hint; it reads nothing and every x86-64 has it.
            #[expect(unsafe_code, reason = "no safe function prefetches")]
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>((&raw const self.cells[i]).cast())
            };
        }
    }
}

fn main() {
    let mut light = Light::new(1);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let mut numbers =
            line.split_whitespace().map(|word| word.parse::<u64>().expect("a number"));
        let (n, spikes) =
            (numbers.next().expect("neurons") as usize, numbers.next().expect("spikes"));
        if light.cells.len() != n {
            light = Light::new(n);
        }
        let clock = Instant::now();
        black_box(light.run(spikes));
        println!("{}", 1e9 * clock.elapsed().as_secs_f64() / spikes as f64);
    }
}
