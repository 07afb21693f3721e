//! What became of one case, and of which target: what every report is made of.

use serde::{Deserialize, Serialize};

use super::absence::Absence;
use super::exchange::ExchangeText;
use super::level::Level;
use super::need::Need;
use super::scene::Scene;
use super::verdict::Verdict;

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    /// The case.
    pub id: String,
    /// What holds.
    pub title: String,
    /// `must`, `should`, `may`, `profile`, `security`.
    pub level: Level,
    /// Requirement ids.
    pub requirements: Vec<String>,
    /// Where the expectation comes from.
    pub evidence: String,
    /// One of the six verdicts.
    pub verdict: Verdict,
    /// How long it took.
    pub seconds: f64,
    /// What should have come; empty unless it did not.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// Why, for every verdict but pass and fail.
    pub reason: String,
    /// Why it does not apply, for a program.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub absence: Option<Absence>,
    /// What the baseline says of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub known: Option<Known>,
    /// What went over the wire; empty when the case passed.
    pub exchanges: Vec<ExchangeText>,
    /// Who sent what to whom, of a case about an app that did not pass.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub timeline: Vec<Scene>,
}

impl CaseReport {
    /// Whether it failed for a secret or for markup in an answer, whatever else it is about.
    #[must_use]
    pub fn is_a_leak(&self) -> bool {
        self.expected.starts_with("no ") && self.expected.contains(" in the answer to `")
    }

    /// The exchange whose answer decided the verdict; in a report of an older release, the last one.
    #[must_use]
    pub fn decisive(&self) -> Option<&ExchangeText> {
        let marked = self.exchanges.iter().find(|exchange| exchange.decisive);
        marked.or_else(|| self.exchanges.last())
    }

    /// Whether it is a warning of a weakness that every store of the profile has: nothing that this store does otherwise.
    #[must_use]
    pub fn is_weakness(&self) -> bool {
        self.verdict == Verdict::Warn && self.expected.is_empty()
    }
}

/// What a run could reach, and what was asked of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// How many cases the profile has; 0 in a report of an older release.
    #[serde(default)]
    pub profile_cases: usize,
    /// Whether only requests that change nothing were sent.
    #[serde(default)]
    pub read_only: bool,
    /// Whether the cases of a guest were all that was asked for.
    #[serde(default)]
    pub guest: bool,
    /// Whether nobody gave credentials, and nobody said that none are wanted.
    #[serde(default)]
    pub anonymous: bool,
    /// How many cases have to be judged.
    #[serde(default)]
    pub min_cases: usize,
}

/// The target as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetReport {
    /// Its base URL.
    pub url: String,
    /// `embedded` or `url`.
    pub kind: String,
    /// What it offers.
    pub capabilities: Vec<Need>,
}

/// What the baseline says of a case that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Why its failure is accepted.
    pub reason: String,
    /// The last day on which it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<String>,
    /// Whether the entry still holds.
    pub standing: Standing,
}

/// Whether an entry of the baseline still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The case failed as it was known to.
    Excused,
    /// The case failed, and the last day of the entry has passed.
    Expired,
    /// The case does not fail any more: the entry has to go.
    Gone,
}
