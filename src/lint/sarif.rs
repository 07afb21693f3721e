//! SARIF 2.1.0, as GitHub's code scanning takes it.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::format::{message, unlisted};
use super::{Finding, Linted, RULES, Rule};
use crate::diagnostic::{SourceId, Sources};
use crate::text::Span;
use crate::text::percent::encode;

/// One run with every rule that found something.
#[must_use]
pub fn sarif(linted: &Linted, sources: &Sources) -> String {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for finding in &linted.findings {
        numbers.insert(finding.rule.code, 0);
    }
    let found: Vec<&Rule> = RULES
        .iter()
        .copied()
        .filter(|rule| numbers.contains_key(rule.code))
        .collect();
    for (number, rule) in found.iter().enumerate() {
        numbers.insert(rule.code, number);
    }
    let results: Vec<Value> = linted
        .findings
        .iter()
        .map(|finding| result(finding, numbers[finding.rule.code], sources))
        .collect();
    let rest: Vec<Value> = linted
        .unlisted
        .iter()
        .map(|rest| json!({"level": "warning", "message": {"text": unlisted(rest, sources)}}))
        .collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "magespec",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": found.into_iter().map(descriptor).collect::<Vec<_>>(),
            }},
            "columnKind": "utf16CodeUnits",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": rest}],
            "results": results,
        }],
    });
    format!("{report:#}\n")
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "helpUri": help_uri(rule),
        "shortDescription": {"text": rule.title()},
        "fullDescription": {"text": rule.section("Why it is bad")},
        "help": {"text": rule.page()},
        "defaultConfiguration": {"level": rule.severity.name()},
    })
}

/// Where the files that a rule is about are documented.
fn help_uri(rule: &Rule) -> &'static str {
    match &rule.code[..3] {
        "ACL" => {
            "https://developer.adobe.com/commerce/php/tutorials/backend/create-access-control-list-rule/"
        }
        "WEB" => {
            "https://developer.adobe.com/commerce/php/development/components/web-api/services/"
        }
        "CMP" | "MOD" | "REG" | "PHP" => {
            "https://developer.adobe.com/commerce/php/development/build/component-file-structure/"
        }
        _ => "https://developer.adobe.com/commerce/webapi/get-started/create-integration/",
    }
}

fn result(finding: &Finding, rule: usize, sources: &Sources) -> Value {
    let diagnostic = &finding.diagnostic;
    let mut result = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": rule,
        "level": finding.rule.severity.name(),
        "message": {"text": message(finding)},
        "locations": [{"physicalLocation": place(diagnostic.source, diagnostic.span, sources)}],
    });
    if let Some(fix) = finding.safe_fix() {
        let place = place(fix.source, fix.span, sources);
        let mut deleted = place["region"].clone();
        // An insertion deletes nothing: its region ends where it begins.
        if fix.span.is_empty() {
            deleted["endColumn"] = deleted["startColumn"].clone();
        }
        let description = diagnostic.help.as_deref().unwrap_or("repair it");
        result["fixes"] = json!([{
            "description": {"text": description},
            "artifactChanges": [{
                "artifactLocation": place["artifactLocation"],
                "replacements": [{
                    "deletedRegion": deleted,
                    "insertedContent": {"text": fix.replacement},
                }],
            }],
        }]);
    }
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().map(|related| {
            json!({
                "message": {"text": related.label},
                "physicalLocation": place(related.source, related.span, sources),
            })
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn place(id: SourceId, span: Span, sources: &Sources) -> Value {
    let mut place = json!({"artifactLocation": {"uri": uri(sources.path(id))}});
    if let Some(source) = sources.get(id) {
        let start = source.position_utf16(span.start());
        let end = source.position_utf16(span.end());
        let least = start.column + usize::from(start.line == end.line);
        place["region"] = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column.max(least),
        });
    }
    place
}

/// A path as a URI reference: what is no plain letter, digit or mark is escaped between the slashes, and an absolute path has its scheme.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for (number, part) in path.split('/').enumerate() {
        let slash = if number == 0 { "" } else { "/" };
        let _ = write!(uri, "{slash}{}", encode(part));
    }
    uri
}
