//! Verdicts that cannot lie: no run that is incomplete, empty or broken counts as conformant.

use magespec::conformance::{Conclusion, Summary, Verdict, conclude};
use proptest::prelude::*;

fn verdict() -> impl Strategy<Value = Verdict> {
    proptest::sample::select(Verdict::ALL.to_vec())
}

proptest! {
    #[test]
    fn only_a_whole_run_without_failure_is_conformant(
        verdicts in proptest::collection::vec(verdict(), 0..40),
        missing in 0_usize..3,
        strict: bool,
    ) {
        let summary = Summary::of(verdicts.iter().copied());
        let conclusion = conclude(verdicts.len() + missing, &summary, strict);
        let none = |unwanted: Verdict| !verdicts.contains(&unwanted);
        let clean = missing == 0
            && none(Verdict::Fail)
            && none(Verdict::CouldNotRun)
            && none(Verdict::HarnessError)
            && verdicts.iter().any(|verdict| matches!(verdict, Verdict::Pass | Verdict::Warn))
            && !(strict && verdicts.contains(&Verdict::Warn));
        prop_assert_eq!(conclusion == Conclusion::Conformant, clean);
    }

    #[test]
    fn a_run_of_passes_stops_being_conformant_with_any_one_bad_outcome(
        passes in 1_usize..40,
        bad in proptest::sample::select(vec![Verdict::Fail, Verdict::CouldNotRun, Verdict::HarnessError]),
    ) {
        let verdicts = std::iter::repeat_n(Verdict::Pass, passes).chain([bad]);
        let conclusion = conclude(passes + 1, &Summary::of(verdicts), false);
        prop_assert_ne!(conclusion, Conclusion::Conformant);
    }
}

#[test]
fn an_empty_run_is_incomplete() {
    assert_eq!(
        conclude(0, &Summary::default(), false),
        Conclusion::Incomplete
    );
}

#[test]
fn a_run_in_which_nothing_applied_is_incomplete() {
    let summary = Summary::of([Verdict::NotApplicable; 3]);
    assert_eq!(conclude(3, &summary, false), Conclusion::Incomplete);
}

/// A report of one case with this verdict.
fn one(verdict: Verdict) -> (Vec<magespec::conformance::CaseReport>, Summary) {
    let report = magespec::conformance::CaseReport {
        id: "a/b".to_owned(),
        title: String::new(),
        level: "must".to_owned(),
        requirements: Vec::new(),
        evidence: String::new(),
        verdict: verdict.name().to_owned(),
        seconds: 0.0,
        expected: String::new(),
        actual: String::new(),
        reason: String::new(),
        exchanges: Vec::new(),
    };
    (vec![report], Summary::of([verdict]))
}

#[test]
fn a_known_failure_is_excused_until_it_expires_or_passes() {
    let known = |expires: Option<&str>| magespec::conformance::Baseline {
        known: vec![magespec::conformance::KnownFailure {
            case: "a/b".to_owned(),
            reason: "known".to_owned(),
            expires: expires.map(ToOwned::to_owned),
        }],
    };
    let settle = |baseline: magespec::conformance::Baseline, verdict| {
        let (reports, summary) = one(verdict);
        baseline
            .settle(&reports, 1, &summary, false, "2026-06-01")
            .0
    };
    assert_eq!(settle(known(None), Verdict::Fail), Conclusion::Conformant);
    assert_eq!(
        settle(known(Some("2026-05-31")), Verdict::Fail),
        Conclusion::NotConformant
    );
    assert_eq!(
        settle(known(None), Verdict::Pass),
        Conclusion::NotConformant
    );
    assert_eq!(
        settle(known(None), Verdict::CouldNotRun),
        Conclusion::Incomplete
    );
}
