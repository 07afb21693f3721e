//! TLS configurations on rustls with ring, without a process-wide provider.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig,
    SignatureScheme,
};

use super::Error;

/// Where Linux distributions and BSDs keep the certificate authorities that the machine trusts.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Whose certificates a client accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The machine's certificate authorities: the bundle that `SSL_CERT_FILE` names, or the distribution's.
    #[default]
    System,
    /// The authorities (or the very certificates) in this PEM file, beside the machine's.
    File(PathBuf),
    /// Anyone's: no name and no signature is checked. For tests against a server of one's own.
    Anyone,
}

/// The configuration of a client with this trust.
///
/// # Errors
/// [`Error::Certificate`] when the file cannot be read or holds no certificate.
pub fn client(trust: &Trust) -> Result<Arc<ClientConfig>, Error> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions");
    let config = if *trust == Trust::Anyone {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAnyone(provider())))
            .with_no_client_auth()
    } else if let Trust::File(path) = trust {
        let verifier = Given::new(roots(trust)?, certificates(path)?, path)?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth()
    } else {
        builder
            .with_root_certificates(roots(trust)?)
            .with_no_client_auth()
    };
    Ok(Arc::new(config))
}

/// The configuration of a server with the certificate chain and key of two PEM files.
///
/// # Errors
/// [`Error::Certificate`] when a file cannot be read, holds nothing usable, or the two do not belong together.
pub fn server(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, Error> {
    let certificates = certificates(chain)?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| Error::Certificate {
        path: key.to_owned(),
        reason: format!("{error}; expected a private key in PEM form"),
    })?;
    with_certificate(certificates, private).map_err(|error| Error::Certificate {
        path: chain.to_owned(),
        reason: format!("{error}; expected the certificate that belongs to the key"),
    })
}

/// A certificate made on the spot for these host names and addresses, as server configuration and as PEM text for `--cacert`.
///
/// # Errors
/// [`Error::Certificate`] when a name cannot stand in a certificate.
pub fn self_signed(names: &[String]) -> Result<(Arc<ServerConfig>, String), Error> {
    let wrong = |reason: String| Error::Certificate {
        path: PathBuf::from("self-signed certificate"),
        reason,
    };
    let made = rcgen::generate_simple_self_signed(names).map_err(|error| {
        wrong(format!(
            "{error}; expected host names or addresses, not `{}`",
            names.join(", ")
        ))
    })?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = with_certificate(vec![made.cert.der().clone()], key)
        .map_err(|error| wrong(error.to_string()))?;
    Ok((config, made.cert.pem()))
}

fn with_certificate(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn roots(trust: &Trust) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let system = named.or_else(|| {
        SYSTEM_BUNDLES
            .iter()
            .map(PathBuf::from)
            .find(|path| path.exists())
    });
    if let Some(path) = system {
        // A machine's bundle may hold authorities that rustls does not take; the others still count.
        let _ = store.add_parsable_certificates(certificates(&path)?);
    }
    if let Trust::File(path) = trust {
        for certificate in certificates(path)? {
            store.add(certificate).map_err(|error| Error::Certificate {
                path: path.clone(),
                reason: format!("{error}; expected the certificate of an issuer in PEM form"),
            })?;
        }
    }
    Ok(store)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let wrong = |reason: String| Error::Certificate {
        path: path.to_owned(),
        reason,
    };
    let chain = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| {
            wrong(format!(
                "{error}; expected a file of certificates in PEM form"
            ))
        })?;
    if chain.is_empty() {
        return Err(wrong(
            "it holds no certificate; expected a block `BEGIN CERTIFICATE`".to_owned(),
        ));
    }
    Ok(chain)
}

/// Checks as always, and accepts a certificate that was given itself although it says that it is an authority's: `openssl req -x509` makes
/// such ones.
#[derive(Debug)]
struct Given {
    always: Arc<WebPkiServerVerifier>,
    given: Vec<CertificateDer<'static>>,
}

impl Given {
    fn new(
        roots: RootCertStore,
        given: Vec<CertificateDer<'static>>,
        path: &Path,
    ) -> Result<Self, Error> {
        let built =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
        let always = built.map_err(|error| Error::Certificate {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { always, given })
    }
}

impl ServerCertVerifier for Given {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let checked = self.always.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        // That it is valid now was checked before what it says it is for.
        let is_authority = matches!(
            &checked,
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(other)))
                if other.to_string().contains("CaUsedAsEndEntity")
        );
        if !is_authority || !self.given.iter().any(|given| given == end_entity) {
            return checked;
        }
        let parsed = ParsedCertificate::try_from(end_entity)?;
        verify_server_name(&parsed, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.always
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.always
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.always.supported_verify_schemes()
    }
}

/// Checks nothing but that the peer has the key of the certificate it shows.
#[derive(Debug)]
struct AcceptAnyone(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
