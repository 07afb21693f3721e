//! `etc/webapi.xml`.

use magespec::acl::ResourceId;
use magespec::diagnostic::SourceId;
use magespec::module::{FileKind, Mode, ModuleSet, schemas};
use magespec::xml::{Merge, parse};

use super::files;

use super::{check, merged};

fn routes(content: &str) -> String {
    format!("<routes>{content}</routes>")
}

fn route(attributes: &str, refs: &[&str]) -> String {
    let refs: Vec<String> = refs
        .iter()
        .map(|id| format!("<resource ref=\"{id}\"/>"))
        .collect();
    let refs = refs.concat();
    format!(
        "<route {attributes}><service class=\"A\" method=\"b\"/><resources>{refs}</resources></route>"
    )
}

#[test]
fn webapi_xml_follows_its_vectors() {
    let x = "url=\"/V1/x\" method=\"GET\"";
    check(
        FileKind::Webapi,
        Mode::Strict,
        &[
            (
                "WEB-01",
                vec![routes(&route(x, &["Magento_Sales::sales"]))],
                "",
            ),
            (
                "WEB-04 PATCH",
                vec![routes(&route("url=\"/V1/x\" method=\"PATCH\"", &["self"]))],
                "Element 'route', attribute 'method': [facet 'enumeration'] The value 'PATCH' is not an element of the set {'GET', 'PUT', 'POST', 'DELETE'}.",
            ),
            (
                "WEB-04 get",
                vec![routes(&route("url=\"/V1/x\" method=\"get\"", &["self"]))],
                "Element 'route', attribute 'method': [facet 'enumeration']",
            ),
            (
                "WEB-06",
                vec![routes(&route(x, &[""]))],
                "Element 'resource', attribute 'ref': [facet 'pattern']",
            ),
            (
                "WEB-07",
                vec![routes(&format!(
                    "<route {x}><resources><resource ref=\"self\"/></resources><service class=\"A\" method=\"b\"/></route>"
                ))],
                "Element 'service': This element is not expected. Expected is ( data ).",
            ),
            (
                "WEB-08",
                vec![routes(&format!(
                    "<route {x}><service class=\"A\" method=\"b\"/></route>"
                ))],
                "Element 'route': Missing child element(s). Expected is ( resources ).",
            ),
        ],
    );
    let found = |texts: &[String]| {
        let merged = merged(FileKind::Webapi, texts, Mode::Lax);
        merged
            .routes
            .iter()
            .find(|route| route.url == "/V1/x")
            .cloned()
            .expect("the route is there")
    };
    for (secure, expected) in [("false", true), ("0", false), ("", false), ("true", true)] {
        let text = routes(&route(&format!("{x} secure=\"{secure}\""), &["self"]));
        assert_eq!(
            found(&[text]).secure,
            expected,
            "WEB-02/03: secure={secure:?}"
        );
    }
    let comma = found(&[routes(&route(x, &["A_B::c, D_E::f"]))]);
    assert_eq!(
        comma.resources,
        [ResourceId::from("A_B::c, D_E::f")].into(),
        "WEB-05"
    );
    let both = found(&[
        routes(&route(x, &["Magento_Sales::sales"])),
        routes(&route(x, &["self"])),
    ]);
    assert_eq!(both.resources.len(), 2, "WEB-09");
    // WEB-11 says that the last one wins, which holds for the first file of all; on top of the core a repeated route merges into itself.
    let twice = routes(&format!(
        "{}{}",
        route(x, &["self"]),
        route(x, &["anonymous"])
    ));
    assert_eq!(found(&[twice]).resources.len(), 2);
    let set = ModuleSet::read(&files(&[(
        "m/etc/webapi.xml",
        &routes(&route("url=\"/noversion\" method=\"GET\"", &["self"])),
    )]));
    assert_eq!(
        set.modules[0].routes[0].version_key().as_deref(),
        Some("noversio"),
        "WEB-13"
    );
    let text = routes(&route(x, &["self"]).replace(
        "</route>",
        "<data><parameter name=\"a\" force=\"true\">null</parameter><parameter name=\"b\" force=\"false\">%x%</parameter></data></route>",
    ));
    let set = ModuleSet::read(&files(&[("m/etc/webapi.xml", &text)]));
    let parameters: Vec<(bool, Option<&str>)> = set.modules[0].routes[0]
        .parameters
        .iter()
        .map(|parameter| (parameter.force, parameter.value.as_deref()))
        .collect();
    assert_eq!(parameters, [(true, None), (false, Some("%x%"))], "WEB-12");
}

/// To XPath an attribute that is not there is not equal to the empty text, so the two do not meet; one that is there and empty does.
#[test]
fn a_route_without_url_meets_only_one_whose_url_is_written_empty() {
    for (first, second, count) in [
        ("method=\"GET\"", "method=\"GET\"", 2),
        ("method=\"GET\"", "url=\"\" method=\"GET\"", 2),
        ("url=\"\" method=\"GET\"", "method=\"GET\"", 1),
        ("url=\"\" method=\"GET\"", "url=\"\" method=\"GET\"", 1),
    ] {
        let [first_file, second_file] = [first, second].map(|attributes| {
            let text = routes(&route(attributes, &["self"]));
            parse(text, SourceId::default()).expect("the text is well-formed")
        });
        let mut merge = Merge::new(&first_file, schemas::identities(FileKind::Webapi));
        merge.add(&second_file).expect("they can be merged");
        let found = merge.root().named("route").count();
        assert_eq!(found, count, "{first} and {second}");
    }
}

#[test]
fn a_second_module_can_add_to_a_stock_route() {
    let text = routes(&route(
        "url=\"/V1/orders/:id\" method=\"GET\"",
        &["Ve_Mo::extra"],
    ));
    let merged = merged(FileKind::Webapi, &[text], Mode::Strict);
    let route = merged
        .routes
        .iter()
        .find(|route| route.url == "/V1/orders/:id")
        .expect("a stock route");
    assert_eq!(route.resources.len(), 2);
}
