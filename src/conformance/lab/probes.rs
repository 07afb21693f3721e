//! Probes and outcomes: what is sent, and what has to come back.

use std::thread;

use super::{Lab, stop_of_send};
use crate::conformance::probe::Signed;
use crate::conformance::probe::{Answer, Expected, answer, said};
use crate::conformance::probe::{Draft, Step};
use crate::conformance::result::{Held, Outcome, Stop};
use crate::wire::{Request, Response};

impl<'a> Lab<'a> {
    /// Sends a draft. No case can: it comes by an answer through a verb that saw a request accepted.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub(in crate::conformance) fn send(&self, draft: &Draft) -> Result<Answer, Stop> {
        let request = draft.request(&self.run.target().origin.authority());
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
        // Whether or not the rest of the body is as it should be.
        for (name, secret) in answer.pairs() {
            if name == "oauth_token_secret" {
                self.recorder.hide(&secret, "token-secret");
            }
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
        let nonce = self.nonce();
        changed.set("oauth_nonce", &nonce);
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
            if own_proof && changed.is_signed() {
                self.is_guarded(&changed)?;
            }
            return Ok(answer);
        }
        // A read with a nonce that is nobody's business may be asked once more.
        if changed.can_be_repeated(&nonce) {
            changed.set("oauth_nonce", &self.nonce());
            let again = self.send(&changed)?;
            if expected.holds(&again, self.profile()) {
                return Err(Stop::CouldNotRun(format!(
                    "the store answered {} and, asked again, {}: it is not steady, or something between was in the way",
                    answer.summary(),
                    again.summary()
                )));
            }
        }
        self.recorder.decided_by(asked);
        Err(self.broken(expected, &changed, &answer)?)
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
        let answer = self.probe(control, change, &accepted_or_refused())?;
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
            if draft.is_signed() {
                self.is_guarded(draft)?;
            }
            return Ok(answer);
        }
        self.recorder.decided_by(self.recorder.last_probe());
        Err(self.broken(&Expected::Accepted, draft, &answer)?)
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
    ///
    /// # Errors
    /// Could-not-run when one of them gets no answer.
    pub fn send_at_once(&self, requests: &[Request]) -> Result<Vec<Response>, Stop> {
        let run = self.run();
        thread::scope(|scope| {
            let sent: Vec<_> = requests
                .iter()
                .map(|request| scope.spawn(|| run.channel.send(request)))
                .collect();
            let vanished = |_| Stop::Harness("a thread that sends ended early".to_owned());
            sent.into_iter()
                .map(|thread| {
                    let answer = thread.join().map_err(vanished)?;
                    answer.map_err(|error| stop_of_send(&error))
                })
                .collect()
        })
    }

    /// What is said of an answer that is not the expected one. Where guests are let in as well, no refusal can be expected.
    fn broken(&self, expected: &Expected, draft: &Draft, answer: &Answer) -> Result<Stop, Stop> {
        if !matches!(expected, Expected::Accepted) {
            self.is_guarded(draft)?;
        }
        // In words where these tell the two apart, and otherwise as the bytes are.
        let (wanted, got) = (expected.describe(answer.step), answer.described());
        if wanted != got {
            return Ok(Stop::Broken {
                expected: wanted,
                actual: got,
            });
        }
        Ok(Stop::Broken {
            expected: expected.verbatim(answer.step),
            actual: answer.verbatim(),
        })
    }

    /// Whether the answer to this request can tell anything of its credentials: where the store is set to let guests in, one without them is
    /// refused.
    ///
    /// # Errors
    /// Not-applicable when guests may read the same.
    pub fn is_guarded(&self, draft: &Draft) -> Result<(), Stop> {
        if !self.observed().guest_access || draft.step != Step::Rest || draft.method != "GET" {
            return Ok(());
        }
        let mut guest = self.guest("GET", "");
        guest.target.clone_from(&draft.target);
        let answer = self.send(&guest)?;
        let message = answer.json()["message"].clone();
        let no_route = message == said::NO_ROUTE.template || message == said::NO_REQUEST.template;
        if no_route || !(answer.accepted() || matches!(answer.status(), 400 | 404)) {
            return Ok(());
        }
        Err(Stop::NotApplicable(
            "guests may read here what the case asks for: `webapi/webapisecurity/allow_insecure` is on".into(),
        ))
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
pub struct Proven<'lab, 'run> {
    lab: &'lab Lab<'run>,
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
        let answer = self.then_sends(draft)?;
        self.holds(draft, &answer, &expected.into())
    }

    /// The next request is accepted as well, which the sentence calls a weakness.
    ///
    /// # Errors
    /// [`Stop::Weak`] when it is; broken when the answer is neither that nor a refusal.
    pub fn then_tolerates(self, draft: &Draft, weak: &str) -> Outcome {
        let answer = self.then_sends(draft)?;
        if answer.accepted() {
            return Err(Stop::Weak(weak.to_owned()));
        }
        self.holds(draft, &answer, &accepted_or_refused())
    }

    fn holds(&self, draft: &Draft, answer: &Answer, expected: &Expected) -> Outcome {
        if expected.holds(answer, self.lab.profile()) {
            return Ok(Held::new());
        }
        let recorder = &self.lab.recorder;
        recorder.decided_by(recorder.last_probe());
        Err(self.lab.broken(expected, draft, answer)?)
    }
}

/// A weakness of the profile is accepted, a store without it refuses; anything else is neither.
fn accepted_or_refused() -> Expected {
    Expected::Either(vec![
        Expected::Accepted,
        Expected::Status(400),
        Expected::Status(401),
        Expected::Status(403),
        Expected::Status(404),
    ])
}
