//! The linter: every rule finds its fault and nothing in the file without it; which rules are asked, and where they keep silent.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use magespec::diagnostic::{Look, render};
use magespec::lint::{Call, Finding, Linted, Options, RULES, Rule, Selection, Selector, lint};
use magespec::module::{ModuleSet, SourceFile};

use crate::spec::modules::folders::fixture;

/// The `bad` or `good` part of a rule's fixture, as files and calls.
pub(crate) fn part(rule: &Rule, which: &str) -> (ModuleSet, Options) {
    let path = format!("fixtures/lint/{}.txt", rule.name.replace('-', "_"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let wanted = text
        .split("=== ")
        .find_map(|part| part.strip_prefix(which)?.strip_prefix('\n'))
        .unwrap_or_else(|| panic!("{path} has no part `{which}`"));
    let mut options = Options::default();
    let mut files = Vec::new();
    for file in wanted.split("--- ").skip(1) {
        let (path, text) = file.split_once('\n').expect("a file has a path line");
        if path == "calls" {
            options.calls = Some(Call::parse_all(text).expect("the calls can be read"));
        } else {
            let (path, bytes) = match path.strip_suffix(" utf-16") {
                Some(path) => {
                    let marked = format!("\u{FEFF}{text}");
                    let units = marked.encode_utf16().flat_map(u16::to_le_bytes);
                    (path, units.collect())
                }
                None => (path, text.as_bytes().to_vec()),
            };
            files.push(SourceFile {
                path: path.to_owned(),
                bytes,
            });
        }
    }
    (ModuleSet::read(&files), options)
}

pub(crate) fn of_rule<'linted>(linted: &'linted Linted, rule: &Rule) -> Vec<&'linted Finding> {
    linted
        .findings
        .iter()
        .filter(|finding| finding.rule.code == rule.code)
        .collect()
}

#[test]
fn every_rule_finds_its_fault() {
    let mut pages = String::new();
    for rule in RULES {
        let (set, options) = part(rule, "bad");
        let linted = lint(&set, &options);
        let found = of_rule(&linted, rule);
        assert!(
            !found.is_empty(),
            "{} finds nothing in its bad example",
            rule.code
        );
        for finding in found {
            assert!(
                finding.diagnostic.help.is_some(),
                "{} gives no help",
                rule.code
            );
            let drawn = render(&finding.diagnostic, &set.sources, Look::Plain);
            let _ = writeln!(pages, "{drawn}\n");
        }
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn every_rule_is_silent_on_its_good_example() {
    for rule in RULES {
        let (set, options) = part(rule, "good");
        let linted = lint(&set, &options);
        let said: Vec<&str> = of_rule(&linted, rule)
            .iter()
            .map(|finding| finding.diagnostic.message.as_ref())
            .collect();
        assert!(said.is_empty(), "{}: {said:?}", rule.code);
    }
}

#[test]
fn every_rule_has_a_code_a_name_and_a_whole_page() {
    let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!((codes.len(), names.len()), (RULES.len(), RULES.len()));
    assert!(RULES.len() >= 60);
    assert!(RULES.is_sorted_by_key(|rule| rule.code));
    for rule in RULES {
        for heading in [
            "What it does",
            "Why it is bad",
            "Example",
            "Use instead",
            "Source",
        ] {
            assert!(
                !rule.section(heading).is_empty(),
                "{}: {heading}",
                rule.code
            );
        }
        assert!(!rule.versions.is_empty(), "{}", rule.code);
        assert_eq!(
            Rule::find(rule.name).map(|found| found.code),
            Some(rule.code)
        );
    }
}

#[test]
fn every_file_of_the_folder_is_a_rule_of_the_table() {
    let listed: BTreeSet<String> = RULES
        .iter()
        .map(|rule| rule.name.replace('-', "_"))
        .collect();
    let files = |folder: &Path, end: &str| -> BTreeSet<String> {
        fs::read_dir(folder)
            .expect("the folder can be listed")
            .flatten()
            .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(end)?.to_owned()))
            .filter(|name| name != "mod")
            .collect()
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let families = fs::read_dir(root.join("src/lint/rules")).expect("the folder can be listed");
    let rules: BTreeSet<String> = families
        .flatten()
        .filter(|family| family.path().is_dir())
        .flat_map(|family| files(&family.path(), ".rs"))
        .collect();
    assert_eq!(rules, listed);
    assert_eq!(files(&root.join("fixtures/lint"), ".txt"), listed);
}

#[test]
fn one_page_reads_well() {
    let rule = Rule::find("RES004").expect("the rule is there");
    insta::assert_snapshot!(rule.page());
}

#[test]
fn the_example_modules_are_clean() {
    for name in ["acme-orders", "acme-invoices", "acme-catalog"] {
        let set = fixture(name);
        let linted = lint(&set, &Options::default());
        let said: Vec<String> = linted
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.rule.code, finding.diagnostic.message))
            .collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
    }
}

#[test]
fn a_comment_in_a_file_allows_a_rule_there() {
    let text = "<!-- magespec-allow URL001, INT018: the app is in the same rack -->\n<config><integration name=\"Acme\"><email>it@acme-demo.com</email><endpoint_url>http://acme-demo.com</endpoint_url></integration></config>";
    let with = ModuleSet::read(&crate::spec::modules::folders::files(&[(
        "etc/integration.xml",
        text,
    )]));
    let without = ModuleSet::read(&crate::spec::modules::folders::files(&[(
        "etc/integration.xml",
        &text.replace("magespec-allow", "we allow"),
    )]));
    let codes = |set: &ModuleSet| -> BTreeSet<&str> {
        lint(set, &Options::default())
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .collect()
    };
    let (with, without) = (codes(&with), codes(&without));
    assert_eq!(
        without.difference(&with).copied().collect::<Vec<_>>(),
        ["INT018", "URL001"]
    );
}

#[test]
fn a_broken_file_makes_no_claims_about_what_it_would_have_declared() {
    let contact = "<integrations><integration name=\"Acme\"><email>it@acme-demo.com</email></integration></integrations>";
    let list = "<integrations><integration name=\"Acme\"><resources><resource name=\"Acme_Demo::a\"/></resources></integration></integrations>";
    let no_email = "<integrations><integration name=\"Acme\"/></integrations>";
    let module = (
        "etc/module.xml",
        "<config><module name=\"Acme_Demo\"/></config>",
    );
    for (config, api, acl) in [
        ("<integrations>", list, "<config>"),
        (contact, "<integrations>", "<config>"),
        (no_email, list, "<config>"),
    ] {
        let set = ModuleSet::read(&crate::spec::modules::folders::files(&[
            module,
            ("etc/integration/config.xml", config),
            ("etc/integration/api.xml", api),
            ("etc/acl.xml", acl),
        ]));
        let linted = lint(&set, &Options::default());
        for code in ["INT013", "INT014", "RES001", "RES002"] {
            assert!(
                linted
                    .findings
                    .iter()
                    .all(|finding| finding.rule.code != code),
                "{code} with {config} {api}"
            );
        }
    }
}

#[test]
fn calls_name_routes_in_any_usual_spelling() {
    let calls = Call::parse_all(
        "# what the app does\nGET /V1/orders/:id\nget https://shop.test/rest/default/V1/orders/7?fields=items\nPOST /rest/V1/order/7/ship\n",
    )
    .expect("these are calls");
    let paths: Vec<&str> = calls.iter().map(|call| call.path.as_str()).collect();
    assert_eq!(
        paths,
        ["/V1/orders/:id", "/V1/orders/7", "/V1/order/7/ship"]
    );
    let linted = lint(
        &fixture("acme-orders"),
        &Options {
            calls: Some(calls),
            ..Options::default()
        },
    );
    assert_eq!(
        linted.needed.as_deref(),
        Some(
            [
                "Magento_Sales::actions_view".to_owned(),
                "Magento_Sales::ship".to_owned()
            ]
            .as_slice()
        )
    );
    let fault = Call::parse_all("GET /V1/orders\nnonsense\n").expect_err("the second line is none");
    assert_eq!(fault.line, 2);
}

#[test]
fn rules_are_chosen_by_code_name_or_the_beginning_of_a_code() {
    let set = ModuleSet::read(&crate::spec::modules::folders::files(&[
        (
            "etc/module.xml",
            "<config><module name=\"Acme_Demo\"/></config>",
        ),
        (
            "etc/integration.xml",
            "<config><integration name=\"A1\"><email>Email</email><resources><resource name=\"Foo_Bar::x\"/><resource name=\"Magento_Sales::reorder\"/></resources></integration></config>",
        ),
    ]));
    let codes = |select: &[&str], ignore: &[&str]| -> Vec<&str> {
        let parse = |list: &[&str]| {
            list.iter()
                .map(|text| text.parse().expect("it names a rule"))
                .collect()
        };
        let options = Options {
            selection: Selection {
                select: parse(select),
                ignore: parse(ignore),
            },
            ..Options::default()
        };
        let mut codes: Vec<&str> = lint(&set, &options)
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .collect();
        codes.sort_unstable();
        codes
    };
    assert_eq!(
        codes(&[], &[]),
        ["INT005", "MOD010", "RES001", "RES005", "RES016", "XML010"]
    );
    assert_eq!(codes(&["res"], &["RES01"]), ["RES001", "RES005"]);
    assert_eq!(
        codes(&["unknown-resource", "XML"], &[]),
        ["RES001", "XML010"]
    );
    assert_eq!(codes(&["RES001"], &["RES001"]), [""; 0]);
    for wrong in ["", " ", "RES999", "unknown", "RES0011", "É"] {
        assert!(wrong.parse::<Selector>().is_err(), "{wrong}");
    }
}

#[test]
fn a_value_of_the_wrong_type_in_composer_json_is_told_once() {
    let whole = r#"{"name": "acme/module-demo", "type": "magento2-module", "license": "MIT", "require": {"php": ">=8.1", "magento/framework": "*"}, "autoload": {"files": ["registration.php"], "psr-4": {"Acme\\Demo\\": ""}}}"#;
    for (written, instead) in [
        (whole, "[]"),
        ("\"acme/module-demo\"", "{}"),
        ("\"magento2-module\"", "null"),
        ("\"MIT\"", "1"),
        ("\"*\"", "2"),
        ("{\"php\": \">=8.1\", \"magento/framework\": \"*\"}", "[]"),
        ("[\"registration.php\"]", "\"registration.php\""),
        ("\"registration.php\"", "true"),
        ("{\"Acme\\\\Demo\\\\\": \"\"}", "\"Acme\""),
        ("\"autoload\": {", "\"autoload\": [], \"other\": {"),
    ] {
        let composer = whole.replace(written, instead);
        assert_ne!(composer, whole, "{written}");
        let set = ModuleSet::read(&crate::spec::modules::folders::files(&[(
            "composer.json",
            &composer,
        )]));
        let codes: Vec<&str> = lint(&set, &Options::default())
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .filter(|code| code.starts_with("CMP"))
            .collect();
        assert_eq!(codes, ["CMP012"], "{instead} for {written}");
    }
}
