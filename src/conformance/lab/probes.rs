//! Probes and outcomes: what is sent, and what has to come back.

use std::thread;

use super::Lab;
use crate::conformance::draft::{Draft, Step};
use crate::conformance::recorder::Signed;
use crate::conformance::{Answer, Expected, Held, Outcome, Stop, answer, said};
use crate::wire::{Request, Response};

impl<'a> Lab<'a> {
    /// Sends a draft. No case can: it comes by an answer through a verb that saw a request accepted.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub(in crate::conformance) fn send(&self, draft: &Draft) -> Result<Answer, Stop> {
        let request = draft.request(&self.bench.target.origin.authority());
        let signed = request.headers.first("Authorization").is_some();
        let signed = signed.then(|| Signed {
            base_string: draft.base_string(),
            spoiled: draft.is_spoiled(),
        });
        let response = self.exchange_signed(&request, signed)?;
        let answer = Answer {
            step: draft.step,
            response,
        };
        if let Some((_, secret)) = answer.token() {
            self.recorder.hide(&secret, "token-secret");
        }
        Ok(answer)
    }

    /// The changed request is accepted. When it is not, the unchanged one must be, or the case could not run.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn accepts(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
    ) -> Outcome {
        self.probe(control, change, &Expected::Accepted)
            .map(|_| Held::new())
    }

    /// The changed request is refused so, while the unchanged one is accepted: no refusal without its twin.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn refuses(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
        expected: impl Into<Expected>,
    ) -> Outcome {
        self.probe(control, change, &expected.into())
            .map(|_| Held::new())
    }

    /// The changed request gets this answer; the answer is handed back for a closer look.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn probe(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
        expected: &Expected,
    ) -> Result<Answer, Stop> {
        let mut changed = control.clone();
        changed.set("oauth_nonce", &self.nonce());
        change(&mut changed);
        let answer = self.send(&changed)?;
        let asked = self.recorder.last_probe();
        let held = expected.holds(&answer, self.profile());
        let consumed = answer.accepted() && control.step != Step::Rest;
        let own_proof = answer.accepted() && held;
        if !own_proof && !consumed {
            let twin = self.send(control)?;
            self.recorder.was_twin();
            if !twin.accepted() {
                return Err(Stop::CouldNotRun(format!(
                    "the control probe was refused: {}",
                    twin.summary()
                )));
            }
        }
        if held {
            return Ok(answer);
        }
        self.recorder.decided_by(asked);
        Err(broken(expected, &answer))
    }

    /// The changed request is accepted when `right`, and otherwise refused for its signature (M16).
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn verifies(
        &self,
        right: bool,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
    ) -> Outcome {
        if right {
            self.accepts(control, change)
        } else {
            self.refuses(control, change, said::M16)
        }
    }

    /// The weakness `weak` shows when the changed request is accepted (a warning); refusing it is the safe way.
    ///
    /// # Errors
    /// [`Stop::Weak`] when it is accepted, and every other way not to hold.
    pub fn tolerates(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
        weak: &str,
    ) -> Outcome {
        let safe = Expected::Either(vec![
            Expected::Accepted,
            Expected::Status(400),
            Expected::Status(401),
            Expected::Status(403),
            Expected::Status(404),
        ]);
        let answer = self.probe(control, change, &safe)?;
        if answer.accepted() {
            return Err(Stop::Weak(weak.to_owned()));
        }
        Ok(Held::new())
    }

    /// Sends the control, which must be accepted; then what follows it may be refused.
    ///
    /// # Errors
    /// Could-not-run when the control is refused.
    pub fn control(&self, draft: &Draft) -> Result<Proven<'_, 'a>, Stop> {
        let answer = self.send(draft)?;
        if !answer.accepted() {
            return Err(Stop::CouldNotRun(format!(
                "the control probe was refused: {}",
                answer.summary()
            )));
        }
        Ok(Proven { lab: self, answer })
    }

    /// The draft is accepted, as the requirement demands; then what follows it may be refused.
    ///
    /// # Errors
    /// Broken when it is refused.
    pub fn proves(&self, draft: &Draft) -> Result<Proven<'_, 'a>, Stop> {
        let answer = self.succeeds(draft)?;
        Ok(Proven { lab: self, answer })
    }

    /// The draft is accepted; for the happy path, where the request is its own control.
    ///
    /// # Errors
    /// Broken when it is refused.
    pub fn succeeds(&self, draft: &Draft) -> Result<Answer, Stop> {
        let answer = self.send(draft)?;
        if answer.accepted() {
            return Ok(answer);
        }
        self.recorder.decided_by(self.recorder.last_probe());
        Err(broken(&Expected::Accepted, &answer))
    }

    /// The draft is accepted, and nothing more is asked of it.
    ///
    /// # Errors
    /// Broken when it is refused.
    pub fn is_accepted(&self, draft: &Draft) -> Outcome {
        self.succeeds(draft).map(|_| Held::new())
    }

    /// Sends a request for what it leaves behind: a failure that is counted, a nonce that is spent. Its answer is not told, so that
    /// nothing can be concluded from it.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn provoke(&self, draft: &Draft) -> Result<(), Stop> {
        self.send(draft).map(|_| ())
    }

    /// Sends all of these at the same time; gives the responses that came, in the order of the requests.
    pub fn send_at_once(&self, requests: &[Request]) -> Vec<Response> {
        let bench = self.bench();
        thread::scope(|scope| {
            let sent: Vec<_> = requests
                .iter()
                .map(|request| scope.spawn(|| bench.send(request)))
                .collect();
            sent.into_iter()
                .filter_map(|thread| thread.join().ok()?.ok())
                .collect()
        })
    }

    /// Holds when `condition` does; otherwise says what should have come and what came.
    ///
    /// # Errors
    /// Broken.
    pub fn holds(
        &self,
        condition: bool,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Outcome {
        if condition {
            return Ok(Held::new());
        }
        self.recorder.decided_by(self.recorder.last_probe());
        Err(Stop::Broken {
            expected: self.recorder.clean(&expected.into()),
            actual: self.recorder.clean(&actual.into()),
        })
    }

    /// Both texts are equal.
    ///
    /// # Errors
    /// Broken.
    pub fn equal(&self, what: &str, expected: &str, actual: &str) -> Outcome {
        self.holds(
            expected == actual,
            format!("{what} `{expected}`"),
            format!("{what} `{actual}`"),
        )
    }

    /// The text holds `part`.
    ///
    /// # Errors
    /// Broken, with the start of the text.
    pub fn contains(&self, text: &str, part: &str) -> Outcome {
        self.holds(
            text.contains(part),
            format!("a text with `{part}`"),
            answer::shortened(text),
        )
    }
}

/// A control probe that was accepted: from here a refusal means something. Only the lab makes one, and there is no other way to an
/// answer that may be a refusal than [`Lab::probe`], which sends the twin itself.
///
/// ```compile_fail,E0624
/// use magespec::conformance::Case;
///
/// Case::must("rest/closed", "a guest is refused", |lab| {
///     let answer = lab.send(&lab.guest("GET", "/rest/V1/orders"))?;
///     lab.holds(answer.status() == 401, "401", answer.summary())
/// });
/// ```
pub struct Proven<'lab, 'bench> {
    lab: &'lab Lab<'bench>,
    /// What the control was answered.
    pub answer: Answer,
}

impl Proven<'_, '_> {
    /// The answer to the next request, whatever it is.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn then_sends(&self, draft: &Draft) -> Result<Answer, Stop> {
        self.lab.send(draft)
    }

    /// The next request is refused so.
    ///
    /// # Errors
    /// Broken when it is not.
    pub fn then_refuses(self, draft: &Draft, expected: impl Into<Expected>) -> Outcome {
        let expected = expected.into();
        let answer = self.then_sends(draft)?;
        if expected.holds(&answer, self.lab.profile()) {
            return Ok(Held::new());
        }
        let recorder = &self.lab.recorder;
        recorder.decided_by(recorder.last_probe());
        Err(broken(&expected, &answer))
    }

    /// The next request is accepted as well, which the sentence calls a weakness.
    ///
    /// # Errors
    /// [`Stop::Weak`] when it is.
    pub fn then_tolerates(self, draft: &Draft, weak: &str) -> Outcome {
        let answer = self.then_sends(draft)?;
        if answer.accepted() {
            return Err(Stop::Weak(weak.to_owned()));
        }
        Ok(Held::new())
    }
}

/// In words where these tell the two apart, and otherwise as the bytes are.
fn broken(expected: &Expected, answer: &Answer) -> Stop {
    let (wanted, got) = (expected.describe(answer.step), answer.described());
    if wanted != got {
        return Stop::Broken {
            expected: wanted,
            actual: got,
        };
    }
    Stop::Broken {
        expected: expected.verbatim(answer.step),
        actual: answer.verbatim(),
    }
}
