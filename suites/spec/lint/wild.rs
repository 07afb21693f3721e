//! Modules as they are found in the wild: what is said of them, and what is rightly not.

use magespec::diagnostic::Severity;
use magespec::lint::{Finding, Linted, Options, lint};
use magespec::module::ModuleSet;

use crate::spec::modules::folders::files;

const XSI: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"urn:x\"";

fn of(list: &[(&str, &str)]) -> (ModuleSet, Linted) {
    let set = ModuleSet::read(&files(list));
    let linted = lint(&set, &Options::default());
    (set, linted)
}

fn found<'linted>(linted: &'linted Linted, code: &str) -> Vec<&'linted Finding> {
    linted
        .findings
        .iter()
        .filter(|finding| finding.rule.code == code)
        .collect()
}

fn module(name: &str, inside: &str) -> String {
    format!("<config {XSI}><module name=\"{name}\">{inside}</module></config>")
}

fn acl(resources: &str) -> String {
    format!(
        "<config {XSI}><acl><resources><resource id=\"Magento_Backend::admin\">{resources}</resource></resources></acl></config>"
    )
}

#[test]
fn a_repair_that_opens_routes_is_not_a_safe_one() {
    let list = |ids: &[&str]| {
        let ids: Vec<String> = ids
            .iter()
            .map(|id| format!("<resource name=\"{id}\"/>"))
            .collect();
        let ids = ids.concat();
        format!(
            "<integrations {XSI}><integration name=\"Acme\"><resources>{ids}</resources></integration></integrations>"
        )
    };
    let of_list = |ids: &[&str]| of(&[("etc/integration/api.xml", &list(ids))]).1;
    let opening = of_list(&["Magento_Customer::customer", "Magento_Customer::delete"]);
    let [finding] = found(&opening, "RES004")[..] else {
        panic!("{opening:?}");
    };
    assert!(finding.fix.is_some() && finding.safe_fix().is_none());
    let notes = finding.diagnostic.notes.join(" ");
    assert!(
        notes.contains("to list them opens") && notes.contains("`PUT /V1/customers/:customerId`"),
        "{notes}"
    );
    let harmless = of_list(&["Magento_Sales::sales", "Magento_Sales::sales_order"]);
    let [finding] = found(&harmless, "RES004")[..] else {
        panic!("{harmless:?}");
    };
    assert!(
        finding.safe_fix().is_some(),
        "no route asks for `sales_operation`"
    );
}

#[test]
fn what_a_companion_may_declare_is_a_warning_that_names_it() {
    let own = acl(
        "<resource id=\"Acme_Core::menu\"><resource id=\"Acme_Erp::erp\" title=\"ERP sync\"/></resource>",
    );
    let sequence = module(
        "Acme_Erp",
        "<sequence><module name=\"Acme_Core\"/></sequence>",
    );
    let list = [
        ("erp/etc/module.xml", sequence.as_str()),
        ("erp/etc/acl.xml", &own),
    ];
    let (_, linted) = of(&list);
    assert_eq!(linted.count(Severity::Error), 0);
    let message = &found(&linted, "ACL010")[0].diagnostic.message;
    assert!(
        message.contains("`Acme_Core`, which `sequence` names, is not among these modules"),
        "{message}"
    );
    // Given, it has to declare it.
    let core = module("Acme_Core", "");
    let with = [list[0], list[1], ("core/etc/module.xml", &core)];
    let (_, linted) = of(&with);
    assert_eq!(
        (
            found(&linted, "ACL003").len(),
            found(&linted, "ACL010").len()
        ),
        (1, 0)
    );
    let titled = acl("<resource id=\"Acme_Core::menu\" title=\"Menu\"/>");
    let (_, linted) = of(&[with[0], with[1], with[2], ("core/etc/acl.xml", &titled)]);
    assert_eq!(
        (
            found(&linted, "ACL003").len(),
            found(&linted, "ACL010").len()
        ),
        (0, 0)
    );
}

#[test]
fn an_id_in_two_modules_is_shown_in_both() {
    let (set, linted) = of(&[
        ("erp/etc/module.xml", &module("Acme_Erp", "")),
        (
            "erp/etc/acl.xml",
            &acl("<resource id=\"Acme_Erp::erp\" title=\"ERP sync\"/>"),
        ),
        ("pro/etc/module.xml", &module("Acme_Pro", "")),
        (
            "pro/etc/acl.xml",
            &acl(
                "<resource id=\"Magento_Backend::stores\"><resource id=\"Acme_Erp::erp\" title=\"ERP sync\"/></resource>",
            ),
        ),
    ]);
    let [finding] = found(&linted, "ACL002")[..] else {
        panic!("{linted:?}");
    };
    let [other] = &finding.diagnostic.related[..] else {
        panic!("{finding:?}");
    };
    let places = [finding.diagnostic.source, other.source].map(|source| set.sources.path(source));
    assert!(
        places.contains(&"erp/etc/acl.xml") && places.contains(&"pro/etc/acl.xml"),
        "{places:?}"
    );
    assert!(other.label.contains("Magento_Backend::"), "{}", other.label);
}

#[test]
fn a_forgotten_list_is_one_finding_with_the_right_advice() {
    let text =
        format!("<config {XSI}><acl><resource id=\"Magento_Backend::admin\"/></acl></config>");
    let (_, linted) = of(&[
        ("etc/module.xml", &module("Acme_Erp", "")),
        ("etc/acl.xml", &text),
    ]);
    let [finding] = found(&linted, "XML003")[..] else {
        panic!("{linted:?}");
    };
    assert_eq!(linted.count(Severity::Error), 1);
    assert_eq!(
        finding.diagnostic.help.as_deref(),
        Some("wrap it in `<resources>`")
    );
}

#[test]
fn a_wrong_root_hides_nothing() {
    let config = format!(
        "<config {XSI}><integration><name>Acme</name><email>ops</email><resources><resource name=\"Magento_Backend::store\"/></resources></integration></config>"
    );
    let api = format!(
        "<integrations {XSI}><integration name=\"Acme\"><resources><resource name=\"Magento_Backend::stores\"/></resources></integration></integrations>"
    );
    let (_, linted) = of(&[
        ("etc/module.xml", &module("Acme_Erp", "")),
        ("etc/integration/config.xml", &config),
        ("etc/integration/api.xml", &api),
    ]);
    for code in ["XML002", "XML003", "INT003", "INT005", "INT006"] {
        assert_eq!(found(&linted, code).len(), 1, "{code}");
    }
    for code in ["INT014", "INT022"] {
        assert!(
            found(&linted, code).is_empty(),
            "{code}: it is not known what is missing"
        );
    }
}

#[test]
fn no_advice_about_packages_is_an_error() {
    for composer in [
        "{\"name\": \"acme/erp\", \"require\": {\"php\": \">=8.1\", \"magento/product-community-edition\": \">=2.4.4\"}}",
        "{\"version\": \"1.0.0\"}",
    ] {
        let (_, linted) = of(&[
            ("etc/module.xml", &module("Acme_Erp", "")),
            ("composer.json", composer),
        ]);
        assert_eq!(linted.count(Severity::Error), 0, "{composer}");
    }
}

/// A shop with some modules of a core that is not the built-in one.
fn shop(core: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let mut list = vec![
        (
            "shop/app/code/Acme/Erp/etc/module.xml".to_owned(),
            module("Acme_Erp", ""),
        ),
        (
            "shop/app/code/Acme/Erp/etc/integration.xml".to_owned(),
            format!(
                "<config {XSI}><integration name=\"Acme\"><email>a@acme.io</email><resources><resource name=\"Magento_Customer::customer\"/></resources></integration></config>"
            ),
        ),
    ];
    for (name, file, text) in core {
        let folder = format!("shop/vendor/magento/module-{}", name.to_lowercase());
        list.push((
            format!("{folder}/etc/module.xml"),
            module(&format!("Magento_{name}"), ""),
        ));
        list.push((
            format!("{folder}/composer.json"),
            format!(
                "{{\"name\": \"magento/module-{}\", \"version\": \"1.0.0\"}}",
                name.to_lowercase()
            ),
        ));
        list.push((format!("{folder}/{file}"), (*text).to_owned()));
    }
    list
}

#[test]
fn the_core_of_another_release_stands_for_itself_and_is_left_alone() {
    // In 2.2 the customer groups stood elsewhere, and a route asked for another resource.
    let customer = acl(
        "<resource id=\"Magento_Backend::stores\"><resource id=\"Magento_Backend::other_settings\" title=\"Other Settings\"><resource id=\"Magento_Customer::group\" title=\"Customer Groups\"/></resource></resource>",
    );
    let store = format!(
        "<routes {XSI}><route url=\"/V1/store/websites\" method=\"GET\"><service class=\"A\" method=\"b\"/><resources><resource ref=\"anonymous\"/></resources></route></routes>"
    );
    let list = shop(&[
        ("Customer", "etc/acl.xml", &customer),
        ("Store", "etc/webapi.xml", &store),
    ]);
    let list: Vec<(&str, &str)> = list.iter().map(|(path, text)| (&**path, &**text)).collect();
    let (set, linted) = of(&list);
    let said: Vec<String> = linted
        .findings
        .iter()
        .filter(|finding| {
            set.sources
                .path(finding.diagnostic.source)
                .contains("/vendor/")
        })
        .map(|finding| format!("{} {}", finding.rule.code, finding.diagnostic.message))
        .collect();
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(linted.count(Severity::Error), 0);
    let merged = magespec::module::Merged::new(
        &set,
        magespec::acl::Release::V2_4_7,
        magespec::module::Mode::Lax,
    );
    assert!(merged.stops.is_empty(), "{:?}", merged.stops);
    let parent = merged
        .tree
        .parent("Magento_Customer::group")
        .map(ToString::to_string);
    assert_eq!(parent.as_deref(), Some("Magento_Backend::other_settings"));
    let route = merged
        .routes
        .iter()
        .find(|route| route.url == *"/V1/store/websites");
    let resources = route.map(|route| {
        route
            .resources
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    });
    assert_eq!(resources, Some(vec!["anonymous".to_owned()]));
}

#[test]
fn a_whole_core_leaves_nothing_of_the_built_in_one() {
    let backend = format!(
        "<config {XSI}><acl><resources><resource id=\"Magento_Backend::all\" title=\"All\"/><resource id=\"Magento_Backend::admin\" title=\"Admin\"><resource id=\"Magento_Customer::customer\" title=\"Customers\"/></resource></resources></acl></config>"
    );
    let list = shop(&[("Backend", "etc/acl.xml", &backend)]);
    let list: Vec<(&str, &str)> = list.iter().map(|(path, text)| (&**path, &**text)).collect();
    let (set, linted) = of(&list);
    let merged = magespec::module::Merged::new(
        &set,
        magespec::acl::Release::V2_4_7,
        magespec::module::Mode::Lax,
    );
    assert_eq!(merged.tree.ids().len(), 3);
    assert!(merged.stops.is_empty());
    assert_eq!(linted.count(Severity::Error), 0);
}

#[test]
fn bytes_are_judged_as_those_who_read_them_do() {
    use magespec::module::SourceFile;
    let with = |path: &str, bytes: &[u8]| {
        let mut list = files(&[("etc/module.xml", &module("Acme_Erp", ""))]);
        list.push(SourceFile {
            path: path.to_owned(),
            bytes: bytes.to_vec(),
        });
        let linted = lint(&ModuleSet::read(&list), &Options::default());
        let errors = linted
            .findings
            .iter()
            .filter(|finding| finding.rule.severity == Severity::Error);
        errors.map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    let registration: &[u8] = b"<?php\nnamespace A;\n// caf\xE9\n\\Magento\\Framework\\Component\\ComponentRegistrar::register('module', 'Acme_Erp', __DIR__);\n";
    // PHP takes any bytes in a comment, but prints a mark before the name space, which must come first.
    assert!(with("registration.php", registration).is_empty());
    let marked = [b"\xEF\xBB\xBF", registration].concat();
    assert_eq!(with("registration.php", &marked), ["PHP001"]);
    let composer: &[u8] = b"{\"name\": \"acme/erp\"}";
    assert!(with("composer.json", composer).is_empty());
    assert_eq!(
        with("composer.json", &[b"\xEF\xBB\xBF", composer].concat()),
        ["CMP001"]
    );
    assert_eq!(with("etc/acl.xml", b"<config name=\"\x01\"/>").len(), 1);
}
