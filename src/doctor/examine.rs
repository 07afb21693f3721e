use super::{Keyring, ReceivedRequest};
use crate::oauth::{
    AuthorizationHeader, Dialect, PROFILES, Profile, Request, SignatureMethod, SigningKey,
    base_string, verify,
};
use crate::text::{form, percent};

/// What came of an examination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The signature is right for one profile at least.
    Right,
    /// It is right for none, and why is not known.
    Unknown,
    /// What is needed to tell is missing.
    Undecidable,
}

impl Verdict {
    /// The word in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Unknown => "unknown",
            Self::Undecidable => "undecidable",
        }
    }
}

/// What one dialect makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltBaseString {
    /// The dialect.
    pub dialect: Dialect,
    /// Its base string, the verifier masked character by character; or why it has none.
    pub text: Result<String, String>,
    /// Whether the signature is the one of this base string.
    pub signed: bool,
}

/// What is found out about one request. Holds no secret.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The request's label, or its number.
    pub label: String,
    /// Method and URL, for people.
    pub request: String,
    /// In one word.
    pub verdict: Verdict,
    /// Which profiles accept signature and method.
    pub accepted_by: Vec<(&'static str, bool)>,
    /// What each dialect signs, in the order of [`Dialect::ALL`].
    pub base_strings: Vec<BuiltBaseString>,
    /// The dialect of the profile that was asked for.
    pub expected: Dialect,
    /// Sentences.
    pub notes: Vec<String>,
}

impl Diagnosis {
    /// The base string that the asked-for profile builds.
    #[must_use]
    pub fn expected_base_string(&self) -> Option<&str> {
        self.base_strings
            .iter()
            .find(|built| built.dialect == self.expected)
            .and_then(|built| built.text.as_deref().ok())
    }

    /// The base string that was signed, when it is known: the expected one if it fits.
    #[must_use]
    pub fn received_base_string(&self) -> Option<&str> {
        let signed = || self.base_strings.iter().filter(|built| built.signed);
        signed()
            .find(|built| built.dialect == self.expected)
            .or_else(|| signed().next())
            .and_then(|built| built.text.as_deref().ok())
    }
}

/// What the request says of itself.
struct Claims {
    consumer_key: Option<String>,
    token: Option<String>,
    method: Option<String>,
    signature: Option<String>,
}

/// Examines the request number `number` (from 1) with these secrets; `profile` says which base string is the expected one.
#[must_use]
pub fn examine(
    number: usize,
    request: &ReceivedRequest,
    keyring: &Keyring,
    profile: &Profile,
) -> Diagnosis {
    let mut notes = Vec::new();
    let claims = claims(request);
    let keys = keys(&claims, request, keyring, &mut notes);
    let (scheme, key) = fitting(request, keys.as_deref().unwrap_or_default());
    if request.scheme.is_none() {
        notes.push(format!(
            "the input does not say whether it came over http or https: taken as {scheme}; --scheme settles it"
        ));
    }
    let seen = request.over(scheme);
    let accepts = |profile: &Profile| {
        key.is_some_and(|key| verify(profile.dialect, profile.methods, &seen, key).is_ok())
    };
    let accepted_by: Vec<_> = PROFILES
        .into_iter()
        .map(|profile| (profile.name, accepts(profile)))
        .collect();
    let base_strings: Vec<_> = Dialect::ALL
        .into_iter()
        .map(|dialect| built(dialect, &seen, key))
        .collect();
    let verdict = if accepted_by.iter().any(|(_, accepted)| *accepted) {
        Verdict::Right
    } else if key.is_some() {
        Verdict::Unknown
    } else {
        Verdict::Undecidable
    };
    if key.is_some() {
        notes.extend(findings(&claims, &base_strings));
    }
    Diagnosis {
        label: request
            .label
            .clone()
            .unwrap_or_else(|| format!("request {number}")),
        request: masked(&format!(
            "{} {scheme}://{}{}",
            request.method, request.host, request.target
        )),
        verdict,
        accepted_by,
        base_strings,
        expected: profile.dialect,
        notes,
    }
}

/// The first byte at which two texts differ, counted from 0; none when they are equal.
#[must_use]
pub fn first_difference(one: &str, other: &str) -> Option<usize> {
    let common = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(left, right)| left == right)
        .count();
    (one.len() != other.len() || common < one.len()).then_some(common)
}

fn claims(request: &ReceivedRequest) -> Claims {
    let header = request.authorization.as_deref().unwrap_or_default();
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let body = String::from_utf8_lossy(&request.body);
    // As a tolerant server looks for them; which places count is the dialects' affair.
    let in_header: Vec<(String, String)> = AuthorizationHeader::parse(Dialect::Laminas, header)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), percent::decode_text(value).into_owned()))
        .collect();
    let value = |name: &str| {
        in_header
            .iter()
            .cloned()
            .chain(form::pairs(query))
            .chain(form::pairs(&body))
            .find(|(other, value)| other == name && !value.is_empty())
            .map(|(_, value)| value)
    };
    Claims {
        consumer_key: value("oauth_consumer_key"),
        token: value("oauth_token"),
        method: value("oauth_signature_method"),
        signature: value("oauth_signature"),
    }
}

/// The keys that may have signed; none when it cannot be told, with a note that says what is missing.
fn keys(
    claims: &Claims,
    request: &ReceivedRequest,
    keyring: &Keyring,
    notes: &mut Vec<String>,
) -> Option<Vec<SigningKey>> {
    let (Some(consumer_key), Some(_), Some(_)) =
        (&claims.consumer_key, &claims.signature, &claims.method)
    else {
        notes.push(match &request.authorization {
            None => "there is no Authorization header, so a store takes the caller for a guest; was it sent, or did a server in between drop it?".to_owned(),
            Some(_) => "the request lacks `oauth_consumer_key`, `oauth_signature_method` or `oauth_signature`, so there is no signature to check".to_owned(),
        });
        return None;
    };
    let pairs = keyring.pairs(consumer_key, claims.token.as_deref());
    if pairs.is_empty() {
        notes.push(if keyring.is_empty() {
            "no secret was given: set MAGESPEC_CONSUMER_SECRET and MAGESPEC_TOKEN_SECRET, or give --secrets FILE".to_owned()
        } else if keyring.knows(consumer_key) {
            format!(
                "the secret of the token `{}` is not among those given",
                claims.token.as_deref().unwrap_or_default()
            )
        } else {
            format!("the secret of the consumer key `{consumer_key}` is not among those given")
        });
        return None;
    }
    let keys = pairs
        .iter()
        .map(|(consumer, token)| SigningKey::new(consumer, token));
    Some(keys.collect())
}

/// The scheme and key with which some dialect accepts; else the first of each.
fn fitting<'a>(
    request: &'a ReceivedRequest,
    keys: &'a [SigningKey],
) -> (&'a str, Option<&'a SigningKey>) {
    let schemes = match &request.scheme {
        Some(scheme) => vec![scheme.as_str()],
        None => vec!["https", "http"],
    };
    for scheme in &schemes {
        for key in keys {
            let seen = request.over(scheme);
            let fits = |dialect| verify(dialect, &SignatureMethod::ALL, &seen, key).is_ok();
            if Dialect::ALL.into_iter().any(fits) {
                return (scheme, Some(key));
            }
        }
    }
    (schemes[0], keys.first())
}

fn built(dialect: Dialect, request: &Request<'_>, key: Option<&SigningKey>) -> BuiltBaseString {
    let signed =
        key.is_some_and(|key| verify(dialect, &SignatureMethod::ALL, request, key).is_ok());
    BuiltBaseString {
        dialect,
        text: base_string(dialect, request)
            .map(|text| masked(&text))
            .map_err(|error| error.to_string()),
        signed,
    }
}

fn findings(claims: &Claims, base_strings: &[BuiltBaseString]) -> Vec<String> {
    let mut notes = Vec::new();
    let method = claims.method.as_deref().unwrap_or_default();
    let deaf: Vec<&str> = PROFILES
        .into_iter()
        .filter(|profile| !profile.methods.iter().any(|known| known.name() == method))
        .map(|profile| profile.name)
        .collect();
    if !deaf.is_empty() {
        notes.push(format!("`{method}` is not accepted by {}", listed(&deaf)));
    }
    let dialects = |signed: bool| -> Vec<&str> {
        base_strings
            .iter()
            .filter(|built| built.signed == signed)
            .map(|built| built.dialect.name())
            .collect()
    };
    let (fitting, others) = (dialects(true), dialects(false));
    if fitting.is_empty() && SignatureMethod::parse(method).is_some() {
        notes.push("the signature fits the base string of no dialect: method, URL, parameters or secrets differ from what was signed".to_owned());
    } else if !fitting.is_empty() && !others.is_empty() {
        notes.push(format!(
            "the signature is the one of {}, not of {}",
            listed(&fitting),
            listed(&others)
        ));
    }
    notes
}

/// The value of `oauth_verifier` with every character starred, so that positions stay.
fn masked(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("oauth_verifier") {
        let (before, tail) = rest.split_at(at + "oauth_verifier".len());
        output.push_str(before);
        let sign = ["%253D", "%3D", "="]
            .into_iter()
            .find(|sign| tail.starts_with(sign))
            .unwrap_or_default();
        let value = &tail[sign.len()..];
        let end = value.find(['%', '&', ' ']).unwrap_or(value.len());
        output.push_str(sign);
        let stars = if sign.is_empty() { 0 } else { end };
        output.extend(std::iter::repeat_n('*', stars));
        rest = &value[stars..];
    }
    output.push_str(rest);
    output
}

fn listed(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
