//! # Rewrites that change nothing, and bytes that change everything
//!
//! Random names and values with brackets, blanks, percent signs, pluses and UTF-8, signed from literal pairs. Writing the same query in
//! another way must not change the verdict; changing one byte of a value must.
//!
//! Source: RFC 5849 §3.4.1.3, §3.6; metamorphic, no single row of the catalogue.

use magespec::conformance::{Case, Lab, Need, Outcome, said};
use magespec::text::percent;

/// Letters of names and values: no digits, so that natural and byte order agree, and nothing that a dialect treats in its own way.
const LETTERS: [&str; 12] = ["k", "q", "Z", "x", "%", " ", "+", "é", "~", "!", "漢", "&"];

/// A text of `length` letters drawn by the lab's nonce.
fn draw(lab: &Lab<'_>, length: usize) -> String {
    lab.nonce()
        .bytes()
        .take(length)
        .map(|byte| LETTERS[usize::from(byte) % LETTERS.len()])
        .collect()
}

/// Four pairs with names that sort alike everywhere.
fn pairs(lab: &Lab<'_>) -> Vec<(String, String)> {
    ["ka", "qb", "xc", "yd"]
        .iter()
        .map(|name| ((*name).to_owned(), draw(lab, 9)))
        .collect()
}

fn written(pairs: &[(String, String)], encode: impl Fn(&str) -> String) -> String {
    let pieces: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pieces.join("&")
}

/// Signs the pairs, sends them written so, and expects acceptance.
fn rewritten(lab: &Lab<'_>, rewrite: impl Fn(&[(String, String)]) -> String) -> Outcome {
    let pairs = pairs(lab);
    let literal: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    lab.accepts(&lab.call()?, |r| r.query(&rewrite(&pairs)).sign(&literal))
}

macro_rules! same {
    ($id:literal, $title:literal, $rewrite:expr) => {
        Case::must(concat!("query/random/", $id), $title, |lab| {
            rewritten(lab, $rewrite)
        })
        .covers(&[
            "rfc5849-3.4.1.3-query-signed",
            "rfc5849-3.6-percent-encoding",
        ])
        .rfc("5849 §3.4.1.3, §3.6")
        .needs(&[Need::Credentials])
    };
}

pub(super) const CASES: &[Case] = &[
    same!(
        "encoded",
        "random values, percent-encoded",
        |pairs| written(pairs, percent::encode)
    ),
    same!(
        "lower-case-hex",
        "random values, escaped in lower case",
        |pairs| written(pairs, lower_case)
    ),
    same!(
        "over-encoded",
        "random values, every byte escaped",
        |pairs| written(pairs, over_encoded)
    ),
    same!("reversed", "random values, in another order", |pairs| {
        let mut pairs = pairs.to_vec();
        pairs.reverse();
        written(&pairs, percent::encode)
    }),
    same!(
        "doubled-ampersands",
        "random values, with empty pieces between",
        |pairs| { written(pairs, percent::encode).replace('&', "&&") }
    ),
    Case::must(
        "query/random/changed-byte",
        "one changed byte of a random value breaks the signature",
        |lab| {
            let pairs = pairs(lab);
            let literal: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let query = format!("{}w", written(&pairs, percent::encode));
            lab.refuses(&lab.call()?, |r| r.query(&query).sign(&literal), said::M16)
        },
    )
    .covers(&["rfc5849-3.4.1.3-query-signed"])
    .rfc("5849 §3.4.1.3")
    .needs(&[Need::Credentials]),
];

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
