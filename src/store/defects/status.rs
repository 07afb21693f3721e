//! The state of an integration at the moment of a call.

use crate::integration::Status;
use crate::oauth::AuthorizationHeader;
use crate::store::caller::Caller;

use super::Defect;
use super::faults::{Calling, Guard};

/// The integration that signed the call, when it has this status. The signature was found to be right.
fn signer_with(calling: &Calling<'_>, status: Status) -> Option<Caller> {
    let header = calling.turn.request.headers.first("Authorization")?;
    let dialect = calling.store.profile().dialect;
    let mut pairs = AuthorizationHeader::parse(dialect, header)?;
    let (_, key) = pairs.find(|(name, _)| *name == "oauth_consumer_key")?;
    let storage = calling.store.storage();
    let consumer = storage.consumer_with_key(key).ok().flatten()?;
    let found = storage.integration_of(consumer.id).ok().flatten()?;
    (found.status == status).then_some(Caller::Integration(found.id))
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/inactive-integration-calls",
        "an inactive integration's token opens routes",
        "rest-inactive-is-guest",
        |faults| {
            faults.calling.push(|calling, found| match found {
                Ok(Caller::Guest) => {
                    Ok(signer_with(calling, Status::Inactive).unwrap_or(Caller::Guest))
                }
                other => other,
            });
        },
    )
    .named_by(
        "rest/status/inactive",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/reset-integration-calls",
        "the token of an integration that was reset opens routes",
        "rest-inactive-is-guest",
        |faults| {
            faults.calling.push(|calling, found| match found {
                Ok(Caller::Guest) => {
                    Ok(signer_with(calling, Status::Recreated).unwrap_or(Caller::Guest))
                }
                other => other,
            });
        },
    )
    .named_by(
        "rest/status/recreated",
        "401 {\"message\":\"The consumer isn't authorized to access",
        "200 [{",
    ),
    Defect::new(
        "store/deleted-integration-keeps-its-consumer",
        "a deleted integration's consumer stays",
        "rest-deleted",
        |faults| faults.leave_out(Guard::ConsumerGoes),
    )
    .named_by(
        "rest/status/deleted",
        "401 {\"message\":\"A consumer having the specified key does not exist\"}",
        "401 {\"message\":\"The consumer isn't authorized to access",
    ),
];
