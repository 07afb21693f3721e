//! # What a module declares is not the administrator's to change
//!
//! An integration of a module's `etc/integration.xml` is viewed, activated and re-authorized like any other, but neither edited nor
//! deleted: that is done by changing the file or by uninstalling. Only integrations that were named to the suite are asked.
//!
//! Source: docs/protocol/flow.md, docs/protocol/config-integrations.md, docs/protocol/admin-panel.md.

use magespec::conformance::{Case, Integration, Lab, Need, Stop};

const NEEDS: &[Need] = &[Need::Admin];
const FIXED: &[&str] = &["panel-config-integrations"];

/// The first declared integration that was named to the suite.
fn declared(lab: &Lab<'_>) -> Result<Integration, Stop> {
    let first = lab.declared().first();
    let first = first.ok_or_else(|| {
        Stop::NotApplicable("no module's integration was named to the suite".into())
    })?;
    Ok(Integration {
        id: first.id.clone(),
        name: first.name.clone(),
        ..Integration::default()
    })
}

/// What its form shows where there is anything to be saved.
const SAVING: [&str; 2] = ["Resource Access", "Save & Activate"];

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "processing/declared/row",
        "its row offers a view, and no deletion",
        |lab| {
            let row = lab.row(&declared(lab)?)?;
            let uninstall = "Uninstall the extension to remove this integration";
            lab.holds(
                row.has("title", "View")
                    && row.has("title", uninstall)
                    && row.attribute("disabled").is_some(),
                format!("buttons with the titles View and {uninstall}, the latter disabled"),
                row.text(),
            )
        },
    )
    .covers(FIXED)
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
    Case::profile(
        "processing/declared/view",
        "its form is a view without a way to save",
        |lab| {
            let integration = declared(lab)?;
            let page = lab.page("edit", &[("id", &integration.id)])?;
            let text = page.text();
            let heading = format!("View \"{}\" Integration", integration.name);
            lab.contains(&text, &heading)?;
            let saving = SAVING.iter().find(|part| text.contains(**part));
            lab.holds(
                page.status() == 200 && saving.is_none(),
                format!("200 without {}", SAVING.join(" and ")),
                format!("{} with {}", page.status(), saving.unwrap_or(&"neither")),
            )
        },
    )
    .covers(FIXED)
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
    Case::must(
        "processing/declared/not-saved",
        "it cannot be edited",
        |lab| {
            let integration = declared(lab)?;
            let name = lab.new_name();
            let fields = [("name", name.as_str()), ("all_resources", "0")];
            let screen = lab.submit_save(&[("id", &integration.id)], &fields, true)?;
            lab.holds(
                !screen.goes_to().is_empty(),
                "a `_redirect`",
                screen.summary(),
            )?;
            lab.says("The integrations created in the config file can't be edited.")?;
            let (old, new) = (lab.row_named(&integration.name)?, lab.row_named(&name)?);
            lab.holds(
                old && !new,
                "the old name in the grid",
                "another name in the grid",
            )
        },
    )
    .covers(FIXED)
    .measured()
    .needs(NEEDS),
    Case::must(
        "processing/declared/not-deleted",
        "it cannot be deleted",
        |lab| {
            let integration = declared(lab)?;
            let screen = lab.submit("delete", &[("id", &integration.id)], &[], false)?;
            lab.holds(screen.status() == 302, "302", screen.summary())?;
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
    .needs(NEEDS),
    Case::profile(
        "processing/declared/dialog",
        "the dialog that activates it shows the permissions of the file",
        |lab| {
            let id = declared(lab)?.id;
            let screen = lab.script("permissionsDialog", &[("id", &id), ("reauthorize", "0")])?;
            lab.contains(
                &screen.text(),
                "The integration you selected asks you to approve access to the following:",
            )?;
            lab.holds(
                !screen.text().contains("No permissions requested"),
                "a tree of resources",
                screen.summary(),
            )
        },
    )
    .covers(FIXED)
    .measured()
    .needs(NEEDS),
    Case::must(
        "processing/declared/kept",
        "the store keeps it as declared, with its consumer",
        |lab| {
            let integration = declared(lab)?;
            let setup_type = lab.kept(&integration)?.setup_type;
            lab.equal("setup type", "1", &setup_type.to_string())?;
            let consumer = lab.integration_named(&integration.name)?;
            lab.holds(!consumer.key.is_empty(), "a consumer key", "none")
        },
    )
    .covers(FIXED)
    .measured()
    .needs(&[Need::Admin, Need::Control]),
];
