//! What is in the way of a run, in one sentence, as far as an answer without credentials tells.

use serde_json::Value;

use crate::wire::{Headers, Request, Response};

use super::PreflightError;
use crate::conformance::channel::SendError;
use crate::conformance::channel::{is_known_wall, is_page, speaker, wall};
use crate::conformance::lab::Run;
use crate::conformance::probe::PROTECTED;
use crate::conformance::probe::USER_AGENT;
use crate::conformance::probe::{answer, said};

/// Schemes with which a web server asks for a password of its own.
const PASSWORD_SCHEMES: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];
/// What a text begins with that was saved with a byte order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A request without any credentials at the target's base URL, with whatever is answered.
pub(crate) fn heard(run: &Run, method: &str, path: &str) -> Result<Response, PreflightError> {
    heard_at(run, &run.target().prefix, method, path)
}

fn heard_at(run: &Run, prefix: &str, method: &str, path: &str) -> Result<Response, PreflightError> {
    let base = run.target().base();
    let mut headers = Headers::default();
    headers.add("Host", run.target().origin.authority());
    headers.add("User-Agent", USER_AGENT);
    headers.add("Accept", "application/json");
    let request = Request {
        method: method.to_owned(),
        target: format!("{prefix}{path}"),
        headers,
        body: Vec::new(),
    };
    run.channel.hear(&request).map_err(|error| match error {
        SendError::Wire(crate::wire::Error::NotHttp { .. }) => {
            PreflightError::NoStore(format!("{base} is no Magento store: {error}"))
        }
        SendError::Wire(error) => {
            PreflightError::Unreachable(format!("the store at {base} cannot be tested: {error}"))
        }
        error => PreflightError::Configuration(error.to_string()),
    })
}

/// What a guest is answered at [`PROTECTED`] by a store that can be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Refused.
    Closed,
    /// Guests are let in.
    Open,
}

/// Whether a store answers here that can be tested, and lets guests in or not.
pub(crate) fn door(run: &Run, response: &Response) -> Result<Door, PreflightError> {
    if let Some(door) = answers(response) {
        return Ok(door);
    }
    if !run.target().prefix.is_empty()
        && !in_between(response)
        && let Some(sentence) = other_base(run)
    {
        return Err(PreflightError::Configuration(sentence));
    }
    if let Some(obstacle) = obstacle(run, "GET", PROTECTED, response) {
        return Err(obstacle);
    }
    let json: Option<Value> = serde_json::from_slice(&response.body).ok();
    match json {
        Some(json)
            if says(&json, said::NO_ROUTE.template) || says(&json, said::NO_REQUEST.template) =>
        {
            Err(PreflightError::NoStore(format!(
                "{} is not the base URL of a store: GET {PROTECTED} answered {} {}; give the URL of the shop's front page, without `/rest`",
                run.target().base(),
                response.status,
                answer::shortened(&response.text())
            )))
        }
        Some(_) if response.status >= 500 => Err(PreflightError::Unreachable(format!(
            "{} answers {} to GET {PROTECTED}: {}; its database or its cache may be away, look into its log",
            run.target().base(),
            response.status,
            answer::shortened(&response.text())
        ))),
        // A store of its own kind: what it says is what the cases are for.
        Some(_) => Ok(Door::Closed),
        None => Err(no_store(run, "GET", PROTECTED, response, "JSON")),
    }
}

/// Whether a store's token endpoint answers here.
pub(crate) fn token_endpoint(run: &Run, rest: &Response) -> Result<(), PreflightError> {
    let (method, path) = ("POST", "/oauth/token/request");
    let response = heard(run, method, path)?;
    if response.text().starts_with("oauth_problem=") {
        // Both refusals with a status of their own: that is no slip of one handler.
        let rewritten = (200..300).contains(&response.status)
            || (response.status != 400 && rest.status != 401 && rest.status >= 400);
        if !rewritten {
            return Ok(());
        }
        return Err(rewritten_status(
            run,
            &format!("{method} {path}"),
            response.status,
            400,
        ));
    }
    if let Some(obstacle) = obstacle(run, method, path, &response) {
        return Err(obstacle);
    }
    let wanted = format!("400 `{}`", said::missing(&said::FIVE).sentence());
    Err(no_store(run, method, path, &response, &wanted))
}

/// The two answers of a store whose REST API is here.
fn answers(response: &Response) -> Option<Door> {
    let json: Value = serde_json::from_slice(&response.body).ok()?;
    let refused = says(&json, said::unauthorized("").template);
    match response.status {
        401 if refused => Some(Door::Closed),
        200 if json.is_array() => Some(Door::Open),
        _ => None,
    }
}

fn says(json: &Value, template: &str) -> bool {
    json["message"].as_str() == Some(template)
}

/// Whether the answer is that of a gateway or of a password of the web server, at every path alike.
fn in_between(response: &Response) -> bool {
    asks_for_password(response) || matches!(response.status, 429 | 502..=504 | 520..=530)
}

fn asks_for_password(response: &Response) -> bool {
    let asked = response
        .headers
        .first("WWW-Authenticate")
        .unwrap_or_default();
    let scheme = asked.split([' ', ',']).next().unwrap_or_default();
    response.status == 401 && PASSWORD_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())
}

/// A folder above at which a store answers.
fn other_base(run: &Run) -> Option<String> {
    let mut above: Vec<&str> = Vec::new();
    let mut rest = run.target().prefix.as_str();
    while let Some((before, _)) = rest.rsplit_once('/') {
        above.push(before);
        rest = before;
    }
    // The shop's own URL rather than that of its script.
    above.sort_by_key(|prefix| prefix.ends_with("/index.php"));
    let right = above.into_iter().find(|prefix| {
        let heard = heard_at(run, prefix, "GET", PROTECTED);
        heard.is_ok_and(|response| answers(&response).is_some())
    })?;
    let (base, right) = (
        run.target().base(),
        format!("{}{right}", run.target().origin),
    );
    let is_api = run.target().prefix.split('/').any(|part| part == "rest");
    Some(if is_api {
        format!("`{base}` is the address of the REST API; give the store's base URL `{right}`")
    } else {
        format!("`{base}` is not the store's base URL; a store answers at `{right}`: give that")
    })
}

/// What stands in the way, as far as the answer tells.
fn obstacle(run: &Run, method: &str, path: &str, response: &Response) -> Option<PreflightError> {
    let base = run.target().base();
    let status = response.status;
    let asked = format!("{method} {path}");
    let configuration = |text: String| Some(PreflightError::Configuration(text));
    if let Some(location) = response.headers.first("Location")
        && (300..400).contains(&status)
    {
        return configuration(format!(
            "{base} sends {asked} on to {location}: give the store's own base URL"
        ));
    }
    if asks_for_password(response) {
        return configuration(if run.target().passage.basic.is_some() {
            format!(
                "the web server at {base} refuses what --basic-auth-file gives (401 to {asked}): check it; nginx reads no password beside another scheme in the field, so let magespec in by its address there"
            )
        } else {
            format!(
                "{base} asks for a password of its web server (401 to {asked}): give it with --basic-auth-file FILE, one line `user:password`, or let magespec in without one"
            )
        });
    }
    if status == 429 {
        return Some(PreflightError::Unreachable(format!(
            "{base} answers 429 to {asked}{}: something in front of it limits requests; give a lower --rate",
            speaker(response)
        )));
    }
    if is_page(response) && is_known_wall(response) && status != 404 {
        return Some(PreflightError::NoStore(wall(response)));
    }
    if matches!(status, 502..=504 | 520..=530) {
        return Some(PreflightError::Unreachable(format!(
            "{base} answers {status} to {asked}{}: the store is in maintenance or down; try again when it is up",
            speaker(response)
        )));
    }
    if let Some(coding) = response.headers.first("Content-Encoding")
        && !coding.eq_ignore_ascii_case("identity")
    {
        return configuration(format!(
            "something in front of {base} encodes answers as {} that nobody asked for (`Content-Encoding` of {asked}, which was sent without `Accept-Encoding`): switch that off for magespec",
            answer::shortened(coding)
        ));
    }
    if response.body.starts_with(BYTE_ORDER_MARK) {
        return configuration(format!(
            "the answers of {base} begin with a byte order mark (EF BB BF before `{}`): something in front adds it, or a PHP file of the store was saved with one; no client reads such JSON",
            answer::shortened(response.text().trim_start_matches('\u{feff}'))
        ));
    }
    if is_page(response) && matches!(status, 403 | 405 | 406 | 451) {
        return Some(PreflightError::NoStore(wall(response)));
    }
    let text = response.text();
    let json: Result<Value, _> = serde_json::from_str(&text);
    if let Ok(json) = &json
        && says(json, said::unauthorized("").template)
        && (200..300).contains(&status)
    {
        return Some(rewritten_status(run, &asked, status, 401));
    }
    if json.is_err() && text.starts_with(['{', '[']) {
        return configuration(format!(
            "something in front of {base} cuts the bodies of answers: {asked} was answered {status} with {} bytes of JSON that end in the middle: `{}`",
            response.body.len(),
            answer::shortened(&text)
        ));
    }
    None
}

fn rewritten_status(run: &Run, asked: &str, came: u16, right: u16) -> PreflightError {
    PreflightError::Configuration(format!(
        "something in front of {} rewrites the status of answers: the store's own refusal of {asked} came with {came} and not {right}; let the status through as the store gives it",
        run.target().base()
    ))
}

fn no_store(
    run: &Run,
    method: &str,
    path: &str,
    response: &Response,
    wanted: &str,
) -> PreflightError {
    let hint = if response.status == 404 {
        "; if the store is installed in a folder or needs index.php, give the URL with it"
    } else {
        ""
    };
    PreflightError::NoStore(format!(
        "{} is no Magento store: {method} {path} without credentials answered {}{} and not {wanted}; the cases were not begun{hint}",
        run.target().base(),
        response.status,
        speaker(response)
    ))
}
