//! # Protocol parameters outside the header
//!
//! RFC 5849 §3.5 knows three places. A store takes them from the header; from a form body only when the header holds none; from the query
//! never, although an encoded underscore slips past its filter.
//!
//! Source: docs/protocol/signatures.md#which-parameters-are-signed.

use magespec::conformance::{Case, Draft, Expected, said};
use magespec::oauth::Dialect::{Laminas, Zend};
use magespec::text::form;

/// The signed parameters as a form body or query.
fn as_form(draft: &Draft) -> String {
    let parameters = draft.parameters();
    form::encode_pairs(
        parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "placement/query/no-header",
        "parameters in the query without a header do not count",
        |lab| {
            let everything = as_form(&lab.e1()?);
            lab.refuses(
                &lab.e1()?,
                |r| r.query(&everything).unsigned(),
                said::missing(&said::FIVE),
            )
        },
    )
    .quirk()
    .covers(&["store-header-only"])
    .measured(),
    Case::profile(
        "placement/query/empty-header",
        "parameters in the query beside an empty header do not count",
        |lab| {
            let everything = as_form(&lab.e1()?);
            let empty = |_: &[(String, String)]| "OAuth realm=\"\"".to_owned();
            lab.refuses(
                &lab.e1()?,
                |r| r.query(&everything).written(empty),
                said::missing(&said::FIVE),
            )
        },
    )
    .quirk()
    .covers(&["store-header-only"])
    .measured(),
    Case::profile(
        "placement/body/no-header",
        "parameters in a form body without a header do not count",
        |lab| {
            let everything = as_form(&lab.e1()?);
            lab.refuses(
                &lab.e1()?,
                |r| r.form(&everything).unsigned(),
                said::missing(&said::FIVE),
            )
        },
    )
    .quirk()
    .covers(&["store-header-only"])
    .measured(),
    Case::profile(
        "placement/body/empty-header",
        "parameters in a form body count beside an empty header",
        |lab| {
            let good = lab.e1()?;
            let everything = as_form(&good);
            let empty = |_: &[(String, String)]| "OAuth realm=\"\"".to_owned();
            lab.accepts(&good, |r| r.form(&everything).written(empty))
        },
    )
    .quirk()
    .covers(&["store-body-beside-empty-header"])
    .measured(),
    Case::profile(
        "placement/body/protocol-name-beside-header",
        "an oauth_ field of the body is dropped beside a header",
        |lab| lab.accepts(&lab.e1()?, |r| r.form("oauth_foo=1")),
    )
    .quirk()
    .covers(&["store-body-beside-empty-header"])
    .measured(),
    Case::profile(
        "placement/query/verifier",
        "a verifier in the query does not count",
        |lab| {
            let good = lab.e2()?;
            let verifier = good.value("oauth_verifier").to_owned();
            let query = format!("oauth_verifier={verifier}");
            lab.refuses(
                &good,
                |r| r.without("oauth_verifier").query(&query),
                said::missing(&["oauth_verifier"]),
            )
        },
    )
    .quirk()
    .covers(&["store-header-only"])
    .measured(),
    Case::profile(
        "placement/query/token",
        "oauth_token in the query is neither used nor signed",
        |lab| {
            lab.verifies(lab.speaks(&[Zend, Laminas]), &lab.e1()?, |r| {
                r.query("oauth_token=zzz")
            })
        },
    )
    .quirk()
    .covers(&["store-query-protocol-excluded"])
    .measured()
    .by_dialect(),
    Case::security(
        "placement/query/encoded-underscore",
        "oauth%5Ftoken in the query must not lend another's identity",
        |lab| {
            let mine = lab.other()?;
            let victim = lab.active()?;
            let query = format!("oauth%5Ftoken={}", victim.access.value);
            let signed = victim.access.value.clone();
            let safe = Expected::Either(vec![Expected::Status(400), Expected::Status(401)]);
            lab.refuses(
                &lab.rest(&mine),
                |r| {
                    r.query(&query)
                        .set("oauth_token", &signed)
                        .after("oauth_token", Some(&mine.access.value))
                },
                safe,
            )
        },
    )
    .covers(&["store-no-identity-from-query"])
    .derived("source 2.4.7-p3"),
    Case::must(
        "placement/query/signature-only",
        "a signature in the query does not replace the header's",
        |lab| {
            let signature = lab
                .e1()?
                .parameters()
                .pop()
                .map(|(_, value)| value)
                .unwrap_or_default();
            let query = form::encode_pairs([("oauth_signature", signature.as_str())]);
            lab.refuses(
                &lab.e1()?,
                |r| r.without("oauth_signature").query(&query),
                said::missing(&["oauth_signature"]),
            )
        },
    )
    .quirk()
    .covers(&["store-header-only"])
    .measured(),
];
