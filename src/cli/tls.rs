//! The flags with which a store of ours speaks HTTPS.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;

use crate::wire::tls;

use super::Failure;
use super::output::unwritable;

/// Whose certificate a store shows.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Network")]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the flags"
)]
pub(super) struct TlsArgs {
    /// PEM file with the certificate chain: serve HTTPS
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        env = "MAGESPEC_TLS_CERT"
    )]
    tls_cert: Option<PathBuf>,
    /// PEM file with the certificate's private key
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_cert",
        env = "MAGESPEC_TLS_KEY"
    )]
    tls_key: Option<PathBuf>,
    /// Serve HTTPS with a certificate made for this run
    #[arg(long, conflicts_with = "tls_cert", env = "MAGESPEC_TLS_SELF_SIGNED")]
    tls_self_signed: bool,
    /// File that gets that certificate, for clients to trust (--cacert of the other commands)
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_self_signed",
        env = "MAGESPEC_TLS_CA_OUT"
    )]
    tls_ca_out: Option<PathBuf>,
}

/// A TLS configuration, and the certificate as PEM text when it was made for this run.
pub(super) type Certificate = (Arc<ServerConfig>, Option<String>);

impl TlsArgs {
    /// Whether the store speaks HTTPS.
    pub(super) const fn is_secure(&self) -> bool {
        self.tls_self_signed || self.tls_cert.is_some()
    }

    /// The certificate of a store under this URL; one that was made for this run is written where the flags say.
    pub(super) fn certificate(&self, url: &str) -> Result<Option<Certificate>, Failure> {
        if let (Some(chain), Some(key)) = (&self.tls_cert, &self.tls_key) {
            let config = tls::server(chain, key).map_err(Failure::usage)?;
            return Ok(Some((config, None)));
        }
        if !self.tls_self_signed {
            return Ok(None);
        }
        let host = url::Url::parse(url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let mut names = vec![
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ];
        names.extend(host.filter(|host| !names.contains(host)));
        let (config, pem) = tls::self_signed(&names).map_err(Failure::usage)?;
        if let Some(file) = &self.tls_ca_out {
            std::fs::write(file, &pem)
                .map_err(|error| unwritable("the certificate", file, &error))?;
        }
        Ok(Some((config, Some(pem))))
    }
}
