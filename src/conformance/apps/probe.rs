//! The first handshake, which shows when the app exchanges and whether it calls the store by itself.

use std::time::{Duration, Instant};

use crate::conformance::result::Stop;

use super::door::Door;
use super::house::{First, House};
use super::played::When;
use super::theatre::Theatre;
use super::visit::VisitEnd;

/// How long an app that exchanges in the background has before the merchant comes.
const BACKGROUND: Duration = Duration::from_millis(1200);

/// The first handshake. Answers what it showed, one sentence each; `ask` is told of the link that a person has to open.
///
/// # Errors
/// When the store cannot be played, or nothing takes the credentials POST.
pub fn first_handshake(house: &House, ask: &dyn Fn(&str)) -> Result<Vec<String>, Stop> {
    let theatre = Theatre::new(house);
    let play = theatre.opens()?;
    let posted = play.post()?;
    let began = |when: When| play.seen().iter().any(|seen| seen.when == when);
    play.wait(BACKGROUND, || began(When::RequestToken));
    if began(When::RequestToken) {
        play.wait(house.target.wait, || play.has_ended());
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
    play.wait(house.target.wait, || play.is_over());
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
    house.has_seen(First {
        door,
        record,
        opening: theatre.scenes(),
    });
    Ok(notes)
}
