//! Tokens of administrators and customers.

mod closed;
mod fields;
mod input;
mod issue;
mod throttle;
mod web_token;

magespec::group!("person-token": fields, issue, input, web_token, throttle, closed);

use magespec::conformance::{Lab, Stop};

/// E11, since 2.4.6.
const REVOCATION: &str = "/rest/V1/integration/customer/revoke-customer-token";

/// The route at which customers revoke their tokens; not applicable where the profile has none.
fn revocation(lab: &Lab<'_>) -> Result<&'static str, Stop> {
    if lab.profile().customer_revocation {
        return Ok(REVOCATION);
    }
    Err(Stop::NotApplicable(
        "the profile has no route at which customers revoke tokens".into(),
    ))
}
