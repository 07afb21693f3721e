//! A diagnosis as text for people and as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::layout::compared;
use super::{Diagnosis, Verdict, first_difference};

/// Characters shown of what a request brought, which may be a megabyte.
const LONGEST: usize = 1_000;

/// Lines shown of two base strings.
const MOST_LINES: usize = 120;

/// The diagnoses as text.
#[must_use]
pub fn pretty(diagnoses: &[Diagnosis]) -> String {
    let shown: Vec<String> = diagnoses.iter().map(pretty_one).collect();
    let count = |verdict| {
        diagnoses
            .iter()
            .filter(|one| one.verdict == verdict)
            .count()
    };
    shown.join("\n") + &summary(&Verdict::ALL.map(count))
}

/// How many requests have which verdict, in the order of [`Verdict::ALL`]; nothing when there is one.
#[must_use]
pub fn summary(counts: &[usize; Verdict::ALL.len()]) -> String {
    let all: usize = counts.iter().sum();
    if all < 2 {
        return String::new();
    }
    let named: Vec<String> = Verdict::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(verdict, count)| format!("{count} {}", verdict.name()))
        .collect();
    format!("\n{all} requests: {}\n", named.join(", "))
}

/// The diagnoses in the shape `magespec-doctor/1`. `first_difference` counts bytes from 0.
#[must_use]
pub fn json(diagnoses: &[Diagnosis]) -> String {
    let requests: Vec<Value> = diagnoses.iter().map(json_one).collect();
    let document = json!({"schema": "magespec-doctor/1", "requests": requests});
    format!("{document:#}\n")
}

/// One diagnosis as an element of `requests`.
#[must_use]
pub fn json_one(diagnosis: &Diagnosis) -> Value {
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
    let explanations: Vec<Value> = diagnosis
        .explanations
        .iter()
        .map(|one| {
            let mistakes: Vec<&str> = one.mistakes.iter().map(|mistake| mistake.id).collect();
            json!({"mistakes": mistakes, "sentence": one.sentence, "fix": one.fix})
        })
        .collect();
    json!({
        "label": diagnosis.label,
        "request": diagnosis.request,
        "profile": diagnosis.profile.name,
        "verdict": diagnosis.verdict.name(),
        "headline": diagnosis.headline(),
        "client": diagnosis.client,
        "accepted_by": accepted,
        "explanations": explanations,
        "base_string": {"received": received, "expected": expected, "first_difference": difference},
        "base_strings": by_dialect,
        "notes": diagnosis.notes,
    })
}

/// One diagnosis as text.
#[must_use]
pub fn pretty_one(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    let mut line = |indent: usize, content: &str| {
        writeln!(text, "{:indent$}{content}", "").expect("a string takes every text");
    };
    line(0, &shown(&diagnosis.label));
    line(2, &shown(&diagnosis.request));
    line(2, &format!("verdict   {}", diagnosis.verdict.name()));
    line(2, &format!("          {}", shown(&diagnosis.headline())));
    for (number, one) in diagnosis.explanations.iter().enumerate() {
        if number > 0 {
            line(2, &format!("or        {}", shown(&one.sentence)));
        }
        let ids: Vec<&str> = one.mistakes.iter().map(|mistake| mistake.id).collect();
        line(2, &format!("mistake   {}", ids.join(" + ")));
        line(2, &format!("fix       {}", one.fix));
    }
    if let Some(client) = diagnosis.client {
        line(2, &format!("client    {client}"));
    }
    if diagnosis.tried > 0 || diagnosis.accepted_by.iter().any(|(_, accepted)| *accepted) {
        let names = |wanted: bool| -> String {
            let names = diagnosis
                .accepted_by
                .iter()
                .filter(|(_, accepted)| *accepted == wanted);
            let names: Vec<&str> = names.map(|(name, _)| *name).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        };
        line(2, &format!("accepted  {}", names(true)));
        line(2, &format!("refused   {}", names(false)));
    }
    for note in &diagnosis.notes {
        line(2, &format!("note      {}", shown(note)));
    }
    let (received, expected) = (
        diagnosis.received_base_string(),
        diagnosis.expected_base_string(),
    );
    match (received, expected) {
        (Some(received), Some(expected)) if received != expected => {
            line(
                2,
                "base string, decoded one level: - was signed, + is wanted",
            );
            let lines = compared(received, expected);
            for one in lines.iter().take(MOST_LINES) {
                line(4, &shown(one));
            }
            if lines.len() > MOST_LINES {
                line(4, &format!("… and {} lines more", lines.len() - MOST_LINES));
            }
        }
        (_, Some(expected)) => {
            let what = if received.is_some() {
                "was signed, and is wanted"
            } else {
                "is wanted"
            };
            line(2, &format!("base string, {what}"));
            line(4, &shown(expected));
        }
        (_, None) => {
            let fault = diagnosis
                .base_strings
                .iter()
                .find(|built| built.dialect == diagnosis.expected);
            if let Some(Err(fault)) = fault.map(|built| &built.text) {
                line(2, "base string");
                line(4, fault);
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
