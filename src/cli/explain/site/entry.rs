//! What becomes a page: its title is what people search for.

use std::fmt::Write as _;

use crate::conformance::{Case, Catalogue, Check, Ledger, Requirement};
use crate::doctor::{Mistake, sentence};
use crate::lint::Rule;
use crate::oauth::Profile;

use super::super::super::list;
use super::super::guides::GUIDES;
use super::super::page;
use super::markdown::{cited, plain as titled_plainly};
use super::paths::file_of;

/// One page of the site.
pub(super) struct Entry {
    /// A kind of `list`, `profiles` or `guides`.
    pub(super) kind: &'static str,
    /// What `explain` knows it by.
    pub(super) id: String,
    /// In a window's title and in the results of a search.
    pub(super) title: String,
    /// Without the ending.
    pub(super) path: String,
    pub(super) markdown: String,
}

/// The heading of a list.
pub(super) fn heading(kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Every page, kind by kind, the guides last.
pub(super) fn entries(catalogue: &Catalogue, ledger: &Ledger) -> Vec<Entry> {
    let cases = catalogue.all_cases();
    let mut entries = Vec::new();
    for kind in list::KINDS {
        for (id, title) in list::rows(kind, catalogue, ledger) {
            let markdown =
                written(&id, &cases, ledger).unwrap_or_else(|| plain(&id, &title, &cases, ledger));
            entries.push(Entry {
                kind,
                path: format!("{kind}/{}", file_of(&id)),
                title: titled(kind, &id, &title),
                id,
                markdown,
            });
        }
    }
    for profile in Profile::every() {
        entries.push(Entry {
            kind: "profiles",
            id: profile.name.to_owned(),
            title: format!("{}: {}", profile.name, profile.summary),
            path: format!("profiles/{}", file_of(profile.name)),
            markdown: plain(profile.name, profile.name, &cases, ledger),
        });
    }
    entries.extend(GUIDES.iter().map(|guide| Entry {
        kind: "guides",
        id: guide.path.to_owned(),
        title: guide.title().to_owned(),
        path: guide.path.trim_end_matches(".md").to_owned(),
        markdown: guide.text.to_owned(),
    }));
    entries
}

fn titled(kind: &str, id: &str, title: &str) -> String {
    match (kind, Rule::find(id)) {
        ("rules", Some(rule)) => format!("{id} {}: {title}", rule.name),
        _ => title.to_owned(),
    }
}

/// The page of what is made of parts.
fn written(id: &str, cases: &[Case], ledger: &Ledger) -> Option<String> {
    if let Some(case) = cases.iter().find(|case| case.id == id) {
        return Some(of_case(case, ledger));
    }
    if let Some(row) = ledger.find(id) {
        return Some(of_requirement(row, &ledger.cases_of(id, cases)));
    }
    if let Some(rule) = Rule::find(id) {
        return Some(of_rule(rule));
    }
    if let Some(mistake) = Mistake::find(id) {
        return Some(of_mistake(mistake));
    }
    let found = sentence::sentences().find(|sentence| sentence.id == id)?;
    Some(of_sentence(found))
}

/// The page as `explain` prints it.
fn plain(id: &str, title: &str, cases: &[Case], ledger: &Ledger) -> String {
    let text = page(id, cases, ledger).unwrap_or_default();
    format!(
        "# {}\n\n```text\n{}\n```\n",
        titled_plainly(title),
        text.trim_end()
    )
}

fn of_case(case: &Case, ledger: &Ledger) -> String {
    let needs: Vec<&str> = case.needs.iter().map(|need| need.name()).collect();
    let needs = if needs.is_empty() {
        "nothing".to_owned()
    } else {
        needs.join(", ")
    };
    let mut text = format!("# {}\n\n`{}`\n\n", titled_plainly(case.title), case.id);
    let _ = write!(
        text,
        "| | |\n|---|---|\n| level | {} |\n| evidence | {} |\n| needs | {needs} |\n\n## Requirements\n\n",
        case.level.name(),
        case.evidence,
    );
    for id in case.covers {
        let sentence = ledger.find(id).map_or("", |row| row.text.as_str());
        let _ = writeln!(text, "- `{id}` {sentence}");
    }
    text.push_str("\n## What it is about\n\n");
    for line in case.doc.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        // The prose of the file begins with a heading of its own.
        let deeper = if line.starts_with('#') { "##" } else { "" };
        let _ = writeln!(text, "{deeper}{}", cited(line));
    }
    let command = match case.check {
        Check::Store(_) => "test",
        Check::App(_) => "test-app",
    };
    let _ = write!(
        text,
        "\n## Run it\n\n```sh\nmagespec {command} --only '{}' --verbose\n```\n",
        case.id
    );
    text
}

fn of_requirement(row: &Requirement, cases: &[&Case]) -> String {
    let mut text = format!(
        "# {}\n\n`{}`\n\n| | |\n|---|---|\n| level | {} |\n| source | {} |\n| handbook | [{}](../{}) |\n",
        row.text,
        row.id,
        row.level,
        row.source,
        row.page,
        row.place()
    );
    if !cases.is_empty() {
        text.push_str("\n## Cases\n\n");
    }
    for case in cases {
        let _ = writeln!(text, "- `{}` {}", case.id, case.title);
    }
    if let Some(reason) = &row.uncovered {
        let _ = writeln!(text, "\nNo case covers it: {reason}.");
    }
    text
}

fn of_rule(rule: &Rule) -> String {
    let mut text = format!(
        "# {} {}\n\n| | |\n|---|---|\n| severity | {} |\n| versions | {} |\n",
        rule.code,
        rule.name,
        rule.severity.name(),
        rule.versions
    );
    for line in rule.page().lines().skip(4) {
        match line.strip_prefix("  ") {
            Some(line) => {
                let _ = writeln!(text, "{}", cited(line));
            }
            None if line.is_empty() => text.push('\n'),
            None => {
                let _ = write!(text, "\n## {line}\n\n");
            }
        }
    }
    text
}

fn of_mistake(mistake: &Mistake) -> String {
    format!(
        "# {}\n\n`{}`\n\n{}\n\n| | |\n|---|---|\n| about | {} |\n| how it is told | {} |\n| seen | {} |\n",
        titled_plainly(mistake.statement),
        mistake.id,
        mistake.fix,
        mistake.family.name(),
        mistake.detection,
        mistake.seen
    )
}

fn of_sentence(sentence: &sentence::Sentence) -> String {
    let mut text = format!(
        "# {}\n\n`{}`, said by {}, status {}.\n\n{}\n\n## Causes, the likeliest first\n\n",
        titled_plainly(sentence.text),
        sentence.id,
        sentence.surface.name(),
        sentence.status,
        sentence.meaning
    );
    for (number, cause) in (1..).zip(sentence.causes) {
        let _ = writeln!(text, "{number}. {cause}");
    }
    text
}
