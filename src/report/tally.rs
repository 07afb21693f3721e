//! What the cases of one group amount to.

use crate::conformance::CaseReport;

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
