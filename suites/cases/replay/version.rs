//! # The version
//!
//! RFC 5849 wants exactly `1.0`, or nothing. Measured stores compare loosely, as numbers.
//!
//! Source: RFC 5849 §3.1, docs/protocol/errors.md#which-error-wins.

use magespec::conformance::{Case, Expected, said};

macro_rules! loose {
    ($id:literal, $value:literal) => {
        Case::profile(
            concat!("replay/version/loose/", $id),
            concat!("the version `", $value, "` counts as 1.0, or is refused"),
            |lab| {
                let refused = said::version(lab.compared($value)).into();
                let either = Expected::Either(vec![Expected::Accepted, refused]);
                lab.refuses(&lab.e1()?, |r| r.set("oauth_version", $value), either)
            },
        )
        .covers(&["store-version-loose"])
        .measured()
        .by_dialect()
    };
}

macro_rules! wrong {
    ($id:literal, $value:literal) => {
        Case::must(
            concat!("replay/version/wrong/", $id),
            concat!("the version `", $value, "` is refused"),
            |lab| {
                lab.refuses(
                    &lab.e1()?,
                    |r| r.set("oauth_version", $value),
                    said::version($value),
                )
            },
        )
        .covers(&["rfc5849-3.1-version"])
        .rfc("5849 §3.1")
    };
}

pub(super) const CASES: &[Case] = &[
    loose!("one", "1"),
    loose!("two-decimals", "1.00"),
    loose!("leading-zero", "01.0"),
    loose!("leading-blank", " 1.0"),
    loose!("trailing-blank", "1.0 "),
    loose!("exponent", "1e0"),
    wrong!("one-dot-zero-a", "1.0a"),
    wrong!("two", "2.0"),
    wrong!("zero", "0"),
    wrong!("letters", "abc"),
    wrong!("empty", ""),
    wrong!("one-dot-one", "1.1"),
    Case::must(
        "replay/version/wrong-on-rest",
        "a wrong version is refused on REST",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_version", "2.0"),
                said::version("2.0"),
            )
        },
    )
    .covers(&["rfc5849-3.1-version"])
    .rfc("5849 §3.1")
    .needs(&[magespec::conformance::Need::Credentials]),
];
