//! # What a module declares is not the administrator's to change
//!
//! An integration of a module's `etc/integration.xml` is viewed, activated and re-authorized like any other, but neither edited nor
//! deleted: that is done by changing the file or by uninstalling. Only integrations that were named to the suite are asked.
//!
//! Source: spec oauth.md §4.1, §4.5, SM-19; config-acl-admin.md §5.3, §5.4, §5.8, ADM-08, ADM-34 … ADM-36, PRC-01.

use magespec::conformance::{Case, Integration, Lab, Need, Stop};

const NEEDS: &[Need] = &[Need::Admin];
const FIXED: &[&str] = &["panel-config-integrations"];

/// The first declared integration that was named to the suite.
fn declared(lab: &Lab<'_>) -> Result<Integration, Stop> {
    let first = lab.declared().first();
    let first = first.ok_or_else(|| {
        Stop::NotApplicable("no module's integration was named to the suite".to_owned())
    })?;
    Ok(Integration {
        id: first.id.clone(),
        name: first.name.clone(),
        ..Integration::default()
    })
}

pub(super) const CASES: &[Case] = &[
    Case::profile("processing/declared/row", "its row offers a view, and no deletion", |lab| {
        let row = lab.row(&declared(lab)?)?.replace('\'', "\"");
        lab.holds(
            row.contains("title=\"View\"") && row.contains("title=\"Uninstall the extension to remove this integration\"") && row.contains("disabled"),
            "a button `View` and a disabled one `Uninstall the extension to remove this integration`",
            row,
        )
    })
    .covers(FIXED)
    .derived("from spec config-acl-admin.md ADM-08")
    .needs(NEEDS),
    Case::profile("processing/declared/view", "its form is a view without a way to save", |lab| {
        let integration = declared(lab)?;
        let page = lab.page("edit", &[("id", &integration.id)])?;
        let text = page.text();
        lab.holds(
            page.status() == 200 && text.contains(&format!("View \"{}\" Integration", integration.name)) && !text.contains("Resource Access") && !text.contains("Save & Activate"),
            format!("`View \"{}\" Integration` without `Resource Access`", integration.name),
            page.summary(),
        )
    })
    .covers(FIXED)
    .derived("from spec config-acl-admin.md ADM-36")
    .needs(NEEDS),
    Case::must("processing/declared/not-saved", "it cannot be edited", |lab| {
        let integration = declared(lab)?;
        let name = lab.new_name();
        let screen = lab.submit_save(&[("id", &integration.id)], &[("name", &name), ("all_resources", "0")], true)?;
        lab.holds(!screen.goes_to().is_empty(), "a `_redirect`", screen.summary())?;
        lab.says("The integrations created in the config file can't be edited.")?;
        lab.holds(lab.row_named(&integration.name)? && !lab.row_named(&name)?, "the old name in the grid", "another name in the grid")
    })
    .covers(FIXED)
    .measured("2.4.7-p3 (spec oauth.md SM-19; config-acl-admin.md ADM-35)")
    .needs(NEEDS),
    Case::must("processing/declared/not-deleted", "it cannot be deleted", |lab| {
        let integration = declared(lab)?;
        let screen = lab.submit("delete", &[("id", &integration.id)], &[], false)?;
        lab.holds(screen.status() == 302, "302", screen.summary())?;
        lab.says(&format!("Uninstall the extension to remove integration '{}'.", integration.name))?;
        lab.holds(lab.row_named(&integration.name)?, "its row in the grid", "no such row")
    })
    .covers(FIXED)
    .measured("2.4.7-p3 (spec oauth.md SM-19; config-acl-admin.md ADM-34)")
    .needs(NEEDS),
    Case::profile("processing/declared/dialog", "its permissions are those of the file", |lab| {
        let screen = lab.script("permissionsDialog", &[("id", &declared(lab)?.id), ("reauthorize", "0")])?;
        lab.contains(&screen.markup(), "The integration you selected asks you to approve access to the following:")?;
        lab.holds(!screen.text().contains("No permissions requested"), "a tree of resources", screen.summary())
    })
    .covers(FIXED)
    .measured("2.4.7-p3 (spec config-acl-admin.md §5.7)")
    .needs(NEEDS),
    Case::must("processing/declared/kept", "the store keeps it as declared, with its consumer", |lab| {
        let kept = lab.kept(&declared(lab)?)?;
        lab.holds(kept.setup_type == 1, "setup type 1", format!("setup type {}", kept.setup_type))
    })
    .covers(FIXED)
    .measured("2.4.7-p3 (spec oauth.md §4.5; config-acl-admin.md PRC-01)")
    .needs(&[Need::Admin, Need::Control]),
];
