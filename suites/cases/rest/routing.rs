//! # The route is looked up before the caller
//!
//! An unknown path or a method that the path does not have is 404 whoever asks; a method that the web API does not have is 405; a path
//! that is none of the web API's is 400. The good call of the same integration is the control.
//!
//! Source: docs/protocol/token-endpoints.md, docs/protocol/rest.md.

use magespec::conformance::{Case, Expected, Need, PROTECTED, joined, said};

const HELD: &[Need] = &[Need::Credentials];

/// The good call with a change that makes the route wrong.
macro_rules! refused {
    ($($name:literal, $title:literal, $requirement:literal, |$r:ident| $change:expr, $expected:expr;)+) => {
        [$(
            Case::profile(concat!("rest/route/", $name), $title, |lab| lab.refuses(&lab.call()?, |$r| $change, $expected))
                .covers(&[$requirement])
                .measured()
                .needs(HELD)
        ),+]
    };
}

/// The same resource under another path, signed so.
macro_rules! reached {
    ($($name:literal, $title:literal, $path:literal;)+) => {
        [$(
            Case::profile(concat!("rest/route/", $name), $title, |lab| lab.accepts(&lab.call()?, |r| r.to($path)))
                .covers(&["rest-store-code"])
                .measured()
                .needs(HELD)
        ),+]
    };
}

fn not_supported(method: &str) -> Expected {
    Expected::Text(405, format!("The {method} HTTP method is not supported."))
}

const REFUSED: [Case; 13] = refused! {
    "unknown", "an unknown route is 404", "rest-no-route", |r| r.to("/rest/V1/magespec/unknown"), said::NO_ROUTE;
    "unknown-before-signature", "an unknown route is told before a bad signature", "rest-no-route", |r| r.to("/rest/V1/magespec/unknown").signature("cmFuZG9t"), said::NO_ROUTE;
    "unknown-without-credentials", "an unknown route is 404 for a guest", "rest-no-route", |r| r.to("/rest/V1/magespec/unknown").unsigned(), said::NO_ROUTE;
    "wrong-method", "a method that a known path does not have is 404", "rest-no-route", |r| r.to(PROTECTED).method("DELETE"), said::NO_ROUTE;
    "other-case", "paths are case-sensitive", "rest-no-route", |r| r.to("/rest/V1/store/storeviews"), said::NO_ROUTE;
    "patch", "PATCH is 405", "rest-method", |r| r.method("PATCH"), not_supported("PATCH");
    "options", "OPTIONS is 405", "rest-method", |r| r.method("OPTIONS"), not_supported("OPTIONS");
    "head", "HEAD is 405", "rest-method", |r| r.method("HEAD"), Expected::Status(405);
    "method-before-signature", "a method that REST does not have is told before a bad signature", "rest-method", |r| r.method("PATCH").signature("cmFuZG9t"), not_supported("PATCH");
    "method-before-route", "a method that REST does not have is told before an unknown route", "rest-method", |r| r.method("PATCH").to("/rest/V1/magespec/unknown"), not_supported("PATCH");
    "lower-case-version", "a path that begins with /v1 cannot be processed", "rest-not-processed", |r| r.to("/rest/v1/store/storeViews"), said::NO_REQUEST;
    "unknown-store-code", "an unknown store code cannot be processed", "rest-not-processed", |r| r.to("/rest/magespec_unknown/V1/store/storeViews"), said::NO_REQUEST;
    "nothing", "/rest/ alone cannot be processed", "rest-not-processed", |r| r.to("/rest/"), said::NO_REQUEST;
};

const REACHED: [Case; 3] = reached! {
    "store-code-default", "the store code `default` is accepted and signed", "/rest/default/V1/store/storeViews";
    "store-code-all", "the store code `all` is accepted and signed", "/rest/all/V1/store/storeViews";
    "trailing-slash", "a slash at the end is accepted and signed", "/rest/V1/store/storeViews/";
};

pub(super) const CASES: &[Case] = &joined::<16>(&[&REFUSED, &REACHED]);
