//! # A nonce is spent once
//!
//! The control is accepted and spends the nonce; the same nonce again is refused, whatever else the request changes. A store keeps one
//! space of nonces per consumer for E1, E2 and REST, writes the row before it looks at the signature, and cuts it at 32 characters.
//!
//! Source: RFC 5849 §3.3, docs/protocol/timestamp-nonce.md.

use magespec::conformance::{Case, Expected, Need, said};
use magespec::oauth::Dialect::Native;

const UNIQUE: &[&str] = &["rfc5849-3.3-nonce-unique"];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "replay/nonce/same-request",
        "the same request a second time is refused",
        |lab| {
            let draft = lab.call()?;
            lab.control(&draft)?
                .then_refuses(&draft, said::nonce_used())
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3")
    .needs(&[Need::Credentials]),
    Case::must(
        "replay/nonce/at-request-token",
        "a nonce replayed at E1 is refused",
        |lab| {
            let draft = lab.e1()?;
            lab.control(&draft)?
                .then_refuses(&draft, said::nonce_used())
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3"),
    Case::must(
        "replay/nonce/at-access-token",
        "a nonce replayed at E2 is refused",
        |lab| {
            let draft = lab.e2()?;
            lab.control(&draft)?
                .then_refuses(&draft, said::nonce_used())
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3"),
    Case::profile(
        "replay/nonce/other-timestamp",
        "another timestamp does not renew a nonce",
        |lab| {
            let first = lab.call()?;
            let mut second = first.clone();
            second.set("oauth_timestamp", &(lab.now() - 100).to_string());
            lab.control(&first)?
                .then_refuses(&second, said::nonce_used())
        },
    )
    .covers(&["store-nonce-per-consumer"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/other-case",
        "a nonce in another case is the same",
        |lab| {
            let first = lab.call()?;
            let mut second = first.clone();
            second.set("oauth_nonce", &first.value("oauth_nonce").to_uppercase());
            lab.control(&first)?
                .then_refuses(&second, said::nonce_used())
        },
    )
    .covers(&["store-nonce-collation"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/trailing-blank",
        "a nonce with a blank behind it is the same",
        |lab| {
            let mut first = lab.call()?;
            first.set("oauth_nonce", &lab.nonce()[..20]);
            let mut second = first.clone();
            second.set("oauth_nonce", &format!("{} ", first.value("oauth_nonce")));
            let control = lab.control(&first)?;
            if lab.speaks(&[Native]) {
                // The native dialect compares encoded nonces, and the blank is `%20` there (docs/protocol/signatures.md#details-of-generation-c).
                let answer = control.then_sends(&second)?;
                let accepted = answer.accepted();
                return lab.holds(accepted, "a status of the 200s", answer.summary());
            }
            control.then_refuses(&second, said::nonce_used())
        },
    )
    .by_dialect()
    .covers(&["store-nonce-collation"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::must(
        "replay/nonce/other-consumer",
        "another consumer may use the same nonce",
        |lab| {
            let first = lab.call()?;
            lab.control(&first)?;
            let other = lab.other()?;
            lab.accepts(&lab.rest(&other), |r| {
                r.set("oauth_nonce", first.value("oauth_nonce"))
            })
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3"),
    Case::profile(
        "replay/nonce/request-token-then-access-token",
        "a nonce of E1 is spent for E2",
        |lab| {
            let mut integration = lab.verified()?;
            let first = lab.token_request(&integration);
            let proven = lab.control(&first)?;
            let (token, secret) = proven.answer.token().unwrap_or_default();
            integration.request = magespec::conformance::Token {
                value: token,
                secret: secret.into(),
            };
            let mut second = lab.token_access(&integration);
            second.set("oauth_nonce", first.value("oauth_nonce"));
            proven.then_refuses(&second, said::nonce_used())
        },
    )
    .covers(&["store-nonce-one-space"])
    .measured(),
    Case::profile(
        "replay/nonce/rest-then-request-token",
        "a nonce of REST is spent for E1",
        |lab| {
            let integration = lab.active()?;
            let first = lab.rest(&integration);
            let mut second = lab.token_request(&integration);
            second.set("oauth_nonce", first.value("oauth_nonce"));
            lab.control(&first)?
                .then_refuses(&second, said::nonce_used())
        },
    )
    .covers(&["store-nonce-one-space"])
    .measured(),
    Case::security(
        "replay/nonce/burnt-by-bad-signature",
        "a badly signed request should not spend its nonce",
        |lab| {
            let good = lab.call()?;
            let mut bad = good.clone();
            bad.signature("cmFuZG9t");
            let proven = lab.control(&lab.call()?)?;
            lab.provoke(&bad)?;
            let answer = proven.then_sends(&good)?;
            if Expected::from(said::nonce_used()).holds(&answer, lab.profile()) {
                return Err(magespec::conformance::Stop::Weak(
                    "a request without a right signature burns the nonce".to_owned(),
                ));
            }
            lab.holds(answer.accepted(), "a status of the 200s", answer.summary())
        },
    )
    .covers(&["store-nonce-burnt-first"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/burnt-by-wrong-verifier",
        "a request with a wrong verifier spends its nonce",
        |lab| {
            let good = lab.e2()?;
            let mut bad = good.clone();
            bad.set("oauth_verifier", &lab.nonce());
            let proven = lab.control(&lab.e2()?)?;
            lab.provoke(&bad)?;
            proven.then_refuses(&good, said::nonce_used())
        },
    )
    .covers(&["store-nonce-burnt-first"])
    .measured(),
    Case::profile(
        "replay/nonce/not-burnt-by-method",
        "an unsupported method does not spend the nonce",
        |lab| {
            let good = lab.call()?;
            let mut bad = good.clone();
            lab.provoke(bad.set("oauth_signature_method", "MD5"))?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-nonce-burnt-first"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/not-burnt-by-missing",
        "a missing parameter does not spend the nonce",
        |lab| {
            let good = lab.call()?;
            let mut bad = good.clone();
            lab.provoke(bad.without("oauth_timestamp"))?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-nonce-burnt-first"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/not-burnt-by-version",
        "a wrong version does not spend the nonce",
        |lab| {
            let good = lab.call()?;
            let mut bad = good.clone();
            lab.provoke(bad.set("oauth_version", "2.0"))?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-nonce-burnt-first"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/not-burnt-by-unknown-key",
        "an unknown key does not spend the nonce",
        |lab| {
            let good = lab.call()?;
            let mut bad = good.clone();
            lab.provoke(bad.set("oauth_consumer_key", "00000000000000000000000000000000"))?;
            lab.is_accepted(&good)
        },
    )
    .covers(&["store-nonce-burnt-first"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/long",
        "a nonce of 64 characters is accepted, its replay is an error",
        |lab| {
            let mut draft = lab.call()?;
            draft.set("oauth_nonce", &format!("{}{}", lab.nonce(), lab.nonce()));
            lab.proves(&draft)?.then_refuses(&draft, said::M7)
        },
    )
    .covers(&["store-nonce-cut"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/long-prefix",
        "the first 32 characters of a long nonce are spent with it",
        |lab| {
            let mut first = lab.call()?;
            let prefix = lab.nonce();
            first.set("oauth_nonce", &format!("{prefix}{}", lab.nonce()));
            let mut second = first.clone();
            second.set("oauth_nonce", &prefix);
            lab.control(&first)?
                .then_refuses(&second, said::nonce_used())
        },
    )
    .covers(&["store-nonce-cut"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/long-shared-prefix",
        "another nonce with the same 32 characters is an error, or accepted",
        |lab| {
            let mut first = lab.call()?;
            let prefix = lab.nonce();
            first.set("oauth_nonce", &format!("{prefix}x"));
            let mut second = first.clone();
            second.set("oauth_nonce", &format!("{prefix}y"));
            let either = Expected::Either(vec![said::M7.into(), Expected::Accepted]);
            lab.control(&first)?.then_refuses(&second, either)
        },
    )
    .covers(&["store-nonce-cut"])
    .measured()
    .needs(&[Need::Credentials]),
    Case::profile(
        "replay/nonce/zero",
        "the nonce 0 is accepted once, its replay is an error",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let mut draft = lab.rest(&integration);
            draft.set("oauth_nonce", "0");
            lab.control(&draft)?.then_refuses(&draft, said::M7)
        },
    )
    .covers(&["store-nonce-zero"])
    .measured(),
    Case::must("replay/nonce/utf-8", "a nonce may hold UTF-8", |lab| {
        let nonce = format!("é{}", &lab.nonce()[..20]);
        lab.accepts(&lab.call()?, |r| r.set("oauth_nonce", &nonce))
    })
    .by_dialect()
    .covers(&["rfc5849-3.6-percent-encoding"])
    .rfc("5849 §3.6")
    .needs(&[Need::Credentials]),
    Case::must(
        "replay/nonce/reserved",
        "a nonce may hold reserved characters",
        |lab| {
            let nonce = format!("a/b+c={}", &lab.nonce()[..10]);
            lab.accepts(&lab.call()?, |r| r.set("oauth_nonce", &nonce))
        },
    )
    .by_dialect()
    .covers(&["rfc5849-3.6-percent-encoding"])
    .rfc("5849 §3.6")
    .needs(&[Need::Credentials]),
    Case::security(
        "replay/nonce/clean-up",
        "a clean-up should not make an old nonce fresh again",
        |lab| {
            lab.configure("oauth/cleanup/cleanup_probability", "1")?;
            let mut draft = lab.call()?;
            draft.set("oauth_timestamp", &(lab.now() - 7300).to_string());
            lab.control(&draft)?.then_tolerates(
                &draft,
                "a nonce stamped more than 120 minutes ago is accepted again after a clean-up",
            )
        },
    )
    .covers(&["store-nonce-cleanup"])
    .measured()
    .needs(&[Need::Credentials, Need::Control])
    .alone(),
    Case::security(
        "replay/nonce/clean-up-keeps-recent",
        "a clean-up keeps the nonces of the last 118 minutes",
        |lab| {
            lab.configure("oauth/cleanup/cleanup_probability", "1")?;
            let mut draft = lab.call()?;
            draft.set("oauth_timestamp", &(lab.now() - 7080).to_string());
            lab.control(&draft)?
                .then_refuses(&draft, said::nonce_used())
        },
    )
    .covers(&["store-nonce-cleanup"])
    .measured()
    .needs(&[Need::Credentials, Need::Control])
    .alone(),
    Case::must(
        "replay/nonce/after-a-hundred-calls",
        "a nonce is still spent after a hundred other calls",
        |lab| {
            let first = lab.call()?;
            let proven = lab.control(&first)?;
            for _ in 0..110 {
                lab.control(&lab.call()?)?;
            }
            proven.then_refuses(&first, said::nonce_used())
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3")
    .needs(&[Need::Credentials])
    .slow(),
    Case::must(
        "replay/nonce/after-minutes",
        "a nonce is still spent after ten minutes",
        |lab| {
            let first = lab.call()?;
            let proven = lab.control(&first)?;
            lab.advance(600)?;
            proven.then_refuses(&first, said::nonce_used())
        },
    )
    .covers(UNIQUE)
    .measured()
    .needs(&[Need::Credentials, Need::Control])
    .alone(),
    Case::must(
        "replay/nonce/after-a-restart",
        "a nonce is still spent after a restart of the store",
        |lab| {
            let first = lab.call()?;
            let proven = lab.control(&first)?;
            lab.restart()?;
            proven.then_refuses(&first, said::nonce_used())
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3")
    .needs(&[Need::Credentials, Need::Control])
    .alone(),
    Case::must(
        "replay/nonce/same-beginning",
        "a nonce that begins like a spent one is another",
        |lab| {
            let first = lab.call()?;
            lab.control(&first)?;
            let other = lab.nonce();
            let nonce = format!("{}{}", &first.value("oauth_nonce")[..8], &other[8..]);
            lab.accepts(&lab.call()?, |r| r.set("oauth_nonce", &nonce))
        },
    )
    .covers(UNIQUE)
    .rfc("5849 §3.3")
    .needs(&[Need::Credentials]),
];
