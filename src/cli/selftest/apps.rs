//! The reference app with each of its defects, against the case that names it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use tokio::runtime::Runtime;

use crate::app::Defect;
use crate::cli::Failure;
use crate::cli::embedded_app::EmbeddedApp;
use crate::conformance::{Case, Need, Venue as _, Verdict, first_handshake};
use crate::oauth::Profile;
use crate::report::Row;
use crate::stage::{self, Options};
use crate::wire::tls::Trust;

/// Whether the case that names it waits for minutes.
pub(super) fn takes_long(cases: &[Case], defect: &Defect) -> bool {
    let named = cases.iter().find(|case| case.id == defect.case);
    named.is_some_and(|case| case.needs.contains(&Need::Slow))
}

/// What became of each of these defects.
pub(super) fn rows(
    defects: &[&'static Defect],
    cases: &[Case],
    runtime: &Runtime,
    jobs: usize,
) -> Vec<Row> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..jobs.min(defects.len()) {
            scope.spawn(|| {
                while let Some(defect) = defects.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let row = row(defect, cases, runtime);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((*defect, row));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(defect, _)| defects.iter().position(|other| other == defect));
    done.into_iter().map(|(_, row)| row).collect()
}

fn row(defect: &'static Defect, cases: &[Case], runtime: &Runtime) -> Row {
    let began = Instant::now();
    let mut row = Row {
        id: defect.id.to_owned(),
        statement: defect.statement.to_owned(),
        named_case: defect.case.to_owned(),
        ..Row::default()
    };
    row.missed = match cases.iter().find(|case| case.id == defect.case) {
        None => Some("the case that names it does not exist".to_owned()),
        Some(case) => match tried(defect, case, runtime, &mut row) {
            Ok(missed) => missed,
            Err(failure) => Some(format!("the run could not begin: {failure}")),
        },
    };
    row.reason_matched = row.missed.is_none();
    row.seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
    row
}

/// Runs the case; why it does not catch the defect, if it does not.
fn tried(
    defect: &'static Defect,
    case: &Case,
    runtime: &Runtime,
    row: &mut Row,
) -> Result<Option<String>, Failure> {
    let profile = <&Profile>::default();
    let app = EmbeddedApp::start(profile, Trust::System, None, &[defect], runtime.handle())?;
    let house = stage::house(app.target(true), Options::default()).map_err(Failure::usage)?;
    first_handshake(&house, &|_| ()).map_err(Failure::usage)?;
    let report = house.run_case(case);
    row.expected.clone_from(&report.expected);
    row.actual.clone_from(&report.actual);
    let caught = matches!(report.verdict, Verdict::Fail | Verdict::Warn);
    if caught {
        row.caught_by.push(report.id);
    }
    Ok((!caught).then(|| format!("the case ended as {}: {}", report.verdict, report.reason)))
}
