//! # Secrets and markup stay where they belong
//!
//! Every answer of the store is searched for the secrets of the run, and every page for markup that a case has put into a name. These cases
//! go where either would show: the grid, the address after a save, the message that something was saved.
//!
//! Source: docs/protocol/security.md, docs/protocol/admin-panel.md.

use magespec::conformance::{Case, Need};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];

pub(super) const CASES: &[Case] = &[
    Case::security(
        "panel/leaks/secrets",
        "the grid shows no secret of an integration",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            let grid = lab.page("index", &[])?;
            lab.holds(grid.status() == 200, "200", grid.summary())
        },
    )
    .covers(&["store-no-secrets"])
    .measured()
    .needs(NEEDS),
    Case::security(
        "panel/leaks/addresses",
        "no secret stands in the address to which a save leads",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.exchange(&mut integration, false)?;
            let saved = lab.submit_save(
                &[("id", &integration.id)],
                &[("name", &integration.name), ("all_resources", "1")],
                false,
            )?;
            lab.holds(saved.status() == 302, "302 to the grid", saved.summary())
        },
    )
    .covers(&["store-no-secrets"])
    .measured()
    .needs(NEEDS),
    Case::security(
        "panel/leaks/message",
        "the message that an integration was saved shows markup in its name as text",
        |lab| {
            let name = format!("{}<i>x</i>", lab.new_name());
            let fields = [("name", name.as_str()), ("all_resources", "0")];
            lab.submit_save(&[], &fields, false)?;
            let said = lab.says(&format!("The integration '{name}' has been saved."));
            if let Some(id) = lab.page("index", &[("limit", "200")])?.id_of(&name) {
                lab.adopt(&id);
            }
            said
        },
    )
    .covers(&["panel-escapes"])
    .measured()
    .needs(NEEDS),
];
