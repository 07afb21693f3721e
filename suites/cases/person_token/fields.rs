//! # User name and password are asked for
//!
//! Missing, empty and null are the same; what is missing is named, the user name first. A guest's call of an open route is the control.
//!
//! Source: docs/protocol/person-tokens.md, docs/protocol/rest.md.

use magespec::conformance::{ANONYMOUS, Case, Draft, Lab, Outcome, Said, said};

const BOTH: &[&str] = &["username", "password"];

fn asked(lab: &Lab<'_>, path: &str, body: &str, expected: Said) -> Outcome {
    let mut draft: Draft = lab.guest("POST", path);
    draft.content("application/json", body);
    lab.control(&lab.guest("GET", ANONYMOUS))?
        .then_refuses(&draft, expected)
}

/// One body at both endpoints.
macro_rules! asks_for {
    ($($person:literal, $fault:literal, $title:literal, $body:literal, $names:expr;)+) => {
        &[$(
            Case::must(concat!("person-token/fields/", $person, "/", $fault), $title, |lab| {
                asked(lab, concat!("/rest/V1/integration/", $person, "/token"), $body, said::missing($names))
            })
            .covers(&["guide-person-token-fields"])
            .measured()
            .needs(&[])
        ),+]
    };
}

pub(super) const CASES: &[Case] = asks_for! {
    "admin", "both-missing", "both fields of an administrator are asked for", "{}", BOTH;
    "admin", "both-empty", "empty fields of an administrator are asked for", r#"{"username":"","password":""}"#, BOTH;
    "admin", "both-null", "null fields of an administrator are asked for", r#"{"username":null,"password":null}"#, BOTH;
    "admin", "password-missing", "an administrator's password is asked for", r#"{"username":"magespec-nobody"}"#, &["password"];
    "admin", "username-missing", "an administrator's name is asked for", r#"{"password":"magespec-nothing"}"#, &["username"];
    "customer", "both-missing", "both fields of a customer are asked for", "{}", BOTH;
    "customer", "both-empty", "empty fields of a customer are asked for", r#"{"username":"","password":""}"#, BOTH;
    "customer", "both-null", "null fields of a customer are asked for", r#"{"username":null,"password":null}"#, BOTH;
    "customer", "password-missing", "a customer's password is asked for", r#"{"username":"magespec@example.com"}"#, &["password"];
    "customer", "username-missing", "a customer's name is asked for", r#"{"password":"magespec-nothing"}"#, &["username"];
};
