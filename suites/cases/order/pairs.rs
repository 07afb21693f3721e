//! # The order of the checks
//!
//! Two faults in one request; the one that a store looks at first is said. The same request without either is accepted.
//!
//! Source: spec oauth.md §2.10, §7.18 EO-01 … EO-16.

use magespec::conformance::{Case, Need, said};

const ORDER: &[&str] = &["store-check-order"];
const UNKNOWN: &str = "00000000000000000000000000000000";

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "order/version-missing",
        "version before missing parameter",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_version", "3").without("oauth_timestamp"),
                said::version("3"),
            )
        },
    )
    .covers(ORDER)
    .measured("EO-01"),
    Case::profile(
        "order/missing-token-length",
        "missing parameter before token length",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_token", "x").without("oauth_nonce"),
                said::missing(&["oauth_nonce"]),
            )
        },
    )
    .covers(ORDER)
    .measured("EO-02"),
    Case::profile(
        "order/token-length-method",
        "token length before signature method",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| {
                    r.set("oauth_token", "x")
                        .set("oauth_signature_method", "MD5")
                },
                said::M3,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-03"),
    Case::profile(
        "order/method-key",
        "signature method before unknown key",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| {
                    r.set("oauth_signature_method", "MD5")
                        .set("oauth_consumer_key", UNKNOWN)
                },
                said::method("MD5"),
            )
        },
    )
    .covers(ORDER)
    .measured("EO-04"),
    Case::profile(
        "order/key-length-timestamp",
        "key length before timestamp",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| {
                    r.set("oauth_consumer_key", "short")
                        .set("oauth_timestamp", "0")
                },
                said::M5,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-05"),
    Case::profile(
        "order/unknown-key-timestamp",
        "unknown key before timestamp",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| {
                    r.set("oauth_consumer_key", UNKNOWN)
                        .set("oauth_timestamp", "0")
                },
                said::M6,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-06"),
    Case::profile(
        "order/timestamp-nonce",
        "timestamp before a used nonce",
        |lab| {
            let first = lab.call()?;
            let mut second = first.clone();
            second.set("oauth_timestamp", "0");
            lab.control(&first)?.then_refuses(&second, said::M7)
        },
    )
    .covers(ORDER)
    .measured("EO-07")
    .needs(&[Need::Credentials]),
    Case::profile(
        "order/nonce-window",
        "used nonce before a window that never began",
        |lab| {
            let keys = lab.keys_in_panel(&lab.fresh()?)?;
            let draft = lab.token_request(&keys);
            lab.send(&draft)?;
            lab.control(&lab.e1()?)?
                .then_refuses(&draft, said::nonce_used())
        },
    )
    .covers(ORDER)
    .measured("EO-08"),
    Case::profile(
        "order/window-signature",
        "a window that never began before a bad signature",
        |lab| {
            let keys = lab.keys_in_panel(&lab.fresh()?)?;
            let mut draft = lab.token_request(&keys);
            draft.signature("cmFuZG9t");
            lab.control(&lab.e1()?)?.then_refuses(&draft, said::M9)
        },
    )
    .covers(ORDER)
    .measured("EO-09"),
    Case::profile(
        "order/token-signature",
        "unknown token before a bad signature",
        |lab| {
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_token", UNKNOWN).signature("cmFuZG9t"),
                said::M10,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-10"),
    Case::profile(
        "order/token-signature-rest",
        "unknown token before a bad signature on REST",
        |lab| {
            lab.refuses(
                &lab.call()?,
                |r| r.set("oauth_token", UNKNOWN).signature("cmFuZG9t"),
                said::M10,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-10")
    .needs(&[Need::Credentials]),
    Case::profile(
        "order/association-kind",
        "another's token before its kind",
        |lab| {
            let other = lab.other()?;
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_token", &other.access.value),
                said::M11R,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-11"),
    Case::profile(
        "order/kind-verifier",
        "kind before a wrong verifier",
        |lab| {
            let active = lab.active()?;
            let mut draft = lab.token_access(&active);
            draft
                .set("oauth_token", &active.access.value)
                .set("oauth_verifier", UNKNOWN);
            lab.control(&lab.call()?)?.then_refuses(&draft, said::M12R)
        },
    )
    .covers(ORDER)
    .measured("EO-12"),
    Case::profile(
        "order/verifier-length-signature",
        "verifier length before a bad signature",
        |lab| {
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_verifier", "short").signature("cmFuZG9t"),
                said::M13,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-13"),
    Case::profile(
        "order/verifier-signature",
        "wrong verifier before a bad signature",
        |lab| {
            lab.refuses(
                &lab.e2()?,
                |r| r.set("oauth_verifier", UNKNOWN).signature("cmFuZG9t"),
                said::M14,
            )
        },
    )
    .covers(ORDER)
    .measured("EO-13"),
    Case::profile(
        "order/revoked-signature",
        "revoked token before a bad signature",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.revoke(&integration.access.value)?;
            let mut draft = lab.rest(&integration);
            draft.signature("cmFuZG9t");
            proven.then_refuses(&draft, said::M15)
        },
    )
    .covers(ORDER)
    .measured("EO-14")
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "order/signature-token-state",
        "bad signature before a token that is no verifier",
        |lab| {
            let integration = lab.verified()?;
            let first = lab.token_request(&integration);
            let mut second = lab.token_request(&integration);
            second.signature("cmFuZG9t");
            lab.control(&first)?.then_refuses(&second, said::M16)
        },
    )
    .covers(ORDER)
    .measured("EO-15"),
    Case::profile(
        "order/signature-status",
        "bad signature before an inactive integration",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            lab.set_status(&integration, 0)?;
            let mut draft = lab.rest(&integration);
            draft.signature("cmFuZG9t");
            proven.then_refuses(&draft, said::M16)
        },
    )
    .covers(ORDER)
    .measured("EO-16")
    .needs(&[Need::Admin, Need::Callback, Need::Control]),
    Case::profile(
        "order/method-timestamp",
        "signature method before timestamp",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| {
                    r.set("oauth_signature_method", "MD5")
                        .set("oauth_timestamp", "0")
                },
                said::method("MD5"),
            )
        },
    )
    .covers(ORDER)
    .measured("spec oauth.md §2.10"),
    Case::profile(
        "order/timestamp-signature",
        "timestamp before a bad signature",
        |lab| {
            lab.refuses(
                &lab.e1()?,
                |r| r.set("oauth_timestamp", "0").signature("cmFuZG9t"),
                said::M7,
            )
        },
    )
    .covers(ORDER)
    .measured("spec oauth.md §2.10"),
];
