//! # A guest reads only what is open to everybody
//!
//! Without credentials a protected route is refused and names its resource, while an open one is answered.
//!
//! Source: spec oauth.md §5.2, §5.6, AC-09; config-acl-admin.md §6, GST-01, GST-07.

use magespec::conformance::{ANONYMOUS, Case};

pub(super) const CASES: &[Case] = &[Case::must(
    "guest/closed/countries-are-open",
    "a guest may read the countries",
    |lab| {
        let answer = lab.succeeds(&lab.guest("GET", ANONYMOUS))?;
        lab.holds(
            answer.json().is_array(),
            "a JSON list of countries",
            answer.text(),
        )
    },
)
.covers(&["acl-anonymous"])
.measured("2.4.7-p3 (spec config-acl-admin.md GST-07)")
.needs(&[])];
