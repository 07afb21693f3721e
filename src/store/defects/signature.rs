//! Whether signatures are checked, and how they are compared.

use crate::oauth::{Request, Step};

use super::Defect;
use super::signed::Signed;

/// Lower-case hex digits of a base64 text.
fn hex(base64: &str) -> String {
    let digits: Vec<String> = base64.bytes().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// Whether the request has this method on REST.
fn by(signed: &Signed<'_>, method: &str) -> bool {
    signed.step == Step::Resource && signed.request.method == method
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/signature-not-checked",
        "any signature is good on REST",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.step == Step::Resource);
        },
    )
    .named_by(
        "signature/rest/random",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-not-checked-at-request-token",
        "any signature gets a request token",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.step == Step::RequestToken);
        },
    )
    .named_by(
        "signature/request-token/random",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/signature-not-checked-at-access-token",
        "any signature gets an access token",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.step == Step::AccessToken);
        },
    )
    .named_by(
        "signature/access-token/random",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/signature-not-checked-on-post",
        "any signature is good for POST on REST",
        "rfc5849-3.2-signature-checked",
        |faults| faults.also_right.push(|signed| by(signed, "POST")),
    )
    .named_by(
        "signature/everywhere/post",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/signature-not-checked-on-put",
        "any signature is good for PUT on REST",
        "rfc5849-3.2-signature-checked",
        |faults| faults.also_right.push(|signed| by(signed, "PUT")),
    )
    .named_by(
        "signature/everywhere/put",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "400 {\"message\":\"\\\"%fieldName\\\" is required. Enter and try",
    ),
    Defect::new(
        "store/signature-not-checked-on-delete",
        "any signature is good for DELETE on REST",
        "rfc5849-3.2-signature-checked",
        |faults| faults.also_right.push(|signed| by(signed, "DELETE")),
    )
    .named_by(
        "signature/everywhere/delete",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "404 {\"message\":\"The product that was requested doesn't exist. Verify",
    ),
    Defect::new(
        "store/signature-not-checked-under-all",
        "any signature is good below /rest/all/",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.request.target.contains("/rest/all/"));
        },
    )
    .named_by(
        "signature/everywhere/store-code-all",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-not-checked-under-a-store-code",
        "any signature is good below the code of a store view",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.request.target.contains("/rest/default/"));
        },
    )
    .named_by(
        "signature/everywhere/store-code",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-compared-by-its-beginning",
        "only the first eight characters of a signature are compared",
        "store-signature-exact",
        |faults| {
            faults.also_right.push(|signed| {
                let presented = signed.presented();
                let start = presented.get(..8);
                start.is_some_and(|start| signed.expected().starts_with(start))
            });
        },
    )
    .named_by(
        "signature/rest/last-character",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-compared-to-its-end",
        "a signature that is cut short is good",
        "store-signature-exact",
        |faults| {
            faults.also_right.push(|signed| {
                let presented = signed.presented();
                presented.len() >= 8 && signed.expected().starts_with(&presented)
            });
        },
    )
    .named_by(
        "signature/rest/truncated",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-with-more-after-it",
        "text after a right signature does not matter",
        "store-signature-exact",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.presented().starts_with(&signed.expected()));
        },
    )
    .named_by(
        "signature/rest/text-after-it",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-in-any-case",
        "signatures are compared without regard to case",
        "store-signature-exact",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.presented().eq_ignore_ascii_case(&signed.expected()));
        },
    )
    .named_by(
        "signature/rest/lower-cased",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-without-padding",
        "a signature without its padding is good",
        "store-signature-exact",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.presented() == signed.expected().trim_end_matches('='));
        },
    )
    .named_by(
        "signature/access-token/padding-stripped",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/signature-in-hex",
        "the signature's text in hex digits is good as well",
        "store-signature-exact",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.presented() == hex(&signed.expected()));
        },
    )
    .named_by(
        "signature/rest/hex",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/signature-may-be-empty",
        "an empty signature is good",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults
                .also_right
                .push(|signed| signed.presented().is_empty());
        },
    )
    .named_by(
        "parameters/empty/signature",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/timestamp-not-signed",
        "the timestamp is not covered by the signature",
        "rfc5849-3.2-signature-checked",
        |faults| {
            faults.also_right.push(|signed| {
                let now = signed.store.now().0;
                let stamp = signed.value("oauth_timestamp").unwrap_or_default();
                let header = signed.request.authorization.unwrap_or_default();
                (now - 30..=now + 1).any(|second| {
                    let other = header.replace(
                        &format!("oauth_timestamp=\"{stamp}\""),
                        &format!("oauth_timestamp=\"{second}\""),
                    );
                    let request = Request {
                        authorization: Some(&other),
                        ..signed.request
                    };
                    signed.is_right_for(&request, &signed.key())
                })
            });
        },
    )
    .named_by(
        "signature/rest/tampered-timestamp",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
];
