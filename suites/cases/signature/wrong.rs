//! # A wrong signature is refused
//!
//! The same request with the right signature is accepted, so that the refusal means the signature.
//!
//! Source: RFC 5849 §3.2, spec oauth.md §3.1 M16, SG-01.

use magespec::conformance::{Case, said};

pub(super) const CASES: &[Case] = &[Case::must(
    "signature/random/request-token",
    "a random signature is refused at E1",
    |lab| lab.refuses(&lab.e1()?, |r| r.signature("cmFuZG9t"), said::M16),
)
.covers(&["rfc5849-3.2-signature-checked"])
.measured("SG-01")];
