use serde::{Deserialize, Serialize};

use super::{Conclusion, Summary, Verdict};

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
}

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    /// The case.
    pub id: String,
    /// What holds.
    pub title: String,
    /// `must`, `should`, `may`, `profile`, `security`.
    pub level: String,
    /// Requirement ids.
    pub requirements: Vec<String>,
    /// Where the expectation comes from.
    pub evidence: String,
    /// One of the six verdicts.
    pub verdict: String,
    /// How long it took.
    pub seconds: f64,
    /// What should have come; empty unless it did not.
    pub expected: String,
    /// What came.
    pub actual: String,
    /// Why, for every verdict but pass and fail.
    pub reason: String,
    /// What went over the wire; empty when the case passed.
    pub exchanges: Vec<ExchangeText>,
}

/// The target as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetReport {
    /// Its base URL.
    pub url: String,
    /// `embedded` or `url`.
    pub kind: String,
    /// What it offers.
    pub capabilities: Vec<String>,
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
    },
    /// A fact of the preflight or a step taken, in one sentence.
    Note {
        /// The sentence.
        text: String,
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
        /// `conformant`, `not-conformant`, `incomplete`, `harness-error`.
        conclusion: String,
    },
}

/// A whole run (DESIGN section 5). A pure function of its events.
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
    /// `conformant`, `not-conformant`, `incomplete`, `harness-error`.
    #[serde(default)]
    pub conclusion: String,
    /// How many cases were chosen.
    #[serde(default)]
    pub planned: usize,
    /// How many cases the suite has.
    #[serde(default)]
    pub catalogue: usize,
    /// The six counts of the cases that are reported.
    pub summary: Summary,
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
                        conclusion: Conclusion::Incomplete.name().to_owned(),
                        planned: planned.len(),
                        catalogue: *catalogue,
                        summary: Summary::default(),
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
                        report.conclusion.clone_from(conclusion);
                    }
                }
                Event::Note { .. } | Event::CaseStarted { .. } => {}
            }
        }
        if let Some(report) = &mut report {
            let place = |case: &CaseReport| order.iter().position(|id| *id == case.id);
            report.cases.sort_by_key(place);
            let verdicts = report.cases.iter();
            report.summary = Summary::of(verdicts.filter_map(|case| Verdict::named(&case.verdict)));
        }
        report
    }
}
