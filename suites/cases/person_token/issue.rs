//! # How a person gets a token
//!
//! User name and password as JSON or XML give a bare JSON string; everything else is refused with one sentence, whether the user is unknown
//! or the password wrong.
//!
//! Source: guides, token-based authentication; spec oauth.md §1.6, TK-01 … TK-09, TK-25, TK-28.

use magespec::conformance::{Case, Expected, Lab, Need, Outcome, Stop, said};
use serde_json::json;

use super::{ADMIN, CUSTOMER, ask, credentials};

const ADMINISTRATOR: &[Need] = &[Need::AdminToken];
const GENERIC: &str = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.";

fn generic(lab: &Lab<'_>, route: &str, user: &str, password: &str) -> Outcome {
    let answer = lab.send(&credentials(lab, route, user, password))?;
    lab.holds(
        answer.status() == 401 && answer.text().contains(GENERIC),
        format!("401 `{GENERIC}`"),
        answer.summary(),
    )
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "person-token/admin/good",
        "an administrator gets a token as a JSON string",
        |lab| {
            let (user, password) = lab.administrator()?;
            let answer = lab.succeeds(&credentials(lab, ADMIN, &user, &password))?;
            lab.holds(answer.json().is_string(), "a JSON string", answer.summary())
        },
    )
    .covers(&["guide-person-token"])
    .measured("TK-01")
    .needs(ADMINISTRATOR),
    Case::must(
        "person-token/admin/works",
        "an administrator's token opens a protected route",
        |lab| {
            let (user, password) = lab.administrator()?;
            let answer = lab.succeeds(&credentials(lab, ADMIN, &user, &password))?;
            let token = answer.json().as_str().unwrap_or_default().to_owned();
            lab.hide(&token, "admin-token");
            let mut draft = lab.guest("GET", magespec::conformance::PROTECTED);
            draft.header("Authorization", &format!("Bearer {token}"));
            lab.is_accepted(&draft)
        },
    )
    .covers(&["guide-person-token"])
    .measured("TK-01")
    .needs(ADMINISTRATOR),
    Case::must(
        "person-token/customer/good",
        "a customer gets a token as a JSON string",
        |lab| {
            let (user, password) = lab.customer()?;
            let answer = lab.succeeds(&credentials(lab, CUSTOMER, &user, &password))?;
            lab.holds(answer.json().is_string(), "a JSON string", answer.summary())
        },
    )
    .covers(&["guide-person-token"])
    .measured("TK-02")
    .needs(&[Need::Customer]),
    Case::must(
        "person-token/admin/unknown",
        "an unknown administrator is refused with the one sentence",
        |lab| generic(lab, ADMIN, &lab.nonce(), "Wr0ngPassword"),
    )
    .covers(&["guide-person-token-refused"])
    .measured("TK-03")
    .needs(&[]),
    Case::must(
        "person-token/customer/unknown",
        "an unknown customer is refused with the one sentence",
        |lab| {
            generic(
                lab,
                CUSTOMER,
                &format!("{}@example.com", lab.nonce()),
                "Wr0ngPassword",
            )
        },
    )
    .covers(&["guide-person-token-refused"])
    .measured("TK-03")
    .needs(&[]),
    Case::must(
        "person-token/customer/wrong-password",
        "a wrong password is refused with the one sentence",
        |lab| {
            let (user, password) = lab.customer()?;
            let refused = generic(lab, CUSTOMER, &user, "Wr0ngPassword");
            lab.succeeds(&credentials(lab, CUSTOMER, &user, &password))?;
            refused
        },
    )
    .covers(&["guide-person-token-refused"])
    .measured("TK-03")
    .needs(&[Need::Customer])
    .alone(),
    Case::profile("person-token/form", "a form body is refused", |lab| {
        let mut draft = lab.guest("POST", ADMIN);
        draft.form("username=a&password=b");
        lab.is_answered(
            &draft,
            &Expected::Text(
                400,
                "Server cannot understand Content-Type HTTP header media type".to_owned(),
            ),
        )
    })
    .covers(&["store-rest-content-type"])
    .measured("TK-06")
    .needs(&[]),
    Case::profile("person-token/get", "GET is no route", |lab| {
        lab.is_answered(
            &lab.guest("GET", ADMIN),
            &Expected::Text(404, "Request does not match any route.".to_owned()),
        )
    })
    .covers(&["store-rest-routes"])
    .measured("TK-07")
    .needs(&[]),
    Case::profile("person-token/put", "PUT is no route", |lab| {
        let mut draft = ask(lab, ADMIN, &json!({}));
        lab.is_answered(
            draft.method("PUT"),
            &Expected::Text(404, "Request does not match any route.".to_owned()),
        )
    })
    .covers(&["store-rest-routes"])
    .measured("TK-07")
    .needs(&[]),
    Case::security(
        "person-token/in-query",
        "a password in the query should be refused",
        |lab| {
            let (user, password) = lab.administrator()?;
            let query = magespec::text::form::encode_pairs([
                ("username", user.as_str()),
                ("password", password.as_str()),
            ]);
            let mut draft = ask(lab, ADMIN, &json!({}));
            let answer = lab.send(draft.query(&query))?;
            if answer.accepted() {
                return Err(Stop::Weak(
                    "user name and password are taken from the query, where logs keep them"
                        .to_owned(),
                ));
            }
            lab.holds(answer.status() == 400, "400", answer.summary())
        },
    )
    .covers(&["store-credentials-in-query"])
    .measured("TK-08")
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/xml-out",
        "XML out gives a response element",
        |lab| {
            let (user, password) = lab.administrator()?;
            let mut draft = credentials(lab, ADMIN, &user, &password);
            draft.headers.retain(|(name, _)| name != "Accept");
            let answer = lab.succeeds(draft.header("Accept", "application/xml"))?;
            lab.contains(&answer.text(), "<response>")
        },
    )
    .covers(&["store-rest-accept"])
    .measured("TK-09")
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/beside-incomplete-oauth",
        "an incomplete OAuth header beside good credentials is refused",
        |lab| {
            let (user, password) = lab.administrator()?;
            let good = credentials(lab, ADMIN, &user, &password);
            let mut bad = good.clone();
            bad.header("Authorization", "OAuth oauth_consumer_key=\"x\"");
            lab.control(&good)?
                .then_refuses(&bad, Expected::Status(400))
        },
    )
    .covers(&["store-lazy-identity"])
    .measured("TK-25")
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/beside-bad-oauth",
        "a badly signed OAuth header beside good credentials is refused",
        |lab| {
            let (user, password) = lab.administrator()?;
            let good = credentials(lab, ADMIN, &user, &password);
            let mut bad = lab.call()?;
            bad.method("POST").to(ADMIN).signature("cmFuZG9t");
            bad.content(
                "application/json",
                &json!({"username": user, "password": password}).to_string(),
            );
            lab.control(&good)?.then_refuses(&bad, said::M16)
        },
    )
    .covers(&["store-lazy-identity"])
    .measured("TK-25"),
    Case::profile(
        "person-token/beside-good-oauth",
        "a well signed OAuth header beside good credentials does not matter",
        |lab| {
            let (user, password) = lab.administrator()?;
            lab.hide(&password, "password");
            let body = json!({"username": user, "password": password}).to_string();
            lab.accepts(&lab.call()?, |r| {
                r.method("POST")
                    .to(ADMIN)
                    .content("application/json", &body)
            })
        },
    )
    .covers(&["store-lazy-identity"])
    .measured("TK-25"),
    Case::security(
        "person-token/customer-beside-bad-oauth",
        "a badly signed OAuth header beside a customer's credentials should be noticed",
        |lab| {
            let (user, password) = lab.customer()?;
            let good = credentials(lab, CUSTOMER, &user, &password);
            let mut bad = lab.call()?;
            bad.method("POST").to(CUSTOMER).signature("cmFuZG9t");
            bad.content(
                "application/json",
                &json!({"username": user, "password": password}).to_string(),
            );
            lab.control(&good)?
                .then_tolerates(&bad, "the forged OAuth header is not noticed")
        },
    )
    .covers(&["store-lazy-identity"])
    .measured("TK-28")
    .needs(&[Need::Admin, Need::Callback, Need::Customer]),
];
