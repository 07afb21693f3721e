use serde::{Deserialize, Serialize};

use super::{Absence, Conclusion, Known, Level, Need, Summary, Verdict};

/// One request and its response as text, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeText {
    /// Request line, header fields, body.
    pub request: String,
    /// Status line, header fields, body.
    pub response: String,
    /// What was signed, when something was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub base_string: Option<String>,
    /// Whether the case sent another signature than that of the base string and the right key.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub spoiled: bool,
    /// Whether its answer decided the verdict.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub decisive: bool,
}

/// How a scene has to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// As it should be.
    Good,
    /// A deviation.
    Bad,
    /// Worth a look.
    Doubt,
    /// Neither: a step that was taken.
    #[default]
    Plain,
}

/// One moment of a handshake: who sent what to whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Seconds since the handshake began.
    pub at: f64,
    /// Who sent: `store`, `browser`, `app`.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What, on one line, without secrets.
    pub what: String,
    /// What came back, on one line; empty when nothing was waited for.
    pub answer: String,
    /// How it has to be seen.
    #[serde(default)]
    pub mark: Mark,
    /// Why, when there is something to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

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

/// What the runner says, in order; its only output. Each is one line of the NDJSON report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run begins.
    RunStarted {
        /// `magespec-events/1`.
        schema: String,
        /// Our version.
        magespec: String,
        /// The command's name.
        command: String,
        /// The profile's name.
        profile: String,
        /// The target.
        target: TargetReport,
        /// RFC 3339.
        started: String,
        /// The ids of the chosen cases, in reading order.
        planned: Vec<String>,
        /// How many cases the suite has.
        #[serde(default)]
        catalogue: usize,
        /// Whether warnings fail the run.
        strict: bool,
        /// What the run could reach.
        #[serde(default)]
        scope: Scope,
    },
    /// A fact of the preflight or a step taken, in one sentence.
    Note {
        /// The sentence.
        text: String,
    },
    /// What happened before the first case.
    Timeline {
        /// In the order of time.
        scenes: Vec<Scene>,
    },
    /// A case begins.
    CaseStarted {
        /// Its id.
        id: String,
    },
    /// A case ended.
    CaseFinished(Box<CaseReport>),
    /// The run ended.
    RunFinished {
        /// How long it took.
        seconds: f64,
        /// The six counts.
        summary: Summary,
        /// How it ended.
        conclusion: Conclusion,
    },
}

/// A whole run. A pure function of its events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `magespec-report/1`.
    pub schema: String,
    /// Our version.
    pub magespec: String,
    /// The command's name.
    pub command: String,
    /// The profile's name.
    pub profile: String,
    /// The target.
    pub target: TargetReport,
    /// RFC 3339.
    pub started: String,
    /// How long it took.
    pub seconds: f64,
    /// How it ended.
    #[serde(default)]
    pub conclusion: Conclusion,
    /// How many cases were chosen.
    #[serde(default)]
    pub planned: usize,
    /// How many cases the suite has.
    #[serde(default)]
    pub catalogue: usize,
    /// Whether warnings fail the run.
    #[serde(default)]
    pub strict: bool,
    /// What the run could reach.
    #[serde(default)]
    pub scope: Scope,
    /// The six counts of the cases that are reported.
    pub summary: Summary,
    /// What the preflight found out and which steps were taken, one sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The first handshake with an app, moment by moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<Scene>,
    /// Every case, in reading order.
    pub cases: Vec<CaseReport>,
}

impl Report {
    /// The report of these events; also of a run that was cut short. None when it never began.
    #[must_use]
    pub fn of(events: &[Event]) -> Option<Self> {
        let mut report: Option<Self> = None;
        let mut order: Vec<String> = Vec::new();
        for event in events {
            match event {
                Event::RunStarted {
                    magespec,
                    command,
                    profile,
                    target,
                    started,
                    planned,
                    catalogue,
                    strict,
                    scope,
                    ..
                } => {
                    order.clone_from(planned);
                    report = Some(Self {
                        schema: "magespec-report/1".to_owned(),
                        magespec: magespec.clone(),
                        command: command.clone(),
                        profile: profile.clone(),
                        target: target.clone(),
                        started: started.clone(),
                        seconds: 0.0,
                        conclusion: Conclusion::default(),
                        planned: planned.len(),
                        catalogue: *catalogue,
                        strict: *strict,
                        scope: *scope,
                        summary: Summary::default(),
                        notes: Vec::new(),
                        timeline: Vec::new(),
                        cases: Vec::new(),
                    });
                }
                Event::CaseFinished(case) => {
                    if let Some(report) = &mut report {
                        report.cases.push((**case).clone());
                    }
                }
                Event::RunFinished {
                    seconds,
                    conclusion,
                    ..
                } => {
                    if let Some(report) = &mut report {
                        report.seconds = *seconds;
                        report.conclusion = *conclusion;
                    }
                }
                Event::Note { text } => {
                    if let Some(report) = &mut report {
                        report.notes.push(text.clone());
                    }
                }
                Event::Timeline { scenes } => {
                    if let Some(report) = &mut report {
                        report.timeline.clone_from(scenes);
                    }
                }
                Event::CaseStarted { .. } => {}
            }
        }
        if let Some(report) = &mut report {
            let place = |case: &CaseReport| order.iter().position(|id| *id == case.id);
            report.cases.sort_by_key(place);
            report.summary = Summary::of(report.cases.iter().map(|case| case.verdict));
        }
        report
    }
}
