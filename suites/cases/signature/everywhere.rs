//! # The signature is checked whatever the method and the store code
//!
//! The same request with the right signature gets another answer: the service's own, or the front's word on the body. So the refusal means
//! the signature. Nothing is changed in the store: there is no such product, and the body lacks what a new one needs.
//!
//! Source: RFC 5849 §3.2, docs/protocol/rest.md.

use magespec::conformance::{Case, Draft, Expected, Lab, Need, Outcome, Stop, said};

const CHECKED: &[&str] = &["rfc5849-3.2-signature-checked"];

/// No store has it.
const PRODUCT: &str = "products/magespec-no-such-sku";

/// A good request of this method below this front.
fn good(lab: &Lab<'_>, method: &str, path: &str) -> Result<Draft, Stop> {
    let mut draft = lab.rest_at(&lab.active()?, path);
    draft.method(method);
    if matches!(method, "POST" | "PUT") {
        draft.content("application/json", "{}");
    }
    Ok(draft)
}

/// Badly signed, the request is refused for its signature; well signed, it is answered otherwise.
fn checked(lab: &Lab<'_>, method: &str, path: &str) -> Outcome {
    let proven = lab.control(&lab.call()?)?;
    let right = good(lab, method, path)?;
    let answer = proven.then_sends(&right)?;
    let refused = Expected::from(said::M16);
    if refused.holds(&answer, lab.profile()) {
        return lab.holds(
            false,
            "another answer than a refusal of the signature, which is right",
            answer.summary(),
        );
    }
    let mut wrong = good(lab, method, path)?;
    wrong.signature("cmFuZG9tIHJhbmRvbSByYW5kb20gcmFuZG9tIHJhbmQ=");
    proven.then_refuses(&wrong, said::M16)
}

macro_rules! everywhere {
    ($($name:literal, $title:literal, $method:literal, $front:literal, $path:expr;)+) => {
        &[$(
            Case::must(concat!("signature/everywhere/", $name), concat!("a bad signature is refused ", $title), |lab| {
                checked(lab, $method, &format!("{}{}", $front, $path))
            })
            .covers(CHECKED)
            .rfc("5849 §3.2")
            .needs(&[Need::Credentials])
        ),+]
    };
}

pub(super) const CASES: &[Case] = everywhere! {
    "post", "on POST", "POST", "/rest/V1/", "products";
    "put", "on PUT", "PUT", "/rest/V1/", PRODUCT;
    "delete", "on DELETE", "DELETE", "/rest/V1/", PRODUCT;
    "store-code", "below the code of a store view", "GET", "/rest/default/V1/", "store/storeViews";
    "store-code-all", "below the code `all`", "GET", "/rest/all/V1/", "store/storeViews";
};
