//! `magespec explain ID`: one page on a case, requirement, lint rule, defect, sentence, profile, a part of the handbook, or on all profiles; with `--all`
//! every page as a static site.

mod guides;
mod profiles;
mod site;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::app;
use crate::conformance::{Case, Catalogue, Ledger, Requirement};
use crate::doctor::{Mistake, sentence};
use crate::lint::Rule;
use crate::oauth::PROFILES;
use crate::store::{Defect, PANEL_SENTENCES};
use crate::text::did_you_mean;

use super::output::{Format, say, show};
use super::{Exit, Failure, list};

/// Explain a case, a requirement, a lint rule, a defect, a mistake, an error sentence, a profile or a heading of the documentation.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec explain profiles\n  magespec explain magento-2.4.9\n  magespec explain handshake/request-token\n  magespec explain M16\n  magespec explain RES004\n  magespec explain mistake/query-not-signed\n  magespec explain store/nonce-not-remembered\n  magespec explain 'The signature is invalid. Verify and try again.'\n  magespec explain 'Timestamp and nonce'\n  magespec explain --all --out site"
)]
pub(super) struct Args {
    /// What to explain: an id from `magespec list`, a sentence of a store or a part of one, a profile, `profiles`, or a page or heading of the
    /// documentation
    #[arg(required_unless_present = "all")]
    id: Option<String>,
    /// Write every page, and the guides, as a static site with search
    #[arg(
        long,
        requires = "out",
        conflicts_with = "id",
        env = "MAGESPEC_EXPLAIN_ALL"
    )]
    all: bool,
    /// Folder that gets the site, as Markdown and HTML; made when there is none
    #[arg(
        long,
        requires = "all",
        value_name = "DIR",
        env = "MAGESPEC_EXPLAIN_OUT"
    )]
    out: Option<PathBuf>,
    /// How the page is printed
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

pub(super) fn run(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let cases = catalogue.all_cases();
    let ledger = Ledger::parse(catalogue.requirements).map_err(|error| {
        Failure::new(Exit::Harness, format_args!("the ledger is broken: {error}"))
    })?;
    let asked = match (&args.id, &args.out) {
        (Some(id), _) => id.as_str(),
        (None, Some(folder)) => {
            let pages = site::build(folder, catalogue, &ledger)?;
            match args.format {
                Format::Pretty => say(format_args!(
                    "wrote {pages} pages to `{0}`; open {0}/index.html",
                    folder.display()
                )),
                Format::Json => say(json!({"schema": "magespec-explain/1", "pages": pages})),
            }
            return Ok(Exit::Success);
        }
        (None, None) => return Err(Failure::usage("say what to explain, or --all --out DIR")),
    };
    let renamed = catalogue.renamed(asked);
    if let Some(new) = renamed {
        anstream::eprintln!("note: the case `{asked}` is now `{new}`");
    }
    let id = renamed.unwrap_or(asked);
    let page = page(id, &cases, &ledger).ok_or_else(|| {
        Failure::usage(format_args!(
            "nothing has the id `{asked}`{}; `magespec list` prints every id",
            meant(asked, catalogue, &ledger)
        ))
    })?;
    match args.format {
        Format::Pretty => show(page),
        Format::Json => say(format_args!("{:#}", document(id, &page, &cases, &ledger))),
    }
    Ok(Exit::Success)
}

/// The page as JSON; what a case or a requirement is made of stands apart as well.
fn document(id: &str, page: &str, cases: &[Case], ledger: &Ledger) -> Value {
    let mut document = json!({"schema": "magespec-explain/1", "id": id, "page": page});
    if let Some(case) = cases.iter().find(|case| case.id == id) {
        let needs: Vec<&str> = case.needs.iter().map(|need| need.name()).collect();
        document["case"] = json!({
            "title": case.title,
            "level": case.level.name(),
            "evidence": case.evidence.to_string(),
            "needs": needs,
            "requirements": case.covers,
        });
    } else if let Some(row) = ledger.find(id) {
        let covering = ledger.cases_of(id, cases);
        let covering: Vec<&str> = covering.iter().map(|case| case.id).collect();
        document["requirement"] = json!({
            "text": row.text,
            "source": row.source,
            "handbook": row.place(),
            "level": row.level,
            "cases": covering,
            "uncovered": row.uncovered,
        });
    }
    document
}

fn page(id: &str, cases: &[Case], ledger: &Ledger) -> Option<String> {
    if id == "profiles" {
        return Some(profiles::page());
    }
    if let Some(page) = profiles::page_of(id) {
        return Some(page);
    }
    if let Some(case) = cases.iter().find(|case| case.id == id) {
        return Some(case_page(case, ledger));
    }
    if let Some(row) = ledger.find(id) {
        return Some(requirement_page(row, &ledger.cases_of(id, cases)));
    }
    if let Some(rule) = Rule::find(id) {
        return Some(rule.page());
    }
    if let Some(defect) = Defect::find(id) {
        return Some(defect.page());
    }
    if let Some(defect) = app::Defect::find(id) {
        return Some(defect.page());
    }
    if let Some(mistake) = Mistake::find(id) {
        return Some(mistake.page());
    }
    if let Some(sentence) = sentence::sentences().find(|sentence| sentence.id == id) {
        return Some(sentence.page());
    }
    if let Some((id, text)) = PANEL_SENTENCES.iter().find(|(known, _)| *known == id) {
        return Some(format!("{id}  {text}\n  said by the admin panel\n"));
    }
    if let Some(page) = guides::find(id) {
        return Some(page);
    }
    let found = sentence::find(id);
    let pages: Vec<String> = found.iter().map(|sentence| sentence.page()).collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// What a wrong id was most likely meant to be, for a message.
fn meant(id: &str, catalogue: &Catalogue, ledger: &Ledger) -> String {
    let mut known = guides::names();
    for kind in list::KINDS {
        let rows = list::rows(kind, catalogue, ledger);
        known.extend(rows.into_iter().map(|(id, _)| id));
    }
    let profiles = PROFILES.iter().map(|profile| profile.name);
    did_you_mean(id, profiles.chain(known.iter().map(String::as_str)))
}

fn case_page(case: &Case, ledger: &Ledger) -> String {
    let mut page = format!("{}\n  {}\n\n", case.id, case.title);
    let needs: Vec<&str> = case.needs.iter().map(|need| need.name()).collect();
    let _ = writeln!(page, "  level     {}", case.level.name());
    let _ = writeln!(page, "  evidence  {}", case.evidence);
    let _ = writeln!(page, "  needs     {}\n", needs.join(", "));
    for id in case.covers {
        let text = ledger.find(id).map_or("", |row| row.text.as_str());
        let _ = writeln!(page, "  {id}\n    {text}");
    }
    page.push('\n');
    for line in case.doc.lines().map_while(|line| line.strip_prefix("//!")) {
        let _ = writeln!(page, "{}", line.strip_prefix(' ').unwrap_or(line));
    }
    page
}

fn requirement_page(row: &Requirement, cases: &[&Case]) -> String {
    let mut page = format!("{}\n  {}\n\n", row.id, row.text);
    let _ = writeln!(
        page,
        "  source    {}\n  level     {}",
        row.source, row.level
    );
    let _ = writeln!(page, "  handbook  {}\n", row.place());
    for case in cases {
        let _ = writeln!(page, "  {:<50} {}", case.id, case.title);
    }
    if let Some(reason) = &row.uncovered {
        let _ = writeln!(page, "  no case: {reason}");
    }
    page
}
