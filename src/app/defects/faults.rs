//! What an app does wrong on purpose: policy values and hooks, all of them correct or empty until a defect is armed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use crate::app::book::TokenPair;
use crate::app::{Credentials, Options};
use crate::oauth::{SignatureMethod, SigningKey};
use crate::secret::Secret;
use crate::time::UnixTime;
use crate::wire::{Request, Response};

use super::Defect;

/// A check that an app makes at one place and can be started without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Guard {
    /// The form token of the sign-in after the identity link.
    FormToken,
    /// A store belongs to the account that connected it.
    Owner,
    /// Whether the browser may be sent back where the link says.
    Return,
    /// Nobody is sent back before the exchange has succeeded.
    ReturnAfterSuccess,
    /// The newest credentials of a store count.
    NewestCredentials,
    /// Working credentials stay in use until others are proven.
    ProofBeforeUse,
}

impl Guard {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A request that is about to be signed.
pub(in crate::app) struct Writing<'a> {
    pub(in crate::app) faults: &'a Faults,
    pub(in crate::app) credentials: &'a Credentials,
    pub(in crate::app) token: Option<TokenPair>,
    pub(in crate::app) verifier: Option<Secret>,
    pub(in crate::app) method: SignatureMethod,
    /// The key, when it is not made of both secrets as it should.
    pub(in crate::app) key: Option<SigningKey>,
    pub(in crate::app) nonce: String,
    pub(in crate::app) timestamp: UnixTime,
    /// The URL as it is signed.
    pub(in crate::app) url: Url,
    /// Text behind the header, which nobody has signed.
    pub(in crate::app) unsigned: String,
}

/// A request that is about to be sent.
pub(in crate::app) struct Outgoing {
    pub(in crate::app) method: reqwest::Method,
    pub(in crate::app) url: Url,
    pub(in crate::app) authorization: Option<String>,
    pub(in crate::app) body: String,
}

/// Reads token and secret out of an answer.
type Reading = fn(&str) -> Option<(String, String)>;

/// The faults of one app.
#[derive(Default)]
pub struct Faults {
    left_out: u8,
    /// What the process remembers for a defect.
    words: Mutex<Vec<String>>,
    /// How long the callback is not answered.
    pub(in crate::app) delay: Duration,
    /// Whether a redirect of a store is followed with the same header.
    pub(in crate::app) follows: bool,
    /// How often one request of E2 is sent when it is refused.
    pub(in crate::app) again: usize,
    /// How often a refused call is sent again.
    pub(in crate::app) storm: usize,
    /// Pages of a list that are read at most, when they are not counted.
    pub(in crate::app) pages: Option<usize>,
    /// Changes how the app is set up.
    pub(in crate::app) options: Vec<fn(&mut Options)>,
    /// Answers in the app's place.
    pub(in crate::app) instead: Vec<fn(&Request) -> Option<Response>>,
    /// Changes an answer on its way out.
    pub(in crate::app) leaving: Vec<fn(&Self, &Request, &mut Response)>,
    /// Changes the URL of an endpoint of a store.
    pub(in crate::app) below: Vec<fn(&Url, &str) -> Option<Url>>,
    /// Signs otherwise.
    pub(in crate::app) signing: Vec<fn(&mut Writing<'_>)>,
    /// Sends otherwise.
    pub(in crate::app) sending: Vec<fn(&mut Outgoing)>,
    /// Reads a token out of an answer.
    pub(in crate::app) reading: Option<Reading>,
    /// Changes the address at which the visit ends.
    pub(in crate::app) way_back: Vec<fn(&str, &Credentials) -> String>,
    /// Uses another token for the calls of the consumer with this key.
    pub(in crate::app) calling: Vec<fn(&Self, &str, &mut TokenPair)>,
}

impl Faults {
    /// The faults of an app with these defects, which are none without any. What they change of the options is changed.
    pub(in crate::app) fn of(defects: &[&Defect], options: &mut Options) -> Self {
        let mut faults = Self::default();
        for defect in defects {
            (defect.arm)(&mut faults);
        }
        for change in &faults.options {
            change(options);
        }
        faults
    }

    /// From now on this check is not made.
    pub(in crate::app) const fn leave_out(&mut self, guard: Guard) {
        self.left_out |= guard.bit();
    }

    /// Whether this check is made.
    pub(in crate::app) const fn makes(&self, guard: Guard) -> bool {
        self.left_out & guard.bit() == 0
    }

    /// Keeps a word under this name unless there is one; gives the one that is kept.
    pub(in crate::app) fn first(&self, name: &str, word: &str) -> String {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let start = format!("{name} ");
        if let Some(kept) = words.iter().find_map(|kept| kept.strip_prefix(&start)) {
            return kept.to_owned();
        }
        words.push(format!("{start}{word}"));
        word.to_owned()
    }

    /// What an answer of the app becomes.
    pub(in crate::app) fn leave(&self, request: &Request, response: &mut Response) {
        for change in &self.leaving {
            change(self, request, response);
        }
    }

    /// Whether the request is answered in the app's place.
    pub(in crate::app) fn instead(&self, request: &Request) -> Option<Response> {
        self.instead.iter().find_map(|work| work(request))
    }

    /// The URL of an endpoint below a store's base URL, when it is another than it should be.
    pub(in crate::app) fn below(&self, base: &Url, path: &str) -> Option<Url> {
        self.below.iter().find_map(|change| change(base, path))
    }

    /// The address at which the visit ends.
    pub(in crate::app) fn way_back(&self, back: &str, credentials: &Credentials) -> String {
        let hooks = self.way_back.iter();
        hooks.fold(back.to_owned(), |back, change| change(&back, credentials))
    }
}

/// The key of both secrets.
pub(in crate::app) fn right_key(
    credentials: &Credentials,
    token: Option<&TokenPair>,
) -> SigningKey {
    let nothing = Secret::default();
    let secret = token.map_or(&nothing, |pair| &pair.secret);
    SigningKey::new(&credentials.consumer_secret, secret)
}
