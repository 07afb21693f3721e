//! A recorded request made anew: fresh nonce and timestamp, the given credentials, a signature over the recorded base string.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::conformance::ExchangeText;
use crate::oauth::{SignatureMethod, SigningKey};
use crate::random::{self, Entropy};
use crate::text::percent;
use crate::wire::{Headers, Request};

use crate::cli::credentials::Credentials;

/// What stands in a report where something was taken out or cut.
const TAKEN_OUT: char = '…';

/// What the requests of one case share when they are made anew.
pub(super) struct Again {
    credentials: Option<Credentials>,
    /// The consumer key and token of most of the recorded requests: those of an integration that may be gone.
    key: String,
    token: String,
    /// When the run began, for answers without a date.
    started: i64,
    nonces: HashMap<String, String>,
}

impl Again {
    /// For these exchanges; `started` is the run's start, RFC 3339.
    pub(super) fn new(
        exchanges: &[ExchangeText],
        credentials: Option<Credentials>,
        started: &str,
    ) -> Self {
        Self {
            credentials,
            key: most_common(exchanges, "oauth_consumer_key"),
            token: most_common(exchanges, "oauth_token"),
            started: started
                .parse::<Timestamp>()
                .map_or(0, jiff::Timestamp::as_second),
            nonces: HashMap::new(),
        }
    }

    /// The request to send now, or why there is none.
    pub(super) fn request(
        &mut self,
        recorded: &ExchangeText,
        now: i64,
        entropy: &dyn Entropy,
    ) -> Result<Request, String> {
        let mut request = parsed(&recorded.request)?;
        let path = request.target.split('?').next().unwrap_or_default();
        if path.contains("/oauth/token/") {
            return Err(
                "a token exchange works once for each activation; run the case with `magespec test`"
                    .to_owned(),
            );
        }
        if holds_label(&recorded.request) || recorded.request.contains(TAKEN_OUT) {
            return Err("the request held a secret, or more than a report keeps".to_owned());
        }
        let Some(base_string) = &recorded.base_string else {
            return Ok(request);
        };
        let authorization = request.headers.first("Authorization").unwrap_or_default();
        if !authorization.contains("oauth_signature") {
            return Err(
                "its protocol parameters stand elsewhere than in one Authorization header"
                    .to_owned(),
            );
        }
        let Some(credentials) = self.credentials.clone() else {
            return Err("it was signed; give --credentials of an active integration".to_owned());
        };
        let shift = now - self.recorded_at(recorded);
        let mut fresh = |name: &str, old: &str| -> Option<String> {
            match name {
                "oauth_nonce" => Some(
                    self.nonces
                        .entry(old.to_owned())
                        .or_insert_with(|| random::text(entropy, old.len().max(1)))
                        .clone(),
                ),
                "oauth_timestamp" => old.parse::<i64>().ok().map(|old| (old + shift).to_string()),
                "oauth_consumer_key" if old == self.key => Some(credentials.consumer_key.clone()),
                "oauth_token" if old == self.token => Some(credentials.access_token.clone()),
                _ => None,
            }
        };
        let mut header = authorization.to_owned();
        let mut base_string = base_string.clone();
        for name in [
            "oauth_nonce",
            "oauth_timestamp",
            "oauth_consumer_key",
            "oauth_token",
        ] {
            Place::Header.replace(&mut header, name, |old| fresh(name, old));
            Place::BaseString.replace(&mut base_string, name, |old| fresh(name, old));
        }
        if !recorded.spoiled {
            let method = value_of(&header, "oauth_signature_method");
            let method = method
                .parse::<SignatureMethod>()
                .unwrap_or(SignatureMethod::HmacSha256);
            let key = SigningKey::new(
                &credentials.consumer_secret,
                &credentials.access_token_secret,
            );
            let signature = method.sign(base_string.as_bytes(), &key);
            Place::Header.replace(&mut header, "oauth_signature", |_| Some(signature.clone()));
        }
        request.headers.set("Authorization", header);
        Ok(request)
    }

    fn recorded_at(&self, recorded: &ExchangeText) -> i64 {
        let date = recorded
            .response
            .lines()
            .find_map(|line| line.strip_prefix("Date: "));
        date.and_then(|date| DateTimeParser::new().parse_timestamp(date.trim()).ok())
            .map_or(self.started, jiff::Timestamp::as_second)
    }
}

/// Whether a label such as `<password>` stands for a secret that the suite knew.
fn holds_label(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    text.split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .any(|(label, _)| !label.is_empty() && label.chars().all(plain))
}

/// The request of a report, without the fields that the client adds itself.
fn parsed(text: &str) -> Result<Request, String> {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default();
    let (Some((method, rest)), true) = (line.split_once(' '), line.ends_with(" HTTP/1.1")) else {
        return Err("its request line is none that a client can send".to_owned());
    };
    let target = rest.strip_suffix(" HTTP/1.1").unwrap_or(rest);
    let headers: Headers = lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| !["Content-Length", "Connection"].contains(name))
        .collect();
    Ok(Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body: body.as_bytes().to_vec(),
    })
}

/// The value of a protocol parameter that most of the requests carry; empty when none does.
fn most_common(exchanges: &[ExchangeText], name: &str) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for exchange in exchanges {
        let value = value_of(&exchange.request, name);
        if !value.is_empty() {
            *counts.entry(value).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(value, _)| value).unwrap_or_default()
}

/// A parameter's decoded value in a header, empty when it is absent.
fn value_of(text: &str, name: &str) -> String {
    let mut found = String::new();
    let mut copy = text.to_owned();
    Place::Header.replace(&mut copy, name, |old| {
        old.clone_into(&mut found);
        None
    });
    found
}

/// Where a parameter is written.
#[derive(Clone, Copy)]
enum Place {
    Header,
    BaseString,
}

impl Place {
    /// What stands between name and value.
    const fn assigns(self) -> &'static str {
        match self {
            Self::Header => "=",
            Self::BaseString => "%3D",
        }
    }

    /// How often a value is encoded.
    const fn times(self) -> usize {
        match self {
            Self::Header => 1,
            Self::BaseString => 2,
        }
    }

    /// Where the value that `text` begins with ends.
    fn value_end(self, text: &str) -> usize {
        let end = match self {
            Self::Header => text.find([',', '"']),
            Self::BaseString => text.find("%26"),
        };
        end.unwrap_or(text.len())
    }

    /// Puts another value in the place of a parameter's, encoded as often as the old one. A decoded value that `other` knows no successor
    /// of stays.
    fn replace(self, text: &mut String, name: &str, mut other: impl FnMut(&str) -> Option<String>) {
        let mark = format!("{name}{}", self.assigns());
        let mut from = 0;
        while let Some(found) = text[from..].find(&mark) {
            let mut start = from + found + mark.len();
            if text[start..].starts_with('"') {
                start += 1;
            }
            let end = self.value_end(&text[start..]);
            let written = text[start..start + end].to_owned();
            let mut old = written.clone();
            for _ in 0..self.times() {
                old = percent::decode_text(&old).into_owned();
            }
            from = start + end;
            if let Some(mut new) = other(&old) {
                // What was written without escapes is written so again.
                if written != old || self.times() > 1 {
                    for _ in 0..self.times() {
                        new = percent::encode(&new);
                    }
                }
                text.replace_range(start..start + end, &new);
                from = start + new.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededEntropy;
    use crate::secret::Secret;

    const HEADER: &str = "OAuth oauth_consumer_key=\"k1\", oauth_nonce=\"n1\", oauth_timestamp=\"1000\", oauth_token=\"t1\", oauth_signature_method=\"HMAC-SHA256\", oauth_signature=\"old%3D\"";
    const BASE: &str = "GET&http%3A%2F%2Fh%2Fx&oauth_consumer_key%3Dk1%26oauth_nonce%3Dn1%26oauth_timestamp%3D1000%26oauth_token%3Dt1";

    fn exchange(target: &str) -> ExchangeText {
        ExchangeText {
            request: format!("GET {target} HTTP/1.1\r\nHost: h\r\nAuthorization: {HEADER}\r\n\r\n"),
            response: "HTTP/1.1 401\r\nDate: Thu, 01 Jan 1970 00:15:00 GMT\r\n\r\n".to_owned(),
            base_string: Some(BASE.to_owned()),
            spoiled: false,
            decisive: false,
        }
    }

    fn again(exchanges: &[ExchangeText]) -> Again {
        let credentials = Credentials {
            consumer_key: "k2".to_owned(),
            consumer_secret: Secret::from("s"),
            access_token: "t2".to_owned(),
            access_token_secret: Secret::from("u"),
        };
        Again::new(exchanges, Some(credentials), "1970-01-01T00:00:00Z")
    }

    #[test]
    fn a_signed_request_is_made_anew_and_its_signature_is_that_of_the_new_base_string() {
        let exchanges = [exchange("/x"), exchange("/x")];
        let mut again = again(&exchanges);
        let entropy = SeededEntropy::new(7);
        let request = again
            .request(&exchanges[0], 5000, &entropy)
            .expect("it can be redone");
        let header = request
            .headers
            .first("Authorization")
            .expect("a header")
            .to_owned();
        assert_eq!(value_of(&header, "oauth_consumer_key"), "k2");
        assert_eq!(value_of(&header, "oauth_token"), "t2");
        // The timestamp was 100 s ahead of the answer's date, and is again.
        assert_eq!(value_of(&header, "oauth_timestamp"), "5100");
        let nonce = value_of(&header, "oauth_nonce");
        assert_ne!(nonce, "n1");
        let base = format!(
            "GET&http%3A%2F%2Fh%2Fx&oauth_consumer_key%3Dk2%26oauth_nonce%3D{nonce}%26oauth_timestamp%3D5100%26oauth_token%3Dt2"
        );
        let key = SigningKey::new(&Secret::from("s"), &Secret::from("u"));
        let right = SignatureMethod::HmacSha256.sign(base.as_bytes(), &key);
        assert_eq!(value_of(&header, "oauth_signature"), right);
        let second = again
            .request(&exchanges[1], 5000, &entropy)
            .expect("it can be redone");
        let header = second.headers.first("Authorization").expect("a header");
        assert_eq!(
            value_of(header, "oauth_nonce"),
            nonce,
            "a replayed nonce is replayed"
        );
    }

    #[test]
    fn a_spoiled_signature_stays_and_what_cannot_be_redone_is_said() {
        let mut spoiled = exchange("/x");
        spoiled.spoiled = true;
        let mut again = again(std::slice::from_ref(&spoiled));
        let entropy = SeededEntropy::new(7);
        let request = again
            .request(&spoiled, 5000, &entropy)
            .expect("it can be redone");
        let header = request.headers.first("Authorization").expect("a header");
        assert_eq!(value_of(header, "oauth_signature"), "old=");
        let token = exchange("/oauth/token/request");
        assert!(
            again
                .request(&token, 1, &entropy)
                .unwrap_err()
                .contains("once")
        );
        let mut secret = exchange("/x");
        secret.request.push_str("password=<password>");
        assert!(
            again
                .request(&secret, 1, &entropy)
                .unwrap_err()
                .contains("secret")
        );
        let mut keyless = Again::new(&[], None, "");
        assert!(
            keyless
                .request(&exchange("/x"), 1, &entropy)
                .unwrap_err()
                .contains("--credentials")
        );
    }
}
