//! Laws of signing and verifying, over generated requests.

use std::collections::BTreeMap;

use magespec::oauth::{
    AuthorizationHeader, Dialect, Parameter, Refusal, Request, SignatureMethod, SignedHeader,
    SigningKey, base_string, base_string_of_pairs, looks_like_protocol, render_authorization,
    signed_parameters, verify,
};
use magespec::secret::Secret;
use magespec::text::percent;
use magespec::time::UnixTime;
use proptest::prelude::*;

/// A request with its strings.
#[derive(Clone, Debug)]
struct Owned {
    method: &'static str,
    scheme: &'static str,
    host: String,
    target: String,
    form: Option<String>,
}

impl Owned {
    fn request<'a>(&'a self, authorization: Option<&'a str>) -> Request<'a> {
        Request {
            method: self.method,
            scheme: self.scheme,
            host: &self.host,
            target: &self.target,
            authorization,
            content_type: self
                .form
                .as_ref()
                .map(|_| "application/x-www-form-urlencoded"),
            body: self.form.as_deref().unwrap_or_default().as_bytes(),
        }
    }
}

fn key() -> SigningKey {
    SigningKey::new(&Secret::from("c&nsumer"), &Secret::from("t%ken"))
}

fn header(dialect: Dialect, method: SignatureMethod, owned: &Owned, nonce: &str) -> String {
    SignedHeader {
        dialect,
        method,
        consumer_key: "abcdefghijklmnopqrstuvwxyz012345",
        token: Some("t0ken000000000000000000000000001"),
        key: &key(),
        verifier: None,
        nonce,
        timestamp: UnixTime(1_700_000_000),
    }
    .authorization(&owned.request(None))
    .expect("generated requests are small and have no arrays")
}

/// Names without dots, digits only, brackets or `oauth_`: what every dialect can sign.
fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9 é~*-]{0,8}".prop_filter("not a protocol name", |name| !name.starts_with("oauth"))
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((name(), "\\PC{0,12}"), 0..6)
}

fn encode(pairs: &[(String, String)]) -> String {
    let pieces: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", percent::encode(name), percent::encode(value)))
        .collect();
    pieces.join("&")
}

fn owned() -> impl Strategy<Value = Owned> {
    (
        prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        prop::sample::select(vec!["http", "https"]),
        prop::sample::select(vec!["shop.example", "shop.example:8080", "127.0.0.1:8083"]),
        "(/[a-zA-Z0-9%._~ -]{0,6}){1,4}",
        pairs(),
        prop::option::of(pairs()),
    )
        .prop_map(|(method, scheme, host, path, query, form)| Owned {
            method,
            scheme,
            host: host.to_owned(),
            target: format!(
                "{}?{}",
                path.replace('%', "%20").replace(' ', ""),
                encode(&query)
            ),
            form: form.map(|form| encode(&form)),
        })
}

/// Text in which names, values, escapes of every kind and separators are likely, longer than what is looked at at once.
fn list() -> impl Strategy<Value = String> {
    let words = [
        "&",
        "&",
        "=",
        "=",
        "%",
        "%2",
        "%41",
        "%5B",
        "%5b",
        "%C3%B6",
        "+",
        "#",
        ".",
        "_",
        "/",
        "[",
        "~",
        "a",
        "name",
        "long0123456789name",
        "nonce",
        "oauth_",
        "xoauth_a",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40).prop_map(|words| {
        // Few lists have a fragment.
        let text = words.concat();
        if text.len() % 5 == 0 {
            text
        } else {
            text.replace('#', "")
        }
    })
}

fn before_fragment(query: &str) -> &str {
    query.split('#').next().unwrap_or_default()
}

fn decoded(text: &str) -> Vec<u8> {
    percent::decode(text.as_bytes()).into_owned()
}

/// The pairs of a query or a form by the standard, decoded.
fn twin(text: &str) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    text.split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            (
                decoded(&name.replace('+', " ")),
                decoded(&value.replace('+', " ")),
            )
        })
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

fn method() -> impl Strategy<Value = SignatureMethod> {
    prop::sample::select(SignatureMethod::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_verifies_in_the_same_dialect(dialect in dialect(), method in method(), owned in owned(), nonce in "\\PC{0,40}") {
        let header = header(dialect, method, &owned, &nonce);
        prop_assert_eq!(verify(dialect, &SignatureMethod::ALL, &owned.request(Some(&header)), &key()), Ok(method));
    }

    #[test]
    fn a_changed_byte_of_what_is_signed_is_refused(dialect in dialect(), owned in owned(), part in 0..4, at in any::<prop::sample::Index>(), by in 1_u8..128) {
        let header = header(dialect, SignatureMethod::HmacSha256, &owned, "n0nce");
        let before = base_string(dialect, &owned.request(Some(&header))).expect("it was signed");
        let change = |text: &str| {
            let mut bytes = text.to_owned().into_bytes();
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] ^= by;
            }
            String::from_utf8(bytes).unwrap_or_default()
        };
        let mut changed = owned.clone();
        let mut changed_header = header.clone();
        match part {
            0 => changed.target = change(&owned.target),
            1 => changed.host = change(&owned.host),
            2 => changed.form = owned.form.as_deref().map(change),
            _ => changed_header = header.replace("n0nce", &change("n0nce")),
        }
        let request = changed.request(Some(&changed_header));
        let after = base_string(dialect, &request);
        let verdict = verify(dialect, &SignatureMethod::ALL, &request, &key());
        prop_assert_eq!(verdict.is_ok(), after.as_ref() == Ok(&before), "{:?} {:?}", before, after);
    }

    #[test]
    fn a_changed_signature_is_refused(dialect in dialect(), method in method(), owned in owned(), at in any::<prop::sample::Index>()) {
        let header = header(dialect, method, &owned, "n0nce");
        let (start, signature) = header.split_once("oauth_signature=\"").expect("it is signed");
        let signature = percent::decode_text(signature.trim_end_matches('"')).into_owned();
        let at = at.index(signature.len());
        let other = if signature.as_bytes()[at] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &signature[..at], &signature[at + 1..]);
        let changed = format!("{start}oauth_signature=\"{}\"", percent::encode(&changed));
        prop_assert_eq!(verify(dialect, &SignatureMethod::ALL, &owned.request(Some(&changed)), &key()), Err(Refusal::Signature));
    }

    #[test]
    fn order_spacing_realm_and_case_of_escapes_do_not_matter_to_the_standard(owned in owned(), shuffled in any::<u64>(), realm in "[a-z, ]{0,8}") {
        let header = header(Dialect::Rfc5849, SignatureMethod::HmacSha1, &owned, "n+/=é");
        let mut pieces: Vec<String> = header["OAuth ".len()..].split(", ").map(str::to_owned).collect();
        let turn = usize::try_from(shuffled % 7).expect("small");
        pieces.rotate_left(turn);
        pieces.insert(turn % pieces.len(), format!("realm=\"{realm}\""));
        let lower = pieces.join(if shuffled & 8 == 0 { "," } else { " ,\t" }).replace("%2B", "%2b").replace("%C3", "%c3");
        let other = format!("oAuTh  {lower}");
        let upper = Owned { host: owned.host.to_ascii_uppercase(), ..owned.clone() };
        prop_assert_eq!(
            base_string(Dialect::Rfc5849, &owned.request(Some(&header))),
            base_string(Dialect::Rfc5849, &upper.request(Some(&other)))
        );
    }

    #[test]
    fn the_standard_has_one_base_string_for_a_default_port_and_none(owned in owned()) {
        let plain = Owned { host: "shop.example".to_owned(), ..owned };
        let port = if plain.scheme == "http" { 80 } else { 443 };
        let with = Owned { host: format!("shop.example:{port}"), ..plain.clone() };
        let header = Some("OAuth oauth_nonce=\"n\"");
        for dialect in [Dialect::Rfc5849, Dialect::Zend, Dialect::Laminas] {
            prop_assert_eq!(base_string(dialect, &plain.request(header)), base_string(dialect, &with.request(header)));
        }
        prop_assert_ne!(base_string(Dialect::Native, &plain.request(header)), base_string(Dialect::Native, &with.request(header)));
    }

    #[test]
    fn parameters_in_another_order_have_the_same_base_string(mut pairs in pairs(), dialect in dialect()) {
        pairs.dedup_by(|a, b| a.0 == b.0);
        pairs.sort();
        pairs.dedup_by(|a, b| a.0 == b.0);
        let target = |pairs: &[(String, String)]| Owned { method: "GET", scheme: "http", host: "h".to_owned(), target: format!("/?{}", encode(pairs)), form: None };
        let forwards = target(&pairs);
        pairs.reverse();
        let backwards = target(&pairs);
        let header = Some("OAuth oauth_nonce=\"n\"");
        prop_assert_eq!(base_string(dialect, &forwards.request(header)), base_string(dialect, &backwards.request(header)));
    }

    #[test]
    fn the_standard_signs_exactly_the_pairs(pairs in pairs()) {
        let owned = Owned { method: "GET", scheme: "http", host: "h".to_owned(), target: format!("/p?{}", encode(&pairs)), form: None };
        let mut all: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.push(("oauth_nonce", "n"));
        prop_assert_eq!(base_string(Dialect::Rfc5849, &owned.request(Some("OAuth oauth_nonce=\"n\""))), Ok(base_string_of_pairs("GET", "http://h/p", &all)));
    }

    #[test]
    fn of_equal_names_a_store_signs_the_last(value in "[a-z]{1,4}", others in prop::collection::vec("[a-z]{1,4}", 1..40)) {
        let query: Vec<String> = others.iter().chain([&value]).map(|value| format!("a={value}")).collect();
        let target = format!("/?{}", query.join("&"));
        for dialect in [Dialect::Zend, Dialect::Laminas, Dialect::Native] {
            let request = Request { method: "GET", scheme: "http", host: "h", target: &target, authorization: Some("OAuth oauth_x=\"\""), ..Request::default() };
            let signed = signed_parameters(dialect, &request).expect("it is small");
            let first = Parameter { name: b"a".to_vec(), value: value.clone().into_bytes() };
            prop_assert_eq!(&signed[0], &first);
            prop_assert_eq!(signed.len(), 2);
        }
    }

    #[test]
    fn the_stores_differ_from_the_standard_as_stated(word in "[a-z]{1,5}", number in 2_u32..9) {
        let base = |dialect, target: String| {
            base_string(dialect, &Request { method: "GET", scheme: "http", host: "h", target: &target, authorization: Some("OAuth oauth_nonce=\"n\""), ..Request::default() }).expect("it is small")
        };
        let query = |text: String| format!("/p?{text}");
        for store in [Dialect::Zend, Dialect::Laminas] {
            // A literal plus, a dropped bare name, a dropped second `=`, a dropped oauth_, natural order.
            prop_assert_eq!(base(store, query(format!("{word}=a+b"))), base(store, query(format!("{word}=a%2Bb"))));
            prop_assert_eq!(base(store, query(word.clone())), base(store, "/p".to_owned()));
            prop_assert_eq!(base(store, query(format!("{word}=a=b"))), base(store, "/p".to_owned()));
            prop_assert_eq!(base(store, query(format!("{word}_oauth_x=1"))), base(store, "/p".to_owned()));
            let text = base(store, query(format!("{word}10=1&{word}{number}=1")));
            prop_assert!(text.find(&format!("{word}{number}%3D")) < text.find(&format!("{word}10%3D")), "{}", text);
        }
        for standard in [Dialect::Rfc5849, Dialect::Native] {
            prop_assert_eq!(base(standard, query(format!("{word}=a+b"))), base(standard, query(format!("{word}=a%20b"))));
            prop_assert_eq!(base(standard, query(word.clone())), base(standard, query(format!("{word}="))));
        }
        let path = format!("/{word}%2F{word}%7e");
        prop_assert_eq!(base(Dialect::Laminas, path.clone()), base(Dialect::Laminas, format!("/{word}/{word}~")));
        prop_assert!(base(Dialect::Zend, path).contains("%252F"));
    }

    #[test]
    fn every_list_is_read_as_its_plain_twin_reads_it(query in list(), body in list()) {
        let target = format!("/p?{query}");
        let request = Request {
            method: "POST",
            scheme: "http",
            host: "h",
            target: &target,
            authorization: Some("OAuth oauth_nonce=\"n\""),
            content_type: Some("application/x-www-form-urlencoded"),
            body: body.as_bytes(),
        };
        let signed = |dialect, request| {
            let parameters = signed_parameters(dialect, request).expect("the request is small");
            let mut pairs: Vec<_> = parameters.into_iter().map(|one| (one.name, one.value)).collect();
            pairs.sort();
            pairs
        };
        let nonce = (b"oauth_nonce".to_vec(), b"n".to_vec());
        let mut standard: Vec<_> = twin(before_fragment(&query)).chain(twin(&body)).chain([nonce.clone()]).collect();
        standard.sort();
        prop_assert_eq!(signed(Dialect::Rfc5849, &request), standard);

        let wire = before_fragment(&query).split('&').filter(|piece| piece.matches('=').count() == 1);
        let last: BTreeMap<_, _> = wire
            .filter_map(|piece| piece.split_once('='))
            .filter(|(name, _)| !looks_like_protocol(name.as_bytes()))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .chain([nonce])
            .collect();
        let request = Request { content_type: None, ..request };
        prop_assert_eq!(signed(Dialect::Zend, &request), last.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn nothing_panics_on_arbitrary_text(dialect in dialect(), method in ".{0,5}", host in ".{0,12}", target in ".{0,60}", header in ".{0,80}", body in prop::collection::vec(any::<u8>(), 0..60)) {
        for authorization in [header.clone(), format!("OAuth {header}"), format!("OAuth oauth_signature={header},oauth_signature_method=\"HMAC-SHA1\",oauth_token%5B={header}")] {
            let request = Request { method: &method, scheme: "http", host: &host, target: &target, authorization: Some(&authorization), content_type: Some("application/x-www-form-urlencoded"), body: &body };
            let verdict = verify(dialect, &SignatureMethod::ALL, &request, &key());
            prop_assert!(verdict.is_err());
            for request in [request, Request { authorization: None, ..request }] {
                let _ = base_string(dialect, &request);
                let parameters = signed_parameters(dialect, &request).expect("the request is small");
                prop_assert!(parameters.len() < 60);
            }
            if let Some(parsed) = AuthorizationHeader::parse(dialect, &authorization) {
                for (name, value) in parsed {
                    prop_assert!(authorization.contains(name) && authorization.contains(value));
                }
            }
        }
    }

    #[test]
    fn a_rendered_header_parses_to_its_pairs(pairs in prop::collection::vec(("oauth_[a-z]{1,8}", "\\PC{0,12}"), 0..6)) {
        let all: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for dialect in Dialect::ALL {
            let header = render_authorization(&all);
            let parsed: Vec<(String, String)> = AuthorizationHeader::parse(dialect, &header)
                .expect("the scheme is there")
                .map(|(name, value)| (percent::decode_text(name).into_owned(), percent::decode_text(value).into_owned()))
                .collect();
            prop_assert_eq!(&parsed, &pairs);
        }
    }
}
