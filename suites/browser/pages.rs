//! The pages around the journey: sign-in, a full grid, the configuration with its effect on guests, and the keyboard.

use magespec::integration::{SetupType, Status};
use magespec::storage::NewIntegration;
use serde_json::json;

use super::stage::{PASSWORD, play};

#[test]
fn guests_read_products_while_the_switch_is_on_and_flushed() {
    play(
        |_| Vec::new(),
        |stage| async move {
            const PRODUCTS: &str = "/rest/V1/products?searchCriteria%5BpageSize%5D=1";
            stage.open("admin").await;
            stage.picture("sign-in").await;
            stage.type_into("#username", "merchant").await;
            stage.type_into("#login", "wrong").await;
            stage.click("button.action-login").await;
            stage.see(".message-error").await;
            stage.picture("sign-in-refused").await;
            stage.sign_in().await;
            assert_eq!(stage.guest_status(PRODUCTS), 401);
            for (value, status) in [("1", 200), ("0", 401)] {
                let before = stage.guest_status(PRODUCTS);
                stage.click_link("Configuration").await;
                stage
                    .see_title("Configuration / Settings / Stores / Magento Admin")
                    .await;
                stage
                    .choose("#webapi_webapisecurity_allow_insecure", value)
                    .await;
                stage.click("#save").await;
                stage
                    .until(
                        "the save",
                        "document.querySelector('#messages .message') !== null",
                    )
                    .await;
                assert_eq!(stage.messages().await, ["You saved the configuration."]);
                stage.picture("configuration").await;
                assert_eq!(
                    stage.guest_status(PRODUCTS),
                    before,
                    "the cache still answers"
                );
                stage.click_link("Cache Management").await;
                stage.click("#flush_magento").await;
                stage
                    .until(
                        "the flush",
                        "document.querySelector('#messages .message-success')?.textContent.includes('flushed') === true",
                    )
                    .await;
                stage.picture("cache").await;
                assert_eq!(stage.guest_status(PRODUCTS), status);
            }
            stage.click_link("Configuration").await;
            stage.click_link("OAuth").await;
            stage.see("#oauth_consumer_expiration_period").await;
            stage.picture("configuration-oauth").await;
        },
    );
}

#[test]
fn a_full_grid_turns_pages_sorts_and_filters() {
    play(
        |_| Vec::new(),
        |stage| async move {
            for number in 1..=27 {
                let endpoint = (number % 5 == 0).then(|| "http://erp.example/callback".to_owned());
                let new = NewIntegration {
                    name: if number == 4 {
                        "A rather long name for an integration that somebody typed in a hurry and never shortened".to_owned()
                    } else {
                        format!("Partner {number:02}")
                    },
                    endpoint,
                    status: if number % 3 == 0 {
                        Status::Active
                    } else {
                        Status::Inactive
                    },
                    setup_type: SetupType::Manual,
                    ..NewIntegration::default()
                };
                stage.store.storage().add_integration(new).expect("added");
            }
            stage.sign_in().await;
            stage.click_link("Integrations").await;
            stage.see_grid().await;
            stage.picture("grid-full").await;
            stage.click("button.action-next").await;
            stage
                .until(
                    "the second page",
                    "document.querySelector('#integrationGrid_page-current').value === '2'",
                )
                .await;
            assert_eq!(
                stage
                    .evaluate(
                        "return document.querySelectorAll('#integrationGrid_table tbody tr').length"
                    )
                    .await,
                json!(7)
            );
            stage.choose("#integrationGrid_filter_status", "1").await;
            stage.click("button[data-action=grid-filter-apply]").await;
            stage
                .until(
                    "the filter",
                    "document.querySelector('#integrationGrid-total-count').textContent === '9'",
                )
                .await;
            stage.click("th.col-name").await;
            stage
                .until(
                    "the order",
                    "document.querySelector('th.col-name').getAttribute('aria-sort') === 'ascending'",
                )
                .await;
            stage.picture("grid-filtered").await;
        },
    );
}

#[test]
fn the_panel_is_used_with_the_keyboard_alone() {
    play(
        |_| Vec::new(),
        |stage| async move {
            stage.open("admin").await;
            let field = stage
                .browser
                .active_element()
                .await
                .expect("something has the focus");
            assert_eq!(
                field.attr("id").await.expect("read").as_deref(),
                Some("username"),
                "the first field has the focus"
            );
            field.send_keys("merchant\u{E004}").await.expect("keys");
            let field = stage
                .browser
                .active_element()
                .await
                .expect("something has the focus");
            field
                .send_keys(&format!("{PASSWORD}\u{E007}"))
                .await
                .expect("keys");
            stage.see_title("Dashboard / Magento Admin").await;
            stage.click_link("Add New Integration").await;
            stage
                .see_title("New Integration / Extensions / System / Magento Admin")
                .await;
            // The ways of saving are a menu: arrows open it and move in it, Escape goes back.
            let more = stage.see(".action-toggle").await;
            more.send_keys("\u{E015}").await.expect("keys");
            let role = "return document.activeElement.getAttribute('role') + ' ' + document.activeElement.id";
            assert_eq!(
                stage.evaluate(role).await,
                json!("menuitem save-split-button-activate")
            );
            let item = stage.see("#save-split-button-activate").await;
            item.send_keys("\u{E00C}").await.expect("keys");
            let open = "return document.activeElement.getAttribute('aria-expanded')";
            assert_eq!(stage.evaluate(open).await, json!("false"));
            let tab = stage.see("a#integration_edit_tabs_info_section").await;
            tab.send_keys("\u{E014}").await.expect("keys");
            let focused = "return document.activeElement.id";
            assert_eq!(
                stage.evaluate(focused).await,
                json!("integration_edit_tabs_api_section")
            );
            assert_eq!(
                stage
                    .evaluate("return document.activeElement.getAttribute('aria-selected')")
                    .await,
                json!("true")
            );
            let node = stage.see("a[id='Magento_Customer::customer_anchor']").await;
            node.send_keys(" ").await.expect("keys");
            let chosen = "return document.getElementById('Magento_Customer::manage_anchor').getAttribute('aria-selected')";
            assert_eq!(stage.evaluate(chosen).await, json!("true"));
            // Left closes the node, right opens it again and leads to the first one below.
            node.send_keys("\u{E012}").await.expect("keys");
            let closed = "return document.getElementById('Magento_Customer::customer_anchor').getAttribute('aria-expanded')";
            assert_eq!(stage.evaluate(closed).await, json!("false"));
            node.send_keys("\u{E014}\u{E014}").await.expect("keys");
            assert_eq!(
                stage.evaluate(focused).await,
                json!("Magento_Customer::manage_anchor")
            );
            stage.type_into(".tree-search", "credit memo").await;
            let found = "return [...document.querySelectorAll('.jstree-anchor')].filter(it => it.offsetParent).map(it => it.id.replace('_anchor', '')).includes('Magento_Sales::creditmemo')";
            assert_eq!(stage.evaluate(found).await, json!(true));
            let others = "return document.getElementById('Magento_Catalog::catalog').hidden";
            assert_eq!(stage.evaluate(others).await, json!(true));
            stage.picture("tree-search").await;
            let unlabelled = "return [...document.querySelectorAll('input:not([type=hidden]), select, button, a')].filter(it => !(it.labels?.length || it.getAttribute('aria-label') || it.textContent.trim())).length";
            assert_eq!(
                stage.evaluate(unlabelled).await,
                json!(0),
                "every control has a name"
            );
        },
    );
}
