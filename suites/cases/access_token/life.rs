//! # What E2 does, and tokens over time
//!
//! Success makes the integration active and the old values useless. Several E2 at the same time leave at most one working access token.
//!
//! Source: docs/protocol/flow.md.

use magespec::conformance::{Answer, Case, Lab, Need, Outcome, Step, Stop, Token, said};

pub(super) const CASES: &[Case] = &[
    Case::must(
        "access-token/life/inactive-before",
        "the integration is inactive until E2",
        |lab| {
            let integration = lab.fresh()?;
            let mut integration = integration;
            lab.exchange(&mut integration, false)?;
            lab.obtain_request_token(&mut integration)?;
            lab.equal("status", "Inactive", lab.status(&integration)?)
        },
    )
    .covers(&["store-e2-activates"])
    .measured(),
    Case::security(
        "access-token/life/verifier-useless",
        "the verifier is of no use after E2",
        |lab| {
            let integration = lab.activated()?;
            let mut draft = lab.token_access(&integration);
            draft.set("oauth_token", &integration.request.value);
            lab.control(&lab.rest(&integration))?
                .then_refuses(&draft, said::M10)
        },
    )
    .covers(&["rfc5849-2.3-token-once"])
    .measured(),
    Case::profile(
        "access-token/life/purged",
        "a clean-up removes a request token after 120 minutes",
        |lab| {
            lab.configure("oauth/cleanup/cleanup_probability", "1")?;
            let mut old = lab.fresh()?;
            lab.exchange(&mut old, false)?;
            lab.obtain_request_token(&mut old)?;
            lab.advance(7300)?;
            lab.control(&lab.e2()?)?
                .then_refuses(&lab.token_access(&old), said::M10)
        },
    )
    .covers(&["store-token-cleanup"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
    Case::security(
        "access-token/life/concurrent",
        "six E2 at the same time leave at most one working access token",
        concurrent,
    )
    .covers(&["store-token-issue-race"])
    .measured(),
    Case::security(
        "access-token/life/concurrent-nonce",
        "of eight calls with one nonce exactly one is answered",
        concurrent_nonce,
    )
    .covers(&["rfc5849-3.3-nonce-unique"])
    .measured()
    .needs(&[Need::Credentials]),
];

fn concurrent(lab: &Lab<'_>) -> Outcome {
    let proven = lab.control(&lab.call()?)?;
    let mut integration = lab.requested()?;
    let authority = lab.authority();
    let requests: Vec<_> = (0..6)
        .map(|_| lab.token_access(&integration).request(&authority))
        .collect();
    let responses = lab.send_at_once(&requests)?;
    let (mut given, mut working) = (0, 0);
    for response in responses {
        if let Some((value, secret)) = (Answer {
            step: Step::AccessToken,
            response,
        })
        .token()
        {
            given += 1;
            integration.access = Token {
                value,
                secret: secret.into(),
            };
            working += usize::from(proven.then_sends(&lab.rest(&integration))?.accepted());
        }
    }
    lab.holds(
        given > 0 && working <= 1,
        "at most one working access token",
        format!("{given} given, {working} working"),
    )
}

fn concurrent_nonce(lab: &Lab<'_>) -> Outcome {
    let requests = vec![lab.call()?.request(&lab.authority()); 8];
    let answered = lab
        .send_at_once(&requests)?
        .iter()
        .filter(|response| response.status == 200)
        .count();
    if answered == 0 {
        return Err(Stop::CouldNotRun(
            "none of the eight calls was answered".to_owned(),
        ));
    }
    lab.holds(
        answered == 1,
        "exactly one answer of 200",
        format!("{answered} answers of 200"),
    )
}
