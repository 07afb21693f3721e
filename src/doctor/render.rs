//! A diagnosis as text for people and as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{BuiltBaseString, Diagnosis, Verdict, first_difference};

/// Bytes shown before and after a difference.
const AROUND: usize = 36;

/// Characters shown of what a request brought, which may be a megabyte.
const LONGEST: usize = 1_000;

/// The diagnoses as text.
#[must_use]
pub fn pretty(diagnoses: &[Diagnosis]) -> String {
    diagnoses.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The diagnoses in the shape `magespec-doctor/1`. `first_difference` counts bytes from 0.
#[must_use]
pub fn json(diagnoses: &[Diagnosis]) -> String {
    let requests: Vec<Value> = diagnoses.iter().map(as_json).collect();
    let document = json!({"schema": "magespec-doctor/1", "requests": requests});
    format!("{document:#}\n")
}

fn as_json(diagnosis: &Diagnosis) -> Value {
    let accepted: Map<String, Value> = diagnosis
        .accepted_by
        .iter()
        .map(|(name, accepted)| ((*name).to_owned(), json!(accepted)))
        .collect();
    let expected = diagnosis.expected_base_string();
    let received = diagnosis.received_base_string();
    let difference = expected
        .zip(received)
        .and_then(|(expected, received)| first_difference(received, expected));
    let by_dialect: Map<String, Value> = diagnosis
        .base_strings
        .iter()
        .map(|built| {
            let text = built.text.as_ref().ok();
            let fault = built.text.as_ref().err();
            let entry = json!({"text": text, "fault": fault, "signed": built.signed});
            (built.dialect.name().to_owned(), entry)
        })
        .collect();
    json!({
        "label": diagnosis.label,
        "verdict": diagnosis.verdict.name(),
        "accepted_by": accepted,
        "explanations": [],
        "base_string": {"received": received, "expected": expected, "first_difference": difference},
        "base_strings": by_dialect,
        "notes": diagnosis.notes,
    })
}

fn one(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    let mut line = |indent: usize, content: &str| {
        writeln!(text, "{:indent$}{content}", "").expect("a string takes every text");
    };
    line(0, &shown(&diagnosis.label));
    line(2, &shown(&diagnosis.request));
    line(2, &format!("verdict   {}", diagnosis.verdict.name()));
    let accepted: Vec<String> = diagnosis
        .accepted_by
        .iter()
        .map(|(name, accepted)| format!("{name} {}", if *accepted { "yes" } else { "no" }))
        .collect();
    if diagnosis.verdict != Verdict::Undecidable {
        line(2, &format!("accepted  {}", accepted.join(", ")));
    }
    for note in &diagnosis.notes {
        line(2, &format!("note      {}", shown(note)));
    }
    line(2, "base strings");
    let groups = groups(&diagnosis.base_strings);
    let first = groups
        .first()
        .and_then(|group| group[0].text.as_deref().ok());
    for group in &groups {
        let names: Vec<&str> = group.iter().map(|built| built.dialect.name()).collect();
        let signed = if group[0].signed {
            "  (this is signed)"
        } else {
            ""
        };
        line(4, &format!("{}{signed}", names.join(", ")));
        match &group[0].text {
            Err(fault) => line(6, fault),
            Ok(base_string) => {
                line(6, base_string);
                let difference =
                    first.and_then(|first| Some((first, first_difference(first, base_string)?)));
                if let Some((first, at)) = difference {
                    let names = groups[0][0].dialect.name();
                    line(6, &format!("first difference to {names}, at byte {at}:"));
                    line(8, &excerpt(first, at));
                    line(8, &excerpt(base_string, at));
                    line(8, &format!("{:>width$}", "^", width = caret(at)));
                }
            }
        }
    }
    text
}

/// A text of a request for a terminal: control characters escaped, and cut where it is longer than anybody reads.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(LONGEST) {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    let left = text.chars().count().saturating_sub(LONGEST);
    if left > 0 {
        write!(shown, "… and {left} characters more").expect("a string takes every text");
    }
    shown
}

/// Dialects with the same base string and the same fate, together.
fn groups(built: &[BuiltBaseString]) -> Vec<Vec<&BuiltBaseString>> {
    let mut groups: Vec<Vec<&BuiltBaseString>> = Vec::new();
    for one in built {
        let same = groups
            .iter_mut()
            .find(|group| group[0].text == one.text && group[0].signed == one.signed);
        match same {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// What stands around byte `at`; a base string is ASCII.
fn excerpt(text: &str, at: usize) -> String {
    let start = at.saturating_sub(AROUND);
    let end = (at + AROUND).min(text.len());
    let before = if start > 0 { "…" } else { "" };
    let after = if end < text.len() { "…" } else { "" };
    format!(
        "{before}{}{after}",
        text.get(start..end).unwrap_or_default()
    )
}

/// The column of byte `at` in its excerpt, from 1.
const fn caret(at: usize) -> usize {
    if at > AROUND { AROUND + 2 } else { at + 1 }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_a_request_brought_neither_commands_a_terminal_nor_fills_it() {
        assert_eq!(shown("GET https://h/Größe?a=1"), "GET https://h/Größe?a=1");
        assert_eq!(shown("a\u{1b}[31mb\0\n"), "a\\u{1b}[31mb\\u{0}\\n");
        let long = shown(&"é".repeat(1_500));
        assert!(long.ends_with("é… and 500 characters more"), "{long}");
    }
}
