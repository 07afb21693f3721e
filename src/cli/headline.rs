//! The doctor's one sentence on a signed request, for peers that have refused it or were refused with it.

use crate::doctor::{Diagnosis, Keyring, KeyringEntry, ReceivedRequest, Verdict, examine};
use crate::oauth::{Profile, Request};
use crate::secret::Secret;

/// What the doctor says of this request under the profile, with the secrets that it should have been signed with.
pub(super) fn headline(
    request: &Request<'_>,
    consumer_secret: &Secret,
    token_secret: Option<&Secret>,
    profile: &'static Profile,
) -> String {
    let received = ReceivedRequest {
        method: request.method.to_owned(),
        scheme: Some(request.scheme.to_owned()),
        host: request.host.to_owned(),
        target: request.target.to_owned(),
        authorization: request.authorization.map(str::to_owned),
        content_type: request.content_type.map(str::to_owned),
        body: request.body.to_vec(),
        ..ReceivedRequest::default()
    };
    let keyring = Keyring::new(vec![KeyringEntry {
        consumer_key: None,
        consumer_secret: consumer_secret.clone(),
        token: None,
        token_secret: token_secret.cloned(),
    }]);
    told(&examine(1, &received, &keyring, profile))
}

/// The sentence, with where to read on; the peer knows that its own secrets are right.
fn told(diagnosis: &Diagnosis) -> String {
    if diagnosis.verdict == Verdict::Unknown && diagnosis.tried > 0 {
        return format!(
            "refused by {}: none of {} explanations fits; most likely it was signed with other secrets than this integration's",
            diagnosis.profile.name, diagnosis.tried
        );
    }
    let headline = diagnosis.headline();
    match diagnosis.explanations.first() {
        Some(first) => {
            let ids: Vec<&str> = first.mistakes.iter().map(|mistake| mistake.id).collect();
            format!("{headline} ({})", ids.join(", "))
        }
        None => headline,
    }
}
