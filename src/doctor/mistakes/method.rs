//! The method in the base string.

use super::{Family, Make, Mistake, Variants};
use crate::doctor::facts::Facts;

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "mistake/other-method-signed",
        family: Family::Method,
        statement: "The base string names another HTTP method than the one that was sent",
        detection: "the signature fits with one of the other methods",
        seen: "clients whose signer is made once for GET; X-HTTP-Method-Override",
        fix: "Hand the signer the method of this very request; sign again when a redirect or an override changes it.",
        make: Make::Signed(others),
    },
    Mistake {
        id: "mistake/method-in-lower-case",
        family: Family::Method,
        statement: "The method stands in lower case in the base string",
        detection: "the signature fits with the method in lower case, or as it was sent",
        seen: "axios and fetch configurations with `method: 'get'` handed to a signer that does not upper-case",
        fix: "Upper-case the method before it is signed (RFC 5849 §3.4.1.1).",
        make: Make::Signed(lower_case),
    },
    Mistake {
        id: "mistake/method-missing",
        family: Family::Method,
        statement: "The method is missing from the base string",
        detection: "the signature fits with an empty method",
        seen: "signers called with an undefined method",
        fix: "Begin the base string with the method and `&`.",
        make: Make::Signed(missing),
    },
];

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

fn others(facts: &Facts<'_>, variants: &mut Variants) {
    let overriding = facts.request.header("x-http-method-override");
    for method in METHODS.into_iter().chain(overriding) {
        variants.verb(method, Some(format!("{method} was signed")));
    }
}

fn lower_case(facts: &Facts<'_>, variants: &mut Variants) {
    let method = &facts.request.method;
    variants.verb(method.to_ascii_lowercase(), None);
    let mut titled = method.to_ascii_lowercase();
    if let Some(first) = titled.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    variants.verb(titled, None);
    variants.verb(method.as_str(), None);
}

fn missing(_: &Facts<'_>, variants: &mut Variants) {
    variants.verb("", None);
}
