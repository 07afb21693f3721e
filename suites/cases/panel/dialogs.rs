//! # The permissions dialog shows what an activation allows
//!
//! A sentence, and the selected resources below the basic one as a tree without boxes. What is selected below something that is not, is
//! not shown.
//!
//! Source: docs/protocol/flow.md, docs/protocol/admin-panel.md.

use magespec::conformance::{Case, Lab, Need, Outcome, Screen, Stop};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const DIALOG: &[&str] = &["panel-permissions"];
const NOTHING: &str = "No permissions requested";

fn dialog(lab: &Lab<'_>, resources: &[&str]) -> Result<Screen, Stop> {
    let mut fields = vec![("all_resources", "0")];
    fields.extend(resources.iter().map(|id| ("resource[]", *id)));
    let integration = lab.fresh_with(&fields)?;
    lab.script(
        "permissionsDialog",
        &[("id", &integration.id), ("reauthorize", "0")],
    )
}

/// The dialog names these resources and none of those.
fn names(lab: &Lab<'_>, screen: &Screen, shown: &[&str], hidden: &[&str]) -> Outcome {
    let text = screen.text();
    let right =
        shown.iter().all(|id| text.contains(id)) && !hidden.iter().any(|id| text.contains(id));
    lab.holds(
        screen.status() == 200 && right,
        format!(
            "200, with {} and without {}",
            shown.join(", "),
            hidden.join(", ")
        ),
        screen.summary(),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "panel/permissions/sentence",
        "the dialog asks to approve",
        |lab| {
            let screen = dialog(lab, &["Magento_Customer::customer"])?;
            lab.contains(
                &screen.text(),
                "The integration you selected asks you to approve access to the following:",
            )
        },
    )
    .covers(DIALOG)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/permissions/selected",
        "the dialog shows the selected resources only",
        |lab| {
            let screen = dialog(
                lab,
                &["Magento_Customer::customer", "Magento_Customer::manage"],
            )?;
            names(
                lab,
                &screen,
                &["Magento_Customer::customer", "Magento_Customer::manage"],
                &["Magento_Sales::sales", NOTHING],
            )
        },
    )
    .covers(DIALOG)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/permissions/child-without-parent",
        "a child of a parent that is not selected is not shown",
        |lab| {
            names(
                lab,
                &dialog(lab, &["Magento_Sales::reorder"])?,
                &["approve access"],
                &["Magento_Sales::reorder", NOTHING],
            )
        },
    )
    .covers(DIALOG)
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
    Case::profile(
        "panel/permissions/nothing",
        "without resources the dialog says so",
        |lab| {
            names(
                lab,
                &dialog(lab, &[])?,
                &[NOTHING],
                &["Magento_Sales::sales"],
            )
        },
    )
    .covers(DIALOG)
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
    Case::profile(
        "panel/permissions/unknown-only",
        "a list of unknown resources is shown as an empty tree",
        |lab| {
            names(
                lab,
                &dialog(lab, &["Magespec_Unknown::id"])?,
                &["approve access"],
                &["Magespec_Unknown::id", NOTHING],
            )
        },
    )
    .covers(DIALOG)
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
    Case::profile(
        "panel/permissions/everything",
        "with everything granted the dialog shows the whole tree",
        |lab| {
            let integration = lab.untouched()?;
            let screen = lab.script(
                "permissionsDialog",
                &[("id", &integration.id), ("reauthorize", "0")],
            )?;
            names(
                lab,
                &screen,
                &[
                    "Magento_Sales::sales",
                    "Magento_Customer::customer",
                    "Magento_Backend::store",
                ],
                &[NOTHING],
            )
        },
    )
    .covers(DIALOG)
    .measured()
    .needs(NEEDS),
    Case::security(
        "panel/permissions/changes-nothing",
        "opening the dialog activates nothing",
        |lab| {
            let integration = lab.untouched()?;
            lab.script(
                "permissionsDialog",
                &[("id", &integration.id), ("reauthorize", "1")],
            )?;
            lab.equal("status", "Inactive", lab.status(&integration)?)?;
            lab.holds(
                lab.listener()?.count(&integration.name) == 0,
                "no credentials POST",
                "a credentials POST",
            )
        },
    )
    .covers(DIALOG)
    .measured()
    .needs(NEEDS),
];
