//! # The timestamp
//!
//! A positive whole number of seconds, at most ten minutes ahead of the store's clock. Measured stores accept any past, and read the text
//! as PHP casts it. A bad timestamp is refused with the sentence of the nonce.
//!
//! Source: RFC 5849 §3.3, docs/protocol/timestamp-nonce.md.

use magespec::conformance::{Case, Expected, said};
use magespec::oauth::Dialect::{Laminas, Native, Rfc5849, Zend};

macro_rules! refused {
    ($id:literal, $title:literal, $value:expr) => {
        Case::must(concat!("replay/timestamp/", $id), $title, |lab| {
            lab.refuses(&lab.e1()?, |r| r.set("oauth_timestamp", $value), said::M7)
        })
        .covers(&["rfc5849-3.3-timestamp-positive", "store-timestamp-sentence"])
        .measured()
    };
}

macro_rules! old {
    ($id:literal, $title:literal, $age:expr) => {
        Case::security(concat!("replay/timestamp/", $id), $title, |lab| {
            let stamp = (lab.now() - $age).max(1).to_string();
            lab.tolerates(
                &lab.e1()?,
                |r| r.set("oauth_timestamp", &stamp),
                "any past timestamp is accepted",
            )
        })
        .covers(&["rfc5849-3.3-old-timestamps"])
        .measured()
    };
}

/// The native dialect reads the encoded text, in which a blank or a plus is no number's start (docs/protocol/signatures.md#details-of-generation-c).
macro_rules! cast {
    ($id:literal, $title:literal, $accepting:expr, $write:expr) => {
        Case::profile(concat!("replay/timestamp/", $id), $title, |lab| {
            let write: fn(i64) -> String = $write;
            let stamp = write(lab.now());
            let expected = if lab.speaks($accepting) {
                Expected::Accepted
            } else {
                said::M7.into()
            };
            lab.refuses(&lab.e1()?, |r| r.set("oauth_timestamp", &stamp), expected)
        })
        .covers(&["store-timestamp-cast"])
        .measured()
        .by_dialect()
    };
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "replay/timestamp/ahead-within",
        "590 seconds ahead are accepted",
        |lab| {
            let stamp = (lab.now() + 590).to_string();
            lab.accepts(&lab.e1()?, |r| r.set("oauth_timestamp", &stamp))
        },
    )
    .covers(&["store-timestamp-lead"])
    .measured(),
    Case::must(
        "replay/timestamp/ahead-605",
        "605 seconds ahead are refused",
        |lab| {
            let stamp = (lab.now() + 606).to_string();
            lab.refuses(&lab.e1()?, |r| r.set("oauth_timestamp", &stamp), said::M7)
        },
    )
    .covers(&["store-timestamp-lead"])
    .measured(),
    Case::must(
        "replay/timestamp/ahead-an-hour",
        "an hour ahead is refused",
        |lab| {
            let stamp = (lab.now() + 3600).to_string();
            lab.refuses(&lab.e1()?, |r| r.set("oauth_timestamp", &stamp), said::M7)
        },
    )
    .covers(&["store-timestamp-lead"])
    .measured(),
    refused!("zero", "zero is refused", "0"),
    refused!("negative", "a negative number is refused", "-1"),
    refused!("letters", "letters are refused", "abc"),
    refused!("hex", "hex digits are refused", "0x5F5E100"),
    refused!(
        "overflow",
        "a number beyond 64 bits is refused",
        "99999999999999999999999999"
    ),
    Case::must(
        "replay/timestamp/milliseconds",
        "milliseconds are no seconds",
        |lab| {
            let stamp = format!("{}000", lab.now());
            lab.refuses(&lab.e1()?, |r| r.set("oauth_timestamp", &stamp), said::M7)
        },
    )
    .covers(&["rfc5849-3.3-timestamp-positive", "store-timestamp-lead"])
    .measured(),
    refused!("two-to-the-32", "2^32 is too far ahead", "4294967296"),
    old!("hour-old", "an hour-old timestamp should be refused", 3600),
    old!(
        "year-old",
        "a year-old timestamp should be refused",
        31_536_000
    ),
    old!(
        "from-1970",
        "a timestamp of 1970 should be refused",
        i64::MAX
    ),
    cast!(
        "fraction",
        "a fraction is cut",
        &[Zend, Laminas, Native, Rfc5849],
        |now| format!("{now}.5")
    ),
    cast!(
        "trailing-letters",
        "letters after the number are cut",
        &[Zend, Laminas, Native, Rfc5849],
        |now| format!("{now}abc")
    ),
    cast!(
        "leading-blank",
        "a blank before the number is skipped",
        &[Zend, Laminas, Rfc5849],
        |now| format!(" {now}")
    ),
    cast!(
        "leading-plus",
        "a plus before the number is skipped",
        &[Zend, Laminas, Rfc5849],
        |now| format!("+{now}")
    ),
    cast!(
        "exponent",
        "1e9 is a thousand million",
        &[Zend, Laminas, Native, Rfc5849],
        |_| "1e9".to_owned()
    ),
];
