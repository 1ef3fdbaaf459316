use serde::{Deserialize, Serialize};

/// xoshiro256**: small, fast, and the same numbers from the same seed on every machine (Blackman and Vigna, 2018).
/// Seeded through SplitMix64, so that seeds close to each other give streams that are not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Random([u64; 4]);

impl Random {
    pub fn new(seed: u64) -> Random {
        let mut state = seed;
        Random([(); 4].map(|()| split_mix64(&mut state)))
    }

    /// From 0 up to, not with, 1.
    pub fn next(&mut self) -> f64 {
        // The upper 53 bits, which are as many as a double holds.
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` up to, not with, `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }
}

fn split_mix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// For a run that was given none.
pub fn random_seed() -> Result<u64, String> {
    getrandom::u64().map_err(|error| format!("this machine has no random numbers: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_give_the_published_numbers_of_split_mix64() {
        let mut state = 1_234_567;
        assert_eq!(split_mix64(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(split_mix64(&mut state), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_are_spread_over_the_whole_range_and_never_reach_its_end() {
        let mut random = Random::new(7);
        let mut counts = [0; 10];
        for _ in 0..100_000 {
            counts[(random.next() * 10.0) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
    }
}
