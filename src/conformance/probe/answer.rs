use crate::text::{form, visible};
use crate::wire::Response;

use super::draft::Step;

/// A response as a case looks at it: raw status, header fields and text.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The step that was asked; it decides how a success and a refusal look.
    pub step: Step,
    /// What came.
    pub response: Response,
}

impl Answer {
    /// Status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.response.status
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        self.response.text()
    }

    /// A header field's first value, empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.response.headers.first(name).unwrap_or_default()
    }

    /// The decoded pairs of a form body.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        form::pairs(&self.text()).collect()
    }

    /// The body as JSON, null when it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.response.body).unwrap_or_default()
    }

    /// The token and the secret of a success at E1 or E2; none when the body is anything but these two pairs in this order.
    #[must_use]
    pub fn token(&self) -> Option<(String, String)> {
        let pairs = self.pairs();
        match pairs.as_slice() {
            [(first, token), (second, secret)]
                if self.status() == 200
                    && first == "oauth_token"
                    && second == "oauth_token_secret" =>
            {
                Some((token.clone(), secret.clone()))
            }
            _ => None,
        }
    }

    /// Whether the step succeeded: a token at E1 and E2, a 2xx on REST.
    #[must_use]
    pub fn accepted(&self) -> bool {
        match self.step {
            Step::RequestToken | Step::AccessToken => self.token().is_some(),
            Step::Rest => (200..300).contains(&self.status()),
        }
    }

    /// Status and the start of the body, on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{} {}", self.status(), shortened(&self.said()))
    }

    /// Status and body, as much of it as a report quotes.
    pub(crate) fn described(&self) -> String {
        format!("{} {}", self.status(), self.said())
    }

    /// Status, content type and body as they came.
    pub(crate) fn verbatim(&self) -> String {
        let kind = self.header("Content-Type");
        format!(
            "{} ({kind}) {}",
            self.status(),
            visible::exact(&self.text())
        )
    }

    /// The body's JSON in our own notation.
    fn json_text(&self) -> Option<String> {
        let json: serde_json::Value = serde_json::from_slice(&self.response.body).ok()?;
        Some(json.to_string())
    }

    /// The body in words.
    fn said(&self) -> String {
        let text = self.text();
        let coding = self.header("Content-Encoding");
        match self.step {
            _ if !coding.is_empty() => {
                let bytes = self.response.body.len();
                format!("{bytes} bytes in the encoding {coding}, which was not asked for")
            }
            Step::RequestToken | Step::AccessToken if text.starts_with("oauth_problem=") => {
                format!("`{}`", form::decode_text(&text["oauth_problem=".len()..]))
            }
            _ if self.accepted() && self.step != Step::Rest => "a token".to_owned(),
            Step::Rest => self.json_text().unwrap_or(text),
            _ => text,
        }
    }
}

/// The first 160 characters on one line.
pub(crate) fn shortened(text: &str) -> String {
    visible::line(&visible::cut(text.trim(), 160)).into_owned()
}
