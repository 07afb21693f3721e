//! # What the store makes of the app's answer
//!
//! Any HTTP answer counts as success, whatever its status; only no answer at all fails, and then the panel says so and what was prepared
//! stays: a verifier row, and the integration's status.
//!
//! Source: docs/protocol/credentials-post.md, docs/protocol/flow.md.

use std::ops::Range;
use std::time::Duration;

use magespec::conformance::{Behaviour, Case, Integration, Lab, Need, Outcome, Stop};

/// What the panel says when no answer came.
const FAILED: &str = "The attempt to post data to consumer failed due to an unexpected error. Please try again later.";

/// Starts an exchange with an endpoint that behaves so; answers what the panel answered.
fn exchanged(
    lab: &Lab<'_>,
    behaviour: Behaviour,
) -> Result<(Integration, serde_json::Value), Stop> {
    let integration = lab.fresh()?;
    lab.callback_behaves(&integration, behaviour)?;
    let response = lab.panel_get(
        "tokensExchange",
        &[("id", &integration.id), ("reauthorize", "0")],
    )?;
    Ok((
        integration,
        serde_json::from_slice(&response.body).unwrap_or_default(),
    ))
}

const TIME_OUT: &str = "oauth/consumer/post_timeout";

/// How an exchange ended whose endpoint says nothing.
struct GivenUp {
    /// What the panel answered.
    json: serde_json::Value,
    /// How long the store waited: as the endpoint saw it, and not longer than the panel's answer took.
    waited: Duration,
    /// The store's clock was moved by so much meanwhile.
    moved: Duration,
}

impl GivenUp {
    fn described(&self) -> String {
        let (waited, moved) = (self.waited, self.moved);
        if moved.is_zero() {
            return format!("{waited:?}");
        }
        format!("{waited:?}, in which the store's clock was moved by {moved:?}")
    }

    /// Whether the store waited for a time of this range, by its own clock or by everybody's.
    fn after(&self, range: &Range<Duration>) -> bool {
        range.contains(&self.waited) || range.contains(&(self.waited + self.moved))
    }
}

/// What a store has time for before its clock is moved.
const QUARTER: Duration = Duration::from_millis(250);
/// A store that is still waiting then goes by another clock than its own, or waits for longer.
const WELL_AFTER: Duration = Duration::from_secs(3);

/// Exchanges with an endpoint that says nothing for fifteen seconds. Where the store's clock can be moved, it is, so that nobody has to
/// wait: step by step, each a pause and the seconds by which the clock is moved after it.
fn given_up(lab: &Lab<'_>, steps: &[(Duration, u32)]) -> Result<GivenUp, Stop> {
    let integration = lab.fresh()?;
    lab.callback_behaves(&integration, Behaviour::Delay(Duration::from_secs(15)))?;
    let parameters = [("id", integration.id.as_str()), ("reauthorize", "0")];
    let exchange = || lab.panel_get("tokensExchange", &parameters);
    let (outcome, moved) = match lab.control_api() {
        Ok(_) => lab.while_silent(&integration, steps, || lab.timed(exchange))?,
        Err(_) => (lab.timed(exchange), Duration::ZERO),
    };
    let (response, elapsed) = (outcome.0?, outcome.1);
    let post = lab
        .listener()?
        .wait(&integration.name, 0, Duration::from_secs(2))
        .ok_or_else(|| Stop::CouldNotRun("no credentials POST came".to_owned()))?;
    Ok(GivenUp {
        json: serde_json::from_slice(&response.body).unwrap_or_default(),
        waited: elapsed.min(post.answered - post.received),
        moved,
    })
}

/// A redirect of this status is an answer: nobody follows it, and the credentials go nowhere else.
fn not_followed(lab: &Lab<'_>, status: u16) -> Outcome {
    let elsewhere = lab.nonce();
    let target = lab.listener()?.url(&elsewhere);
    let (integration, json) = exchanged(lab, Behaviour::Redirect(status, target))?;
    let (first, second) = (
        lab.listener()?.count(&integration.name),
        lab.listener()?.count(&elsewhere),
    );
    lab.holds(
        json["identity_link_url"].is_string() && first == 1 && second == 0,
        "one POST, none at the second address, and JSON with identity_link_url",
        format!("{first} at the first address, {second} at the second, and {json}"),
    )?;
    lab.equal("status", "Inactive", lab.status(&integration)?)
}

/// The exchange goes on: the panel hands out the identity link, and the integration stays inactive.
fn goes_on(lab: &Lab<'_>, behaviour: Behaviour) -> Outcome {
    let (integration, json) = exchanged(lab, behaviour)?;
    let good =
        json["identity_link_url"].is_string() && lab.listener()?.count(&integration.name) == 1;
    lab.holds(
        good,
        "one POST and JSON with identity_link_url",
        json.to_string(),
    )?;
    lab.equal("status", "Inactive", lab.status(&integration)?)
}

/// The exchange fails: the panel's script is sent back to the grid, which says why.
fn fails(lab: &Lab<'_>, response: &serde_json::Value) -> Outcome {
    lab.holds(
        response["_redirect"].is_string(),
        "JSON with _redirect",
        response.to_string(),
    )?;
    lab.says(FAILED)
}

/// The exchange of an integration with this endpoint fails, while one with the suite's own endpoint does not.
fn fails_at(lab: &Lab<'_>, endpoint: &str) -> Outcome {
    lab.verified()?;
    let integration = lab.fresh_with(&[("all_resources", "1"), ("endpoint", endpoint)])?;
    let response = lab.panel_get(
        "tokensExchange",
        &[("id", &integration.id), ("reauthorize", "0")],
    )?;
    fails(
        lab,
        &serde_json::from_slice(&response.body).unwrap_or_default(),
    )
}

macro_rules! status {
    ($id:literal, $status:literal) => {
        Case::profile(
            concat!("credentials-post/answer/", $id),
            concat!("an answer of ", $status, " counts as success"),
            |lab| goes_on(lab, Behaviour::Answer($status)),
        )
        .covers(&["store-post-answer-ignored"])
        .measured()
    };
}

pub(super) const CASES: &[Case] = &[
    status!("ok", 200),
    status!("no-content", 204),
    status!("server-error", 500),
    status!("not-found", 404),
    status!("unauthorized", 401),
    Case::profile(
        "credentials-post/answer/redirect",
        "a redirect is not followed and counts as success",
        |lab| not_followed(lab, 302),
    )
    .covers(&["store-post-answer-ignored", "store-post-redirects"])
    .measured(),
    Case::security(
        "credentials-post/answer/temporary-redirect",
        "a redirect that keeps the method is not followed either, so that the secrets go to one address alone",
        |lab| not_followed(lab, 307),
    )
    .covers(&["store-post-redirects"])
    .measured(),
    Case::security(
        "credentials-post/answer/permanent-redirect",
        "a redirect for good is not followed either, so that the secrets go to one address alone",
        |lab| not_followed(lab, 308),
    )
    .covers(&["store-post-redirects"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/refused",
        "a refused connection fails",
        |lab| fails_at(lab, "http://127.0.0.1:1/callback"),
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/closed",
        "a connection closed without a byte fails",
        |lab| {
            let (_, json) = exchanged(lab, Behaviour::Close)?;
            fails(lab, &json)
        },
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/not-http",
        "an answer that is no HTTP fails",
        |lab| {
            let (_, json) = exchanged(lab, Behaviour::Garbage)?;
            fails(lab, &json)
        },
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/time-out",
        "an answer after fifteen seconds is not waited for",
        |lab| {
            let seen = given_up(lab, &[(QUARTER, 3), (QUARTER, 2), (WELL_AFTER, 300)])?;
            let about_five =
                Duration::from_secs(4)..Duration::from_secs(9) + lab.observed().pace * 4;
            let is_set = match lab.configured(TIME_OUT) {
                Some(seconds) => seconds != "5",
                None => lab.control_api().is_err() && !seen.after(&about_five),
            };
            if is_set {
                return Err(Stop::NotApplicable(
                    "the store is not set as by default: see `oauth/consumer/post_timeout`".into(),
                ));
            }
            fails(lab, &seen.json)?;
            lab.holds(seen.after(&about_five), "about 5 s", seen.described())
        },
    )
    .covers(&["store-post-timeout"])
    .measured()
    .alone(),
    Case::security(
        "credentials-post/no-answer/bad-certificate",
        "an endpoint whose certificate nobody vouches for is told nothing",
        |lab| {
            let stranger = lab.stranger()?;
            fails_at(lab, &stranger.url())?;
            if !stranger.was_reached() {
                return Err(Stop::CouldNotRun(
                    "the store did not connect to the endpoint".to_owned(),
                ));
            }
            lab.holds(!stranger.was_told(), "no credentials", "a request")
        },
    )
    .covers(&["store-post-certificate"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/no-host",
        "a host without an address fails",
        |lab| fails_at(lab, "http://magespec.invalid/callback"),
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/no-url",
        "an endpoint that is no URL fails",
        |lab| fails_at(lab, "not a url"),
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/ftp",
        "an endpoint of another scheme fails",
        |lab| fails_at(lab, "ftp://127.0.0.1/callback"),
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/no-endpoint",
        "an integration without URLs fails and posts nothing",
        |lab| {
            let integration = lab.fresh_with(&[
                ("all_resources", "1"),
                ("endpoint", ""),
                ("identity_link_url", ""),
            ])?;
            let response = lab.panel_get(
                "tokensExchange",
                &[("id", &integration.id), ("reauthorize", "0")],
            )?;
            let json: serde_json::Value =
                serde_json::from_slice(&response.body).unwrap_or_default();
            let silent = lab.listener()?.count(&integration.name) == 0;
            lab.holds(
                silent && json["_redirect"].is_string(),
                "JSON with _redirect and no POST",
                json.to_string(),
            )
        },
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::profile(
        "credentials-post/no-answer/stays-inactive",
        "after a failure the integration is inactive and can be tried again",
        |lab| {
            let (mut integration, _) = exchanged(lab, Behaviour::Close)?;
            lab.callback_behaves(&integration, Behaviour::Answer(200))?;
            lab.exchange(&mut integration, false)?;
            lab.succeeds(&lab.token_request(&integration))?;
            lab.equal("status", "Inactive", lab.status(&integration)?)
        },
    )
    .covers(&["store-post-failure"])
    .measured(),
    Case::security(
        "credentials-post/redirect-configured",
        "with redirects allowed the secrets are not sent on",
        |lab| {
            lab.configure("oauth/consumer/post_maxredirects", "1")?;
            let integration = lab.fresh()?;
            let elsewhere = lab.nonce();
            let target = lab.listener()?.url(&elsewhere);
            lab.callback_behaves(&integration, Behaviour::Redirect(302, target))?;
            lab.panel_get(
                "tokensExchange",
                &[("id", &integration.id), ("reauthorize", "0")],
            )?;
            if lab.listener()?.count(&integration.name) != 1 {
                return Err(Stop::CouldNotRun(
                    "the first address got no credentials POST".to_owned(),
                ));
            }
            let posts = lab.listener()?.posts(&elsewhere);
            let [second] = posts.as_slice() else {
                return lab.holds(
                    false,
                    "one request at the second address",
                    format!("{} requests there", posts.len()),
                );
            };
            let line = format!("{} and a body of {} bytes", second.method, second.body.len());
            lab.holds(
                second.method == "GET" && second.body.is_empty() && !second.target.contains("secret"),
                "GET without a body: no secrets at the second address",
                line,
            )
        },
    )
    .covers(&["store-post-redirects"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
    Case::profile(
        "credentials-post/time-out-configured",
        "the time-out follows its setting",
        |lab| {
            lab.configure(TIME_OUT, "1")?;
            let seen = given_up(lab, &[(Duration::ZERO, 1), (WELL_AFTER, 300)])?;
            fails(lab, &seen.json)?;
            let soon = seen.waited + seen.moved < Duration::from_secs(4);
            lab.holds(soon, "about 1 s", seen.described())
        },
    )
    .covers(&["store-post-timeout"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
];
