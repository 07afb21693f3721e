use serde::{Deserialize, Serialize};

/// What a case needs of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The admin panel, so that integrations can be made.
    Admin,
    /// The store can reach the suite's callback endpoint.
    Callback,
    /// One credentials POST, of an integration that the suite or a person activated.
    CredentialsPost,
    /// The control API of the store.
    Control,
    /// One integration with an access token, made through the panel or handed in.
    Credentials,
    /// The name and password of a customer.
    Customer,
    /// Knows the administrator's password, for E9.
    AdminToken,
    /// The name and password of an administrator who may see the dashboard and nothing else.
    LimitedAdmin,
    /// An extension's integration that is connected to a running app.
    App,
    /// A folder of modules that the suite may write and the store reads.
    Modules,
    /// The app's identity link.
    Identity,
    /// The app's login page is passed.
    Login,
    /// The app's login page asks for a password, which is known.
    Password,
    /// A second account of the app.
    SecondAccount,
    /// Something makes the app call the store whenever the suite asks for it.
    Trigger,
    /// The app takes credentials of more than one store.
    TwoStores,
    /// A command starts the app again.
    Restart,
    /// The resources that the app's integration asks for.
    Resources,
    /// Cases that wait for tens of seconds.
    Slow,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Admin,
        Self::Callback,
        Self::CredentialsPost,
        Self::Control,
        Self::Credentials,
        Self::Customer,
        Self::AdminToken,
        Self::LimitedAdmin,
        Self::App,
        Self::Modules,
        Self::Identity,
        Self::Login,
        Self::Password,
        Self::SecondAccount,
        Self::Trigger,
        Self::TwoStores,
        Self::Restart,
        Self::Resources,
        Self::Slow,
    ];

    /// The word in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Callback => "callback",
            Self::CredentialsPost => "credentials-post",
            Self::Control => "control",
            Self::Credentials => "credentials",
            Self::Customer => "customer",
            Self::AdminToken => "admin-token",
            Self::LimitedAdmin => "limited-admin",
            Self::App => "app",
            Self::Modules => "modules",
            Self::Identity => "identity-link",
            Self::Login => "login",
            Self::Password => "password",
            Self::SecondAccount => "second-account",
            Self::Trigger => "trigger",
            Self::TwoStores => "two-stores",
            Self::Restart => "restart",
            Self::Resources => "resources",
            Self::Slow => "waiting",
        }
    }

    /// How a person gives it to the suite.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Admin | Self::AdminToken | Self::Callback => {
                "--admin-user and --admin-password-file"
            }
            Self::App => "no URL: only the embedded run has a reference app",
            Self::Control => "--control URL",
            Self::Credentials => "--credentials FILE, --manual or --admin-user",
            Self::CredentialsPost => "--manual or --admin-user",
            Self::Modules => "--control URL and --modules DIR",
            Self::Identity => "--identity-link",
            Self::Login => "--login-form or --cookie-file",
            Self::Password => "--login-form",
            Self::SecondAccount => "--second-login",
            Self::Trigger => "--trigger",
            Self::TwoStores => "--second-store",
            Self::Restart => "--restart",
            Self::Resources => "--resources or --module",
            Self::Slow => "--slow",
            Self::LimitedAdmin => "--limited-admin-user and --limited-admin-password-file",
            Self::Customer => "--customer-user and --customer-password-file",
        }
    }

    /// Whether a target that may only be read can offer it. What a case sends with it is held back by the method of each request.
    #[must_use]
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::Credentials)
    }
}
