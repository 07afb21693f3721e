//! # The method
//!
//! It is part of the signature, in upper case. The token endpoints take any method that HTTP knows.
//!
//! Source: RFC 5849 §3.4.1.1, docs/protocol/token-endpoints.md.

use magespec::conformance::{Case, Need, said};

macro_rules! taken {
    ($fixture:ident, $step:literal, $at:literal, $id:literal, $method:literal) => {
        Case::profile(
            concat!("url/method/", $step, "/", $id),
            concat!($method, " is taken ", $at, " when it is signed"),
            |lab| lab.accepts(&lab.$fixture()?, |r| r.method($method)),
        )
        .covers(&["store-any-method"])
        .measured()
    };
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "url/method/signed",
        "a signature for another method does not verify",
        |lab| lab.refuses(&lab.e1()?, |r| r.signed_method("GET"), said::M16),
    )
    .covers(&["rfc5849-3.4.1.1-method-signed"])
    .rfc("5849 §3.4.1.1"),
    Case::must(
        "url/method/signed-on-rest",
        "a signature for another method does not verify on REST",
        |lab| lab.refuses(&lab.call()?, |r| r.signed_method("POST"), said::M16),
    )
    .covers(&["rfc5849-3.4.1.1-method-signed"])
    .rfc("5849 §3.4.1.1")
    .needs(&[Need::Credentials]),
    taken!(e1, "request-token", "at E1", "get", "GET"),
    taken!(e1, "request-token", "at E1", "put", "PUT"),
    taken!(e1, "request-token", "at E1", "delete", "DELETE"),
    taken!(e1, "request-token", "at E1", "patch", "PATCH"),
    taken!(e1, "request-token", "at E1", "options", "OPTIONS"),
    taken!(e2, "access-token", "at E2", "get", "GET"),
    taken!(e2, "access-token", "at E2", "put", "PUT"),
    taken!(e2, "access-token", "at E2", "delete", "DELETE"),
    Case::profile(
        "url/method/request-token/head",
        "HEAD is taken at E1 when it is signed",
        |lab| {
            let head = lab
                .control(&lab.e1()?)?
                .then_sends(lab.e1()?.method("HEAD"))?;
            lab.holds(head.status() == 200, "200", head.summary())
        },
    )
    .covers(&["store-any-method"])
    .measured(),
    Case::profile(
        "url/method/unknown",
        "an unknown method finds no page",
        |lab| lab.refuses(&lab.e1()?, |r| r.method("FOO"), lab.unknown()),
    )
    .covers(&["store-any-method"])
    .measured(),
    Case::security(
        "url/method/override-ignored",
        "X-HTTP-Method-Override changes nothing",
        |lab| lab.accepts(&lab.e1()?, |r| r.header("X-HTTP-Method-Override", "GET")),
    )
    .covers(&["store-no-method-override"])
    .measured(),
];
