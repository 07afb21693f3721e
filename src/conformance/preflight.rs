use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::fmt::rfc2822::DateTimeParser;

use crate::wire::{Origin, Response};

use super::bench::Bench;
use super::guess::guess;
use super::lab::{Lab, PROTECTED};
use super::leftover;
use super::obstacle::{self, Door};
use super::passing;
use super::pool::Integration;
use super::settings;
use super::{PanelError, Stop, clean_up};

/// How often a store that gives no answer of use is tried again: it may be away for a moment.
const TRIES: usize = 3;

/// Why the cases were not begun, by what the operator has to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Preflight {
    /// Nothing answers at the URL.
    #[error("{0}")]
    Unreachable(String),
    /// Something answers, but it is no Magento-like store.
    #[error("{0}")]
    NoStore(String),
    /// A flag is wrong or missing.
    #[error("{0}")]
    Configuration(String),
}

/// Looks whether the target can be tested at all: reachable, Magento-like, clock, sign-in, whether the store reaches the suite's callback
/// endpoint, how it calls itself, which signatures it takes, how it is set and which profile it looks like. Answers what it found out, one
/// sentence each; what cases have to know of it stays with the bench.
///
/// # Errors
/// The first thing that makes every case pointless; what was made until then is deleted.
pub fn preflight(bench: &Bench) -> Result<Vec<String>, Preflight> {
    let mut tries = 1;
    let found = loop {
        match look(bench) {
            Err(Preflight::Unreachable(_)) if tries < TRIES && bench.is_disturbed() => {
                tries += 1;
                bench.session.turn().leave();
            }
            found => break found,
        }
    };
    found.map_err(|failure| {
        let left = clean_up(bench);
        if let Some(budget) = bench.spent() {
            return Preflight::Configuration(format!(
                "the budget of {budget} requests was spent before the first case: give a larger --budget"
            ));
        }
        match failure {
            Preflight::Configuration(text) if !left.is_empty() => {
                Preflight::Configuration(format!("{text}; {}", left.join("; ")))
            }
            failure => failure,
        }
    })
}

/// Only whether somebody is there who speaks like a store, before a person is asked to do something.
///
/// # Errors
/// As [`preflight`].
pub fn reachable(bench: &Bench) -> Result<(), Preflight> {
    reach(bench).map(|_| ())
}

fn look(bench: &Bench) -> Result<Vec<String>, Preflight> {
    let mut notes = reach(bench)?;
    if let Some(admin) = &bench.target.access.admin {
        let mut seat = bench.session.turn();
        let panel = seat
            .panel(bench)
            .map_err(|error| panel_failure(bench, &error))?;
        notes.push(format!(
            "signed in to the admin panel at {}; secret keys in its URLs are {}",
            admin.path,
            if panel.has_secret_keys() { "on" } else { "off" }
        ));
        let rows = leftover::left_over(bench, panel);
        let rows = rows.map_err(|error| panel_failure(bench, &error))?;
        notes.extend(leftover::sentence(&rows));
    }
    let lab = Lab::new(bench, "preflight");
    let found = look_closer(&lab, &mut notes);
    lab.finish(true);
    found.map(|()| notes)
}

/// Is anybody there, and does it speak like a store?
fn reach(bench: &Bench) -> Result<Vec<String>, Preflight> {
    let base = bench.target.base();
    let response = obstacle::heard(bench, "GET", PROTECTED)?;
    if bench.target.profile.name != "rfc5849" {
        let door = obstacle::door(bench, &response)?;
        bench.observe(|observed| observed.guest_access = door == Door::Open);
        if !bench.target.read_only {
            obstacle::token_endpoint(bench, &response)?;
        }
    }
    let mut notes = vec![format!("{base} answers as a Magento-like store")];
    if bench.observed().guest_access {
        notes.push(
            "guests may read catalogue, pages and stores: `webapi/webapisecurity/allow_insecure` is on; signatures are tried on a route that stays closed"
                .to_owned(),
        );
    }
    notes.extend(look_at_clock(bench, &response));
    Ok(notes)
}

fn look_at_clock(bench: &Bench, response: &Response) -> Option<String> {
    let date = response.headers.first("Date").unwrap_or_default();
    let stamp = DateTimeParser::new().parse_timestamp(date).ok()?;
    let skew = stamp.as_second() - bench.clock.now().0;
    if skew.abs() <= 5 {
        return None;
    }
    *lock(&bench.lead) = skew;
    Some(format!(
        "the store's clock differs from ours by {skew} s; timestamps follow the store's"
    ))
}

fn panel_failure(bench: &Bench, error: &PanelError) -> Preflight {
    match error {
        PanelError::Send(error) => Preflight::Unreachable(format!(
            "the admin panel of {} cannot be reached: {error}",
            bench.target.base()
        )),
        PanelError::Refused(_) | PanelError::NoIntegrations => Preflight::Configuration(
            passing::lost_cookies(bench).unwrap_or_else(|| error.to_string()),
        ),
        error => Preflight::Configuration(error.to_string()),
    }
}

/// What only an integration can find out.
fn look_closer(lab: &Lab<'_>, notes: &mut Vec<String>) -> Result<(), Preflight> {
    let access = &lab.bench().target.access;
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
fn look_with_credentials(lab: &Lab<'_>, notes: &mut Vec<String>) -> Result<Integration, Preflight> {
    let stopped = |stop: Stop| Preflight::Unreachable(stop.to_string());
    let caller = lab.active().map_err(stopped)?;
    let answer = passing::seen_as_sent(lab, &lab.rest(&caller), None)?;
    let guest = lab
        .send(&lab.guest("GET", lab.protected()))
        .map_err(stopped)?;
    if answer.status() != 200 || guest.accepted() {
        return Err(passing::not_accepted(lab, &caller, &answer, &guest));
    }
    lab.bench().observe(|observed| observed.signed = true);
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
) -> Result<Option<Integration>, Preflight> {
    let Ok(listener) = lab.listener() else {
        return Ok(None);
    };
    let mut integration = match lab.verified() {
        Ok(integration) => integration,
        Err(stop) if lab.bench().is_disturbed() => {
            return Err(Preflight::Unreachable(stop.to_string()));
        }
        Err(Stop::CouldNotRun(reason)) => {
            return Err(Preflight::Configuration(format!(
                "the store did not send the credentials POST to {}: {reason}; give --listen and --public-url so that it can reach us",
                listener.url("…")
            )));
        }
        Err(stop) => {
            return Err(Preflight::Configuration(format!(
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
    if lab.bench().is_disturbed() {
        return Err(Preflight::Unreachable(
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
        lab.bench()
            .observe(|observed| observed.unreliable = Some(reason));
    }
    if exchanged.is_err() {
        return Ok(None);
    }
    let signed = lab.send(&lab.rest(&integration));
    let signed = signed.is_ok_and(|answer| answer.accepted());
    lab.bench().observe(|observed| observed.signed = signed);
    Ok(Some(integration))
}

/// Whether the panel says once that this integration was sent for activation: then it was asked once, and posted more than once by itself.
fn is_told_once(lab: &Lab<'_>, name: &str) -> bool {
    let told = lab.with_panel(|panel| {
        panel.grid(lab.bench())?;
        let heard = panel.heard().iter();
        let sent = heard.filter(|text| text.contains(name) && text.contains("sent for activation"));
        Ok(sent.count())
    });
    told.is_ok_and(|told| told == 1)
}

/// How the store's base URL compares with the URL under test.
fn calls_itself(lab: &Lab<'_>, base: &str) -> String {
    let ours = lab.base();
    if base == format!("{}{}/", lab.origin(), lab.bench().target.folder()) {
        "the store calls itself by the URL under test".to_owned()
    } else {
        format!("the store calls itself `{base}`, the URL under test is `{ours}/`")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
