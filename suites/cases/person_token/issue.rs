//! # How a person gets a token
//!
//! User name and password as JSON or XML give a bare JSON string; everything else is refused with one sentence, whether the user is unknown
//! or the password wrong.
//!
//! Source: guides, token-based authentication, docs/protocol/person-tokens.md.

use magespec::conformance::{Case, Draft, Expected, Lab, Need, Outcome, Person, Stop, said};
use magespec::text::form::encode_pairs;
use serde_json::json;

const ADMINISTRATOR: &[Need] = &[Need::AdminToken];
const CUSTOMER: &[Need] = &[Need::Customer];
const JSON: &str = "application/json";

/// What a header with a consumer key alone leaves out.
const LEFT_OUT: [&str; 5] = [
    "oauth_signature",
    "oauth_signature_method",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_token",
];

/// A wrong password.
const WRONG: &str = "Wr0ngPassword";
/// What stores are read to say (docs/protocol/person-tokens.md gives the status alone).
const GENERIC: &str = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.";

/// The token is a JSON string.
fn good(lab: &Lab<'_>, person: Person) -> Outcome {
    let answer = lab.succeeds(&lab.good_sign_in(person)?)?;
    lab.holds(answer.json().is_string(), "a JSON string", answer.summary())
}

/// The person that was given is let in, and then this one is not.
fn refused(lab: &Lab<'_>, person: Person, user: &str, expected: impl Into<Expected>) -> Outcome {
    lab.control(&lab.good_sign_in(person)?)?
        .then_refuses(&lab.sign_in(person, user, WRONG), expected)
}

/// The same sign-in beside an OAuth header of the active integration, changed so.
fn signed(
    lab: &Lab<'_>,
    person: Person,
    good: &Draft,
    change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
) -> Result<Draft, Stop> {
    let mut draft = lab.call()?;
    draft.method("POST").to(person.path()).content(JSON, "");
    draft.body.clone_from(&good.body);
    change(&mut draft);
    Ok(draft)
}

fn nobody(lab: &Lab<'_>) -> String {
    format!("{}@example.com", lab.nonce())
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "person-token/admin/good",
        "an administrator gets a token as a JSON string",
        |lab| good(lab, Person::Admin),
    )
    .covers(&["guide-person-token"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::must(
        "person-token/admin/works",
        "an administrator's token opens a protected route",
        |lab| {
            let token = lab.token_of_person(Person::Admin)?;
            lab.is_accepted(&lab.bearer("GET", lab.protected(), &token))
        },
    )
    .covers(&["guide-person-token"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::must(
        "person-token/customer/good",
        "a customer gets a token as a JSON string",
        |lab| good(lab, Person::Customer),
    )
    .covers(&["guide-person-token"])
    .measured()
    .needs(CUSTOMER),
    Case::must(
        "person-token/admin/unknown",
        "an unknown administrator is refused",
        |lab| refused(lab, Person::Admin, &nobody(lab), Expected::Status(401)),
    )
    .covers(&["guide-person-token-refused"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::must(
        "person-token/customer/unknown",
        "an unknown customer is refused",
        |lab| refused(lab, Person::Customer, &nobody(lab), Expected::Status(401)),
    )
    .covers(&["guide-person-token-refused"])
    .measured()
    .needs(CUSTOMER),
    Case::must(
        "person-token/customer/wrong-password",
        "a wrong password is refused in the words for an unknown customer",
        |lab| {
            let good = lab.good_sign_in(Person::Customer)?;
            let (user, _) = lab.login_of(Person::Customer)?;
            let proven = lab.control(&good)?;
            let unknown = proven.then_sends(&lab.sign_in(Person::Customer, &nobody(lab), WRONG))?;
            let wrong = proven.then_sends(&lab.sign_in(Person::Customer, &user, WRONG))?;
            // Another success forgets the failure.
            lab.provoke(&good)?;
            lab.holds(
                wrong.status() == 401 && wrong.text() == unknown.text(),
                format!("401, and as for an unknown name: {}", unknown.summary()),
                wrong.summary(),
            )
        },
    )
    .covers(&["guide-person-token-refused"])
    .measured()
    .needs(CUSTOMER)
    .alone(),
    Case::profile(
        "person-token/sentence",
        "the refusal says that the sign-in was incorrect, and no more",
        |lab| {
            let sentence = Expected::Json(401, json!({ "message": GENERIC }));
            refused(lab, Person::Admin, &nobody(lab), sentence)
        },
    )
    .covers(&["guide-person-token-refused"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/form",
        "user name and password as a form body are refused",
        |lab| {
            let (user, password) = lab.login_of(Person::Admin)?;
            let mut form = lab.guest("POST", Person::Admin.path());
            form.form(&encode_pairs([
                ("username", user.as_str()),
                ("password", password.as_str()),
            ]));
            let sentence = "Server cannot understand Content-Type HTTP header media type";
            lab.control(&lab.good_sign_in(Person::Admin)?)?
                .then_refuses(&form, Expected::Text(400, sentence.to_owned()))
        },
    )
    .covers(&["store-rest-content-type"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/get",
        "a token is not to be had with GET: there is no such route",
        |lab| {
            lab.control(&lab.good_sign_in(Person::Admin)?)?
                .then_refuses(&lab.guest("GET", Person::Admin.path()), said::NO_ROUTE)
        },
    )
    .covers(&["store-rest-routes"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/put",
        "a token is not to be had with PUT: there is no such route",
        |lab| {
            let good = lab.good_sign_in(Person::Admin)?;
            let mut put = good.clone();
            put.method("PUT");
            lab.control(&good)?.then_refuses(&put, said::NO_ROUTE)
        },
    )
    .covers(&["store-rest-routes"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::security(
        "person-token/in-query",
        "a password in the query should be refused",
        |lab| {
            let (user, password) = lab.login_of(Person::Admin)?;
            let query =
                encode_pairs([("username", user.as_str()), ("password", password.as_str())]);
            let mut draft = lab.guest("POST", Person::Admin.path());
            draft.content(JSON, "{}").query(&query);
            let proven = lab.control(&lab.good_sign_in(Person::Admin)?)?;
            let answer = proven.then_sends(&draft)?;
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
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/xml-out",
        "XML out gives a response element",
        |lab| {
            let mut draft = lab.good_sign_in(Person::Admin)?;
            let answer = lab.succeeds(draft.instead("Accept", "application/xml"))?;
            lab.contains(&answer.text(), "<response>")
        },
    )
    .covers(&["store-rest-accept"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/beside-incomplete-oauth",
        "an incomplete OAuth header beside good credentials is refused",
        |lab| {
            let good = lab.good_sign_in(Person::Admin)?;
            let mut bad = good.clone();
            bad.header("Authorization", "OAuth oauth_consumer_key=\"x\"");
            lab.control(&good)?
                .then_refuses(&bad, said::missing(&LEFT_OUT))
        },
    )
    .covers(&["store-lazy-identity"])
    .measured()
    .needs(ADMINISTRATOR),
    Case::profile(
        "person-token/beside-bad-oauth",
        "a badly signed OAuth header beside good credentials is refused",
        |lab| {
            let good = lab.good_sign_in(Person::Admin)?;
            let bad = signed(lab, Person::Admin, &good, |r| r.signature("cmFuZG9t"))?;
            lab.control(&good)?.then_refuses(&bad, said::M16)
        },
    )
    .covers(&["store-lazy-identity"])
    .measured(),
    Case::profile(
        "person-token/beside-good-oauth",
        "a well signed OAuth header beside good credentials does not matter",
        |lab| {
            let good = lab.good_sign_in(Person::Admin)?;
            lab.is_accepted(&signed(lab, Person::Admin, &good, |r| r)?)
        },
    )
    .covers(&["store-lazy-identity"])
    .measured(),
    Case::security(
        "person-token/customer-beside-bad-oauth",
        "a badly signed OAuth header beside a customer's credentials should be noticed",
        |lab| {
            let good = lab.good_sign_in(Person::Customer)?;
            let bad = signed(lab, Person::Customer, &good, |r| r.signature("cmFuZG9t"))?;
            lab.control(&good)?
                .then_tolerates(&bad, "the forged OAuth header is not noticed")
        },
    )
    .covers(&["store-lazy-identity"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Customer]),
];
