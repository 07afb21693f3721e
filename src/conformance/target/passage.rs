use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::secret::Secret;
use crate::wire::{Headers, Request};

/// What has to go with every request so that whatever stands in front of the store lets it pass.
#[derive(Clone, Debug, Default)]
pub struct Passage {
    /// `user:password` of the web server's basic authentication.
    pub basic: Option<Secret>,
    /// Fields that open a firewall.
    pub fields: Vec<(String, Secret)>,
}

/// Words in the name of a field whose value is nobody's business.
const SECRET_WORDS: [&str; 9] = [
    "auth", "bypass", "cookie", "key", "pass", "secret", "session", "sign", "token",
];

/// From this length on a value without a blank is taken for a secret.
const LONG: usize = 16;

impl Passage {
    /// The request with what lets it pass; none when its `Authorization` cannot be sent together with the web server's.
    pub(crate) fn through(&self, request: &Request) -> Option<Request> {
        let mut request = request.clone();
        if let Some(basic) = &self.basic {
            request.headers = with_basic(&request.headers, basic)?;
        }
        for (name, value) in &self.fields {
            request.headers.set(name, value.expose());
        }
        Some(request)
    }

    /// What no report may show.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let looks_secret = |name: &str, value: &str| {
            let name = name.to_ascii_lowercase();
            SECRET_WORDS.iter().any(|word| name.contains(word))
                || (value.len() >= LONG && !value.contains(' '))
        };
        self.fields
            .iter()
            .map(|(name, value)| (name, value.expose()))
            .filter(|(name, value)| looks_secret(name, value))
            .map(|(_, value)| value)
            .collect()
    }
}

/// One `Authorization` field with both schemes, as stores read it behind a web server that asks for a password; none when the request's own
/// is no OAuth.
fn with_basic(headers: &Headers, basic: &Secret) -> Option<Headers> {
    let mut field = format!("Basic {}", STANDARD.encode(basic.expose()));
    let own: Vec<&str> = headers.all("Authorization").collect();
    match own[..] {
        [] => {}
        [own] if own.to_ascii_lowercase().contains("oauth ") => {
            write!(field, ", {own}").ok()?;
        }
        _ => return None,
    }
    let mut with = Headers::default();
    let mut field = Some(field);
    for (name, value) in headers.iter() {
        if name.eq_ignore_ascii_case("Authorization") {
            if let Some(field) = field.take() {
                with.add(name, field);
            }
        } else {
            with.add(name, value);
        }
    }
    if let Some(field) = field {
        with.add("Authorization", field);
    }
    Some(with)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(own: &[&str]) -> Option<Vec<String>> {
        let passage = Passage {
            basic: Some(Secret::from("u:p")),
            fields: vec![("X-Pass".to_owned(), Secret::from("let me in"))],
        };
        let mut request = Request::default();
        request.headers.add("Host", "h");
        for value in own {
            request.headers.add("Authorization", *value);
        }
        let request = passage.through(&request)?;
        let every = request.headers.iter();
        Some(
            every
                .map(|(name, value)| format!("{name}: {value}"))
                .collect(),
        )
    }

    #[test]
    fn both_schemes_stand_in_one_field() {
        assert_eq!(
            passed(&["OAuth a=\"b\""]).expect("it is sent"),
            [
                "Host: h",
                "Authorization: Basic dTpw, OAuth a=\"b\"",
                "X-Pass: let me in"
            ]
        );
        assert_eq!(
            passed(&[]).expect("it is sent")[1],
            "Authorization: Basic dTpw"
        );
    }

    #[test]
    fn a_bearer_cannot_be_sent_behind_basic_authentication() {
        assert_eq!(passed(&["Bearer x"]), None);
        assert_eq!(passed(&["OAuth a", "OAuth b"]), None);
    }

    #[test]
    fn what_looks_secret_is_known() {
        let field = |name: &str, value: &str| (name.to_owned(), Secret::from(value));
        let passage = Passage {
            basic: None,
            fields: vec![
                field("X-Tester", "magespec"),
                field("X-Bypass", "abc"),
                field("X-Tester", "0123456789abcdef"),
            ],
        };
        assert_eq!(passage.secrets(), ["abc", "0123456789abcdef"]);
    }
}
