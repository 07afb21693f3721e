//! `magespec list`: every case, requirement, lint rule, defect, mistake and sentence with its id.

use serde_json::{Value, json};

use crate::app;
use crate::conformance::{Catalogue, Ledger};
use crate::doctor::{mistakes, sentence};
use crate::lint::RULES;
use crate::oauth::SENTENCES;
use crate::store::{PANEL_SENTENCES, defects};
use crate::text::did_you_mean;

use super::output::{Format, say, show};
use super::{Exit, Failure};

/// List cases, requirements, lint rules, defects, mistakes and error sentences.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec list\n  magespec list requirements\n  magespec list --format json"
)]
pub(super) struct Args {
    /// Only this kind: cases, requirements, rules, defects, mistakes, sentences
    kind: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

/// The kinds, in the order of the JSON.
pub(super) const KINDS: [&str; 6] = [
    "cases",
    "requirements",
    "rules",
    "defects",
    "mistakes",
    "sentences",
];

pub(super) fn run(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    if let Some(kind) = &args.kind
        && !KINDS.contains(&kind.as_str())
    {
        return Err(Failure::usage(format_args!(
            "there is no kind `{kind}`{}; choose one of {}",
            did_you_mean(kind, KINDS),
            KINDS.join(", ")
        )));
    }
    let ledger = Ledger::parse(catalogue.requirements).map_err(|error| {
        Failure::new(Exit::Harness, format_args!("the ledger is broken: {error}"))
    })?;
    let wanted = |kind: &str| args.kind.as_deref().is_none_or(|only| only == kind);
    let mut listed = json!({"schema": "magespec-list/1"});
    for kind in KINDS {
        let rows = if wanted(kind) {
            rows(kind, catalogue, &ledger)
        } else {
            Vec::new()
        };
        if args.format == Format::Pretty {
            for (id, title) in &rows {
                show(format_args!("{id:<50} {title}\n"));
            }
        }
        let objects: Value = rows
            .into_iter()
            .map(|(id, title)| json!({"id": id, "title": title}))
            .collect();
        listed[kind] = objects;
    }
    if args.format == Format::Json {
        say(format_args!("{listed:#}"));
    }
    Ok(Exit::Success)
}

/// Id and title of everything of a kind.
pub(super) fn rows(kind: &str, catalogue: &Catalogue, ledger: &Ledger) -> Vec<(String, String)> {
    match kind {
        "cases" => catalogue
            .all_cases()
            .iter()
            .map(|case| (case.id.to_owned(), case.title.to_owned()))
            .collect(),
        "rules" => RULES
            .iter()
            .map(|rule| (rule.code.to_owned(), rule.title()))
            .collect(),
        "requirements" => ledger
            .requirements
            .iter()
            .map(|row| (row.id.clone(), row.text.clone()))
            .collect(),
        "sentences" => SENTENCES
            .iter()
            .map(|sentence| (sentence.id, sentence.template))
            .chain(PANEL_SENTENCES.iter().copied())
            .chain(
                sentence::sentences()
                    .filter(|sentence| {
                        let known = |id: &str| id == sentence.id;
                        !SENTENCES.iter().any(|one| known(one.id))
                            && !PANEL_SENTENCES.iter().any(|(id, _)| known(id))
                    })
                    .map(|sentence| (sentence.id, sentence.text)),
            )
            .map(|(id, text)| (id.to_owned(), text.to_owned()))
            .collect(),
        "defects" => defects()
            .map(|defect| (defect.id, defect.statement))
            .chain(app::defects().map(|defect| (defect.id, defect.statement)))
            .map(|(id, statement)| (id.to_owned(), statement.to_owned()))
            .collect(),
        "mistakes" => mistakes()
            .map(|mistake| (mistake.id.to_owned(), mistake.statement.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}
