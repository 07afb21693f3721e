use super::SendError;

/// Why the panel cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// No answer.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The page at the panel's path is no login form.
    #[error(
        "`{0}` is not the sign-in page of a Magento admin panel; give its path with --admin-path"
    )]
    NoPanel(String),
    /// The panel is under another URL.
    #[error(
        "the admin panel at `{0}` is sent on to {1}; give the base URL under which the store serves its panel, and the panel's path with --admin-path"
    )]
    Elsewhere(String, String),
    /// User name or password are refused.
    #[error("the admin panel refuses the user `{0}`: check --admin-user and the password")]
    Refused(String),
    /// A second factor is asked for.
    #[error(
        "the admin panel asks for a second factor; disable the module Magento_TwoFactorAuth on the store under test"
    )]
    SecondFactor,
    /// Signed in, but the integrations are out of reach.
    #[error(
        "the admin panel shows no link to System, Integrations: the user needs Magento_Integration::integrations"
    )]
    NoIntegrations,
    /// An action did not do what it does on a store.
    #[error("{action} answered {status} instead of {wanted}: {text}")]
    Unexpected {
        /// The action.
        action: String,
        /// What came.
        status: u16,
        /// What should have come.
        wanted: &'static str,
        /// The start of the body.
        text: String,
    },
}
