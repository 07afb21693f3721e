//! The base string: what is signed, how it is written and in which order.

use crate::oauth::{
    Authority, BodyGrammar, Duplicates, Order, Outcome, PathForm, Plus, Problem, QueryPieces,
    Rejection, Request,
};

use crate::store::front;

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/query-in-byte-order",
        "parameters are ordered byte by byte where the release orders them naturally",
        "store-natural-order",
        |faults| faults.rules(|rules| rules.order = Order::Bytes),
    )
    .seen_in("https://github.com/magento/magento2/issues/37278")
    .named_by(
        "query/quirk/digits-naturally",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/query-in-order-of-decoded-names",
        "parameters are ordered by their decoded names",
        "store-encoded-order",
        |faults| faults.rules(|rules| rules.order = Order::Keys),
    )
    .named_by(
        "query/quirk/bracket-before-letter",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/query-as-it-comes",
        "parameters of the query are not sorted",
        "rfc5849-3.4.1-base-string",
        |faults| {
            faults.verdict.push(|signed, outcome| {
                let query = front::raw_query(signed.request.target);
                let mut pieces: Vec<&str> = query.split('&').collect();
                let sent = pieces.clone();
                pieces.sort_unstable();
                match outcome {
                    Outcome::Authenticated(_) if pieces != sent => {
                        Outcome::Rejected(Rejection::of(Problem::SignatureInvalid))
                    }
                    other => other,
                }
            });
        },
    )
    .named_by(
        "query/order",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/plus-is-a-blank-in-the-query",
        "a + in the query is a blank where the release keeps it",
        "store-plus-stays",
        |faults| faults.rules(|rules| rules.query_plus = Plus::Blank),
    )
    .seen_in("https://github.com/magento/magento2/pull/34896")
    .named_by(
        "query/quirk/plus-as-plus",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/bare-names-signed",
        "a bare name in the query is signed where the release drops it",
        "store-bare-names-dropped",
        |faults| faults.rules(|rules| rules.query_pieces = QueryPieces::All),
    )
    .named_by(
        "query/quirk/bare-name-unsigned",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/equal-names-all-signed",
        "of equal names each is signed where the release takes the last",
        "store-duplicate-last-wins",
        |faults| faults.rules(|rules| rules.duplicates = Duplicates::Keep),
    )
    .named_by(
        "query/quirk/duplicate-last",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/names-of-forms-kept",
        "a dot in a field's name of a form stays a dot",
        "store-php-names-in-body",
        |faults| faults.rules(|rules| rules.body = BodyGrammar::Form),
    )
    .named_by(
        "placement/form/dot-as-underscore",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/host-as-sent",
        "host and port are signed as sent, in any case and with a default port",
        "rfc5849-3.4.1.2-base-string-uri",
        |faults| faults.rules(|rules| rules.authority = Authority::AsSent),
    )
    .named_by(
        "url/host-lower-case",
        "a status of the 200s",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/path-as-sent",
        "escapes in the path are signed as sent where the release decodes them",
        "store-path-normalised",
        |faults| faults.rules(|rules| rules.path = PathForm::AsSent),
    )
    .seen_in("https://github.com/magento/magento2/issues/37830")
    .named_by(
        "url/path/slash-decoded",
        "404 of the service, which asks for a right signature",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
    ),
    Defect::new(
        "store/query-not-signed",
        "the query is not covered by the signature",
        "rfc5849-3.4.1.3-query-signed",
        |faults| {
            faults.also_right.push(|signed| {
                let target = signed.path();
                let request = Request {
                    target,
                    ..signed.request
                };
                signed.is_right_for(&request, &signed.key())
            });
        },
    )
    .named_by(
        "query/plain-unsigned",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/body-not-signed",
        "a signature over a form body is not checked",
        "rfc5849-3.4.1.3-form-body-signed",
        |faults| {
            faults.also_right.push(|signed| {
                let request = Request {
                    body: &[],
                    ..signed.request
                };
                signed.is_right_for(&request, &signed.key())
            });
        },
    )
    .named_by(
        "placement/form/unsigned",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/json-signed",
        "a JSON body is read as a form and signed",
        "rfc5849-3.4.1.3-other-bodies-unsigned",
        |faults| {
            faults.read_as.push(|seen| {
                let json = |media: &String| media.starts_with("application/json");
                if seen.content_type.as_ref().is_some_and(json) && !seen.body.is_empty() {
                    seen.content_type = Some("application/x-www-form-urlencoded".to_owned());
                }
            });
        },
    )
    .named_by(
        "placement/other/json",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/method-not-signed",
        "the method is not covered by the signature",
        "rfc5849-3.4.1.1-method-signed",
        |faults| {
            faults.also_right.push(|signed| {
                ["GET", "POST", "PUT", "DELETE"].into_iter().any(|method| {
                    let request = Request {
                        method,
                        ..signed.request
                    };
                    signed.is_right_for(&request, &signed.key())
                })
            });
        },
    )
    .named_by(
        "url/method/signed-on-rest",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/scheme-not-signed",
        "http and https are the same to the signature",
        "rfc5849-3.4.1.2-base-string-uri",
        |faults| {
            faults.also_right.push(|signed| {
                ["http", "https"].into_iter().any(|scheme| {
                    let request = Request {
                        scheme,
                        ..signed.request
                    };
                    signed.is_right_for(&request, &signed.key())
                })
            });
        },
    )
    .named_by(
        "url/scheme",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/path-not-signed",
        "a signature for a path below this one is good as well",
        "rfc5849-3.4.1.2-base-string-uri",
        |faults| {
            faults.also_right.push(|signed| {
                let below = format!("{}/other", signed.path());
                let request = Request {
                    target: &below,
                    ..signed.request
                };
                signed.is_right_for(&request, &signed.key())
            });
        },
    )
    .named_by(
        "signature/rest/body-of-another-request",
        "401 {\"message\":\"The signature is invalid. Verify and try again.\"}",
        "200 [{",
    ),
    Defect::new(
        "store/path-in-any-case",
        "the case of the path's last segment is not covered by the signature",
        "rfc5849-3.4.1.2-base-string-uri",
        |faults| {
            faults.also_right.push(|signed| {
                let (folder, last) = signed.path().rsplit_once('/').unwrap_or_default();
                let raised = format!("{folder}/{}", last.to_uppercase());
                let request = Request {
                    target: &raised,
                    ..signed.request
                };
                signed.is_right_for(&request, &signed.key())
            });
        },
    )
    .named_by(
        "url/path/case",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
    Defect::new(
        "store/slash-at-the-end-not-signed",
        "a slash at the end of the path is not covered by the signature",
        "rfc5849-3.4.1.2-base-string-uri",
        |faults| {
            faults.also_right.push(|signed| {
                let target = signed.request.target.trim_end_matches('/');
                let request = Request {
                    target,
                    ..signed.request
                };
                signed.is_right_for(&request, &signed.key())
            });
        },
    )
    .named_by(
        "url/path/trailing-slash-significant",
        "401 `The signature is invalid. Verify and try again.`",
        "200 a token",
    ),
];
