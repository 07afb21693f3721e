//! `etc/module.xml`, `etc/integration.xml` and the values in it.

use magespec::acl::Release;
use magespec::module::{FileKind, Merged, Mode, ModuleSet, schemas};
use magespec::xml::parse;
use magespec::xml::schema::validate;

use super::files;

use super::{E, NULL_NODE, check, config, first_line, integration, merged, named, r};

#[test]
fn module_xml_is_held_against_its_schema_by_static_tests_only() {
    let table = [
        (
            "MOD-01",
            "<module name=\"Vendor1_Module1\" setup_version=\"2.0.0\"><sequence><module name=\"Magento_Integration\"/></sequence></module>",
            "",
        ),
        (
            "MOD-02",
            "<module name=\"vendor_Module\"/>",
            "Element 'module', attribute 'name': [facet 'pattern']",
        ),
        (
            "MOD-03",
            "<module name=\"V_M\"/>",
            "Element 'module', attribute 'name': [facet 'pattern']",
        ),
        (
            "MOD-04",
            "<module name=\"Ve_Mo_Ex\"/>",
            "Element 'module', attribute 'name': [facet 'pattern']",
        ),
        (
            "MOD-05",
            "<module name=\"Ve_Mo\" setup_version=\"1.0.0-beta\"/>",
            "Element 'module', attribute 'setup_version': [facet 'pattern'] The value '1.0.0-beta' is not accepted by the pattern '[0-9.]+'.",
        ),
        (
            "MOD-06",
            "<module name=\"Ve_Mo\" active=\"true\"/>",
            "Element 'module', attribute 'active': The attribute 'active' is not allowed.",
        ),
        (
            "MOD-07",
            "<module name=\"Ve_Mo\"><sequence><module name=\"Aa_Bb\"/><module name=\"Aa_Bb\"/></sequence></module>",
            "Element 'module': Duplicate key-sequence ['Aa_Bb'] in unique identity-constraint 'uniqueSequenceName'.",
        ),
        (
            "MOD-08",
            "<module name=\"Ve_Mo\"/><module name=\"Ve_Mo\"/>",
            "Element 'module': Duplicate key-sequence ['Ve_Mo'] in unique identity-constraint 'uniqueModuleName'.",
        ),
        ("MOD-09", "<module name=\"Ve_Mo\"><sequence/></module>", ""),
        (
            "MOD-10",
            "",
            "Element 'config': Missing child element(s). Expected is ( module ).",
        ),
    ];
    for (id, content, expected) in table {
        let document = parse(
            format!("<config>{content}</config>"),
            magespec::diagnostic::SourceId::default(),
        )
        .expect("the vector is well-formed");
        let said = validate(
            document.root(),
            schemas::author(FileKind::Module).expect("it has a schema"),
        );
        let line = said.first().map_or("", |violation| &violation.message);
        assert!(
            if expected.is_empty() {
                line.is_empty()
            } else {
                line.starts_with(expected)
            },
            "{id}: expected `{expected}`, got `{line}`"
        );
    }
}

#[test]
fn a_store_reads_only_the_first_module_of_a_file() {
    let text = "<config><module name=\"Aa_Aa\"/><module name=\"Hidden_M\"/></config>";
    let set = ModuleSet::read(&files(&[("m/etc/module.xml", text)]));
    assert_eq!(set.modules[0].name(), "Aa_Aa");
    let nameless = ModuleSet::read(&files(&[(
        "m/etc/module.xml",
        "<config><module/></config>",
    )]));
    let merged = Merged::new(&nameless, Release::V2_4_7, Mode::Lax);
    assert_eq!(
        merged.stops[0].literal,
        "Attribute \"name\" is required for module node."
    );
    let broken = ModuleSet::read(&files(&[("m/etc/module.xml", "<config><module>")]));
    let merged = Merged::new(&broken, Release::V2_4_7, Mode::Lax);
    assert!(
        merged.stops[0]
            .literal
            .starts_with("Invalid Document: m/etc/module.xml\n Error: Premature end of data")
    );
}

#[test]
fn integration_xml_follows_its_vectors() {
    let endpoint = "<endpoint_url>https://x.y</endpoint_url>";
    let url = |value: &str| integration(&format!("{E}<endpoint_url>{value}</endpoint_url>"));
    let email = |value: &str| integration(&format!("<email>{value}</email>"));
    check(
        FileKind::Consolidated,
        Mode::Strict,
        &[
            ("INT-01", vec![integration(E)], ""),
            (
                "INT-02",
                vec![integration("")],
                "Element 'integration': Missing child element(s). Expected is one of ( email, endpoint_url, identity_link_url, resources ).",
            ),
            ("INT-03", vec![integration(endpoint), integration(E)], ""),
            (
                "INT-04",
                vec![format!(
                    "<integration name=\"TestIntegration\">{E}</integration>"
                )],
                "Element 'integration': No matching global declaration available for the validation root.",
            ),
            (
                "INT-05",
                vec![config(E)],
                "Element 'integrations': No matching global declaration available for the validation root.",
            ),
            (
                "INT-07",
                vec![integration(&format!(
                    "<resources>{}</resources><identity_link_url>https://x</identity_link_url>{E}",
                    r("a_b::c")
                ))],
                "",
            ),
            (
                "INT-08",
                vec![integration(&format!("{E}{E}"))],
                "Element 'email': This element is not expected.",
            ),
            (
                "INT-09",
                vec!["<config/>".to_owned()],
                "Element 'config': Missing child element(s). Expected is ( integration ).",
            ),
            (
                "INT-10",
                vec![integration(&format!("{E}<resources/>"))],
                "Element 'resources': Missing child element(s). Expected is ( resource ).",
            ),
            (
                "INT-11",
                vec![email("Email")],
                "Element 'email': [facet 'pattern']",
            ),
            ("INT-12", vec![url("Callback URL")], ""),
            (
                "INT-13",
                vec![url("abc")],
                "Element 'endpoint_url': [facet 'minLength'] The value has a length of '3'; this underruns the allowed minimum length of '4'.",
            ),
            (
                "INT-14",
                vec![url("   ")],
                "Element 'endpoint_url': [facet 'minLength'] The value has a length of '0'; this underruns the allowed minimum length of '4'.",
            ),
            ("INT-15", vec![url(" https://x.y ")], ""),
            (
                "INT-16",
                vec![url("http://[")],
                "Element 'endpoint_url': 'http://[' is not a valid value of the atomic type 'urlType'.",
            ),
            (
                "INT-17",
                vec![url("http://x/%zz")],
                "Element 'endpoint_url': 'http://x/%zz' is not a valid value of the atomic type 'urlType'.",
            ),
            ("INT-18", vec![email("a@b..c")], ""),
            (
                "INT-19",
                vec![email("a@.c")],
                "Element 'email': [facet 'pattern']",
            ),
            (
                "INT-20",
                vec![named("A", E)],
                "Element 'integration', attribute 'name': [facet 'minLength']",
            ),
            ("INT-21", vec![named("  ", E)], ""),
            (
                "INT-31",
                vec![integration(&format!(
                    "{E}<resources><resource name=\"a_b::c\">text</resource></resources>"
                ))],
                "",
            ),
            (
                "INT-36",
                vec!["<config xmlns=\"urn:x\"/>".to_owned()],
                "Element '{urn:x}config': No matching global declaration available for the validation root.",
            ),
            (
                "INT-37",
                vec![format!(
                    "<config xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"urn:bogus:nowhere\"><integration name=\"AB\">{E}</integration></config>"
                )],
                "",
            ),
            (
                "INT-38",
                vec![format!(
                    "<config>hello<integration name=\"AB\">{E}</integration></config>"
                )],
                "Element 'config': Character content other than whitespace is not allowed because the content type is 'element-only'.",
            ),
            ("INT-39", vec![format!("\u{FEFF}{}", integration(E))], ""),
            (
                "INT-40",
                vec![format!(" <?xml version=\"1.0\"?>{}", integration(E))],
                "XML declaration allowed only at the start of the document",
            ),
            (
                "INT-42",
                vec!["not xml".to_owned()],
                "Start tag expected, '<' not found",
            ),
            (
                "MRG-11",
                vec![
                    format!(
                        "<config xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"urn:x\"><integration name=\"AB\">{E}</integration></config>"
                    ),
                    integration(E),
                ],
                "",
            ),
            ("MRG-17", vec![], ""),
            (
                "MRG-10",
                vec![
                    integration(E),
                    format!(
                        "<config xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"urn:x\"><integration name=\"AB\">{E}</integration></config>"
                    ),
                ],
                "Element 'config', attribute 'xsi:noNamespaceSchemaLocation': The attribute 'xsi:noNamespaceSchemaLocation' is not allowed.",
            ),
        ],
    );
    check(
        FileKind::Consolidated,
        Mode::Lax,
        &[
            ("INT-06", vec![config(E)], ""),
            ("no e-mail", vec![integration("")], NULL_NODE),
            (
                "the e-mail in a later file",
                vec![integration(""), integration(E)],
                "",
            ),
            (
                "no name",
                vec![integration(E).replace(" name=", " title=")],
                NULL_NODE,
            ),
            (
                "a resource without name",
                vec![integration(&format!(
                    "{E}<resources>{}<resource/></resources>",
                    r("Magento_Sales::sales")
                ))],
                NULL_NODE,
            ),
            (
                "MRG-16",
                vec![integration(E), config(E)],
                "DOMXPath::query(): Invalid expression",
            ),
            (
                "MRG-07",
                vec![named("AB", E), named("Bob's", E)],
                "DOMXPath::query(): Invalid predicate",
            ),
            ("MRG-07 alone", vec![named("Bob's", E)], ""),
        ],
    );
}

/// Values of one element, and whether the schema takes them (docs/protocol/module-files.md#etcintegrationxml).
#[test]
fn emails_urls_and_names_follow_the_value_tables() {
    let emails = [
        ("a@b.c", true),
        ("a@b..c", true),
        ("a b@c.d", true),
        ("a@@b.c", true),
        ("a@b.c@d", true),
        (" a@b.c ", true),
        ("ä@ö.ü", true),
        ("Email", false),
        ("a@b", false),
        ("@b.c", false),
        ("a@.c", false),
        ("a@b.", false),
        ("a@b.c\n", false),
        ("<![CDATA[a@b.co]]>", true),
        ("a@<!--x-->b.co", true),
    ];
    for (value, fits) in emails {
        let merged = merged(
            FileKind::Consolidated,
            &[integration(&format!("<email>{value}</email>"))],
            Mode::Strict,
        );
        assert_eq!(merged.stops.is_empty(), fits, "{value:?}");
    }
    let urls = [
        ("abcd", true),
        ("abc", false),
        ("", false),
        ("   ", false),
        ("Callback URL", true),
        ("Identity link URL", true),
        ("http://exa mple", true),
        ("javascript:alert(1)", true),
        ("http://ü.de/ä", true),
        ("//x", false),
        ("http://[", false),
        ("ht!tp://x", false),
        ("%zz", false),
        ("http://x/%zz", false),
        (" https://x.y ", true),
        ("https://x.y/a?b=c#d", true),
        ("https://user:pass@x.y:8443/", true),
        ("https://x.y:port/", false),
        ("https://[::1]/", true),
    ];
    for (value, fits) in urls {
        let text = integration(&format!("{E}<endpoint_url>{value}</endpoint_url>"));
        let merged = merged(FileKind::Consolidated, &[text], Mode::Strict);
        assert_eq!(
            merged.stops.is_empty(),
            fits,
            "{value:?}: {}",
            first_line(&merged)
        );
    }
    let names = [
        ("a_b::c", true),
        ("x_y::z::w", true),
        (" Magento_Sales::sales", true),
        ("_a::b", false),
        ("a_::b", false),
        ("ab::c", false),
        ("Magento_Sales::", false),
        ("Magento_Sales:sales", false),
    ];
    for (name, fits) in names {
        assert_eq!(schemas::is_resource_name(name), fits, "{name:?}");
    }
}
