//! The journey of the drivers that are published for a real panel, by the selectors that they use: theirs must find what they look for here.

use super::stage::{PASSWORD, play};

const INTEGRATIONS: &str = "li[data-ui-id='menu-magento-integration-system-integrations'] a";
const API: &str = "[data-ui-id='integration-edit-tabs-tab-content-api-section']";
const DIALOG_BUTTON: &str = ".page-actions-buttons .action-primary";

#[test]
fn selectors_of_published_drivers_lead_through_the_panel() {
    play(
        |_| Vec::new(),
        |stage| async move {
            stage.open("admin").await;
            stage.type_into("#username", "merchant").await;
            stage.type_into("#login", PASSWORD).await;
            stage.click(".actions .action-primary").await;
            stage.click(INTEGRATIONS).await;
            stage.see_grid().await;

            stage.click(".page-actions .add").await;
            stage
                .see("#integration_edit_tabs #integration_edit_tabs_info_section")
                .await;
            stage
                .type_into("#edit_form input[name='name']", "Driven")
                .await;
            stage
                .type_into("#edit_form input[name='current_password']", PASSWORD)
                .await;
            stage
                .click("#integration_edit_tabs a#integration_edit_tabs_api_section")
                .await;
            stage
                .choose(&format!("{API} [name='all_resources']"), "0")
                .await;
            stage
                .see(&format!("{API} [data-role='resource-tree']"))
                .await;
            stage
                .click("li[data-id='Magento_Sales::cancel'] [class='jstree-icon jstree-checkbox']")
                .await;
            stage
                .click(".page-actions-buttons .action-toggle.primary")
                .await;
            stage.picture("save-choice").await;
            stage.see("#save-split-button-activate").await;
            stage.click("#save-split-button-button").await;
            stage.see_grid().await;
            stage
                .click("#integrationGrid_table>tbody>tr:nth-child(1)>td.col-activate>a")
                .await;
            stage
                .see("#integration-popup-container [data-role='tree-resources-container']")
                .await;
            stage
                .click("[data-row-dialog='tokens'][data-row-is-reauthorize='0']")
                .await;
            let field = |name: &str| format!(".admin__field-control.control #{name}");
            let key = stage.value(&field("integration_token_consumer_key")).await;
            assert_eq!(key.len(), 32);
            stage.click(DIALOG_BUTTON).await;
            stage.see_grid().await;
            stage
                .see("#messages .message-success [data-ui-id='messages-message-success']")
                .await;

            stage
                .type_into(".data-grid-filters #integrationGrid_filter_name", "driven")
                .await;
            stage
                .click(".admin__filter-actions button[title=Search]")
                .await;
            stage.see("tr[data-role='row']:nth-of-type(1)").await;
            stage.click(".data-grid [data-column='edit'] button").await;
            stage
                .see_title("Edit \"Driven\" Integration / Extensions / System / Magento Admin")
                .await;
            let shown = stage
                .value(&field("integration_properties_consumer_key"))
                .await;
            assert_eq!(shown, key);

            stage.click(INTEGRATIONS).await;
            stage.see_grid().await;
            stage
                .click("#integrationGrid_table>tbody>tr:nth-child(1)>td.col-activate>a")
                .await;
            stage
                .click(".modal-slide._show [data-role='closeBtn']")
                .await;
            stage.click(".data-grid .delete").await;
            stage.see(".confirm._show[data-role=modal]").await;
            stage.click(".action-primary.action-accept").await;
            stage.see("#messages .message-success").await;
            assert_eq!(
                stage.messages().await,
                ["The integration 'Driven' has been deleted."]
            );
        },
    );
}
