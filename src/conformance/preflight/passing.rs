//! Whether what is sent arrives as it was sent: the `Authorization` field, host, scheme, path and query, the panel's cookies.

use crate::secret::Secret;
use crate::wire::{Headers, Origin, Request, Response};

use super::PreflightError;
use crate::conformance::lab::Lab;
use crate::conformance::lab::Run;
use crate::conformance::lab::{Integration, Token};
use crate::conformance::markup::Markup;
use crate::conformance::probe::USER_AGENT;
use crate::conformance::probe::{Answer, Draft, said};
use crate::conformance::result::Stop;

/// A consumer key and token that no store has given out.
const NOBODY: &str = "magespec0nobody0magespec0nobody0";

/// Somebody whom no store knows.
pub(crate) fn stranger() -> Integration {
    Integration {
        key: NOBODY.to_owned(),
        secret: Secret::from(NOBODY),
        verifier: Secret::from(NOBODY),
        access: Token {
            value: NOBODY.to_owned(),
            secret: Secret::from(NOBODY),
        },
        ..Integration::default()
    }
}

fn stopped(stop: &Stop) -> PreflightError {
    PreflightError::Unreachable(stop.to_string())
}

/// Sends requests of a stranger: a store that sees their header says so, one that does not takes them for a guest's.
pub(crate) fn header_arrives(lab: &Lab<'_>) -> Result<(), PreflightError> {
    let stranger = stranger();
    let rest = lab.rest(&stranger);
    let answer = lab.send(&rest).map_err(|stop| stopped(&stop))?;
    if says(&answer, said::unauthorized("").template) {
        return Err(header_is_lost(lab, "one without any"));
    }
    if lacks_parameters(&answer) {
        return Err(header_is_lost(lab, &answer.summary()));
    }
    if lab.run().target().read_only {
        return Ok(());
    }
    let answer = lab
        .send(&lab.token_request(&stranger))
        .map_err(|stop| stopped(&stop))?;
    if answer.text() == said::missing(&said::FIVE).form_body() {
        return Err(header_is_lost(lab, "one without any"));
    }
    if lacks_parameters(&answer) {
        return Err(header_is_lost(lab, &answer.summary()));
    }
    Ok(())
}

/// Whether the store misses a parameter, although every one was sent.
fn lacks_parameters(answer: &Answer) -> bool {
    let template = said::missing(&[]).template;
    let several = "One or more input exceptions have occurred.";
    says(answer, template)
        || says(answer, several)
        || answer.text().contains("+is+required.+Enter+and+try+again")
}

fn says(answer: &Answer, template: &str) -> bool {
    answer.json()["message"].as_str() == Some(template)
}

fn header_is_lost(lab: &Lab<'_>, answered_as: &str) -> PreflightError {
    let basic = if lab.run().target().passage.basic.is_some() {
        ", or the store does not read OAuth behind Basic in one field: let magespec in without --basic-auth-file"
    } else {
        ""
    };
    PreflightError::Configuration(format!(
        "the Authorization header does not reach the store whole: a request with a broken signature is answered as {answered_as}; let the web server pass it on (Apache CGI: `CGIPassAuth On`, FastCGI: `SetEnvIf Authorization \"(.*)\" HTTP_AUTHORIZATION=$1`, nginx: `fastcgi_param HTTP_AUTHORIZATION $http_authorization`){basic}"
    ))
}

/// Sends a good request; when its signature is refused, tries whether the store would take one for another scheme, host or port than it was
/// asked under: a proxy that hides them makes every signature wrong.
pub(crate) fn seen_as_sent(
    lab: &Lab<'_>,
    draft: &Draft,
    told: Option<&Origin>,
) -> Result<Answer, PreflightError> {
    let answer = lab.send(draft).map_err(|stop| stopped(&stop))?;
    if is_used_nonce(&answer) {
        return Err(PreflightError::Configuration(format!(
            "requests reach the store more than once: the first request with a new nonce was answered {}; let whatever repeats them send each once",
            answer.summary()
        )));
    }
    if !is_wrong_signature(&answer) {
        return Ok(answer);
    }
    let ours = lab.origin();
    let again = |other: &str| {
        let mut changed = draft.clone();
        changed
            .set("oauth_nonce", &lab.nonce())
            .signed_url(|url| url.replacen(&ours, other, 1));
        lab.send(&changed).map_err(|stop| stopped(&stop))
    };
    for other in other_origins(lab, told) {
        if again(&other)?.accepted() {
            return Err(PreflightError::Configuration(format!(
                "the store takes itself for {other} and not for {ours}, so that no signature for the URL under test is right: let its proxy pass Host and X-Forwarded-Proto on, or give the URL {other}"
            )));
        }
    }
    let mut older = draft.clone();
    older
        .set("oauth_nonce", &lab.nonce())
        .set("oauth_signature_method", "HMAC-SHA1");
    let older = lab.send(&older).map_err(|stop| stopped(&stop))?;
    if older.accepted() {
        return Ok(older);
    }
    let authority = lab.authority();
    let elsewhere = format!(
        "the store checks signatures for another host than {authority}, or for another scheme, path or query than it is asked for: let its proxy pass Host on, and X-Forwarded-Proto, path and query unchanged"
    );
    Err(PreflightError::Configuration(
        if lab.run().target().access.credentials.is_some() {
            format!(
                "the signature is refused ({}): either a secret in the file of --credentials is not the one that belongs to its key, or {elsewhere}",
                answer.summary()
            )
        } else {
            format!(
                "{elsewhere}; a request signed with credentials that it has just given out is answered {}",
                answer.summary()
            )
        },
    ))
}

fn is_wrong_signature(answer: &Answer) -> bool {
    let text = answer.text();
    text.contains(said::M16.template) || text.contains(&said::M16.form_body())
}

fn is_used_nonce(answer: &Answer) -> bool {
    let used = said::nonce_used();
    let form = used.form_body();
    let form = form.trim_end_matches('*');
    says(answer, used.template) || answer.text().starts_with(form)
}

fn other_origins(lab: &Lab<'_>, told: Option<&Origin>) -> Vec<String> {
    let (ours, authority) = (lab.origin(), lab.authority());
    let host = &lab.run().target().origin.host;
    let mut others: Vec<String> = told.map(Origin::to_string).into_iter().collect();
    for scheme in ["http", "https"] {
        others.push(format!("{scheme}://{authority}"));
        others.push(format!("{scheme}://{host}"));
    }
    others.retain(|other| *other != ours);
    others
}

/// Why credentials that were handed in do not count as accepted.
pub(crate) fn not_accepted(
    lab: &Lab<'_>,
    caller: &Integration,
    answer: &Answer,
    guest: &Answer,
) -> PreflightError {
    let path = lab.protected();
    if answer.status() >= 500 {
        return PreflightError::Unreachable(format!(
            "the store answers {} to the signed GET {path}: its database or its cache may be away, look into its log",
            answer.summary()
        ));
    }
    if answer.status() == 200 {
        return PreflightError::Configuration(format!(
            "nothing tells whether the credentials are accepted: GET {path} answers {} to a signed request and {} to one without credentials",
            answer.summary(),
            guest.summary()
        ));
    }
    let forged = lab.send(lab.rest(caller).signature("cmFuZG9t"));
    let knows_signature = forged.is_ok_and(|forged| is_wrong_signature(&forged));
    if says(answer, said::unauthorized("").template) && knows_signature {
        let resource = answer.json()["parameters"]["resources"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        return PreflightError::Configuration(format!(
            "the signature is right, but the integration may not read GET {path}: activate it, and grant it {resource} or all resources"
        ));
    }
    PreflightError::Configuration(format!(
        "the credentials are refused: GET {path} answered {}; give those of an active integration that may read all stores (Magento_Backend::store)",
        answer.summary()
    ))
}

/// What happens to the panel's cookies, when they do not come back to it.
pub(crate) fn lost_cookies(run: &Run) -> Option<String> {
    let admin = run.target().access.admin.as_ref()?;
    let path = format!("{}{}", run.target().prefix, admin.path);
    let asked = |cookies: &str| {
        let mut headers = Headers::default();
        headers.add("Host", run.target().origin.authority());
        headers.add("User-Agent", USER_AGENT);
        if !cookies.is_empty() {
            headers.add("Cookie", cookies);
        }
        let request = Request {
            method: "GET".to_owned(),
            target: path.clone(),
            headers,
            body: Vec::new(),
        };
        run.channel.send(&request).ok()
    };
    let first = asked("")?;
    let key = form_key(&first)?;
    let given: Vec<&str> = first
        .headers
        .all("Set-Cookie")
        .filter_map(|line| line.split(';').next())
        .collect();
    if given.is_empty() {
        return Some(format!(
            "the sign-in page at {path} sets no cookie: something in front of the store drops `Set-Cookie`, and without it nobody can sign in"
        ));
    }
    let second = asked(&given.join("; "))?;
    let other = form_key(&second)?;
    (key != other).then(|| {
        format!(
            "the panel's cookies do not come back to it: the sign-in page at {path} begins a new session although its cookie was sent; something in front of the store drops `Cookie`"
        )
    })
}

fn form_key(page: &Response) -> Option<String> {
    let page = Markup::read(&page.text());
    page.input("form_key").map(ToOwned::to_owned)
}
