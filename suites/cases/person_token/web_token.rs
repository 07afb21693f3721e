//! # JSON web tokens
//!
//! Since 2.4.4 a person's token is a JSON web token; whatever is changed in it makes its bearer a guest. A customer's token opens what is
//! the customer's own, and can be revoked.
//!
//! Source: docs/protocol/person-tokens.md.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use magespec::conformance::{ANONYMOUS, Case, Expected, Lab, Need, Outcome, Person, Stop, said};
use magespec::oauth::TokenForm;
use serde_json::{Value, json};

use super::revocation;

const ADMINISTRATOR: &[Need] = &[Need::AdminToken];

/// A fresh token of the administrator; not applicable where tokens are opaque.
fn web_token(lab: &Lab<'_>) -> Result<String, Stop> {
    if lab.profile().token_form != TokenForm::Jwt {
        return Err(Stop::NotApplicable(
            "the profile's tokens are opaque".into(),
        ));
    }
    lab.token_of_person(Person::Admin)
}

/// The good token works; then the changed one is a guest's.
fn tampered(lab: &Lab<'_>, change: fn(&str) -> String) -> Outcome {
    let good = web_token(lab)?;
    lab.control(&lab.bearer("GET", lab.protected(), &good))?
        .then_refuses(
            &lab.bearer("GET", lab.protected(), &change(&good)),
            lab.unauthorized(),
        )
}

fn part(token: &str, at: usize) -> &str {
    token.split('.').nth(at).unwrap_or_default()
}

fn decoded(token: &str, at: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(part(token, at)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

macro_rules! tampered {
    ($make:ident, $id:literal, $title:literal, $change:expr) => {
        Case::$make(concat!("person-token/web-token/", $id), $title, |lab| {
            tampered(lab, $change)
        })
        .covers(&["store-web-token-checked"])
        .measured()
        .needs(ADMINISTRATOR)
    };
}

/// How many seconds an administrator's token lasts, as the store is set.
fn lasts(lab: &Lab<'_>) -> i64 {
    if lab.control_api().is_ok() {
        let minutes = lab.configured("webapi/jwtauth/admin_expiration");
        return minutes.map_or(3600, |minutes| match minutes.parse::<i64>() {
            Ok(minutes) if minutes > 0 => minutes * 60,
            _ => 1800,
        });
    }
    lab.observed().admin_token_lasts.unwrap_or(3600)
}

/// 32 characters of `0-9a-z`.
fn is_opaque(token: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    token.len() == 32 && token.bytes().all(plain)
}

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "person-token/admin/form",
        "a token has the form of the profile's releases",
        |lab| {
            let token = lab.token_of_person(Person::Admin)?;
            let (form, held) = match lab.profile().token_form {
                TokenForm::Opaque => ("32 × [0-9a-z]", is_opaque(&token)),
                TokenForm::Jwt => ("three parts between dots", token.split('.').count() == 3),
            };
            lab.holds(
                held,
                form,
                format!("{} characters, another form", token.len()),
            )
        },
    )
    .follows(|one, other| one.token_form == other.token_form)
    .covers(&["store-web-token"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/web-token/claims",
        "an administrator's token names user, kind, issue and expiry",
        |lab| {
            let token = web_token(lab)?;
            let claims = decoded(&token, 1);
            let lasting = claims["exp"].as_i64().unwrap_or_default()
                - claims["iat"].as_i64().unwrap_or_default();
            let wanted = lasts(lab);
            let good = claims["uid"].is_i64() && claims["utypid"] == 2 && lasting == wanted;
            lab.holds(
                good,
                format!("uid, utypid 2, iat, exp = iat + {wanted}"),
                claims.to_string(),
            )
        },
    )
    .follows(|one, other| one.token_form == other.token_form)
    .covers(&["store-web-token"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/web-token/header",
        "the token's header names key and algorithm",
        |lab| {
            let header = decoded(&web_token(lab)?, 0);
            lab.holds(
                header["alg"] == "HS256" && header["kid"] == "1",
                "kid 1, alg HS256",
                header.to_string(),
            )
        },
    )
    .follows(|one, other| one.token_form == other.token_form)
    .covers(&["store-web-token"])
    .measured()
    .needs(ADMINISTRATOR),
    tampered!(
        must,
        "signature",
        "a changed signature makes a guest",
        |token| {
            let (head, signature) = token.rsplit_once('.').unwrap_or((token, ""));
            // A character in the middle: the last one has bits that no decoder looks at, and a turned signature may not be base64url.
            let change = |(at, letter): (usize, char)| match letter {
                'A' if at == 20 => 'B',
                _ if at == 20 => 'A',
                other => other,
            };
            let changed: String = signature.chars().enumerate().map(change).collect();
            format!("{head}.{changed}")
        }
    ),
    tampered!(
        must,
        "payload",
        "a changed payload makes a guest",
        |token| {
            let mut claims = decoded(token, 1);
            claims["exp"] = json!(claims["exp"].as_i64().unwrap_or_default() + 1);
            format!(
                "{}.{}.{}",
                part(token, 0),
                URL_SAFE_NO_PAD.encode(claims.to_string()),
                part(token, 2)
            )
        }
    ),
    tampered!(
        must,
        "two-parts",
        "two parts make a guest",
        |token| format!("{}.{}", part(token, 0), part(token, 1))
    ),
    tampered!(
        must,
        "four-parts",
        "four parts make a guest",
        |token| format!("{token}.x")
    ),
    tampered!(must, "letters", "a.b.c makes a guest", |_| "a.b.c"
        .to_owned()),
    tampered!(
        must,
        "upper-cased",
        "an upper-cased token makes a guest",
        str::to_uppercase
    ),
    tampered!(
        security,
        "no-algorithm",
        "the algorithm none makes a guest",
        |token| {
            let header = URL_SAFE_NO_PAD.encode(r#"{"kid":"1","alg":"none"}"#);
            format!("{header}.{}.", part(token, 1))
        }
    ),
    Case::must(
        "person-token/web-token/expired",
        "an expired token makes a guest",
        |lab| {
            let token = web_token(lab)?;
            let proven = lab.control(&lab.bearer("GET", lab.protected(), &token))?;
            lab.advance(lasts(lab) + 1)?;
            proven.then_refuses(
                &lab.bearer("GET", lab.protected(), &token),
                lab.unauthorized(),
            )
        },
    )
    .covers(&["store-web-token-expiry"])
    .measured()
    .needs(&[Need::AdminToken, Need::Control])
    .alone(),
    Case::must(
        "person-token/web-token/expired-anonymous",
        "an expired token may read anonymous routes",
        |lab| {
            let token = web_token(lab)?;
            lab.advance(lasts(lab) + 1)?;
            lab.is_accepted(&lab.bearer("GET", ANONYMOUS, &token))
        },
    )
    .covers(&["store-web-token-expiry"])
    .measured()
    .needs(&[Need::AdminToken, Need::Control])
    .alone(),
    Case::must(
        "person-token/customer/self",
        "a customer's token opens what is the customer's own",
        |lab| {
            let token = lab.token_of_person(Person::Customer)?;
            lab.is_accepted(&lab.bearer("GET", "/rest/V1/customers/me", &token))
        },
    )
    .covers(&["guide-self"])
    .measured()
    .needs(&[Need::Customer]),
    Case::must(
        "person-token/customer/not-admin",
        "a customer's token opens no resource of the panel",
        |lab| {
            let token = lab.token_of_person(Person::Customer)?;
            let proven = lab.control(&lab.call()?)?;
            proven.then_refuses(
                &lab.bearer("GET", lab.protected(), &token),
                lab.unauthorized(),
            )
        },
    )
    .covers(&["guide-resources-guard"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Customer]),
    Case::must(
        "person-token/customer/revoked",
        "a revoked customer's token is dead",
        |lab| {
            let route = revocation(lab)?;
            let token = lab.token_of_person(Person::Customer)?;
            let own = lab.bearer("GET", "/rest/V1/customers/me", &token);
            let proven = lab.control(&own)?;
            let mut revoke = lab.bearer("POST", route, &token);
            revoke.content("application/json", "{}");
            let revoked = lab.succeeds(&revoke)?;
            lab.equal("body", "true", &revoked.text())?;
            proven.then_refuses(&own, said::unauthorized("self"))
        },
    )
    .follows(|one, other| one.customer_revocation == other.customer_revocation)
    .covers(&["guide-revoke"])
    .measured()
    .needs(&[Need::Customer])
    .alone(),
    Case::profile(
        "person-token/revoke-by-admin",
        "an administrator has no customer's token to revoke",
        |lab| {
            let route = revocation(lab)?;
            let token = web_token(lab)?;
            let mut revoke = lab.bearer("POST", route, &token);
            revoke.content("application/json", "{}");
            let missed = Expected::Text(400, "customerId".to_owned());
            lab.control(&lab.bearer("GET", lab.protected(), &token))?
                .then_refuses(&revoke, missed)
        },
    )
    .follows(|one, other| one.customer_revocation == other.customer_revocation)
    .covers(&["store-self-falls-back"])
    .measured()
    .needs(ADMINISTRATOR),
];
