//! An integration made by hand: Custom resources, Save & Activate, Allow, the pop-up, the return, Reauthorize; and one without URLs.

use serde_json::json;

use super::stage::{PASSWORD, Stage, play, play_as};

async fn fill_in(stage: &Stage, name: &str) {
    stage.click_link("Integrations").await;
    stage.see_grid().await;
    stage.click("#add").await;
    stage
        .see_title("New Integration / Extensions / System / Magento Admin")
        .await;
    stage.type_into("#integration_properties_name", name).await;
    stage
        .type_into("#integration_properties_current_password", PASSWORD)
        .await;
}

/// The button of the dialog that is open.
const DIALOG_BUTTON: &str = ".modal-slide._show .page-actions-buttons .action-primary";

/// What the form would post as resources.
const POSTED: &str =
    "return new FormData(document.querySelector('#edit_form')).getAll('resource[]')";

#[test]
fn a_merchant_connects_an_app_and_authorises_it_again() {
    play(
        |_| Vec::new(),
        |stage| async move {
            stage.sign_in().await;
            stage.picture("dashboard").await;
            fill_in(&stage, "Order sync").await;
            stage
                .type_into(
                    "#integration_properties_endpoint",
                    &stage.app.callback_url(),
                )
                .await;
            stage
                .type_into(
                    "#integration_properties_identity_link_url",
                    &stage.app.identity_link_url(),
                )
                .await;
            stage.picture("form-info").await;
            stage.click("a#integration_edit_tabs_api_section").await;
            for id in [
                "Magento_Sales::actions",
                "Magento_Sales::cancel",
                "Magento_Backend::stores",
            ] {
                stage.click(&format!("a[id='{id}_anchor']")).await;
            }
            stage.picture("form-tree").await;
            let posted = stage.evaluate(POSTED).await;
            let posted: Vec<String> = serde_json::from_value(posted).expect("texts");
            assert!(
                posted.contains(&"Magento_Sales::actions".to_owned()),
                "a parent stays checked when a child is cleared"
            );
            assert!(!posted.contains(&"Magento_Sales::cancel".to_owned()));
            let parents = [
                "Magento_Sales::sales",
                "Magento_Sales::sales_operation",
                "Magento_Sales::sales_order",
            ];
            assert_eq!(
                posted[posted.len() - 3..],
                parents,
                "undetermined parents come last"
            );
            let mixed = "return document.getElementById('Magento_Sales::sales_anchor').getAttribute('aria-checked')";
            assert_eq!(stage.evaluate(mixed).await, json!("mixed"));

            stage.click("#save-split-button-button").await;
            stage.see_grid().await;
            stage.click("[data-row-dialog=permissions]").await;
            assert_eq!(stage.text(DIALOG_BUTTON).await, "Allow");
            assert_eq!(stage.text(".modal-slide .modal-title").await, "Order sync");
            stage.picture("dialog-permissions").await;
            stage.click(DIALOG_BUTTON).await;
            stage.log_in_at_the_app().await;
            stage.see_grid().await;
            assert_eq!(
                stage.messages().await,
                ["Integration 'Order sync' has been sent for activation."]
            );
            stage.click_link("Integrations").await;
            stage.see_grid().await;
            assert_eq!(stage.status("Order sync").await, "Active");
            assert_eq!(stage.app.app().stores().len(), 1);

            stage.click("[data-row-dialog=permissions]").await;
            assert_eq!(stage.text(DIALOG_BUTTON).await, "Reauthorize");
            stage.click(DIALOG_BUTTON).await;
            stage.until("the pop-up's dialog", "document.querySelector('.modal-slide .modal-content')?.textContent.includes('3rd party account') === true").await;
            stage.picture("dialog-popup").await;
            let link = stage
                .evaluate("return document.querySelector('.modal-slide .app-link').href")
                .await;
            let link = link.as_str().expect("an address");
            assert!(link.starts_with(&stage.app.identity_link_url()), "{link}");
            assert!(link.contains("?oauth_consumer_key="), "{link}");
            stage.log_in_at_the_app().await;
            stage.see_grid().await;
            assert_eq!(
                stage.messages().await,
                ["Integration 'Order sync' has been sent for re-authorization."]
            );
            stage.click_link("Integrations").await;
            stage.see_grid().await;
            assert_eq!(stage.status("Order sync").await, "Active");
        },
    );
}

#[test]
fn an_integration_without_urls_shows_its_tokens_and_is_deleted_after_a_question() {
    play(
        |_| Vec::new(),
        |stage| async move {
            stage.sign_in().await;
            stage.click_link("Integrations").await;
            stage.see_grid().await;
            stage.picture("grid-empty").await;
            fill_in(&stage, "Warehouse").await;
            stage.click("a#integration_edit_tabs_api_section").await;
            stage.choose("#all_resources", "1").await;
            stage
                .until(
                    "the tree hides",
                    "document.querySelector('[data-role=tree-resources-container]').matches('.no-display')",
                )
                .await;
            stage.click("#save-split-button-button").await;
            stage.see_grid().await;
            assert_eq!(
                stage.messages().await,
                ["The integration 'Warehouse' has been saved."]
            );
            assert_eq!(stage.status("Warehouse").await, "Inactive");

            stage.click("[data-row-dialog=permissions]").await;
            stage.click(DIALOG_BUTTON).await;
            stage.see("#integration_token_consumer_key").await;
            stage.picture("dialog-tokens").await;
            for field in ["consumer_key", "consumer_secret", "token", "token_secret"] {
                assert_eq!(
                    stage
                        .value(&format!("#integration_token_{field}"))
                        .await
                        .len(),
                    32,
                    "{field}"
                );
            }
            let file = stage
                .evaluate("return document.querySelector('a[download]').download")
                .await;
            assert_eq!(file, json!("warehouse.toml"));
            let text = "return (async () => (await (await fetch(document.querySelector('a[download]').href)).text()).split('\\n').map(line => line.split(' = ')[0]))()";
            assert_eq!(
                stage.evaluate(text).await,
                json!([
                    "consumer_key",
                    "consumer_secret",
                    "access_token",
                    "access_token_secret",
                    ""
                ])
            );
            stage.click(".with-copy button").await;
            stage
                .until(
                    "the key is copied",
                    "document.querySelector('.with-copy button').textContent === 'Copied'",
                )
                .await;
            assert_eq!(stage.text(DIALOG_BUTTON).await, "Done");
            stage.click(DIALOG_BUTTON).await;
            stage.until("the grid comes back", "!document.querySelector('aside._show') && document.querySelector('#messages .message') !== null").await;
            assert_eq!(
                stage.messages().await,
                ["The integration 'Warehouse' has been activated."]
            );
            assert_eq!(stage.status("Warehouse").await, "Active");
            stage.picture("grid-one").await;

            stage.click("button.action.delete").await;
            stage.see(".modal-popup.confirm._show").await;
            stage.picture("dialog-delete").await;
            assert_eq!(stage.text(".confirm .deleted-name").await, "Warehouse");
            let focused = stage
                .evaluate("return document.activeElement.textContent")
                .await;
            assert_eq!(
                focused,
                json!("Cancel"),
                "the harmless button has the focus"
            );
            stage.click(".confirm .action-dismiss").await;
            assert_eq!(stage.status("Warehouse").await, "Active");
            stage.click("button.action.delete").await;
            stage.click(".confirm .action-accept").await;
            stage
                .until(
                    "the row goes",
                    "document.querySelector('.empty-text') !== null",
                )
                .await;
            assert_eq!(
                stage.messages().await,
                ["The integration 'Warehouse' has been deleted."]
            );
        },
    );
}

#[test]
fn the_form_complains_in_the_panels_own_words_before_anything_is_sent() {
    play(
        |_| Vec::new(),
        |stage| async move {
            stage.sign_in().await;
            fill_in(&stage, "").await;
            stage
                .type_into("#integration_properties_email", "nobody")
                .await;
            stage
                .type_into("#integration_properties_endpoint", "example.com")
                .await;
            stage.click("#save-split-button-button").await;
            let said = |field: &'static str| {
                let stage = &stage;
                async move {
                    stage
                        .text(&format!("#integration_properties_{field}-error"))
                        .await
                }
            };
            assert_eq!(said("name").await, "This is a required field.");
            assert_eq!(
                said("email").await,
                "Please enter a valid email address (Ex: johndoe@domain.com)."
            );
            assert_eq!(
                said("endpoint").await,
                "Please enter a valid URL. Protocol is required (http://, https:// or ftp://)."
            );
            stage.picture("form-complaints").await;
            assert!(
                stage
                    .store
                    .storage()
                    .integrations()
                    .expect("read")
                    .is_empty()
            );
        },
    );
}

/// Measured in a browser on 2.4.7-p3: the save ends the keys of the page, so that the dialog cannot be asked for and the dashboard opens.
#[test]
fn save_and_activate_ends_at_the_dashboard_since_2_4_7() {
    play(
        |_| Vec::new(),
        |stage| async move {
            stage.sign_in().await;
            fill_in(&stage, "At once").await;
            stage.click(".action-toggle").await;
            stage.picture("save-choice").await;
            stage.click("#save-split-button-activate").await;
            stage.see_title("Dashboard / Magento Admin").await;
            stage.click_link("Integrations").await;
            stage.see_grid().await;
            assert_eq!(stage.status("At once").await, "Inactive");
        },
    );
}

#[test]
fn save_and_activate_asks_for_approval_before_2_4_7() {
    play_as(
        "2.4.6",
        |_| Vec::new(),
        |stage| async move {
            stage.sign_in().await;
            fill_in(&stage, "At once").await;
            stage.click(".action-toggle").await;
            stage.click("#save-split-button-activate").await;
            assert_eq!(stage.text(DIALOG_BUTTON).await, "Allow");
            assert_eq!(stage.text(".modal-slide .modal-title").await, "At once");
            stage.click(DIALOG_BUTTON).await;
            stage.see("#integration_token_consumer_key").await;
            stage.click(DIALOG_BUTTON).await;
            stage.see_grid().await;
            assert_eq!(stage.status("At once").await, "Active");
        },
    );
}
