//! Findings that are expected: a file that lists them, each with a reason. A stale entry fails the run.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde::Deserialize;

use super::{Finding, Linted};
use crate::diagnostic::Sources;

/// The expected findings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    #[serde(default, rename = "finding")]
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    file: String,
    message: String,
    reason: String,
    expires: Option<String>,
}

/// Why a baseline cannot be used or does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file has another form.
    #[error("{0}")]
    Form(String),
    /// An entry matches nothing.
    #[error("the entry `{code}` for `{file}` matches no finding; remove it")]
    Stale {
        /// Code of the rule.
        code: String,
        /// File of the finding.
        file: String,
    },
    /// An entry has run out.
    #[error(
        "the entry `{code}` for `{file}` expired on {expires}; repair the file or renew the entry"
    )]
    Expired {
        /// Code of the rule.
        code: String,
        /// File of the finding.
        file: String,
        /// Year, month, day.
        expires: String,
    },
}

impl Baseline {
    /// Reads TOML: `[[finding]]` with `code`, `file`, `message`, `reason` and, if it is to run out, `expires = "2027-01-31"`.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let baseline: Self =
            toml::from_str(text).map_err(|error| Fault::Form(error.message().to_owned()))?;
        for entry in &baseline.entries {
            let of = format!("the entry `{}` for `{}`", entry.code, entry.file);
            if entry.reason.trim().is_empty() {
                return Err(Fault::Form(format!("{of} gives no reason")));
            }
            if let Some(expires) = entry.expires.as_ref().filter(|date| !is_date(date)) {
                return Err(Fault::Form(format!(
                    "{of} expires on `{expires}`, which is no date such as `2027-01-31`"
                )));
            }
        }
        Ok(baseline)
    }

    /// Takes the expected findings out of `linted`. `today` is a date such as `2026-11-24`.
    ///
    /// # Errors
    /// Every entry that is stale or has expired.
    pub fn apply(
        &self,
        linted: &mut Linted,
        sources: &Sources,
        today: &str,
    ) -> Result<(), Vec<Fault>> {
        let known = self.by_finding();
        let mut used = HashSet::new();
        linted.findings.retain(|finding| {
            let expected = known.get(&key(finding, sources)).copied();
            used.extend(expected);
            expected.is_none()
        });
        let faults: Vec<Fault> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| {
                let (code, file) = (entry.code.clone(), entry.file.clone());
                if !used.contains(&at) {
                    return Some(Fault::Stale { code, file });
                }
                let expires = entry
                    .expires
                    .clone()
                    .filter(|expires| expires.as_str() < today)?;
                Some(Fault::Expired {
                    code,
                    file,
                    expires,
                })
            })
            .collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// A baseline that expects exactly the findings of `linted`, keeping the reasons of this one. An entry stands for every finding that says
    /// the same of its file, so it is written once.
    #[must_use]
    pub fn updated(&self, linted: &Linted, sources: &Sources) -> String {
        let entries = self.by_finding();
        let mut text = String::new();
        let mut written = HashSet::new();
        for finding in &linted.findings {
            if !written.insert(key(finding, sources)) {
                continue;
            }
            let known = entries
                .get(&key(finding, sources))
                .map(|&at| &self.entries[at]);
            let quoted = |value: &str| toml_string(value);
            let _ = writeln!(
                text,
                "[[finding]]\ncode = {}\nfile = {}\nmessage = {}\nreason = {}",
                quoted(finding.rule.code),
                quoted(sources.path(finding.diagnostic.source)),
                quoted(&finding.diagnostic.message),
                quoted(known.map_or("say why this is expected", |entry| &entry.reason)),
            );
            if let Some(expires) = known.and_then(|entry| entry.expires.as_ref()) {
                let _ = writeln!(text, "expires = {}", quoted(expires));
            }
            text.push('\n');
        }
        text
    }

    /// The first entry for each finding.
    fn by_finding(&self) -> HashMap<Key<'_>, usize> {
        let mut known = HashMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            known
                .entry((
                    entry.code.as_str(),
                    entry.file.as_str(),
                    entry.message.as_str(),
                ))
                .or_insert(at);
        }
        known
    }
}

/// Code, file and message: what an entry names a finding by.
type Key<'a> = (&'a str, &'a str, &'a str);

fn key<'a>(finding: &'a Finding, sources: &'a Sources) -> Key<'a> {
    (
        finding.rule.code,
        sources.path(finding.diagnostic.source),
        &finding.diagnostic.message,
    )
}

/// Year, month and day in digits, so that dates compare as texts.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let in_range = |part: &str, most: u8| (1..=most).contains(&part.parse().unwrap_or(0));
    match parts[..] {
        [year, month, day] => {
            (year.len(), month.len(), day.len()) == (4, 2, 2)
                && parts.concat().bytes().all(|byte| byte.is_ascii_digit())
                && in_range(month, 12)
                && in_range(day, 31)
        }
        _ => false,
    }
}

fn toml_string(value: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
