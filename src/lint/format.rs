//! Findings as text for people, and for machines: pure functions of a run.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Finding, Linted, Unlisted};
use crate::diagnostic::{Look, Severity, Sources, render};
use crate::text::{LineColumn, annotation};

/// For people: every finding with its source line, and a summary.
#[must_use]
pub fn pretty(linted: &Linted, sources: &Sources, look: Look) -> String {
    let mut text = String::new();
    for finding in &linted.findings {
        let _ = writeln!(text, "{}\n", render(&finding.diagnostic, sources, look));
    }
    for rest in &linted.unlisted {
        let _ = writeln!(text, "{}\n", unlisted(rest, sources));
    }
    if let Some(needed) = &linted.needed {
        text.push_str(
            "the calls need exactly these resources (a list asks for their parents as well):\n",
        );
        for id in needed {
            let _ = writeln!(text, "  {id}");
        }
        text.push('\n');
    }
    text.push_str(&summary(linted));
    text
}

/// What is not listed, in one sentence.
pub(super) fn unlisted(rest: &Unlisted, sources: &Sources) -> String {
    format!(
        "{} more of {} in `{}` are not listed",
        rest.count,
        rest.rule.code,
        sources.path(rest.source)
    )
}

/// One line with the counts.
#[must_use]
pub fn summary(linted: &Linted) -> String {
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let modules = plural(linted.modules, "module");
    if linted.findings.is_empty() {
        return format!("{modules}: nothing found\n");
    }
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| plural(linted.count(severity), severity.name()))
        .collect();
    let fixable = linted
        .findings
        .iter()
        .filter(|finding| finding.safe_fix().is_some())
        .count();
    let all = linted
        .findings
        .iter()
        .filter(|finding| finding.fix.is_some())
        .count();
    let hint = match (fixable, all - fixable) {
        (0, 0) => String::new(),
        (count, 0) => format!(" ({count} can be repaired with --fix)"),
        (0, more) => {
            format!(" ({more} can be repaired with --unsafe-fixes, which lets the app do more)")
        }
        (count, more) => format!(
            " ({count} can be repaired with --fix, {more} more with --unsafe-fixes, which lets the app do more)"
        ),
    };
    format!("{modules}: {}{hint}\n", counts.join(", "))
}

pub(super) struct Place {
    pub(super) start: LineColumn,
    pub(super) end: LineColumn,
}

pub(super) fn place(finding: &Finding, sources: &Sources) -> Place {
    let at = |offset| {
        sources
            .get(finding.diagnostic.source)
            .map_or(LineColumn { line: 1, column: 1 }, |source| {
                source.position(offset)
            })
    };
    Place {
        start: at(finding.diagnostic.span.start()),
        end: at(finding.diagnostic.span.end()),
    }
}

/// `magespec-lint/1`.
#[must_use]
pub fn json(linted: &Linted, sources: &Sources) -> String {
    let findings: Vec<Value> = linted
        .findings
        .iter()
        .map(|finding| {
            let place = place(finding, sources);
            json!({
                "code": finding.rule.code,
                "name": finding.rule.name,
                "severity": finding.rule.severity.name(),
                "file": sources.path(finding.diagnostic.source),
                "line": place.start.line,
                "column": place.start.column,
                "end_column": place.end.column,
                "message": finding.diagnostic.message,
                "help": finding.diagnostic.help,
                "notes": finding.diagnostic.notes,
                "fixable": finding.safe_fix().is_some(),
                "versions": finding.rule.versions,
            })
        })
        .collect();
    let mut report = json!({
        "schema": "magespec-lint/1",
        "modules": linted.modules,
        "summary": {
            "error": linted.count(Severity::Error),
            "warning": linted.count(Severity::Warning),
            "note": linted.count(Severity::Note),
        },
        "findings": findings,
    });
    if !linted.unlisted.is_empty() {
        let rest = linted.unlisted.iter().map(|rest| {
            json!({
                "code": rest.rule.code,
                "file": sources.path(rest.source),
                "count": rest.count,
            })
        });
        report["unlisted"] = rest.collect();
    }
    if let Some(needed) = &linted.needed {
        report["needed"] = json!(needed);
    }
    format!("{report:#}\n")
}

/// Annotations of GitHub workflows, one line for each finding.
#[must_use]
pub fn github(linted: &Linted, sources: &Sources) -> String {
    let mut text = String::new();
    for finding in &linted.findings {
        let place = place(finding, sources);
        let command = match finding.rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = writeln!(
            text,
            "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            annotation::property(sources.path(finding.diagnostic.source)),
            place.start.line,
            place.end.line,
            place.start.column,
            place.end.column,
            annotation::property(&format!("{} {}", finding.rule.code, finding.rule.name)),
            annotation::message(&message(finding)),
        );
    }
    for rest in &linted.unlisted {
        let _ = writeln!(
            text,
            "::warning file={}::{}",
            annotation::property(sources.path(rest.source)),
            annotation::message(&unlisted(rest, sources)),
        );
    }
    text
}

/// What is wrong, and what to do, in one line.
pub(super) fn message(finding: &Finding) -> String {
    match &finding.diagnostic.help {
        Some(help) => format!("{} (help: {help})", finding.diagnostic.message),
        None => finding.diagnostic.message.to_string(),
    }
}
