//! `magespec explain --all --out DIR`: everything that `explain` knows and every guide, as a static site in Markdown and HTML. It needs no
//! server and fetches nothing; the search is a script over a list that stands in a file beside it.

mod entry;
mod markdown;
mod paths;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use askama::Template;
use serde_json::json;

use crate::conformance::{Catalogue, Ledger};

use self::entry::{Entry, entries};
use self::paths::up;
use super::super::output::unwritable;
use super::super::{Failure, list};
use super::guides::GUIDES;

#[derive(Template)]
#[template(path = "cli/explain/templates/page.html")]
struct Page<'a> {
    title: &'a str,
    /// How the root is reached from the page.
    root: String,
    /// In HTML.
    body: String,
    /// Each kind, and whether the page is of it.
    kinds: Vec<(&'static str, bool)>,
    guides: bool,
}

#[derive(Template)]
#[template(path = "cli/explain/templates/start.html")]
struct Start<'a> {
    kinds: &'a [(&'static str, usize)],
    guides: Vec<(&'a str, String)>,
    handbook: Vec<(&'a str, String)>,
}

fn write(folder: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let file = folder.join(path);
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&file, text))
        .map_err(|error| unwritable("the page", &file, &error))
}

/// The kinds that have pages, and which of them is `current`.
fn kinds(entries: &[Entry], current: &str) -> Vec<(&'static str, bool)> {
    list::KINDS
        .into_iter()
        .filter(|kind| entries.iter().any(|entry| entry.kind == *kind))
        .map(|kind| (kind, kind == current))
        .collect()
}

/// Writes the site and gives the number of its pages.
pub(super) fn build(
    folder: &Path,
    catalogue: &Catalogue,
    ledger: &Ledger,
) -> Result<usize, Failure> {
    let entries = entries(catalogue, ledger);
    let places: BTreeMap<&str, &str> = entries
        .iter()
        .filter(|entry| entry.kind != "guides")
        .map(|entry| (entry.id.as_str(), entry.path.as_str()))
        .collect();
    for entry in &entries {
        let page = Page {
            title: &entry.title,
            root: up(&entry.path),
            body: markdown::html(&entry.markdown, &entry.path, &places),
            kinds: kinds(&entries, entry.kind),
            guides: entry.kind == "guides",
        };
        let html = page.render().expect("writing to a text cannot fail");
        write(folder, &format!("{}.html", entry.path), &html)?;
        write(folder, &format!("{}.md", entry.path), &entry.markdown)?;
    }
    let mut counts = Vec::new();
    for kind in list::KINDS {
        let of_kind: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        counts.push((kind, of_kind.len()));
        contents(folder, kind, &of_kind, kinds(&entries, kind), &places)?;
    }
    start(folder, &counts)?;
    write(
        folder,
        "terminal.svg",
        include_str!("../../../../docs/terminal.svg"),
    )?;
    write(folder, "style.css", include_str!("../templates/style.css"))?;
    write(folder, "search.js", include_str!("../templates/search.js"))?;
    write(folder, "pages.js", &searched(&entries))?;
    Ok(entries.len() + counts.len() + 1)
}

/// The list of a kind.
fn contents(
    folder: &Path,
    kind: &str,
    entries: &[&Entry],
    kinds: Vec<(&'static str, bool)>,
    places: &BTreeMap<&str, &str>,
) -> Result<(), Failure> {
    let path = format!("{kind}/index");
    let mut text = format!("# {}\n\n", entry::heading(kind));
    for entry in entries {
        let file = entry.path.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(
            text,
            "- [{}]({file}.md) `{}`",
            markdown::plain(&entry.title),
            entry.id
        );
    }
    let page = Page {
        title: &entry::heading(kind),
        root: up(&path),
        body: markdown::html(&text, &path, places),
        kinds,
        guides: false,
    };
    let html = page.render().expect("writing to a text cannot fail");
    write(folder, &format!("{path}.html"), &html)?;
    write(folder, &format!("{path}.md"), &text)
}

fn start(folder: &Path, counts: &[(&'static str, usize)]) -> Result<(), Failure> {
    let part = |handbook: bool| {
        GUIDES
            .iter()
            .filter(|guide| guide.path.starts_with("docs/protocol/") == handbook)
            .map(|guide| {
                (
                    guide.title(),
                    format!("{}.html", guide.path.trim_end_matches(".md")),
                )
            })
            .collect::<Vec<_>>()
    };
    let page = Start {
        kinds: counts,
        guides: part(false),
        handbook: part(true),
    };
    let html = page.render().expect("writing to a text cannot fail");
    write(folder, "index.html", &html)
}

/// What the search looks through: kind, id, title, place and the beginning of the text of each page.
fn searched(entries: &[Entry]) -> String {
    const SHOWN: usize = 600;
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            let words: Vec<&str> = entry.markdown.split_whitespace().collect();
            let text: String = words.join(" ").chars().take(SHOWN).collect();
            json!([
                entry.kind,
                entry.id,
                entry.title,
                format!("{}.html", entry.path),
                text
            ])
        })
        .collect();
    // A text of the list must not end the script.
    let rows = json!(rows).to_string().replace("</", "<\\/");
    format!("const PAGES = {rows};\n")
}
