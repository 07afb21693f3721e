//! The examination of one request: what the profile says, and why.

use super::diagnosis::{BuiltBaseString, Diagnosis, Verdict};
use super::explaining::{explained, explained_each, seen_in, together, wanted_by};
use super::facts::{Facts, Place};
use super::mask::masked;
use super::mistakes::KeyParts;
use super::search::{Searched, search};
use super::{Keyring, ReceivedRequest, beyond, client, secrets};
use crate::oauth::{
    BaseStringError, Dialect, PROFILES, Profile, Request, SignatureMethod, SigningKey, base_string,
    verify,
};
use crate::secret::Secret;

/// A pair of secrets and its key.
struct Signing<'k> {
    pair: &'k (Secret, Secret),
    key: SigningKey,
}

/// Examines the request number `number` (from 1) with these secrets, for `profile`.
#[must_use]
pub fn examine(
    number: usize,
    request: &ReceivedRequest,
    keyring: &Keyring,
    profile: &'static Profile,
) -> Diagnosis {
    let mut notes = Vec::new();
    let first = Facts::new(request, request.scheme.as_deref().unwrap_or("https"));
    let pairs = secrets_of(&first, keyring, &mut notes);
    let signings: Vec<Signing<'_>> = pairs
        .iter()
        .map(|pair| Signing {
            key: SigningKey::new(&pair.0, &pair.1),
            pair,
        })
        .collect();
    let (scheme, signing) = fitting(request, &signings);
    let facts = Facts { scheme, ..first };
    let key = signing.map(|signing| &signing.key);
    let seen = request.over(scheme);
    let verifier = facts.value("oauth_verifier");
    let accepts = |profile: &Profile| {
        key.is_some_and(|key| verify(profile.dialect, profile.methods, &seen, key).is_ok())
    };
    let accepted_by: Vec<_> = PROFILES
        .iter()
        .map(|one| (one.name, accepts(one)))
        .collect();
    let base_strings: Vec<_> = Dialect::ALL
        .into_iter()
        .map(|dialect| built(dialect, &seen, key, verifier.as_deref()))
        .collect();
    let mut diagnosis = Diagnosis {
        label: request
            .label
            .clone()
            .unwrap_or_else(|| format!("request {number}")),
        request: masked(
            &format!(
                "{} {scheme}://{}{}",
                request.method, request.host, request.target
            ),
            verifier.as_deref(),
        ),
        profile,
        verdict: Verdict::Undecidable,
        explanations: explained_each(seen_in(&facts, profile)),
        client: client::recognised(&facts),
        accepted_by,
        base_strings,
        expected: profile.dialect,
        reconstructed: None,
        tried: 0,
        notes: Vec::new(),
    };
    if request.scheme.is_none() && !facts.protocol.is_empty() {
        notes.push(format!("the input does not say whether it came over http or https: taken as {scheme}; --scheme settles it"));
    }
    judge(
        &mut diagnosis,
        &facts,
        signing,
        keyring,
        accepts(profile),
        &mut notes,
    );
    if let Some(client) = diagnosis.client {
        for explanation in &mut diagnosis.explanations {
            if let Some(more) = client::fix(client, &explanation.mistakes) {
                explanation.fix = format!("{} {more}", explanation.fix);
            }
        }
    }
    notes.extend(beyond::notes(&facts, &diagnosis));
    diagnosis.notes = notes;
    diagnosis
}

/// Finds verdict and explanations. What is seen without secrets stands among the explanations already.
fn judge(
    diagnosis: &mut Diagnosis,
    facts: &Facts<'_>,
    signing: Option<&Signing<'_>>,
    keyring: &Keyring,
    accepted: bool,
    notes: &mut Vec<String>,
) {
    let profile = diagnosis.profile;
    let seen = !diagnosis.explanations.is_empty();
    let decided = if seen {
        Verdict::Mistake
    } else {
        Verdict::Undecidable
    };
    let Some(signing) = signing else {
        let wanted = explained_each(wanted_by(facts, profile, false));
        diagnosis.verdict = if seen || wanted.is_empty() {
            decided
        } else {
            Verdict::Refused
        };
        diagnosis.explanations.extend(wanted);
        return;
    };
    if accepted {
        diagnosis.verdict = if seen {
            Verdict::Mistake
        } else {
            Verdict::Right
        };
        return;
    }
    if diagnosis.base_strings.iter().any(|built| built.signed) {
        let wanted = explained_each(wanted_by(facts, profile, !seen));
        diagnosis.verdict = if seen {
            Verdict::Mistake
        } else {
            Verdict::Refused
        };
        // What is seen and proves no more than the release does is said once.
        diagnosis.explanations.extend(together(wanted));
        return;
    }
    let searched = searched(facts, signing, keyring, profile);
    diagnosis.tried = searched.tried;
    if searched.found.is_empty() {
        diagnosis.verdict = if seen {
            Verdict::Mistake
        } else {
            Verdict::Unknown
        };
        let token = facts.has("oauth_token").then_some(&signing.pair.1);
        notes.extend(secrets::remarks(&signing.pair.0, token));
        if seen && searched.tried > 0 {
            notes.push(format!(
                "the signature itself fits none of {} explanations either",
                searched.tried
            ));
        }
        if facts.request.body.is_empty() && facts.request.content_type.is_some() {
            notes.push(
                "the request has a content type and no body: if a body was sent, give it as well"
                    .to_owned(),
            );
        }
        if searched.cut {
            notes.push(
                "the request is so large that not every pair of mistakes was tried".to_owned(),
            );
        }
        return;
    }
    diagnosis.verdict = Verdict::Mistake;
    let verifier = facts.value("oauth_verifier");
    let private = searched.found.iter().any(|found| {
        found
            .mistakes
            .iter()
            .any(|(mistake, _)| mistake.id == "mistake/userinfo-signed")
    });
    diagnosis.reconstructed = searched.found.first().filter(|_| !private).map(|found| {
        masked(
            &String::from_utf8_lossy(&found.base_string),
            verifier.as_deref(),
        )
    });
    if searched.found.len() > 1 {
        notes.push(format!(
            "{} explanations give this signature; on this request they cannot be told apart",
            searched.found.len()
        ));
    }
    // Proven by the signature first, what is seen beside it after.
    let seen = std::mem::take(&mut diagnosis.explanations);
    diagnosis.explanations = searched
        .found
        .iter()
        .filter(|found| !found.mistakes.is_empty())
        .map(explained)
        .chain(seen)
        .collect();
    let wanted = wanted_by(facts, profile, false);
    if !wanted.is_empty() {
        let also: Vec<String> = wanted
            .iter()
            .map(|(mistake, _)| format!("{} ({})", mistake.statement, mistake.id))
            .collect();
        notes.push(format!(
            "after that, {} still refuses: {}",
            profile.name,
            also.join("; ")
        ));
    }
    if diagnosis.explanations.is_empty() {
        diagnosis.explanations = together(explained_each(wanted_by(facts, profile, true)));
        diagnosis.verdict = Verdict::Refused;
    }
}

fn searched(
    facts: &Facts<'_>,
    signing: &Signing<'_>,
    keyring: &Keyring,
    profile: &Profile,
) -> Searched {
    let others: Vec<(Secret, Secret)> = keyring
        .all()
        .filter(|other| other != signing.pair)
        .collect();
    let (key, token, verifier) = (
        facts.value("oauth_consumer_key"),
        facts.value("oauth_token"),
        facts.value("oauth_verifier"),
    );
    let parts = KeyParts {
        consumer_secret: &signing.pair.0,
        token_secret: &signing.pair.1,
        consumer_key: key.as_deref().unwrap_or_default(),
        token: token.as_deref(),
        verifier: verifier.as_deref(),
        others: &others,
    };
    search(facts, &parts, profile)
}

/// The secrets that the request may have been signed with; none when it cannot be told, with a note that says what is missing.
fn secrets_of(
    facts: &Facts<'_>,
    keyring: &Keyring,
    notes: &mut Vec<String>,
) -> Vec<(Secret, Secret)> {
    if facts.place == Place::Nowhere {
        if facts.request.authorization.is_none() {
            notes.push("there is no Authorization header, so a store takes the caller for a guest; was it sent, or did a server in between drop it?".to_owned());
        }
        return Vec::new();
    }
    let Some(consumer_key) = facts
        .value("oauth_consumer_key")
        .filter(|_| facts.signature.is_some())
    else {
        notes.push("the request lacks `oauth_consumer_key` or `oauth_signature`, so there is no signature to check".to_owned());
        return Vec::new();
    };
    let token = facts.value("oauth_token").filter(|token| !token.is_empty());
    let pairs = keyring.pairs(&consumer_key, token.as_deref());
    if pairs.is_empty() {
        notes.push(if keyring.is_empty() {
            "no secret was given: set MAGESPEC_CONSUMER_SECRET and MAGESPEC_TOKEN_SECRET, or give --secrets FILE".to_owned()
        } else if keyring.knows(&consumer_key) {
            format!("the secret of the token `{}` is not among those given", token.as_deref().unwrap_or_default())
        } else {
            format!("the secret of the consumer key `{consumer_key}` is not among those given: it is another integration's, another shop's, or mistyped")
        });
    }
    pairs
}

/// The scheme and the secrets with which some dialect accepts; else the first of each.
fn fitting<'a, 'k>(
    request: &'a ReceivedRequest,
    signings: &'a [Signing<'k>],
) -> (&'a str, Option<&'a Signing<'k>>) {
    let schemes = match &request.scheme {
        Some(scheme) => vec![scheme.as_str()],
        None => vec!["https", "http"],
    };
    for scheme in &schemes {
        for signing in signings {
            let seen = request.over(scheme);
            let fits =
                |dialect| verify(dialect, &SignatureMethod::ALL, &seen, &signing.key).is_ok();
            if Dialect::ALL.into_iter().any(fits) {
                return (scheme, Some(signing));
            }
        }
    }
    (schemes[0], signings.first())
}

fn built(
    dialect: Dialect,
    request: &Request<'_>,
    key: Option<&SigningKey>,
    verifier: Option<&str>,
) -> BuiltBaseString {
    let signed =
        key.is_some_and(|key| verify(dialect, &SignatureMethod::ALL, request, key).is_ok());
    BuiltBaseString {
        dialect,
        text: base_string(dialect, request)
            .map(|text| masked(&text, verifier))
            .map_err(|error: BaseStringError| error.to_string()),
        signed,
    }
}
