//! What is found out about a target before the first case.

mod error;
mod guess;
mod leftover;
mod manual;
mod obstacle;
mod passing;
mod settings;

pub use error::PreflightError;
pub use leftover::{LeftOver, remove_left_over};
pub use manual::Invitation;

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::fmt::rfc2822::DateTimeParser;

use crate::wire::{Origin, Response};

use crate::conformance::lab::Integration;
use crate::conformance::lab::Lab;
use crate::conformance::lab::Run;
use crate::conformance::panel::PanelError;
use crate::conformance::probe::PROTECTED;
use crate::conformance::result::Stop;
use crate::conformance::runner::clean_up;
use guess::guess;
use obstacle::Door;

/// How often a store that gives no answer of use is tried again: it may be away for a moment.
const TRIES: usize = 3;

/// Looks whether the target can be tested at all: reachable, Magento-like, clock, sign-in, whether the store reaches the suite's callback
/// endpoint, how it calls itself, which signatures it takes, how it is set and which profile it looks like. Answers what it found out, one
/// sentence each; what cases have to know of it stays with the run.
///
/// # Errors
/// The first thing that makes every case pointless; what was made until then is deleted.
pub fn preflight(run: &Run) -> Result<Vec<String>, PreflightError> {
    let mut tries = 1;
    let found = loop {
        match look(run) {
            Err(PreflightError::Unreachable(_)) if tries < TRIES && run.channel.is_disturbed() => {
                tries += 1;
                run.session.turn().leave();
            }
            found => break found,
        }
    };
    found.map_err(|failure| {
        let left = clean_up(run);
        if let Some(budget) = run.channel.spent() {
            return PreflightError::Configuration(format!(
                "the budget of {budget} requests was spent before the first case: give a larger --budget"
            ));
        }
        match failure {
            PreflightError::Configuration(text) if !left.is_empty() => {
                PreflightError::Configuration(format!("{text}; {}", left.join("; ")))
            }
            failure => failure,
        }
    })
}

/// Only whether somebody is there who speaks like a store, before a person is asked to do something.
///
/// # Errors
/// As [`preflight`].
pub fn reachable(run: &Run) -> Result<(), PreflightError> {
    reach(run).map(|_| ())
}

fn look(run: &Run) -> Result<Vec<String>, PreflightError> {
    let mut notes = reach(run)?;
    if let Some(admin) = &run.target().access.admin {
        let mut seat = run.session.turn();
        let panel = seat
            .panel(&run.channel)
            .map_err(|error| panel_failure(run, &error))?;
        notes.push(format!(
            "signed in to the admin panel at {}; secret keys in its URLs are {}",
            admin.path,
            if panel.has_secret_keys() { "on" } else { "off" }
        ));
        let rows = leftover::left_over(run, panel);
        let rows = rows.map_err(|error| panel_failure(run, &error))?;
        notes.extend(leftover::sentence(&rows));
    }
    let lab = Lab::new(run, "preflight");
    let found = look_closer(&lab, &mut notes);
    lab.finish(true);
    found.map(|()| notes)
}

/// Is anybody there, and does it speak like a store?
fn reach(run: &Run) -> Result<Vec<String>, PreflightError> {
    let base = run.target().base();
    let response = obstacle::heard(run, "GET", PROTECTED)?;
    if run.target().profile.name != "rfc5849" {
        let door = obstacle::door(run, &response)?;
        run.observe(|observed| observed.guest_access = door == Door::Open);
        if !run.target().read_only {
            obstacle::token_endpoint(run, &response)?;
        }
    }
    let mut notes = vec![format!("{base} answers as a Magento-like store")];
    if run.observed().guest_access {
        notes.push(
            "guests may read catalogue, pages and stores: `webapi/webapisecurity/allow_insecure` is on; signatures are tried on a route that stays closed"
                .to_owned(),
        );
    }
    notes.extend(look_at_clock(run, &response));
    Ok(notes)
}

fn look_at_clock(run: &Run, response: &Response) -> Option<String> {
    let date = response.headers.first("Date").unwrap_or_default();
    let stamp = DateTimeParser::new().parse_timestamp(date).ok()?;
    let skew = stamp.as_second() - run.channel.clock.now().0;
    if skew.abs() <= 5 {
        return None;
    }
    *lock(&run.channel.lead) = skew;
    Some(format!(
        "the store's clock differs from ours by {skew} s; timestamps follow the store's"
    ))
}

fn panel_failure(run: &Run, error: &PanelError) -> PreflightError {
    match error {
        PanelError::Send(error) => PreflightError::Unreachable(format!(
            "the admin panel of {} cannot be reached: {error}",
            run.target().base()
        )),
        PanelError::Refused(_) | PanelError::NoIntegrations => PreflightError::Configuration(
            passing::lost_cookies(run).unwrap_or_else(|| error.to_string()),
        ),
        error => PreflightError::Configuration(error.to_string()),
    }
}

/// What only an integration can find out.
fn look_closer(lab: &Lab<'_>, notes: &mut Vec<String>) -> Result<(), PreflightError> {
    let access = &lab.run().target().access;
    if (access.credentials.is_some() || access.admin.is_some()) && lab.profile().name != "rfc5849" {
        passing::header_arrives(lab)?;
    }
    let caller = if access.credentials.is_some() {
        Some(look_with_credentials(lab, notes)?)
    } else if access.admin.is_some() {
        look_with_panel(lab, notes)?
    } else {
        None
    };
    settings::read(lab, caller.as_ref(), notes);
    match guess(lab, caller.as_ref()) {
        Ok(sentence) => notes.push(sentence),
        Err(stop) => notes.push(format!(
            "which profile it follows was not found out: {stop}"
        )),
    }
    Ok(())
}

/// Do the credentials work at all, and how does the store call itself? They do when they open what a guest is refused.
fn look_with_credentials(
    lab: &Lab<'_>,
    notes: &mut Vec<String>,
) -> Result<Integration, PreflightError> {
    let stopped = |stop: Stop| PreflightError::Unreachable(stop.to_string());
    let caller = lab.active().map_err(stopped)?;
    let answer = passing::seen_as_sent(lab, &lab.rest(&caller), None)?;
    let guest = lab
        .send(&lab.guest("GET", lab.protected()))
        .map_err(stopped)?;
    if answer.status() != 200 || guest.accepted() {
        return Err(passing::not_accepted(lab, &caller, &answer, &guest));
    }
    lab.run().observe(|observed| observed.signed = true);
    let configuration = lab
        .send(&lab.rest_at(&caller, "/rest/V1/store/storeConfigs"))
        .map_err(stopped)?;
    let base = configuration.json()[0]["base_url"]
        .as_str()
        .map(ToOwned::to_owned);
    notes.push(match base {
        Some(base) => format!("the credentials are accepted; {}", calls_itself(lab, &base)),
        None => "the credentials are accepted".to_owned(),
    });
    Ok(caller)
}

/// Makes one integration and plays its exchange: the only honest way to know that the store reaches us.
fn look_with_panel(
    lab: &Lab<'_>,
    notes: &mut Vec<String>,
) -> Result<Option<Integration>, PreflightError> {
    let Ok(listener) = lab.listener() else {
        return Ok(None);
    };
    let mut integration = match lab.verified() {
        Ok(integration) => integration,
        Err(stop) if lab.run().channel.is_disturbed() => {
            return Err(PreflightError::Unreachable(stop.to_string()));
        }
        Err(Stop::CouldNotRun(reason)) => {
            return Err(PreflightError::Configuration(format!(
                "the store did not send the credentials POST to {}: {reason}; give --listen and --public-url so that it can reach us",
                listener.url("…")
            )));
        }
        Err(stop) => {
            return Err(PreflightError::Configuration(format!(
                "the first integration could not be made: {stop}"
            )));
        }
    };
    let posts = listener.posts(&integration.name);
    let base = posts.last().map(|post| post.field("store_base_url"));
    let base = base.unwrap_or_default();
    notes.push(format!(
        "the store reaches the callback endpoint; {}",
        calls_itself(lab, &base)
    ));
    let draft = lab.token_request(&integration);
    let told = Origin::split(&base).ok().map(|(origin, _)| origin);
    let answer = passing::seen_as_sent(lab, &draft, told.as_ref())?;
    // A store whose exchange goes wrong is what the cases are for.
    let exchanged = lab
        .take_request_token(&mut integration, &answer)
        .and_then(|()| lab.obtain_access_token(&mut integration));
    if lab.run().channel.is_disturbed() {
        return Err(PreflightError::Unreachable(
            exchanged
                .err()
                .map_or_else(String::new, |stop| stop.to_string()),
        ));
    }
    if listener.count(&integration.name) > 1 && !is_told_once(lab, &integration.name) {
        let reason = format!(
            "requests reach the store more than once: one activation made it send {} credentials POSTs; let whatever repeats them send each once",
            listener.count(&integration.name)
        );
        notes.push(reason.clone());
        lab.run()
            .observe(|observed| observed.unreliable = Some(reason));
    }
    if exchanged.is_err() {
        return Ok(None);
    }
    let signed = lab.send(&lab.rest(&integration));
    let signed = signed.is_ok_and(|answer| answer.accepted());
    lab.run().observe(|observed| observed.signed = signed);
    Ok(Some(integration))
}

/// Whether the panel says once that this integration was sent for activation: then it was asked once, and posted more than once by itself.
fn is_told_once(lab: &Lab<'_>, name: &str) -> bool {
    let told = lab.with_panel(|panel| {
        panel.grid(lab.channel())?;
        let heard = panel.heard().iter();
        let sent = heard.filter(|text| text.contains(name) && text.contains("sent for activation"));
        Ok(sent.count())
    });
    told.is_ok_and(|told| told == 1)
}

/// How the store's base URL compares with the URL under test.
fn calls_itself(lab: &Lab<'_>, base: &str) -> String {
    let ours = lab.base();
    if base == format!("{}{}/", lab.origin(), lab.run().target().folder()) {
        "the store calls itself by the URL under test".to_owned()
    } else {
        format!("the store calls itself `{base}`, the URL under test is `{ours}/`")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
