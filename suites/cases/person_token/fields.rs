//! # User name and password are asked for
//!
//! Missing, empty and null are the same; what is missing is named, the user name first. A guest's call of an open route is the control.
//!
//! Source: spec oauth.md §1.6, §3.3, TK-04, TK-05.

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
    ($($person:literal, $fault:literal, $title:literal, $body:literal, $names:expr, $place:literal;)+) => {
        &[$(
            Case::must(concat!("person-token/fields/", $person, "/", $fault), $title, |lab| {
                asked(lab, concat!("/rest/V1/integration/", $person, "/token"), $body, said::missing($names))
            })
            .covers(&["guide-person-token-fields"])
            .measured(concat!("2.4.7-p3 (spec oauth.md ", $place, ")"))
            .needs(&[])
        ),+]
    };
}

pub(super) const CASES: &[Case] = asks_for! {
    "admin", "both-missing", "both fields of an administrator are asked for", "{}", BOTH, "TK-04";
    "admin", "both-empty", "empty fields of an administrator are asked for", r#"{"username":"","password":""}"#, BOTH, "TK-04";
    "admin", "both-null", "null fields of an administrator are asked for", r#"{"username":null,"password":null}"#, BOTH, "TK-04";
    "admin", "password-missing", "an administrator's password is asked for", r#"{"username":"magespec-nobody"}"#, &["password"], "TK-05";
    "admin", "username-missing", "an administrator's name is asked for", r#"{"password":"magespec-nothing"}"#, &["username"], "TK-05";
    "customer", "both-missing", "both fields of a customer are asked for", "{}", BOTH, "TK-04";
    "customer", "both-empty", "empty fields of a customer are asked for", r#"{"username":"","password":""}"#, BOTH, "TK-04";
    "customer", "both-null", "null fields of a customer are asked for", r#"{"username":null,"password":null}"#, BOTH, "TK-04";
    "customer", "password-missing", "a customer's password is asked for", r#"{"username":"magespec@example.com"}"#, &["password"], "TK-05";
    "customer", "username-missing", "a customer's name is asked for", r#"{"password":"magespec-nothing"}"#, &["username"], "TK-05";
};
