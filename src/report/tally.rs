//! What the cases of one group amount to.

use crate::conformance::{CaseReport, LACKING, Need, READ_ONLY, Report};

/// The first segment of the id.
pub(super) fn group_of(case: &CaseReport) -> &str {
    case.id.split('/').next().unwrap_or(&case.id)
}

/// The runs of cases with the same group, in order.
pub(super) fn groups(cases: &[CaseReport]) -> impl Iterator<Item = &[CaseReport]> {
    cases.chunk_by(|left, right| group_of(left) == group_of(right))
}

/// Whether a reader has to look at the case: it failed or could not be judged.
pub(super) fn is_open(case: &CaseReport) -> bool {
    matches!(
        case.verdict.as_str(),
        "fail" | "could-not-run" | "harness-error"
    )
}

/// How many of the cases have this verdict.
pub(super) fn count(cases: &[CaseReport], verdict: &str) -> usize {
    cases.iter().filter(|case| case.verdict == verdict).count()
}

/// How many of the cases that apply passed, and how many do not apply: `5/6 (2 not applicable)`.
pub(super) fn tally(cases: &[CaseReport]) -> String {
    let passed = count(cases, "pass");
    let apply = cases.len() - count(cases, "not-applicable");
    match (apply, cases.len() - apply) {
        (_, 0) => format!("{passed}/{apply}"),
        (0, none) => format!("({none} not applicable)"),
        (_, some) => format!("{passed}/{apply} ({some} not applicable)"),
    }
}

/// How a run ended and on how much, so that a run in which little applied cannot be taken for a whole one:
/// `conformant to rfc5849 on the 32 of 874 cases that could be applied; give …`.
pub(super) fn conclusion(report: &Report) -> String {
    format!(
        "{} {}{}",
        report.conclusion.replace('-', " "),
        measure(report),
        coverage(report)
    )
}

/// What the run was held against: `to` a profile when that was found out, `against` it otherwise.
pub(super) fn measure(report: &Report) -> String {
    let found_out = matches!(report.conclusion.as_str(), "conformant" | "not-conformant");
    let word = if found_out { "to" } else { "against" };
    format!("{word} {}", report.profile)
}

/// The part of [`conclusion`] that says how much was judged; empty when it was the whole suite.
pub(super) fn coverage(report: &Report) -> String {
    let summary = &report.summary;
    let judged = summary.pass + summary.fail + summary.warn;
    let mut text = String::new();
    if judged < report.planned {
        let applied = report.planned - summary.not_applicable;
        text = if judged == applied {
            format!(
                " on the {judged} of {} cases that could be applied",
                report.planned
            )
        } else {
            format!(" with {judged} of {} cases judged", report.planned)
        };
    }
    if report.planned < report.catalogue {
        text = match text.as_str() {
            "" => format!(
                " on the {} chosen of {} cases",
                report.planned, report.catalogue
            ),
            some => format!("{some}, chosen of {}", report.catalogue),
        };
    }
    let lacking = |case: &CaseReport| case.reason.starts_with(LACKING);
    if report.cases.iter().any(lacking) {
        text.push_str(hint(&report.target.capabilities));
    } else if report
        .cases
        .iter()
        .any(|case| case.reason.starts_with(READ_ONLY))
    {
        text.push_str("; --read-only kept the rest from being sent");
    }
    text
}

/// What a person gives for the cases that did not apply.
fn hint(offered: &[String]) -> &'static str {
    let offers = |need: Need| offered.iter().any(|name| name == need.name());
    match (offers(Need::Admin), offers(Need::Credentials)) {
        (false, false) => "; give --admin-user or --credentials for the rest",
        (false, true) => "; give --admin-user for the rest",
        (true, _) if !offers(Need::Control) && !offers(Need::Customer) => {
            "; give --control and --customer-user for the rest"
        }
        (true, _) if !offers(Need::Control) => "; give --control for the rest",
        (true, _) if !offers(Need::Customer) => "; give --customer-user for the rest",
        (true, _) => "; the rest needs the embedded run, without a URL",
    }
}
