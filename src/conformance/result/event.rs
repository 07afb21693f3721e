//! The events of a run, and the report that they add up to.

use serde::{Deserialize, Serialize};

use super::case_report::{CaseReport, Scope, TargetReport};
use super::scene::Scene;
use super::verdict::{Conclusion, Summary};

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
