use jiff::fmt::rfc2822::DateTimeParser;

use crate::wire::{Headers, Request};

use super::admin::PanelError;
use super::lab::Lab;
use super::target::{Bench, SendError, USER_AGENT};
use super::{Said, Stop, said};

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

/// Looks whether the target can be tested at all: reachable, Magento-like, clock, sign-in, and whether the store reaches the suite's
/// callback endpoint. Answers what it found out, one sentence each.
///
/// # Errors
/// The first thing that makes every case pointless.
pub fn preflight(bench: &Bench) -> Result<Vec<String>, Preflight> {
    let mut notes = Vec::new();
    notes.extend(look_at_the_token_endpoint(bench)?);
    if let Some(admin) = &bench.target.access.admin {
        let panel =
            super::Panel::sign_in(bench, admin).map_err(|error| panel_failure(bench, &error))?;
        notes.push(format!(
            "signed in to the admin panel at {}; secret keys in its URLs are {}",
            admin.path,
            if panel.has_secret_keys() { "on" } else { "off" }
        ));
        bench
            .panels
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(panel);
        if bench.listener.is_some() {
            notes.push(reach_the_callback(bench)?);
        }
    }
    Ok(notes)
}

fn look_at_the_token_endpoint(bench: &Bench) -> Result<Vec<String>, Preflight> {
    let base = bench.target.base();
    let mut headers = Headers::default();
    headers.add("Host", bench.target.origin.authority());
    headers.add("User-Agent", USER_AGENT);
    let request = Request {
        method: "POST".to_owned(),
        target: format!("{}/oauth/token/request", bench.target.prefix),
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
    let wanted: Said = said::missing(&said::FIVE);
    let text = response.text();
    if bench.target.profile.name != "rfc5849" && !text.starts_with("oauth_problem=") {
        return Err(Preflight::NoStore(format!(
            "{base} is no Magento store: POST /oauth/token/request without a header answered {} and not 400 `{}`; \
             the cases were not begun",
            response.status,
            wanted.sentence()
        )));
    }
    let mut notes = vec![format!("{base} answers as a Magento-like store")];
    let date = response.headers.first("Date").unwrap_or_default();
    if let Ok(stamp) = DateTimeParser::new().parse_timestamp(date) {
        let skew = stamp.as_second() - bench.clock.now().0;
        if skew.abs() > 5 {
            notes.push(format!(
                "the store's clock differs from ours by {skew} s; timestamps follow the store's"
            ));
            *bench
                .lead
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner) = skew;
        }
    }
    Ok(notes)
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

/// Makes one integration and starts its exchange: the only honest way to know that the store reaches us.
fn reach_the_callback(bench: &Bench) -> Result<String, Preflight> {
    let lab = Lab::new(bench, "preflight");
    let found = lab.verified().and_then(|integration| {
        let posts = lab.listener()?.posts(&integration.name);
        let post = posts.last().cloned();
        post.ok_or_else(|| Stop::Harness("no credentials POST was kept".to_owned()))
    });
    lab.finish();
    match found {
        Ok(post) => {
            let seen = post.field("store_base_url");
            let ours = format!("{}/", bench.target.base());
            Ok(if seen == ours {
                "the store reaches the callback endpoint and calls itself by the URL under test"
                    .to_owned()
            } else {
                format!(
                    "the store reaches the callback endpoint; it calls itself `{seen}`, the URL under test is `{ours}`"
                )
            })
        }
        Err(Stop::CouldNotRun(reason)) => Err(Preflight::Configuration(format!(
            "the store did not send the credentials POST to {}: {reason}; give --listen and --public-url so that it can reach us",
            bench
                .listener
                .as_ref()
                .map(|listener| listener.url("…"))
                .unwrap_or_default()
        ))),
        Err(stop) => Err(Preflight::Configuration(format!(
            "the first integration could not be made: {stop:?}"
        ))),
    }
}
