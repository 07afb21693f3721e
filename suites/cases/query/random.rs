//! # Rewrites that change nothing, and bytes that change everything
//!
//! Random names and values with brackets, blanks, percent signs, pluses and UTF-8, repeated names and long lists, signed from literal
//! pairs. Writing the same query in another way must not change the verdict; changing one byte of it must.
//!
//! A failure is shrunk to the smallest pairs that still show it; `--seed` with the number that it names draws the same requests again.
//!
//! Source: RFC 5849 §3.4.1.3, §3.6; metamorphic, no single row of the catalogue.

use magespec::conformance::{Case, Draws, Expected, Lab, Need, Outcome, Pairs, said};
use magespec::oauth::Dialect::{Native, Rfc5849};
use magespec::text::percent;

/// What values are made of, and names after their first letter. No digits: of their order the dialects have views of their own.
const LETTERS: [&str; 14] = [
    "k", "q", "Z", "x", "%", "+", "é", "~", "!", "漢", "&", "=", "/", " ",
];
/// First letters: each name has its own, so that every order agrees. None is that of `oauth_`.
const FIRST: &str = "abcdefghijklmnpqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ";

/// Up to six pairs under names of their own; one of them in brackets.
fn few(draws: &Draws) -> Pairs {
    pairs(draws, 1 + draws.below(6))
}

/// Thirty pairs and more, ten of them a list.
fn many(draws: &Draws) -> Pairs {
    let mut every = pairs(draws, 20 + draws.below(28)).0;
    let list = (0..10).map(|index| (format!("z[{index}]"), word(draws)));
    every.retain(|(name, _)| !name.starts_with('z'));
    every.extend(list);
    Pairs(every)
}

/// A few pairs, of which one stands there twice.
fn repeated(draws: &Draws) -> Pairs {
    let mut every = few(draws).0;
    let (name, _) = draws.pick(&every).clone();
    every.insert(draws.below(every.len() + 1), (name, word(draws)));
    Pairs(every)
}

fn pairs(draws: &Draws, count: usize) -> Pairs {
    let mut first: Vec<char> = FIRST.chars().collect();
    let named = (0..count).map(|_| {
        let first = first.swap_remove(draws.below(first.len()));
        (name(draws, first), word(draws))
    });
    Pairs(named.collect())
}

/// A blank in a name is written as an underscore by one dialect (docs/protocol/signatures.md#which-parameters-are-signed): names have none.
fn name(draws: &Draws, first: char) -> String {
    match draws.below(4) {
        0 => format!("{first}[{}]", draws.pick(&["k", "q", "Z"])),
        1 => first.to_string(),
        _ => format!("{first}{}", word(draws).replace([' ', '=', '&'], "")),
    }
}

fn word(draws: &Draws) -> String {
    (0..draws.below(9)).map(|_| *draws.pick(&LETTERS)).collect()
}

/// What is signed of these: of equal names each value by the RFC, the last by a store.
fn signed(lab: &Lab<'_>, pairs: &Pairs) -> Pairs {
    if lab.speaks(&[Rfc5849]) {
        return pairs.clone();
    }
    pairs.last_of_each()
}

fn written(pairs: &Pairs, encode: impl Fn(&str) -> String) -> String {
    let pieces = pairs.0.iter();
    let pieces: Vec<String> = pieces
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pieces.join("&")
}

/// Random pairs written in any way are accepted under their one signature.
fn same(lab: &Lab<'_>, draw: fn(&Draws) -> Pairs, rewrite: fn(&Pairs) -> String) -> Outcome {
    lab.law(draw, |pairs| {
        let query = rewrite(pairs);
        let signed = signed(lab, pairs);
        lab.accepts(&lab.call()?, |r| r.query(&query).sign(&signed.literal()))
    })
}

/// Random pairs are accepted, and after a change refused under the same signature. A byte that makes a number of a name is an error to
/// the native dialect before it comes to the signature (docs/protocol/signatures.md#which-parameters-are-signed).
fn other(lab: &Lab<'_>, change: fn(&str) -> String) -> Outcome {
    let mut refused = vec![Expected::Refused(said::M16)];
    if lab.speaks(&[Native]) {
        refused.push(Expected::Status(500));
    }
    lab.law(few, |pairs| {
        let query = written(pairs, percent::encode);
        let mut good = lab.call()?;
        good.query(&query).sign(&signed(lab, pairs).literal());
        let mut changed = good.clone();
        changed.to(lab.protected()).query(&change(&query));
        changed.set("oauth_nonce", &lab.nonce());
        lab.proves(&good)?
            .then_refuses(&changed, Expected::Either(refused.clone()))
    })
}

macro_rules! same {
    ($id:literal, $title:literal, $draw:ident, $rewrite:expr) => {
        Case::must(concat!("query/random/", $id), $title, |lab| {
            same(lab, $draw, $rewrite)
        })
        .covers(&[
            "rfc5849-3.4.1.3-query-signed",
            "rfc5849-3.6-percent-encoding",
        ])
        .rfc("5849 §3.4.1.3, §3.6")
        .by_dialect()
        .needs(&[Need::Credentials])
    };
}

macro_rules! other {
    ($id:literal, $title:literal, $change:expr) => {
        Case::must(concat!("query/random/", $id), $title, |lab| {
            other(lab, $change)
        })
        .covers(&["rfc5849-3.4.1.3-query-signed"])
        .rfc("5849 §3.4.1.3")
        .needs(&[Need::Credentials])
    };
}

pub(super) const CASES: &[Case] = &[
    same!("encoded", "random pairs, percent-encoded", few, |pairs| {
        written(pairs, percent::encode)
    }),
    same!(
        "lower-case-hex",
        "random pairs, escaped in lower case",
        few,
        |pairs| written(pairs, lower_case)
    ),
    same!(
        "over-encoded",
        "random pairs, every byte escaped",
        few,
        |pairs| written(pairs, over_encoded)
    ),
    same!("reversed", "random pairs, in another order", few, |pairs| {
        written(&reversed(pairs), percent::encode)
    }),
    same!(
        "doubled-ampersands",
        "random pairs, with empty pieces between",
        few,
        |pairs| { format!("&{}&", written(pairs, percent::encode).replace('&', "&&")) }
    ),
    Case::profile(
        "query/random/raw-brackets",
        "random pairs, with raw brackets",
        |lab| {
            same(lab, few, |pairs| {
                written(pairs, percent::encode)
                    .replace("%5B", "[")
                    .replace("%5D", "]")
            })
        },
    )
    .covers(&["store-raw-query"])
    .measured()
    .by_dialect()
    .needs(&[Need::Credentials]),
    same!(
        "long-list",
        "a long list of random pairs, in another order",
        many,
        |pairs| written(&reversed(pairs), percent::encode)
    ),
    same!(
        "repeated-name",
        "random pairs of which two have one name",
        repeated,
        |pairs| written(pairs, percent::encode)
    ),
    other!(
        "changed-byte",
        "one changed byte of a random query breaks the signature",
        |query| changed(query, query.len() / 2)
    ),
    other!(
        "changed-last-byte",
        "a changed last byte of a random query breaks the signature",
        |query| changed(query, query.len() - 1)
    ),
    other!(
        "added-byte",
        "one byte more breaks the signature of a random query",
        |query| format!("{query}w")
    ),
    other!(
        "added-pair",
        "one pair more breaks the signature of a random query",
        |query| format!("{query}&o=")
    ),
];

/// The last pair first; equal names keep their order, for it decides which is the last.
fn reversed(pairs: &Pairs) -> Pairs {
    let mut every = pairs.0.clone();
    every.sort_by(|(one, _), (other, _)| other.cmp(one));
    Pairs(every)
}

/// Another letter at this byte of an encoded query, which is ASCII.
fn changed(query: &str, at: usize) -> String {
    let other = if query[at..].starts_with('w') {
        "v"
    } else {
        "w"
    };
    format!("{}{other}{}", &query[..at], &query[at + 1..])
}

/// Every byte as an escape.
fn over_encoded(value: &str) -> String {
    let escapes: Vec<String> = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
    escapes.concat()
}

/// Percent-encoded with lower-case hex digits.
fn lower_case(value: &str) -> String {
    let encoded = percent::encode(value);
    let mut pieces = encoded.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + "%" + &piece[..2].to_lowercase() + &piece[2..]
    })
}
