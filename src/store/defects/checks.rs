//! Checks of a signed request that are left out or made otherwise: parameters, version, lengths, timestamp, window, token, verifier.

use crate::oauth::{Check, Outcome, Problem, Rejection, Step};
use crate::time::UnixTime;

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/version-not-checked",
        "any oauth_version is good",
        "rfc5849-3.1-version",
        |faults| faults.policy.leave_out(Check::Version),
    )
    .named_by(
        "replay/version/wrong/two",
        "400 `The \"2.0\" Oauth version isn't supported.`",
        "200 a token",
    ),
    Defect::new(
        "store/version-demanded",
        "a request without oauth_version is refused",
        "rfc5849-3.1-version-optional",
        |faults| {
            faults.first.push(|signed| {
                let absent = signed.value("oauth_version").is_none();
                let signs = signed.value("oauth_signature").is_some();
                (absent && signs).then(|| Rejection {
                    problem: Problem::ParameterMissing,
                    values: vec!["oauth_version".to_owned()],
                })
            });
        },
    )
    .named_by(
        "handshake/version-optional/rest",
        "a status of the 200s",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/missing-not-noticed",
        "a required parameter may be missing",
        "rfc5849-3.1-required-parameters",
        |faults| faults.policy.leave_out(Check::Missing),
    )
    .named_by(
        "parameters/missing/rest/nonce",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
        "401 {\"message\":\"An error occurred validating the nonce\"}",
    ),
    Defect::new(
        "store/one-missing-told",
        "of several missing parameters only the first is told",
        "store-missing-joined",
        |faults| {
            faults.verdict.push(|_, mut outcome| {
                if let Outcome::Rejected(rejection) = &mut outcome {
                    rejection.values.truncate(1);
                }
                outcome
            });
        },
    )
    .named_by(
        "parameters/missing/request-token/two",
        "400 `\"oauth_consumer_key\" is required. Enter and try again,",
        "400 `\"oauth_consumer_key\" is required. Enter and try again.`",
    ),
    Defect::new(
        "store/empty-is-missing",
        "a parameter that is empty counts as missing",
        "store-empty-is-present",
        |faults| {
            faults.first.push(|signed| {
                let empty = signed
                    .value("oauth_consumer_key")
                    .is_some_and(|key| key.is_empty());
                empty.then(|| Rejection {
                    problem: Problem::ParameterMissing,
                    values: vec!["oauth_consumer_key".to_owned()],
                })
            });
        },
    )
    .named_by(
        "parameters/empty/consumer-key",
        "401 `A consumer having the specified key does not exist`",
        "400 `\"oauth_consumer_key\" is required. Enter and try again.`",
    ),
    Defect::new(
        "store/token-length-not-checked",
        "a token of another length is merely unknown",
        "store-token-length",
        |faults| faults.policy.leave_out(Check::TokenLength),
    )
    .named_by(
        "rest/token/31-characters",
        "400 {\"message\":\"The token length is invalid. Check the length and try",
        "401 {\"message\":\"Specified token does not exist\"}",
    ),
    Defect::new(
        "store/key-length-not-checked",
        "a consumer key of another length is merely unknown",
        "store-consumer-length",
        |faults| faults.policy.leave_out(Check::KeyLength),
    )
    .named_by(
        "request-token/key/short",
        "401 `Consumer key is not the correct length`",
        "401 `A consumer having the specified key does not exist`",
    ),
    Defect::new(
        "store/timestamp-zero",
        "a timestamp need not be positive",
        "rfc5849-3.3-timestamp-positive",
        |faults| faults.policy.leave_out(Check::TimestampPositive),
    )
    .named_by(
        "replay/timestamp/zero",
        "401 `An error occurred validating the nonce`",
        "200 a token",
    ),
    Defect::new(
        "store/timestamp-from-the-future",
        "a timestamp may lie a day ahead",
        "store-timestamp-lead",
        |faults| faults.policy.clock_lead = 24 * 3600,
    )
    .named_by(
        "replay/timestamp/ahead-an-hour",
        "401 `An error occurred validating the nonce`",
        "200 a token",
    ),
    Defect::new(
        "store/timestamp-lead-off-by-ten",
        "a timestamp may lie 610 seconds ahead",
        "store-timestamp-lead",
        |faults| faults.policy.clock_lead = 610,
    )
    .named_by(
        "replay/timestamp/ahead-605",
        "401 `An error occurred validating the nonce`",
        "200 a token",
    ),
    Defect::new(
        "store/timestamp-lead-of-a-minute",
        "a timestamp may lie a minute ahead and no more",
        "store-timestamp-lead",
        |faults| faults.policy.clock_lead = 60,
    )
    .seen_in("https://github.com/magento/magento2/issues/36135")
    .named_by(
        "replay/timestamp/ahead-within",
        "200 a token",
        "401 `An error occurred validating the nonce`",
    ),
    Defect::new(
        "store/timestamp-in-milliseconds",
        "a timestamp in milliseconds is understood",
        "store-timestamp-lead",
        |faults| {
            faults.clock.push(|signed, now| {
                let stamp = signed.value("oauth_timestamp").unwrap_or_default();
                if stamp.len() == 13 {
                    return UnixTime(now.0.saturating_mul(1000));
                }
                now
            });
        },
    )
    .named_by(
        "replay/timestamp/milliseconds",
        "401 `An error occurred validating the nonce`",
        "200 a token",
    ),
    Defect::new(
        "store/window-never-over",
        "a request token is to be had however long ago the credentials were posted",
        "store-exchange-window",
        |faults| faults.policy.leave_out(Check::Window),
    )
    .seen_in("https://github.com/magento/magento2/issues/13961")
    .named_by(
        "request-token/window/over",
        "401 `Consumer key has expired`",
        "200 a token",
    ),
    Defect::new(
        "store/window-of-two-minutes",
        "the window for a request token is two minutes",
        "store-exchange-window",
        |faults| {
            faults.setting.push(|path, value| match path {
                "oauth/consumer/expiration_period" => Some("120".to_owned()),
                _ => value,
            });
        },
    )
    .named_by(
        "request-token/window/within",
        "200 a token",
        "401 `Consumer key has expired`",
    ),
    Defect::new(
        "store/window-at-access-token",
        "the window counts at E2 as well",
        "store-window-e1-only",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                let over = signed.consumer.as_ref().is_some_and(|row| row.window_over);
                match outcome {
                    Outcome::Authenticated(_) if over && signed.step == Step::AccessToken => {
                        Outcome::Rejected(Rejection::of(Problem::ConsumerExpired))
                    }
                    other => other,
                }
            });
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/4851")
    .named_by(
        "request-token/window/not-at-access-token",
        "200 a token",
        "401 `Consumer key has expired`",
    ),
    Defect::new(
        "store/token-of-anybody",
        "a token need not be the consumer's",
        "rest-token-of-consumer",
        |faults| faults.policy.leave_out(Check::TokenOwner),
    )
    .named_by(
        "rest/token/of-another-consumer",
        "401 {\"message\":\"Token is not associated with the specified consumer\"}",
        "200 [{",
    ),
    Defect::new(
        "store/token-of-any-kind",
        "a request token opens routes",
        "rest-access-type",
        |faults| {
            faults.verdict.push(|signed, outcome| match outcome {
                Outcome::Rejected(rejection) if rejection.problem == Problem::NotAnAccessToken => {
                    signed
                        .authenticated()
                        .unwrap_or(Outcome::Rejected(rejection))
                }
                other => other,
            });
        },
    )
    .named_by(
        "rest/token/request-token",
        "401 {\"message\":\"Token is not an access token\"}",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
    Defect::new(
        "store/access-token-exchanged",
        "an access token is exchanged as a request token is",
        "store-token-kind",
        |faults| faults.policy.leave_out(Check::TokenKind),
    )
    .named_by(
        "access-token/token/access-token",
        "401 `Token is already being used`",
        "401 `Cannot get access token because consumer token is not a request",
    ),
    Defect::new(
        "store/verifier-not-checked",
        "any verifier of 32 characters is good",
        "rfc5849-2.3-verifier",
        |faults| faults.policy.leave_out(Check::Verifier),
    )
    .named_by(
        "access-token/verifier/wrong",
        "401 `Token verifier and verifier token do not match`",
        "200 a token",
    ),
    Defect::new(
        "store/verifier-length-not-checked",
        "a verifier of another length is merely wrong",
        "store-verifier-length",
        |faults| faults.policy.leave_out(Check::VerifierLength),
    )
    .named_by(
        "access-token/verifier/short",
        "401 `Verifier is not the correct length`",
        "401 `Token verifier and verifier token do not match`",
    ),
    Defect::new(
        "store/verifier-in-any-case",
        "the case of the verifier does not count",
        "rfc5849-2.3-verifier",
        |faults| {
            faults.token.push(|signed, row| {
                let given = signed.value("oauth_verifier").unwrap_or_default();
                let kept = row.verifier.as_ref().map(crate::secret::Secret::expose);
                if kept.is_some_and(|kept| kept.eq_ignore_ascii_case(&given)) {
                    row.verifier = Some(given.into());
                }
            });
        },
    )
    .named_by(
        "access-token/verifier/upper-cased",
        "401 `Token verifier and verifier token do not match`",
        "200 a token",
    ),
    Defect::new(
        "store/revoked-token-works",
        "a revoked access token works on",
        "store-token-revoked",
        |faults| faults.policy.leave_out(Check::Revoked),
    )
    .named_by(
        "rest/token/revoked",
        "401 {\"message\":\"Access token has been revoked\"}",
        "200 [{",
    ),
];
