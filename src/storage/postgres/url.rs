//! The URL of a database: read without quoting it, and shown without the password.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::secret::Secret;
use crate::storage::{Error, Result};

/// How long the server may take to accept a connection, unless the URL says otherwise.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn parse(url: &Secret) -> Result<Config> {
    let unreadable = || {
        Error::Database {
        place: "postgres://…".to_owned(),
        reason: "its URL cannot be read; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, with `%40` for an `@` in the password and so on"
            .to_owned(),
    }
    };
    let known = ["postgres://", "postgresql://"];
    if !known.iter().any(|scheme| url.expose().starts_with(scheme)) {
        return Err(unreadable());
    }
    // An `@` of the password makes the parser take its tail for the host or the database, which are shown.
    let rest = url.expose().split_once("://").map_or("", |(_, rest)| rest);
    let before_query = rest.split('?').next().unwrap_or_default();
    let authority = before_query.split('/').next().unwrap_or_default();
    let ats = before_query.matches('@').count();
    if ats > 1 || authority.matches('@').count() != ats {
        return Err(unreadable());
    }
    // What the parser says may quote the URL.
    let mut config: Config = url.expose().parse().map_err(|_| unreadable())?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_PATIENCE);
    }
    if config.get_application_name().is_none() {
        config.application_name("magespec");
    }
    Ok(config)
}

/// The URL without the password.
pub(super) fn place_of(config: &Config) -> String {
    let mut place = "postgres://".to_owned();
    if let Some(user) = config.get_user() {
        let _ = write!(place, "{user}@");
    }
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => Cow::Borrowed(name.as_str()),
        #[cfg(unix)]
        Host::Unix(path) => path.to_string_lossy(),
    });
    let ports = config.get_ports();
    for (at, host) in hosts.enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        let _ = write!(place, "{comma}{host}:{port}");
    }
    if let Some(name) = config.get_dbname() {
        let _ = write!(place, "/{name}");
    }
    place
}
