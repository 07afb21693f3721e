//! No failure unless it is sure: a store that was away for a moment, or something between that meddled, fails nothing.
//!
//! A case that is about to fail is tried once more, and before and after that the store has to accept what it accepted in the preflight.
//! Only a failure that repeats itself in the same words counts. Everything else could not run, and says why.

use std::sync::{Arc, Mutex};

use crate::conformance::lab::Integration;
use crate::conformance::lab::Lab;
use crate::conformance::lab::Run;
use crate::conformance::result::{ExchangeText, Outcome, Stop};

/// One try of a case, without secrets.
pub(crate) struct Try {
    pub(crate) outcome: Outcome,
    pub(crate) exchanges: Vec<ExchangeText>,
}

/// How often a case is tried at most before its failure counts.
const TRIES: usize = 3;

/// The outcome of a case, whose failure has been looked at again.
pub(crate) fn confirmed(run: &Run, once: impl Fn() -> Try) -> Try {
    let mut failed: Vec<Try> = Vec::new();
    loop {
        let this = once();
        let Err(Stop::Broken { expected, actual }) = &this.outcome else {
            return match failed.pop() {
                None => this,
                Some(before) => Try {
                    outcome: Err(unsteady(&before, &this)),
                    exchanges: before.exchanges,
                },
            };
        };
        if let Err(reason) = trusted(run) {
            let outcome = Err(Stop::CouldNotRun(format!(
                "expected {expected}, got {actual}; but {reason}"
            )));
            return Try {
                outcome,
                exchanges: this.exchanges,
            };
        }
        if failed.iter().any(|before| alike(before, &this)) {
            return this;
        }
        failed.push(this);
        if failed.len() == TRIES {
            let last = failed.pop();
            return Try {
                outcome: Err(Stop::CouldNotRun(format!(
                    "the store answered in another way each of {TRIES} times: {}",
                    last.as_ref().map(told).unwrap_or_default()
                ))),
                exchanges: last.map(|last| last.exchanges).unwrap_or_default(),
            };
        }
    }
}

/// What is said of a failure that did not repeat itself.
fn unsteady(before: &Try, after: &Try) -> Stop {
    let then = match &after.outcome {
        Err(Stop::CouldNotRun(reason) | Stop::Harness(reason)) => reason.clone(),
        _ => "it went as expected when the case was tried again: the store is not steady, or something between was in the way".to_owned(),
    };
    Stop::CouldNotRun(format!("{}; {then}", told(before)))
}

fn told(failed: &Try) -> String {
    match &failed.outcome {
        Err(stop) => stop.to_string(),
        Ok(_) => String::new(),
    }
}

/// Whether both failed in the same words. Whatever has a digit in it may differ: tokens, ids, ports, times.
fn alike(first: &Try, second: &Try) -> bool {
    let (
        Err(Stop::Broken { expected, actual }),
        Err(Stop::Broken {
            expected: other_expected,
            actual: other_actual,
        }),
    ) = (&first.outcome, &second.outcome)
    else {
        return false;
    };
    let status = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    let same_status =
        status(actual) == status(other_actual) || words(actual) == words(other_actual);
    words(expected) == words(other_expected) && same_status
}

fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty() && !word.contains(|letter: char| letter.is_ascii_digit()))
        .collect()
}

/// Whether a failure means something now: the store still accepts what it accepted in the preflight.
fn trusted(run: &Run) -> Result<(), String> {
    let observed = run.observed();
    if let Some(reason) = &observed.unreliable {
        return Err(reason.clone());
    }
    let lab = Lab::new(run, "control");
    let mut asked = Vec::new();
    if let Some(path) = observed.heartbeat {
        asked.push(lab.guest("GET", path));
    }
    if observed.signed
        && let Some(caller) = resting(run, &lab)
    {
        asked.push(lab.rest(&caller));
    }
    for draft in asked {
        let answer = lab.send(&draft).map_err(|stop| stop.to_string())?;
        if !answer.accepted() {
            return Err(lab.clean(&format!(
                "the store answers {} {} with {} now, which it accepted before",
                draft.method,
                draft.target,
                answer.summary()
            )));
        }
    }
    Ok(())
}

/// The active integration, when there is one and no case is making it.
fn resting(run: &Run, lab: &Lab<'_>) -> Option<Integration> {
    if run.target().access.credentials.is_some() {
        return lab.active().ok();
    }
    let shared = run.pool.shared.lock().ok()?;
    let slot: Arc<Mutex<Option<Integration>>> = Arc::clone(shared.get("active")?);
    drop(shared);
    let slot = slot.try_lock().ok()?;
    slot.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(expected: &str, actual: &str) -> Try {
        Try {
            outcome: Err(Stop::Broken {
                expected: expected.to_owned(),
                actual: actual.to_owned(),
            }),
            exchanges: Vec::new(),
        }
    }

    #[test]
    fn ids_and_tokens_may_differ_in_a_failure_that_repeats_itself() {
        let first = broken("a row with data-row-id=\"4\"", "no such row");
        let second = broken("a row with data-row-id=\"17\"", "no such row");
        assert!(alike(&first, &second));
        let other = broken("a row with data-row-id=\"17\"", "200 a page");
        assert!(!alike(&first, &other));
        assert!(!alike(&first, &broken("a message", "no such row")));
    }
}
