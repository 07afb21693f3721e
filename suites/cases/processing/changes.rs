//! # What an upgrade makes of a changed file
//!
//! Each upgrade compares what `etc/integration.xml` declares with what the store keeps. The same leaves row, status and tokens untouched;
//! whatever else makes the integration anew: another id, another consumer, no token, status "Reset". Order, explicit parents and unknown
//! ids are no change, and a URL that is gone from the file stays in the row.
//!
//! The suite writes a module of its own into a folder that the store reads, twice, with an upgrade after each. No panel deletes what a
//! module declared, so the rows go over the control API at the end of each case.
//!
//! Source: docs/protocol/config-integrations.md.

use magespec::conformance::{Case, Integration, Kept, Lab, Outcome, Stop};
use magespec::oauth::ParentRule;

use super::{Entry, FIRST, NEEDS, REORDER, SECOND};

const CHILD_ALONE: Entry = Entry {
    resources: &["Magento_Sales::reorder"],
    ..FIRST
};
const ONE_MORE: Entry = Entry {
    also: Some("Magento_Customer::customer"),
    ..FIRST
};
const UNKNOWN_ID: Entry = Entry {
    also: Some("Made_Up::id"),
    ..FIRST
};
const REVERSED: Entry = Entry {
    resources: &[REORDER[4], REORDER[3], REORDER[2], REORDER[1], REORDER[0]],
    ..FIRST
};
const WITHOUT_ENDPOINT: Entry = Entry {
    endpoint: false,
    ..FIRST
};
/// An address of 300 characters, of which the row holds 255.
const LONG_EMAIL: Entry = Entry {
    email: concat!(
        "m0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "m0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "m01234567890123456789012345678901234567890123456789012345678901234567890123456@magespec.example"
    ),
    ..FIRST
};

/// The integration after an upgrade with the first entry and after another with the second, and its row at the end.
fn upgraded(
    lab: &Lab<'_>,
    first: Entry,
    then: Entry,
) -> Result<(Integration, Integration, Kept), Stop> {
    let (module, name) = (lab.module()?, lab.new_name());
    module.upgrade(&first.named(lab, &name)?)?;
    let before = lab.integration_named(&name)?;
    module.upgrade(&then.named(lab, &name)?)?;
    let after = lab.integration_named(&name)?;
    let row = lab.kept(&after)?;
    Ok((before, after, row))
}

/// The row stays as it is.
fn kept(lab: &Lab<'_>, first: Entry, then: Entry) -> Outcome {
    let (before, after, row) = upgraded(lab, first, then)?;
    lab.holds(
        after.id == before.id && after.key == before.key && row.status == 0,
        "the same id and consumer, status 0",
        format!("id {} after {}, status {}", after.id, before.id, row.status),
    )
}

/// The row is made anew.
fn reset(lab: &Lab<'_>, first: Entry, then: Entry) -> Outcome {
    let (before, after, row) = upgraded(lab, first, then)?;
    let anew = after.id != before.id && after.key != before.key;
    lab.holds(
        anew && row.status == 2 && row.tokens.is_empty(),
        "another id and consumer, status 2, no token",
        format!("id {} after {}, status {}", after.id, before.id, row.status),
    )
}

/// By the documented parent rule a child without its parents is no permission, and with them a new one.
fn kept_as_implied(lab: &Lab<'_>, first: Entry, then: Entry) -> Outcome {
    match lab.profile().parent_rule {
        ParentRule::Measured => kept(lab, first, then),
        ParentRule::Documented => reset(lab, first, then),
    }
}

const fn change(id: &'static str, title: &'static str, run: fn(&Lab) -> Outcome) -> Case {
    Case::profile(id, title, run)
        .covers(&["processing-upgrade", "processing-runs"])
        .needs(NEEDS)
        .alone()
}

pub(super) const CASES: &[Case] = &[
    change(
        "processing/upgrade/unchanged",
        "the same file again changes nothing",
        |lab| kept(lab, FIRST, FIRST),
    )
    .measured(),
    change(
        "processing/upgrade/email",
        "another e-mail address makes it anew",
        |lab| reset(lab, FIRST, SECOND),
    )
    .measured(),
    change(
        "processing/upgrade/resource-added",
        "one resource more makes it anew",
        |lab| reset(lab, FIRST, ONE_MORE),
    )
    .measured(),
    change(
        "processing/upgrade/resource-removed",
        "one resource less makes it anew",
        |lab| reset(lab, ONE_MORE, FIRST),
    )
    .measured(),
    change(
        "processing/upgrade/order",
        "another order of the resources changes nothing",
        |lab| kept(lab, FIRST, REVERSED),
    )
    .derived("source 2.4.7-p3"),
    change(
        "processing/upgrade/explicit-parent",
        "parents that are implied change nothing, but by the guides",
        |lab| kept_as_implied(lab, CHILD_ALONE, FIRST),
    )
    .derived("source 2.4.7-p3"),
    change(
        "processing/upgrade/unknown-id",
        "an id that nobody knows changes nothing",
        |lab| kept(lab, FIRST, UNKNOWN_ID),
    )
    .derived("source 2.4.7-p3"),
    change(
        "processing/upgrade/endpoint-removed",
        "a URL that is gone from the file changes nothing",
        |lab| kept(lab, FIRST, WITHOUT_ENDPOINT),
    )
    .derived("source 2.4.7-p3"),
    change(
        "processing/upgrade/endpoint-added",
        "a URL that is new in the file makes it anew",
        |lab| reset(lab, WITHOUT_ENDPOINT, FIRST),
    )
    .derived("source 2.4.7-p3"),
    change(
        "processing/upgrade/long-email",
        "an address that the row cannot hold makes it anew each time",
        |lab| reset(lab, LONG_EMAIL, LONG_EMAIL),
    )
    .derived("source 2.4.7-p3"),
];
