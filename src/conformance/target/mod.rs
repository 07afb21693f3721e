//! What is under test, and the ways into it.

mod passage;

pub use passage::Passage;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::oauth::Profile;
use crate::secret::Secret;
use crate::wire::{self, Origin};

use crate::conformance::peer::{ControlApi, CredentialsPost};
use crate::conformance::result::{Absence, Need, TargetReport};

/// A store under test and the ways that the suite has into it.
#[derive(Clone, Debug)]
pub struct Target {
    /// Scheme, host and port.
    pub origin: Origin,
    /// The folder in which the store is installed: empty, or `/shop`.
    pub prefix: String,
    /// `embedded` or `url`.
    pub kind: &'static str,
    /// The behaviour it is held against.
    pub profile: &'static Profile,
    /// The ways in.
    pub access: Access,
    /// Only GET and HEAD are sent, and no token is exchanged.
    pub read_only: bool,
    /// What lets requests pass whatever stands in front.
    pub passage: Passage,
}

/// The ways into a store.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The admin panel.
    pub admin: Option<AdminAccess>,
    /// An activated integration.
    pub credentials: Option<Credentials>,
    /// The control API.
    pub control: Option<ControlApi>,
    /// A customer's e-mail address and password.
    pub customer: Option<(String, Secret)>,
    /// Name and password of an administrator who may see the dashboard and nothing else.
    pub limited_admin: Option<(String, Secret)>,
    /// Where the suite's callback endpoint listens, and the URL under which the store reaches it.
    pub callback: Option<(SocketAddr, Option<String>)>,
    /// What the store sent when a person activated an integration by hand.
    pub posted: Option<CredentialsPost>,
    /// Integrations that an extension declares, connected to a running app.
    pub declared: Vec<Declared>,
    /// A folder of modules on this machine, which the suite may write and the store reads.
    pub modules: Option<PathBuf>,
}

/// An integration that an extension declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its id in the panel.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// How to sign in to the panel.
#[derive(Clone, Debug)]
pub struct AdminAccess {
    /// Path of the panel below the store's folder, e.g. `/admin`.
    pub path: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
    /// The base32 secret of the authenticator app, for a panel that asks for a second factor.
    pub otp: Option<Secret>,
}

/// An activated integration that was handed in.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Consumer key.
    pub consumer_key: String,
    /// Consumer secret.
    pub consumer_secret: Secret,
    /// Access token.
    pub token: String,
    /// Its secret.
    pub token_secret: Secret,
}

/// The word for something that the target offers.
pub type Capability = Need;

impl Target {
    /// A target at this base URL, without any way in yet.
    ///
    /// # Errors
    /// A sentence when the URL is no `http` or `https` URL with a host.
    pub fn parse(base: &str, profile: &'static Profile) -> Result<Self, wire::Error> {
        let (origin, path) = Origin::split(base)?;
        Ok(Self {
            origin,
            prefix: path.trim_end_matches('/').to_owned(),
            kind: "url",
            profile,
            access: Access::default(),
            read_only: false,
            passage: Passage::default(),
        })
    }

    /// The base URL without a slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }

    /// The folder in which the store is installed, whether or not the URL names its `index.php`: empty, or `/shop`.
    pub(super) fn folder(&self) -> &str {
        self.prefix
            .strip_suffix("/index.php")
            .unwrap_or(&self.prefix)
    }

    /// What it offers.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        let offered = |need: &Need| self.offers(*need);
        Need::ALL.into_iter().filter(offered).collect()
    }

    fn offers(&self, need: Need) -> bool {
        let access = &self.access;
        let admin = access.admin.is_some();
        if self.read_only && !need.is_read_only() {
            return false;
        }
        match need {
            Need::Admin | Need::AdminToken => admin,
            Need::Callback => admin && access.callback.is_some(),
            Need::CredentialsPost => {
                access.posted.is_some() || (admin && access.callback.is_some())
            }
            Need::Control => access.control.is_some(),
            Need::Credentials => access.credentials.is_some() || admin,
            Need::Customer => access.customer.is_some(),
            Need::LimitedAdmin => access.limited_admin.is_some(),
            Need::App => !access.declared.is_empty(),
            Need::Modules => access.modules.is_some(),
            Need::Identity
            | Need::Login
            | Need::Password
            | Need::SecondAccount
            | Need::Trigger
            | Need::TwoStores
            | Need::Restart
            | Need::Resources
            | Need::Slow => false,
        }
    }

    /// Why what needs these cannot be done here, if so.
    #[must_use]
    pub fn lacks(&self, needs: &[Need]) -> Option<Absence> {
        if self.read_only && !needs.iter().all(|need| need.is_read_only()) {
            let what = "the case exchanges a token or changes what the store keeps";
            return Some(Absence::ReadOnly(what.to_owned()));
        }
        let lacking: Vec<Need> = needs
            .iter()
            .copied()
            .filter(|need| !self.offers(*need))
            .collect();
        (!lacking.is_empty()).then_some(Absence::Lacks(lacking))
    }

    /// The target as a report names it.
    #[must_use]
    pub fn report(&self) -> TargetReport {
        TargetReport {
            url: self.base(),
            kind: self.kind.to_owned(),
            capabilities: self.capabilities(),
        }
    }
}
