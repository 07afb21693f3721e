//! # Nonces of the whole run
//!
//! A nonce is used once, is different from the others within its first 32 characters and without regard to case, and cannot be guessed.
//!
//! Source: docs/protocol/timestamp-nonce.md#nonce.

use std::collections::BTreeSet;

use magespec::conformance::{Case, Draw, Level, Stop, Theatre};

fn draws(theatre: &Theatre<'_>) -> Result<Vec<Draw>, Stop> {
    let draws = theatre.draws();
    if draws.len() < 2 {
        return Err(Stop::NotApplicable(
            "the app signed fewer than two requests".into(),
        ));
    }
    Ok(draws)
}

/// Bits of a random text of this length over the kinds of characters that all these nonces are made of.
fn bits(nonces: &[&str]) -> f64 {
    let has = |kind: fn(char) -> bool| nonces.iter().any(|nonce| nonce.chars().any(kind));
    let mut letters = 0.0;
    let hexadecimal = nonces
        .iter()
        .all(|nonce| nonce.chars().all(|letter| letter.is_ascii_hexdigit()));
    if has(|letter| letter.is_ascii_digit()) {
        letters += 10.0;
    }
    if has(|letter| letter.is_ascii_lowercase()) {
        letters += if hexadecimal { 6.0 } else { 26.0 };
    }
    if has(|letter| letter.is_ascii_uppercase()) && !hexadecimal {
        letters += 26.0;
    }
    let shortest = nonces.iter().map(|nonce| nonce.chars().count()).min();
    let length = f64::from(u32::try_from(shortest.unwrap_or_default().min(32)).unwrap_or(32));
    length * f64::max(letters, 2.0).log2()
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/nonce/unique",
        "no nonce is used twice",
        |theatre| {
            let mut known = BTreeSet::new();
            let draws = draws(theatre)?;
            let twice = draws
                .iter()
                .find(|draw| !known.insert((&draw.key, &draw.nonce)));
            theatre.holds(
                twice.is_none(),
                "a nonce of its own for each request",
                twice.map(|draw| format!("`{}` twice", draw.nonce)).unwrap_or_default(),
            )
        },
    )
    .covers(&["app-nonce-unique"])
    .measured()
    .alone(),
    Case::app(
        Level::Must,
        "app/nonce/significant",
        "nonces differ in their first 32 characters, without regard to case",
        |theatre| {
            let mut known = BTreeSet::new();
            let draws = draws(theatre)?;
            let alike = draws.iter().find(|draw| {
                let start: String = draw.nonce.chars().take(32).collect();
                !known.insert((draw.key.clone(), start.to_lowercase()))
            });
            theatre.holds(
                alike.is_none(),
                "nonces that a store can tell apart: it keeps 32 characters and compares without case",
                alike.map(|draw| format!("`{}` and another", draw.nonce)).unwrap_or_default(),
            )
        },
    )
    .covers(&["app-nonce-unique"])
    .measured()
    .alone(),
    Case::app(
        Level::Security,
        "app/nonce/unguessable",
        "nonces cannot be guessed",
        |theatre| {
            let draws = draws(theatre)?;
            let nonces: Vec<&str> = draws.iter().map(|draw| draw.nonce.as_str()).collect();
            let stamps = draws.iter().filter(|draw| {
                !draw.timestamp.is_empty() && draw.nonce.starts_with(&draw.timestamp)
            });
            theatre.holds(
                stamps.count() * 2 < draws.len() || nonces.iter().all(|nonce| nonce.len() > 26),
                "random nonces",
                "the timestamp",
            )?;
            let numbers: Vec<u64> = nonces.iter().filter_map(|nonce| nonce.parse().ok()).collect();
            let counts = numbers.len() == nonces.len()
                && numbers.windows(2).all(|two| two[1].wrapping_sub(two[0]) <= 1000);
            theatre.holds(!counts, "random nonces", "a counter")?;
            let bits = bits(&nonces);
            theatre.holds(
                bits >= 64.0,
                "at least 64 bits of chance",
                format!("about {bits:.0} bits, as in `{}`", nonces[0]),
            )
        },
    )
    .covers(&["app-nonce-unguessable"])
    .rfc("5849 section 3.3")
    .alone(),
];
