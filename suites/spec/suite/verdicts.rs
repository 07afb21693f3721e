//! Verdicts that cannot lie: no run that is incomplete, empty or broken counts as conformant, and no failure hides behind anything.

use magespec::conformance::{
    Absence, Baseline, CaseReport, Conclusion, KnownFailure, Level, Need, Scope, Standing, Tally,
    Verdict, conclude,
};
use proptest::prelude::*;

fn verdict() -> impl Strategy<Value = Verdict> {
    proptest::sample::select(Verdict::ALL.to_vec())
}

/// A report of one case with this verdict.
fn one(verdict: Verdict) -> CaseReport {
    CaseReport {
        id: "a/b".to_owned(),
        title: String::new(),
        level: Level::Must,
        requirements: Vec::new(),
        evidence: String::new(),
        verdict,
        seconds: 0.0,
        expected: String::new(),
        actual: String::new(),
        reason: String::new(),
        absence: None,
        known: None,
        exchanges: Vec::new(),
        timeline: Vec::new(),
    }
}

fn tally(verdicts: &[Verdict]) -> Tally {
    let cases: Vec<CaseReport> = verdicts.iter().copied().map(one).collect();
    Tally::of(&cases)
}

/// A run of all that there is.
fn whole(planned: usize, tally: &Tally, strict: bool) -> Conclusion {
    conclude(planned, planned, &Scope::default(), strict, tally)
}

proptest! {
    #[test]
    fn only_a_whole_run_without_failure_is_conformant(
        verdicts in proptest::collection::vec(verdict(), 0..40),
        missing in 0_usize..3,
        left_out in 0_usize..3,
        strict: bool,
    ) {
        let planned = verdicts.len() + missing;
        let scope = Scope::default();
        let tally = tally(&verdicts);
        let conclusion = conclude(planned, planned + left_out, &scope, strict, &tally);
        let none = |unwanted: Verdict| !verdicts.contains(&unwanted);
        let fails = !none(Verdict::Fail) || (strict && !none(Verdict::Warn));
        let clean = missing == 0
            && !fails
            && none(Verdict::CouldNotRun)
            && none(Verdict::HarnessError)
            && verdicts.iter().any(|verdict| matches!(verdict, Verdict::Pass | Verdict::Warn));
        prop_assert_eq!(conclusion == Conclusion::Conformant, clean && left_out == 0);
        prop_assert_eq!(conclusion == Conclusion::NoDeviation, clean && left_out > 0);
        prop_assert_eq!(conclusion == Conclusion::NotConformant, fails);
    }

    #[test]
    fn a_run_of_passes_stops_being_conformant_with_any_one_bad_outcome(
        passes in 1_usize..40,
        bad in proptest::sample::select(vec![Verdict::Fail, Verdict::CouldNotRun, Verdict::HarnessError]),
    ) {
        let verdicts: Vec<Verdict> = std::iter::repeat_n(Verdict::Pass, passes).chain([bad]).collect();
        let conclusion = whole(passes + 1, &tally(&verdicts), false);
        prop_assert!(!matches!(conclusion, Conclusion::Conformant | Conclusion::NoDeviation));
    }
}

#[test]
fn a_run_in_which_nothing_was_judged_is_incomplete() {
    assert_eq!(whole(0, &tally(&[]), false), Conclusion::Incomplete);
    let nothing = tally(&[Verdict::NotApplicable; 3]);
    assert_eq!(whole(3, &nothing, false), Conclusion::Incomplete);
}

#[test]
fn a_failure_counts_whatever_could_not_run_beside_it() {
    for beside in [Verdict::CouldNotRun, Verdict::HarnessError] {
        let failed = tally(&[Verdict::Fail, beside]);
        assert_eq!(whole(900, &failed, false), Conclusion::NotConformant);
    }
}

#[test]
fn a_run_that_access_kept_small_is_no_whole_one() {
    let mut lacking = one(Verdict::NotApplicable);
    let concluded = |case: &CaseReport, scope: Scope| {
        let tally = Tally::of([&one(Verdict::Pass), case]);
        conclude(2, 2, &scope, false, &tally)
    };
    lacking.absence = Some(Absence::Profile("no such thing".to_owned()));
    assert_eq!(
        concluded(&lacking, Scope::default()),
        Conclusion::Conformant
    );
    for absence in [
        Absence::Lacks(vec![Need::Control]),
        Absence::ReadOnly("it sends a POST".to_owned()),
    ] {
        lacking.absence = Some(absence);
        assert_eq!(
            concluded(&lacking, Scope::default()),
            Conclusion::NoDeviation
        );
    }
    let anonymous = Scope {
        anonymous: true,
        ..Scope::default()
    };
    assert_eq!(concluded(&lacking, anonymous), Conclusion::Incomplete);
    let demanding = Scope {
        min_cases: 2,
        ..Scope::default()
    };
    assert_eq!(concluded(&lacking, demanding), Conclusion::Incomplete);
}

#[test]
fn a_known_failure_is_excused_until_it_expires_or_passes() {
    let known = |expires: Option<&str>| Baseline {
        known: vec![KnownFailure {
            case: "a/b".to_owned(),
            reason: "known".to_owned(),
            expires: expires.map(ToOwned::to_owned),
        }],
        growing: None,
    };
    let settle = |baseline: Baseline, verdict| {
        let mut report = one(verdict);
        report.known = baseline.standing(&report, false, "2026-06-01");
        let standing = report.known.as_ref().map(|known| known.standing);
        (standing, whole(1, &Tally::of([&report]), false))
    };
    let table = [
        (
            None,
            Verdict::Fail,
            Some(Standing::Excused),
            Conclusion::NoDeviation,
        ),
        (
            Some("2026-06-01"),
            Verdict::Fail,
            Some(Standing::Excused),
            Conclusion::NoDeviation,
        ),
        (
            Some("2026-05-31"),
            Verdict::Fail,
            Some(Standing::Expired),
            Conclusion::NotConformant,
        ),
        (
            None,
            Verdict::Pass,
            Some(Standing::Gone),
            Conclusion::NotConformant,
        ),
        (None, Verdict::CouldNotRun, None, Conclusion::Incomplete),
    ];
    for (expires, verdict, standing, conclusion) in table {
        assert_eq!(settle(known(expires), verdict), (standing, conclusion));
    }
}

#[test]
fn an_entry_without_a_reason_excuses_nothing() {
    let baseline = Baseline {
        known: vec![KnownFailure {
            case: "a/b".to_owned(),
            reason: " ".to_owned(),
            expires: None,
        }],
        growing: None,
    };
    assert_eq!(
        baseline.standing(&one(Verdict::Fail), false, "2026-06-01"),
        None
    );
    assert_eq!(baseline.unreasoned(), ["a/b"]);
}
