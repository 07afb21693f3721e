//! What a request asks of the panel's integrations.

use crate::integration::IntegrationId;
use crate::wire::Request;

/// What follows the controller in the address, when it begins with this action.
pub(super) fn action<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let (_, rest) = request.target.split_once("/integration/")?;
    rest.to_lowercase()
        .starts_with(&name.to_lowercase())
        .then_some(rest)
}

/// The integration whose id stands in the address.
pub(super) fn meant(request: &Request) -> Option<IntegrationId> {
    let (_, rest) = request.target.split_once("/id/")?;
    let digits = rest.split(['/', '?']).next()?;
    digits.parse().ok().map(IntegrationId)
}
