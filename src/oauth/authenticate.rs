//! The checks of docs/protocol/errors.md#which-error-wins, in their order: the first that fails is what the client sees.

use std::borrow::Cow;

use super::buffers::with_parameters;
use super::dialect::{BodyArray, LookedUp};
use super::parameters::ParameterSet;
use super::policy::{Check, Policy};
use super::protocol::Protocol;
use super::records::{
    Authenticated, ConsumerRecord, Records, Request, Spent, Step, TokenKind, TokenRecord,
};
use super::verify::{Refusal, verify_set};
use super::{Fault, Problem, Profile, Rejection, SignatureMethod, SigningKey, numeric};
use crate::secret::Secret;
use crate::text::percent;
use crate::time::UnixTime;

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It passed every check up to the signature. Checks 14 and 15 of docs/protocol/errors.md#which-error-wins are the store's.
    Authenticated(Authenticated),
    /// A REST call that brings no OAuth credentials at all: not refused, the caller is a guest (docs/protocol/rest.md#who-is-calling).
    Anonymous,
    /// It is refused.
    Rejected(Rejection),
    /// The store fails on it: status 500 (docs/protocol/errors.md#e1-and-e2).
    Failed(Fault),
}

/// Bytes of every key, token and verifier (docs/protocol/flow.md).
const VALUE_LENGTH: usize = 32;

/// Judges `request` as a store of `profile` does at `step`: checks 1 to 13 of docs/protocol/errors.md#which-error-wins.
///
/// `records` is asked in the order of the checks and not before; a nonce is spent at check 7, also when a later check fails.
///
/// # Errors
/// Only when `records` cannot be read or written.
pub fn authenticate<R: Records>(
    profile: &Profile,
    step: Step,
    request: &Request<'_>,
    now: UnixTime,
    records: &R,
) -> Result<Outcome, R::Error> {
    authenticate_by(&Policy::of(profile), step, request, now, records)
}

/// [`authenticate`] by a policy that need not be a profile's: for peers that are wrong on purpose.
///
/// # Errors
/// Only when `records` cannot be read or written.
pub fn authenticate_by<R: Records>(
    policy: &Policy,
    step: Step,
    request: &Request<'_>,
    now: UnixTime,
    records: &R,
) -> Result<Outcome, R::Error> {
    let judged = with_parameters(policy.rules, request, None, |set| {
        let judge = Judge {
            policy,
            step,
            request,
            set,
        };
        judge.run(now, records)
    });
    match judged {
        Some(Ok(authenticated)) => Ok(Outcome::Authenticated(authenticated)),
        Some(Err(Stop::Anonymous)) => Ok(Outcome::Anonymous),
        Some(Err(Stop::Rejected(rejection))) => Ok(Outcome::Rejected(rejection)),
        Some(Err(Stop::Failed(fault))) => Ok(Outcome::Failed(fault)),
        Some(Err(Stop::Records(error))) => Err(error),
        None => Ok(Outcome::Rejected(Rejection::of(Problem::SignatureInvalid))),
    }
}

/// Why the checks end early.
enum Stop<E> {
    Anonymous,
    Rejected(Rejection),
    Failed(Fault),
    Records(E),
}

impl<E> From<Rejection> for Stop<E> {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl<E> From<Problem> for Stop<E> {
    fn from(problem: Problem) -> Self {
        Rejection::of(problem).into()
    }
}

struct Judge<'j, 's, 'p> {
    policy: &'j Policy,
    step: Step,
    request: &'j Request<'j>,
    set: &'j ParameterSet<'s, 'p>,
}

impl<'s> Judge<'_, 's, '_> {
    fn run<R: Records>(&self, now: UnixTime, records: &R) -> Result<Authenticated, Stop<R::Error>> {
        // Under the RFC's placement a query is collected without a header too; one without protocol parameters is nobody's OAuth.
        let plain_query = self.request.authorization.is_none() && self.set.slots.is_empty();
        if self.step == Step::Resource && (plain_query || self.set.is_empty()) {
            return Err(Stop::Anonymous);
        }
        if let (true, BodyArray::Before(fault)) = (self.set.breaks, self.policy.rules.body_array) {
            return Err(Stop::Failed(fault));
        }
        let method = self.check_form()?;
        let consumer = self.find_consumer(records)?;
        self.spend_nonce(now, &consumer, records)?;
        let token = self.find_token(&consumer, records)?;
        let token_secret = token.as_ref().map(|token| &token.secret);
        let key = SigningKey::new(&consumer.secret, token_secret.unwrap_or(&Secret::default()));
        let verdict = verify_set(self.policy.rules, self.request, self.set, method, &key);
        match verdict {
            Ok(()) => Ok(Authenticated {
                consumer,
                token,
                method,
            }),
            Err(Refusal::Fault(fault)) => Err(Stop::Failed(fault)),
            Err(_) => Err(Problem::SignatureInvalid.into()),
        }
    }

    /// Checks 1 to 4.
    fn check_form(&self) -> Result<SignatureMethod, Rejection> {
        if self.makes(Check::Version)
            && let Some(version) = self.value(Protocol::Version)
            && numeric::number(&version) != Some(1.0)
        {
            return Err(Rejection::naming(
                Problem::VersionNotSupported,
                text(&version),
            ));
        }
        let missing: Vec<String> = self
            .step
            .required()
            .iter()
            .filter(|&&protocol| self.set.slots.value(protocol).is_none())
            .map(|protocol| protocol.name().to_owned())
            .collect();
        if self.makes(Check::Missing) && !missing.is_empty() {
            return Err(Rejection {
                problem: Problem::ParameterMissing,
                values: missing,
            });
        }
        if self.makes(Check::TokenLength)
            && let Some(token) = self.value(Protocol::Token)
            && token.len() != VALUE_LENGTH
        {
            return Err(Rejection::of(Problem::TokenLength));
        }
        let name = self.required(Protocol::SignatureMethod);
        text(&name)
            .parse::<SignatureMethod>()
            .ok()
            .filter(|method| self.policy.methods.contains(method))
            .ok_or_else(|| Rejection::naming(Problem::MethodNotSupported, text(&name)))
    }

    /// Check 5.
    fn find_consumer<R: Records>(&self, records: &R) -> Result<ConsumerRecord, Stop<R::Error>> {
        let key = self.required(Protocol::ConsumerKey);
        let is_false = matches!(&*key, b"" | b"0");
        if self.makes(Check::KeyLength) && !is_false && key.len() != VALUE_LENGTH {
            return Err(Problem::ConsumerKeyLength.into());
        }
        let consumer = records.consumer(&text(&key)).map_err(Stop::Records)?;
        consumer.ok_or_else(|| Problem::ConsumerUnknown.into())
    }

    /// Checks 6 to 8.
    fn spend_nonce<R: Records>(
        &self,
        now: UnixTime,
        consumer: &ConsumerRecord,
        records: &R,
    ) -> Result<(), Stop<R::Error>> {
        let timestamp = UnixTime(numeric::integer(&self.required(Protocol::Timestamp)));
        let positive = timestamp.0 > 0 || !self.makes(Check::TimestampPositive);
        if !positive || timestamp > now.plus(self.policy.clock_lead) {
            return Err(Problem::NonceError.into());
        }
        let nonce = self.required(Protocol::Nonce);
        let spent = records
            .spend_nonce(consumer.id, &text(&nonce), timestamp)
            .map_err(Stop::Records)?;
        match spent {
            Spent::Fresh => {}
            Spent::Used => {
                return Err(Rejection::naming(Problem::NonceUsed, consumer.id.to_string()).into());
            }
            Spent::Refused => return Err(Problem::NonceError.into()),
        }
        if self.makes(Check::Window) && self.step == Step::RequestToken && consumer.window_over {
            return Err(Problem::ConsumerExpired.into());
        }
        Ok(())
    }

    /// Checks 9 to 12′; no token is looked for at E1.
    fn find_token<R: Records>(
        &self,
        consumer: &ConsumerRecord,
        records: &R,
    ) -> Result<Option<TokenRecord>, Stop<R::Error>> {
        let (foreign, kind, wrong_kind) = match self.step {
            Step::RequestToken => return Ok(None),
            Step::AccessToken => (
                Problem::RequestTokenOfOther,
                TokenKind::Request,
                Problem::TokenUsed,
            ),
            Step::Resource => (
                Problem::TokenOfOther,
                TokenKind::Access,
                Problem::NotAnAccessToken,
            ),
        };
        let found = records
            .token(&text(&self.required(Protocol::Token)))
            .map_err(Stop::Records)?;
        let token = found.ok_or(Problem::TokenUnknown)?;
        if self.makes(Check::TokenOwner) && token.consumer_id != Some(consumer.id) {
            return Err(foreign.into());
        }
        if self.makes(Check::TokenKind) && token.kind != kind {
            return Err(wrong_kind.into());
        }
        if self.step == Step::AccessToken {
            let verifier = self.required(Protocol::Verifier);
            if self.makes(Check::VerifierLength) && verifier.len() != VALUE_LENGTH {
                return Err(Problem::VerifierLength.into());
            }
            if self.makes(Check::Verifier) && token.verifier != Some(Secret::new(text(&verifier))) {
                return Err(Problem::VerifierMismatch.into());
            }
        } else if self.makes(Check::Revoked) && token.revoked {
            return Err(Problem::TokenRevoked.into());
        }
        Ok(Some(token))
    }

    const fn makes(&self, check: Check) -> bool {
        self.policy.makes(check)
    }

    /// A protocol parameter as the store looks at it.
    fn value(&self, protocol: Protocol) -> Option<Cow<'s, [u8]>> {
        use Protocol::{ConsumerKey, Signature, Token};
        let value = self.set.slots.value(protocol)?;
        let encoded = self.policy.rules.looked_up == LookedUp::Encoded
            && !matches!(protocol, ConsumerKey | Signature | Token);
        Some(if encoded {
            Cow::Borrowed(value)
        } else {
            percent::decode(value)
        })
    }

    /// A parameter that check 2 found to be there.
    fn required(&self, protocol: Protocol) -> Cow<'s, [u8]> {
        self.value(protocol).unwrap_or_default()
    }
}

/// Text for a look-up or a sentence; bytes that are not UTF-8 become U+FFFD.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
