//! # The body of a REST call
//!
//! JSON is not part of the signature and is read only after the caller was let in: a bad signature is told before a body that cannot be
//! read. The good GET of the same integration is the control of every refusal, so that nothing is written to the store.
//!
//! Source: RFC 5849 §3.4.1.3.1, docs/protocol/signatures.md#which-parameters-are-signed, docs/protocol/rest.md.

use magespec::conformance::{Case, Expected, Need, Stop, joined, said};

const HELD: &[Need] = &[Need::Credentials];
const JSON: &str = "application/json";

/// A route that a POST reaches and that writes nothing for an integration.
const SELF: &str = "/rest/V1/integration/customer/revoke-customer-token";

/// A POST of a body that no store reads, signed well.
macro_rules! unreadable {
    ($($name:literal, $title:literal, $type:literal, $body:literal, $expected:expr;)+) => {
        [$(
            Case::profile(concat!("rest/body/", $name), $title, |lab| {
                lab.refuses(&lab.call()?, |r| r.method("POST").to("/rest/V1/products").content($type, $body), $expected)
            })
            .covers(&["rest-content-type"])
            .measured()
            .needs(HELD)
        ),+]
    };
}

fn text(status: u16, text: &str) -> Expected {
    Expected::Text(status, text.to_owned())
}

const UNREADABLE: [Case; 4] = unreadable! {
    "no-type", "a body without Content-Type is refused", "", "{}", text(400, "Content-Type header is empty.");
    "plain-text", "a body of plain text is refused", "text/plain", "x", text(400, "Server cannot understand Content-Type HTTP header media type");
    "latin-1", "only UTF-8 is understood", "application/json; charset=iso-8859-1", "{}", text(400, "UTF-8 is the only supported charset.");
    "broken-json", "JSON that cannot be read is refused", "application/json", "{", text(400, "Decoding error.");
};

const FURTHER: [Case; 4] = [
    Case::profile(
        "rest/body/form",
        "a form, signed, is refused on REST",
        |lab| {
            let expected = text(
                400,
                "Server cannot understand Content-Type HTTP header media type",
            );
            lab.refuses(
                &lab.call()?,
                |r| {
                    r.method("POST")
                        .to("/rest/V1/products")
                        .form("a=1")
                        .sign(&[("a", "1")])
                },
                expected,
            )
        },
    )
    .covers(&["rest-content-type"])
    .measured()
    .needs(HELD),
    Case::profile(
        "rest/body/signature-before-type",
        "a bad signature is told before a type that is not understood",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| {
                    r.method("POST")
                        .to("/rest/V1/products")
                        .content("text/plain", "x")
                        .signature("cmFuZG9t")
                },
                said::M16,
            )
        },
    )
    .covers(&["rest-content-type", "store-check-order"])
    .measured()
    .needs(HELD),
    Case::must(
        "rest/body/json-not-signed",
        "a JSON body is not part of the signature",
        |lab| lab.accepts(&lab.call()?, |r| r.content(JSON, r#"{"a":"1"}"#)),
    )
    .covers(&["rest-json-unsigned"])
    .rfc("5849 §3.4.1.3.1")
    .needs(HELD),
    Case::profile(
        "rest/body/json-post-processed",
        "a POST whose JSON was signed by nobody reaches its service",
        |lab| {
            if !lab.profile().customer_revocation {
                return Err(Stop::NotApplicable(
                    "the profile has no route that writes nothing for an integration".into(),
                ));
            }
            // The service belongs to customers and says so to an integration, once the signature is right.
            let reached = said::missing(&["customerId"]);
            lab.refuses(
                &lab.call()?,
                |r| r.method("POST").to(SELF).content(JSON, r#"{"a":"1"}"#),
                reached,
            )
        },
    )
    .follows(|one, other| one.customer_revocation == other.customer_revocation)
    .covers(&["rest-json-unsigned"])
    .measured(),
];

pub(super) const CASES: &[Case] = &joined::<8>(&[&UNREADABLE, &FURTHER]);
