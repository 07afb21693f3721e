//! Integrations that module files declare: made, kept, reset and taken over.

use std::fs;
use std::path::PathBuf;

use magespec::acl::ResourceId;
use magespec::integration::{SetupType, Status};
use magespec::store::Applied;
use magespec::store::{Options, Store};
use tempfile::TempDir;

use crate::spec::modules::folders::setup_script;
use crate::spec::panel::browser::{Browser, attribute_after, store_with};

/// One module folder that tests rewrite.
pub(crate) struct Module(TempDir);

impl Module {
    pub(crate) fn new() -> Self {
        let module = Self(tempfile::tempdir().expect("a folder can be made"));
        module.put(
            "etc/module.xml",
            "<config><module name=\"Acme_Demo\" setup_version=\"1.0.0\"/></config>",
        );
        module
    }

    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn declare(&self, integrations: &[&str]) {
        let text = format!("<integrations>{}</integrations>", integrations.concat());
        self.put("etc/integration.xml", &text);
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            modules: vec![PathBuf::from(self.0.path())],
            settings: vec![("admin/security/use_form_key".to_owned(), "0".to_owned())],
            ..Options::default()
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        let browser = Browser::new(&store_with(self.options()));
        browser.sign_in();
        browser
    }
}

pub(crate) fn demo(email: &str, extra: &str, resources: &[&str]) -> String {
    let resources: Vec<String> = resources
        .iter()
        .map(|id| format!("<resource name=\"{id}\"/>"))
        .collect();
    let resources = resources.concat();
    format!(
        "<integration name=\"Demo\"><email>{email}</email>{extra}<resources>{resources}</resources></integration>"
    )
}

pub(crate) const LINKS: &str = "<endpoint_url>https://a.example/c</endpoint_url><identity_link_url>https://a.example/l</identity_link_url>";

pub(crate) fn apply(store: &Store) -> Applied {
    store.apply_modules().expect("the folders can be applied")
}

#[test]
fn a_declared_integration_is_made_at_start_inactive_with_a_consumer_and_expanded_resources() {
    let module = Module::new();
    module.declare(&[&demo(
        "a@example.com",
        LINKS,
        &["Magento_Sales::reorder", "Made_Up::id"],
    )]);
    let browser = module.browser();
    let row = browser.row("1");
    assert_eq!(
        (row.name.as_str(), row.status, row.setup_type),
        ("Demo", Status::Inactive, SetupType::ConfigFile)
    );
    assert_eq!(row.endpoint.as_deref(), Some("https://a.example/c"));
    assert!(row.consumer_id.is_some() && browser.tokens("1").is_empty());
    let grant = browser.store.storage().grant(row.id).expect("read");
    let tree = browser.store.tree();
    for id in [
        "Magento_Sales::reorder",
        "Magento_Sales::sales",
        "Magento_Sales::actions",
        ResourceId::ADMIN,
    ] {
        assert!(grant.allows(&tree, id), "{id}");
    }
    assert!(
        !grant.allows(&tree, "Magento_Customer::customer") && !grant.allows(&tree, "Made_Up::id")
    );
}

#[test]
fn an_unchanged_declaration_keeps_the_row_even_when_it_is_active() {
    let module = Module::new();
    module.declare(&[&demo(
        "a@example.com",
        "",
        &["Magento_Sales::reorder", "Magento_Customer::manage"],
    )]);
    let browser = module.browser();
    browser.get("/admin/admin/integration/tokensDialog/id/1/reauthorize/0/");
    let before = (browser.row("1"), browser.tokens("1"));
    assert_eq!(before.0.status, Status::Active);
    let reordered = demo(
        "a@example.com",
        "",
        &[
            "Magento_Customer::manage",
            "Magento_Customer::customer",
            "Magento_Sales::reorder",
            "Made_Up::id",
        ],
    );
    for declaration in [
        demo(
            "a@example.com",
            "",
            &["Magento_Sales::reorder", "Magento_Customer::manage"],
        ),
        reordered,
    ] {
        module.declare(&[&declaration]);
        assert_eq!(apply(&browser.store).kept, ["Demo"]);
        assert_eq!((browser.row("1"), browser.tokens("1")), before);
    }
}

#[test]
fn a_change_makes_the_row_anew_and_leaves_the_old_consumer_behind() {
    let module = Module::new();
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    browser.get("/admin/admin/integration/tokensDialog/id/1/reauthorize/0/");
    browser.messages();
    let old = (browser.row("1"), browser.tokens("1"));
    let changes = [
        demo("b@example.com", "", &["Magento_Sales::reorder"]),
        demo("b@example.com", LINKS, &["Magento_Sales::reorder"]),
        demo(
            "b@example.com",
            LINKS,
            &["Magento_Sales::reorder", "Magento_Sales::cancel"],
        ),
    ];
    for (number, declaration) in changes.iter().enumerate() {
        module.declare(&[declaration]);
        assert_eq!(apply(&browser.store).reset, ["Demo"]);
        let id = (number + 2).to_string();
        let row = browser.row(&id);
        assert_eq!(
            (row.status, row.setup_type),
            (Status::Recreated, SetupType::ConfigFile)
        );
        assert_ne!(row.consumer_id, old.0.consumer_id);
        assert!(browser.tokens(&id).is_empty());
    }
    let storage = browser.store.storage();
    assert_eq!(storage.integrations().expect("read").len(), 1);
    let orphan = old.0.consumer_id.expect("a consumer");
    assert_eq!(
        storage.tokens_of(orphan).expect("read"),
        old.1,
        "consumer and tokens are orphaned"
    );
    assert_eq!(storage.integration_of(orphan).expect("read"), None);

    let page = browser.grid();
    assert!(page.contains(r#"One or more \u003Ca href=\"http:\/\/127.0.0.1:8080\/admin\/admin\/integration\/\"\u003Eintegrations\u003C\/a\u003E have been reset because of a change to their xml configs."#));
    assert!(page.contains(">Reset<"));
    assert_eq!(
        attribute_after(&page, "data-row-id=\"4\"", "title").as_deref(),
        Some("Activate")
    );
    assert_eq!(
        attribute_after(&page, "data-row-id=\"4\"", "data-row-is-reauthorize").as_deref(),
        Some("1")
    );
    browser.get("/admin/admin/integration/tokensDialog/id/4/reauthorize/1/");
    assert!(
        !browser.grid().contains("have been reset"),
        "the notice goes with the status"
    );
}

#[test]
fn a_url_that_vanishes_from_the_file_stays_in_the_row() {
    let module = Module::new();
    module.declare(&[&demo("a@example.com", LINKS, &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    assert_eq!(apply(&browser.store).kept, ["Demo"]);
    assert_eq!(
        browser.row("1").endpoint.as_deref(),
        Some("https://a.example/c")
    );
}

#[test]
fn a_manual_namesake_is_taken_over() {
    let module = Module::new();
    let browser = module.browser();
    browser.create("Demo", &[("resource[]", "Magento_Sales::reorder")]);
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    assert_eq!(apply(&browser.store).reset, ["Demo"]);
    let row = browser.row("2");
    assert_eq!(
        (row.name.as_str(), row.status, row.setup_type),
        ("Demo", Status::Recreated, SetupType::ConfigFile)
    );
}

#[test]
fn a_manual_integration_whose_name_differs_in_case_stops_the_run() {
    let module = Module::new();
    let browser = module.browser();
    browser.create("demo", &[("resource[]", "Magento_Sales::reorder")]);
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    let error = browser
        .store
        .apply_modules()
        .expect_err("the name is taken");
    assert_eq!(
        error.to_string(),
        "the integration `Demo` cannot be made from its files: The integration with name \"Demo\" exists."
    );
    assert_eq!(browser.row("1").setup_type, SetupType::Manual);
}

#[test]
fn a_value_longer_than_its_column_resets_on_every_run() {
    let module = Module::new();
    let long = format!("{}@example.com", "x".repeat(300));
    module.declare(&[&demo(&long, "", &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    assert_eq!(browser.row("1").email, "x".repeat(255));
    for id in ["2", "3"] {
        assert_eq!(apply(&browser.store).reset, ["Demo"]);
        assert_eq!(browser.row(id).email, "x".repeat(255));
    }
}

#[test]
fn a_script_and_integration_xml_that_disagree_reset_once() {
    let module = Module::new();
    module.declare(&[&demo("file@example.com", "", &["Magento_Sales::reorder"])]);
    module.put("etc/integration/config.xml", "<integrations><integration name=\"Demo\"><email>script@example.com</email></integration></integrations>");
    module.put(
        "Setup/InstallData.php",
        &setup_script(
            "InstallData.php",
            "$manager->processIntegrationConfig(['Demo']);",
        ),
    );
    let browser = module.browser();
    assert_eq!(browser.row("1").email, "script@example.com");
    assert_eq!(apply(&browser.store).reset, ["Demo"]);
    assert_eq!(browser.row("2").email, "file@example.com");
    assert_eq!(apply(&browser.store).kept, ["Demo"]);
}

#[test]
fn an_upgrade_script_runs_again_when_the_version_has_grown() {
    let module = Module::new();
    let release = |version: &str, email: &str| {
        module.put(
            "etc/module.xml",
            &format!("<config><module name=\"Acme_Demo\" setup_version=\"{version}\"/></config>"),
        );
        module.put(
            "etc/integration/config.xml",
            &format!("<integrations><integration name=\"Demo\"><email>{email}</email></integration></integrations>"),
        );
    };
    let list = "<integrations><integration name=\"Demo\"><resources><resource name=\"Magento_Sales::reorder\"/></resources></integration></integrations>";
    module.put("etc/integration/api.xml", list);
    let script = "$manager->processIntegrationConfig(['Demo']);";
    module.put(
        "Setup/UpgradeData.php",
        &setup_script("UpgradeData.php", script),
    );
    release("1.0.9", "first@example.com");
    let browser = module.browser();
    assert_eq!(browser.row("1").email, "first@example.com");
    release("1.0.9", "second@example.com");
    assert_eq!(apply(&browser.store), Applied::default());
    release("1.0.10", "third@example.com");
    assert_eq!(apply(&browser.store).updated, ["Demo"]);
    assert_eq!(
        browser.row("1").email,
        "third@example.com",
        "in place (measured 2.4.7-p3)"
    );
}

#[test]
fn a_script_whose_name_has_no_list_leaves_its_row_behind_and_fails_again() {
    let module = Module::new();
    let browser = module.browser();
    browser.create("Old", &[("resource[]", "Magento_Sales::reorder")]);
    module.put("etc/integration/config.xml", "<integrations><integration name=\"Old\"><email>o@example.com</email></integration></integrations>");
    module.put(
        "Setup/InstallData.php",
        &setup_script(
            "InstallData.php",
            "$manager->processIntegrationConfig(['Old']);",
        ),
    );
    for _ in 0..2 {
        let error = browser.store.apply_modules().expect_err("the key is lost");
        assert!(
            error.to_string().ends_with("Undefined array key \"Old\""),
            "{error}"
        );
        let row = browser.row("1");
        assert_eq!(
            (row.email.as_str(), row.setup_type),
            ("o@example.com", SetupType::ConfigFile),
            "the row is written before the list is missed"
        );
    }
}

#[test]
fn an_integration_whose_declaration_is_gone_stays_and_breaks() {
    let module = Module::new();
    module.declare(&[&demo("a@example.com", "", &["Magento_Sales::reorder"])]);
    let browser = module.browser();
    module.declare(&[]);
    assert_eq!(apply(&browser.store), Applied::default());
    assert!(browser.grid().contains("\nDemo\n"));
    browser.get("/admin/admin/integration/edit/id/1/");
    assert_eq!(
        browser.messages(),
        ["Internal error. Check exception log for details."]
    );
}
