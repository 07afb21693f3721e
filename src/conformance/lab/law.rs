use crate::random::{Entropy as _, SeededEntropy};

use super::Lab;
use crate::conformance::result::{Held, Outcome, Stop};

/// On how many random samples a law is tried.
const SAMPLES: usize = 8;
/// How many smaller samples are tried at most once a law is broken.
const TRIES: usize = 200;

/// Draws of one case: the run's seed and the case's id decide them, not what runs beside it.
#[derive(Debug)]
pub struct Draws(SeededEntropy);

impl Draws {
    /// The draws of this case in a run with this seed.
    #[must_use]
    pub fn of(seed: u64, case: &str) -> Self {
        let mixed = case.bytes().fold(seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self(SeededEntropy::new(mixed))
    }

    /// A number below `limit`, which is not zero.
    #[must_use]
    pub fn below(&self, limit: usize) -> usize {
        let mut bytes = [0_u8; 4];
        self.0.fill(&mut bytes);
        // At most four thousand million, and far below: a plain remainder is even enough.
        u32::from_le_bytes(bytes) as usize % limit
    }

    /// One of these.
    #[must_use]
    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Decoded names and values of a request, in the order in which they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    /// Borrowed, as [`Draft::sign`](crate::conformance::Draft::sign) takes them.
    #[must_use]
    pub fn literal(&self) -> Vec<(&str, &str)> {
        let pairs = self.0.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Of equal names the last value alone.
    #[must_use]
    pub fn last_of_each(&self) -> Self {
        let later = |at: usize| &self.0[at + 1..];
        let kept = self
            .0
            .iter()
            .enumerate()
            .filter(|(at, (name, _))| later(*at).iter().all(|(other, _)| other != name));
        Self(kept.map(|(_, pair)| pair.clone()).collect())
    }

    /// Smaller ones, the smallest first: halves, one pair less, shorter names, shorter values. A name keeps its first letter, and loses
    /// its brackets before anything else.
    fn smaller(&self) -> Vec<Self> {
        let pairs = &self.0;
        let mut smaller = Vec::new();
        if pairs.len() > 3 {
            let (front, back) = pairs.split_at(pairs.len() / 2);
            smaller.extend([Self(front.to_vec()), Self(back.to_vec())]);
        }
        if pairs.len() > 1 {
            for at in 0..pairs.len() {
                let mut fewer = pairs.clone();
                fewer.remove(at);
                smaller.push(Self(fewer));
            }
        }
        for (at, (name, value)) in pairs.iter().enumerate() {
            for shorter in shorter_names(name) {
                // Equal names stay equal.
                let renamed = pairs.iter().map(|(other, value)| {
                    let kept = if other == name { &shorter } else { other };
                    (kept.clone(), value.clone())
                });
                smaller.push(Self(renamed.collect()));
            }
            for shorter in shorter_values(value) {
                let mut changed = pairs.clone();
                changed[at].1 = shorter;
                smaller.push(Self(changed));
            }
        }
        smaller
    }
}

fn shorter_names(name: &str) -> Vec<String> {
    let mut letters = name.chars();
    let Some(first) = letters.next() else {
        return Vec::new();
    };
    let plain: Vec<char> = letters.filter(|letter| !"[]".contains(*letter)).collect();
    let alone = std::iter::once(first.to_string());
    let with_one = plain.iter().map(|letter| format!("{first}{letter}"));
    let every = alone.chain(with_one);
    every.filter(|shorter| shorter.len() < name.len()).collect()
}

fn shorter_values(value: &str) -> Vec<String> {
    let letters: Vec<char> = value.chars().collect();
    let without = |from: usize, to: usize| {
        let kept = letters[..from].iter().chain(&letters[to..]);
        kept.collect::<String>()
    };
    let (half, end) = (letters.len() / 2, letters.len());
    let mut shorter = Vec::new();
    if end > 2 {
        shorter.extend([without(0, half), without(half, end)]);
    }
    shorter.extend((0..end).map(|at| without(at, at + 1)));
    shorter
}

/// The smallest sample found that `breaks` still refuses, with what it says of it.
fn shrunk(
    sample: Pairs,
    first: (String, String),
    breaks: impl Fn(&Pairs) -> Option<(String, String)>,
) -> (Pairs, (String, String)) {
    let (mut smallest, mut said) = (sample, first);
    let mut tries = 0;
    'again: loop {
        for smaller in smallest.smaller() {
            tries += 1;
            if tries > TRIES {
                break 'again;
            }
            if let Some(now) = breaks(&smaller) {
                (smallest, said) = (smaller, now);
                continue 'again;
            }
        }
        break;
    }
    (smallest, said)
}

impl Lab<'_> {
    /// The law holds for random pairs, drawn from the run's seed; a broken one is told with the smallest pairs that break it and the seed
    /// that draws them again.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn law(
        &self,
        draw: impl Fn(&Draws) -> Pairs,
        holds: impl Fn(&Pairs) -> Outcome,
    ) -> Outcome {
        let seed = self.run().seed();
        let draws = Draws::of(seed, self.case());
        let broken = |outcome| match outcome {
            Err(Stop::Broken { expected, actual }) => Some((expected, actual)),
            _ => None,
        };
        for _ in 0..SAMPLES {
            let sample = draw(&draws);
            match holds(&sample) {
                Ok(_) => {}
                Err(Stop::Broken { expected, actual }) => {
                    let count = sample.0.len();
                    let first = (expected, actual);
                    let (smallest, (expected, actual)) =
                        shrunk(sample, first, |smaller| broken(holds(smaller)));
                    // Asked once more, so that the exchange that breaks the law is the last that is recorded.
                    if broken(holds(&smallest)).is_none() {
                        return Err(Stop::CouldNotRun(format!(
                            "expected {expected}, got {actual}, for {:?}, and the law held when it was tried again: the store is not steady, or something between was in the way",
                            smallest.0
                        )));
                    }
                    let actual = format!(
                        "{actual}, for {:?}; shrunk from {count} pairs of --seed {seed}",
                        smallest.0
                    );
                    return Err(Stop::Broken { expected, actual });
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(Held::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Pairs(owned.collect())
    }

    #[test]
    fn a_broken_law_is_shrunk_to_what_breaks_it() {
        let drawn = pairs(&[
            ("k[w]", "abc"),
            ("q", "x%y+z"),
            ("v", ""),
            ("zé", "~"),
            ("q", "b"),
        ]);
        let breaks = |sample: &Pairs| {
            let plus = sample.0.iter().any(|(_, value)| value.contains('+'));
            plus.then(|| ("no +".to_owned(), "a +".to_owned()))
        };
        let first = breaks(&drawn).expect("it breaks the law");
        let (smallest, said) = shrunk(drawn, first, breaks);
        assert_eq!(smallest, pairs(&[("q", "+")]));
        assert_eq!(said.1, "a +");
    }

    #[test]
    fn equal_names_stay_equal_while_they_shrink() {
        let drawn = pairs(&[("k[w]", "1"), ("k[w]", "2"), ("q", "3")]);
        let breaks = |sample: &Pairs| {
            (sample.last_of_each() != *sample).then(|| (String::new(), String::new()))
        };
        let (smallest, _) = shrunk(drawn, (String::new(), String::new()), breaks);
        assert_eq!(smallest, pairs(&[("k", ""), ("k", "")]));
    }

    #[test]
    fn a_seed_draws_the_same_again_and_another_seed_something_else() {
        let drawn = |seed| {
            let draws = Draws::of(seed, "query/random/encoded");
            (0..16).map(|_| draws.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }
}
