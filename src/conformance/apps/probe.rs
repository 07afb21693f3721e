//! The first handshake, which shows when the app exchanges and whether it calls the store by itself.

use std::fmt;
use std::time::{Duration, Instant};

use crate::conformance::Stop;

use super::play::Record;
use super::{House, Play, Seen, Theatre, VisitEnd, When};

/// How long an app that exchanges in the background has before the merchant comes.
const BACKGROUND: Duration = Duration::from_millis(1200);

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
    fn of(record: &Record, shown: Option<Instant>) -> Self {
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

/// The first handshake; answers what it showed, one sentence each.
pub(super) fn probe(house: &House, ask: &dyn Fn(&str)) -> Result<Vec<String>, Stop> {
    let theatre = Theatre::new(house);
    let play = theatre.opens()?;
    let posted = play.post()?;
    let began = |when: When| play.seen().iter().any(|seen| seen.when == when);
    play.wait(BACKGROUND, || began(When::RequestToken));
    if began(When::RequestToken) {
        play.wait(house.target.wait, || ended(&play.seen()));
    }
    let (mut shown, mut came) = (None, true);
    let visit = match (&house.target.identity, house.target.manual) {
        (None, _) => None,
        (Some(_), Some(patience)) => {
            shown = Some(Instant::now());
            ask(&play.link());
            let before = play.store.activity().0;
            let back = play.back.borrow().clone();
            let returned = || {
                let new = play.store.seen(before);
                new.iter().any(|seen| back.ends_with(&seen.request.target))
            };
            came = play.wait(patience, || house.stopped().is_some() || returned());
            None
        }
        (Some(_), None) => Some(play.look()?),
    };
    let start = Instant::now();
    play.wait(house.target.wait, || ended(&play.seen()) || gave_up(&play));
    if play.connected()? {
        let left = house.target.wait.saturating_sub(start.elapsed());
        play.wait(left.min(Duration::from_secs(5)), || began(When::Rest));
    }
    play.settle();
    let door = Door::of(&play.record(), shown);
    if play.connected()? && !door.calls && house.target.trigger.is_some() {
        theatre.calls_again(&play)?;
    }
    play.keep_quiet();
    let record = play.record();
    let mut notes = vec![format!(
        "the app answers the credentials POST with {}",
        posted.told()
    )];
    notes.push(format!("it exchanges {}", door.moment));
    if let Some(visit) = &visit {
        let given = !house.target.cookies.is_empty() && visit.end == VisitEnd::Login;
        let hint = if given {
            " although --cookie-file was given: its session is over, or the app asks again each time"
        } else {
            ""
        };
        notes.push(format!("the identity link leads to {}{hint}", visit.told()));
    }
    if !came {
        notes.push("nobody came back to the store from the identity link".to_owned());
    }
    notes.push(if door.calls {
        format!(
            "it calls the store by itself, {:.2} s after the exchange",
            door.call_gap.as_secs_f64()
        )
    } else if house.target.trigger.is_some() {
        "it does not call the store by itself: --trigger makes it".to_owned()
    } else {
        "it does not call the store within the wait: cases about calls do not apply; give --trigger or a longer --wait"
            .to_owned()
    });
    theatre.tells(record.clone());
    house.has_seen(door, record, theatre.scenes());
    Ok(notes)
}

fn ended(seen: &[Seen]) -> bool {
    let done = |seen: &Seen| seen.when == When::AccessToken && seen.done.is_some();
    seen.iter().any(done)
}

/// The store refused the request token: nothing more is to come.
fn gave_up(play: &Play<'_>) -> bool {
    let refused = |seen: &Seen| {
        seen.when == When::RequestToken && seen.done.is_some() && seen.status() != 200
    };
    play.seen().iter().any(refused)
}
