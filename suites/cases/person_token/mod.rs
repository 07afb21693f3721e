//! Tokens of administrators and customers.

mod fields;
mod input;
mod issue;
mod throttle;
mod web_token;

magespec::group!("person-token": fields, issue, input, web_token, throttle);

use magespec::conformance::{Draft, Lab, Stop};

/// The route that gives an administrator's token.
const ADMIN: &str = "/rest/V1/integration/admin/token";
/// The route that gives a customer's token.
const CUSTOMER: &str = "/rest/V1/integration/customer/token";

/// Asks for a token with this JSON body.
fn ask(lab: &Lab<'_>, route: &str, body: &serde_json::Value) -> Draft {
    let mut draft = lab.guest("POST", route);
    draft.content("application/json", &body.to_string());
    draft
}

/// Asks with a user name and a password.
fn credentials(lab: &Lab<'_>, route: &str, user: &str, password: &str) -> Draft {
    lab.hide(password, "password");
    ask(
        lab,
        route,
        &serde_json::json!({"username": user, "password": password}),
    )
}

/// The route at which customers revoke their tokens; not applicable where the profile has none.
fn revocation(lab: &Lab<'_>) -> Result<&'static str, Stop> {
    if lab.profile().customer_revocation {
        return Ok("/rest/V1/integration/customer/revoke-customer-token");
    }
    Err(Stop::NotApplicable(
        "the profile has no route at which customers revoke tokens".to_owned(),
    ))
}
