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
