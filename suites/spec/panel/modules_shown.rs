//! How the panel shows what module files declare, when it reads them anew, and how it names their faults.

use std::fs;

use magespec::integration::{IntegrationId, Status};
use magespec::store::{Applied, ModulesError};
use magespec::store::{Options, Store};

use crate::spec::modules::folders::setup_script;
use crate::spec::panel::browser::{PASSWORD, location, messages, store_with, unescape, url_with};
use crate::spec::panel::form::tree_of;
use crate::spec::panel::modules::{LINKS, Module, apply, demo};

#[test]
fn files_are_read_anew_by_whatever_asks_for_a_declared_integration() {
    let module = Module::new();
    module.declare(&[&demo("a@example.com", LINKS, &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    let manual = browser.create("Manual", &[]);
    module.declare(&[&demo("a@example.com", LINKS, &["Magento_Customer::manage"])]);
    let dialog = browser
        .get("/admin/admin/integration/permissionsDialog/id/1/")
        .text();
    assert!(dialog.contains(r#"{"data-id":"Magento_Customer::manage"}"#));
    assert!(!dialog.contains(r#"{"data-id":"Magento_Sales::reorder"}"#));

    module.put("etc/integration.xml", "<integrations>\n<integration");
    assert!(browser.grid().contains("\nDemo\n"), "the grid still opens");
    let internal = "Internal error. Check exception log for details.";
    for (action, says) in [
        ("permissionsDialog", internal),
        ("edit", internal),
        ("tokensExchange", "Verify the XML and try again."),
        ("tokensDialog", "Verify the XML and try again."),
    ] {
        let address = format!("/admin/admin/integration/{action}/id/1/");
        let answer = browser.get(&address);
        assert_eq!(
            (answer.status, location(&answer).as_str()),
            (302, "http://127.0.0.1:8080/admin/admin/integration/"),
            "{action}"
        );
        let messages = browser.messages();
        assert!(
            messages.len() == 1 && messages[0].ends_with(says),
            "{action}: {messages:?}"
        );
    }
    let row = browser.row("1");
    assert_eq!(row.status, Status::Inactive, "nothing was begun");
    let address = format!("/admin/admin/integration/permissionsDialog/id/{manual}/");
    assert_eq!(
        browser.get(&address).status,
        200,
        "manual ones need no file"
    );
}

#[test]
fn the_reset_notice_is_for_names_in_integration_xml() {
    let module = Module::new();
    module.put(
        "etc/integration/api.xml",
        "<integrations><integration name=\"Old\"><resources/></integration></integrations>",
    );
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    browser.create("Old", &[("status", "2")]);
    assert!(!browser.grid().contains("have been reset"));
    module.declare(&[&demo("b@example.com", "", &["Magento_Sales::reorder"])]);
    apply(&browser.store);
    assert!(browser.grid().contains("have been reset"));
}

#[test]
fn the_panel_shows_a_declared_integration_read_only() {
    let module = Module::new();
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    let grid = browser.grid();
    assert!(
        grid.contains("title=\"View\"")
            && grid.contains("title=\"Uninstall the extension to remove this integration\"")
    );
    let page = browser
        .get(&url_with(&grid, "/integration/edit/id/1/"))
        .text();
    assert!(unescape(&page).contains("View \"Demo\" Integration"));
    for field in ["name", "email", "endpoint", "identity_link_url"] {
        let mark = format!("id=\"integration_properties_{field}\"");
        let tag = page.split(&mark).nth(1).expect("the field is there");
        let tag = tag.split('>').next().expect("the tag ends");
        assert!(tag.contains(" disabled=\"disabled\""), "{field}: {tag}");
    }
    assert!(page.contains("Integration Details") && page.contains("Your Password"));
    for absent in [">API<", "all_resources", ">Save<", "Save &amp; Activate"] {
        assert!(!page.contains(absent), "{absent}");
    }
    let permissions = browser
        .get("/admin/admin/integration/permissionsDialog/id/1/")
        .text();
    assert!(
        permissions.contains(r#"{"data-id":"Magento_Sales::reorder"}"#),
        "parents are drawn, so the child is"
    );
    let save = browser.post(
        "/admin/admin/integration/save/",
        &[("id", "1"), ("name", "x"), ("current_password", PASSWORD)],
    );
    assert_eq!(
        messages(&browser.get(&location(&save)).text()),
        ["The integrations created in the config file can't be edited."]
    );
    browser.post("/admin/admin/integration/delete/id/1/", &[]);
    assert_eq!(
        browser.messages(),
        ["Uninstall the extension to remove integration 'Demo'."]
    );
    assert_eq!(browser.row("1").name, "Demo");
}

#[test]
fn a_module_brings_its_own_resources() {
    let module = Module::new();
    module.put(
        "etc/acl.xml",
        "<config><acl><resources><resource id=\"Magento_Backend::admin\"><resource id=\"Acme_Demo::root\" title=\"Acme\"/></resource></resources></acl></config>",
    );
    module.declare(&[&demo("a@example.com", "", &["Acme_Demo::root"])]);
    let browser = module.browser();
    let grant = browser
        .store
        .storage()
        .grant(IntegrationId(1))
        .expect("read");
    assert!(grant.allows(&browser.store.tree(), "Acme_Demo::root"));
    let form = browser.get("/admin/admin/integration/new/").text();
    assert!(
        tree_of(&form).contains(r#"{"id":"Acme_Demo::root","#)
            && tree_of(&form).contains(r#""text":"Acme","#)
    );
}

#[test]
fn the_older_form_counts_when_a_setup_script_names_it_and_only_once() {
    let module = Module::new();
    module.put("etc/integration/config.xml", "<integrations><integration name=\"Old\"><email>o@example.com</email></integration></integrations>");
    module.put("etc/integration/api.xml", "<integrations><integration name=\"Old\"><resources><resource name=\"Magento_Sales::reorder\"/></resources></integration></integrations>");
    let browser = module.browser();
    assert!(
        browser
            .store
            .storage()
            .integrations()
            .expect("read")
            .is_empty(),
        "files alone make no row"
    );
    module.put(
        "Setup/InstallData.php",
        &setup_script(
            "InstallData.php",
            "$manager->processIntegrationConfig(['Old']);",
        ),
    );
    assert_eq!(apply(&browser.store).created, ["Old"]);
    let grant = browser
        .store
        .storage()
        .grant(IntegrationId(1))
        .expect("read");
    let tree = browser.store.tree();
    assert!(
        grant.allows(&tree, "Magento_Sales::reorder")
            && !grant.allows(&tree, "Magento_Sales::sales"),
        "api.xml adds no parents"
    );
    assert_eq!(apply(&browser.store), Applied::default());
}

#[test]
fn a_script_that_needs_a_version_runs_for_a_module_with_one_and_a_patch_for_any() {
    let old = |module: &Module| {
        module.put(
            "etc/module.xml",
            "<config><module name=\"Acme_Demo\"/></config>",
        );
        module.put("etc/integration/config.xml", "<integrations><integration name=\"Old\"><email>o@example.com</email></integration></integrations>");
        module.put("etc/integration/api.xml", "<integrations><integration name=\"Old\"><resources><resource name=\"Magento_Sales::reorder\"/></resources></integration></integrations>");
    };
    let call =
        "// processIntegrationConfig(['Gone'])\n$manager->processIntegrationConfig(['Old']);";
    for (script, made) in [
        ("Setup/InstallData.php", 0),
        ("Setup/UpgradeData.php", 0),
        ("Setup/Patch/Data/MakeIntegration.php", 1),
    ] {
        let module = Module::new();
        old(&module);
        let below = script.strip_prefix("Setup/").expect("it stands there");
        module.put(script, &setup_script(below, call));
        let store = store_with(module.options());
        let rows = store.storage().integrations().expect("read");
        assert_eq!(rows.len(), made, "{script}");
    }
}

#[test]
fn a_broken_config_xml_stops_only_a_store_in_which_a_script_names_it() {
    let module = Module::new();
    module.put(
        "etc/integration/config.xml",
        "<integrations><integration name=\"Old\"/></integrations>",
    );
    let store = store_with(module.options());
    assert_eq!(apply(&store), Applied::default());
    module.put(
        "Setup/InstallData.php",
        &setup_script(
            "InstallData.php",
            "$manager->processIntegrationConfig(['Old']);",
        ),
    );
    let error = store.apply_modules().expect_err("the script has it read");
    assert!(error.to_string().contains("on null"), "{error}");
}

#[test]
fn a_module_that_the_configuration_switches_off_gives_nothing() {
    let root = tempfile::tempdir().expect("a folder can be made");
    let put = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    for name in ["Demo", "Other"] {
        put(
            &format!("app/code/Acme/{name}/etc/module.xml"),
            &format!("<config><module name=\"Acme_{name}\"/></config>"),
        );
        put(
            &format!("app/code/Acme/{name}/etc/integration.xml"),
            &format!(
                "<config><integration name=\"{name}\"><email>a@b.co</email></integration></config>"
            ),
        );
    }
    let deployment = |off: u8| {
        put(
            "app/etc/config.php",
            &format!(
                "<?php\nreturn ['system' => ['modules' => ['Acme_Other' => 0]], 'modules' => array('Acme_Other' => 1, 'Acme_Demo' => {off})];"
            ),
        );
    };
    deployment(0);
    // Whether the store's folder is named or one below it.
    let options = Options {
        modules: vec![root.path().join("app/code")],
        ..Options::default()
    };
    let store = store_with(options);
    let named = |store: &Store| -> Vec<String> {
        let rows = store.storage().integrations().expect("read");
        rows.into_iter().map(|row| row.name).collect()
    };
    assert_eq!(named(&store), ["Other"]);
    let again = apply(&store);
    assert_eq!(
        (again.kept, again.switched_off),
        (vec!["Other".to_owned()], vec!["Acme_Demo".to_owned()])
    );
    deployment(1);
    assert_eq!(apply(&store).created, ["Demo"]);
    deployment(0);
    assert_eq!(apply(&store).kept, ["Other"]);
    assert_eq!(named(&store), ["Other", "Demo"], "what was made stays");
}

#[test]
fn faults_in_module_folders_are_named_and_change_nothing() {
    let module = Module::new();
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    module.put("etc/integration.xml", "<integrations>\n<integration");
    let error = browser
        .store
        .apply_modules()
        .expect_err("the file is malformed");
    let text = error.to_string();
    assert!(
        matches!(error, ModulesError::Stop { .. }) && text.contains("etc/integration.xml:2:"),
        "{text}"
    );
    assert!(
        text.contains("is invalid:") && text.contains("Verify the XML and try again."),
        "{text}"
    );
    for incomplete in [
        "",
        "<email>a@example.com</email><resources><resource/></resources>",
    ] {
        module.declare(&[&format!(
            "<integration name=\"Other\">{incomplete}</integration>"
        )]);
        let error = browser
            .store
            .apply_modules()
            .expect_err("a converter reads what is not there");
        assert!(error.to_string().contains("on null"), "{error}");
        assert_eq!(
            browser.store.storage().integrations().expect("read").len(),
            1
        );
    }
    assert_eq!(browser.row("1").status, Status::Inactive);

    let empty = tempfile::tempdir().expect("a folder can be made");
    let options = Options {
        modules: vec![empty.path().to_owned()],
        ..Options::default()
    };
    let missing = Options {
        modules: vec![empty.path().join("nowhere")],
        ..Options::default()
    };
    for (options, words) in [
        (options, "holds no module: expected `etc/module.xml`"),
        (missing, "does not exist"),
    ] {
        let error =
            magespec::source::read_modules(&options.modules).expect_err("there is no module");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn names_of_digits_stop_the_run_after_the_row_was_saved() {
    let module = Module::new();
    let browser = module.browser();
    module.declare(&[
        "<integration name=\"42\"><email>a@example.com</email><resources/></integration>",
    ]);
    let error = browser.store.apply_modules().expect_err("the key is lost");
    assert!(
        error.to_string().contains("Undefined array key \"42\""),
        "{error}"
    );
    assert_eq!(browser.row("1").name, "42");
}
