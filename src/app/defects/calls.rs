//! Signed calls, and what is kept.

use crate::secret::Secret;
use crate::wire::tls::Trust;

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "app/token-of-the-first-round",
        "calls use the access token of the first round after a re-authorisation",
        "app/life/re-authorised",
        |faults| {
            faults.calling.push(|faults, consumer_key, access| {
                let kept = faults.first(
                    &format!("access of {consumer_key}"),
                    &format!("{} {}", access.token, access.secret.expose()),
                );
                if let Some((token, secret)) = kept.split_once(' ') {
                    token.clone_into(&mut access.token);
                    access.secret = Secret::from(secret);
                }
            });
        },
    ),
    Defect::new(
        "app/pages-without-end",
        "a list is read on as long as the store gives pages, full or not",
        "app/calls/pages/shrinking",
        |faults| faults.pages = Some(500),
    ),
    Defect::new(
        "app/retry-storm",
        "a refused call is sent again fifty times at once",
        "app/reaction/not-authorized",
        |faults| faults.storm = 50,
    ),
    Defect::new(
        "app/query-of-a-blank-as-plus",
        "a blank in the query of a call is signed as a plus sign",
        "app/calls/odd-characters",
        |faults| {
            faults.signing.push(|writing| {
                let query = writing.url.query().map(|query| query.replace("%20", "%2B"));
                writing.url.set_query(query.as_deref());
            });
        },
    ),
    Defect::new(
        "app/query-encoded-twice",
        "the query of a call is signed encoded twice",
        "app/calls/odd-characters",
        |faults| {
            faults.signing.push(|writing| {
                let query = writing.url.query().map(|query| query.replace('%', "%25"));
                writing.url.set_query(query.as_deref());
            });
        },
    ),
    Defect::new(
        "app/certificate-not-checked",
        "any certificate of a store is good enough",
        "app/transport/self-signed",
        |faults| faults.options.push(|options| options.trust = Trust::Anyone),
    ),
    Defect::new(
        "app/forgets-by-a-restart",
        "connected stores are kept in memory alone",
        "app/life/restarted-after",
        |faults| faults.options.push(|options| options.files = None),
    ),
    Defect::new(
        "app/waits-for-ever",
        "a store that is silent is waited for ten minutes",
        "app/reaction/silence/long",
        |faults| {
            faults
                .options
                .push(|options| options.patience = std::time::Duration::from_mins(10));
        },
    ),
];
