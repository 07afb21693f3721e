//! What a credentials POST carries, read strictly: anyone can send one.

use std::str;

use url::Url;

use super::trouble::shown;
use super::{Networks, Trouble};
use crate::secret::Secret;
use crate::text::form;
use crate::wire::Request;

/// Longest field that is kept, in bytes.
const LONGEST: usize = 2048;

/// Most fields of a form that are looked at; a store sends four.
const MOST_FIELDS: usize = 100;

const NAMES: [&str; 4] = [
    "oauth_consumer_key",
    "oauth_consumer_secret",
    "store_base_url",
    "oauth_verifier",
];

/// What a credentials POST carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Names the store's integration from now on.
    pub consumer_key: String,
    /// Signs.
    pub consumer_secret: Secret,
    /// Where the store's token endpoints and REST interface are; ends in a slash.
    pub store_base_url: Url,
    /// Proves at the access-token step that the app got this POST.
    pub verifier: Secret,
}

impl Credentials {
    /// Reads a credentials POST. Fields beyond the four are ignored.
    ///
    /// # Errors
    /// [`Trouble`] that names what cannot be used: the content type, a field that is missing, empty, repeated, too long or no text, a base
    /// URL that is none or leads where the app does not call.
    pub fn parse(request: &Request, networks: Networks) -> Result<Self, Trouble> {
        let kind = request.headers.first("Content-Type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Trouble::NotAForm(shown(kind)));
        }
        let body = str::from_utf8(&request.body).map_err(|_| Trouble::NotText)?;
        if body.split('&').count() > MOST_FIELDS {
            return Err(Trouble::TooManyFields);
        }
        let pairs: Vec<(String, String)> = form::pairs(body).collect();
        let mut missing = Vec::new();
        let mut values = NAMES.map(|name| {
            let mut found = pairs
                .iter()
                .filter(|(other, value)| other == name && !value.is_empty());
            match (found.next(), found.next()) {
                (Some((_, value)), None) => Ok(value.clone()),
                (Some(_), Some(_)) => Err(Trouble::FieldRepeated(name)),
                (None, _) => {
                    missing.push(name);
                    Ok(String::new())
                }
            }
        });
        if !missing.is_empty() {
            return Err(Trouble::FieldsMissing(missing));
        }
        let mut field = |at: usize| std::mem::replace(&mut values[at], Ok(String::new()));
        let [key, secret, base_url, verifier] = [field(0)?, field(1)?, field(2)?, field(3)?];
        for (name, value) in NAMES.into_iter().zip([&key, &secret, &base_url, &verifier]) {
            let broken = |letter: char| letter.is_control() || letter == '\u{FFFD}';
            if value.len() > LONGEST || value.chars().any(broken) {
                return Err(Trouble::FieldUnusable(name));
            }
        }
        Ok(Self {
            consumer_key: key,
            consumer_secret: Secret::from(secret),
            store_base_url: base_url_of(&base_url, networks)?,
            verifier: Secret::from(verifier),
        })
    }
}

fn base_url_of(text: &str, networks: Networks) -> Result<Url, Trouble> {
    let wrong = || Trouble::BaseUrl(shown(text));
    let mut url = Url::parse(text).map_err(|_| wrong())?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || has_user {
        return Err(wrong());
    }
    if !networks.admit_host(&url) {
        return Err(Trouble::BaseUrlInside(shown(
            url.host_str().unwrap_or_default(),
        )));
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}
