//! Every signed mistake, made.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use md5::Md5;
use sha2::{Digest as _, Sha256, Sha512};
use std::fmt::Write as _;

use super::client::{
    Client, KEY, OTHER_SECRET, Pairs, Signed, TOKEN, VERIFIER, base64, escaped, joined_key,
    percent, raw, sha1, sha256, sorted,
};

/// Makes a mistake; false when the request has nothing to make it on.
pub(crate) type Make = fn(&mut Client);

fn retain(pairs: &mut Pairs, keep: impl Fn(&str, &str) -> bool) {
    pairs.retain(|(name, value)| keep(name, value));
}

fn unsigned(client: &mut Client, name: &str) {
    retain(&mut client.protocol, |other, _| other != name);
}

fn added(client: &mut Client, name: &str, value: &str) {
    if client.protocol.iter().all(|(other, _)| other != name) {
        client.protocol.push((name.to_owned(), value.to_owned()));
    }
}

fn set(client: &mut Client, name: &str, value: &str) {
    for (_, own) in client
        .protocol
        .iter_mut()
        .filter(|(other, _)| other == name)
    {
        value.clone_into(own);
    }
}

/// The query as it stands in the URL.
fn sent_query(client: &Client) -> Pairs {
    let target = client.sent.target.split('#').next().unwrap_or_default();
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn map_names(pairs: &mut Pairs, change: impl Fn(&str) -> String) {
    for (name, _) in pairs {
        *name = change(name);
    }
}

fn underscored(text: &str) -> String {
    text.replace(['.', ' '], "_")
}

fn plus(text: &str) -> String {
    percent(text).replace("%20", "+")
}

fn lower(text: &str) -> String {
    let mut output = String::new();
    let mut rest = 0;
    for letter in percent(text).chars() {
        if letter == '%' {
            rest = 3;
        }
        output.push(if rest > 0 {
            letter.to_ascii_lowercase()
        } else {
            letter
        });
        rest = rest.max(1) - 1;
    }
    output
}

fn twice(text: &str) -> String {
    percent(&percent(text))
}

fn by(client: &Client, key: impl Fn(&Signed) -> (String, String)) -> Vec<Signed> {
    let mut all = client.all();
    all.sort_by_key(key);
    all
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn with_key(client: &Client, consumer: &str, token: &str) -> Vec<u8> {
    let _ = client;
    format!("{}&{}", percent(consumer), percent(token)).into_bytes()
}

fn latin(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if (letter as u32) < 128 {
                percent(&letter.to_string())
            } else {
                format!("%{:02X}", letter as u32)
            }
        })
        .collect()
}

fn json(client: &Client) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::from_slice(&client.sent.body) {
        Ok(serde_json::Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    }
}

/// Id and making, in the order of the families.
pub(crate) const MADE: &[(&str, Make)] = &[
    ("mistake/other-scheme-signed", |c| {
        c.uri = if c.uri.starts_with("https") {
            c.uri.replacen("https", "http", 1)
        } else {
            c.uri.replacen("http", "https", 1)
        }
    }),
    ("mistake/www-differs", |c| {
        c.uri = if c.uri.contains("://www.") {
            c.uri.replacen("://www.", "://", 1)
        } else {
            c.uri.replacen("://", "://www.", 1)
        }
    }),
    ("mistake/internal-host-signed", |c| {
        c.uri = c
            .uri
            .replace("www.shop.example", "localhost")
            .replace("shop.example", "localhost");
    }),
    ("mistake/port-missing", |c| {
        c.uri = c.uri.replace(":8443", "");
    }),
    ("mistake/default-port-signed", |c| {
        let port = if c.uri.starts_with("https") {
            ":443"
        } else {
            ":80"
        };
        c.uri = c
            .uri
            .replace(":8443", "")
            .replace(".example", &format!(".example{port}"));
    }),
    ("mistake/other-port-signed", |c| {
        c.uri = c
            .uri
            .replace(":8443", "")
            .replace(".example", ".example:8080");
    }),
    ("mistake/query-in-base-uri", |c| {
        if let Some((_, query)) = c
            .sent
            .target
            .split('#')
            .next()
            .unwrap_or_default()
            .split_once('?')
        {
            c.uri = format!("{}?{query}", c.uri);
        }
    }),
    ("mistake/index-php-differs", |c| {
        c.uri = if c.uri.contains("/index.php") {
            c.uri.replace("/index.php", "")
        } else {
            c.uri.replace("/rest", "/index.php/rest")
        }
    }),
    ("mistake/store-code-differs", |c| {
        c.uri = c
            .uri
            .replace("/rest/default/", "/rest/")
            .replace("/rest/V1/p", "/rest/all/V1/p");
    }),
    ("mistake/path-prefix-differs", |c| {
        c.uri = c.uri.replace("/rest/", "/pub/rest/");
    }),
    ("mistake/trailing-slash-differs", |c| {
        c.uri = match c.uri.strip_suffix('/') {
            Some(uri) => uri.to_owned(),
            None => format!("{}/", c.uri),
        }
    }),
    ("mistake/double-slash-differs", |c| {
        c.uri = c.uri.replace("V1//", "V1/");
    }),
    ("mistake/path-decoded", |c| {
        c.uri = c.uri.replace("%2F", "/");
    }),
    ("mistake/path-encoded-twice", |c| {
        c.uri = c.uri.replace("%2F", "%252F");
    }),
    ("mistake/path-case-changed", |c| {
        c.uri = c.uri.to_lowercase();
    }),
    ("mistake/host-case-kept", |c| {
        c.uri = c.uri.replace("shop.example:", "Shop.Example:");
    }),
    ("mistake/only-path-signed", |c| {
        c.uri = c
            .uri
            .split_once(".example")
            .map_or(String::new(), |(_, rest)| {
                rest[rest.find('/').unwrap_or(0)..].to_owned()
            });
    }),
    ("mistake/only-host-signed", |c| {
        let end = c.uri[8..].find('/').map_or(c.uri.len(), |at| at + 8);
        c.uri.truncate(end);
    }),
    ("mistake/fragment-signed", |c| {
        if c.sent.target.contains('#') {
            c.uri.push_str("#part");
        }
    }),
    ("mistake/userinfo-signed", |c| {
        if !c.sent.headers.is_empty() {
            c.uri = c.uri.replace("://", "://user:password@");
        }
    }),
    ("mistake/service-path-signed", |c| {
        c.uri = c.uri.replace("/rest/", "/");
    }),
    ("mistake/other-method-signed", |c| {
        if c.verb == "GET" { "PATCH" } else { "GET" }.clone_into(&mut c.verb);
    }),
    ("mistake/method-in-lower-case", |c| {
        c.verb = c.verb.to_lowercase();
    }),
    ("mistake/method-missing", |c| c.verb.clear()),
    ("mistake/query-not-signed", |c| c.query.clear()),
    ("mistake/query-signed-twice", |c| {
        c.query = [c.query.clone(), c.query.clone()].concat();
    }),
    ("mistake/query-signed-as-sent", |c| c.query = sent_query(c)),
    ("mistake/query-names-signed-as-sent", |c| {
        map_names(&mut c.query, percent);
    }),
    ("mistake/query-values-signed-as-sent", |c| {
        for (own, (_, sent)) in c
            .query
            .clone()
            .iter()
            .zip(sent_query(c))
            .enumerate()
            .map(|(at, (_, sent))| (at, sent))
            .collect::<Vec<_>>()
        {
            c.query[own].1 = sent;
        }
    }),
    ("mistake/plus-for-space", |c| {
        for (name, value) in &mut c.query {
            if name == "n" {
                "1+2".clone_into(value);
            }
        }
    }),
    ("mistake/empty-value-dropped", |c| {
        retain(&mut c.query, |_, value| !value.is_empty());
    }),
    ("mistake/bare-name-dropped", |c| {
        retain(&mut c.query, |name, _| name != "bare");
    }),
    ("mistake/last-duplicate-signed", |c| {
        retain(&mut c.query, |name, value| name != "ids[]" || value == "1");
    }),
    ("mistake/first-duplicate-signed", |c| {
        retain(&mut c.query, |name, value| name != "ids[]" || value == "2");
    }),
    ("mistake/parameter-added-after-signing", |c| {
        retain(&mut c.query, |name, _| name != "_");
    }),
    ("mistake/protocol-like-name-dropped", |c| {
        retain(&mut c.query, |name, _| name != "my_oauth_token");
    }),
    ("mistake/second-equals-dropped", |c| {
        retain(&mut c.query, |name, _| name != "q");
    }),
    ("mistake/nested-parameters-stringified", |c| {
        let mut bases: Vec<String> = Vec::new();
        for (name, _) in &c.query {
            if let Some((base, _)) = name.split_once('[')
                && !bases.iter().any(|known| known == base)
            {
                bases.push(base.to_owned());
            }
        }
        retain(&mut c.query, |name, _| !name.contains('['));
        c.query.extend(
            bases
                .into_iter()
                .map(|base| (base, "[object Object]".to_owned())),
        );
    }),
    ("mistake/html-ampersand", |c| {
        for (name, _) in &mut c.query {
            if name == "amp;z" {
                "z".clone_into(name);
            }
        }
    }),
    ("mistake/brackets-left-out", |c| {
        for (name, _) in &mut c.query {
            if name == "ids[]" {
                "ids".clone_into(name);
            } else if let Some(rest) = name.strip_suffix("[0]") {
                *name = rest.to_owned();
            }
        }
    }),
    ("mistake/dot-as-underscore", |c| {
        map_names(&mut c.query, underscored);
    }),
    ("mistake/search-criteria-added", |c| {
        c.query.push(("searchCriteria".to_owned(), String::new()));
    }),
    ("mistake/blank-value-as-null", |c| {
        for (_, value) in &mut c.query {
            if value.is_empty() {
                "undefined".clone_into(value);
            }
        }
    }),
    ("mistake/form-body-not-signed", |c| c.body.clear()),
    ("mistake/form-signed-but-not-sent-as-form", |c| {
        if c.body.is_empty() && c.sent.body.is_empty() {
            c.sent.body = b"a=b&c=d%20e".to_vec();
            c.sent.content_type = Some("text/plain".to_owned());
            c.body = vec![
                ("a".to_owned(), "b".to_owned()),
                ("c".to_owned(), "d e".to_owned()),
            ];
        }
    }),
    ("mistake/json-body-signed", |c| {
        for (name, value) in json(c) {
            c.body.push((
                name,
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned),
            ));
        }
    }),
    ("mistake/json-text-signed", |c| {
        if !c.sent.body.is_empty() && c.body.is_empty() {
            c.body = vec![(
                String::from_utf8_lossy(&c.sent.body).into_owned(),
                String::new(),
            )];
        }
    }),
    ("mistake/body-characters-signed", |c| {
        if !json(c).is_empty() {
            c.body = String::from_utf8_lossy(&c.sent.body)
                .chars()
                .enumerate()
                .map(|(at, letter)| (at.to_string(), letter.to_string()))
                .collect();
        }
    }),
    ("mistake/body-hash-signed-not-sent", |c| {
        if c.protocol.iter().all(|(name, _)| name != "oauth_body_hash") {
            let hash = STANDARD.encode(Sha256::digest(&c.sent.body));
            c.body.push(("oauth_body_hash".to_owned(), hash));
        }
    }),
    ("mistake/form-body-signed-twice", |c| {
        c.body = [c.body.clone(), c.body.clone()].concat();
    }),
    ("mistake/form-body-signed-as-sent", |c| {
        if !c.body.is_empty() {
            let text = String::from_utf8_lossy(&c.sent.body).into_owned();
            c.body = text
                .split('&')
                .filter_map(|piece| piece.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
        }
    }),
    ("mistake/form-names-mangled", |c| {
        map_names(&mut c.body, underscored);
    }),
    ("mistake/multipart-fields-signed", |c| {
        if c.body.is_empty() && c.sent.body.is_empty() {
            c.sent.body =
                b"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb c\r\n--B--\r\n"
                    .to_vec();
            c.sent.content_type = Some("multipart/form-data; boundary=B".to_owned());
            c.body = vec![("a".to_owned(), "b c".to_owned())];
        }
    }),
    ("mistake/last-form-duplicate-signed", |c| {
        retain(&mut c.body, |name, value| name != "a" || value == "w");
    }),
    ("mistake/empty-token-dropped", |c| {
        retain(&mut c.protocol, |name, value| {
            name != "oauth_token" || !value.is_empty()
        });
    }),
    ("mistake/empty-token-signed", |c| {
        retain(&mut c.header, |name, _| name != "oauth_token");
        unsigned(c, "oauth_token");
        c.token_secret.clear();
        c.protocol.push(("oauth_token".to_owned(), String::new()));
    }),
    ("mistake/token-not-signed", |c| {
        retain(&mut c.protocol, |name, value| {
            name != "oauth_token" || value.is_empty()
        });
    }),
    ("mistake/verifier-not-signed", |c| {
        unsigned(c, "oauth_verifier");
    }),
    ("mistake/version-not-signed", |c| {
        unsigned(c, "oauth_version");
    }),
    ("mistake/version-not-sent", |c| {
        added(c, "oauth_version", "1.0");
    }),
    ("mistake/callback-not-signed", |c| {
        unsigned(c, "oauth_callback");
    }),
    ("mistake/callback-not-sent", |c| {
        added(c, "oauth_callback", "oob");
    }),
    ("mistake/timestamp-not-signed", |c| {
        unsigned(c, "oauth_timestamp");
    }),
    ("mistake/nonce-not-signed", |c| unsigned(c, "oauth_nonce")),
    ("mistake/signature-method-not-signed", |c| {
        unsigned(c, "oauth_signature_method");
    }),
    ("mistake/consumer-key-not-signed", |c| {
        unsigned(c, "oauth_consumer_key");
    }),
    ("mistake/body-hash-not-signed", |c| {
        unsigned(c, "oauth_body_hash");
    }),
    ("mistake/realm-signed", |c| {
        if c.header.iter().any(|(name, _)| name == "realm") {
            c.protocol
                .push(("realm".to_owned(), "the realm".to_owned()));
        }
    }),
    ("mistake/signature-signed", |c| {
        c.protocol
            .push(("oauth_signature".to_owned(), String::new()));
    }),
    ("mistake/protocol-not-signed", |c| c.protocol.clear()),
    ("mistake/protocol-signed-twice", |c| {
        c.protocol = [c.protocol.clone(), c.protocol.clone()].concat();
    }),
    ("mistake/timestamp-taken-twice", |c| {
        for (name, value) in &mut c.protocol {
            if name == "oauth_timestamp" {
                *value = (value.parse::<i64>().expect("a number") - 1).to_string();
            }
        }
    }),
    ("mistake/other-method-name-signed", |c| {
        set(c, "oauth_signature_method", "HMAC-SHA1");
    }),
    ("mistake/other-version-signed", |c| {
        set(c, "oauth_version", "1.0a");
    }),
    ("mistake/protocol-values-signed-as-sent", |c| {
        for (_, value) in &mut c.protocol {
            *value = percent(value);
        }
    }),
    ("mistake/key-and-token-exchanged", |c| {
        if c.protocol
            .iter()
            .any(|(name, value)| name == "oauth_token" && !value.is_empty())
        {
            set(c, "oauth_token", KEY);
            set(c, "oauth_consumer_key", TOKEN);
        }
    }),
    ("mistake/names-without-prefix", |c| {
        map_names(&mut c.protocol, |name| name.replace("oauth_", ""));
    }),
    ("mistake/verifier-not-sent", |c| {
        added(c, "oauth_verifier", "");
    }),
    ("mistake/names-not-encoded", |c| c.name = raw),
    ("mistake/names-encoded-twice", |c| c.name = twice),
    ("mistake/values-not-encoded", |c| c.value = raw),
    ("mistake/values-encoded-twice", |c| c.value = twice),
    ("mistake/parameters-not-encoded", |c| {
        (c.name, c.value) = (raw, raw);
    }),
    ("mistake/parameters-encoded-twice", |c| {
        (c.name, c.value) = (twice, twice);
    }),
    ("mistake/parameter-string-not-encoded", |c| {
        c.parameters = raw;
    }),
    ("mistake/parameter-string-encoded-twice", |c| {
        c.parameters = twice;
    }),
    ("mistake/space-signed-as-plus", |c| {
        (c.name, c.value) = (plus, plus);
    }),
    ("mistake/marks-left-raw", |c| {
        let escape = |text: &str| escaped(text, "-._~!*'()");
        (c.name, c.value) = (escape, escape);
        (c.parameters, c.address) = (escape, escape);
    }),
    ("mistake/whole-uri-encoder", |c| {
        let escape = |text: &str| escaped(text, "-._~!*'();:@&=+$,/?#");
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/brackets-left-raw", |c| {
        let escape = |text: &str| escaped(text, "-._~[]");
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/slash-left-raw", |c| {
        let escape = |text: &str| escaped(text, "-._~/");
        (c.name, c.value) = (escape, escape);
        (c.parameters, c.address) = (escape, escape);
    }),
    ("mistake/tilde-encoded", |c| {
        let escape = |text: &str| escaped(text, "-._");
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/unreserved-encoded", |c| {
        let escape = |text: &str| escaped(text, "");
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/lower-case-escapes", |c| {
        (c.name, c.value) = (lower, lower);
        (c.parameters, c.address) = (lower, lower);
    }),
    ("mistake/decoded-before-signing", |c| {
        c.value = |text| percent(&magespec::text::percent::decode_text(text));
    }),
    ("mistake/latin1-signed", |c| {
        (c.name, c.value) = (latin, latin);
    }),
    ("mistake/utf8-encoded-twice", |c| {
        let escape = |text: &str| percent(&text.bytes().map(char::from).collect::<String>());
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/non-ascii-lost", |c| {
        let escape = |text: &str| percent(&text.replace(|letter: char| !letter.is_ascii(), "?"));
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/html-entities-signed", |c| {
        let escape = |text: &str| {
            percent(
                &text
                    .replace('&', "&amp;")
                    .replace('"', "&quot;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
                    .replace('\'', "&#039;"),
            )
        };
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/values-trimmed", |c| {
        c.value = |text| percent(text.trim());
    }),
    ("mistake/parameters-in-lower-case", |c| {
        let escape = |text: &str| percent(&text.to_ascii_lowercase()).to_ascii_lowercase();
        (c.name, c.value) = (escape, escape);
    }),
    ("mistake/address-not-encoded", |c| c.address = raw),
    ("mistake/address-encoded-twice", |c| c.address = twice),
    ("mistake/parts-not-encoded", |c| {
        (c.address, c.parameters) = (raw, raw);
    }),
    ("mistake/parts-joined-otherwise", |c| c.separator = "\n"),
    ("mistake/pairs-joined-otherwise", |c| c.joint = ","),
    ("mistake/ampersand-at-end", |c| c.end = "&"),
    ("mistake/base-string-encoded-again", |c| c.whole = percent),
    ("mistake/base-string-decoded", |c| {
        (c.name, c.value) = (raw, raw);
        (c.address, c.parameters) = (raw, raw);
    }),
    ("mistake/not-sorted", |c| {
        c.order = |c| {
            [&c.protocol, &c.query, &c.body]
                .map(|pairs| c.list(pairs))
                .concat()
        }
    }),
    ("mistake/sorted-by-decoded-names", |c| {
        c.order = |c| by(c, |one| one.raw.clone());
    }),
    ("mistake/sorted-naturally", |c| {
        c.order = |c| {
            let mut all = sorted(c);
            let number = |name: &str| {
                name.strip_prefix('a')
                    .and_then(|rest| rest.parse::<i32>().ok())
            };
            let (nine, ten) = (
                all.iter().position(|one| number(&one.raw.0) == Some(9)),
                all.iter().position(|one| number(&one.raw.0) == Some(10)),
            );
            if let (Some(nine), Some(ten)) = (nine, ten) {
                all.swap(nine, ten);
            }
            all
        }
    }),
    ("mistake/protocol-sorted-apart", |c| {
        c.order = |c| {
            let mut protocol = c.list(&c.protocol);
            protocol.sort_by(|l, r| l.escaped.cmp(&r.escaped));
            let mut others = [&c.query, &c.body].map(|pairs| c.list(pairs)).concat();
            others.sort_by(|l, r| l.escaped.cmp(&r.escaped));
            protocol.extend(others);
            protocol
        }
    }),
    ("mistake/sorted-without-case", |c| {
        c.order = |c| {
            by(c, |one| {
                (one.raw.0.to_ascii_lowercase(), one.escaped.1.clone())
            })
        }
    }),
    ("mistake/sorted-as-pairs", |c| {
        c.order = |c| {
            by(c, |one| {
                (
                    format!("{}={}", one.escaped.0, one.escaped.1),
                    String::new(),
                )
            })
        }
    }),
    ("mistake/equal-names-not-sorted", |c| {
        c.order = |c| by(c, |one| (one.escaped.0.clone(), String::new()));
    }),
    ("mistake/sorted-backwards", |c| {
        c.order = |c| {
            let mut all = sorted(c);
            all.reverse();
            all
        }
    }),
    ("mistake/sorted-by-value", |c| {
        c.order = |c| by(c, |one| (one.escaped.1.clone(), one.escaped.0.clone()));
    }),
    ("mistake/sorted-after-second-encoding", |c| {
        c.order = |c| {
            by(c, |one| {
                (
                    percent(&format!("{}={}", one.escaped.0, one.escaped.1)),
                    String::new(),
                )
            })
        }
    }),
    ("mistake/key-without-ampersand", |c| {
        c.key = |c| {
            format!(
                "{}{}",
                percent(&c.consumer_secret),
                percent(&c.token_secret)
            )
            .into_bytes()
        }
    }),
    ("mistake/token-secret-left-out", |c| {
        c.key = |c| with_key(c, &c.consumer_secret, "");
    }),
    ("mistake/consumer-secret-left-out", |c| {
        c.key = |c| with_key(c, "", &c.token_secret);
    }),
    ("mistake/secrets-exchanged", |c| {
        c.key = |c| with_key(c, &c.token_secret, &c.consumer_secret);
    }),
    ("mistake/other-secret-of-the-consumer", |c| {
        c.key = |c| with_key(c, &c.consumer_secret, OTHER_SECRET);
    }),
    ("mistake/key-where-secret-belongs", |c| {
        c.key = |c| with_key(c, &c.consumer_secret, KEY);
    }),
    ("mistake/line-feed-in-secret", |c| {
        c.key = |c| with_key(c, &format!("{}\n", c.consumer_secret), &c.token_secret);
    }),
    ("mistake/blank-in-secret", |c| {
        c.key = |c| with_key(c, &format!("{} ", c.consumer_secret), &c.token_secret);
    }),
    ("mistake/secret-trimmed", |c| {
        c.key = |c| with_key(c, c.consumer_secret.trim(), &c.token_secret);
        c.consumer_secret.push(' ');
    }),
    ("mistake/quotes-in-secret", |c| {
        c.key = |c| with_key(c, &format!("\"{}\"", c.consumer_secret), &c.token_secret);
    }),
    ("mistake/byte-order-mark-in-secret", |c| {
        c.key = |c| {
            with_key(
                c,
                &format!("\u{feff}{}", c.consumer_secret),
                &c.token_secret,
            )
        }
    }),
    ("mistake/undefined-secret", |c| {
        c.key = |c| with_key(c, &c.consumer_secret, "undefined");
    }),
    ("mistake/secrets-not-encoded", |c| {
        c.key = |c| format!("{}&{}", c.consumer_secret, c.token_secret).into_bytes();
    }),
    ("mistake/secrets-encoded-twice", |c| {
        c.key = |c| with_key(c, &percent(&c.consumer_secret), &percent(&c.token_secret));
    }),
    ("mistake/secrets-form-encoded", |c| {
        c.key = |c| format!("{}&{}", plus(&c.consumer_secret), plus(&c.token_secret)).into_bytes();
    }),
    ("mistake/secrets-decoded", |c| {
        c.key = |c| {
            let decoded = |text: &str| magespec::text::percent::decode_text(text).into_owned();
            with_key(c, &decoded(&c.consumer_secret), &decoded(&c.token_secret))
        }
    }),
    ("mistake/whole-key-encoded", |c| {
        c.key = |c| percent(&String::from_utf8_lossy(&joined_key(c))).into_bytes();
    }),
    ("mistake/secrets-joined-otherwise", |c| {
        c.key = |c| {
            format!(
                "{}+{}",
                percent(&c.consumer_secret),
                percent(&c.token_secret)
            )
            .into_bytes()
        }
    }),
    ("mistake/secret-case-changed", |c| {
        c.key = |c| {
            with_key(
                c,
                &c.consumer_secret.to_ascii_uppercase(),
                &c.token_secret.to_ascii_uppercase(),
            )
        }
    }),
    ("mistake/secret-cut", |c| {
        c.key = |c| {
            let mut cut = c.consumer_secret.clone();
            cut.pop();
            with_key(c, &cut, &c.token_secret)
        }
    }),
    ("mistake/html-entity-in-secret", |c| {
        c.key = |c| {
            let marked = |text: &str| {
                text.replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
                    .replace('"', "&quot;")
            };
            with_key(c, &marked(&c.consumer_secret), &marked(&c.token_secret))
        }
    }),
    ("mistake/empty-key", |c| c.key = |_| b"&".to_vec()),
    ("mistake/verifier-in-key", |c| {
        if c.protocol.iter().any(|(name, _)| name == "oauth_verifier") {
            c.key = |c| with_key(c, &c.consumer_secret, VERIFIER);
        }
    }),
    ("mistake/sha1-under-sha256-label", |c| c.digest = sha1),
    ("mistake/sha256-under-sha1-label", |c| {
        for pairs in [&mut c.header, &mut c.protocol] {
            for (name, value) in pairs.iter_mut() {
                if name == "oauth_signature_method" {
                    "HMAC-SHA1".clone_into(value);
                }
            }
        }
        c.digest = sha256;
    }),
    ("mistake/sha512-computed", |c| {
        c.digest = |key, text| {
            use hmac::{KeyInit, Mac};
            let mut mac = hmac::Hmac::<Sha512>::new_from_slice(key).expect("any length");
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
    }),
    ("mistake/md5-computed", |c| {
        c.digest = |key, text| Md5::digest([text.as_bytes(), key].concat()).to_vec();
    }),
    ("mistake/hash-instead-of-hmac", |c| {
        c.digest = |key, text| Sha256::digest([text.as_bytes(), key].concat()).to_vec();
    }),
    ("mistake/hash-without-key", |c| {
        c.digest = |_, text| Sha256::digest(text).to_vec();
    }),
    ("mistake/key-and-text-exchanged", |c| {
        c.digest = |key, text| sha256(text.as_bytes(), &String::from_utf8_lossy(key));
    }),
    ("mistake/utf16-hashed", |c| {
        c.digest = |key, text| {
            let wide: String = text.chars().flat_map(|letter| [letter, '\0']).collect();
            sha256(key, &wide)
        }
    }),
    ("mistake/line-feed-hashed", |c| {
        c.digest = |key, text| sha256(key, &format!("{text}\n"));
    }),
    ("mistake/hashed-before-hmac", |c| {
        c.digest = |key, text| sha256(key, &hex(&Sha256::digest(text)));
    }),
    ("mistake/hex-signature", |c| c.written = hex),
    ("mistake/base64-of-hex", |c| {
        c.written = |digest| base64(hex(digest).as_bytes());
    }),
    ("mistake/base64url-signature", |c| {
        c.written = |digest| URL_SAFE.encode(digest);
    }),
    ("mistake/padding-missing", |c| {
        c.written = |digest| STANDARD_NO_PAD.encode(digest);
    }),
    ("mistake/line-break-in-signature", |c| {
        c.written = |digest| format!("{}\n", base64(digest));
    }),
    ("mistake/plus-lost-in-signature", |c| {
        c.written = |digest| base64(digest).replace('+', " ");
        // A signature with a `+` comes by chance.
        for number in 0.. {
            let nonce = format!("n0nce{number:027}");
            set(c, "oauth_nonce", &nonce);
            for (_, value) in c
                .header
                .iter_mut()
                .filter(|(name, _)| name == "oauth_nonce")
            {
                value.clone_from(&nonce);
            }
            if c.signature().contains(' ') {
                break;
            }
        }
    }),
    ("mistake/signature-encoded-twice", |c| {
        c.written = |digest| percent(&base64(digest));
    }),
    ("mistake/base64-twice", |c| {
        c.written = |digest| base64(base64(digest).as_bytes());
    }),
    ("mistake/signature-in-quotes", |c| {
        c.written = |digest| format!("'{}'", base64(digest));
    }),
];
