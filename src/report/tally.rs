//! What the cases of a group or of a whole run amount to, in words.

use std::collections::BTreeSet;

use super::timeline::is_about_app;

use crate::conformance::{
    self, Absence, CaseReport, Conclusion, Need, Report, Standing, Tally, Verdict,
};

/// The group that the id names.
pub(super) fn group_of(case: &CaseReport) -> &str {
    conformance::group_of(&case.id)
}

/// The runs of cases with the same group, in order.
pub(super) fn groups(cases: &[CaseReport]) -> impl Iterator<Item = &[CaseReport]> {
    cases.chunk_by(|left, right| group_of(left) == group_of(right))
}

/// Whether the baseline accepts how the case ended.
pub(super) fn is_excused(case: &CaseReport) -> bool {
    standing(case) == Some(Standing::Excused)
}

/// What is wrong with the baseline's entry of the case, if anything.
pub(super) fn stale(case: &CaseReport) -> Option<String> {
    let known = case.known.as_ref()?;
    match known.standing {
        Standing::Excused => None,
        Standing::Gone => {
            Some("the known failure does not fail any more: remove it from the baseline".to_owned())
        }
        Standing::Expired => Some(format!(
            "the known failure has expired on {}: {}",
            known.expires.as_deref().unwrap_or_default(),
            known.reason
        )),
    }
}

fn standing(case: &CaseReport) -> Option<Standing> {
    case.known.as_ref().map(|known| known.standing)
}

/// Whether a reader has to look at the case: it failed unexpectedly, could not be judged, or its known failure holds no more.
pub(super) fn is_open(case: &CaseReport, strict: bool) -> bool {
    let warned = strict && case.verdict == Verdict::Warn;
    match standing(case) {
        Some(Standing::Excused) => false,
        Some(Standing::Expired | Standing::Gone) => true,
        None => case.verdict.is_open() || warned,
    }
}

/// How many of the cases have this verdict.
pub(super) fn count(cases: &[CaseReport], verdict: Verdict) -> usize {
    cases.iter().filter(|case| case.verdict == verdict).count()
}

/// How many of the cases that apply passed, and what became of others that nobody has to look at: `5/8 (1 warns, 2 not applicable)`.
pub(super) fn tally(cases: &[CaseReport]) -> String {
    let passed = count(cases, Verdict::Pass);
    let warned = count(cases, Verdict::Warn);
    let absent = count(cases, Verdict::NotApplicable);
    let mut others = Vec::new();
    if warned > 0 {
        others.push(counted(warned, "warns", "warn"));
    }
    if absent > 0 {
        others.push(format!("{absent} not applicable"));
    }
    let others = others.join(", ");
    match cases.len() - absent {
        0 => format!("({others})"),
        apply if others.is_empty() => format!("{passed}/{apply}"),
        apply => format!("{passed}/{apply} ({others})"),
    }
}

/// The conclusion's words, with which [`conclusion`] begins.
pub(super) fn words(report: &Report) -> String {
    report.conclusion.name().replace('-', " ")
}

/// How a run ended and on how much, so that a part cannot be taken for the whole: `no deviation in 134 of 866 cases (read only), …`.
pub(super) fn conclusion(report: &Report) -> String {
    format!("{}{}", words(report), rest(report))
}

/// The rest of [`conclusion`] after its words.
pub(super) fn rest(report: &Report) -> String {
    let tally = Tally::of(&report.cases);
    let (judged, excused) = (tally.judged(), tally.excused);
    let failures = tally.failures(report.strict);
    let profile = &report.profile;
    match report.conclusion {
        Conclusion::Conformant => format!(" to {profile}: no deviation in {judged} cases"),
        Conclusion::NoDeviation => format!(
            " in {} of {} cases ({}), held against {profile}{}",
            judged - excused,
            whole(report),
            limits(report, &tally).join(", "),
            hint(report)
        ),
        Conclusion::NotConformant => {
            let mut found = Vec::new();
            if failures > 0 {
                found.push(format!("{failures} of {judged} cases fail"));
            }
            if excused > 0 {
                found.push(counted(excused, "failure is known", "failures are known"));
            }
            if tally.stale > 0 {
                let (one, many) = ("known failure holds no more", "known failures hold no more");
                found.push(counted(tally.stale, one, many));
            }
            let mut text = format!(" to {profile}: {}", found.join(", "));
            let unjudged = unjudged(report, &tally);
            if !unjudged.is_empty() {
                text.push_str("; the run is incomplete: ");
                text.push_str(&unjudged.join("; "));
            }
            text
        }
        Conclusion::Incomplete => format!(
            " against {profile}: {}; no deviation in {} of {} cases",
            unjudged(report, &tally).join("; "),
            judged - excused,
            whole(report)
        ),
        Conclusion::HarnessError => format!(
            " against {profile}: {} broke, which is our fault",
            counted(tally.summary.harness_error, "case", "cases")
        ),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How many cases a whole run would have.
pub(super) fn whole(report: &Report) -> usize {
    match report.scope.profile_cases {
        0 => report.catalogue.max(report.planned),
        cases => cases,
    }
}

/// Why the run is not the whole one.
fn limits(report: &Report, tally: &Tally) -> Vec<String> {
    let mut limits = Vec::new();
    if report.scope.read_only {
        limits.push("read only".to_owned());
    } else if report.scope.guest {
        limits.push("guest".to_owned());
    } else if tally.out_of_reach > 0 {
        let lacking: BTreeSet<Need> = report.cases.iter().flat_map(lacking).copied().collect();
        let names: Vec<&str> = lacking.iter().map(|need| need.name()).collect();
        limits.push(format!("without {}", names.join(", ")));
    }
    if report.planned < report.catalogue {
        limits.push(format!("{} chosen", report.planned));
    }
    if tally.excused > 0 {
        limits.push(counted(tally.excused, "known failure", "known failures"));
    }
    limits
}

/// What the target would have to offer for the case.
fn lacking(case: &CaseReport) -> &[Need] {
    match &case.absence {
        Some(Absence::Lacks(needs)) => needs,
        _ => &[],
    }
}

/// What keeps the run from being complete.
fn unjudged(report: &Report, tally: &Tally) -> Vec<String> {
    let mut reasons = Vec::new();
    let planned = report.planned;
    let missing = planned.saturating_sub(report.cases.len());
    if missing > 0 {
        reasons.push(format!("{missing} of {planned} cases were not reported"));
    }
    let lost = tally.summary.could_not_run;
    if lost > 0 {
        reasons.push(format!("{lost} of {planned} cases could not run"));
    }
    let broken = tally.summary.harness_error;
    if broken > 0 {
        reasons.push(format!(
            "{} broke, which is our fault",
            counted(broken, "case", "cases")
        ));
    }
    if report.scope.anonymous && tally.out_of_reach > 0 {
        reasons.push(format!(
            "no credentials were given, which leaves {} cases out of reach: give --admin-user or --credentials, or --guest when the cases of a guest are all that is wanted",
            tally.out_of_reach
        ));
    } else if tally.judged() == 0 && lost == 0 && missing == 0 {
        reasons.push(format!("none of {planned} cases applies"));
    }
    if tally.judged() < report.scope.min_cases {
        reasons.push(format!(
            "{} cases were judged, and --min-cases asks for {}",
            tally.judged(),
            report.scope.min_cases
        ));
    }
    reasons
}

/// What a person gives for the cases that did not apply.
fn hint(report: &Report) -> String {
    if is_about_app(report) {
        let lacking = report.cases.iter().flat_map(lacking);
        let remedies: BTreeSet<&str> = lacking.map(|need| need.remedy()).collect();
        let remedies: Vec<&str> = remedies.into_iter().collect();
        return if remedies.is_empty() {
            String::new()
        } else {
            format!("; give {} for the rest", remedies.join(", "))
        };
    }
    hint_for_store(report).to_owned()
}

fn hint_for_store(report: &Report) -> &'static str {
    let scope = &report.scope;
    if scope.read_only || scope.guest || !report.cases.iter().any(|case| !lacking(case).is_empty())
    {
        return "";
    }
    let offers = |need: Need| report.target.capabilities.contains(&need);
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
