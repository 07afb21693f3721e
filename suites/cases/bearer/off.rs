//! # An integration's access token is no bearer token
//!
//! Since 2.4.4 the setting `oauth/consumer/enable_integration_as_bearer` is off: the token opens nothing without a signature, and the
//! caller is a guest. The same integration's signed call is the control.
//!
//! Source: spec oauth.md §1.5, BT-01.

use magespec::conformance::{Case, Need, PROTECTED, Stop, said};

pub(super) const CASES: &[Case] = &[Case::must(
    "bearer/off/integration",
    "an access token without signature is refused while the setting is off",
    |lab| {
        if lab.profile().bearer_by_default {
            return Err(Stop::NotApplicable(
                "every access token is a bearer token in this profile".to_owned(),
            ));
        }
        let token = lab.active()?.access.value;
        let mut bearer = lab.guest("GET", PROTECTED);
        bearer.header("Authorization", &format!("Bearer {token}"));
        lab.control(&lab.call()?)?
            .then_refuses(&bearer, said::unauthorized("Magento_Backend::store"))
    },
)
.covers(&["bearer-off-by-default"])
.measured("2.4.7-p3 (spec oauth.md BT-01)")
.needs(&[Need::Credentials])];
