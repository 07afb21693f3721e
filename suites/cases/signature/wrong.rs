//! # A wrong signature is refused
//!
//! The same request with the right signature is accepted, so that the refusal means the signature and nothing else.
//!
//! Source: RFC 5849 §3.2, §3.4.2, docs/protocol/signatures.md#key-and-comparison, docs/protocol/errors.md#sentences.

use magespec::conformance::{Case, Need, said};

const CHECKED: &[&str] = &["rfc5849-3.2-signature-checked"];
const KEY: &[&str] = &["rfc5849-3.4.2-key"];
const EXACT: &[&str] = &["store-signature-exact"];

/// Each check at E1, E2 and REST.
macro_rules! everywhere {
    ($id:literal, $title:literal, $covers:expr, |$r:ident| $change:expr) => {
        [
            everywhere!(e1, "request-token", " at E1", $id, $title, $covers, |$r| {
                $change
            }),
            everywhere!(e2, "access-token", " at E2", $id, $title, $covers, |$r| {
                $change
            }),
            everywhere!(call, "rest", " on REST", $id, $title, $covers, |$r| $change)
                .needs(&[Need::Credentials]),
        ]
    };
    ($fixture:ident, $step:literal, $at:literal, $id:literal, $title:literal, $covers:expr, |$r:ident| $change:expr) => {
        Case::must(
            concat!("signature/", $step, "/", $id),
            concat!($title, $at),
            |lab| lab.refuses(&lab.$fixture()?, |$r| $change, said::M16),
        )
        .covers($covers)
        .measured()
    };
}

pub(super) const CASES: &[Case] = {
    let [a1, a2, a3] = everywhere!("random", "a random signature is refused", CHECKED, |r| r
        .signature("cmFuZG9tIHJhbmRvbSByYW5kb20gcmFuZG9tIHJhbmQ="));
    let [b1, b2, b3] = everywhere!(
        "wrong-consumer-secret",
        "another consumer secret is refused",
        KEY,
        |r| r.consumer_secret("00000000000000000000000000000000")
    );
    let [c1, c2, c3] = everywhere!(
        "lower-cased",
        "a lower-cased signature is refused",
        EXACT,
        |r| r.rewrite_signature(str::to_lowercase)
    );
    let [d1, d2, d3] = everywhere!(
        "padding-stripped",
        "a signature without its padding is refused",
        EXACT,
        |r| r.rewrite_signature(|text| text.trim_end_matches('=').to_owned())
    );
    let [e1, e2, e3] = everywhere!("hex", "a signature in hex is refused", EXACT, |r| r
        .rewrite_signature(hex));
    let [f1, f2, f3] = everywhere!(
        "tampered-timestamp",
        "a timestamp changed after signing is refused",
        CHECKED,
        |r| r.after("oauth_timestamp", Some("1"))
    );
    let [g1, g2, g3] = everywhere!(
        "tampered-version",
        "a version left out after signing is refused",
        CHECKED,
        |r| r.after("oauth_version", None)
    );
    let [h1, h2, h3] = everywhere!(
        "key-without-ampersand",
        "a key without & is refused",
        KEY,
        |r| {
            let key = r.consumer_secret_text();
            r.key(&key)
        }
    );
    &[
        a1,
        a2,
        a3,
        b1,
        b2,
        b3,
        c1,
        c2,
        c3,
        d1,
        d2,
        d3,
        e1,
        e2,
        e3,
        f1,
        f2,
        f3,
        g1,
        g2,
        g3,
        h1,
        h2,
        h3,
        Case::must(
            "signature/access-token/wrong-token-secret",
            "another token secret is refused at E2",
            |lab| {
                lab.refuses(
                    &lab.e2()?,
                    |r| r.token_secret("00000000000000000000000000000000"),
                    said::M16,
                )
            },
        )
        .covers(KEY)
        .measured(),
        Case::must(
            "signature/access-token/no-token-secret",
            "no token secret is refused at E2",
            |lab| lab.refuses(&lab.e2()?, |r| r.token_secret(""), said::M16),
        )
        .covers(KEY)
        .measured(),
        Case::must(
            "signature/access-token/consumer-secret-twice",
            "the consumer secret as token secret is refused at E2",
            |lab| {
                lab.refuses(
                    &lab.e2()?,
                    |r| {
                        let secret = r.consumer_secret_text();
                        r.token_secret(&secret)
                    },
                    said::M16,
                )
            },
        )
        .covers(KEY)
        .measured(),
        Case::must(
            "signature/rest/wrong-token-secret",
            "another token secret is refused on REST",
            |lab| {
                lab.refuses(
                    &lab.call()?,
                    |r| r.token_secret("00000000000000000000000000000000"),
                    said::M16,
                )
            },
        )
        .covers(KEY)
        .measured()
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/rest/no-token-secret",
            "no token secret is refused on REST",
            |lab| lab.refuses(&lab.call()?, |r| r.token_secret(""), said::M16),
        )
        .covers(KEY)
        .measured()
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/rest/consumer-secret-twice",
            "the consumer secret as token secret is refused on REST",
            |lab| {
                lab.refuses(
                    &lab.call()?,
                    |r| {
                        let secret = r.consumer_secret_text();
                        r.token_secret(&secret)
                    },
                    said::M16,
                )
            },
        )
        .covers(KEY)
        .measured()
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/request-token/with-token-secret",
            "a token secret in the key is refused at E1",
            |lab| {
                lab.refuses(
                    &lab.e1()?,
                    |r| r.token_secret("00000000000000000000000000000000"),
                    said::M16,
                )
            },
        )
        .covers(KEY)
        .measured(),
        Case::must(
            "signature/request-token/secret-in-other-case",
            "the consumer secret in upper case is refused",
            |lab| {
                lab.refuses(
                    &lab.e1()?,
                    |r| {
                        let secret = r.consumer_secret_text().to_uppercase();
                        r.consumer_secret(&secret)
                    },
                    said::M16,
                )
            },
        )
        .covers(KEY)
        .rfc("5849 §3.4.2"),
        Case::must(
            "signature/rest/last-character",
            "a signature with one wrong character near its end is refused",
            |lab| {
                lab.refuses(
                    &lab.call()?,
                    |r| r.rewrite_signature(late_change),
                    said::M16,
                )
            },
        )
        .covers(EXACT)
        .rfc("5849 §3.2")
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/rest/truncated",
            "a signature that is cut short is refused",
            |lab| {
                lab.refuses(
                    &lab.call()?,
                    |r| r.rewrite_signature(|text| text.chars().take(16).collect()),
                    said::M16,
                )
            },
        )
        .covers(EXACT)
        .rfc("5849 §3.2")
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/rest/text-after-it",
            "a signature with more text after it is refused",
            |lab| {
                lab.refuses(
                    &lab.call()?,
                    |r| r.rewrite_signature(|text| format!("{text}AAAA")),
                    said::M16,
                )
            },
        )
        .covers(EXACT)
        .rfc("5849 §3.2")
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/rest/secrets-swapped",
            "a key of the two secrets in the wrong order is refused",
            |lab| {
                let integration = lab.active()?;
                let (consumer, token) = (&integration.secret, &integration.access.secret);
                let swapped = format!("{}&{}", token.expose(), consumer.expose());
                lab.refuses(&lab.rest(&integration), |r| r.key(&swapped), said::M16)
            },
        )
        .covers(KEY)
        .rfc("5849 §3.4.2")
        .needs(&[Need::Credentials]),
        Case::must(
            "signature/rest/body-of-another-request",
            "a signature of another path is refused",
            |lab| {
                lab.refuses(
                    &lab.call()?,
                    |r| r.signed_url(|url| format!("{url}/other")),
                    said::M16,
                )
            },
        )
        .covers(CHECKED)
        .rfc("5849 §3.4.1.2")
        .needs(&[Need::Credentials]),
    ]
};

/// Another character at the thirtieth place.
fn late_change(text: &str) -> String {
    const PLACE: usize = 30;
    let change = |(at, letter): (usize, char)| match letter {
        'A' if at == PLACE => 'B',
        _ if at == PLACE => 'A',
        other => other,
    };
    text.chars().enumerate().map(change).collect()
}

/// The signature's bytes as hex digits.
fn hex(text: &str) -> String {
    let digits: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
