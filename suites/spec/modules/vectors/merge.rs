//! Merging, and whole messages.

use magespec::acl::{ResourceId, expand};
use magespec::module::{FileKind, Mode};
use magespec::text::Excerpt;

use super::{E, integration, merged, named, r};

#[test]
fn a_default_namespace_on_a_later_file_is_no_crash() {
    // The attribute `xmlns` is merged like any other.
    let merged = merged(
        FileKind::Consolidated,
        &[
            integration(E),
            named("AB", E).replace("<config>", "<config xmlns=\"urn:x\">"),
        ],
        Mode::Strict,
    );
    assert!(!merged.stops.is_empty());
}

#[test]
fn lists_of_integration_xml_are_expanded_and_merged_as_measured() {
    let capture = r("Magento_Sales::capture");
    let first = format!(
        "<config>{}{}{}</config>",
        "<integration name=\"TestIntegration1\"><email>a@b.co</email><resources><resource name=\"Magento_Customer::manage\"/><resource name=\"Magento_Sales::capture\"/><resource name=\"Magento_SalesRule::quote\"/></resources></integration>",
        format_args!(
            "<integration name=\"TestIntegration2\">{E}<resources>{capture}</resources></integration>"
        ),
        format_args!(
            "<integration name=\"TestIntegration3\">{E}<resources>{}{}</resources></integration>",
            r("Magento_Sales::create"),
            r("Magento_SalesRule::quote")
        ),
    );
    let second = named(
        "TestIntegration2",
        &format!(
            "<endpoint_url>https://e</endpoint_url><resources>{}</resources>",
            r("Magento_SalesRule::config_promo")
        ),
    );
    let merged = merged(FileKind::Consolidated, &[first, second], Mode::Strict);
    assert_eq!(merged.stops, []);
    let names: Vec<&str> = merged.consolidated.keys().map(Excerpt::as_str).collect();
    assert_eq!(
        names,
        ["TestIntegration1", "TestIntegration2", "TestIntegration3"]
    );
    let list = |name: &str| -> Vec<String> {
        let list = expand(&merged.tree, &merged.consolidated[name].resource_ids());
        list.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        list("TestIntegration1"),
        [
            "Magento_Backend::admin",
            "Magento_Customer::customer",
            "Magento_Customer::manage",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::capture",
            "Magento_Backend::marketing",
            "Magento_CatalogRule::promo",
            "Magento_SalesRule::quote",
        ],
        "INT-41"
    );
    assert_eq!(
        list("TestIntegration2"),
        [
            "Magento_Backend::admin",
            "Magento_Sales::sales",
            "Magento_Sales::sales_operation",
            "Magento_Sales::sales_order",
            "Magento_Sales::actions",
            "Magento_Sales::capture",
            "Magento_Backend::stores",
            "Magento_Backend::stores_settings",
            "Magento_Config::config",
            "Magento_SalesRule::config_promo",
        ]
    );
}

#[test]
fn merging_keeps_its_surprises() {
    let email = |text: &str| format!("<email>{text}</email>");
    let endpoint = |text: &str| format!("<endpoint_url>{text}</endpoint_url>");
    let value = |texts: &[String]| {
        let merged = merged(FileKind::Consolidated, texts, Mode::Lax);
        let found = &merged.consolidated["TestIntegration"];
        (
            found
                .email
                .as_ref()
                .map(|email| email.value.clone())
                .unwrap_or_default(),
            found
                .endpoint_url
                .as_ref()
                .map(|url| url.value.clone())
                .unwrap_or_default(),
        )
    };
    let pair = |email: &str, url: &str| (Excerpt::from(email), Excerpt::from(url));
    // MRG-01, MRG-03, MRG-04, MRG-05.
    assert_eq!(
        value(&[integration(E), integration(&email("new@b.co"))]),
        pair("new@b.co", "")
    );
    assert_eq!(
        value(&[integration(E), integration(&email("<![CDATA[c@d.ef]]>"))]),
        pair("c@d.ef", "")
    );
    assert_eq!(
        value(&[integration(&email("<![CDATA[c@d.ef]]>")), integration(E)]),
        pair("a@b.co", "")
    );
    let one = integration(&format!("{E}{}", endpoint("https://one")));
    assert_eq!(
        value(&[one.clone(), integration(&endpoint("<!--c-->https://two"))]),
        pair("a@b.co", "https://one")
    );
    assert_eq!(
        value(&[one, integration("<endpoint_url/>")]),
        pair("a@b.co", "https://one")
    );
    assert_eq!(
        value(&[integration(E), integration("<endpoint_url/>")]),
        pair("a@b.co", "")
    );
    // MRG-02, MRG-06, MRG-09.
    let list = |name: &str| integration(&format!("{E}<resources>{}</resources>", r(name)));
    let both = merged(
        FileKind::Consolidated,
        &[
            list("Magento_Sales::reorder"),
            list("Magento_Sales::create"),
        ],
        Mode::Strict,
    );
    let ids =
        |list: &[ResourceId]| -> Vec<String> { list.iter().map(ToString::to_string).collect() };
    assert_eq!(
        ids(&both.consolidated["TestIntegration"].resource_ids()),
        ["Magento_Sales::reorder", "Magento_Sales::create"]
    );
    let order = merged(
        FileKind::Consolidated,
        &[
            named("B1", E),
            named("A1", E),
            named("B1", E),
            named("b1", E),
        ],
        Mode::Strict,
    );
    assert_eq!(
        order.consolidated.keys().collect::<Vec<_>>(),
        ["B1", "A1", "b1"]
    );
    // MRG-08: below a name with `]` no identity rule holds, so a single resource replaces the one that is there.
    let bracket = |name: &str| named("a]b", &format!("{E}<resources>{}</resources>", r(name)));
    let replaced = merged(
        FileKind::Consolidated,
        &[bracket("a_b::one"), bracket("a_b::two")],
        Mode::Strict,
    );
    let names: Vec<String> = replaced.consolidated["a]b"]
        .resource_ids()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["a_b::two"]);
}

#[test]
fn duplicates_in_one_file_are_tolerated_until_another_file_touches_them() {
    let twice = format!(
        "<config><integration name=\"A1\">{E}</integration><integration name=\"A1\"><email>last@b.co</email></integration></config>"
    );
    let alone = merged(
        FileKind::Consolidated,
        std::slice::from_ref(&twice),
        Mode::Strict,
    );
    assert_eq!(alone.stops, [], "INT-32");
    assert_eq!(
        alone.consolidated["A1"]
            .email
            .as_ref()
            .map(|email| email.value.as_str()),
        Some("last@b.co")
    );
    let touched = merged(
        FileKind::Consolidated,
        &[twice.clone(), named("A1", E)],
        Mode::Strict,
    );
    assert!(
        touched.stops[0].literal.starts_with(
            "More than one node matching the query: /config/integration[@name='A1'], Xml is: <?xml"
        ),
        "INT-33"
    );
    let resources = |names: &[&str]| {
        let list: String = names.iter().map(|name| r(name)).collect();
        named("A1", &format!("{E}<resources>{list}</resources>"))
    };
    for (texts, kept, address) in [
        (vec![resources(&["a_b::c", "a_b::c"])], 2, ""),
        (
            vec![resources(&["a_b::c", "a_b::c"]), resources(&["d_e::f"])],
            3,
            "",
        ),
        (
            vec![resources(&["d_e::f"]), resources(&["a_b::c", "a_b::c"])],
            2,
            "",
        ),
        (
            vec![resources(&["a_b::c", "a_b::c"]), resources(&["a_b::c"])],
            0,
            "/config/integration[@name='A1']/resources/resource[@name='a_b::c']",
        ),
    ] {
        let merged = merged(FileKind::Consolidated, &texts, Mode::Strict);
        if let Some(stop) = merged.stops.first() {
            let start = format!("More than one node matching the query: {address}, Xml is: ");
            assert!(stop.literal.starts_with(&start), "{}", stop.literal);
        }
        assert_eq!(merged.stops.is_empty(), address.is_empty(), "{texts:?}");
        let found = merged.consolidated.get("A1");
        assert_eq!(
            found.map_or(0, |found| found.resources.len()),
            kept,
            "{texts:?}"
        );
    }
    let later = merged(
        FileKind::Consolidated,
        &[named("ZZ", E), twice],
        Mode::Strict,
    );
    assert_eq!(later.stops, [], "INT-34");
    assert_eq!(
        later.consolidated["A1"]
            .email
            .as_ref()
            .map(|email| email.value.as_str()),
        Some("last@b.co")
    );
}

#[test]
fn whole_messages_are_those_of_a_store() {
    let file = merged(
        FileKind::Consolidated,
        &["<config>\n  <integration name=\"A\"/>\n</config>".to_owned()],
        Mode::Strict,
    );
    let merged_document = merged(
        FileKind::Consolidated,
        &[
            integration("<endpoint_url>https://x</endpoint_url>"),
            named("Other", E),
        ],
        Mode::Strict,
    );
    let api = merged(
        FileKind::IntegrationApi,
        &[
            "<integrations>\n  <integration name=\"TestIntegration\" />\n</integrations>"
                .to_owned(),
        ],
        Mode::Strict,
    );
    let malformed = merged(
        FileKind::Acl,
        &["<config>\n  <acl>\n</config>".to_owned()],
        Mode::Lax,
    );
    let pages: Vec<&str> = [&file, &merged_document, &api, &malformed]
        .into_iter()
        .map(|merged| merged.stops[0].literal.as_str())
        .collect();
    insta::assert_snapshot!(pages.join("\n----\n"));
}
