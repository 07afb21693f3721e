use std::sync::PoisonError;

use jiff::fmt::rfc2822::DateTimeParser;

use crate::wire::{Headers, Origin, Request, Response};

use super::bench::{Bench, SendError, USER_AGENT};
use super::guess::guess;
use super::lab::{Lab, PROTECTED};
use super::leftover;
use super::pool::Integration;
use super::{Answer, Draft, PanelError, Stop, clean_up, said};

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
/// endpoint, how it calls itself, which signatures it takes and which profile it looks like. Answers what it found out, one sentence each.
///
/// # Errors
/// The first thing that makes every case pointless; what was made until then is deleted.
pub fn preflight(bench: &Bench) -> Result<Vec<String>, Preflight> {
    look(bench).map_err(|failure| {
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
    let (method, path) = if bench.target.read_only {
        ("GET", PROTECTED)
    } else {
        ("POST", "/oauth/token/request")
    };
    let mut headers = Headers::default();
    headers.add("Host", bench.target.origin.authority());
    headers.add("User-Agent", USER_AGENT);
    headers.add("Accept", "application/json");
    let request = Request {
        method: method.to_owned(),
        target: format!("{}{path}", bench.target.prefix),
        headers,
        body: Vec::new(),
    };
    let response = bench.send(&request).map_err(|error| match error {
        SendError::Wire(crate::wire::Error::NotHttp { .. }) => {
            Preflight::NoStore(format!("{base} is no Magento store: {error}"))
        }
        SendError::Wire(error) => {
            Preflight::Unreachable(format!("the store at {base} cannot be tested: {error}"))
        }
        error => Preflight::Configuration(error.to_string()),
    })?;
    let speaks = if bench.target.read_only {
        serde_json::from_slice::<serde_json::Value>(&response.body).is_ok()
    } else {
        response.text().starts_with("oauth_problem=")
    };
    if bench.target.profile.name != "rfc5849" && !speaks {
        return Err(no_store(&base, method, path, &response));
    }
    let mut notes = vec![format!("{base} answers as a Magento-like store")];
    let date = response.headers.first("Date").unwrap_or_default();
    if let Ok(stamp) = DateTimeParser::new().parse_timestamp(date) {
        let skew = stamp.as_second() - bench.clock.now().0;
        if skew.abs() > 5 {
            notes.push(format!(
                "the store's clock differs from ours by {skew} s; timestamps follow the store's"
            ));
            *bench.lead.lock().unwrap_or_else(PoisonError::into_inner) = skew;
        }
    }
    Ok(notes)
}

/// What stands in the way, as far as the answer tells.
fn no_store(base: &str, method: &str, path: &str, response: &Response) -> Preflight {
    let status = response.status;
    let asked = format!("{method} {path}");
    if let Some(location) = response.headers.first("Location")
        && (300..400).contains(&status)
    {
        return Preflight::Configuration(format!(
            "{base} sends {asked} on to {location}: give the store's own base URL"
        ));
    }
    if status == 401 && response.headers.first("WWW-Authenticate").is_some() {
        return Preflight::Configuration(format!(
            "{base} asks for a password of its web server (401 to {asked}): let magespec in without one"
        ));
    }
    if matches!(status, 502..=504) {
        return Preflight::Unreachable(format!(
            "{base} answers {status} to {asked}: the store is in maintenance or down; try again when it is up"
        ));
    }
    let hint = if status == 404 {
        "; if the store is installed in a folder or needs index.php, give the URL with it"
    } else {
        ""
    };
    Preflight::NoStore(format!(
        "{base} is no Magento store: {asked} without credentials answered {status} and not {}; \
         the cases were not begun{hint}",
        if method == "POST" {
            format!("400 `{}`", said::missing(&said::FIVE).sentence())
        } else {
            "JSON".to_owned()
        }
    ))
}

fn panel_failure(bench: &Bench, error: &PanelError) -> Preflight {
    match error {
        PanelError::Send(error) => Preflight::Unreachable(format!(
            "the admin panel of {} cannot be reached: {error}",
            bench.target.base()
        )),
        error => Preflight::Configuration(error.to_string()),
    }
}

/// What only an integration can find out.
fn look_closer(lab: &Lab<'_>, notes: &mut Vec<String>) -> Result<(), Preflight> {
    let access = &lab.bench().target.access;
    let caller = if access.credentials.is_some() {
        Some(look_with_credentials(lab, notes)?)
    } else if access.admin.is_some() {
        look_with_panel(lab, notes)?
    } else {
        None
    };
    match guess(lab, caller.as_ref()) {
        Ok(sentence) => notes.push(sentence),
        Err(stop) => notes.push(format!(
            "which profile it follows was not found out: {stop}"
        )),
    }
    Ok(())
}

/// Do the credentials work at all, and how does the store call itself?
fn look_with_credentials(lab: &Lab<'_>, notes: &mut Vec<String>) -> Result<Integration, Preflight> {
    let stopped = |stop: Stop| Preflight::Unreachable(stop.to_string());
    let caller = lab.active().map_err(stopped)?;
    let answer = sees_itself(lab, &lab.rest(&caller), None)?;
    if matches!(answer.status(), 400 | 401 | 403) {
        return Err(Preflight::Configuration(format!(
            "the credentials are refused: GET {PROTECTED} answered {}; give those of an active integration that may read all stores (Magento_Backend::store)",
            answer.summary()
        )));
    }
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
    let answer = sees_itself(lab, &draft, told.as_ref())?;
    // A store whose exchange goes wrong is what the cases are for.
    let exchanged = lab
        .take_request_token(&mut integration, &answer)
        .and_then(|()| lab.obtain_access_token(&mut integration));
    Ok(exchanged.is_ok().then_some(integration))
}

/// Sends a good request; when its signature is refused, tries whether the store would take one for another scheme, host or port than it was
/// asked under: a proxy that hides them makes every signature wrong.
fn sees_itself(lab: &Lab<'_>, draft: &Draft, told: Option<&Origin>) -> Result<Answer, Preflight> {
    let stopped = |stop: Stop| Preflight::Unreachable(stop.to_string());
    let answer = lab.send(draft).map_err(stopped)?;
    let wrong = said::M16.template;
    if !answer.text().contains(wrong) && !answer.text().contains(&said::M16.form_body()) {
        return Ok(answer);
    }
    let ours = lab.origin();
    let authority = lab.authority();
    let host = &lab.bench().target.origin.host;
    let mut others: Vec<String> = told.map(Origin::to_string).into_iter().collect();
    for scheme in ["http", "https"] {
        others.push(format!("{scheme}://{authority}"));
        others.push(format!("{scheme}://{host}"));
    }
    for other in others.into_iter().filter(|other| *other != ours) {
        let mut changed = draft.clone();
        changed
            .set("oauth_nonce", &lab.nonce())
            .signed_url(|url| url.replacen(&ours, &other, 1));
        if lab.send(&changed).map_err(stopped)?.accepted() {
            return Err(Preflight::Configuration(format!(
                "the store takes itself for {other} and not for {ours}, so that no signature for the URL under test is right: let its proxy pass Host and X-Forwarded-Proto on, or give the URL {other}"
            )));
        }
    }
    Ok(answer)
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
