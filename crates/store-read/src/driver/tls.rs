//! Encrypted connections to a server: what `sslmode` and `sslrootcert` in its address ask for.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::{Config, Socket};
use tokio_rustls::TlsConnector;

use crate::StoreError;

/// The authorities that the machine trusts, where Debian keeps them.
const SYSTEM: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Makes connections encrypted. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Connector(TlsConnector);

/// What is asked of the server's certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Nothing: who listens is kept out, who stands between is not.
    None,
    /// An authority that is trusted.
    Authority,
    /// And the name in the address.
    Name,
}

/// Reads an address: that of the server, and how to connect. `sslmode` is `disable`, `prefer` (as when it is absent),
/// `require`, `verify-ca` or `verify-full`; `sslrootcert` names a file of authorities in PEM, otherwise those of the
/// machine are taken.
///
/// # Errors
/// When it is no address, or the authorities cannot be read.
pub(crate) fn address(url: &str) -> Result<(Config, Connector), StoreError> {
    let wrong = |problem: String| StoreError::Other(format!("the database's address: {problem}"));
    let (place, options) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut authorities, mut others) = ("prefer".to_owned(), None, Vec::new());
    for option in options.split('&').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("sslmode", value)) => mode = value.to_owned(),
            Some(("sslrootcert", value)) => authorities = Some(decoded(value)),
            _ => others.push(option),
        }
    }
    let place = if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
    let mut config: Config =
        place.parse().map_err(|error: tokio_postgres::Error| wrong(super::postgres::said(&error)))?;
    let (ssl, proof) = match (mode.as_str(), &authorities) {
        ("disable", _) => (SslMode::Disable, Proof::None),
        ("prefer", _) => (SslMode::Prefer, Proof::None),
        ("require", None) => (SslMode::Require, Proof::None),
        // Whoever names authorities wants them asked.
        ("require", Some(_)) | ("verify-ca", _) => (SslMode::Require, Proof::Authority),
        ("verify-full", _) => (SslMode::Require, Proof::Name),
        _ => return Err(wrong(format!("there is no sslmode `{mode}`"))),
    };
    config.ssl_mode(ssl);
    let connector = Connector::new(proof, authorities.as_deref()).map_err(wrong)?;
    Ok((config, connector))
}

/// What a percent-encoded part of an address says.
pub fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = || u8::from_str_radix(std::str::from_utf8(after.get(..2)?).ok()?, 16).ok();
        match hex().filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Connector {
    fn new(proof: Proof, authorities: Option<&str>) -> Result<Self, String> {
        let provider = Arc::new(ring::default_provider());
        let inner = match proof {
            Proof::None => None,
            _ => Some(verifier(authorities.unwrap_or(SYSTEM), &provider)?),
        };
        let verifier = Verifier { inner, name: proof == Proof::Name, provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

fn verifier(file: &str, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, String> {
    let problem = |error: &dyn std::fmt::Display| format!("authorities in `{file}`: {error}");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| problem(&e))? {
        roots.add(certificate.map_err(|e| problem(&e))?).map_err(|e| problem(&e))?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build().map_err(|e| problem(&e))
}

/// Checks a server's certificate as far as the address asks.
#[derive(Debug)]
struct Verifier {
    inner: Option<Arc<WebPkiServerVerifier>>,
    name: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        match inner.verify_server_cert(own, between, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = Encrypted;
    type TlsConnect = Handshake;
    type Error = io::Error;

    fn make_tls_connect(&mut self, name: &str) -> Result<Handshake, io::Error> {
        // A socket in a folder has no name, and its server never asks for encryption.
        Ok(Handshake { connector: self.0.clone(), name: ServerName::try_from(name.to_owned()).ok() })
    }
}

/// The beginning of one connection.
pub(crate) struct Handshake {
    connector: TlsConnector,
    name: Option<ServerName<'static>>,
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, io::Error>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move {
            let name = self.name.ok_or_else(|| io::Error::other("the server's name is none"))?;
            self.connector.connect(name, socket).await.map(Encrypted)
        })
    }
}

/// An encrypted connection.
pub(crate) struct Encrypted(tokio_rustls::client::TlsStream<Socket>);

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_what_it_asks_of_the_certificate() {
        let mode = |url: &str| address(url).map(|(config, _)| config.get_ssl_mode());
        assert_eq!(mode("postgres://a@b/c"), Ok(SslMode::Prefer));
        assert_eq!(mode("postgres://a@b/c?sslmode=disable&connect_timeout=3"), Ok(SslMode::Disable));
        assert_eq!(mode("postgres://a@b/c?sslmode=require"), Ok(SslMode::Require));
        for (url, said) in [
            ("postgres://a@b/c?sslmode=verify", "no sslmode `verify`"),
            ("postgres://a@b/c?sslmode=verify-full&sslrootcert=%2Fno%20where", "`/no where`"),
            ("mysql://a@b/c", "address"),
        ] {
            let told = mode(url).unwrap_err().to_string();
            assert!(told.contains(said), "{told}");
        }
    }
}
