use crate::conformance::channel::SendError;

/// Why a run ends whose store lost its pages.
pub(crate) const BROKEN: &str = "the store answers its panel's pages with 500 since integrations were saved or deleted: its cached roles are broken; `bin/magento cache:clean config` on the store heals it";

/// Why a run ends whose session somebody took over.
pub(crate) const DISPLACED: &str = "somebody else signed in to the panel as the run's administrator, which ended the run's session; give the suite an administrator of its own";

/// Why the panel cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// No answer.
    #[error(transparent)]
    Send(#[from] SendError),
    /// Nobody to sign in as.
    #[error("no access to the admin panel was given")]
    NoAccess,
    /// Signing in failed before, for this reason, and is not tried again.
    #[error("{0}")]
    Barred(String),
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
    /// The store saw three failed sign-ins of this name.
    #[error(
        "the admin panel asks for a CAPTCHA before `{0}` may sign in, as after three failed sign-ins: sign in once by hand, give another administrator, or set `admin/captcha/enable` to 0"
    )]
    Captcha(String),
    /// The password is too old.
    #[error(
        "the admin panel lets `{0}` do nothing before the password is changed: change it in the panel, or set `admin/security/password_is_forced` to 0"
    )]
    PasswordExpired(String),
    /// A second factor is asked for.
    #[error(
        "the admin panel asks for a second factor: give the secret of the authenticator app with --admin-otp-secret-file, or disable the module Magento_TwoFactorAuth on the store under test"
    )]
    SecondFactor,
    /// A second factor that nobody can compute.
    #[error(
        "the admin panel asks for a second factor that --admin-otp-secret-file does not serve: {0}"
    )]
    OtherFactor(String),
    /// The one-time password was wrong.
    #[error(
        "the admin panel refuses the one-time password: {0}; check --admin-otp-secret-file and both clocks"
    )]
    OneTimePassword(String),
    /// Signed in, but the integrations are out of reach.
    #[error(
        "the admin panel shows no link to System, Integrations: the user needs Magento_Integration::integrations"
    )]
    NoIntegrations,
    /// Somebody else uses the account.
    #[error(
        "somebody else signed in to the panel as `{0}`, which ended the suite's session; give the suite an administrator of its own"
    )]
    Displaced(String),
    /// The session is over.
    #[error(
        "the panel's session of `{0}` is over: it was left alone for too long, or the account was closed"
    )]
    Ended(String),
    /// Pages of the panel are 500.
    #[error("{BROKEN}")]
    Broken,
    /// A save left no integration behind.
    #[error("the integration was not saved: {0}")]
    Unsaved(String),
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
