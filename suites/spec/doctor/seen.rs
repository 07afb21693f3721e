//! What is seen without secrets, and what a release wants otherwise.

use magespec::doctor::{
    self, Diagnosis, Family, Keyring, KeyringEntry, ReceivedRequest, Verdict, examine,
};
use magespec::oauth::{Dialect, Profile, Request, SignatureMethod, SignedHeader, SigningKey};
use magespec::secret::Secret;
use magespec::time::UnixTime;

use super::client::{Client, KEY, TOKEN, loud_search, percent, plain};

fn without_secrets(request: &ReceivedRequest) -> Diagnosis {
    examine(1, request, &Keyring::default(), <&Profile>::default())
}

fn ids(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis
        .explanations
        .iter()
        .flat_map(|one| one.mistakes.iter().map(|mistake| mistake.id))
        .collect()
}

fn with_header(change: impl Fn(&str) -> String) -> ReceivedRequest {
    let mut request = plain().request();
    request.authorization = request.authorization.map(|header| change(&header));
    request
}

fn with_value(name: &str, value: &str) -> ReceivedRequest {
    let mut client: Client = plain();
    for pairs in [&mut client.header, &mut client.protocol] {
        for (_, own) in pairs.iter_mut().filter(|(other, _)| other == name) {
            value.clone_into(own);
        }
    }
    client.request()
}

#[test]
fn what_is_seen_needs_no_secret() {
    let signature = percent(&plain().signature());
    let in_query = format!(
        "/rest/V1/orders?oauth_consumer_key={KEY}&oauth_token={TOKEN}&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1&oauth_nonce=n&oauth_signature={signature}"
    );
    let table: Vec<(&str, ReceivedRequest)> = vec![
        (
            "mistake/oauth-data-in-query",
            ReceivedRequest {
                target: in_query.clone(),
                authorization: None,
                ..plain().request()
            },
        ),
        (
            "mistake/oauth-data-in-body",
            ReceivedRequest {
                method: "POST".to_owned(),
                body: in_query
                    .split_once('?')
                    .map(|(_, query)| query.as_bytes().to_vec())
                    .unwrap_or_default(),
                content_type: Some("application/x-www-form-urlencoded".to_owned()),
                authorization: None,
                ..plain().request()
            },
        ),
        (
            "mistake/basic-login-alone",
            with_header(|_| "Basic dXNlcjpwYXNz".to_owned()),
        ),
        (
            "mistake/no-blank-after-scheme",
            with_header(|header| header.replacen("OAuth ", "OAuth\t", 1)),
        ),
        (
            "mistake/header-not-separated-by-commas",
            with_header(|header| header.replace(", ", "&")),
        ),
        (
            "mistake/quotes-in-header-values",
            with_header(|header| header.replace('"', "'")),
        ),
        (
            "mistake/blank-in-header-name",
            with_header(|header| header.replace("oauth_nonce=", "oauth_nonce =")),
        ),
        (
            "mistake/comma-in-header-value",
            with_header(|header| header.replace("oauth_nonce=\"n0", "oauth_nonce=\"n,0")),
        ),
        (
            "mistake/parameter-missing",
            with_header(|header| header.replace("oauth_nonce", "x_nonce")),
        ),
        (
            "mistake/method-not-supported",
            with_value("oauth_signature_method", "hmac-sha256"),
        ),
        (
            "mistake/timestamp-in-milliseconds",
            with_value("oauth_timestamp", "1700000000000"),
        ),
        (
            "mistake/timestamp-no-number",
            with_value("oauth_timestamp", "now"),
        ),
        (
            "mistake/clock-ahead",
            ReceivedRequest {
                received: Some(1_699_999_000),
                ..plain().request()
            },
        ),
        (
            "mistake/consumer-key-length",
            with_value("oauth_consumer_key", "short"),
        ),
        ("mistake/token-length", with_value("oauth_token", "")),
        (
            "mistake/version-not-supported",
            with_value("oauth_version", "1.0a"),
        ),
        ("mistake/verifier-length", {
            let mut request = with_header(|header| format!("{header}, oauth_verifier=\"v\""));
            request.target = "/oauth/token/access".to_owned();
            request
        }),
        (
            "mistake/old-endpoint",
            ReceivedRequest {
                target: "/oauth/initiate".to_owned(),
                ..plain().request()
            },
        ),
        (
            "mistake/fragment-sent",
            ReceivedRequest {
                target: "/rest/V1/orders#x".to_owned(),
                ..plain().request()
            },
        ),
    ];
    for (id, request) in &table {
        let diagnosis = without_secrets(request);
        assert!(
            ids(&diagnosis).contains(id),
            "{id}: {:?} {:?}",
            ids(&diagnosis),
            diagnosis.notes
        );
        assert_eq!(diagnosis.verdict, Verdict::Mistake, "{id}");
    }
    let known: Vec<&str> = Family::Placement
        .mistakes()
        .iter()
        .map(|mistake| mistake.id)
        .collect();
    let shown: Vec<&str> = table.iter().map(|(id, _)| *id).collect();
    assert_eq!(known, shown, "a row for each");
    assert!(ids(&without_secrets(&plain().request())).is_empty());
    assert_eq!(
        without_secrets(&plain().request()).verdict,
        Verdict::Undecidable
    );
}

fn signed(
    dialect: Dialect,
    host: &str,
    target: &str,
    form: &str,
    method: SignatureMethod,
) -> ReceivedRequest {
    let key = SigningKey::new(
        &Secret::from("0123456789abcdefghijklmnopqrstuv"),
        &Secret::from("s3cret00000000000000000000000001"),
    );
    let signer = SignedHeader {
        dialect,
        method,
        consumer_key: KEY,
        token: Some(TOKEN),
        key: &key,
        verifier: None,
        nonce: "n0nce",
        timestamp: UnixTime(1_700_000_000),
    };
    let content_type = (!form.is_empty()).then_some("application/x-www-form-urlencoded");
    let request = Request {
        method: "POST",
        scheme: "https",
        host,
        target,
        content_type,
        body: form.as_bytes(),
        authorization: None,
    };
    ReceivedRequest {
        method: "POST".to_owned(),
        scheme: Some("https".to_owned()),
        host: host.to_owned(),
        target: target.to_owned(),
        authorization: Some(signer.authorization(&request).expect("signable")),
        content_type: content_type.map(str::to_owned),
        body: form.as_bytes().to_vec(),
        ..ReceivedRequest::default()
    }
}

#[test]
fn what_a_release_wants_is_named_as_its_wish() {
    use Dialect::{Laminas, Native, Rfc5849};
    let (old, new) = ("magento-2.4.7", "magento-2.4.8");
    let sha256 = SignatureMethod::HmacSha256;
    let host = "shop.example";
    let table = [
        (
            "mistake/sha1-not-accepted",
            old,
            signed(Rfc5849, host, "/rest/V1/x", "", SignatureMethod::HmacSha1),
        ),
        (
            "mistake/natural-order-wanted",
            old,
            signed(Rfc5849, host, "/rest/V1/x?a[10]=1&a[9]=2", "", sha256),
        ),
        (
            "mistake/byte-order-wanted",
            new,
            signed(Laminas, host, "/rest/V1/x?a[10]=1&a[9]=2", "", sha256),
        ),
        (
            "mistake/decoded-order-wanted",
            new,
            signed(Rfc5849, host, "/rest/V1/x?sc[k]=1&scK=2", "", sha256),
        ),
        (
            "mistake/decoded-path-wanted",
            old,
            signed(Rfc5849, host, "/rest/V1/products/a%2Fb", "", sha256),
        ),
        (
            "mistake/path-as-sent-wanted",
            new,
            signed(Laminas, host, "/rest/V1/products/a%2Fb", "", sha256),
        ),
        (
            "mistake/plus-stays-plus",
            old,
            signed(Rfc5849, host, "/rest/V1/x?a=b+c", "", sha256),
        ),
        (
            "mistake/plus-is-blank",
            new,
            signed(Laminas, host, "/rest/V1/x?a=b+c", "", sha256),
        ),
        (
            "mistake/bare-name-ignored",
            old,
            signed(Rfc5849, host, "/rest/V1/x?a", "", sha256),
        ),
        (
            "mistake/bare-name-counts",
            new,
            signed(Laminas, host, "/rest/V1/x?a", "", sha256),
        ),
        (
            "mistake/second-equals-ignored",
            old,
            signed(Rfc5849, host, "/rest/V1/x?a=b=c", "", sha256),
        ),
        (
            "mistake/second-equals-counts",
            new,
            signed(Laminas, host, "/rest/V1/x?a=b=c", "", sha256),
        ),
        (
            "mistake/protocol-like-name-ignored",
            old,
            signed(Rfc5849, host, "/rest/V1/x?my_oauth_x=1", "", sha256),
        ),
        (
            "mistake/protocol-like-name-counts",
            new,
            signed(Laminas, host, "/rest/V1/x?my_oauth_x=1", "", sha256),
        ),
        (
            "mistake/last-duplicate-counts",
            old,
            signed(Rfc5849, host, "/rest/V1/x?a=1&a=2", "", sha256),
        ),
        (
            "mistake/every-duplicate-counts",
            "rfc5849",
            signed(Laminas, host, "/rest/V1/x?a=1&a=2", "", sha256),
        ),
        (
            "mistake/host-as-sent-wanted",
            new,
            signed(Rfc5849, "Shop.example:443", "/rest/V1/x", "", sha256),
        ),
        (
            "mistake/host-normalised-wanted",
            old,
            signed(Native, "Shop.example:443", "/rest/V1/x", "", sha256),
        ),
        (
            "mistake/mangled-name-added",
            new,
            signed(Rfc5849, host, "/rest/V1/x?a.b=1", "", sha256),
        ),
        (
            "mistake/form-name-mangled",
            old,
            signed(Rfc5849, host, "/rest/V1/x", "a.b=1", sha256),
        ),
        (
            "mistake/form-array-fails",
            old,
            signed(Rfc5849, host, "/rest/V1/x", "a[]=1", sha256),
        ),
    ];
    let keyring = Keyring::new(vec![KeyringEntry {
        consumer_key: Some(KEY.to_owned()),
        consumer_secret: Secret::from("0123456789abcdefghijklmnopqrstuv"),
        token: Some(TOKEN.to_owned()),
        token_secret: Some(Secret::from("s3cret00000000000000000000000001")),
    }]);
    for (id, profile, request) in &table {
        let diagnosis = examine(
            1,
            request,
            &keyring,
            Profile::named(profile).expect("there is one"),
        );
        assert_eq!(
            diagnosis.verdict,
            Verdict::Refused,
            "{id}: {}",
            doctor::pretty_one(&diagnosis)
        );
        assert_eq!(ids(&diagnosis), [*id], "{}", doctor::pretty_one(&diagnosis));
    }
    let bearer = with_header(|_| format!("Bearer {TOKEN}"));
    assert_eq!(
        ids(&without_secrets(&bearer)),
        ["mistake/bearer-switched-off"]
    );
    let mut shown: Vec<&str> = table.iter().map(|(id, ..)| *id).collect();
    shown.extend([
        "mistake/bearer-switched-off",
        "mistake/other-base-string-wanted",
    ]);
    let known: Vec<&str> = Family::Release
        .mistakes()
        .iter()
        .map(|mistake| mistake.id)
        .collect();
    assert_eq!(known, shown, "a row for each");
}

#[test]
fn with_wrong_secrets_what_can_be_seen_of_them_is_said() {
    let request = plain().request();
    let keyring = |consumer: &str, token: &str| {
        Keyring::new(vec![KeyringEntry {
            consumer_key: None,
            consumer_secret: Secret::from(consumer),
            token: None,
            token_secret: Some(Secret::from(token)),
        }])
    };
    let table = [
        (
            "0:3:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789==",
            "has the form of an encrypted value",
        ),
        (
            "anotherconsumersecret0000000000a ",
            "has a blank or line end",
        ),
        ("\"nothertokensecret0000000000000a\"", "stands in quotes"),
        ("undefined", "is a word for nothing"),
        ("tooshort", "has 8 characters; those of a store have 32"),
    ];
    for (secret, words) in table {
        let diagnosis = examine(
            1,
            &request,
            &keyring(secret, "anothertokensecret0000000000000a"),
            <&Profile>::default(),
        );
        assert_eq!(diagnosis.verdict, Verdict::Unknown);
        assert!(
            diagnosis.notes.iter().any(|note| note.contains(words)),
            "{words}: {:?}",
            diagnosis.notes
        );
        assert!(
            !doctor::pretty_one(&diagnosis).contains(secret) || secret == "undefined",
            "a secret is shown"
        );
    }
}

#[test]
fn a_login_that_was_signed_is_not_shown() {
    let mut client = loud_search();
    client.uri = client.uri.replace("://", "://user:password@");
    let diagnosis = examine(
        1,
        &client.request(),
        &client.keyring(),
        Profile::named("rfc5849").expect("there is one"),
    );
    assert_eq!(ids(&diagnosis), ["mistake/userinfo-signed"]);
    assert!(!doctor::pretty_one(&diagnosis).contains("user:password"));
}
