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
    /// The control API of.
    Control,
    /// One integration with an access token, made through the panel or handed in.
    Credentials,
    /// The name and password of a customer.
    Customer,
    /// Knows the administrator's password, for E9.
    AdminToken,
    /// An extension's integration that is connected to a running app.
    App,
    /// A folder of modules that the suite may write and the store reads.
    Modules,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Admin,
        Self::Callback,
        Self::CredentialsPost,
        Self::Control,
        Self::Credentials,
        Self::Customer,
        Self::AdminToken,
        Self::App,
        Self::Modules,
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
            Self::App => "app",
            Self::Modules => "modules",
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
            Self::Customer => "--customer-user and --customer-password-file",
        }
    }

    /// Whether a target that may only be read can offer it. What a case sends with it is held back by the method of each request.
    #[must_use]
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::Credentials)
    }
}
