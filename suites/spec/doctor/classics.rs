//! The mistakes that everybody makes once, on the requests on which they are made, each with the sentence that is printed.

use std::fmt::Write as _;

use magespec::doctor::{Diagnosis, examine};
use magespec::oauth::Profile;

use super::client::{Client, KEY, TOKEN, VERIFIER, percent, plain};
use super::law::made;
use super::made::MADE;

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn set(client: &mut Client, name: &str, value: Option<&str>) {
    for pairs in [&mut client.header, &mut client.protocol] {
        pairs.retain(|(own, _)| own != name);
        pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }
}

fn at(mut client: Client, method: &str, path: &str) -> Client {
    method.clone_into(&mut client.sent.method);
    method.clone_into(&mut client.verb);
    path.clone_into(&mut client.sent.target);
    client.uri = format!("https://shop.example{path}");
    client
}

/// A list of products, filtered.
fn search() -> Client {
    let mut client = at(plain(), "GET", "/rest/V1/products");
    client.query = owned(&[
        ("searchCriteria[filterGroups][0][filters][0][field]", "name"),
        (
            "searchCriteria[filterGroups][0][filters][0][value]",
            "red shirt",
        ),
        ("searchCriteria[pageSize]", "20"),
        ("fields", "items[sku]"),
    ]);
    let sent: Vec<String> = client
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
        .collect();
    client.sent.target = format!("{}?{}", client.sent.target, sent.join("&"));
    client
}

fn json() -> Client {
    let mut client = at(plain(), "POST", "/rest/V1/products");
    client.sent.content_type = Some("application/json".to_owned());
    client.sent.body = br#"{"product":{"sku":"A"},"saveOptions":true}"#.to_vec();
    client
}

fn form() -> Client {
    let mut client = at(plain(), "POST", "/rest/V1/carts/mine");
    client.sent.content_type = Some("application/x-www-form-urlencoded".to_owned());
    client.sent.body = b"qty=2&note=red+shirt".to_vec();
    client.body = owned(&[("qty", "2"), ("note", "red shirt")]);
    client
}

/// The first step of the handshake: there is no token yet.
fn first_step() -> Client {
    let mut client = at(plain(), "POST", "/oauth/token/request");
    set(&mut client, "oauth_token", None);
    client.token_secret = String::new();
    client
}

fn second_step() -> Client {
    let mut client = at(plain(), "POST", "/oauth/token/access");
    set(&mut client, "oauth_verifier", Some(VERIFIER));
    client
}

fn with_empty_token() -> Client {
    let mut client = first_step();
    set(&mut client, "oauth_token", Some(""));
    client
}

fn in_milliseconds() -> Client {
    let mut client = plain();
    set(&mut client, "oauth_timestamp", Some("1700000003000"));
    client
}

fn with_realm() -> Client {
    let mut client = plain();
    client
        .header
        .insert(0, ("realm".to_owned(), "the realm".to_owned()));
    client
}

fn examined(client: &Client) -> Diagnosis {
    examine(
        1,
        &client.request(),
        &client.keyring(),
        <&Profile>::default(),
    )
}

/// What the mistake is called by those who make it, the request, and its id.
type Classic = (&'static str, fn() -> Client, &'static str);

const CLASSICS: [Classic; 23] = [
    (
        "key without `&`",
        first_step,
        "mistake/key-without-ampersand",
    ),
    ("swapped secrets", plain, "mistake/secrets-exchanged"),
    ("newline in a secret", plain, "mistake/line-feed-in-secret"),
    (
        "`undefined` for a secret",
        plain,
        "mistake/undefined-secret",
    ),
    ("hex for base64", plain, "mistake/hex-signature"),
    (
        "SHA-1 under a SHA-256 label",
        plain,
        "mistake/sha1-under-sha256-label",
    ),
    ("query left out", search, "mistake/query-not-signed"),
    ("query twice", search, "mistake/query-signed-twice"),
    ("`+` for blank", search, "mistake/space-signed-as-plus"),
    ("names raw", search, "mistake/names-not-encoded"),
    ("names encoded twice", search, "mistake/names-encoded-twice"),
    ("values twice", search, "mistake/values-encoded-twice"),
    ("unsorted", search, "mistake/not-sorted"),
    ("lower-case verb", plain, "mistake/method-in-lower-case"),
    ("`:443`", plain, "mistake/default-port-signed"),
    ("http for https", plain, "mistake/other-scheme-signed"),
    ("JSON body signed", json, "mistake/json-body-signed"),
    ("form body unsigned", form, "mistake/form-body-not-signed"),
    (
        "verifier unsigned",
        second_step,
        "mistake/verifier-not-signed",
    ),
    (
        "empty token dropped",
        with_empty_token,
        "mistake/empty-token-dropped",
    ),
    (
        "milliseconds",
        in_milliseconds,
        "mistake/timestamp-in-milliseconds",
    ),
    ("realm signed", with_realm, "mistake/realm-signed"),
    (
        "double-encoded signature",
        plain,
        "mistake/signature-encoded-twice",
    ),
];

#[test]
fn the_classics_are_named_in_a_sentence() {
    let mut table = String::new();
    for (name, request, id) in CLASSICS {
        let client = request();
        let making = MADE.iter().find(|(known, _)| *known == id);
        let wrong = match making {
            Some((_, make)) => made(&client, *make).unwrap_or_else(|| panic!("{id} does not show")),
            // Seen in the request itself.
            None => client,
        };
        let diagnosis = examined(&wrong);
        let named = diagnosis
            .explanations
            .iter()
            .any(|one| one.mistakes.iter().any(|mistake| mistake.id == id));
        assert!(named, "{id}: {}", magespec::doctor::pretty_one(&diagnosis));
        let _ = writeln!(table, "{name}\n    {}\n    {id}", diagnosis.headline());
    }
    assert!(!table.contains(KEY) && !table.contains(TOKEN));
    insta::assert_snapshot!("classics", table);
}
