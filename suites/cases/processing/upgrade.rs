//! # What an upgrade makes of a changed file
//!
//! Each upgrade compares what `etc/integration.xml` declares with what the store keeps. The same leaves row, status and tokens untouched;
//! whatever else makes the integration anew: another id, another consumer, no token, status "Reset". Order, explicit parents and unknown
//! ids are no change, and a URL that is gone from the file stays in the row.
//!
//! The suite writes a module of its own into a folder that the store reads.
//!
//! Source: spec oauth.md §4.5, SM-20, SM-21, SM-29; config-acl-admin.md §4.4 … §4.6, PRC-01 … PRC-14, PRC-22.

use magespec::conformance::{Case, Integration, Lab, Module, Need, Outcome, Stop, joined, said};
use magespec::oauth::ParentRule;

const NEEDS: &[Need] = &[Need::Admin, Need::Callback, Need::Control, Need::Modules];
const UPGRADE: &[&str] = &["processing-upgrade"];

/// What a file declares of an integration.
#[derive(Clone, Copy)]
struct Entry {
    email: &'static str,
    endpoint: bool,
    resources: &'static [&'static str],
}

const FIRST: Entry = Entry {
    email: "first@magespec.example",
    endpoint: true,
    resources: &[
        "Magento_Sales::sales",
        "Magento_Sales::sales_operation",
        "Magento_Sales::sales_order",
        "Magento_Sales::actions",
        "Magento_Sales::reorder",
    ],
};
const CHILD: Entry = Entry {
    resources: &["Magento_Sales::reorder"],
    ..FIRST
};
const SECOND: Entry = Entry {
    email: "second@magespec.example",
    ..FIRST
};
const MORE: Entry = Entry {
    resources: &[
        "Magento_Sales::sales",
        "Magento_Sales::sales_operation",
        "Magento_Sales::sales_order",
        "Magento_Sales::actions",
        "Magento_Sales::reorder",
        "Magento_Customer::customer",
    ],
    ..FIRST
};
const REVERSED: Entry = Entry {
    resources: &[
        "Magento_Sales::reorder",
        "Magento_Sales::actions",
        "Magento_Sales::sales_order",
        "Magento_Sales::sales_operation",
        "Magento_Sales::sales",
    ],
    ..FIRST
};
const UNKNOWN: Entry = Entry {
    resources: &[
        "Magento_Sales::sales",
        "Magento_Sales::sales_operation",
        "Magento_Sales::sales_order",
        "Magento_Sales::actions",
        "Magento_Sales::reorder",
        "Made_Up::id",
    ],
    ..FIRST
};
const WITHOUT_ENDPOINT: Entry = Entry {
    endpoint: false,
    ..FIRST
};

impl Entry {
    fn text(self, lab: &Lab<'_>, name: &str) -> Result<String, Stop> {
        let url = lab.listener()?.url(name);
        let endpoint = format!("<endpoint_url>{url}</endpoint_url>");
        let endpoint = if self.endpoint { endpoint.as_str() } else { "" };
        let resources: Vec<String> = self
            .resources
            .iter()
            .map(|id| format!("<resource name=\"{id}\"/>"))
            .collect();
        Ok(format!(
            "<integration name=\"{name}\"><email>{}</email>{endpoint}<identity_link_url>{url}/login</identity_link_url>\
             <resources>{}</resources></integration>",
            self.email,
            resources.concat()
        ))
    }
}

/// The integration before and after the file changed so.
fn upgraded(lab: &Lab<'_>, first: Entry, then: Entry) -> Result<[Integration; 2], Stop> {
    let (module, name) = (lab.module()?, lab.new_name());
    module.upgrade(&first.text(lab, &name)?)?;
    let before = lab.integration_named(&name)?;
    module.upgrade(&then.text(lab, &name)?)?;
    Ok([before, lab.integration_named(&name)?])
}

fn kept(lab: &Lab<'_>, first: Entry, then: Entry) -> Outcome {
    let [before, after] = upgraded(lab, first, then)?;
    let status = lab.kept(&after)?.status;
    lab.holds(
        after.id == before.id && after.key == before.key && status == 0,
        "the same id and consumer, status 0",
        format!("id {} after {}, status {status}", after.id, before.id),
    )
}

fn reset(lab: &Lab<'_>, first: Entry, then: Entry) -> Outcome {
    let [before, after] = upgraded(lab, first, then)?;
    let row = lab.kept(&after)?;
    lab.holds(
        after.id != before.id
            && after.key != before.key
            && row.status == 2
            && row.tokens.is_empty(),
        "another id and consumer, status 2, no token",
        format!("id {} after {}, status {}", after.id, before.id, row.status),
    )
}

/// By the documented parent rule a child without its parents is no permission, and with them a new one.
fn implied(lab: &Lab<'_>, first: Entry, then: Entry) -> Outcome {
    match lab.profile().parent_rule {
        ParentRule::Measured => kept(lab, first, then),
        ParentRule::Documented => reset(lab, first, then),
    }
}

/// A declared integration, activated by the suite, and its file.
fn active<'lab, 'bench>(
    lab: &'lab Lab<'bench>,
) -> Result<(Module<'lab, 'bench>, Integration), Stop> {
    let (module, name) = (lab.module()?, lab.new_name());
    module.upgrade(&FIRST.text(lab, &name)?)?;
    let mut integration = lab.integration_named(&name)?;
    lab.activate(&mut integration)?;
    Ok((module, integration))
}

/// Rows: id, title, evidence, what was declared, what is declared now, what becomes of the row.
macro_rules! changes {
    ($($evidence:ident $name:literal, $title:literal, $place:literal, $first:expr => $then:expr, $outcome:ident;)+) => {
        [$(
            Case::profile(concat!("processing/upgrade/", $name), $title, |lab| $outcome(lab, $first, $then))
                .covers(UPGRADE)
                .$evidence(concat!("2.4.7-p3 (spec config-acl-admin.md ", $place, ")"))
                .needs(NEEDS)
                .alone()
        ),+]
    };
}

const CHANGES: [Case; 10] = changes! {
    measured "unchanged", "the same file again changes nothing", "PRC-02", FIRST => FIRST, kept;
    measured "email", "another e-mail address makes it anew", "PRC-04; oauth.md SM-20", FIRST => SECOND, reset;
    measured "resource-added", "one resource more makes it anew", "PRC-05", FIRST => MORE, reset;
    measured "resource-removed", "one resource less makes it anew", "PRC-05", MORE => FIRST, reset;
    derived "order", "another order of the resources changes nothing", "PRC-06", FIRST => REVERSED, kept;
    derived "explicit-parent", "parents that are implied change nothing, but by the guides", "PRC-07", CHILD => FIRST, implied;
    derived "unknown-id", "an id that nobody knows changes nothing", "PRC-08", FIRST => UNKNOWN, kept;
    derived "endpoint-removed", "a URL that is gone from the file changes nothing", "PRC-09", FIRST => WITHOUT_ENDPOINT, kept;
    derived "endpoint-added", "a URL that is new in the file makes it anew", "PRC-10", WITHOUT_ENDPOINT => FIRST, reset;
    derived "long-email", "an address that the row cannot hold makes it anew each time", "PRC-22", LONG => LONG, reset;
};

const LONG: Entry = Entry {
    email: concat!(
        "m0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "m0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "m0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890@magespec.example"
    ),
    ..FIRST
};

const FURTHER: [Case; 7] = [
    Case::must("processing/upgrade/first", "a declared integration is there after the upgrade, inactive, with a consumer and no token", |lab| {
        let (module, name) = (lab.module()?, lab.new_name());
        module.upgrade(&FIRST.text(lab, &name)?)?;
        let integration = lab.integration_named(&name)?;
        let row = lab.kept(&integration)?;
        lab.holds(
            row.status == 0 && row.setup_type == 1 && row.tokens.is_empty() && !integration.key.is_empty(),
            "status 0, setup type 1, a consumer, no token",
            format!("status {}, setup type {}, {} tokens", row.status, row.setup_type, row.tokens.len()),
        )
    })
    .covers(&["processing-upgrade", "guide-declared-integration"])
    .measured("2.4.7-p3 (spec config-acl-admin.md PRC-01)")
    .needs(NEEDS)
    .alone(),
    Case::must("processing/upgrade/active-and-unchanged", "an active integration survives an upgrade of the same file", |lab| {
        let (module, integration) = active(lab)?;
        module.upgrade(&FIRST.text(lab, &integration.name)?)?;
        lab.succeeds(&lab.rest_at(&integration, "/rest/V1/modules"))?;
        lab.equal("status", "Active", lab.status(&integration)?)
    })
    .covers(UPGRADE)
    .measured("2.4.7-p3 (spec config-acl-admin.md PRC-03)")
    .needs(NEEDS)
    .alone(),
    Case::must("processing/upgrade/old-token", "the token from before a reset is a guest's", |lab| {
        let (module, integration) = active(lab)?;
        let call = lab.rest_at(&integration, "/rest/V1/modules");
        let proven = lab.control(&call)?;
        module.upgrade(&SECOND.text(lab, &integration.name)?)?;
        proven.then_refuses(&lab.rest_at(&integration, "/rest/V1/modules"), said::unauthorized("Magento_Backend::admin"))
    })
    .covers(UPGRADE)
    .measured("2.4.7-p3 (spec oauth.md SM-21; config-acl-admin.md PRC-13)")
    .needs(NEEDS)
    .alone(),
    Case::profile("processing/upgrade/namesake", "a file takes over the administrator's integration of its name", |lab| {
        let (module, manual) = (lab.module()?, lab.fresh()?);
        module.upgrade(&FIRST.text(lab, &manual.name)?)?;
        let row = lab.kept(&lab.integration_named(&manual.name)?)?;
        lab.holds(row.setup_type == 1 && row.status == 2, "setup type 1, status 2", format!("setup type {}, status {}", row.setup_type, row.status))
    })
    .covers(UPGRADE)
    .measured("2.4.7-p3 (spec config-acl-admin.md PRC-12)")
    .needs(NEEDS)
    .alone(),
    Case::profile("processing/upgrade/gone", "an integration whose declaration is gone stays, and cannot be viewed", |lab| {
        let (module, name) = (lab.module()?, lab.new_name());
        module.upgrade(&FIRST.text(lab, &name)?)?;
        let other = lab.new_name();
        module.upgrade(&FIRST.text(lab, &other)?)?;
        let row = lab.integration_named(&name)?;
        let screen = lab.page("edit", &[("id", &row.id)])?;
        lab.holds(screen.status() == 302, "302", screen.summary())?;
        lab.says("Internal error. Check exception log for details.")
    })
    .covers(UPGRADE)
    .measured("2.4.7-p3 (spec config-acl-admin.md PRC-11)")
    .needs(NEEDS)
    .alone(),
    Case::profile("processing/upgrade/notice", "the panel says that integrations were reset until they are activated again", |lab| {
        let (module, mut integration) = active(lab)?;
        module.upgrade(&SECOND.text(lab, &integration.name)?)?;
        let notice = "have been reset because of a change to their xml configs.";
        lab.contains(&lab.grid()?, notice)?;
        integration = lab.integration_named(&integration.name)?;
        lab.exchange(&mut integration, true)?;
        let grid = lab.grid()?;
        lab.holds(!grid.contains(notice), "no notice after the exchange", "the notice is still there")
    })
    .covers(&["processing-upgrade", "panel-config-integrations"])
    .derived("spec config-acl-admin.md §4.6, PRC-14")
    .needs(NEEDS)
    .alone(),
    Case::security("processing/upgrade/unchecked", "what a file says of address and URLs should be looked at", |lab| {
        let (module, name) = (lab.module()?, lab.new_name());
        module.upgrade(&format!("<integration name=\"{name}\"><email>nope</email><endpoint_url>not a url</endpoint_url><identity_link_url>javascript:alert(1)</identity_link_url></integration>"))?;
        let stored = match lab.integration_named(&name) {
            Ok(_) => true,
            Err(Stop::Broken { .. }) => false,
            Err(stop) => return Err(stop),
        };
        if stored {
            return Err(Stop::Weak("an e-mail address that is none and `javascript:` as identity link are stored as they stand".to_owned()));
        }
        lab.holds(!stored, "no such integration", "an integration of that name")
    })
    .covers(UPGRADE)
    .measured("2.4.7-p3 (spec oauth.md SM-29)")
    .needs(NEEDS)
    .alone(),
];

pub(super) const CASES: &[Case] = &joined::<17>(&[&FURTHER, &CHANGES]);
