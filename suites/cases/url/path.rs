//! # The path
//!
//! RFC 5849 signs the path as sent. The Laminas dialect decodes reserved escapes and removes dot segments first.
//!
//! Source: RFC 5849 §3.4.1.2, docs/protocol/token-endpoints.md, docs/protocol/signatures.md#the-url.

use magespec::conformance::{Answer, Case, Expected, Need, Stop, said};
use magespec::oauth::Dialect::{Laminas, Native, Rfc5849, Zend};

const URL: &[&str] = &["rfc5849-3.4.1.2-base-string-uri"];
const ROUTES: &[&str] = &["store-token-routes"];

/// A route that needs a signature and tells by its answer whether the signature was right.
const PRODUCT: &str = "/rest/V1/products/";

/// Signs `signed` while `sent` is sent below the products; the signature counts as right when the service answers that there is no such product.
macro_rules! escaped {
    ($id:literal, $title:literal, $sent:literal, $signed:literal, $accepting:expr) => {
        Case::profile(concat!("url/path/", $id), $title, |lab| {
            let mut draft = lab.call()?;
            draft.to(&format!("{PRODUCT}{}", $sent));
            draft.signed_url(|url| url.replace($sent, $signed));
            let answer = lab.control(&lab.call()?)?.then_sends(&draft)?;
            lab.is_guarded(&draft)?;
            let right = lab.speaks($accepting);
            let (wanted, held) = if right {
                // There is no such product: the service says so, after the signature was found to be right.
                ("404 of the service, which asks for a right signature", answer.status() == 404 && !is_no_route(&answer))
            } else {
                (said::M16.template, Expected::from(said::M16).holds(&answer, lab.profile()))
            };
            lab.holds(held, wanted, answer.summary())
        })
        .covers(&["store-path-normalised"])
        .measured()
        .needs(&[Need::Credentials])
        .by_dialect()
    };
}

/// Whether no route was found.
fn is_no_route(answer: &Answer) -> bool {
    answer.json()["message"] == said::NO_ROUTE.template
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "url/path/trailing-slash-significant",
        "a signature without the trailing slash does not verify",
        |lab| {
            let shorter = |url: &str| url.trim_end_matches('/').to_owned();
            lab.refuses(
                &lab.e1()?,
                |r| r.to("/oauth/token/request/").signed_url(shorter),
                said::M16,
            )
        },
    )
    .covers(URL)
    .rfc("5849 §3.4.1.2"),
    Case::profile(
        "url/path/fragment",
        "a fragment after a query in the request target is neither signed nor looked at",
        |lab| lab.accepts(&lab.call()?, |r| r.query("a=1#part").sign(&[("a", "1")])),
    )
    .covers(URL)
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "url/path/trailing-slash-accepted",
        "a trailing slash that is signed is accepted",
        |lab| lab.accepts(&lab.e1()?, |r| r.to("/oauth/token/request/")),
    )
    .covers(ROUTES)
    .measured(),
    Case::must(
        "url/path/case",
        "the case of the path is significant",
        |lab| {
            let upper = |url: &str| url.replace("/oauth/token/request", "/oauth/token/REQUEST");
            lab.refuses(&lab.e1()?, |r| r.signed_url(upper), said::M16)
        },
    )
    .covers(URL)
    .rfc("5849 §3.4.1.2"),
    escaped!(
        "slash-as-sent",
        "an escaped slash is signed as sent",
        "a%2Fb",
        "a%2Fb",
        &[Zend, Native, Rfc5849]
    ),
    escaped!(
        "slash-decoded",
        "an escaped slash is signed decoded",
        "a%2Fb",
        "a/b",
        &[Laminas]
    ),
    escaped!(
        "tilde-decoded",
        "an escaped tilde is signed decoded",
        "%7eb",
        "~b",
        &[Laminas]
    ),
    escaped!(
        "utf-8-upper-case",
        "lower-case escapes are signed in upper case",
        "%c3%a9",
        "%C3%A9",
        &[Laminas]
    ),
    escaped!(
        "blank-kept",
        "an escaped blank stays",
        "a%20b",
        "a%20b",
        &[Zend, Laminas, Native, Rfc5849]
    ),
    escaped!(
        "colon-decoded",
        "an escaped colon is signed decoded",
        "a%3Ab",
        "a:b",
        &[Laminas]
    ),
    escaped!(
        "at-decoded",
        "an escaped @ is signed decoded",
        "a%40b",
        "a@b",
        &[Laminas]
    ),
    Case::profile(
        "url/path/index-php",
        "the prefix index.php is accepted when it is signed",
        |lab| {
            if lab.base().ends_with("/index.php") {
                return Err(Stop::NotApplicable(
                    "the URL under test has index.php already".into(),
                ));
            }
            lab.accepts(&lab.e1()?, |r| r.to("/index.php/oauth/token/request"))
        },
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/extra-segments",
        "extra segments are accepted when they are signed",
        |lab| lab.accepts(&lab.e1()?, |r| r.to("/oauth/token/request/a/1")),
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/action-case",
        "the action may be in another case",
        |lab| lab.accepts(&lab.e1()?, |r| r.to("/oauth/token/Request")),
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/front-name-case",
        "the front name in another case is no token endpoint",
        |lab| lab.refuses(&lab.e1()?, |r| r.to("/OAuth/Token/Request"), lab.unknown()),
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/double-slash",
        "a doubled slash inside is no token endpoint",
        |lab| lab.refuses(&lab.e1()?, |r| r.to("/oauth//token/request"), lab.unknown()),
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/dot-segment",
        "a dot segment is no token endpoint",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.to("/oauth/./token/request"),
                lab.unknown(),
            )
        },
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/escaped-letter",
        "an escaped letter in the action is no token endpoint",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.to("/oauth/token/reques%74"),
                lab.unknown(),
            )
        },
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/controller-alone",
        "the controller without an action is no token endpoint",
        |lab| lab.refuses(&lab.e1()?, |r| r.to("/oauth/token"), lab.unknown()),
    )
    .covers(ROUTES)
    .measured(),
    Case::profile(
        "url/path/front-name-alone",
        "the front name alone is no token endpoint",
        |lab| lab.refuses(&lab.e1()?, |r| r.to("/oauth"), lab.unknown()),
    )
    .covers(ROUTES)
    .measured(),
];
