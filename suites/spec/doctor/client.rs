//! A client that signs with mistakes. It knows nothing of the code under test: strings, a sort and a library's HMAC.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use magespec::doctor::{Keyring, KeyringEntry, ReceivedRequest};
use magespec::secret::Secret;
use sha1::Sha1;
use sha2::Sha256;

pub(crate) type Pairs = Vec<(String, String)>;
pub(crate) type Escape = fn(&str) -> String;

pub(crate) const KEY: &str = "abcdefghijklmnopqrstuvwxyz012345";
pub(crate) const TOKEN: &str = "t0ken000000000000000000000000001";
pub(crate) const VERIFIER: &str = "v3rifier000000000000000000000001";

/// What is sent, and how it is signed. A mistake changes the second half alone.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) sent: ReceivedRequest,
    /// The header's parameters before the signature, as they are sent, realm included.
    pub(crate) header: Pairs,
    pub(crate) consumer_secret: String,
    pub(crate) token_secret: String,

    pub(crate) verb: String,
    pub(crate) uri: String,
    pub(crate) query: Pairs,
    pub(crate) body: Pairs,
    pub(crate) protocol: Pairs,
    pub(crate) name: Escape,
    pub(crate) value: Escape,
    pub(crate) equals: &'static str,
    pub(crate) joint: &'static str,
    pub(crate) end: &'static str,
    pub(crate) parameters: Escape,
    pub(crate) address: Escape,
    pub(crate) separator: &'static str,
    pub(crate) whole: Escape,
    pub(crate) order: fn(&Client) -> Vec<Signed>,
    pub(crate) key: fn(&Client) -> Vec<u8>,
    pub(crate) digest: fn(&[u8], &str) -> Vec<u8>,
    pub(crate) written: fn(&[u8]) -> String,
}

/// A pair: decoded, and escaped once.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) raw: (String, String),
    pub(crate) escaped: (String, String),
}

pub(crate) fn percent(text: &str) -> String {
    escaped(text, "-._~")
}

pub(crate) fn escaped(text: &str, kept: &str) -> String {
    text.bytes()
        .map(|byte| {
            let letter = char::from(byte);
            if byte.is_ascii() && (letter.is_ascii_alphanumeric() || kept.contains(letter)) {
                letter.to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

pub(crate) fn raw(text: &str) -> String {
    text.to_owned()
}

impl Client {
    pub(crate) fn list(&self, pairs: &Pairs) -> Vec<Signed> {
        pairs
            .iter()
            .map(|(name, value)| Signed {
                raw: (name.clone(), value.clone()),
                escaped: ((self.name)(name), (self.value)(value)),
            })
            .collect()
    }

    pub(crate) fn all(&self) -> Vec<Signed> {
        [&self.query, &self.body, &self.protocol]
            .map(|pairs| self.list(pairs))
            .concat()
    }

    pub(crate) fn base_string(&self) -> String {
        let pairs: Vec<String> = (self.order)(self)
            .iter()
            .map(|one| format!("{}{}{}", one.escaped.0, self.equals, one.escaped.1))
            .collect();
        let parameters = format!("{}{}", pairs.join(self.joint), self.end);
        let parts = [
            self.verb.clone(),
            (self.address)(&self.uri),
            (self.parameters)(&parameters),
        ];
        (self.whole)(&parts.join(self.separator))
    }

    pub(crate) fn signature(&self) -> String {
        (self.written)(&(self.digest)(&(self.key)(self), &self.base_string()))
    }

    /// The request as it is sent, signed with whatever mistakes were made.
    pub(crate) fn request(&self) -> ReceivedRequest {
        let mut sent = self.sent.clone();
        let mut header = self.header.clone();
        header.push(("oauth_signature".to_owned(), self.signature()));
        let parameters: Vec<String> = header
            .iter()
            .map(|(name, value)| {
                format!(
                    "{}=\"{}\"",
                    percent(name),
                    if name == "realm" {
                        value.clone()
                    } else {
                        percent(value)
                    }
                )
            })
            .collect();
        sent.authorization = Some(format!("OAuth {}", parameters.join(", ")));
        sent
    }

    pub(crate) fn keyring(&self) -> Keyring {
        let entry = |token: &str, secret: &str| KeyringEntry {
            consumer_key: Some(KEY.to_owned()),
            consumer_secret: Secret::from(self.consumer_secret.as_str()),
            token: Some(token.to_owned()),
            token_secret: Some(Secret::from(secret)),
        };
        Keyring::new(vec![
            entry(TOKEN, &self.token_secret),
            entry("another", OTHER_SECRET),
        ])
    }
}

/// The secret of another token of the same consumer.
pub(crate) const OTHER_SECRET: &str = "0ther5ecret000000000000000000001";

pub(crate) fn sorted(client: &Client) -> Vec<Signed> {
    let mut all = client.all();
    all.sort_by(|left, right| left.escaped.cmp(&right.escaped));
    all
}

pub(crate) fn joined_key(client: &Client) -> Vec<u8> {
    format!(
        "{}&{}",
        percent(&client.consumer_secret),
        percent(&client.token_secret)
    )
    .into_bytes()
}

pub(crate) fn sha256(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn sha1(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn base64(digest: &[u8]) -> String {
    STANDARD.encode(digest)
}

fn owned(pairs: &[(&str, &str)]) -> Pairs {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn client(
    sent: ReceivedRequest,
    uri: &str,
    query: &[(&str, &str)],
    body: &[(&str, &str)],
    protocol: &[(&str, &str)],
    secrets: [&str; 2],
) -> Client {
    let mut header = owned(protocol);
    header.insert(0, ("realm".to_owned(), "the realm".to_owned()));
    Client {
        header,
        consumer_secret: secrets[0].to_owned(),
        token_secret: secrets[1].to_owned(),
        verb: sent.method.clone(),
        uri: uri.to_owned(),
        query: owned(query),
        body: owned(body),
        protocol: owned(protocol),
        name: percent,
        value: percent,
        equals: "=",
        joint: "&",
        end: "",
        parameters: percent,
        address: percent,
        separator: "&",
        whole: raw,
        order: sorted,
        key: joined_key,
        digest: sha256,
        written: base64,
        sent,
    }
}

fn sent(
    method: &str,
    scheme: &str,
    host: &str,
    target: &str,
    content_type: Option<&str>,
    body: &str,
) -> ReceivedRequest {
    ReceivedRequest {
        method: method.to_owned(),
        scheme: Some(scheme.to_owned()),
        host: host.to_owned(),
        target: target.to_owned(),
        content_type: content_type.map(str::to_owned),
        body: body.as_bytes().to_vec(),
        ..ReceivedRequest::default()
    }
}

/// A search with everything that can go wrong in a query, behind a login and on a port of its own.
pub(crate) fn loud_search() -> Client {
    let target = "/rest/default/V1//Orders/a%2Fb/?searchCriteria[filter_groups][0][filters][0][value]=x%20y&searchCriteria[filter_groups][1][filters][0][value]=%25sh%C3%A9rt%25&x-y=~%2B%27!*()%26%22&x[y]=%20a%2Fb%20&ids[]=2&ids[]=1&a10=1&a9=2&e=&bare&n=1+2&my_oauth_token=z&q=b=c&a.b=%7E,&amp;z=-._&Big=L&x=0&small=%2541s&_=1700000000";
    let query = [
        ("searchCriteria[filter_groups][0][filters][0][value]", "x y"),
        (
            "searchCriteria[filter_groups][1][filters][0][value]",
            "%shért%",
        ),
        ("x-y", "~+'!*()&\""),
        ("x[y]", " a/b "),
        ("ids[]", "2"),
        ("ids[]", "1"),
        ("a10", "1"),
        ("a9", "2"),
        ("e", ""),
        ("bare", ""),
        ("n", "1 2"),
        ("my_oauth_token", "z"),
        ("q", "b=c"),
        ("a.b", "~,"),
        ("amp;z", "-._"),
        ("Big", "L"),
        ("x", "0"),
        ("small", "%41s"),
        ("_", "1700000000"),
    ];
    let protocol = [
        ("oauth_consumer_key", KEY),
        ("oauth_nonce", "n0/nce+=0000000000000000000000a"),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", "1700000000"),
        ("oauth_token", TOKEN),
        ("oauth_version", "1.0"),
        (
            "oauth_body_hash",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
    ];
    let mut sent = sent("GET", "https", "Shop.Example:8443", target, None, "");
    sent.headers.push((
        "authorization".to_owned(),
        "Basic dXNlcjpwYXNzd29yZA==".to_owned(),
    ));
    let uri = "https://shop.example:8443/rest/default/V1//Orders/a%2Fb/";
    client(
        sent,
        uri,
        &query,
        &[],
        &protocol,
        ["c+/=& s~\"c\u{e9}cR3t", "+/=&t oken%41<ZW==>"],
    )
}

/// The last step of the handshake with a form, sent with everything optional.
pub(crate) fn loud_exchange() -> Client {
    let body = "z=1&a=x+y%2Bz&a=w&b.c=%7E&d=&f=%2F";
    let fields = [
        ("z", "1"),
        ("a", "x y+z"),
        ("a", "w"),
        ("b.c", "~"),
        ("d", ""),
        ("f", "/"),
    ];
    let protocol = [
        ("oauth_consumer_key", KEY),
        ("oauth_callback", "https://app.example/cb?a=b"),
        ("oauth_nonce", "n0nce00000000000000000000000000b"),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", "1700000001"),
        ("oauth_token", TOKEN),
        ("oauth_verifier", VERIFIER),
    ];
    let sent = sent(
        "POST",
        "http",
        "www.shop.example",
        "/index.php/oauth/token/access?s=a%20b#part",
        Some("application/x-www-form-urlencoded"),
        body,
    );
    let uri = "http://www.shop.example/index.php/oauth/token/access";
    client(
        sent,
        uri,
        &[("s", "a b")],
        &fields,
        &protocol,
        [
            "0123456789abcdef0123456789abcdef",
            "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
        ],
    )
}

/// A call with a JSON body, at the first step, with an empty token.
pub(crate) fn loud_json() -> Client {
    let body = r#"{"sku":"a b/é","product":{"name":"N","tags":["x","y"]},"price":10}"#;
    let protocol = [
        ("oauth_consumer_key", KEY),
        ("oauth_nonce", "n0nce00000000000000000000000000c"),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", "1700000002"),
        ("oauth_token", ""),
        ("oauth_version", "1.0"),
    ];
    let sent = sent(
        "PUT",
        "https",
        "shop.example",
        "/rest/V1/products/AB?fields=id,sku",
        Some("application/json"),
        body,
    );
    let uri = "https://shop.example/rest/V1/products/AB";
    let mut client = client(
        sent,
        uri,
        &[("fields", "id,sku")],
        &[],
        &protocol,
        [
            "0123456789abcdefghijklmnopqrstuv",
            "s3cret00000000000000000000000001",
        ],
    );
    // Without a token there is no token secret.
    client.token_secret = String::new();
    client
}

/// Nothing that a mistake could show on.
pub(crate) fn plain() -> Client {
    let protocol = [
        ("oauth_consumer_key", KEY),
        ("oauth_nonce", "n0nce00000000000000000000000000d"),
        ("oauth_signature_method", "HMAC-SHA256"),
        ("oauth_timestamp", "1700000003"),
        ("oauth_token", TOKEN),
        ("oauth_version", "1.0"),
    ];
    let sent = sent("GET", "https", "shop.example", "/rest/V1/orders", None, "");
    let mut client = client(
        sent,
        "https://shop.example/rest/V1/orders",
        &[],
        &[],
        &protocol,
        [
            "0123456789abcdefghijklmnopqrstuv",
            "s3cret00000000000000000000000001",
        ],
    );
    client.header.remove(0);
    client
}
