//! # The scheme of the header
//!
//! `OAuth` and a blank, in any case, anywhere in the value; what stands before it does not matter to measured stores.
//!
//! Source: RFC 5849 §3.5.1, RFC 9110 §11.1, docs/protocol/token-endpoints.md#reading-the-header.

use magespec::conformance::{Case, Expected, Need, said, standard};

const SCHEME: &[&str] = &["rfc5849-3.5.1-header-grammar"];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "header/scheme/lower-case",
        "the scheme may be lower-case",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").replacen("OAuth", "oauth", 1))
            })
        },
    )
    .covers(SCHEME)
    .rfc("5849 §3.5.1"),
    Case::must(
        "header/scheme/upper-case",
        "the scheme may be upper-case",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").replacen("OAuth", "OAUTH", 1))
            })
        },
    )
    .covers(SCHEME)
    .rfc("5849 §3.5.1"),
    Case::must(
        "header/scheme/two-blanks",
        "two blanks after the scheme do not matter",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| standard(p, ", ").replacen("OAuth ", "OAuth  ", 1))
            })
        },
    )
    .covers(SCHEME)
    .measured(),
    Case::profile(
        "header/scheme/tab",
        "a tab after the scheme hides every parameter",
        |lab| {
            let tabbed =
                |p: &[(String, String)]| standard(p, ", ").replacen("OAuth ", "OAuth\t", 1);
            lab.refuses(
                &lab.e1()?,
                |r| r.written(tabbed),
                said::missing(&said::FIVE),
            )
        },
    )
    .covers(&["store-scheme-search"])
    .measured(),
    Case::profile(
        "header/scheme/not-first",
        "another scheme may stand before it",
        |lab| {
            lab.accepts(&lab.e1()?, |r| {
                r.written(|p| format!("Basic dTpw, {}", standard(p, ", ")))
            })
        },
    )
    .quirk()
    .covers(&["store-scheme-search"])
    .measured(),
    Case::profile(
        "header/scheme/suffix",
        "NotOAuth counts as the scheme, or is refused",
        |lab| {
            let safe =
                Expected::Either(vec![Expected::Accepted, said::missing(&said::FIVE).into()]);
            lab.refuses(
                &lab.e1()?,
                |r| r.written(|p| format!("Not{}", standard(p, ", "))),
                safe,
            )
        },
    )
    .quirk()
    .covers(&["store-scheme-search"])
    .measured(),
    Case::profile(
        "header/scheme/bare-on-rest",
        "a bare OAuth on REST is a guest, not a bad request",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.written(|_| "OAuth".to_owned()),
                lab.unauthorized(),
            )
        },
    )
    .covers(&["store-empty-header-is-guest"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "header/scheme/realm-only-on-rest",
        "OAuth with a realm only on REST is a guest",
        |lab| {
            let only_realm = |_: &[(String, String)]| "OAuth realm=\"\"".to_owned();
            lab.refuses(&lab.call()?, |r| r.written(only_realm), lab.unauthorized())
        },
    )
    .covers(&["store-empty-header-is-guest"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "header/scheme/bare-at-request-token",
        "a bare OAuth at E1 names all five",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.written(|_| "OAuth".to_owned()),
                said::missing(&said::FIVE),
            )
        },
    )
    .covers(&["store-scheme-search"])
    .measured(),
];
