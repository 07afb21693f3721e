//! Our signer, and other implementations of verification, beside which ours is measured.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use magespec::oauth::sample::{Sample, Shape, signing_key};
use magespec::oauth::{Dialect, Request, SignatureMethod, SignedHeader};
use magespec::text::{form, percent};
use magespec::time::UnixTime;
use oauth_client::{GenericRequest, check_signature, check_signature_request};
use oauth1_request as oauth;
use sha1::Sha1;
use sha2::Sha256;

type Run = Box<dyn FnMut(usize) -> bool>;

const CONSUMER_SECRET: &str = "0123456789abcdefghijklmnopqrstuv";
const TOKEN_SECRET: &str = "s3cret00000000000000000000000001";

fn samples(shape: Shape, method: SignatureMethod) -> Vec<Sample> {
    (0..256)
        .map(|number| {
            Sample::signed(shape, Dialect::Rfc5849, method, number).expect("a sample is small")
        })
        .collect()
}

/// Our signer, header included.
pub(crate) fn sign(shape: Shape, method: SignatureMethod) -> Run {
    let samples = samples(shape, method);
    let key = signing_key();
    Box::new(move |n| {
        SignedHeader {
            dialect: Dialect::Rfc5849,
            method,
            consumer_key: "abcdefghijklmnopqrstuvwxyz012345",
            token: Some("t0ken000000000000000000000000001"),
            key: &key,
            verifier: None,
            nonce: "n0nce00000000000000000000000000a",
            timestamp: UnixTime(1_700_000_000),
        }
        .authorization(&samples[n].request())
        .is_ok_and(|header| !header.is_empty())
    })
}

/// Verifiers built on other code.
pub(crate) fn verifiers(shape: Shape, method: SignatureMethod) -> Vec<(&'static str, Run)> {
    let mut found: Vec<(&'static str, Run)> = Vec::new();
    let mine = samples(shape, method);
    found.push((
        "textbook",
        Box::new(move |n| textbook(&mine[n].request(), method)),
    ));
    if method == SignatureMethod::HmacSha1 {
        let mine = samples(shape, method);
        found.push((
            "oauth1-request",
            Box::new(move |n| oauth1_request(&mine[n].request())),
        ));
        found.push(("oauth-client", oauth_client(shape, samples(shape, method))));
    }
    found
}

/// Decoded parameters of header, query and form body; the header's signature apart.
fn collect(request: &Request<'_>) -> (Vec<(String, String)>, BTreeMap<String, String>) {
    let header = request.authorization.expect("a sample is signed");
    let protocol = header["OAuth ".len()..]
        .split(',')
        .filter_map(|piece| piece.trim().split_once('='))
        .map(|(name, value)| {
            (
                name.to_owned(),
                percent::decode_text(value.trim_matches('"')).into_owned(),
            )
        })
        .collect();
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let body = std::str::from_utf8(request.body).expect("a sample is text");
    (
        form::pairs(query).chain(form::pairs(body)).collect(),
        protocol,
    )
}

fn base_url(request: &Request<'_>) -> String {
    let path = request
        .target
        .split_once('?')
        .map_or(request.target, |(path, _)| path);
    format!("{}://{}{path}", request.scheme, request.host)
}

/// The signature and, encoded, sorted and joined, all other parameters.
fn normalised(request: &Request<'_>) -> (String, String) {
    let (mut pairs, mut protocol) = collect(request);
    let signature = protocol.remove("oauth_signature").unwrap_or_default();
    pairs.extend(protocol);
    let mut encoded: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (percent::encode(name), percent::encode(value)))
        .collect();
    encoded.sort();
    let parameters: Vec<String> = encoded
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (signature, parameters.join("&"))
}

/// As tutorials write it: strings, a vector, a sort, a fresh HMAC.
fn textbook(request: &Request<'_>, method: SignatureMethod) -> bool {
    let (signature, parameters) = normalised(request);
    let base = format!(
        "{}&{}&{}",
        request.method,
        percent::encode(&base_url(request)),
        percent::encode(&parameters)
    );
    let key = format!(
        "{}&{}",
        percent::encode(CONSUMER_SECRET),
        percent::encode(TOKEN_SECRET)
    );
    let ours = match method {
        SignatureMethod::HmacSha1 => STANDARD.encode(mac::<Hmac<Sha1>>(&key, &base)),
        SignatureMethod::HmacSha256 => STANDARD.encode(mac::<Hmac<Sha256>>(&key, &base)),
    };
    signature == ours
}

fn mac<M: Mac + KeyInit>(key: &str, base: &str) -> impl AsRef<[u8]> + use<M> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(base.as_bytes());
    mac.finalize().into_bytes()
}

/// oauth1-request 0.6.1 writes names as they are, so it is given names that are encoded twice already.
fn oauth1_request(request: &Request<'_>) -> bool {
    let (pairs, protocol) = collect(request);
    let mut pairs: Vec<(String, String)> = pairs
        .into_iter()
        .map(|(name, value)| (percent::encode(&percent::encode(&name)), value))
        .collect();
    pairs.sort();
    let list = oauth::ParameterList::new(pairs);
    let client = oauth::Credentials::new(protocol["oauth_consumer_key"].as_str(), CONSUMER_SECRET);
    let token = oauth::Credentials::new(protocol["oauth_token"].as_str(), TOKEN_SECRET);
    let mut builder =
        oauth::Builder::with_token(oauth::Token::new(client, token), oauth::HMAC_SHA1);
    builder
        .nonce(protocol["oauth_nonce"].as_str())
        .timestamp(
            protocol["oauth_timestamp"]
                .parse::<NonZeroU64>()
                .expect("a sample has a timestamp"),
        )
        .version(true);
    let header = builder.authorize(request.method, base_url(request), &list);
    let expected = format!(
        "oauth_signature=\"{}\"",
        percent::encode(&protocol["oauth_signature"])
    );
    header.contains(&expected)
}

/// A request as oauth-client 0.8 wants it, made once.
struct Received {
    method: &'static str,
    url: String,
    headers: http02::HeaderMap,
}

impl GenericRequest for &Received {
    fn headers(&self) -> &http02::HeaderMap {
        &self.headers
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn method(&self) -> &str {
        self.method
    }
}

/// oauth-client 0.8 reads header and query itself when both are canonical; a form body, or a query that is not, must be read for it.
fn oauth_client(shape: Shape, samples: Vec<Sample>) -> Run {
    if matches!(shape, Shape::FormPost | Shape::SearchGetRaw) {
        return Box::new(move |n| {
            let request = samples[n].request();
            let (signature, parameters) = normalised(&request);
            check_signature(
                &percent::encode(&signature),
                request.method,
                &base_url(&request),
                &parameters,
                CONSUMER_SECRET,
                Some(TOKEN_SECRET),
            )
        });
    }
    let received: Vec<Received> = (samples.iter().map(Sample::request))
        .map(|request| {
            let header = request.authorization.expect("a sample is signed");
            let value = http02::HeaderValue::from_str(header).expect("a header is ASCII");
            Received {
                method: "GET",
                url: format!("{}://{}{}", request.scheme, request.host, request.target),
                headers: [(http02::header::AUTHORIZATION, value)]
                    .into_iter()
                    .collect(),
            }
        })
        .collect();
    Box::new(move |n| {
        check_signature_request(&received[n], CONSUMER_SECRET, Some(TOKEN_SECRET), |url| {
            url.into()
        })
        .is_ok_and(|right| right)
    })
}
