//! How long to wait before the next try.

/// A pause before the next try, in milliseconds: short at first, then longer and longer up to a quarter of a minute.
/// `chance` is a random number from 0 to 1; it spreads the tries of many browsers after a restart of the server.
pub(super) fn before_try(failures: u32, chance: f64) -> u32 {
    const SPREAD: f64 = 1_000.0;
    let steps = [300, 2_000, 4_000, 8_000];
    let least = steps.get(failures.saturating_sub(1) as usize).copied().unwrap_or(15_000);
    least + (chance.clamp(0.0, 1.0) * SPREAD) as u32
}

/// From this failure on the reader is told; one alone is mostly over before it can be read.
pub(super) const WORTH_TELLING: u32 = 2;

#[cfg(test)]
mod tests {
    use super::before_try;

    #[test]
    fn pauses_grow_to_a_limit_and_are_spread() {
        let least: Vec<u32> = (1..8).map(|failures| before_try(failures, 0.0)).collect();
        assert_eq!(least, [300, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        assert_eq!(before_try(1, 0.5), 800);
        assert_eq!(before_try(9, 1.0), 16_000);
        assert_eq!(before_try(1, f64::NAN), 300);
    }
}
