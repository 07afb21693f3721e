//! The form, saving, deleting and the grid.

use magespec::acl::{Grant, ResourceId};
use magespec::integration::{IntegrationId, SetupType, Status};
use magespec::store::Options;

use crate::spec::panel::browser::{
    Browser, PASSWORD, attribute_after, location, messages, store_with, unescape, url_with,
};

pub(crate) fn save_url(browser: &Browser) -> String {
    let new = url_with(&browser.grid(), "/integration/new/");
    url_with(&browser.get(&new).text(), "/integration/save/")
}

/// The data that the form's script draws the tree from.
pub(crate) fn tree_of(page: &str) -> String {
    let tree = attribute_after(page, "data-role=\"resource-tree\"", "data-mage-init");
    tree.expect("the form has a tree").replace("&#34;", "\"")
}

/// Whether the tree of a form has this resource chosen.
pub(crate) fn is_chosen(page: &str, id: &str) -> bool {
    fn find<'a>(nodes: &'a serde_json::Value, id: &str) -> Option<&'a serde_json::Value> {
        let mut nodes = nodes.as_array()?.iter();
        nodes.find_map(|node| {
            if node["id"] == id {
                return Some(node);
            }
            find(&node["children"], id)
        })
    }
    let tree: serde_json::Value = serde_json::from_str(&tree_of(page)).expect("JSON");
    let node = find(&tree["rolesTree"]["treeInitData"], id).expect("the resource is in the tree");
    node["state"]["selected"] == true
}

#[test]
fn the_new_form_has_the_fields_labels_and_notes_of_a_real_one() {
    let browser = Browser::signed_in(&[]);
    let page = browser
        .get(&url_with(&browser.grid(), "/integration/new/"))
        .text();
    assert!(page.contains("<title>New Integration / Extensions / System / Magento Admin</title>"));
    for (name, id) in [
        ("name", "integration_properties_name"),
        ("email", "integration_properties_email"),
        ("endpoint", "integration_properties_endpoint"),
        (
            "identity_link_url",
            "integration_properties_identity_link_url",
        ),
        (
            "current_password",
            "integration_properties_current_password",
        ),
        ("all_resources", "all_resources"),
    ] {
        assert_eq!(
            attribute_after(&page, &format!("name=\"{name}\""), "id").as_deref(),
            Some(id)
        );
    }
    for text in [
        "New Integration",
        "Basic Settings",
        "Integration Info",
        ">API<",
        "General",
        "Callback URL",
        "Identity link URL",
        "Current User Identity Verification",
        "Your Password",
        "Available APIs",
        "Resource Access",
        "Custom",
        "All",
        "Resources",
        "Back",
        "Save",
        "Save &amp; Activate",
        "Enter URL where Oauth credentials can be sent when using Oauth for token exchange. We strongly recommend using https://.",
        "URL to redirect user to link their 3rd party account with this Magento integration credentials.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let tree = tree_of(&page);
    assert!(tree.contains(r#"{"id":"Magento_Sales::reorder","li_attr":{"data-id":"Magento_Sales::reorder"},"text":"Reorder","children":[],"state":{"selected":false,"opened":true}}"#));
    assert!(!tree.contains("Magento_Backend::admin") && !tree.contains("Magento_Backend::all"));
    assert!(!page.contains("Integration Details"));
}

#[test]
fn a_saved_page_says_so_on_the_grid_and_makes_a_consumer_without_token() {
    let browser = Browser::signed_in(&[]);
    let save = save_url(&browser);
    let response = browser.post(
        &save,
        &[
            ("name", "My <b>App"),
            ("email", "x"),
            ("endpoint", "junk"),
            ("current_password", PASSWORD),
        ],
    );
    assert_eq!(response.status, 302);
    let page = browser.get(&location(&response)).text();
    assert_eq!(
        messages(&page),
        ["The integration 'My <b>App' has been saved."]
    );
    assert!(!page.contains("My <b>App"), "the name is escaped");
    assert_eq!(
        browser.messages(),
        Vec::<String>::new(),
        "a message is shown once"
    );
    let rows = browser.store.storage().integrations().expect("read");
    assert_eq!(
        (rows.len(), rows[0].status, rows[0].setup_type),
        (1, Status::Inactive, SetupType::Manual)
    );
    let consumer = browser
        .store
        .storage()
        .consumer(rows[0].consumer_id.expect("a consumer"))
        .expect("read")
        .expect("there");
    assert_eq!(
        (
            consumer.name.as_str(),
            consumer.key.len(),
            consumer.updated_at
        ),
        ("Integration1", 32, None)
    );
    assert!(browser.tokens("1").is_empty());
}

#[test]
fn a_script_is_answered_with_the_id_as_text_and_the_exchange_flag() {
    let browser = Browser::signed_in(&[]);
    let (url, link) = (
        ("endpoint", "https://a.example/c"),
        ("identity_link_url", "https://a.example/l"),
    );
    for (number, (fields, flag)) in [
        (vec![], "0"),
        (vec![url], "0"),
        (vec![link], "0"),
        (vec![url, link], "1"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("App {number}");
        let mut all = vec![("name", name.as_str()), ("current_password", PASSWORD)];
        all.extend(fields);
        let save = save_url(&browser);
        let response = browser.as_script(|script| script.post(&save, &all));
        let expected = format!(
            r#"{{"integrationId":"{}","isTokenExchange":"{flag}"}}"#,
            number + 1
        );
        assert_eq!(response.text(), expected);
    }
    assert_eq!(
        browser.messages(),
        Vec::<String>::new(),
        "a script's save says nothing"
    );
}

#[test]
fn what_is_granted_follows_the_posted_list() {
    let browser = Browser::signed_in(&[]);
    let grant = |id: &str| {
        browser
            .store
            .storage()
            .grant(IntegrationId(id.parse().expect("a number")))
            .expect("read")
    };
    let none = browser.create("None", &[]);
    let all = browser.create(
        "All",
        &[
            ("all_resources", "1"),
            ("resource[]", "Magento_Sales::reorder"),
        ],
    );
    let some = browser.create(
        "Some",
        &[
            ("all_resources", "0"),
            ("resource[]", "Magento_Sales::reorder"),
            ("resource[1]", "Made_Up::id"),
        ],
    );
    let everything = browser.create("Everything", &[("resource[]", "Magento_Backend::all")]);
    assert_eq!(grant(&none), Grant::Nothing);
    assert_eq!(grant(&all), Grant::All);
    assert_eq!(grant(&everything), Grant::All);
    let tree = browser.store.tree();
    assert!(grant(&some).allows(&tree, "Magento_Sales::reorder"));
    assert!(
        grant(&some).allows(&tree, ResourceId::ADMIN),
        "a custom list always brings the base resource"
    );
    assert!(
        !grant(&some).allows(&tree, "Magento_Sales::sales")
            && !grant(&some).allows(&tree, "Made_Up::id")
    );
    let page = browser
        .get(&url_with(
            &browser.grid(),
            &format!("/integration/edit/id/{some}/"),
        ))
        .text();
    assert!(is_chosen(&page, "Magento_Sales::reorder"));
    assert!(!is_chosen(&page, "Magento_Sales::sales"));
    assert!(page.contains("<option value=\"0\" selected=\"selected\">Custom</option>"));
    let page = browser
        .get(&url_with(
            &browser.grid(),
            &format!("/integration/edit/id/{all}/"),
        ))
        .text();
    assert!(page.contains("<option value=\"1\" selected=\"selected\">All</option>"));
}

#[test]
fn an_edit_shows_what_is_stored_and_keeps_key_status_and_tokens() {
    let browser = Browser::signed_in(&[]);
    let id = browser.create("App", &[("resource[]", "Magento_Sales::sales")]);
    browser.get(&browser.dialog("tokensDialog", &id, "0"));
    let before = (browser.row(&id), browser.tokens(&id));
    let edit = url_with(&browser.grid(), &format!("/integration/edit/id/{id}/"));
    let page = browser.get(&edit).text();
    assert!(
        unescape(&page).contains(
            "<title>Edit \"App\" Integration / Extensions / System / Magento Admin</title>"
        )
    );
    assert!(page.contains("Integration Details") && !page.contains("Save &amp; Activate"));
    assert_eq!(page.matches("name=\"id\"").count(), 2);
    let token = attribute_after(&page, "name=\"token\"", "value");
    assert_eq!(token.as_deref(), Some(before.1[0].token.as_str()));
    let save = url_with(&page, "/integration/save/");
    let response = browser.post(
        &save,
        &[
            ("id", &id),
            ("name", "Renamed"),
            ("endpoint", "https://n.example"),
            ("current_password", PASSWORD),
        ],
    );
    assert_eq!(response.status, 302);
    let row = browser.row(&id);
    assert_eq!(
        (row.name.as_str(), row.status, row.consumer_id),
        ("Renamed", Status::Active, before.0.consumer_id)
    );
    assert_eq!(browser.tokens(&id), before.1);
    let grant = browser.store.storage().grant(row.id).expect("read");
    assert_eq!(
        grant,
        Grant::Nothing,
        "an absent list empties the permissions"
    );
}

#[test]
fn older_profiles_do_not_check_the_identity_link() {
    for release in ["2.4.5-p8", "2.4.6-p6", "2.4.7-p1"] {
        let profile = magespec::oauth::Profile::find(release).expect("it is known");
        let browser = Browser::new(&store_with(Options {
            profile,
            ..Options::default()
        }));
        browser.sign_in();
        browser.create("App", &[("identity_link_url", "javascript:alert(1)")]);
    }
}
