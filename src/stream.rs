//! Random streams: NumPy's `SeedSequence` and `PCG64DXSM`, bit for bit.
//!
//! Replicate k of an ensemble owns the stream that NumPy would make of
//! `SeedSequence(entropy, spawn_key=(…, k))`, so any replicate can be made again from Python.

pub(crate) mod ziggurat;

use rand::Rng;
use rand_pcg::Lcg128CmDxsm64;

/// A generator whose state is that of NumPy's `PCG64DXSM`.
pub type Stream = Lcg128CmDxsm64;

/// The stream in a given state; `increment` is odd, as NumPy keeps it.
pub fn from_state(state: u128, increment: u128) -> Stream {
    Stream::from_state(state, increment >> 1)
}

/// The state and the increment of a stream, as NumPy keeps them.
pub fn state_of(stream: &Stream) -> (u128, u128) {
    (stream.state(), stream.stream() << 1 | 1)
}

/// The stream of replicate `k` below a root whose assembled entropy words are `root`.
///
/// Source: the `SeedSequence` of NumPy's random module (M. O'Neill's `seed_seq_fe`).
pub fn replicate(root: &[u32], k: u32) -> Stream {
    let words: Vec<u32> = root.iter().copied().chain([k]).collect();
    of_pool(&mix_entropy(&words))
}

/// The stream of a `SeedSequence` whose entropy is mixed into this pool.
pub fn of_pool(pool: &[u32; POOL]) -> Stream {
    let [a, b, c, d] = generate_state(pool);
    let wide = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
    // NumPy seeds by PCG64's steps, with the long multiplier, though PCG64DXSM goes on with a short one.
    let increment = wide(c, d) << 1 | 1;
    let state = wide(a, b).wrapping_add(increment);
    from_state(state.wrapping_mul(LONG_MULTIPLIER).wrapping_add(increment), increment)
}

const LONG_MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// A whole number uniform on [0, n): multiplication and rejection (Lemire 2019), without bias.
#[inline]
pub fn below(stream: &mut Stream, n: u32) -> u32 {
    loop {
        let wide = u128::from(stream.next_u64()) * u128::from(n);
        let low = wide as u64;
        // 2^64 mod n < n, so the division is hardly ever needed.
        if low >= u64::from(n) || low >= (u64::from(n).wrapping_neg()) % u64::from(n) {
            return (wide >> 64) as u32;
        }
    }
}

/// A number uniform on the multiples of 2^−53 in [0, 1).
#[inline]
pub fn unit(stream: &mut Stream) -> f64 {
    unit_from(stream.next_u64())
}

/// The same from a word.
#[inline(always)]
pub(crate) fn unit_from(word: u64) -> f64 {
    // By way of a signed number, for which processors have an instruction.
    (word >> 11) as i64 as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// Words of a `SeedSequence`'s pool.
pub const POOL: usize = 4;

fn hash(value: u32, constant: &mut u32, multiplier: u32) -> u32 {
    let mut value = value ^ *constant;
    *constant = constant.wrapping_mul(multiplier);
    value = value.wrapping_mul(*constant);
    value ^ value >> 16
}

fn mix(x: u32, y: u32) -> u32 {
    let result = x.wrapping_mul(0xca01_f9dd).wrapping_sub(y.wrapping_mul(0x4973_f715));
    result ^ result >> 16
}

fn mix_entropy(words: &[u32]) -> [u32; POOL] {
    const MULTIPLIER: u32 = 0x931e_8875;
    let mut constant = 0x43b0_d7e5;
    let mut pool = [0; POOL];
    for (i, slot) in pool.iter_mut().enumerate() {
        *slot = hash(words.get(i).copied().unwrap_or(0), &mut constant, MULTIPLIER);
    }
    for source in 0..POOL {
        for target in 0..POOL {
            if source != target {
                pool[target] = mix(pool[target], hash(pool[source], &mut constant, MULTIPLIER));
            }
        }
    }
    for &word in words.iter().skip(POOL) {
        for slot in &mut pool {
            *slot = mix(*slot, hash(word, &mut constant, MULTIPLIER));
        }
    }
    pool
}

fn generate_state(pool: &[u32; POOL]) -> [u64; 4] {
    let mut constant = 0x8b51_f9dd;
    let mut words = (0..8).map(|i| hash(pool[i % POOL], &mut constant, 0x58f3_8ded));
    let mut next = || u64::from(words.next().expect("eight words"));
    [(); 4].map(|()| next() | next() << 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `PCG64DXSM(SeedSequence(entropy=1, spawn_key=(5,))).random_raw(3)` in NumPy.
    #[test]
    fn a_replicate_has_the_stream_that_numpy_gives_it() {
        let mut stream = replicate(&[1, 0, 0, 0], 5);
        let words = [stream.next_u64(), stream.next_u64(), stream.next_u64()];
        assert_eq!(words, NUMPY);
        let mut again = from_state(state_of(&stream).0, state_of(&stream).1);
        assert_eq!(again.next_u64(), stream.next_u64());
    }

    const NUMPY: [u64; 3] = [8135650821173450780, 12471942953302500464, 6116181442849358408];

    #[test]
    fn whole_numbers_stay_below_their_bound_and_reach_both_ends() {
        let mut stream = replicate(&[1, 0, 0, 0], 0);
        let draws: Vec<u32> = (0..1000).map(|_| below(&mut stream, 7)).collect();
        assert_eq!(draws.iter().min(), Some(&0));
        assert_eq!(draws.iter().max(), Some(&6));
        assert_eq!(below(&mut stream, 1), 0);
    }
}
