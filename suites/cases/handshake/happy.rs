//! # The good way
//!
//! The administrator activates an integration; the store POSTs the credentials to the app; the app exchanges the verifier for a request
//! token (E1) and this for an access token (E2), and signs its calls with it. Both answers are two form pairs, `oauth_token` first, each
//! value 32 characters of `0-9a-z`.
//!
//! Source: RFC 5849 §2, docs/protocol/token-endpoints.md, docs/protocol/flow.md.

use magespec::conformance::{Case, Need};

use super::is_value;

pub(super) const CASES: &[Case] = &[
    Case::must(
        "handshake/request-token",
        "a good E1 gives a request token and its secret",
        |lab| {
            let answer = lab.succeeds(&lab.e1()?)?;
            let (token, secret) = answer.token().unwrap_or_default();
            lab.holds(
                is_value(&token) && is_value(&secret),
                "two values of 32 × [0-9a-z]",
                answer.text(),
            )
        },
    )
    .covers(&[
        "guide-token-exchange",
        "guide-hmac-sha256",
        "rfc5849-3.1-version",
        "store-token-body",
        "store-value-form",
    ])
    .measured(),
    Case::must(
        "handshake/access-token",
        "a good E2 gives an access token that differs from the request token",
        |lab| {
            let integration = lab.requested()?;
            let answer = lab.succeeds(&lab.token_access(&integration))?;
            let (token, secret) = answer.token().unwrap_or_default();
            let good = is_value(&token) && is_value(&secret) && token != integration.request.value;
            lab.holds(good, "another token and its secret", answer.text())
        },
    )
    .covers(&["guide-token-exchange", "store-value-form"])
    .measured(),
    Case::must(
        "handshake/access-token-activates",
        "the integration becomes active with its access token",
        |lab| {
            let integration = lab.activated()?;
            lab.equal("status", "Active", lab.status(&integration)?)
        },
    )
    .covers(&["store-e2-activates", "panel-states"])
    .measured(),
    Case::must(
        "handshake/rest-call",
        "a call signed with the access token is answered",
        |lab| {
            let answer = lab.succeeds(&lab.call()?)?;
            let json = answer.json();
            lab.holds(json.is_array() || json.is_object(), "JSON", answer.text())
        },
    )
    .catches_nothing("it has to pass for any other defect to count as caught")
    .covers(&["guide-signed-call", "guide-hmac-sha256"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "handshake/rest-call-with-query",
        "a call with an encoded query is answered",
        |lab| {
            let mut draft = lab.call()?;
            draft
                .to("/rest/V1/customers/search")
                .query("searchCriteria%5BpageSize%5D=1")
                .sign(&[("searchCriteria[pageSize]", "1")]);
            let answer = lab.succeeds(&draft)?;
            lab.holds(
                answer.json()["items"].is_array(),
                "a JSON object with a list of items",
                answer.text(),
            )
        },
    )
    .covers(&["guide-signed-call", "rfc5849-3.4.1.3-query-signed"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "handshake/version-optional/request-token",
        "E1 works without oauth_version",
        |lab| lab.accepts(&lab.e1()?, |r| r.without("oauth_version")),
    )
    .covers(&["rfc5849-3.1-version-optional"])
    .rfc("5849 §3.1"),
    Case::must(
        "handshake/version-optional/access-token",
        "E2 works without oauth_version",
        |lab| lab.accepts(&lab.e2()?, |r| r.without("oauth_version")),
    )
    .covers(&["rfc5849-3.1-version-optional"])
    .rfc("5849 §3.1"),
    Case::must(
        "handshake/version-optional/rest",
        "a call works without oauth_version",
        |lab| lab.accepts(&lab.call()?, |r| r.without("oauth_version")),
    )
    .covers(&["rfc5849-3.1-version-optional"])
    .rfc("5849 §3.1")
    .needs(&[Need::Credentials]),
    Case::must(
        "handshake/whole",
        "exchange, E1, E2 and the return leave an active integration",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            lab.succeeds(&lab.rest(&integration))?;
            lab.panel_get("loginSuccessCallback", &[])?;
            let row = lab.row(&integration)?;
            lab.holds(row.shows("Reauthorize"), "a link `Reauthorize`", row.text())
        },
    )
    .covers(&["guide-handshake", "store-e2-activates"])
    .measured(),
    Case::must(
        "handshake/again",
        "a second handshake gives new tokens and keeps key and secret",
        |lab| {
            let mut integration = lab.activated()?;
            let first = integration.clone();
            lab.exchange(&mut integration, true)?;
            lab.obtain_request_token(&mut integration)?;
            lab.obtain_access_token(&mut integration)?;
            let kept = integration.key == first.key && integration.secret == first.secret;
            let renewed = integration.request.value != first.request.value
                && integration.access.value != first.access.value
                && integration.access.secret != first.access.secret;
            lab.holds(
                kept && renewed,
                "new tokens, the same consumer",
                format!("kept {kept}, renewed {renewed}"),
            )
        },
    )
    .covers(&["store-reauthorize-keeps-consumer", "guide-reauthorize"])
    .measured(),
    Case::must(
        "handshake/no-expiry",
        "an access token works after 30 days",
        |lab| {
            let integration = lab.active()?;
            lab.advance(30 * 86_400)?;
            lab.is_accepted(&lab.rest(&integration))
        },
    )
    .covers(&["guide-access-token-no-expiry"])
    .measured()
    .needs(&[Need::Credentials, Need::Control])
    .alone(),
];
