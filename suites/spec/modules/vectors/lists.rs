//! What becomes of a list of resources, by where it was declared: the same words in `api.xml`, in `integration.xml` and in the form
//! of the panel, up to the ids that are granted.

use magespec::acl::{CheckboxTree, Grant, Release, ResourceId, baseline};
use magespec::module::{FileKind, Mode};

use super::{E, api, integration, merged, r};

/// What is declared, and the ids that are granted: from `api.xml`, then from `integration.xml`. `*` is everything.
type Row = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

const TABLE: &[Row] = &[
    (
        "a child without its parents",
        &["Magento_Customer::manage"],
        "Magento_Backend::admin Magento_Customer::manage",
        "Magento_Backend::admin Magento_Customer::customer Magento_Customer::manage",
    ),
    (
        "an unknown id alone",
        &["Made_Up::id"],
        "Magento_Backend::admin",
        "",
    ),
    (
        "an unknown id beside a known one",
        &["Made_Up::id", "Magento_Cart::cart"],
        "Magento_Backend::admin Magento_Cart::cart",
        "Magento_Backend::admin Magento_Cart::cart",
    ),
    (
        "an id twice",
        &["Magento_Cart::cart", "Magento_Cart::cart"],
        "Magento_Backend::admin Magento_Cart::cart",
        "Magento_Backend::admin Magento_Cart::cart",
    ),
    (
        "the base resource alone",
        &["Magento_Backend::admin"],
        "Magento_Backend::admin",
        "",
    ),
    ("everything alone", &["Magento_Backend::all"], "*", ""),
    (
        "everything with something",
        &["Magento_Backend::all", "Magento_Cart::cart"],
        "Magento_Backend::all Magento_Backend::admin Magento_Cart::cart",
        "Magento_Backend::admin Magento_Cart::cart",
    ),
];

fn granted(list: &[ResourceId]) -> String {
    let tree = baseline(Release::V2_4_7);
    match Grant::measured(tree, list) {
        Grant::All => "*".to_owned(),
        grant => {
            let ids = grant.allowed_ids(tree);
            let ids: Vec<&str> = ids.iter().map(ResourceId::as_str).collect();
            ids.join(" ")
        }
    }
}

#[test]
fn each_source_makes_its_own_of_the_same_list() {
    for (title, declared, from_api, from_integration) in TABLE {
        let list: String = declared.iter().map(|id| r(id)).collect();
        let verbatim = merged(FileKind::IntegrationApi, &[api(&list)], Mode::Strict);
        assert_eq!(
            granted(&verbatim.api["TestIntegration"].resource_ids()),
            *from_api,
            "{title}, api.xml"
        );
        let text = integration(&format!("{E}<resources>{list}</resources>"));
        let expanded = merged(FileKind::Consolidated, &[text], Mode::Strict).integrations();
        let expanded = expanded[0].resources.as_deref().unwrap_or_default();
        assert_eq!(
            granted(expanded),
            *from_integration,
            "{title}, integration.xml"
        );
    }
}

#[test]
fn the_form_sends_parents_along_and_a_server_adds_none() {
    let mut form = CheckboxTree::open(baseline(Release::V2_4_7), &[]);
    form.check("Magento_Customer::online");
    assert_eq!(
        granted(&form.posted()),
        "Magento_Backend::admin Magento_Customer::customer Magento_Customer::online"
    );
    assert_eq!(granted(&[]), "", "nothing ticked posts nothing");
    assert_eq!(granted(&[ResourceId::from(ResourceId::EVERYTHING)]), "*");
}
