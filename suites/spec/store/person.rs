//! E9, E10 and E11 (docs/protocol/person-tokens.md).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use magespec::oauth::Profile;
use magespec::secret::Secret;
use magespec::storage::{Account, AccountKind};
use magespec::store::Options;
use magespec::wire::Response;
use serde_json::Value;

use crate::spec::store::fixture::{Fixture, NOW, plain, tampered, with_header, with_json};

pub(crate) const ADMIN: &str = "/rest/V1/integration/admin/token";
pub(crate) const CUSTOMER: &str = "/rest/V1/integration/customer/token";
const REVOKE: &str = "/rest/V1/integration/customer/revoke-customer-token";
pub(crate) const GOOD: &str = r#"{"username":"admin","password":"Admin-1234"}"#;
pub(crate) const BAD: &str = r#"{"username":"admin","password":"wrong"}"#;
pub(crate) const ADA: &str = r#"{"username":"ada@example.com","password":"Ada-12345"}"#;
const SIGN_IN: &str = r#"{"message":"The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."}"#;

fn fixture_of(profile: &str) -> Fixture {
    Fixture::with(Options {
        profile: Profile::named(profile).expect("a profile"),
        admins: vec![("admin".to_owned(), Secret::from("Admin-1234"))],
        customers: vec![("ada@example.com".to_owned(), Secret::from("Ada-12345"))],
        ..Options::default()
    })
}

pub(crate) fn fixture() -> Fixture {
    fixture_of("magento-2.4.7")
}

pub(crate) fn post(fixture: &Fixture, target: &str, body: &str) -> Response {
    fixture.answer(&with_json(plain("POST", target), body))
}

fn token(response: &Response) -> String {
    assert_eq!(response.status, 200, "{}", response.text());
    serde_json::from_slice(&response.body).expect("a JSON string")
}

fn call(fixture: &Fixture, target: &str, token: &str) -> Response {
    let header = format!("Bearer {token}");
    fixture.answer(&with_header(plain("GET", target), "Authorization", &header))
}

fn part(token: &str, place: usize) -> String {
    let part = token.split('.').nth(place).expect("a part");
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_web_token_has_the_measured_header_and_claims() {
    let fixture = fixture();
    for (target, body, user_type) in [(ADMIN, GOOD, 2), (CUSTOMER, ADA, 3)] {
        let token = token(&post(&fixture, target, body));
        assert_eq!(token.split('.').count(), 3);
        assert_eq!(part(&token, 0), r#"{"kid":"1","alg":"HS256"}"#);
        assert_eq!(
            part(&token, 1),
            format!(
                r#"{{"uid":1,"utypid":{user_type},"iat":{},"exp":{}}}"#,
                NOW.0,
                NOW.0 + 3600
            )
        );
    }
}

#[test]
fn tokens_of_one_second_are_equal_and_earlier_ones_stay_good() {
    let fixture = fixture();
    let first = token(&post(&fixture, ADMIN, GOOD));
    assert_eq!(first, token(&post(&fixture, ADMIN, GOOD)));
    fixture.store.clock().advance(1);
    assert_ne!(first, token(&post(&fixture, ADMIN, GOOD)));
    assert_eq!(call(&fixture, "/rest/V1/modules", &first).status, 200);
}

#[test]
fn the_oldest_profile_gives_opaque_tokens_that_live_for_hours() {
    let fixture = fixture_of("magento-2.4.3");
    let admin = token(&post(&fixture, ADMIN, GOOD));
    assert_eq!(admin.len(), 32);
    fixture.store.clock().advance(4 * 3600 - 1);
    assert_eq!(call(&fixture, "/rest/V1/modules", &admin).status, 200);
    assert_eq!(
        call(&fixture, "/rest/V1/modules", &admin.to_uppercase()).status,
        200
    );
    fixture.store.clock().advance(1);
    assert_eq!(call(&fixture, "/rest/V1/modules", &admin).status, 401);
    fixture.set("oauth/access_token_lifetime/admin", "0.5");
    let admin = token(&post(&fixture, ADMIN, GOOD));
    fixture.store.clock().advance(1799);
    assert_eq!(call(&fixture, "/rest/V1/modules", &admin).status, 200);
    fixture.store.clock().advance(1);
    assert_eq!(call(&fixture, "/rest/V1/modules", &admin).status, 401);
}

#[test]
fn wrong_credentials_look_all_alike() {
    let fixture = fixture();
    for (target, body) in [
        (ADMIN, BAD),
        (ADMIN, r#"{"username":"nobody","password":"x"}"#),
        (CUSTOMER, r#"{"username":"ada@example.com","password":"x"}"#),
        (CUSTOMER, GOOD),
    ] {
        let response = post(&fixture, target, body);
        assert_eq!(
            (response.status, response.text().as_str()),
            (401, SIGN_IN),
            "{body}"
        );
    }
}

#[test]
fn missing_fields_are_listed_in_order() {
    let fixture = fixture();
    let item = |name: &str| {
        format!(
            r#"{{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{{"fieldName":"{name}"}}}}"#
        )
    };
    let both = format!(
        r#"{{"message":"One or more input exceptions have occurred.","errors":[{},{}]}}"#,
        item("username"),
        item("password")
    );
    for (body, expected) in [
        ("", both.clone()),
        ("{}", both.clone()),
        (r#"{"username":null,"password":""}"#, both),
        (r#"{"Username":"admin","password":"x"}"#, item("username")),
        (r#"{"username":"admin"}"#, item("password")),
    ] {
        for target in [ADMIN, CUSTOMER] {
            let response = post(&fixture, target, body);
            assert_eq!(
                (response.status, response.text()),
                (400, expected.clone()),
                "{body}"
            );
        }
    }
}

#[test]
fn credentials_come_by_json_xml_or_query_and_never_by_form() {
    let fixture = fixture();
    let query = "?username=admin&password=Admin-1234";
    assert_eq!(
        fixture
            .answer(&plain("POST", &format!("{ADMIN}{query}")))
            .status,
        200
    );
    assert_eq!(post(&fixture, &format!("{ADMIN}{query}"), "{}").status, 200);
    assert_eq!(
        post(&fixture, &format!("{ADMIN}{query}"), BAD).status,
        200,
        "the query wins"
    );
    let mut xml = with_header(plain("POST", ADMIN), "Content-Type", "application/xml");
    xml.headers.add("Accept", "application/xml");
    xml.body = b"<login><username>admin</username><password>Admin-1234</password></login>".to_vec();
    let response = fixture.answer(&xml);
    let text = response.text();
    assert!(
        text.starts_with("<?xml version=\"1.0\"?>\n<response>ey"),
        "{text}"
    );
    assert!(text.ends_with("</response>\n"), "{text}");
    let mut form = with_header(
        plain("POST", ADMIN),
        "Content-Type",
        "application/x-www-form-urlencoded",
    );
    form.body = b"username=admin&password=Admin-1234".to_vec();
    assert_eq!(fixture.answer(&form).status, 400);
    for method in ["GET", "PUT"] {
        assert_eq!(fixture.answer(&plain(method, ADMIN)).status, 404);
    }
}

#[test]
fn scalars_count_as_text_and_lists_have_the_wrong_type() {
    let fixture = fixture();
    let wrong = r#"{"message":"The \"array\" value's type is invalid. The \"string\" type was expected. Verify and try again."}"#;
    let no_password = r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"password"}}"#;
    for (body, status, expected) in [
        (r#"{"username":"  ","password":" "}"#, 401, SIGN_IN),
        (r#"{"username":true,"password":1.5}"#, 401, SIGN_IN),
        (r#"{"username":true,"password":false}"#, 400, no_password),
        (r#"{"username":["admin"],"password":"x"}"#, 400, wrong),
        (r#"{"username":{"a":"b"}}"#, 400, wrong),
    ] {
        let response = post(&fixture, ADMIN, body);
        assert_eq!(
            (response.status, response.text().as_str()),
            (status, expected),
            "{body}"
        );
    }
}

#[test]
fn numbers_are_taken_as_text_and_further_fields_are_ignored() {
    let fixture = Fixture::with(Options {
        admins: vec![("7".to_owned(), Secret::from("42"))],
        ..Options::default()
    });
    let response = post(
        &fixture,
        ADMIN,
        r#"{"username":7,"password":42,"more":[1]}"#,
    );
    assert_eq!(response.status, 200);
}

#[test]
fn a_closed_account_is_refused_but_its_web_token_lives_on() {
    let fixture = fixture();
    let token = token(&post(&fixture, ADMIN, GOOD));
    let storage = fixture.store.storage();
    let account = storage
        .account(AccountKind::Admin, "admin")
        .expect("read")
        .expect("there");
    let closed = Account {
        active: false,
        ..account
    };
    storage
        .replace_account(AccountKind::Admin, &closed)
        .expect("replaced");
    let response = post(&fixture, ADMIN, GOOD);
    assert_eq!((response.status, response.text().as_str()), (401, SIGN_IN));
    assert_eq!(call(&fixture, "/rest/V1/modules", &token).status, 200);
}

#[test]
fn a_customer_reads_its_own_data_and_nothing_else() {
    let fixture = fixture();
    let token = token(&post(&fixture, CUSTOMER, ADA));
    let me = call(&fixture, "/rest/V1/customers/me", &token);
    let me: Value = serde_json::from_slice(&me.body).expect("JSON");
    assert_eq!(me["email"], "ada@example.com");
    let refused = call(&fixture, "/rest/V1/customers/search?searchCriteria", &token);
    assert_eq!(refused.status, 401);
    assert!(refused.text().contains("Magento_Customer::customer"));
}

#[test]
fn a_revocation_kills_every_token_issued_up_to_that_second() {
    let fixture = fixture();
    let first = token(&post(&fixture, CUSTOMER, ADA));
    let revoke = |token: &str| {
        let header = format!("Bearer {token}");
        fixture.answer(&with_header(
            plain("POST", REVOKE),
            "Authorization",
            &header,
        ))
    };
    assert_eq!(revoke(&first).text(), "true");
    let dead = revoke(&first);
    assert_eq!(dead.status, 401);
    assert!(dead.text().contains(r#""resources":"self""#));
    fixture.store.clock().advance(1);
    let second = token(&post(&fixture, CUSTOMER, ADA));
    assert_eq!(call(&fixture, "/rest/V1/customers/me", &second).status, 200);
    let required = r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"customerId"}}"#;
    let admin = token(&post(&fixture, ADMIN, GOOD));
    let refused = revoke(&admin);
    assert_eq!((refused.status, refused.text().as_str()), (400, required));
    let app = fixture.active("a");
    let refused = fixture.answer(&fixture.sign(&app, &fixture.signing("POST", REVOKE)));
    assert_eq!((refused.status, refused.text().as_str()), (400, required));
}

#[test]
fn a_token_that_was_touched_is_nobodys() {
    let fixture = fixture();
    let good = token(&post(&fixture, ADMIN, GOOD));
    let parts: Vec<&str> = good.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let other_claims = URL_SAFE_NO_PAD.encode(part(&good, 1).replace("\"uid\":1", "\"uid\":2"));
    let none = URL_SAFE_NO_PAD.encode(r#"{"kid":"1","alg":"none"}"#);
    let flipped = format!(
        "{}{}",
        if signature.starts_with('A') { "B" } else { "A" },
        &signature[1..]
    );
    for touched in [
        format!("{header}.{claims}.{flipped}"),
        format!("{header}.{other_claims}.{signature}"),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{header}.{claims}"),
        format!("{good}.x"),
        "a.b.c".to_owned(),
        good.to_uppercase(),
        format!("{header}.{claims}."),
    ] {
        assert_eq!(
            call(&fixture, "/rest/V1/modules", &touched).status,
            401,
            "{touched}"
        );
    }
    let other = Fixture::with(Options {
        profile: fixture.store.profile(),
        ..Options::default()
    });
    other
        .store
        .storage()
        .set_installation("crypt_key", &Secret::from("another key"))
        .expect("set");
    assert_eq!(call(&other, "/rest/V1/modules", &good).status, 401);
}

#[test]
fn an_expired_token_is_nobodys_and_an_older_longer_one_is_good() {
    let fixture = fixture();
    let long = token(&post(&fixture, ADMIN, GOOD));
    fixture.set("webapi/jwtauth/admin_expiration", "1");
    let short = token(&post(&fixture, ADMIN, GOOD));
    fixture.store.clock().advance(61);
    assert_eq!(call(&fixture, "/rest/V1/modules", &short).status, 401);
    assert_eq!(
        call(&fixture, "/rest/V1/directory/currency", &short).status,
        200
    );
    assert_eq!(call(&fixture, "/rest/V1/modules", &long).status, 200);
}

/// Measured 2.4.7-p3.
#[test]
fn a_life_that_is_no_positive_whole_number_is_half_an_hour() {
    let fixture = fixture();
    for minutes in ["0", "", "abc", "0.5", "-1"] {
        fixture.set("webapi/jwtauth/admin_expiration", minutes);
        let token = token(&post(&fixture, ADMIN, GOOD));
        fixture.store.clock().advance(1799);
        assert_eq!(call(&fixture, "/rest/V1/modules", &token).status, 200);
        fixture.store.clock().advance(1);
        assert_eq!(call(&fixture, "/rest/V1/modules", &token).status, 401);
    }
}

#[test]
fn only_the_admin_service_looks_at_oauth_beside_good_credentials() {
    let fixture = fixture();
    let app = fixture.active("a");
    let sign = |target: &str| fixture.sign(&app, &fixture.signing("POST", target));
    assert_eq!(fixture.answer(&with_json(sign(ADMIN), GOOD)).status, 200);
    let forged = fixture.answer(&with_json(tampered(sign(ADMIN)), GOOD));
    assert_eq!(
        (forged.status, forged.text().as_str()),
        (
            401,
            r#"{"message":"The signature is invalid. Verify and try again."}"#
        )
    );
    let incomplete = with_header(
        plain("POST", ADMIN),
        "Authorization",
        "OAuth oauth_nonce=\"x\"",
    );
    assert_eq!(fixture.answer(&with_json(incomplete, GOOD)).status, 400);
    assert_eq!(
        fixture
            .answer(&with_json(tampered(sign(CUSTOMER)), ADA))
            .status,
        200
    );
}

#[test]
fn releases_before_2_4_6_have_no_route_to_revoke() {
    for profile in ["magento-2.4.3", "magento-2.4.5"] {
        let fixture = fixture_of(profile);
        let customer = token(&post(&fixture, CUSTOMER, ADA));
        let bearer = format!("Bearer {customer}");
        let request = with_header(plain("POST", REVOKE), "Authorization", &bearer);
        let answer = fixture.answer(&request);
        assert_eq!(answer.status, 404, "{profile}");
        let no_route = r#"{"message":"Request does not match any route."}"#;
        assert_eq!(answer.text(), no_route, "{profile}");
    }
}
