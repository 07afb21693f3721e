//! Cases about apps, run in a house.

use std::time::Instant;

use crate::oauth::Profile;
use crate::time::UnixTime;

use super::confirm::Try;
use super::venue::Venue;
use super::{caught, reported};
use crate::conformance::apps::{House, Theatre};
use crate::conformance::case::{Case, Check};
use crate::conformance::result::{CaseReport, Outcome, Stop, TargetReport, Verdict};

impl Venue for House {
    fn profile(&self) -> &'static Profile {
        self.stage.profile()
    }

    fn target(&self) -> TargetReport {
        self.target.report()
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    fn run_case(&self, case: &Case) -> CaseReport {
        let start = Instant::now();
        let theatre = Theatre::new(self);
        let outcome = attempt(self, case, &theatre);
        let outcome = outcome.map_err(|stop| stop.cleaned(|text| theatre.clean(text)));
        let by_the_last = matches!(outcome, Err(Stop::CouldNotRun(_) | Stop::Harness(_)));
        // Nobody is told the story of a case that passed.
        let (exchanges, timeline) = match outcome {
            Ok(_) => Default::default(),
            Err(_) => theatre.finish(by_the_last),
        };
        let tried = Try { outcome, exchanges };
        let mut report = reported(case, self.profile(), tried, start);
        if !matches!(report.verdict, Verdict::Pass | Verdict::NotApplicable) {
            report.timeline = timeline;
        }
        report
    }

    /// The played stores go with the process.
    fn clean_up(&self) -> Vec<String> {
        Vec::new()
    }
}

fn attempt(house: &House, case: &Case, theatre: &Theatre<'_>) -> Outcome {
    if let Some(reason) = house.target.lacks(case.needs) {
        return Err(Stop::NotApplicable(reason));
    }
    theatre.may_go_on()?;
    match case.check {
        Check::App(check) => caught(|| check(theatre)),
        Check::Store(_) => Err(Stop::NotApplicable("the case is about a store".into())),
    }
}
