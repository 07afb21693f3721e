//! What `lint --fix` changes: no other byte, and nothing is left to repair.

use magespec::lint::fix::{apply, difference};
use magespec::lint::{Options, RULES, Rule, lint};
use magespec::module::{ModuleSet, SourceFile};

use crate::spec::lint::rules::{of_rule, part};

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
