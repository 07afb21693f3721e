//! `etc/acl.xml`.

use magespec::diagnostic::SourceId;
use magespec::module::{FileKind, Mode, schemas};
use magespec::xml::parse;
use magespec::xml::schema::{ElementRule, validate};

use super::{check, merged};

fn acl(content: &str) -> String {
    format!("<config><acl><resources>{content}</resources></acl></config>")
}

fn below_admin(content: &str) -> String {
    acl(&format!(
        "<resource id=\"Magento_Backend::admin\">{content}</resource>"
    ))
}

#[test]
fn acl_xml_follows_its_vectors() {
    let title = |length: usize| {
        below_admin(&format!(
            "<resource id=\"Ve_Mo::x\" title=\"{}\"/>",
            "t".repeat(length)
        ))
    };
    let with = |attributes: &str| {
        below_admin(&format!(
            "<resource id=\"Ve_Mo::x\" title=\"Title\" {attributes}/>"
        ))
    };
    check(
        FileKind::Acl,
        Mode::Strict,
        &[
            ("ACL-01", vec![with("")], ""),
            ("ACL-03", vec![below_admin("")], ""),
            (
                "ACL-03 where the core has another parent",
                vec![acl("<resource id=\"Magento_Sales::sales\"/>")],
                "Element 'resource': The attribute 'title' is required but missing.",
            ),
            (
                "ACL-04 2",
                vec![title(2)],
                "Element 'resource', attribute 'title': [facet 'minLength'] The value 'tt' has a length of '2'; this underruns the allowed minimum length of '3'.",
            ),
            ("ACL-04 3", vec![title(3)], ""),
            ("ACL-04 50", vec![title(50)], ""),
            (
                "ACL-04 51",
                vec![title(51)],
                "Element 'resource', attribute 'title': [facet 'maxLength']",
            ),
            (
                "ACL-05",
                vec![below_admin("<resource id=\"Ve_Mo::x\" title=\"äöü\"/>")],
                "",
            ),
            ("ACL-08 true", vec![with("disabled=\"true\"")], ""),
            (
                "ACL-08 TRUE",
                vec![with("disabled=\"TRUE\"")],
                "Element 'resource', attribute 'disabled': 'TRUE' is not a valid value of the atomic type 'xs:boolean'.",
            ),
            (
                "ACL-08 empty",
                vec![with("disabled=\"\"")],
                "Element 'resource', attribute 'disabled': '' is not a valid value",
            ),
            ("ACL-09 -5", vec![with("sortOrder=\"-5\"")], ""),
            ("ACL-09 +3", vec![with("sortOrder=\"+3\"")], ""),
            ("ACL-09 0010", vec![with("sortOrder=\"0010\"")], ""),
            (
                "ACL-09 7",
                vec![with("sortOrder=\" 7 \"")],
                "Element 'resource', attribute 'sortOrder': ' 7 ' is not a valid value of the atomic type 'xs:int'.",
            ),
            (
                "ACL-09 1.5",
                vec![with("sortOrder=\"1.5\"")],
                "Element 'resource', attribute 'sortOrder': '1.5' is not",
            ),
            (
                "ACL-09 big",
                vec![with("sortOrder=\"2147483648\"")],
                "Element 'resource', attribute 'sortOrder': '2147483648' is not",
            ),
            (
                "ACL-10",
                vec![below_admin(
                    "<resource id=\"Ve_Mo::x\" title=\"One\"/><resource id=\"Ve_Mo::x\" title=\"Two\"/>",
                )],
                "Element 'resource': Duplicate key-sequence ['Ve_Mo::x'] in unique identity-constraint 'uniqueResourceId'.",
            ),
            (
                "ACL-11",
                vec![
                    with(""),
                    acl(
                        "<resource id=\"Magento_Backend::admin\"><resource id=\"Magento_Sales::sales\"><resource id=\"Ve_Mo::x\" title=\"Other\"/></resource></resource>",
                    ),
                ],
                "Element 'resource': Duplicate key-sequence ['Ve_Mo::x']",
            ),
            (
                "ACL-14",
                vec![below_admin(
                    "<resource id=\"Ve_Mo::q\"><resource id=\"Ve_Mo::x\" title=\"Title\"/></resource>",
                )],
                "Element 'resource': The attribute 'title' is required but missing.",
            ),
            ("ACL-17", vec![acl("")], ""),
            (
                "ACL-18 acl",
                vec!["<config/>".to_owned()],
                "Element 'config': Missing child element(s). Expected is ( acl ).",
            ),
            (
                "ACL-18 resources",
                vec!["<config><acl/></config>".to_owned()],
                "Element 'acl': Missing child element(s). Expected is ( resources ).",
            ),
            (
                "ACL-18 double",
                vec!["<config><acl><resources/></acl><acl><resources/></acl></config>".to_owned()],
                "Element 'acl': This element is not expected.",
            ),
            (
                "ACL-19",
                vec![with("module=\"Ve_Mo\"")],
                "Element 'resource', attribute 'module': The attribute 'module' is not allowed.",
            ),
        ],
    );
    for id in [
        "A_B::c",
        "test_Value::x",
        "Test_value::x",
        "_Value::x",
        "Value_::x",
        "Test_Value::",
        "Ab_Cd_Ef::x",
        "Ab_Cd::x-y",
        "Ab_Cd::x.y",
        "Ab_Cd:: x",
    ] {
        assert!(!schemas::is_resource_id(id), "ACL-06: {id}");
    }
    for id in ["Ab_Cd::e", "AB_CD::_"] {
        assert!(schemas::is_resource_id(id), "ACL-07: {id}");
    }
}

#[test]
fn without_the_core_the_seed_lacks_the_title_of_its_root() {
    let text = below_admin("<resource id=\"Ve_Mo::x\" title=\"Title\"/>");
    let document = parse(&*text, SourceId::default()).expect("the vector is well-formed");
    let said = |rule: Option<&'static ElementRule>| -> Vec<String> {
        validate(document.root(), rule.expect("it has a schema"))
            .into_iter()
            .map(|violation| violation.message)
            .collect()
    };
    assert_eq!(
        said(schemas::merged(FileKind::Acl)),
        ["Element 'resource': The attribute 'title' is required but missing."],
        "ACL-02"
    );
    assert!(said(schemas::per_file(FileKind::Acl)).is_empty());
}

#[test]
fn later_acl_files_override_and_only_the_word_true_disables() {
    let first = below_admin(
        "<resource id=\"Ve_Mo::x\" title=\"One\" sortOrder=\"5\"/><resource id=\"Ve_Mo::y\" title=\"Why\" disabled=\"1\"/>",
    );
    let later = below_admin(
        "<resource id=\"Ve_Mo::x\" title=\"Two\" sortOrder=\"7\"/><resource id=\"Ve_Mo::z\" title=\"Zed\" disabled=\"true\"><resource id=\"Ve_Mo::below\" title=\"Below\"/></resource>",
    );
    let merged = merged(FileKind::Acl, &[first, later], Mode::Strict);
    assert_eq!(merged.stops, []);
    let node = merged
        .tree
        .node("Ve_Mo::x")
        .expect("the node is in the tree");
    assert_eq!((node.title.as_str(), node.sort_order), ("Two", 7), "ACL-13");
    assert!(
        merged.tree.contains("Ve_Mo::y"),
        "ACL-08: `1` has no effect"
    );
    assert!(
        !merged.tree.contains("Ve_Mo::z") && !merged.tree.contains("Ve_Mo::below"),
        "ACL-15"
    );
}
