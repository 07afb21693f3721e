//! How findings are told: the formats, the limit, and what a baseline takes out.

use magespec::diagnostic::{Look, Severity};
use magespec::lint::baseline::{Baseline, Fault};
use magespec::lint::{Linted, Options, Rule, Selection, format, lint, machines, sarif};
use magespec::module::{ModuleSet, SourceFile};

use crate::spec::lint::rules::part;

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
fn findings_behind_the_limit_are_counted_in_every_format() {
    let list: Vec<String> = (0..25)
        .map(|number| format!("<resource name=\"Foo_Bar::x{number}\"/>"))
        .collect();
    let list = format!(
        "<config><integration name=\"A1\"><email>a@b.co</email><resources>{}</resources></integration></config>",
        list.concat()
    );
    let set = ModuleSet::read(&crate::spec::modules::folders::files(&[(
        "etc/integration.xml",
        &list,
    )]));
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
    let set = ModuleSet::read(&crate::spec::modules::folders::files(&[
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

#[test]
fn two_findings_of_one_sentence_are_one_entry_of_a_baseline_that_holds() {
    let route = "<route url=\"/V1/x\" method=\"GET\" nope=\"1\"/>";
    let set = ModuleSet::read(&[SourceFile {
        path: "m/etc/webapi.xml".to_owned(),
        bytes: format!("<routes>{route}{route}</routes>").into_bytes(),
    }]);
    let mut linted = lint(&set, &Options::default());
    let of_rule = |linted: &Linted| {
        let codes = linted.findings.iter().map(|finding| finding.rule.code);
        codes.filter(|code| *code == "XML005").count()
    };
    assert_eq!(of_rule(&linted), 2);
    let text = Baseline::default().updated(&linted, &set.sources);
    assert_eq!(text.matches("XML005").count(), 1);
    let baseline = Baseline::parse(&text).expect("what is written can be read");
    let applied = baseline.apply(&mut linted, &set.sources, "2026-11-28");
    assert_eq!(applied, Ok(()));
    assert_eq!(linted.findings.len(), 0);
}

#[test]
fn the_formats_of_other_programs_are_what_they_read() {
    let rule = Rule::find("XML010").expect("the rule is there");
    let (set, options) = part(rule, "bad");
    let linted = lint(&set, &options);
    assert!(!linted.findings.is_empty());
    let concise = machines::concise(&linted, &set.sources);
    assert_eq!(concise.lines().count(), linted.findings.len() + 1);
    let statistics = machines::statistics(&linted);
    assert!(statistics.contains("XML010  warning"), "{statistics}");

    let gitlab: serde_json::Value =
        serde_json::from_str(&machines::gitlab(&linted, &set.sources)).expect("it is JSON");
    let issues = gitlab.as_array().expect("a list");
    assert_eq!(issues.len(), linted.findings.len());
    let fingerprints: std::collections::BTreeSet<&str> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str().expect("a fingerprint"))
        .collect();
    assert_eq!(fingerprints.len(), issues.len(), "each issue is one");
    assert!(issues[0]["location"]["lines"]["begin"].is_u64());

    let checkstyle = machines::checkstyle(&linted, &set.sources);
    let document = roxmltree::Document::parse(&checkstyle).expect("it is XML");
    let errors = document
        .descendants()
        .filter(|node| node.has_tag_name("error"));
    assert_eq!(errors.count(), linted.findings.len());

    let sarif: serde_json::Value =
        serde_json::from_str(&sarif::sarif(&linted, &set.sources)).expect("it is JSON");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.iter().all(|rule| {
        rule["helpUri"]
            .as_str()
            .is_some_and(|uri| uri.starts_with("https://"))
    }));
    let fixed = run["results"]
        .as_array()
        .expect("results")
        .iter()
        .find(|result| !result["fixes"].is_null());
    let replacement =
        &fixed.expect("one can be repaired")["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert!(
        replacement["insertedContent"]["text"]
            .as_str()
            .is_some_and(|text| text.contains("xmlns:xsi"))
    );
    let region = &replacement["deletedRegion"];
    assert_eq!(
        region["startColumn"], region["endColumn"],
        "nothing is deleted"
    );
}
