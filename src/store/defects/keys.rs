//! The key of signatures, and the methods.

use crate::oauth::{Outcome, Problem, SignatureMethod, SigningKey, Step, base_string};
use crate::secret::Secret;

use super::Defect;
use super::signed::Signed;

/// The signature by HMAC-SHA256 of the request as it stands, whatever method it names.
fn is_sha256_of(signed: &Signed<'_>) -> bool {
    let known = signed.looked_up();
    let base = base_string(signed.store.profile().dialect, &signed.request).unwrap_or_default();
    SignatureMethod::HmacSha256.sign(base.as_bytes(), &known.key()) == signed.presented()
}

/// Takes a request whose method is not supported for authentic when `fits` holds.
fn supported(signed: &Signed<'_>, outcome: Outcome, fits: fn(&Signed<'_>) -> bool) -> Outcome {
    match outcome {
        Outcome::Rejected(rejection)
            if rejection.problem == Problem::MethodNotSupported && fits(signed) =>
        {
            let known = signed.looked_up();
            known
                .authenticated()
                .unwrap_or(Outcome::Rejected(rejection))
        }
        other => other,
    }
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/key-without-ampersand",
        "a key without & is good when there is no token",
        "rfc5849-3.4.2-key",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.is_right_under(&SigningKey::from_text(&signed.secrets().0)));
        },
    )
    .named_by(
        "signature/request-token/key-without-ampersand",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/key-without-token-secret",
        "a key without the token's secret is good",
        "rfc5849-3.4.2-key",
        |faults| {
            faults.also_right.push(|signed| {
                let key = SigningKey::new(&signed.secrets().0, &Secret::default());
                signed.step != Step::RequestToken && signed.is_right_under(&key)
            });
        },
    )
    .named_by(
        "signature/rest/no-token-secret",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/key-of-one-secret",
        "the consumer's secret stands in for the token's",
        "rfc5849-3.4.2-key",
        |faults| {
            faults.also_right.push(|signed| {
                let (consumer, _) = signed.secrets();
                signed.is_right_under(&SigningKey::new(&consumer, &consumer))
            });
        },
    )
    .named_by(
        "signature/access-token/consumer-secret-twice",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/key-of-swapped-secrets",
        "the two secrets may change places in the key",
        "rfc5849-3.4.2-key",
        |faults| {
            faults.also_right.push(|signed| {
                let (consumer, token) = signed.secrets();
                signed.is_right_under(&SigningKey::new(&token, &consumer))
            });
        },
    )
    .named_by(
        "signature/rest/secrets-swapped",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/key-in-any-case",
        "the case of the consumer's secret does not count",
        "rfc5849-3.4.2-key",
        |faults| {
            faults.also_right.push(|signed| {
                let (consumer, token) = signed.secrets();
                let raised = Secret::new(consumer.expose().to_uppercase());
                signed.is_right_under(&SigningKey::new(&raised, &token))
            });
        },
    )
    .named_by(
        "signature/request-token/secret-in-other-case",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/key-of-any-token",
        "the secret of any of the store's tokens is good",
        "rfc5849-3.4.2-key",
        |faults| {
            faults.also_right.push(|signed| {
                let storage = signed.store.storage();
                let (consumer, _) = signed.secrets();
                let every = storage.integrations().unwrap_or_default().into_iter();
                let mut rows = every
                    .filter_map(|integration| integration.consumer_id)
                    .flat_map(|id| storage.tokens_of(id).unwrap_or_default());
                rows.any(|row| signed.is_right_under(&SigningKey::new(&consumer, &row.secret)))
            });
        },
    )
    .named_by(
        "rest/token/secret-of-another",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/sha1-accepted",
        "HMAC-SHA1 is accepted where the release refuses it",
        "store-sha1-by-release",
        |faults| faults.policy.methods = &SignatureMethod::ALL,
    )
    .named_by(
        "signature/method/hmac-sha1",
        "400 `Signature method HMAC-SHA1 is not supported`",
        "200 a token",
    ),
    Defect::new(
        "store/method-in-any-case",
        "the case of the signature method does not count",
        "store-method-list",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                supported(signed, outcome, |signed| {
                    let name = signed.value("oauth_signature_method").unwrap_or_default();
                    name.eq_ignore_ascii_case("HMAC-SHA256") && is_sha256_of(signed)
                })
            });
        },
    )
    .named_by(
        "signature/method/unsupported/lower-case",
        "400 `Signature method hmac-sha256 is not supported`",
        "200 a token",
    ),
    Defect::new(
        "store/any-method-is-sha256",
        "a method that nobody knows is taken for HMAC-SHA256",
        "store-method-list",
        |faults| {
            faults
                .verdict
                .push(|signed, outcome| supported(signed, outcome, is_sha256_of));
        },
    )
    .named_by(
        "signature/method/unsupported/md5",
        "400 `Signature method MD5 is not supported`",
        "200 a token",
    ),
    Defect::new(
        "store/plaintext-accepted",
        "PLAINTEXT is accepted: the key itself is the signature",
        "store-method-list",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                supported(signed, outcome, |signed| {
                    let (consumer, token) = signed.looked_up().secrets();
                    let plain = signed.value("oauth_signature_method");
                    plain.as_deref() == Some("PLAINTEXT")
                        && signed.presented() == format!("{}&{}", consumer.expose(), token.expose())
                })
            });
        },
    )
    .named_by(
        "signature/method/plaintext-with-its-key",
        "400 `Signature method PLAINTEXT is not supported`",
        "200 a token",
    ),
];
