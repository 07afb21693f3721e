//! # Bearer off
//!
//! Since 2.4.4 an integration's access token is no bearer token unless the shop says so; an unusable bearer is a guest, not an error.
//!
//! Source: docs/protocol/rest.md#who-is-calling, docs/protocol/rest.md#bearer-tokens-of-integrations.

use magespec::conformance::{Case, Lab, Need, Outcome, Stop};

const FLAG: &str = "oauth/consumer/enable_integration_as_bearer";

/// A protected route with this `Authorization` is refused as to a guest, while the signed call is answered.
fn guest_with(lab: &Lab<'_>, authorization: &str) -> Outcome {
    lab.hide(authorization, "bearer");
    let guest = lab.unauthorized();
    lab.refuses(
        &lab.call()?,
        |r| r.unsigned().header("Authorization", authorization),
        guest,
    )
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "bearer/default",
        "an access token as bearer works as the profile's default says",
        |lab| {
            let integration = lab.active()?;
            let authorization = format!("Bearer {}", integration.access.value);
            let default = lab.profile().bearer_by_default;
            let set = lab.configured(FLAG).map(|value| value == "1");
            // Without a look at the setting nobody tells a store that is set otherwise from one that is wrong.
            let is_told = lab.control_api().is_ok();
            if set.is_none() && !is_told && lab.observed().bearer == Some(!default) {
                return Err(Stop::NotApplicable(
                    "the store is not set as by default: see `oauth/consumer/enable_integration_as_bearer`".into(),
                ));
            }
            if set.unwrap_or(default) {
                return lab.accepts(&lab.call()?, |r| {
                    r.unsigned().header("Authorization", &authorization)
                });
            }
            guest_with(lab, &authorization)
        },
    )
    .follows(|one, other| one.bearer_by_default == other.bearer_by_default)
    .covers(&["guide-bearer-off"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "bearer/consumer-key",
        "a consumer key is no bearer",
        |lab| guest_with(lab, &format!("Bearer {}", lab.active()?.key)),
    )
    .covers(&["store-bearer-only-tokens"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "bearer/consumer-secret",
        "a consumer secret is no bearer",
        |lab| guest_with(lab, &format!("Bearer {}", lab.active()?.secret.expose())),
    )
    .covers(&["store-bearer-only-tokens"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "bearer/token-secret",
        "a token secret is no bearer",
        |lab| {
            guest_with(
                lab,
                &format!("Bearer {}", lab.active()?.access.secret.expose()),
            )
        },
    )
    .covers(&["store-bearer-only-tokens"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must("bearer/unknown", "an unknown bearer is a guest", |lab| {
        guest_with(lab, &format!("Bearer {}", lab.nonce()))
    })
    .covers(&["store-bad-bearer-is-guest"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile("bearer/empty", "an empty bearer is a guest", |lab| {
        guest_with(lab, "Bearer ")
    })
    .covers(&["store-bad-bearer-is-guest"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "bearer/in-query",
        "access_token in the query is ignored",
        |lab| {
            lab.configure("oauth/consumer/enable_integration_as_bearer", "1")?;
            let token = lab.active()?.access.value;
            lab.hide(&token, "bearer");
            let mut good = lab.guest("GET", lab.protected());
            good.header("Authorization", &format!("Bearer {token}"));
            let mut draft = lab.guest("GET", lab.protected());
            draft.query(&format!("access_token={token}"));
            lab.control(&good)?.then_refuses(&draft, lab.unauthorized())
        },
    )
    .covers(&["store-bearer-header-only"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
];
