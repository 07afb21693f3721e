use std::fmt;

use super::Outcome;
use crate::time::UnixTime;

/// The steps of a handshake as the app sees them, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The store's credentials POST to the callback endpoint.
    Credentials,
    /// The merchant's login on the identity-link page.
    Login,
    /// `POST oauth/token/request`.
    RequestToken,
    /// `POST oauth/token/access`.
    AccessToken,
    /// The first signed call.
    FirstCall,
    /// The browser's way back through `success_call_back`.
    Return,
}

impl Step {
    /// All, in order.
    pub const ALL: [Self; 6] = [
        Self::Credentials,
        Self::Login,
        Self::RequestToken,
        Self::AccessToken,
        Self::FirstCall,
        Self::Return,
    ];

    /// The id in `/status`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Login => "login",
            Self::RequestToken => "request-token",
            Self::AccessToken => "access-token",
            Self::FirstCall => "first-call",
            Self::Return => "return",
        }
    }

    /// The words on the dashboard and the terminal.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Credentials => "credentials POST",
            Self::Login => "login",
            Self::RequestToken => "request token",
            Self::AccessToken => "access token",
            Self::FirstCall => "first signed call",
            Self::Return => "return",
        }
    }
}

/// One step that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: UnixTime,
    /// Which.
    pub step: Step,
    /// The store's base URL, or its consumer key while the URL is not known, or `-`.
    pub store: String,
    /// How it went.
    pub outcome: Outcome,
}

/// One line: time, step, store, outcome.
impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            at,
            step,
            store,
            outcome,
        } = self;
        let title = step.title();
        match outcome {
            Outcome::Done(detail) if detail.is_empty() => {
                write!(formatter, "{at}  {title:<17}  {store}  ok")
            }
            Outcome::Done(detail) => {
                write!(formatter, "{at}  {title:<17}  {store}  ok      {detail}")
            }
            Outcome::Failed(sentence) => {
                write!(formatter, "{at}  {title:<17}  {store}  failed  {sentence}")
            }
        }
    }
}
