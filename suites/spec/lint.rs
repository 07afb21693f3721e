//! The linter: every rule finds its fault and nothing else in the repaired file; formats, repairs, baseline and calls.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use magespec::diagnostic::{Look, Severity, render};
use magespec::lint::baseline::{Baseline, Fault};
use magespec::lint::fix::{apply, difference};
use magespec::lint::{
    Call, Finding, Linted, Options, RULES, Rule, Selection, Selector, format, lint, sarif,
};
use magespec::module::{ModuleSet, SourceFile};

use super::modules::fixture;

/// The `bad` or `good` part of a rule's fixture, as files and calls.
fn part(rule: &Rule, which: &str) -> (ModuleSet, Options) {
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

fn of_rule<'linted>(linted: &'linted Linted, rule: &Rule) -> Vec<&'linted Finding> {
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
    let files = |folder: &str, end: &str| -> BTreeSet<String> {
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
            .expect("the folder can be listed")
            .flatten()
            .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(end)?.to_owned()))
            .filter(|name| name != "mod")
            .collect()
    };
    assert_eq!(files("src/lint/rules", ".rs"), listed);
    assert_eq!(files("fixtures/lint", ".txt"), listed);
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
fn repairs_leave_every_other_byte_alone_and_hold() {
    for rule in RULES {
        let (set, options) = part(rule, "bad");
        let linted = lint(&set, &options);
        for (id, source) in set.sources.iter() {
            let fixes: Vec<_> = of_rule(&linted, rule)
                .into_iter()
                .filter_map(|finding| finding.fix.as_ref())
                .filter(|fix| fix.source == id)
                .collect();
            if fixes.is_empty() {
                continue;
            }
            let repaired = apply(&source.text, fixes.iter().copied());
            let kept: usize = fixes.iter().map(|fix| fix.span.len()).sum();
            let added: usize = fixes.iter().map(|fix| fix.replacement.len()).sum();
            assert_eq!(
                repaired.len(),
                source.text.len() - kept + added,
                "{}",
                rule.code
            );
            let again: Vec<SourceFile> = set
                .sources
                .iter()
                .map(|(other, text)| SourceFile {
                    path: text.path.to_string(),
                    bytes: if other == id {
                        repaired.clone()
                    } else {
                        text.text.to_string()
                    }
                    .into_bytes(),
                })
                .collect();
            let relinted = lint(&ModuleSet::read(&again), &options);
            assert!(
                of_rule(&relinted, rule).is_empty(),
                "{} is not repaired",
                rule.code
            );
        }
    }
}

#[test]
fn missing_parents_are_added_in_tree_order_with_the_same_indentation() {
    let rule = Rule::find("missing-parents-in-api").expect("the rule is there");
    let (set, options) = part(rule, "bad");
    let linted = lint(&set, &options);
    let finding = of_rule(&linted, rule)[0];
    let source = set
        .sources
        .get(finding.diagnostic.source)
        .expect("the file is there");
    let fixed = apply(&source.text, finding.fix.as_ref());
    insta::assert_snapshot!(difference(&source.path, &source.text, &fixed));
}

#[test]
fn a_comment_in_a_file_allows_a_rule_there() {
    let text = "<!-- magespec-allow URL001, INT018: the app is in the same rack -->\n<config><integration name=\"Acme\"><email>it@acme-demo.com</email><endpoint_url>http://acme-demo.com</endpoint_url></integration></config>";
    let with = ModuleSet::read(&super::modules::files(&[("etc/integration.xml", text)]));
    let without = ModuleSet::read(&super::modules::files(&[(
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
        let set = ModuleSet::read(&super::modules::files(&[
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
fn machine_formats_tell_the_same_findings() {
    let rule = Rule::find("ACL002").expect("the rule is there");
    let (set, options) = part(rule, "bad");
    let linted = lint(&set, &options);
    let json: serde_json::Value =
        serde_json::from_str(&format::json(&linted, &set.sources)).expect("it is JSON");
    assert_eq!(json["schema"], "magespec-lint/1");
    assert_eq!(json["summary"]["error"], linted.count(Severity::Error));
    let first = &json["findings"][0];
    for key in [
        "code",
        "name",
        "severity",
        "file",
        "line",
        "column",
        "end_column",
        "message",
        "help",
        "fixable",
        "versions",
    ] {
        assert!(!first[key].is_null(), "{key}");
    }
    let sarif: serde_json::Value =
        serde_json::from_str(&sarif::sarif(&linted, &set.sources)).expect("it is JSON");
    let results = sarif["runs"][0]["results"]
        .as_array()
        .expect("there are results");
    assert_eq!(results.len(), linted.findings.len());
    let github = format::github(&linted, &set.sources);
    assert_eq!(github.lines().count(), linted.findings.len());
    insta::assert_snapshot!(format!(
        "{}\n{github}",
        format::pretty(&linted, &set.sources, Look::Plain)
    ));
}

#[test]
fn a_baseline_takes_out_what_it_expects_and_fails_when_stale_or_expired() {
    let rule = Rule::find("ACL002").expect("the rule is there");
    let (set, options) = part(rule, "bad");
    let linted = lint(&set, &options);
    let text = Baseline::default().updated(&linted, &set.sources);
    let baseline = Baseline::parse(&text).expect("what is written can be read");
    let mut rest = linted.clone();
    assert_eq!(
        baseline.apply(&mut rest, &set.sources, "2026-11-24"),
        Ok(())
    );
    assert!(rest.findings.is_empty());
    let stale = baseline
        .apply(&mut rest, &set.sources, "2026-11-24")
        .expect_err("nothing is left to match");
    assert!(matches!(stale[0], Fault::Stale { .. }));
    let expiring = Baseline::parse(&text.replace("reason", "expires = \"2026-01-01\"\nreason"))
        .expect("it can be read");
    let mut again = linted.clone();
    let expired = expiring
        .apply(&mut again, &set.sources, "2026-11-24")
        .expect_err("the entry has run out");
    assert!(matches!(expired[0], Fault::Expired { .. }));
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
    let set = ModuleSet::read(&super::modules::files(&[
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
fn findings_behind_the_limit_are_counted_in_every_format() {
    let list: Vec<String> = (0..25)
        .map(|number| format!("<resource name=\"Foo_Bar::x{number}\"/>"))
        .collect();
    let list = format!(
        "<config><integration name=\"A1\"><email>a@b.co</email><resources>{}</resources></integration></config>",
        list.concat()
    );
    let set = ModuleSet::read(&super::modules::files(&[("etc/integration.xml", &list)]));
    let options = Options {
        limit: Some(10),
        selection: Selection {
            select: vec!["RES001".parse().expect("it is a rule")],
            ..Selection::default()
        },
        ..Options::default()
    };
    let linted = lint(&set, &options);
    assert_eq!(
        (linted.findings.len(), linted.count(Severity::Warning)),
        (10, 25)
    );
    let rest = "15 more of RES001 in `etc/integration.xml` are not listed";
    let pretty = format::pretty(&linted, &set.sources, Look::Plain);
    assert!(
        pretty.contains(rest) && pretty.contains("25 warnings"),
        "{pretty}"
    );
    assert!(format::github(&linted, &set.sources).contains(rest));
    assert!(sarif::sarif(&linted, &set.sources).contains(rest));
    let json: serde_json::Value =
        serde_json::from_str(&format::json(&linted, &set.sources)).expect("it is JSON");
    assert_eq!(json["unlisted"][0]["count"], 15);
    assert_eq!(json["summary"]["warning"], 25);
}

#[test]
fn sarif_points_in_units_of_utf_16_at_relative_files_and_by_index_at_rules() {
    let set = ModuleSet::read(&super::modules::files(&[
        (
            "./a b/etc/integration.xml",
            "<config><integration name=\"\u{1F600}\u{E4}\"><email>Email</email></integration></config>",
        ),
        (
            "/abs/etc/module.xml",
            "<config><module name=\"acme\"/></config>",
        ),
    ]));
    let linted = lint(&set, &Options::default());
    let sarif: serde_json::Value =
        serde_json::from_str(&sarif::sarif(&linted, &set.sources)).expect("it is JSON");
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("it is small")];
        assert_eq!(rule["id"], result["ruleId"]);
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().expect("a text").is_empty());
        }
    }
    let place = |code: &str| {
        let found = results.iter().find(|result| result["ruleId"] == code);
        &found.expect("the rule finds it")["locations"][0]["physicalLocation"]
    };
    let email = place("INT005");
    assert_eq!(
        email["artifactLocation"]["uri"],
        "a%20b/etc/integration.xml"
    );
    // `<config><integration name="` is 27 letters, the name 3 units, `"><email>` 9.
    assert_eq!(email["region"]["startColumn"], 40);
    assert_eq!(email["region"]["endColumn"], 45);
    assert_eq!(
        place("MOD002")["artifactLocation"]["uri"],
        "file:///abs/etc/module.xml"
    );
}

#[test]
fn a_file_in_another_encoding_is_not_called_repairable() {
    let list = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><config><integration name=\"Acm\u{E9}\"><email> a@b.co </email></integration></config>";
    let latin1: Vec<u8> = list
        .chars()
        .map(|letter| u8::try_from(letter).expect("it is Latin-1"))
        .collect();
    let set = ModuleSet::read(&[SourceFile {
        path: "etc/integration.xml".to_owned(),
        bytes: latin1,
    }]);
    let linted = lint(&set, &Options::default());
    assert!(
        linted
            .findings
            .iter()
            .any(|finding| finding.rule.code == "INT019")
    );
    assert!(linted.findings.iter().all(|finding| finding.fix.is_none()));
}

#[test]
fn a_difference_can_be_applied_as_a_patch() {
    let text = difference(
        "m/a.xml",
        "one\r\ntwo\r\nthree",
        "one\r\nnew\r\ntwo\r\nthree",
    );
    assert_eq!(
        text,
        "--- m/a.xml\n+++ m/a.xml\n@@ -1,3 +1,4 @@\n one\r\n+new\r\n two\r\n three\n\\ No newline at end of file\n"
    );
}

#[test]
fn an_entry_of_a_baseline_has_a_reason_and_a_date_to_run_out_on() {
    let entry = |reason: &str, expires: &str| {
        Baseline::parse(&format!(
            "[[finding]]\ncode = \"ACL002\"\nfile = \"a\"\nmessage = \"m\"\nreason = \"{reason}\"\nexpires = \"{expires}\"\n"
        ))
    };
    assert!(entry("known", "2027-01-31").is_ok());
    for (reason, expires) in [
        ("  ", "2027-01-31"),
        ("known", "soon"),
        ("known", "2027-1-31"),
        ("known", "31-01-2027"),
        ("known", "2027-13-01"),
        ("known", "2027-01-00"),
        ("known", ""),
    ] {
        assert!(
            matches!(entry(reason, expires), Err(Fault::Form(_))),
            "{reason} {expires}"
        );
    }
}
