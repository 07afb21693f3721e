//! # The consumer, and when it may ask
//!
//! The key must exist, and its first token row must be a verifier. A refused request consumes nothing.
//!
//! Source: docs/protocol/errors.md#which-error-wins, docs/protocol/flow.md#one-row-three-lives,
//! docs/protocol/flow.md#states-of-an-integration.

use magespec::conformance::{Case, Lab, Outcome, said};

/// Two keys that nobody has, for E1, E2 and REST.
const UNKNOWN: &str = "00000000000000000000000000000000";

pub(super) const CASES: &[Case] = &[
    Case::must(
        "request-token/key/unknown",
        "an unknown key is refused",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_consumer_key", UNKNOWN),
                said::M6,
            )
        },
    )
    .covers(&["store-consumer-known"])
    .measured(),
    Case::must(
        "request-token/key/unknown-at-access-token",
        "an unknown key is refused at E2",
        |lab| {
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_consumer_key", UNKNOWN),
                said::M6,
            )
        },
    )
    .covers(&["store-consumer-known"])
    .measured(),
    Case::must(
        "request-token/key/unknown-on-rest",
        "an unknown key is refused on REST",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_consumer_key", UNKNOWN),
                said::M6,
            )
        },
    )
    .covers(&["store-consumer-known"])
    .measured()
    .needs(&[magespec::conformance::Need::Credentials]),
    Case::profile(
        "request-token/key/short",
        "a key of 31 characters is refused for its length",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_consumer_key", &UNKNOWN[1..]),
                said::M5,
            )
        },
    )
    .covers(&["store-consumer-length"])
    .measured(),
    Case::profile(
        "request-token/key/long",
        "a key of 33 characters is refused for its length",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_consumer_key", &format!("{UNKNOWN}0")),
                said::M5,
            )
        },
    )
    .covers(&["store-consumer-length"])
    .measured(),
    Case::profile(
        "request-token/key/zero",
        "the key 0 is unknown, whatever its length",
        |lab| lab.refuses(&lab.e1()?, |r| r.set("oauth_consumer_key", "0"), said::M6),
    )
    .covers(&["store-consumer-length"])
    .measured(),
    Case::security(
        "request-token/key/upper-cased",
        "an upper-cased key should be unknown",
        |lab| {
            let control = lab.e1()?;
            let key = control.value("oauth_consumer_key").to_uppercase();
            lab.tolerates(
                &control,
                |r| r.set("oauth_consumer_key", &key),
                "keys are looked up without regard to case",
            )
        },
    )
    .covers(&["store-case-insensitive"])
    .measured(),
    Case::profile("request-token/twice", "a second E1 is refused", |lab| {
        let integration = lab.verified()?;
        lab.control(&lab.token_request(&integration))?
            .then_refuses(&lab.token_request(&integration), said::M17)
    })
    .covers(&["store-e1-needs-verifier"])
    .measured(),
    Case::profile(
        "request-token/when-active",
        "E1 of an active integration is refused",
        |lab| {
            let integration = lab.activated()?;
            lab.control(&lab.rest(&integration))?
                .then_refuses(&lab.token_request(&integration), said::M17)
        },
    )
    .covers(&["store-e1-needs-verifier"])
    .measured(),
    Case::must(
        "request-token/bad-signature-keeps-verifier",
        "a refused E1 does not consume the verifier",
        |lab| {
            let good = lab.e1()?;
            let mut bad = good.clone();
            bad.set("oauth_nonce", &lab.nonce()).signature("cmFuZG9t");
            lab.provoke(&bad)?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-refusal-consumes-nothing"])
    .measured(),
    Case::profile(
        "request-token/exchange-during-request",
        "an exchange after E1 leads to a dead end",
        |lab| {
            let mut integration = lab.requested()?;
            lab.spoil();
            lab.exchange(&mut integration, false)?;
            let control = lab.e1()?;
            lab.control(&control)?
                .then_refuses(&lab.token_request(&integration), said::M17)
        },
    )
    .covers(&["store-multi-row"])
    .measured(),
    Case::profile(
        "request-token/exchange-while-active",
        "an exchange while active keeps the access token and leads to a dead end",
        |lab| {
            let mut integration = lab.activated()?;
            lab.spoil();
            lab.exchange(&mut integration, false)?;
            lab.control(&lab.rest(&integration))?
                .then_refuses(&lab.token_request(&integration), said::M17)
        },
    )
    .covers(&["store-multi-row"])
    .measured(),
    Case::security(
        "request-token/concurrent",
        "six E1 at the same time leave at most one usable request token",
        concurrent,
    )
    .covers(&["store-token-issue-race"])
    .measured(),
];

/// Sends six good E1 at once, then tries an E2 with every token that was handed out.
fn concurrent(lab: &Lab<'_>) -> Outcome {
    let proven = lab.control(&lab.e2()?)?;
    let mut integration = lab.verified()?;
    let authority = lab.authority();
    let requests: Vec<_> = (0..6)
        .map(|_| lab.token_request(&integration).request(&authority))
        .collect();
    let answers = lab.send_at_once(&requests)?;
    let mut usable = 0;
    let mut given = 0;
    for response in answers {
        let answer = magespec::conformance::Answer {
            step: magespec::conformance::Step::RequestToken,
            response,
        };
        if let Some((value, secret)) = answer.token() {
            given += 1;
            integration.request = magespec::conformance::Token {
                value,
                secret: secret.into(),
            };
            usable += usize::from(
                proven
                    .then_sends(&lab.token_access(&integration))?
                    .accepted(),
            );
        }
    }
    lab.holds(
        given > 0 && usable <= 1,
        "at most one usable request token",
        format!("{given} given, {usable} usable"),
    )
}
