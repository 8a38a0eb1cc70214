//! The choice of the next token.

/// How bold the choice is; small models ramble when it is large.
const TEMPERATURE: f32 = 0.2;
/// The share of the probability among which is chosen.
const TOP_P: f32 = 0.9;
/// By how much a token that was just written becomes less likely.
const REPEAT_PENALTY: f32 = 1.1;
/// How many tokens count as just written.
const REPEAT_WINDOW: usize = 64;
/// A token this many times `e` less likely than the best is never chosen.
const NEGLIGIBLE: f32 = 20.0;

/// Chooses tokens. The same seed makes the same choices.
#[derive(Debug)]
pub struct Sampler {
    state: u64,
    likely: Vec<(u32, f32)>,
}

impl Sampler {
    /// One that chooses by this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, likely: Vec::new() }
    }

    /// Chooses the next token, given what the model thinks of each and what it has written. None when the
    /// model has gone astray and thinks nothing that is a number.
    pub fn pick(&mut self, logits: &mut [f32], written: &[u32]) -> Option<u32> {
        penalise(logits, &written[written.len().saturating_sub(REPEAT_WINDOW)..]);
        let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let floor = best - NEGLIGIBLE * TEMPERATURE;
        self.likely.clear();
        let likely = (0..).zip(logits.iter()).filter(|(_, logit)| **logit >= floor);
        self.likely.extend(likely.map(|(token, logit)| (token, ((logit - best) / TEMPERATURE).exp())));
        self.likely.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));

        let wanted = self.likely.iter().map(|(_, weight)| weight).sum::<f32>() * TOP_P;
        let mut sum = 0.0;
        let mut number = 0;
        while number < self.likely.len() && sum < wanted {
            sum += self.likely[number].1;
            number += 1;
        }
        let mut at = self.random() * sum;
        for (token, weight) in &self.likely[..number] {
            at -= weight;
            if at <= 0.0 {
                return Some(*token);
            }
        }
        self.likely[..number].last().map(|(token, _)| *token)
    }

    /// A number from 0 up to 1: SplitMix64 (Steele, Lea, Flood 2014), which is random enough for a chat.
    fn random(&mut self) -> f32 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z >> 40) as f32 / (1u64 << 24) as f32
    }
}

fn penalise(logits: &mut [f32], recent: &[u32]) {
    for (i, token) in recent.iter().enumerate() {
        if recent[..i].contains(token) {
            continue;
        }
        if let Some(logit) = logits.get_mut(*token as usize) {
            *logit = if *logit > 0.0 { *logit / REPEAT_PENALTY } else { *logit * REPEAT_PENALTY };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picks(logits: &[f32], written: &[u32]) -> Vec<u32> {
        let mut seen: Vec<u32> =
            (0..200).filter_map(|seed| Sampler::new(seed).pick(&mut logits.to_vec(), written)).collect();
        assert_eq!(seen.len(), 200);
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    #[test]
    fn the_best_is_chosen_and_ties_are_shared() {
        assert_eq!(picks(&[0.0, 5.0, 1.0], &[]), [1]);
        assert_eq!(picks(&[5.0, 0.0, 5.0], &[]), [0, 2]);
    }

    #[test]
    fn what_was_just_written_becomes_less_likely() {
        assert_eq!(picks(&[50.0, 49.0], &[]), [0]);
        assert_eq!(picks(&[50.0, 49.0], &[0]), [1]);
        assert_eq!(picks(&[-4.9, -5.0], &[0, 0, 0]), [0, 1], "once, however often it was written");
        let long_ago: Vec<u32> = [0].into_iter().chain((0..64).map(|_| 7)).collect();
        assert_eq!(picks(&[50.0, 49.0], &long_ago), [0]);
    }

    #[test]
    fn the_same_seed_makes_the_same_choices() {
        let run = |seed| {
            let mut sampler = Sampler::new(seed);
            (0..50).map(|_| sampler.pick(&mut [1.0, 1.0, 1.0, 1.0], &[])).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn a_model_gone_astray_is_noticed() {
        assert_eq!(Sampler::new(1).pick(&mut [f32::NAN, f32::NAN], &[]), None);
        assert_eq!(Sampler::new(1).pick(&mut [], &[0]), None);
        assert_eq!(Sampler::new(1).pick(&mut [f32::NAN, 1.0], &[]), Some(1));
    }
}
