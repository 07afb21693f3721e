//! # What becomes of a declared integration
//!
//! The first upgrade makes it, inactive and with a consumer. It is activated like any other, and survives every upgrade until its file
//! changes; then its token is a guest's and the panel says so. A file takes over an administrator's integration of the same name, and a
//! name that is gone from the files leaves its row behind.
//!
//! The suite writes a module of its own into a folder that the store reads. No panel deletes what a module declared, so the rows go over
//! the control API at the end of each case.
//!
//! Source: docs/protocol/config-integrations.md.

use magespec::conformance::{Case, Integration, Lab, Module, Stop, said};

use super::{FIRST, NEEDS, SECOND, installed};

const UPGRADE: &[&str] = &["processing-upgrade"];
/// A route that any selection of resources opens.
const MODULES: &str = "/rest/V1/modules";
const NOTICE: &str = "have been reset because of a change to their xml configs.";

/// [`installed`], and activated by the suite.
fn active<'lab, 'run>(lab: &'lab Lab<'run>) -> Result<(Module<'lab, 'run>, Integration), Stop> {
    let (module, mut integration) = installed(lab)?;
    lab.activate(&mut integration)?;
    Ok((module, integration))
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "processing/upgrade/first",
        "the first upgrade makes a declared integration, inactive, with a consumer and no token",
        |lab| {
            let (_module, integration) = installed(lab)?;
            let row = lab.kept(&integration)?;
            lab.holds(!integration.key.is_empty(), "a consumer key", "none")?;
            lab.holds(
                row.status == 0 && row.setup_type == 1 && row.tokens.is_empty(),
                "status 0, setup type 1, no token",
                format!(
                    "status {}, setup type {}, tokens {:?}",
                    row.status,
                    row.setup_type,
                    row.kinds()
                ),
            )
        },
    )
    .covers(&["processing-upgrade", "guide-declared-integration"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "processing/upgrade/active-and-unchanged",
        "an active integration survives an upgrade of the same file",
        |lab| {
            let (module, integration) = active(lab)?;
            module.upgrade(&FIRST.named(lab, &integration.name)?)?;
            lab.succeeds(&lab.rest_at(&integration, MODULES))?;
            lab.equal("status", "Active", lab.status(&integration)?)
        },
    )
    .covers(UPGRADE)
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "processing/upgrade/old-token",
        "the token from before a reset is a guest's",
        |lab| {
            let (module, integration) = active(lab)?;
            let proven = lab.control(&lab.rest_at(&integration, MODULES))?;
            module.upgrade(&SECOND.named(lab, &integration.name)?)?;
            proven.then_refuses(
                &lab.rest_at(&integration, MODULES),
                said::unauthorized("Magento_Backend::admin"),
            )
        },
    )
    .covers(UPGRADE)
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "processing/upgrade/notice",
        "the panel says that integrations were reset until they are activated again",
        |lab| {
            let (module, integration) = active(lab)?;
            module.upgrade(&SECOND.named(lab, &integration.name)?)?;
            lab.holds(
                lab.grid()?.contains(NOTICE),
                format!("the notice that integrations {NOTICE}"),
                "no such notice",
            )?;
            let mut anew = lab.integration_named(&integration.name)?;
            lab.exchange(&mut anew, true)?;
            lab.holds(
                !lab.grid()?.contains(NOTICE),
                "no notice after the exchange",
                "the notice is still there",
            )
        },
    )
    .covers(&["processing-upgrade", "panel-config-integrations"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "processing/upgrade/namesake",
        "a file takes over the administrator's integration of its name",
        |lab| {
            let (module, manual) = (lab.module()?, lab.fresh()?);
            module.upgrade(&FIRST.named(lab, &manual.name)?)?;
            let taken = lab.integration_named(&manual.name)?;
            let row = lab.kept(&taken)?;
            lab.holds(
                taken.id != manual.id && row.setup_type == 1 && row.status == 2,
                "another id, setup type 1, status 2",
                format!(
                    "id {} after {}, setup type {}, status {}",
                    taken.id, manual.id, row.setup_type, row.status
                ),
            )
        },
    )
    .covers(UPGRADE)
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "processing/upgrade/gone",
        "an integration whose declaration is gone stays, and cannot be viewed",
        |lab| {
            let (module, integration) = installed(lab)?;
            let viewed = lab.page("edit", &[("id", &integration.id)])?;
            if viewed.status() != 200 {
                return Err(Stop::CouldNotRun(format!(
                    "it could not be viewed before either: {}",
                    viewed.summary()
                )));
            }
            module.upgrade(&FIRST.named(lab, &lab.new_name())?)?;
            let kept = lab.keeps(&integration.name)?;
            lab.holds(kept, "its row", "no row of its name")?;
            let viewed = lab.page("edit", &[("id", &integration.id)])?;
            lab.holds(viewed.status() == 302, "302", viewed.summary())?;
            lab.says("Internal error. Check exception log for details.")
        },
    )
    .covers(UPGRADE)
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "processing/upgrade/name-in-two-cases",
        "two names that differ in their case alone stop the upgrade",
        |lab| {
            let (module, _) = installed(lab)?;
            let lower = lab.new_name();
            let upper = lower.to_uppercase();
            let both = FIRST.named(lab, &lower)? + &FIRST.named(lab, &upper)?;
            module.declare(&both)?;
            let sentence = format!("The integration with name \"{upper}\" exists.");
            lab.contains(&module.stops()?, &sentence)?;
            let first = lab.keeps(&lower)?;
            lab.holds(first, "the row of the first name", "no such row")
        },
    )
    .covers(UPGRADE)
    .derived("source 2.4.7-p3")
    .needs(NEEDS)
    .alone(),
    Case::security(
        "processing/upgrade/unchecked",
        "an e-mail address and URLs that are none should not be taken over from a file",
        |lab| {
            let (module, _) = installed(lab)?;
            let name = lab.new_name();
            module.declare(&format!(
                "<integration name=\"{name}\"><email>nope</email>\
                 <endpoint_url>not a url</endpoint_url>\
                 <identity_link_url>javascript:alert(1)</identity_link_url></integration>"
            ))?;
            // An upgrade that stops over them takes nothing over either.
            let kept = module.apply().is_ok() && lab.keeps(&name)?;
            if kept {
                let weak = "an e-mail address that is none and `javascript:` as identity link are stored as they stand";
                return Err(Stop::Weak(weak.to_owned()));
            }
            lab.holds(!kept, "no such integration", "one of that name")
        },
    )
    .catches_nothing("it records a weakness: a store that takes the values over warns, and one that does not passes")
    .covers(UPGRADE)
    .measured()
    .needs(NEEDS)
    .alone(),
];
