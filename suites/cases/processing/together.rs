//! # Modules beside each other, and what the panel refuses of theirs
//!
//! Of two modules that declare one integration the one that is loaded later wins, and a module is loaded after those of its sequence, not
//! by its name. A resource that a module switches off is no resource. What a module declared is neither saved nor deleted in the panel.
//!
//! Source: docs/protocol/merging.md, docs/protocol/acl.md, docs/protocol/config-integrations.md.

use magespec::conformance::Case;

use super::{FIRST, NEEDS, REORDER, SECOND, installed};

const UPGRADE: &[&str] = &["processing-upgrade"];
const FIXED: &[&str] = &["panel-config-integrations"];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "processing/together/sequence",
        "of two modules that declare one integration the one loaded later wins, whatever their names",
        |lab| {
            let (one, other) = (lab.module()?, lab.module()?);
            // By name it would be loaded first.
            let (late, early) = if one.name() < other.name() {
                (&one, &other)
            } else {
                (&other, &one)
            };
            late.waits_for(early.name())?;
            let name = lab.new_name();
            early.declare(&FIRST.named(lab, &name)?)?;
            late.upgrade(&SECOND.named(lab, &name)?)?;
            let made = lab.integration_named(&name)?;
            let form = lab.page("edit", &[("id", &made.id)])?;
            let shown = |entry: super::Entry| form.text().contains(entry.email);
            lab.holds(
                shown(SECOND) && !shown(FIRST),
                format!("the e-mail address {}", SECOND.email),
                if shown(FIRST) { FIRST.email } else { "neither" },
            )
        },
    )
    .covers(UPGRADE)
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "processing/together/disabled-resource",
        "a resource that its module switches off cannot be asked for",
        |lab| {
            let (module, name) = (lab.module()?, lab.new_name());
            let (on, off) = (format!("{}::on", module.name()), format!("{}::off", module.name()));
            module.write(
                "etc/acl.xml",
                &format!(
                    "<config><acl><resources><resource id=\"Magento_Backend::admin\">\
                     <resource id=\"{on}\" title=\"On\"/><resource id=\"{off}\" title=\"Off\" disabled=\"true\"/>\
                     </resource></resources></acl></config>"
                ),
            )?;
            let declared = FIRST.named(lab, &name)?.replace(
                "<resources>",
                &format!("<resources><resource name=\"{on}\"/><resource name=\"{off}\"/>"),
            );
            module.upgrade(&declared)?;
            let made = lab.integration_named(&name)?;
            let dialog = lab.script("permissionsDialog", &[("id", &made.id), ("reauthorize", "0")])?;
            lab.contains(&dialog.text(), &on)?;
            lab.contains(&dialog.text(), REORDER[0])?;
            lab.holds(
                !dialog.text().contains(&off),
                "a tree without the resource that is switched off",
                format!("a tree with {off}"),
            )
        },
    )
    .covers(&["processing-upgrade", "panel-permissions"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "processing/together/not-saved",
        "an integration of a module of one's own cannot be edited",
        |lab| {
            let (_module, integration) = installed(lab)?;
            let name = lab.new_name();
            let fields = [("name", name.as_str()), ("all_resources", "0")];
            lab.submit_save(&[("id", &integration.id)], &fields, true)?;
            lab.says("The integrations created in the config file can't be edited.")?;
            let (old, new) = (lab.row_named(&integration.name)?, lab.row_named(&name)?);
            lab.holds(old && !new, "the old name in the grid", "another name in the grid")
        },
    )
    .covers(FIXED)
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::must(
        "processing/together/not-deleted",
        "an integration of a module of one's own cannot be deleted",
        |lab| {
            let (_module, integration) = installed(lab)?;
            lab.submit("delete", &[("id", &integration.id)], &[], false)?;
            lab.says(&format!(
                "Uninstall the extension to remove integration '{}'.",
                integration.name
            ))?;
            let kept = lab.row_named(&integration.name)?;
            lab.holds(kept, "its row in the grid", "no such row")
        },
    )
    .covers(FIXED)
    .measured()
    .needs(NEEDS)
    .alone(),
];
