//! What the code, the ledger and the pages of `explain` cite is in this repository, or public.

use std::process::Command;

use magespec::conformance::Ledger;

use super::{anchors, files, name, root, text};
use crate::cases::CATALOGUE;

/// The places below `docs/` that a text names.
fn cited(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("docs/").filter_map(|(at, _)| {
        let before = line[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || "/_-.".contains(letter)) {
            return None;
        }
        let rest = &line[at..];
        let end = rest
            .find(|letter: char| !(letter.is_alphanumeric() || "/_-.#".contains(letter)))
            .unwrap_or(rest.len());
        let place = rest[..end].trim_end_matches('.');
        place.contains(".md").then_some(place)
    })
}

#[test]
fn every_citation_of_a_page_leads_to_a_heading() {
    let mut dangling = Vec::new();
    let mut count = 0;
    let sources = ["src", "suites", "benches", "examples", "fixtures"];
    for folder in sources {
        for ending in ["rs", "toml", "json", "html", "py", "js", "php"] {
            for path in files(&root().join(folder), ending) {
                let own = text(&path);
                for (number, line) in (1..).zip(own.lines()) {
                    for place in cited(line) {
                        count += 1;
                        let (file, anchor) = place.split_once('#').unwrap_or((place, ""));
                        let page = root().join(file);
                        if !page.exists() {
                            dangling.push(format!("{}:{number}: {place}", name(&path)));
                        } else if !anchor.is_empty()
                            && !anchors(&text(&page)).iter().any(|known| known == anchor)
                        {
                            dangling.push(format!(
                                "{}:{number}: {place}: no such heading",
                                name(&path)
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(count > 100, "the citations were not found: {count}");
    assert!(dangling.is_empty(), "{}", dangling.join("\n"));
}

/// A row of a private catalogue, such as two letters, a dash and two digits.
fn private(text: &str) -> Option<&str> {
    let mut words =
        text.split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '.'));
    let row = |word: &&str| {
        if *word == "obs" {
            return true;
        }
        word.split_once('-').is_some_and(|(table, number)| {
            (2..=3).contains(&table.len())
                && table.bytes().all(|byte| byte.is_ascii_uppercase())
                && number.len() == 2
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && !matches!(*word, "UTF-16" | "UTF-32")
                // The Common Weakness Enumeration is public.
                && table != "CWE"
        })
    };
    let found = words.find(row);
    found.or_else(|| elsewhere(text))
}

/// Pages that its founders worked from and that no reader can open.
const PAGES: [&str; 4] = ["oauth", "doctor", "apps", "clients"];

/// How others of them were cited.
const ELSEWHERE: [&str; 4] = ["spec config-acl", "spec measured", ", obs ", "DESIGN"];

/// What in a text no reader can open.
fn elsewhere(text: &str) -> Option<&'static str> {
    let page = PAGES
        .into_iter()
        .find(|page| text.contains(&format!("spec {page}.md")));
    page.or_else(|| ELSEWHERE.into_iter().find(|word| text.contains(word)))
}

#[test]
fn no_file_cites_what_is_not_here() {
    let mut found = Vec::new();
    let mut count = 0;
    let folders = ["src", "suites", "benches", "fixtures", "docs", "examples"];
    let endings = ["rs", "toml", "json", "tsv", "txt", "md", "py", "js"];
    for (folder, ending) in folders
        .iter()
        .flat_map(|folder| endings.map(|ending| (folder, ending)))
    {
        for path in files(&root().join(folder), ending) {
            // This file names them.
            if name(&path).ends_with("citations.rs") {
                continue;
            }
            count += 1;
            for (number, line) in (1..).zip(text(&path).lines()) {
                let cited = elsewhere(line);
                found.extend(cited.map(|word| format!("{}:{number}: {word}", name(&path))));
            }
        }
    }
    assert!(count > 500, "the files were not found: {count}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_that_a_user_sees_cites_what_is_not_here() {
    let ledger = Ledger::parse(CATALOGUE.requirements).expect("the ledgers are TOML");
    let mut found = Vec::new();
    for row in &ledger.requirements {
        for text in [
            &row.source,
            &row.text,
            row.uncovered.as_ref().unwrap_or(&row.text),
        ] {
            found.extend(private(text).map(|word| format!("{}: {word}", row.id)));
        }
    }
    for case in CATALOGUE.all_cases() {
        let prose: String = case
            .doc
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        for text in [prose.as_str(), case.title, &case.evidence.to_string()] {
            found.extend(private(text).map(|word| format!("{}: {word}", case.id)));
        }
    }
    let rules = magespec::lint::RULES
        .iter()
        .map(|rule| (rule.code, rule.page()));
    let mistakes = magespec::doctor::mistakes().map(|mistake| (mistake.id, mistake.page()));
    let sentences = magespec::doctor::sentence::sentences().map(|one| (one.id, one.page()));
    for (id, page) in rules.chain(mistakes).chain(sentences) {
        found.extend(private(&page).map(|word| format!("{id}: {word}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(private("as VN-14 says"), Some("VN-14"));
    assert_eq!(private("UTF-8, UTF-16 and 2.4.7-p3 of HMAC-SHA256"), None);
}

#[test]
fn explain_names_the_paragraph_of_a_requirement() {
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(["explain", "rfc5849-3.3-nonce-unique"])
        .output()
        .expect("it runs");
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(
        page.contains("docs/protocol/timestamp-nonce.md#rfc5849-3.3-nonce-unique"),
        "{page}"
    );
}
