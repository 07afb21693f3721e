use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;

use super::{CaseReport, Catalogue, Conclusion, Summary, conclude};

/// The reason of an entry that was written by the suite.
const NOT_STATED: &str = "not stated yet";

/// A failure that is known and accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The case's id.
    pub case: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is, `YYYY-MM-DD`; without it, for ever.
    #[serde(default)]
    pub expires: Option<String>,
}

/// The known failures of a store (DESIGN section 4). A case in it still runs; passing is then a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The entries.
    #[serde(default)]
    pub known: Vec<KnownFailure>,
}

impl Baseline {
    /// Reads TOML: a list of `[[known]]` with `case`, `reason` and maybe `expires`. A renamed case is found under its old id too.
    ///
    /// # Errors
    /// What the reader says, or which entry names no case, stands twice, has no reason or no date.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, String> {
        let mut baseline: Self =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        for entry in &mut baseline.known {
            if let Some(new) = catalogue.renamed(&entry.case) {
                new.clone_into(&mut entry.case);
            }
        }
        let all = catalogue.cases();
        let mut seen = BTreeSet::new();
        for entry in &baseline.known {
            let name = &entry.case;
            if !all.iter().any(|case| case.id == name) {
                return Err(format!("its entry `{name}` names no case"));
            }
            if !seen.insert(name) {
                return Err(format!("its entry `{name}` stands twice"));
            }
            if entry.reason.trim().is_empty() {
                return Err(format!("its entry `{name}` has no reason"));
            }
            if let Some(day) = &entry.expires
                && !is_day(day)
            {
                return Err(format!(
                    "its entry `{name}` expires on `{day}`, which is no day as in 2026-12-31"
                ));
            }
        }
        Ok(baseline)
    }

    /// The baseline that accepts every failure of these reports. Reasons and days that are known stay, and so does an entry whose case was
    /// not run.
    #[must_use]
    pub fn updated(&self, reports: &[CaseReport], strict: bool) -> Self {
        let ran = |id: &str| reports.iter().any(|report| report.id == id);
        let mut known: Vec<KnownFailure> = self
            .known
            .iter()
            .filter(|entry| !ran(&entry.case))
            .cloned()
            .collect();
        for report in reports.iter().filter(|report| fails(report, strict)) {
            let old = self.known.iter().find(|entry| entry.case == report.id);
            known.push(old.cloned().unwrap_or_else(|| KnownFailure {
                case: report.id.clone(),
                reason: NOT_STATED.to_owned(),
                expires: None,
            }));
        }
        Self { known }
    }

    /// As TOML.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = String::from("# Known failures; give each its reason.\n");
        for entry in &self.known {
            // A JSON text is a TOML text.
            let reason = serde_json::Value::from(entry.reason.as_str());
            let _ = writeln!(
                text,
                "\n[[known]]\ncase = \"{}\"\nreason = {reason}",
                entry.case
            );
            if let Some(day) = &entry.expires {
                let _ = writeln!(text, "expires = \"{day}\"");
            }
        }
        text
    }

    /// How the run ends when the known failures are taken out, and one sentence for each entry that no longer holds. `today` is
    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn settle(
        &self,
        reports: &[CaseReport],
        planned: usize,
        summary: &Summary,
        strict: bool,
        today: &str,
    ) -> (Conclusion, Vec<String>) {
        let mut settled = *summary;
        let mut stale = Vec::new();
        for entry in &self.known {
            let expired = entry.expires.as_deref().is_some_and(|day| day < today);
            let Some(report) = reports.iter().find(|report| report.id == entry.case) else {
                continue;
            };
            match report.verdict.as_str() {
                _ if fails(report, strict) && expired => {
                    stale.push(format!("the known failure `{}` has expired", entry.case));
                }
                "fail" => {
                    settled.fail -= 1;
                    settled.pass += 1;
                }
                "warn" if strict => {
                    settled.warn -= 1;
                    settled.pass += 1;
                }
                "pass" | "warn" => stale.push(format!(
                    "the known failure `{}` does not fail any more: remove it",
                    entry.case
                )),
                _ => {}
            }
        }
        let conclusion = match conclude(planned, &settled, strict) {
            Conclusion::Conformant if !stale.is_empty() => Conclusion::NotConformant,
            conclusion => conclusion,
        };
        (conclusion, stale)
    }
}

fn fails(report: &CaseReport, strict: bool) -> bool {
    report.verdict == "fail" || (strict && report.verdict == "warn")
}

fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>()
        .is_ok_and(|day| day.to_string() == text)
}
