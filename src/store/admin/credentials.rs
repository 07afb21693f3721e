//! The four values of an integration as its form and the dialog of its tokens show them.

use crate::secret::Secret;
use crate::store::integrations::Credentials;

/// A value of the consumer or its token, shown to be copied.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) value: Secret,
}

impl Field {
    /// The name as it ends the field's `data-ui-id`.
    pub(super) fn ui(&self) -> String {
        self.name.replace('_', "-")
    }
}

/// The fields in the order of the page.
pub(super) fn fields(credentials: Credentials) -> Vec<Field> {
    let field = |name, label, value| Field { name, label, value };
    vec![
        field(
            "consumer_key",
            "Consumer Key",
            Secret::new(credentials.consumer.key),
        ),
        field(
            "consumer_secret",
            "Consumer Secret",
            credentials.consumer.secret,
        ),
        field("token", "Access Token", Secret::new(credentials.token)),
        field(
            "token_secret",
            "Access Token Secret",
            credentials.token_secret,
        ),
    ]
}
