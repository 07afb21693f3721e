//! Everything that reads foreign bytes, given bytes that nobody would send.
//!
//! A target is a function of bytes: it must not panic, hang or disagree with its plain twin. [`drive`] makes inputs out of the seeds of a
//! target by changing, joining and repeating them; the same functions run under cargo-fuzz (`fuzz/`). `MAGESPEC_FUZZ_SECONDS` says for how
//! long, a fraction of a second unless told otherwise, and `MAGESPEC_FUZZ_SEED` where to look: the same inputs come again without it. An
//! input that broke something is printed and belongs into the seeds then.

pub(crate) mod modules;
pub(crate) mod signatures;
pub(crate) mod store;
pub(crate) mod texts;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// A surface, and inputs from which others are made.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&[u8]),
    pub(crate) seeds: &'static [&'static [u8]],
}

/// All of them.
pub(crate) const TARGETS: &[&[Target]] = &[
    signatures::TARGETS,
    texts::TARGETS,
    modules::TARGETS,
    store::TARGETS,
];

/// Bytes of an input at most.
const LARGEST: usize = 16 * 1024;

/// How long one input may take, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// What breaks readers.
const WORDS: &[&[u8]] = &[
    b"\0", b"\r\n", b"\n\n", b"%", b"%00", b"%ff", b"&", b"=", b"&&=&", b"+", b"#", b"?", b"\"", b"'", b"\\", b"\\u0000",
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"<", b"]]>", b"<!--", b"<![CDATA[", b"&#0;", b"&amp;",
    b"<?xml", b"{", b"[", b"]}", b"[[[[[[[[", b"-1", b"99999999999999999999", b"1e999", b"NaN", b"null", b"oauth_", b"oauth_signature=",
    b"OAuth ", b"a[b][c]", b"[]", b"/*", b"*/", b"<<<A\n", b"$", b"::", b"http://", b"//", b"Content-Length: ", b"\t", b" ",
];

/// Runs the target of this name for as long as the environment says.
pub(crate) fn drive(name: &str) {
    let target = TARGETS.iter().copied().flatten();
    let target = target.into_iter().find(|target| target.name == name);
    let target = target.expect("there is a target of this name");
    let seconds = std::env::var("MAGESPEC_FUZZ_SECONDS");
    let seconds = seconds.ok().and_then(|seconds| seconds.parse().ok());
    let time = Duration::from_secs_f64(seconds.unwrap_or(0.2));
    let began = Instant::now();
    for seed in target.seeds {
        run(target, seed);
    }
    let elsewhere = std::env::var("MAGESPEC_FUZZ_SEED");
    let elsewhere = elsewhere.ok().and_then(|seed| seed.parse::<u64>().ok());
    let mut random = Random(0x5EED ^ name.len() as u64 ^ elsewhere.unwrap_or_default() << 20);
    let mut pool: Vec<Vec<u8>> = target.seeds.iter().map(|seed| seed.to_vec()).collect();
    let mut inputs = 0_u64;
    while began.elapsed() < time {
        let input = random.input(&pool);
        run(target, &input);
        inputs += 1;
        // A walk away from the seeds, and back to them now and then.
        if random.below(8) == 0 {
            if pool.len() < 256 {
                pool.push(input);
            } else {
                let place = target.seeds.len() + random.below(256 - target.seeds.len().min(255));
                if let Some(old) = pool.get_mut(place) {
                    *old = input;
                }
            }
        }
    }
    println!("{name}: {inputs} inputs");
}

fn run(target: &Target, input: &[u8]) {
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let took = began.elapsed();
    let shown = input.escape_ascii();
    assert!(outcome.is_ok(), "{} breaks on b\"{shown}\"", target.name);
    assert!(took < PATIENCE, "{} takes {took:?} for b\"{shown}\"", target.name);
}

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    fn pick<'p>(&mut self, pool: &'p [Vec<u8>]) -> &'p [u8] {
        pool.get(self.below(pool.len())).map_or(&[], Vec::as_slice)
    }

    fn input(&mut self, pool: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.pick(pool).to_vec();
        for _ in 0..=self.below(6) {
            self.change(&mut input, pool);
        }
        input.truncate(LARGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, pool: &[Vec<u8>]) {
        let place = self.below(input.len() + 1);
        let end = (place + self.below(24)).min(input.len());
        match self.below(9) {
            0 => {
                if let Some(byte) = input.get_mut(place) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                if let Some(byte) = input.get_mut(place) {
                    *byte = u8::try_from(self.below(256)).unwrap_or_default();
                }
            }
            2 => drop(input.drain(place..end)),
            3 | 4 => {
                let word = WORDS[self.below(WORDS.len())];
                input.splice(place..place, word.iter().copied());
            }
            5 => {
                let word = WORDS[self.below(WORDS.len())];
                input.splice(place..end, word.iter().copied());
            }
            6 => {
                let piece = input[place..end].to_vec();
                let count = 1 + self.below(64);
                input.splice(place..place, piece.repeat(count));
            }
            7 => {
                let other = self.pick(pool).to_vec();
                let (from, to) = (self.below(other.len() + 1), self.below(other.len() + 1));
                let piece = other[from.min(to)..from.max(to)].to_vec();
                input.splice(place..end, piece);
            }
            _ => input.truncate(place),
        }
    }
}
