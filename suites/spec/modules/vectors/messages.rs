//! Every literal message about a file: one fault each, and the words of the store beside its name.

use std::fmt::Write as _;

use magespec::acl::Release;
use magespec::diagnostic::SourceId;
use magespec::module::FileKind::{
    Acl, Consolidated, IntegrationApi, IntegrationConfig, Module, Webapi,
};
use magespec::module::Mode::{Lax, Strict};
use magespec::module::schemas::{self, author};
use magespec::module::{FileKind, Merged, Mode, ModuleSet, SourceFile};
use magespec::xml::parse;
use magespec::xml::schema::validate;

use super::{E, api, config, first_line, integration, merged, named, r};

fn acl(content: &str) -> String {
    format!(
        "<config><acl><resources><resource id=\"Magento_Backend::admin\">{content}</resource></resources></acl></config>"
    )
}

fn page(kind: FileKind, mode: Mode, rows: &[(&str, &[&str])]) -> String {
    let mut page = format!("{kind}, {mode:?}\n");
    for (fault, texts) in rows {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let line = first_line(&merged(kind, &texts, mode));
        assert!(!line.is_empty(), "{fault} stops nothing");
        let _ = writeln!(page, "  {fault}\n    {line}");
    }
    page
}

#[test]
fn every_literal_message_has_its_fault() {
    let endpoint = "<endpoint_url>https://x.y</endpoint_url>";
    let good = r("Magento_Sales::reorder");
    let resources = format!("<resources>{good}</resources>");
    let strict_config = page(
        IntegrationConfig,
        Strict,
        &[
            ("an empty root", &["<integrations/>"]),
            ("no e-mail", &[&config("")]),
            ("no name", &["<integrations><integration/></integrations>"]),
            ("a list of resources", &[&config(&resources)]),
            (
                "an attribute too many",
                &[&config(E).replace("name=", "active=\"1\" name=")],
            ),
            (
                "an unknown element at the end",
                &[&config(&format!("{E}{endpoint}<x/>"))],
            ),
        ],
    );
    let lax_config = page(IntegrationConfig, Lax, &[("no e-mail", &[&config("")])]);
    let strict_api = page(
        IntegrationApi,
        Strict,
        &[
            ("no list", &[&config("")]),
            ("an empty list", &[&api("")]),
            ("a resource without name", &[&api("<resource/>")]),
            (
                "a resource with a foreign pattern",
                &[&api(&r("customer_manage"))],
            ),
            (
                "an element in a resource",
                &[&api("<resource name=\"a_b::c\"><x/></resource>")],
            ),
            (
                "an attribute too many",
                &[&api("<resource name=\"a_b::c\" title=\"x\"/>")],
            ),
            (
                "an integration with an empty name",
                &[&api(&good).replace("TestIntegration", "")],
            ),
        ],
    );
    let strict = page(
        Consolidated,
        Strict,
        &[
            ("nothing in it", &[&integration("")]),
            ("a lone list", &[&integration(&resources)]),
            ("a bare integration", &["<integration name=\"AB\"/>"]),
            ("a default name space", &["<config xmlns=\"urn:x\"/>"]),
            ("an empty e-mail", &[&integration("<email></email>")]),
            (
                "an empty URL",
                &[&integration(&format!("{E}<endpoint_url/>"))],
            ),
            (
                "a URL that is none",
                &[&integration(&format!(
                    "{E}<endpoint_url>http://[</endpoint_url>"
                ))],
            ),
            (
                "text between elements",
                &[&integration(&format!("{E}hello"))],
            ),
            (
                "an attribute in an element that has none",
                &[&integration("<email x=\"1\">a@b.co</email>")],
            ),
            ("an element twice", &[&integration(&format!("{E}{E}"))]),
        ],
    );
    let lax = page(
        Consolidated,
        Lax,
        &[
            (
                "blanks before the declaration",
                &[" <?xml version=\"1.0\"?><config/>"],
            ),
            ("two roots", &["<config/><config/>"]),
            ("no XML", &["not xml"]),
            (
                "an entity from elsewhere",
                &["<!DOCTYPE config [<!ENTITY x SYSTEM \"x\">]><config>&x;</config>"],
            ),
            (
                "another root than the file before",
                &[&integration(E), &config(E)],
            ),
            (
                "an apostrophe in a name",
                &[&named("AB", E), &named("Bob's", E)],
            ),
            (
                "a name that the file before has twice",
                &[
                    &format!(
                        "<config><integration name=\"AB\">{E}</integration><integration name=\"AB\">{E}</integration></config>"
                    ),
                    &named("AB", E),
                ],
            ),
        ],
    );
    let own = "<resource id=\"Ve_Mo::x\" title=\"Own\"/>";
    let strict_acl = page(
        Acl,
        Strict,
        &[
            (
                "a short title",
                &[&acl("<resource id=\"Ve_Mo::x\" title=\"ab\"/>")],
            ),
            (
                "a long title",
                &[&acl(&own.replace("Own", &"t".repeat(51)))],
            ),
            ("no title anywhere", &[&acl("<resource id=\"Ve_Mo::x\"/>")]),
            (
                "an id with a foreign pattern",
                &[&acl("<resource id=\"A_B::c\" title=\"Own\"/>")],
            ),
            ("an id twice", &[&acl(&format!("{own}{own}"))]),
            ("text", &[&acl("hello")]),
            (
                "a flag that is none",
                &[&acl(
                    "<resource id=\"Ve_Mo::x\" title=\"Own\" disabled=\"TRUE\"/>",
                )],
            ),
            (
                "a number that is none",
                &[&acl(
                    "<resource id=\"Ve_Mo::x\" title=\"Own\" sortOrder=\"1.5\"/>",
                )],
            ),
        ],
    );
    let lax_acl = page(
        Acl,
        Lax,
        &[
            (
                "no id",
                &[&acl(
                    &own.replace("/>", "><resource title=\"Below\"/></resource>")
                )],
            ),
            (
                "an id under two parents (ACL-12)",
                &[&acl(&format!(
                    "{own}<resource id=\"Magento_Sales::sales\">{own}</resource>"
                ))],
            ),
        ],
    );
    let strict_webapi = page(
        Webapi,
        Strict,
        &[
            (
                "no service",
                &["<routes><route url=\"/V1/x\" method=\"GET\"/></routes>"],
            ),
            (
                "a method that is none",
                &["<routes><route url=\"/V1/x\" method=\"PATCH\"/></routes>"],
            ),
            (
                "an empty reference",
                &[
                    "<routes><route url=\"/V1/x\" method=\"GET\"><service class=\"A\" method=\"b\"/><resources><resource ref=\"\"/></resources></route></routes>",
                ],
            ),
        ],
    );
    let pages = [
        strict_config,
        lax_config,
        strict_api,
        strict,
        lax,
        strict_acl,
        lax_acl,
        strict_webapi,
    ];
    insta::assert_snapshot!(pages.join("\n"));
}

#[test]
fn modules_that_stop_a_store_are_named_in_its_words() {
    let said = |texts: &[&str]| {
        let files: Vec<SourceFile> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| SourceFile {
                path: format!("m{number}/{}", Module.path()),
                bytes: text.as_bytes().to_vec(),
            })
            .collect();
        let merged = Merged::new(&ModuleSet::read(&files), Release::V2_4_7, Lax);
        merged.stops[0].literal.clone()
    };
    let after = |name: &str, other: &str| {
        format!(
            "<config><module name=\"{name}\"><sequence><module name=\"{other}\"/></sequence></module></config>"
        )
    };
    let circular = said(&[&after("Aa_Aa", "Bb_Bb"), &after("Bb_Bb", "Aa_Aa")]);
    assert_eq!(
        circular, "Circular sequence reference from 'Bb_Bb' to 'Aa_Aa'.",
        "MOD-17"
    );
    assert_eq!(
        said(&["<config><module/></config>"]),
        "Attribute \"name\" is required for module node.",
        "MOD-12"
    );
    assert_eq!(
        said(&["<config></module>"]),
        "Invalid Document: m0/etc/module.xml\n Error: Opening and ending tag mismatch: config line 1 and module\nLine: 1\n",
        "MOD-13"
    );
}

#[test]
fn bytes_that_are_no_utf_8_are_refused_in_the_words_of_libxml2() {
    let files = [SourceFile {
        path: "m/etc/integration.xml".to_owned(),
        bytes: b"<config name=\"\xE4\"/>".to_vec(),
    }];
    let merged = Merged::new(&ModuleSet::read(&files), Release::V2_4_7, Lax);
    assert_eq!(
        first_line(&merged),
        "Input is not proper UTF-8, indicate encoding !"
    );
}

#[test]
fn older_releases_wrap_the_same_words_in_fewer() {
    let set = |text: &str| {
        ModuleSet::read(&[SourceFile {
            path: "m/etc/integration.xml".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }])
    };
    for release in [Release::V2_1_6, Release::V2_2_5] {
        for (text, literal) in [
            (
                "<config/>",
                "Invalid XML in file m/etc/integration.xml:\nElement 'config': Missing child element(s). Expected is ( integration ).\nLine: 1\n",
            ),
            (
                "<config><integration name=\"AB\"/></config>",
                "Invalid Document \nElement 'integration': Missing child element(s). Expected is one of ( email, endpoint_url, identity_link_url, resources ).\nLine: 1\n",
            ),
        ] {
            let merged = Merged::new(&set(text), release, Strict);
            assert_eq!(merged.stops[0].literal, literal, "{release}");
        }
    }
}

/// Where libxml2 stops to look, and what it still says; each line was compared with 2.9.14 by thousands of made-up files.
#[test]
fn what_is_said_of_mixed_content_is_what_libxml2_says() {
    let good = r("a_b::c");
    let text = "Character content other than whitespace is not allowed because the content type is 'element-only'.";
    let unexpected = "Element 'email': This element is not expected. Expected is ( resources ).";
    let table: [(FileKind, String, Vec<String>); 12] = [
        (
            IntegrationApi,
            config(&format!("<email/>x<resources>{good}</resources>")),
            vec![unexpected.to_owned()],
        ),
        (
            IntegrationApi,
            config(&format!("x<email/><resources>{good}</resources>")),
            vec![format!("Element 'integration': {text}"), unexpected.to_owned()],
        ),
        (
            IntegrationApi,
            config("<resources><![CDATA[]]></resources>"),
            vec![
                format!("Element 'resources': {text}"),
                "Element 'resources': Missing child element(s). Expected is ( resource ).".to_owned(),
            ],
        ),
        (
            IntegrationApi,
            config("<resources><resource name=\"a_b::c\"><x/></resource></resources>"),
            vec!["Element 'resource': Element content is not allowed, because the content type is a simple type definition.".to_owned()],
        ),
        (
            IntegrationConfig,
            config("<email>a@b.co<x/></email>"),
            vec!["Element 'email': Element content is not allowed, because the type definition is simple.".to_owned()],
        ),
        (
            IntegrationConfig,
            config("<email>1.0<x/>a@b.co</email>"),
            vec![
                "Element 'email': Element content is not allowed, because the type definition is simple.".to_owned(),
                "Element 'email': [facet 'pattern'] The value '1.0' is not accepted by the pattern '[^@]+@[^\\.]+\\..+'.".to_owned(),
            ],
        ),
        (Module, module(" "), vec![empty("Character")]),
        (Module, module("<![CDATA[]]>"), vec![empty("Character")]),
        (Module, module("<x/> "), vec![empty("Element")]),
        (Module, module("t<x/>"), vec![empty("Character"), empty("Element")]),
        (Module, module("<!-- c -->"), Vec::new()),
        (
            Module,
            "<config><module name=\"Aa_Bb\"><sequence><module name=\"a\"/><module name=\"a\"/></sequence></module></config>".to_owned(),
            vec!["Element 'module', attribute 'name': [facet 'pattern'] The value 'a' is not accepted by the pattern '[A-Z]+[A-Za-z0-9]{1,}_[A-Z]+[A-Z0-9a-z]{1,}'.".to_owned(); 2],
        ),
    ];
    for (kind, text, expected) in table {
        let document = parse(text.as_str(), SourceId::default()).expect("it is well-formed");
        let rule = author(kind)
            .or_else(|| schemas::merged(kind))
            .expect("it has a schema");
        let said: Vec<String> = validate(document.root(), rule)
            .into_iter()
            .map(|violation| violation.message)
            .collect();
        assert_eq!(said, expected, "{text}");
    }
}

fn module(content: &str) -> String {
    format!(
        "<config><module name=\"Aa_Bb\"><sequence><module name=\"Cc_Dd\">{content}</module></sequence></module></config>"
    )
}

fn empty(what: &str) -> String {
    format!("Element 'module': {what} content is not allowed, because the content type is empty.")
}
