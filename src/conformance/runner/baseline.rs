//! The failures that are known and accepted for now.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::conformance::case::Catalogue;
use crate::conformance::result::{CaseReport, Known, Standing, Verdict};

/// A failure that is known and accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The case's id.
    pub case: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is, `YYYY-MM-DD`; without it, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// The known failures of a store. A case in it still runs; passing is then a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The entries.
    #[serde(default)]
    pub known: Vec<KnownFailure>,
    /// The reason of the failures that the run adds, when it writes the baseline anew: entries that hold no more go then.
    #[serde(skip)]
    pub growing: Option<String>,
}

/// Why a text is not a baseline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is not TOML of the right shape; what the reader says.
    #[error("{0}")]
    Toml(String),
    /// An entry for a case that the suite does not have.
    #[error("its entry `{0}` names no case")]
    NoCase(String),
    /// Two entries for one case.
    #[error("its entry `{0}` is there twice")]
    Twice(String),
    /// An entry that expires on what is not a day.
    #[error("its entry `{case}` expires on `{day}`, which is not a day like 2026-12-31")]
    NoDay {
        /// The entry's case.
        case: String,
        /// What was written.
        day: String,
    },
}

impl KnownFailure {
    fn has_reason(&self) -> bool {
        !self.reason.trim().is_empty()
    }
}

impl Baseline {
    /// Reads TOML: a list of `[[known]]` with `case`, `reason` and maybe `expires`. A renamed case is found under its old id too.
    ///
    /// # Errors
    /// What the reader says, or which entry names no case, stands twice or expires on no day.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self, BaselineError> {
        let mut baseline: Self = toml::from_str(text)
            .map_err(|error| BaselineError::Toml(error.message().to_owned()))?;
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
                return Err(BaselineError::NoCase(name.clone()));
            }
            if !seen.insert(name) {
                return Err(BaselineError::Twice(name.clone()));
            }
            if let Some(day) = &entry.expires
                && !is_day(day)
            {
                return Err(BaselineError::NoDay {
                    case: name.clone(),
                    day: day.clone(),
                });
            }
        }
        Ok(baseline)
    }

    /// The entries that say no reason: they excuse nothing.
    #[must_use]
    pub fn unreasoned(&self) -> Vec<&str> {
        let open = self.known.iter().filter(|entry| !entry.has_reason());
        open.map(|entry| entry.case.as_str()).collect()
    }

    /// The baseline that accepts every failure of these reports. Reasons and days that are known stay, and so does an entry whose case was
    /// not run.
    #[must_use]
    pub fn updated(&self, reports: &[CaseReport], strict: bool) -> Self {
        let reason = self.growing.as_deref().unwrap_or_default();
        let ran = |id: &str| reports.iter().any(|report| report.id == id);
        let mut known: Vec<KnownFailure> = self
            .known
            .iter()
            .filter(|entry| !ran(&entry.case))
            .cloned()
            .collect();
        for report in reports.iter().filter(|report| fails(report, strict)) {
            let mut entry = self.entry(&report.id).cloned().unwrap_or(KnownFailure {
                case: report.id.clone(),
                reason: String::new(),
                expires: None,
            });
            if !entry.has_reason() {
                reason.clone_into(&mut entry.reason);
            }
            known.push(entry);
        }
        Self {
            known,
            growing: None,
        }
    }

    /// As TOML.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = String::from("# Known failures; each needs its reason.\n");
        for entry in &self.known {
            let _ = write!(
                text,
                "\n[[known]]\n{}",
                toml::to_string(entry).unwrap_or_default()
            );
        }
        text
    }

    /// What is said of a case that ended so, if it stands here. `today` is `YYYY-MM-DD`.
    #[must_use]
    pub fn standing(&self, report: &CaseReport, strict: bool, today: &str) -> Option<Known> {
        let fails = fails(report, strict);
        let entry = self.entry(&report.id).filter(|entry| entry.has_reason());
        let Some(entry) = entry else {
            let reason = self.growing.clone().filter(|reason| !reason.is_empty());
            return reason.filter(|_| fails).map(|reason| Known {
                reason,
                expires: None,
                standing: Standing::Excused,
            });
        };
        let expired = entry.expires.as_deref().is_some_and(|day| day < today);
        let standing = match report.verdict {
            _ if fails && expired => Standing::Expired,
            _ if fails => Standing::Excused,
            Verdict::Pass | Verdict::Warn if self.growing.is_none() => Standing::Gone,
            _ => return None,
        };
        Some(Known {
            reason: entry.reason.clone(),
            expires: entry.expires.clone(),
            standing,
        })
    }

    fn entry(&self, id: &str) -> Option<&KnownFailure> {
        self.known.iter().find(|entry| entry.case == id)
    }
}

fn fails(report: &CaseReport, strict: bool) -> bool {
    report.verdict == Verdict::Fail || (strict && report.verdict == Verdict::Warn)
}

fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>()
        .is_ok_and(|day| day.to_string() == text)
}
