//! The credentials POST: its fields, its client, whom it trusts, and what it makes of answers.

use std::time::Duration;

use crate::wire::tls::Trust;

use super::Defect;

/// Longer than anybody waits.
const LONG: Duration = Duration::from_mins(1);

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/post-with-a-fifth-field",
        "the credentials POST carries the store's name as well",
        "store-post-form",
        |faults| {
            faults.posting.push(|letter, _| {
                letter
                    .fields
                    .push(("store_name", "Main Website".to_owned()));
            });
        },
    )
    .named_by(
        "credentials-post/fields",
        "fields `oauth_consumer_key oauth_consumer_secret oauth_verifier",
        "fields `oauth_consumer_key oauth_consumer_secret oauth_verifier",
    ),
    Defect::new(
        "store/post-fields-in-another-order",
        "the verifier comes before the store's URL",
        "store-post-form",
        |faults| faults.posting.push(|letter, _| letter.fields.swap(2, 3)),
    )
    .named_by(
        "credentials-post/field-order",
        "fields `oauth_consumer_key oauth_consumer_secret store_base_url",
        "fields `oauth_consumer_key oauth_consumer_secret oauth_verifier",
    ),
    Defect::new(
        "store/post-not-encoded",
        "the values of the credentials POST are not percent-encoded",
        "store-post-form",
        |faults| faults.posting.push(|letter, _| letter.encoded = false),
    )
    .named_by(
        "credentials-post/encoding",
        "%3A%2F%2F",
        "store_base_url=http://",
    ),
    Defect::new(
        "store/post-as-text",
        "the credentials POST calls itself plain text",
        "store-post-form",
        |faults| faults.posting.push(|letter, _| letter.media = "text/plain"),
    )
    .seen_in("https://github.com/magento/magento2/issues/15321")
    .named_by(
        "credentials-post/content-type",
        "application/x-www-form-urlencoded",
        "text/plain",
    ),
    Defect::new(
        "store/post-by-put",
        "the credentials are sent with PUT",
        "guide-credentials-post",
        |faults| faults.posting.push(|letter, _| letter.method = "PUT"),
    )
    .named_by("credentials-post/method", "method `POST`", "method `PUT`"),
    Defect::new(
        "store/post-without-slash",
        "the store's URL in the credentials POST has no slash at its end",
        "store-base-url",
        |faults| {
            faults.posting.push(|letter, _| {
                let url = letter.fields[2].1.trim_end_matches('/').to_owned();
                letter.fields[2].1 = url;
            });
        },
    )
    .named_by(
        "credentials-post/base-url-slash",
        "one slash at the end",
        "http://",
    ),
    Defect::new(
        "store/post-names-another-host",
        "the store's URL in the credentials POST is the one of the installer",
        "store-base-url",
        |faults| {
            faults.posting.push(|letter, _| {
                "http://magento.invalid/".clone_into(&mut letter.fields[2].1);
            });
        },
    )
    .named_by(
        "credentials-post/base-url-usable",
        "a URL below which the store answers",
        "the host name of http://magento.invalid has no address: check the",
    ),
    Defect::new(
        "store/post-loses-the-query",
        "the query of the callback URL is cut off",
        "store-post-target",
        |faults| {
            faults.posting.push(|letter, _| {
                let path = letter.endpoint.split('?').next().unwrap_or_default();
                letter.endpoint = path.to_owned();
            });
        },
    )
    .named_by(
        "credentials-post/query-kept",
        "a target that ends in ?x=1",
        "/callback/",
    ),
    Defect::new(
        "store/post-with-authorization",
        "the credentials POST carries an Authorization field",
        "store-post-form",
        |faults| {
            faults.posting.push(|letter, _| {
                let value = format!("OAuth oauth_consumer_key=\"{}\"", letter.fields[0].1);
                letter.headers.push(("Authorization", value));
            });
        },
    )
    .named_by(
        "credentials-post/unsigned",
        "no Authorization",
        "an Authorization header",
    ),
    Defect::new(
        "store/post-twice",
        "the credentials are posted twice",
        "store-post-form",
        |faults| faults.posting.push(|letter, _| letter.copies = 2),
    )
    .seen_in("https://github.com/magento/magento2/issues/30272")
    .named_by(
        "credentials-post/once",
        "number of posts `1`",
        "number of posts `2`",
    ),
    Defect::new(
        "store/post-answer-counts",
        "an answer that is none of the 200s fails the exchange",
        "store-post-answer-ignored",
        |faults| {
            faults
                .posting
                .push(|letter, _| letter.success = |status| (200..300).contains(&status));
        },
    )
    .seen_in("https://github.com/magento/magento2/issues/31108")
    .named_by(
        "credentials-post/answer/server-error",
        "one POST and JSON with identity_link_url",
        "/admin/admin/integration/index/key/",
    ),
    Defect::new(
        "store/post-follows-redirects",
        "a redirect is followed although none may be",
        "store-post-redirects",
        |faults| faults.posting.push(|_, limits| limits.redirects = 5),
    )
    .named_by(
        "credentials-post/answer/redirect",
        "one POST, none at the second address",
        "1 at the second",
    ),
    Defect::new(
        "store/post-resends-secrets",
        "a redirect that is followed gets the secrets again",
        "store-post-redirects",
        |faults| faults.posting.push(|letter, _| letter.resent = |_| true),
    )
    .named_by(
        "credentials-post/redirect-configured",
        "GET without a body: no secrets at the second address",
        "POST and a body of",
    ),
    Defect::new(
        "store/post-trusts-anybody",
        "any certificate is good enough for the credentials",
        "store-post-certificate",
        |faults| faults.trust = Trust::Anyone,
    )
    .named_by(
        "credentials-post/no-answer/bad-certificate",
        "no credentials",
        "a request",
    ),
    Defect::new(
        "store/post-waits-a-minute",
        "the panel waits a minute for the app",
        "store-post-timeout",
        |faults| faults.posting.push(|_, limits| limits.timeout = LONG),
    )
    .named_by(
        "credentials-post/no-answer/time-out",
        "about 5 s",
        "in which the store's clock was moved by",
    ),
    Defect::new(
        "store/post-time-out-fixed",
        "the time-out of the credentials POST does not follow its setting",
        "store-post-timeout",
        |faults| {
            faults
                .posting
                .push(|_, limits| limits.timeout = Duration::from_secs(5));
        },
    )
    .named_by(
        "credentials-post/time-out-configured",
        "about 1 s",
        "in which the store's clock was moved by",
    ),
];
