use crate::oauth::Profile;
use crate::text::visible;

use super::address;
use super::answer::Answer;
use super::draft::Step;
use super::said::Said;

/// What may come back. Several right answers are a list, never "any".
#[derive(Clone, Debug)]
pub enum Expected {
    /// The step succeeds: a token at E1 and E2, a 2xx on REST.
    Accepted,
    /// Refused with this sentence, written as the step writes it.
    Refused(Said),
    /// This status, whatever the body.
    Status(u16),
    /// This status, and the body holds this text.
    Text(u16, String),
    /// This status, and the body is exactly this JSON, whatever the order of its keys.
    Json(u16, serde_json::Value),
    /// A web page with this status.
    Page(u16),
    /// What a store shows for an address that it does not know: a page with status 404 or, as merchants may set it, the way to its own
    /// home page. The text is the store's base URL.
    Unknown(String),
    /// One of these.
    Either(Vec<Expected>),
}

impl Expected {
    /// Whether the answer is as expected under the profile. The profile `rfc5849` has no sentences: any 400 or 401 is a refusal there.
    #[must_use]
    pub fn holds(&self, answer: &Answer, profile: &Profile) -> bool {
        match self {
            Self::Accepted => answer.accepted(),
            Self::Refused(_) if !profile.is_store => {
                matches!(answer.status(), 400 | 401 | 403)
            }
            Self::Refused(said) => refused(said, answer),
            Self::Status(status) => answer.status() == *status,
            Self::Text(status, text) => {
                answer.status() == *status && answer.text().contains(text.as_str())
            }
            Self::Json(status, value) => answer.status() == *status && untraced(answer) == *value,
            Self::Page(status) => page(*status, answer),
            Self::Unknown(base) => {
                page(404, answer)
                    || address::onward(&answer.response).is_some_and(|to| home(base, to))
            }
            Self::Either(every) => every.iter().any(|one| one.holds(answer, profile)),
        }
    }

    /// In words, for a report.
    #[must_use]
    pub fn describe(&self, step: Step) -> String {
        match self {
            Self::Accepted if step == Step::Rest => "a status of the 200s".to_owned(),
            Self::Accepted => "200 a token".to_owned(),
            Self::Refused(said) if step == Step::Rest => format!("{} {}", said.status, said.json()),
            Self::Refused(said) => format!("{} `{}`", said.status, said.sentence()),
            Self::Status(status) => format!("status {status}"),
            Self::Text(status, text) => format!("{status} with `{text}`"),
            Self::Json(status, value) => format!("{status} {value}"),
            Self::Page(status) => format!("a web page with status {status}"),
            Self::Unknown(_) => {
                "a web page with status 404, or a redirect to the store's home page".to_owned()
            }
            Self::Either(every) => {
                let texts: Vec<String> = every.iter().map(|one| one.describe(step)).collect();
                texts.join(", or ")
            }
        }
    }
}

impl Expected {
    /// As the bytes of an answer, where [`Expected::describe`] reads like one that is not as expected.
    pub(crate) fn verbatim(&self, step: Step) -> String {
        match self {
            Self::Refused(said) if step != Step::Rest => {
                let body = visible::exact(&said.form_body());
                format!("exactly {} {body}", said.status)
            }
            Self::Either(every) => {
                let texts: Vec<String> = every.iter().map(|one| one.verbatim(step)).collect();
                texts.join(", or ")
            }
            other => format!("exactly {}", other.describe(step)),
        }
    }
}

impl From<Said> for Expected {
    fn from(said: Said) -> Self {
        Self::Refused(said)
    }
}

fn page(status: u16, answer: &Answer) -> bool {
    answer.status() == status
        && answer.header("Content-Type").starts_with("text/html")
        && !answer.text().starts_with("oauth_problem=")
}

/// Whether the address is the start page of the store at this base URL, also of one of its views or behind `index.php`.
fn home(base: &str, address: &str) -> bool {
    let after_scheme = |url: &str| url.split_once("://").map(|(_, rest)| rest.to_owned());
    let Some(base) = after_scheme(base) else {
        return false;
    };
    let base = base.trim_end_matches('/');
    let rest = match after_scheme(address) {
        Some(absolute) => absolute.strip_prefix(base).map(str::to_owned),
        None if address.starts_with("//") => None,
        None => {
            let folder = base.find('/').map_or("", |at| &base[at..]);
            address.strip_prefix(folder).map(str::to_owned)
        }
    };
    let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return false;
    };
    let start = rest.trim_matches('/');
    !start.contains(['/', '?', '#', '%', '.']) && start != "oauth" || start == "index.php"
}

fn refused(said: &Said, answer: &Answer) -> bool {
    if answer.status() != said.status {
        return false;
    }
    match answer.step {
        Step::RequestToken | Step::AccessToken => same(&said.form_body(), &answer.text()),
        Step::Rest => same(&said.json().to_string(), &untraced(answer).to_string()),
    }
}

/// The JSON of a refusal without the trace that a store in developer mode adds to it (docs/protocol/errors.md#rest).
fn untraced(answer: &Answer) -> serde_json::Value {
    let mut json = answer.json();
    if let Some(object) = json.as_object_mut() {
        object.shift_remove("trace");
    }
    json
}

/// Whether the texts are equal, where `*` in the pattern stands for one or more digits.
fn same(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(before) else {
        return false;
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && same(after, &rest[digits..])
}

#[cfg(test)]
mod tests {
    use super::{home, same};

    #[test]
    fn a_star_is_one_or_more_digits() {
        assert!(same("with ID *\"", "with ID 42\""));
        assert!(!same("with ID *\"", "with ID \""));
        assert!(!same("with ID *\"", "with ID 4x\""));
    }

    #[test]
    fn a_start_page_is_told_from_any_other() {
        for (base, address) in [
            ("http://s.example:8083", "http://s.example:8083/"),
            ("http://s.example/", "https://s.example"),
            ("http://s.example", "/"),
            ("http://s.example", "http://s.example/default/"),
            ("http://s.example", "http://s.example/index.php/"),
            ("https://s.example/shop", "https://s.example/shop/"),
            ("https://s.example/shop", "/shop/de/"),
        ] {
            assert!(home(base, address), "{address} of {base}");
        }
        for (base, address) in [
            ("http://s.example", "http://s.example/oauth/token/request"),
            ("http://s.example", "/oauth/"),
            ("http://s.example", "http://s.example.evil/"),
            ("http://s.example", "http://other.example/"),
            ("http://s.example", "//other/"),
            ("http://s.example", "/?oauth_token=1"),
            ("https://s.example/shop", "https://s.example/"),
            ("https://s.example/shop", "https://s.example/shops/"),
        ] {
            assert!(!home(base, address), "{address} of {base}");
        }
    }
}
