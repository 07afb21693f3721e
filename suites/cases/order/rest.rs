//! # Of two faults on REST, the first in the order of checks is told
//!
//! The shared integration's call is good. Then two things about it are wrong at once, and the sentence of the one that the store looks at
//! first comes back.
//!
//! Source: spec oauth.md §2.10, §7.18 EO-01 … EO-19.

use magespec::conformance::{Case, Need, said};

pub(super) const CASES: &[Case] = &[Case::profile(
    "order/rest/version-before-missing",
    "a wrong version is told before a missing nonce",
    |lab| {
        lab.refuses(
            &lab.call()?,
            |r| r.set("oauth_version", "2.0").without("oauth_nonce"),
            said::version("2.0"),
        )
    },
)
.covers(&["order-of-checks"])
.measured("2.4.7-p3 (spec oauth.md EO-01)")
.needs(&[Need::Credentials])];
