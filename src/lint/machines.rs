//! Findings as other programs read them: one line each, the code-quality report of GitLab, Checkstyle.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::format::{message, place, unlisted};
use super::{Finding, Linted};
use crate::diagnostic::{Severity, Sources};

/// One line for each finding: `path:line:column: CODE severity: message`.
#[must_use]
pub fn concise(linted: &Linted, sources: &Sources) -> String {
    let mut text = String::new();
    for finding in &linted.findings {
        let place = place(finding, sources);
        let _ = writeln!(
            text,
            "{}:{}:{}: {} {}: {}",
            printable(sources.path(finding.diagnostic.source)),
            place.start.line,
            place.start.column,
            finding.rule.code,
            finding.rule.severity.name(),
            printable(&message(finding)),
        );
    }
    for rest in &linted.unlisted {
        let _ = writeln!(text, "{}", unlisted(rest, sources));
    }
    text.push_str(&super::format::summary(linted));
    text
}

/// How many findings each rule has, the most first.
#[must_use]
pub fn statistics(linted: &Linted) -> String {
    let mut counts: Vec<(usize, &str, &str, Severity)> = Vec::new();
    let shown = linted.findings.iter().map(|finding| (finding.rule, 1));
    let others = linted.unlisted.iter().map(|rest| (rest.rule, rest.count));
    for (rule, count) in shown.chain(others) {
        match counts.iter_mut().find(|(_, code, ..)| *code == rule.code) {
            Some((known, ..)) => *known += count,
            None => counts.push((count, rule.code, rule.name, rule.severity)),
        }
    }
    counts.sort_by_key(|&(count, code, ..)| (std::cmp::Reverse(count), code));
    let mut text = String::new();
    for (count, code, name, severity) in counts {
        let _ = writeln!(text, "{count:>6}  {code}  {:<7}  {name}", severity.name());
    }
    text.push_str(&super::format::summary(linted));
    text
}

/// The code-quality report of GitLab.
#[must_use]
pub fn gitlab(linted: &Linted, sources: &Sources) -> String {
    let mut seen = HashMap::new();
    let issues: Vec<Value> = linted
        .findings
        .iter()
        .map(|finding| {
            let path = sources.path(finding.diagnostic.source);
            let key = fingerprint(finding, path);
            // The same words twice in one file are two issues.
            let number = seen.entry(key.clone()).or_insert(0_usize);
            *number += 1;
            let place = place(finding, sources);
            json!({
                "description": message(finding),
                "check_name": format!("{} {}", finding.rule.code, finding.rule.name),
                "fingerprint": format!("{key}{number:02x}"),
                "severity": match finding.rule.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                "location": {
                    "path": path.strip_prefix("./").unwrap_or(path),
                    "lines": {"begin": place.start.line, "end": place.end.line},
                },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(issues))
}

/// What makes a finding the same one when lines above it move.
fn fingerprint(finding: &Finding, path: &str) -> String {
    let mut hash = Sha256::new();
    for part in [finding.rule.code, path, &finding.diagnostic.message] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hash = hash.finalize();
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The XML of Checkstyle, one `file` after the other.
#[must_use]
pub fn checkstyle(linted: &Linted, sources: &Sources) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    let by_file = |one: &Finding, other: &Finding| one.diagnostic.source == other.diagnostic.source;
    for findings in linted.findings.chunk_by(by_file) {
        let path = sources.path(findings[0].diagnostic.source);
        let _ = writeln!(text, "  <file name=\"{}\">", attribute(path));
        for finding in findings {
            let place = place(finding, sources);
            let _ = writeln!(
                text,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"magespec.{}\"/>",
                place.start.line,
                place.start.column,
                match finding.rule.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "info",
                },
                attribute(&message(finding)),
                finding.rule.code,
            );
        }
        text.push_str("  </file>\n");
    }
    text.push_str("</checkstyle>\n");
    text
}

/// A value between double quotes; what XML cannot hold is a question mark.
fn attribute(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' | '\r' | '\t' => text.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => {
                text.push('?');
            }
            letter => text.push(letter),
        }
    }
    text
}

/// One line, whatever it holds.
fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{FFFD}'
            } else {
                letter
            }
        })
        .collect()
}
