use url::Url;

use super::Trouble;
use super::trouble::shown;
use crate::secret::Secret;
use crate::text::form;

/// Longest field that is stored, in bytes.
const LONGEST: usize = 2048;

/// What a credentials POST carries (spec oauth.md §1.2).
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
    /// Reads the form of a credentials POST. Other fields are ignored, of a repeated one the last counts.
    ///
    /// # Errors
    /// [`Trouble`] that names the missing or unusable field.
    pub fn parse(body: &[u8]) -> Result<Self, Trouble> {
        let body = String::from_utf8_lossy(body);
        let pairs: Vec<(String, String)> = form::pairs(&body).collect();
        let field = |name: &str| {
            pairs
                .iter()
                .rev()
                .find(|(other, value)| other == name && !value.is_empty())
                .map(|(_, value)| value.clone())
        };
        let names = [
            "oauth_consumer_key",
            "oauth_consumer_secret",
            "store_base_url",
            "oauth_verifier",
        ];
        let [Some(key), Some(secret), Some(base_url), Some(verifier)] = names.map(field) else {
            let missing = names.into_iter().filter(|name| field(name).is_none());
            return Err(Trouble::FieldsMissing(missing.collect()));
        };
        for (name, value) in names.into_iter().zip([&key, &secret, &base_url, &verifier]) {
            if value.len() > LONGEST || value.chars().any(char::is_control) {
                return Err(Trouble::FieldUnusable(name));
            }
        }
        Ok(Self {
            consumer_key: key,
            consumer_secret: Secret::from(secret),
            store_base_url: parse_base_url(&base_url)?,
            verifier: Secret::from(verifier),
        })
    }
}

fn parse_base_url(text: &str) -> Result<Url, Trouble> {
    let wrong = || Trouble::BaseUrl(shown(text));
    let mut url = Url::parse(text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong());
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}
