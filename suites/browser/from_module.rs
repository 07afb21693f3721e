//! An integration that a module declares: activated, changed, reset, activated again.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use super::stage::play;

fn write(folder: &Path, app: SocketAddr, email: &str) {
    let etc = folder.join("etc");
    fs::create_dir_all(&etc).expect("a folder can be made");
    fs::write(
        etc.join("module.xml"),
        "<config><module name=\"Acme_Orders\"/></config>",
    )
    .expect("written");
    let text = format!(
        "<integrations><integration name=\"Acme Orders\"><email>{email}</email><endpoint_url>http://{app}/callback</endpoint_url>\
         <identity_link_url>http://{app}/login</identity_link_url><resources><resource name=\"Magento_Sales::reorder\"/>\
         <resource name=\"Magento_Backend::store\"/></resources></integration></integrations>"
    );
    fs::write(etc.join("integration.xml"), text).expect("written");
}

#[test]
fn a_module_brings_an_integration_that_is_activated_and_reset_by_a_change() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let module = folder.path().to_owned();
    let path = module.clone();
    play(
        move |app| {
            write(&path, app, "a@example.com");
            vec![path]
        },
        |stage| async move {
            stage.sign_in().await;
            stage.click_link("Integrations").await;
            stage.see_grid().await;
            assert_eq!(stage.status("Acme Orders").await, "Inactive");
            stage.click(".action.info").await;
            stage
                .see_title("View \"Acme Orders\" Integration / Extensions / System / Magento Admin")
                .await;
            stage.picture("view-module").await;
            stage.click("#back").await;
            stage.see_grid().await;
            for reauthorize in [false, true] {
                stage.click("[data-row-dialog=permissions]").await;
                let button = if reauthorize { "Reauthorize" } else { "Allow" };
                let shown = ".modal-slide._show .page-actions-buttons .action-primary";
                assert_eq!(stage.text(shown).await, button);
                assert!(
                    stage
                        .text(".modal-slide .modal-content")
                        .await
                        .contains("Reorder")
                );
                stage.click(shown).await;
                stage.log_in_at_the_app().await;
                stage.see_grid().await;
                stage.click_link("Integrations").await;
                stage.see_grid().await;
                assert_eq!(stage.status("Acme Orders").await, "Active");
                if !reauthorize {
                    write(&module, stage.app.local(), "b@example.com");
                    stage
                        .store
                        .apply_modules()
                        .expect("the module can be applied");
                    stage.click_link("Integrations").await;
                    stage.see_grid().await;
                    assert_eq!(stage.status("Acme Orders").await, "Reset");
                    assert!(
                        stage
                            .text(".message-system")
                            .await
                            .contains("have been reset because of a change to their xml configs.")
                    );
                    stage.picture("grid-reset").await;
                }
            }
        },
    );
}
