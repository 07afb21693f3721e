//! Every requirement has its paragraph in the handbook. The ledger is the source; the paragraphs are written from it with
//! `MAGESPEC_WRITE_DOCS=1 cargo test --test spec handbook`.

use std::fmt::Write as _;
use std::fs;

use magespec::conformance::Ledger;

use super::{files, name, root, text};
use crate::cases::CATALOGUE;

const BEGIN: &str = "<!-- requirements, written from suites/requirements by MAGESPEC_WRITE_DOCS=1 cargo test --test spec handbook -->\n";
const END: &str = "<!-- /requirements -->\n";

/// The section of a page, markers included; empty when the page has no requirement.
fn section(page: &str, ledger: &Ledger) -> String {
    let rows: Vec<_> = ledger
        .requirements
        .iter()
        .filter(|row| row.page == page)
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut section = format!("{BEGIN}## Requirements\n");
    for row in rows {
        let shown = match &row.uncovered {
            Some(reason) => format!("; no case: {reason}"),
            None => String::new(),
        };
        let _ = write!(
            section,
            "\n<a id=\"{id}\"></a>**{id}.** {text} *{level}; {source}{shown}*\n",
            id = row.id,
            text = row.text,
            level = row.level,
            source = row.source,
        );
    }
    section.push_str(END);
    section
}

/// The page with its section as it should be.
fn rewritten(page: &str, old: &str, ledger: &Ledger) -> String {
    let section = section(page, ledger);
    let before = old.split(BEGIN).next().unwrap_or_default().trim_end();
    let after = old.split(END).nth(1).unwrap_or_default();
    if section.is_empty() {
        return format!("{before}\n{after}");
    }
    format!("{before}\n\n{section}{after}")
}

#[test]
fn every_requirement_has_its_paragraph() {
    let ledger = Ledger::parse(CATALOGUE.requirements).expect("the ledgers are TOML");
    let pages = files(&root().join("docs/protocol"), "md");
    let known: Vec<String> = pages
        .iter()
        .filter_map(|page| Some(page.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    for row in &ledger.requirements {
        assert!(
            known.contains(&row.page) && row.page != "README",
            "requirement `{}` has the page `{}`; give it one of docs/protocol: {}",
            row.id,
            row.page,
            known.join(", ")
        );
    }
    let write = std::env::var_os("MAGESPEC_WRITE_DOCS").is_some();
    let mut stale = Vec::new();
    for (path, page) in pages.iter().zip(&known) {
        let old = text(path);
        let new = rewritten(page, &old, &ledger);
        if old == new {
            continue;
        }
        if write {
            fs::write(path, new).expect("the page can be written");
        } else {
            stale.push(name(path));
        }
    }
    assert!(
        stale.is_empty(),
        "run `MAGESPEC_WRITE_DOCS=1 cargo test --test spec handbook`: the ledger says something else than {stale:?}"
    );
}
