//! # What an answer on REST gives away, and to whom
//!
//! No cache may keep an answer. A refusal names neither a place in the code nor anything secret of whoever asked.
//!
//! Source: docs/protocol/rest.md, docs/protocol/security.md.

use magespec::conformance::{Case, Lab, Need, Outcome, Stop};

/// The field is exactly what a store sends.
fn not_kept(lab: &Lab<'_>, what: &str, header: &str) -> Outcome {
    lab.holds(
        header == "no-store",
        "Cache-Control: no-store",
        format!("`{header}` on {what}"),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "rest/answer/not-cacheable",
        "neither an answer nor a refusal may be kept by a cache",
        |lab| {
            let proven = lab.control(&lab.call()?)?;
            not_kept(lab, "an answer", proven.answer.header("Cache-Control"))?;
            let refusal = proven.then_sends(&lab.guest("GET", lab.protected()))?;
            not_kept(lab, "a refusal", refusal.header("Cache-Control"))
        },
    )
    .covers(&["rest-not-cacheable"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::security(
        "rest/error/no-trace",
        "a refusal shows no place in the code",
        |lab| {
            let proven = lab.control(&lab.call()?)?;
            let unknown =
                proven.then_sends(&lab.guest("GET", "/rest/V1/magespec-no-such-route"))?;
            let refusal = proven.then_sends(&lab.guest("GET", lab.protected()))?;
            let trace = refusal.json()["trace"].clone();
            // In developer mode every error has the key, an unknown route too, and it is not a fault to be in that mode.
            if unknown.json().get("trace").is_some() {
                return Err(Stop::Weak(
                    "the store runs in developer mode and shows where in its code errors happen"
                        .to_owned(),
                ));
            }
            lab.holds(
                trace.is_null(),
                "a refusal without `trace`",
                refusal.summary(),
            )
        },
    )
    .covers(&["store-no-paths"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::security(
        "rest/error/no-secret",
        "a refusal tells no secret of the caller",
        |lab| {
            let integration = lab.active()?;
            let proven = lab.control(&lab.rest(&integration))?;
            let unknown = lab.rest_at(&integration, "/rest/V1/magespec-no-such-route");
            let answer = proven.then_sends(&unknown)?;
            lab.holds(answer.status() == 404, "404", answer.summary())
        },
    )
    .covers(&["store-no-secrets"])
    .measured()
    .needs(&[Need::Credentials]),
];
