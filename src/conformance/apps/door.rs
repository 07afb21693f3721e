//! When the app under test exchanges and calls: what waits are set by.

use std::fmt;
use std::time::{Duration, Instant};

use super::played::When;
use super::record::Record;

/// When an app exchanges. All of these are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// Before it answers the credentials POST.
    InsidePost,
    /// By itself, after it.
    AfterPost,
    /// When the identity link is opened.
    AtLink,
    /// When its login page was passed.
    AfterLogin,
    /// Not at all in the first handshake.
    #[default]
    Never,
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::InsidePost => {
                "inside the credentials POST, before it answers: a slow store makes it miss the 5 s that it has"
            }
            Self::AfterPost => "by itself, right after it has answered the credentials POST",
            Self::AtLink => "when the identity link is opened",
            Self::AfterLogin => "after its login page",
            Self::Never => "not at all in the first handshake",
        })
    }
}

/// What the first handshake showed.
#[derive(Clone, Debug)]
pub struct Door {
    /// When the app exchanges.
    pub moment: Moment,
    /// How long its exchange took, from what set it off to its end.
    pub gap: Duration,
    /// Whether it calls REST by itself after the exchange.
    pub calls: bool,
    /// How long after the exchange.
    pub call_gap: Duration,
    /// Whether exchange and calls were done when the merchant's last page came: nothing follows it.
    pub at_once: bool,
    /// How long nothing has to happen before nothing is taken to come.
    pub grace: Duration,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            moment: Moment::Never,
            gap: Duration::ZERO,
            calls: false,
            call_gap: Duration::ZERO,
            at_once: false,
            grace: Duration::from_millis(300),
        }
    }
}

impl Door {
    /// How long an exchange that is to come is waited for.
    pub(super) fn patience(&self) -> Duration {
        self.gap * 4 + Duration::from_secs(2)
    }

    /// How long calls are waited for.
    pub(super) fn call_patience(&self) -> Duration {
        self.call_gap * 3 + Duration::from_secs(1)
    }

    /// `shown` is when a person was given the identity link, if one was.
    pub(super) fn of(record: &Record, shown: Option<Instant>) -> Self {
        let asked = record.of(When::RequestToken).next();
        let posted = record.posted.first();
        let (Some(asked), Some(posted)) = (asked, posted) else {
            return Self::default();
        };
        let answered = posted.at + posted.took;
        let mut hops = record.visits.iter().flat_map(|visit| &visit.hops);
        let opened = hops.next().map(|hop| hop.at);
        let sent = hops.find(|hop| hop.method == "POST").map(|hop| hop.at);
        let (moment, since) = match (opened, sent) {
            _ if asked.at < answered => (Moment::InsidePost, posted.at),
            _ if shown.is_some_and(|shown| asked.at >= shown) => (Moment::AfterLogin, asked.at),
            (_, Some(sent)) if asked.at >= sent => (Moment::AfterLogin, sent),
            (Some(opened), _) if asked.at >= opened => (Moment::AtLink, opened),
            _ => (Moment::AfterPost, answered),
        };
        let done = record
            .of(When::AccessToken)
            .filter_map(|seen| seen.done)
            .last();
        let call = record.of(When::Rest).next();
        let gap = done.map_or(Duration::ZERO, |done| done.duration_since(since));
        let last = record.visits.iter().flat_map(|visit| &visit.hops).last();
        let ended = |when: Instant| last.is_some_and(|last| when <= last.at);
        let at_once = done.is_some_and(ended) && call.is_none_or(|call| ended(call.at));
        let call_gap = match (done, call) {
            (Some(done), Some(call)) => call.at.saturating_duration_since(done),
            _ => Duration::ZERO,
        };
        Self {
            moment,
            gap,
            calls: call.is_some(),
            call_gap,
            at_once,
            grace: (gap * 2).clamp(Duration::from_millis(120), Duration::from_secs(2)),
        }
    }
}
