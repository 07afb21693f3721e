//! What the preflight saw of how the store is set.

use std::time::Duration;

use super::said;
use super::said::Said;

/// The REST route on which a case tries a signature: a GET that needs `Magento_Backend::store`.
pub const PROTECTED: &str = "/rest/V1/store/storeViews";
/// A REST route that anybody may read.
pub const ANONYMOUS: &str = "/rest/V1/directory/countries";

/// A REST route that stays closed to guests whatever the store is set to: a GET without parameters.
const CLOSED: &str = "/rest/V1/customerGroups/default";
/// What [`CLOSED`] needs.
const CLOSED_RESOURCE: &str = "Magento_Customer::group";

/// What the preflight saw of how the store is set, as far as an outsider can. Cases expect accordingly.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Guests may read catalogue, pages and stores, as with `webapi/webapisecurity/allow_insecure`.
    pub guest_access: bool,
    /// An integration's access token is taken as bearer token.
    pub bearer: Option<bool>,
    /// How many seconds an administrator's web token lasts.
    pub admin_token_lasts: Option<i64>,
    /// REST asks administrators for a second factor.
    pub second_factor: bool,
    /// Why the administrator gets no token although the panel lets him in.
    pub admin_refused: Option<String>,
    /// Why the customer gets no token.
    pub customer_refused: Option<String>,
    /// The slowest of a few answers.
    pub pace: Duration,
    /// Why no failure can be believed: what every request meets on its way.
    pub unreliable: Option<String>,
    /// A route at which guests were let in: it tells whether the store is there at all.
    pub(crate) heartbeat: Option<&'static str>,
    /// A signed request of the active integration was accepted.
    pub(crate) signed: bool,
}

impl Observed {
    /// The route on which a signature is tried: one that guests may not read.
    pub(crate) const fn protected(&self) -> &'static str {
        if self.guest_access { CLOSED } else { PROTECTED }
    }

    /// What a guest is told there.
    pub(crate) fn unauthorized(&self) -> Said {
        said::unauthorized(if self.guest_access {
            CLOSED_RESOURCE
        } else {
            "Magento_Backend::store"
        })
    }
}
