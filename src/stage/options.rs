//! How stores are played.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;

use crate::oauth::Profile;
use crate::store::permissions::Permissions;
use crate::wire::tls::Trust;

/// How stores are played.
#[derive(Clone, Debug)]
pub struct Options {
    /// The behaviour that they show.
    pub profile: &'static Profile,
    /// Where the first one listens; port 0 takes a free one. The others take free ports of the same address.
    pub listen: SocketAddr,
    /// The URL under which the app reaches the first one, when that is another.
    pub public_url: Option<String>,
    /// What an integration may do.
    pub permissions: Permissions,
    /// Folders of modules that the stores load.
    pub modules: Vec<PathBuf>,
    /// Whose certificates are accepted at the callback endpoint.
    pub trust: Trust,
    /// The certificate with which the stores speak HTTPS; HTTP without it.
    pub tls: Option<Arc<ServerConfig>>,
}

/// Stores on loopback, over HTTP, of which an integration may do everything.
impl Default for Options {
    fn default() -> Self {
        Self {
            profile: <&Profile>::default(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            permissions: Permissions::All,
            modules: Vec::new(),
            trust: Trust::default(),
            tls: None,
        }
    }
}
