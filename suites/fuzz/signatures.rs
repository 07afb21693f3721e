//! What a signature is made of: `Authorization`, query, form, base string, and two foreign readings of the same request.

use magespec::oauth::{
    AuthorizationHeader, Dialect, Records, Request, SignatureMethod, SignedHeader, SigningKey, Spent,
    Step, TokenRecord, authenticate, base_string, verify,
};
use magespec::oauth::{ConsumerRecord, PROFILES};
use magespec::secret::Secret;
use magespec::text::{form, percent};
use magespec::time::UnixTime;

use super::Target;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "authorization",
        run: authorization,
        seeds: &[
            b"OAuth oauth_consumer_key=\"abc\", oauth_nonce=\"n\", oauth_signature=\"a%2Bb%3D\", oauth_signature_method=\"HMAC-SHA256\", oauth_timestamp=\"1795000000\", oauth_version=\"1.0\"",
            b"OAuth realm=\"x,y\",oauth_token=\"\",oauth_token=\"t\"",
            b"oauth oauth_signature=%%%,,=,\"",
        ],
    },
    Target {
        name: "base_string",
        run: base_strings,
        seeds: &[
            b"GET\n/rest/V1/products?searchCriteria[pageSize]=1&b=%C3%B6+x\n",
            b"POST\n/rest/default/V1/x?a=1&a=2&&=&oauth_x=y#f\na=b&c[d][]=e&%zz",
            b"PUT\nhttp://u:p@host:80/a/../b;c?d\n",
        ],
    },
    Target {
        name: "escapes",
        run: escapes,
        seeds: &[b"a=b&c=%41%zz%2&+&=", b"%E2%82%AC%ff%00", b""],
    },
    Target {
        name: "foreign_signer",
        run: foreign_signer,
        seeds: &[b"GET name=value", b"POST a=\xc3\xb6 b=&%=+ c="],
    },
];

/// Knows one consumer and one token, whatever they are called.
struct Ledger;

impl Records for Ledger {
    type Error = std::convert::Infallible;

    fn consumer(&self, _: &str) -> Result<Option<ConsumerRecord>, Self::Error> {
        Ok(Some(ConsumerRecord {
            id: 1,
            secret: Secret::from("secret"),
            window_over: false,
        }))
    }

    fn spend_nonce(&self, _: i64, _: &str, _: UnixTime) -> Result<Spent, Self::Error> {
        Ok(Spent::Fresh)
    }

    fn token(&self, _: &str) -> Result<Option<TokenRecord>, Self::Error> {
        Ok(None)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn authorization(bytes: &[u8]) {
    let header = text(bytes);
    for dialect in Dialect::ALL {
        let _ = AuthorizationHeader::parse(dialect, &header);
    }
    let request = Request {
        method: "POST",
        scheme: "https",
        host: "shop.example",
        target: "/oauth/token/request",
        authorization: Some(&header),
        ..Request::default()
    };
    let now = UnixTime(1_795_000_000);
    for profile in PROFILES {
        for step in [Step::RequestToken, Step::AccessToken, Step::Resource] {
            let Ok(_) = authenticate(profile, step, &request, now, &Ledger);
        }
    }
}

fn base_strings(bytes: &[u8]) {
    let whole = text(bytes);
    let mut parts = whole.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    let (method, target, body) = (part(), part(), part());
    for content_type in [None, Some("application/x-www-form-urlencoded")] {
        let request = Request {
            method,
            scheme: "http",
            host: "Shop.example:80",
            target,
            content_type,
            body: body.as_bytes(),
            ..Request::default()
        };
        for dialect in Dialect::ALL {
            let _ = base_string(dialect, &request);
        }
        signed_is_verified(&request);
    }
}

/// Whoever signs by the standard is accepted by it.
fn signed_is_verified(request: &Request<'_>) {
    let dialect = Dialect::Rfc5849;
    let key = SigningKey::new(&Secret::from("c&nsumer"), &Secret::from("t%ken"));
    let signer = SignedHeader {
        dialect,
        method: SignatureMethod::HmacSha256,
        consumer_key: "key",
        token: Some("token"),
        key: &key,
        verifier: None,
        nonce: "n",
        timestamp: UnixTime(1),
    };
    let Ok(header) = signer.authorization(request) else {
        return;
    };
    let with_header = Request {
        authorization: Some(&header),
        ..*request
    };
    let method = SignatureMethod::HmacSha256;
    // Protocol parameters beside the header's are another matter: which count is the dialect's.
    let has_own = [request.target.as_bytes(), request.body].iter().any(|part| {
        let decoded = percent::decode(part);
        decoded.windows(5).any(|piece| piece.eq_ignore_ascii_case(b"oauth"))
    });
    let outcome = verify(dialect, &[method], &with_header, &key);
    assert!(has_own || outcome.is_ok(), "{dialect:?}: {outcome:?}");
}

fn escapes(bytes: &[u8]) {
    let input = text(bytes);
    let encoded = percent::encode(&input);
    assert_eq!(percent::decode_text(&encoded), input);
    assert_eq!(form::decode_text(&form::encode(&input)), input);
    let mut plain = Vec::new();
    let mut rest = bytes;
    while let Some((first, others)) = rest.split_first() {
        let hex = others.get(..2).filter(|hex| *first == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    assert_eq!(percent::decode(bytes).as_ref(), plain);
    for (name, value) in form::pairs(&input) {
        let _ = (form::encode(&name), form::encode(&value));
    }
}

/// `oauth1-request` signs, ours verifies by the standard. It writes names as they are and wants them sorted and unique.
fn foreign_signer(bytes: &[u8]) {
    let input = text(bytes);
    let mut words = input.split(' ');
    let method = match words.next() {
        Some("POST") => "POST",
        _ => "GET",
    };
    let pairs: std::collections::BTreeMap<String, String> = words
        .filter_map(|word| word.split_once('='))
        .filter(|(name, _)| !name.is_empty() && !name.starts_with('o'))
        .filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_lowercase()))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    signed_by_another(method, &pairs, ["c&nsumer", "t%ken"], "nonce", 1_795_000_000);
}

/// What `oauth1-request` signs with these secrets of consumer and token is verified.
pub(crate) fn signed_by_another(
    method: &str,
    pairs: &std::collections::BTreeMap<String, String>,
    [consumer_secret, token_secret]: [&str; 2],
    nonce: &str,
    timestamp: u64,
) {
    use oauth1_request as oauth;
    let client = oauth::Credentials::new("a consumer key", consumer_secret);
    let token = oauth::Credentials::new("a token", token_secret);
    let list: Vec<(String, String)> = pairs.clone().into_iter().collect();
    let header = oauth::Builder::with_token(oauth::Token::new(client, token), oauth::HMAC_SHA1)
        .nonce(nonce)
        .timestamp(std::num::NonZeroU64::new(timestamp).expect("it is not zero"))
        .authorize(
            method,
            "https://shop.example/rest/V1/x",
            &oauth::ParameterList::new(list),
        );
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", percent::encode(value)))
        .collect();
    let target = format!("/rest/V1/x?{}", query.join("&"));
    let request = Request {
        method,
        scheme: "https",
        host: "shop.example",
        target: &target,
        authorization: Some(&header),
        ..Request::default()
    };
    let key = SigningKey::new(&Secret::from(consumer_secret), &Secret::from(token_secret));
    let outcome = verify(Dialect::Rfc5849, &[SignatureMethod::HmacSha1], &request, &key);
    assert!(outcome.is_ok(), "{outcome:?} for {header} at {target}");
}
