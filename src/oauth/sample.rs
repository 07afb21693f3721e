//! Signed requests of known shape and size, to measure with: the shapes of the published figures.

use super::{BaseStringError, Dialect, Request, SignatureMethod, SignedHeader, SigningKey};
use crate::secret::Secret;
use crate::text::{form, percent};
use crate::time::UnixTime;

/// A shape of request whose verification is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A GET with 3 query parameters; base string of 385 bytes with HMAC-SHA1.
    SmallGet,
    /// A POST with 10 form parameters; 639 bytes.
    FormPost,
    /// A GET with 30 bracketed `searchCriteria` parameters, UTF-8 among the values; 3,446 bytes.
    SearchGet,
    /// [`Shape::SearchGet`] with raw brackets, lower-case escapes and `+`.
    SearchGetRaw,
}

impl Shape {
    /// All, the smallest first.
    pub const ALL: [Self; 4] = [
        Self::SmallGet,
        Self::FormPost,
        Self::SearchGet,
        Self::SearchGetRaw,
    ];

    /// The name in tables and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SmallGet => "small-get",
            Self::FormPost => "form-post",
            Self::SearchGet => "search-get",
            Self::SearchGetRaw => "search-get-raw",
        }
    }
}

/// One request, signed with [`signing_key`].
#[derive(Clone, Debug)]
pub struct Sample {
    method: &'static str,
    target: String,
    body: String,
    authorization: String,
}

const CONSUMER_KEY: &str = "abcdefghijklmnopqrstuvwxyz012345";
const TOKEN: &str = "t0ken000000000000000000000000001";

/// The key of every sample: two secrets of 32 characters.
#[must_use]
pub fn signing_key() -> SigningKey {
    SigningKey::new(
        &Secret::from("0123456789abcdefghijklmnopqrstuv"),
        &Secret::from("s3cret00000000000000000000000001"),
    )
}

impl Sample {
    /// The request number `number` of this shape: nonce and values differ from number to number, lengths do not.
    ///
    /// # Errors
    /// Never for the shapes that there are.
    pub fn signed(
        shape: Shape,
        dialect: Dialect,
        method: SignatureMethod,
        number: u16,
    ) -> Result<Self, BaseStringError> {
        let mut sample = Self::unsigned(shape, number);
        // An odd multiplier makes the nonces differ in every place, as random ones do.
        let mixed =
            (u128::from(number) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        let signer = SignedHeader {
            dialect,
            method,
            consumer_key: CONSUMER_KEY,
            token: Some(TOKEN),
            key: &signing_key(),
            verifier: None,
            nonce: &format!("{mixed:032x}"),
            timestamp: UnixTime(1_700_000_000),
        };
        sample.authorization = signer.authorization(&sample.request())?;
        Ok(sample)
    }

    fn unsigned(shape: Shape, number: u16) -> Self {
        let target = match shape {
            Shape::SmallGet => format!(
                "/rest/V1/products/attributes?currentPage={}&fields=attributeCodeAndFrontend&pageSize=20",
                1000 + number
            ),
            Shape::FormPost => "/rest/V1/contacts/requests".to_owned(),
            Shape::SearchGet => search(number, percent::encode),
            Shape::SearchGetRaw => search(number, raw),
        };
        Self {
            method: if shape == Shape::FormPost {
                "POST"
            } else {
                "GET"
            },
            target,
            body: if shape == Shape::FormPost {
                contact(number)
            } else {
                String::new()
            },
            authorization: String::new(),
        }
    }

    /// The request as a server receives it.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        Request {
            method: self.method,
            scheme: "https",
            host: "www.shop.example",
            target: &self.target,
            authorization: Some(&self.authorization),
            content_type: (!self.body.is_empty()).then_some("application/x-www-form-urlencoded"),
            body: self.body.as_bytes(),
        }
    }
}

fn search(number: u16, encode: fn(&str) -> String) -> String {
    let mut target = String::from("/rest/V1/products?");
    for filter in 0..10 {
        let size = if filter < 3 { "Größe" } else { "Große" };
        let digit = (number >> (filter % 8)) & 1;
        for (field, value) in [
            ("field", "sku"),
            ("type", "eq"),
            ("value", &format!("{size} {digit}")),
        ] {
            let name = format!("searchCriteria[filterGroups][{filter}][filters][0][{field}]");
            if !target.ends_with('?') {
                target.push('&');
            }
            target.push_str(&encode(&name));
            target.push('=');
            target.push_str(&encode(value));
        }
    }
    target
}

/// As some clients write it: brackets as they are, `+` for a blank, lower-case escapes.
fn raw(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            ' ' => "+".to_owned(),
            letter if letter.is_ascii() => letter.to_string(),
            letter => percent::encode(letter.encode_utf8(&mut [0; 4])).to_ascii_lowercase(),
        })
        .collect()
}

fn contact(number: u16) -> String {
    form::encode_pairs([
        ("city", "Zürich"),
        ("company", "Acme & Sons Q"),
        ("country", "CH"),
        ("email", "anna.meier@shop.example"),
        ("firstname", "Anna Maria"),
        ("lastname", "Müller"),
        ("note", "left door, ring twice"),
        ("postcode", (1000 + number).to_string().as_str()),
        ("street", "Main Street 12"),
        ("telephone", "+41 44 123 45 67"),
    ])
}

#[cfg(test)]
mod tests {
    use super::{Sample, Shape};
    use crate::oauth::{Dialect, SignatureMethod, base_string};

    #[test]
    fn the_base_strings_have_the_published_sizes() {
        for dialect in [Dialect::Rfc5849, Dialect::Laminas] {
            for (shape, size) in [
                (Shape::SmallGet, 385),
                (Shape::FormPost, 639),
                (Shape::SearchGet, 3_446),
            ] {
                for number in [0, 77, 255] {
                    let sample = Sample::signed(shape, dialect, SignatureMethod::HmacSha1, number)
                        .expect("a sample is small");
                    let base = base_string(dialect, &sample.request()).expect("it was signed");
                    assert_eq!(base.len(), size, "{shape:?} {base}");
                }
            }
        }
    }
}
