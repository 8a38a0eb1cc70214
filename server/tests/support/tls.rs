//! TLS in front of a server of a test, with a certificate of a private authority for `localhost`.

use std::{path::PathBuf, sync::Arc};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

const CERTIFICATE: &[u8] = include_bytes!("../fixtures/oidc/tls/server.pem");
const KEY: &[u8] = include_bytes!("../fixtures/oidc/tls/server.key");

/// The certificate of the authority.
pub fn authority() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/oidc/tls/ca.pem"))
}

/// What takes the encryption off. It stops when it is dropped.
pub struct Tls {
    pub port: u16,
    task: JoinHandle<()>,
}

impl Tls {
    /// In front of a port of this machine.
    pub async fn before(port: u16) -> Self {
        Self::with(port, CERTIFICATE, KEY).await
    }

    /// In front of a port of this machine, with another certificate and its key, in PEM.
    pub async fn with(port: u16, certificate: &[u8], key: &[u8]) -> Self {
        let certificate = CertificateDer::from_pem_slice(certificate).unwrap();
        let key = PrivateKeyDer::from_pem_slice(key).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        let (acceptor, listener) =
            (TlsAcceptor::from(Arc::new(config)), TcpListener::bind(("127.0.0.1", 0)).await.unwrap());
        let own = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who does not trust the certificate hangs up.
                    let Ok(mut outside) = acceptor.accept(socket).await else { return };
                    let mut inside = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    let _ = copy_bidirectional(&mut outside, &mut inside).await;
                });
            }
        });
        Self { port: own, task }
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.task.abort();
    }
}
