use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::doctor::KeyringEntry;
use crate::oauth::{CallbackClient, Profile};
use crate::secret::Secret;
use crate::wire::{Request, Response};

/// Why a store cannot be played.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StageError(pub String);

/// How the host of a store is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Host {
    /// The address that it listens on, or the public URL's host.
    #[default]
    Plain,
    /// `LOCALHOST`.
    UpperCase,
    /// `[::1]`.
    Ipv6,
}

/// What the base URL of a played store looks like. Equal shapes are one store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The host.
    pub host: Host,
    /// The folder, with a leading slash: empty, or `/shop`.
    pub folder: &'static str,
    /// Whether `index.php/` stands in the base URL.
    pub index_php: bool,
    /// Whether it shows a certificate that nobody vouches for.
    pub untrusted: bool,
    /// Tells stores of the same shape apart.
    pub number: u8,
}

/// Plays stores.
pub trait Stage: Send + Sync {
    /// The behaviour that its stores show.
    fn profile(&self) -> &'static Profile;

    /// The store of this shape, opened when it is first asked for.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn store(&self, shape: &Shape) -> Result<Arc<dyn PlayedStore>, StageError>;
}

/// An integration to be made.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The callback URL.
    pub callback: String,
    /// The identity link.
    pub identity: String,
    /// Whether secrets hold `+ / = & %` and blanks.
    pub strange_secrets: bool,
}

/// An integration of a played store.
#[derive(Clone, Debug)]
pub struct Played {
    /// Its row.
    pub id: i64,
    /// Consumer key.
    pub key: String,
    /// Consumer secret.
    pub secret: Secret,
}

/// How credentials are posted.
#[derive(Clone, Copy, Debug, Default)]
pub struct PostAs {
    /// Begins a re-authorisation.
    pub reauthorize: bool,
    /// Another client than the profile's.
    pub client: Option<CallbackClient>,
}

/// A credentials POST and what came of it.
#[derive(Clone, Debug)]
pub struct Posted {
    /// When it began.
    pub at: Instant,
    /// How long it took.
    pub took: Duration,
    /// The app's answer, or why there is none.
    pub answer: Result<Response, String>,
    /// Whether there is none because nothing listens there.
    pub nobody: bool,
    /// `store_base_url`
    pub base_url: String,
    /// `oauth_verifier`
    pub verifier: Secret,
}

impl Posted {
    /// The status of the answer; 0 when there is none.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.as_ref().map_or(0, |answer| answer.status)
    }

    /// The answer in a few words.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.answer {
            Ok(answer) => format!("{} in {:.2} s", answer.status, self.took.as_secs_f64()),
            Err(reason) => format!("no answer: {reason}"),
        }
    }
}

/// Which requests of an app are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Those for a request token.
    RequestToken,
    /// Those for an access token.
    AccessToken,
    /// Calls.
    Rest,
    /// Anything else, the browser's return included.
    Other,
}

/// How an answer travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carriage {
    /// As HTTP/1.1 has it.
    #[default]
    Plain,
    /// In the words of HTTP/1.0, the end of the connection as end.
    Old,
    /// In chunks.
    Chunked,
    /// Whole, and then the connection is closed without a word before.
    Closing,
    /// Cut off in the middle of its body.
    Short,
    /// One byte after the other, this far apart.
    Drip(Duration),
    /// Not at all: the connection is closed.
    Lost,
}

/// What a played store answers in place of what it would: from the request, and which one of its kind that is, from 0.
#[derive(Clone)]
pub struct Instead(pub(super) Arc<Answering>);

type Answering = dyn Fn(&Request, usize) -> Response + Send + Sync;

impl Instead {
    /// The answer to this request.
    #[must_use]
    pub fn answer(&self, request: &Request, nth: usize) -> Response {
        (self.0)(request, nth)
    }
}

impl fmt::Debug for Instead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Instead")
    }
}

/// What a played store does with a request, beside or in place of answering it.
#[derive(Clone, Debug, Default)]
pub struct Deed {
    /// Waits so long before it answers.
    pub late: Duration,
    /// Answers this, and does not look at the request itself.
    pub instead: Option<Instead>,
    /// Changes its own answer.
    pub altered: Option<fn(&mut Response)>,
    /// Sends the app to the played store of this shape, the request's target kept.
    pub redirect: Option<(u16, Shape)>,
    /// How the answer travels.
    pub carriage: Carriage,
}

/// When a played store does something else than answer.
#[derive(Clone, Debug)]
pub struct Rule {
    /// At which requests.
    pub when: When,
    /// At so many of them, from the first on; at all when absent.
    pub times: Option<usize>,
    /// At those of this consumer, and at those that nobody signed; at all when absent.
    pub key: Option<String>,
    /// What it does.
    pub deed: Deed,
}

impl Rule {
    const fn at(when: When, deed: Deed) -> Self {
        Self {
            when,
            times: None,
            key: None,
            deed,
        }
    }

    /// In place of its own answer, at every request of this kind.
    #[must_use]
    pub fn instead(
        when: When,
        answer: impl Fn(&Request, usize) -> Response + Send + Sync + 'static,
    ) -> Self {
        let deed = Deed {
            instead: Some(Instead(Arc::new(answer))),
            ..Deed::default()
        };
        Self::at(when, deed)
    }

    /// So late, at every request of this kind.
    #[must_use]
    pub fn late(when: When, late: Duration) -> Self {
        let deed = Deed {
            late,
            ..Deed::default()
        };
        Self::at(when, deed)
    }

    /// Its own answer, changed.
    #[must_use]
    pub fn altered(when: When, altered: fn(&mut Response)) -> Self {
        let deed = Deed {
            altered: Some(altered),
            ..Deed::default()
        };
        Self::at(when, deed)
    }

    /// A redirect to the store of this shape.
    #[must_use]
    pub fn moved(when: When, status: u16, shape: Shape) -> Self {
        let deed = Deed {
            redirect: Some((status, shape)),
            ..Deed::default()
        };
        Self::at(when, deed)
    }

    /// Its own answer, travelling so.
    #[must_use]
    pub fn carried(when: When, carriage: Carriage) -> Self {
        let deed = Deed {
            carriage,
            ..Deed::default()
        };
        Self::at(when, deed)
    }

    /// The same, at the first `times` only.
    #[must_use]
    pub const fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }
}

/// A request that reached a played store.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When it had come in.
    pub at: Instant,
    /// When it was answered; none while it is not.
    pub done: Option<Instant>,
    /// What it is for.
    pub when: When,
    /// As it came, the names of its fields as they were written.
    pub request: Request,
    /// Over TLS.
    pub secure: bool,
    /// What it was answered.
    pub response: Option<Response>,
    /// Whether that is not what the store's own code says.
    pub staged: bool,
    /// What the store's own code would have had to know to judge it: the secrets that were good before it came.
    pub secrets: Arc<Vec<KeyringEntry>>,
}

impl Seen {
    /// The status of the answer; 0 when there is none.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |answer| answer.status)
    }

    /// The path, without query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.target.split('?').next().unwrap_or_default()
    }

    /// The raw query.
    #[must_use]
    pub fn query(&self) -> &str {
        let parts = self.request.target.split_once('?');
        parts.map_or("", |(_, query)| query)
    }
}

/// A store that is played: real code behind a layer that records, waits, cuts and answers wrongly.
pub trait PlayedStore: Send + Sync {
    /// What it posts as `store_base_url`.
    fn base_url(&self) -> String;

    /// What it gives the browser as `success_call_back`, with a key of its own each time.
    fn return_url(&self) -> String;

    /// Makes an integration.
    ///
    /// # Errors
    /// When the store refuses it.
    fn integrate(&self, wanted: &Wanted) -> Result<Played, StageError>;

    /// Deletes an integration.
    ///
    /// # Errors
    /// When the store refuses it.
    fn remove(&self, integration: &Played) -> Result<(), StageError>;

    /// Begins the token exchange: the credentials POST.
    ///
    /// # Errors
    /// When the store refuses it. An app that does not answer is no error.
    fn activate(&self, integration: &Played, post: PostAs) -> Result<Posted, StageError>;

    /// Whether the integration is active: its exchange is done.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn is_active(&self, integration: &Played) -> Result<bool, StageError>;

    /// From now on it does so; rules that were there before are gone.
    fn arrange(&self, rules: Vec<Rule>);

    /// How many requests have come, and how many of them are not answered yet.
    fn activity(&self) -> (usize, usize);

    /// The requests from this one on.
    fn seen(&self, from: usize) -> Vec<Seen>;

    /// Connections that were made to it.
    fn connections(&self) -> usize;

    /// Every secret that it has given out.
    fn secrets(&self) -> Vec<KeyringEntry>;

    /// Its clock is so many seconds ahead from now on.
    fn lead(&self, seconds: i64);
}

impl fmt::Debug for dyn PlayedStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.base_url())
    }
}
