//! The line under TLS: from the first byte and by STARTTLS, with a certificate that is checked.

use super::scripted::talk;
use super::*;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const MIME: &[u8] = b"Message-ID: <m1@example.test>\r\n\r\nx\r\n";
const AUTHORITY: &[u8] = include_bytes!("../../../tests/keys/tls-authority.pem");
const CERTIFICATE: &[u8] = include_bytes!("../../../tests/keys/tls-server.pem");
const KEY: &[u8] = include_bytes!("../../../tests/keys/tls-server-key.pem");

/// TLS in front of a mailbox. With `starttls` the client must ask for it first, and the mailbox's greeting is swallowed.
async fn front(mailbox: SocketAddr, starttls: Option<&'static str>) -> SocketAddr {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::from_pem_slice(KEY).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut plain, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut inner = TcpStream::connect(mailbox).await.unwrap();
                if let Some(answer) = starttls {
                    let steps =
                        [("", "220 x\r\n"), ("EHLO", "250-x\r\n250 STARTTLS\r\n"), ("STARTTLS", answer)];
                    talk(&mut plain, &steps).await;
                    while inner.read_u8().await.unwrap() != b'\n' {}
                }
                if let Ok(mut outer) = acceptor.accept(plain).await {
                    let _ = copy_bidirectional(&mut outer, &mut inner).await;
                }
            });
        }
    });
    addr
}

fn trusting(url: &str, sessions: usize) -> Pool {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(AUTHORITY).unwrap()).unwrap();
    let mut settings = Settings::parse(url).unwrap();
    settings.patience = patience(LONG);
    Pool::trusting(settings, sessions, roots)
}

#[tokio::test]
async fn a_password_and_mails_go_over_tls() {
    let login = Some(("shop".to_owned(), "s3cret".to_owned()));
    let server = Mailbox::start(Options { login, ..Options::default() }).await.unwrap();
    let implicit = front(server.addr(), None).await.port();
    let starttls = front(server.addr(), Some("220 go\r\n")).await.port();
    for url in [
        format!("smtps://shop:s3cret@localhost:{implicit}"),
        format!("smtps://shop:s3cret@127.0.0.1:{implicit}"),
        format!("smtp://shop:s3cret@localhost:{starttls}?tls=require"),
        format!("smtp://shop:s3cret@localhost:{starttls}?tls=starttls"),
    ] {
        let before = (server.accepted(), server.connections());
        let pool = trusting(&url, 1);
        for _ in 0..5 {
            let outcome = send(&pool, "anna@example.test", MIME).await;
            assert!(outcome.is_sent(), "{url}: {outcome:?}");
        }
        assert_eq!((server.accepted(), server.connections()), (before.0 + 5, before.1 + 1), "{url}");
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_ends_it() {
    let server = mailbox(Faults::None).await;
    let port = front(server.addr(), None).await.port();
    let settings = Settings::parse(&format!("smtps://localhost:{port}")).unwrap();
    let outcome = Pool::new(settings, 1).ready().await.err().unwrap();
    assert!(told(&outcome).0 == "retry" && told(&outcome).1.contains("no TLS"), "{outcome:?}");
}

#[tokio::test]
async fn words_slipped_in_before_the_handshake_end_it() {
    let server = mailbox(Faults::None).await;
    let port = front(server.addr(), Some("220 go\r\n250 AUTH PLAIN\r\n")).await.port();
    let pool = trusting(&format!("smtp://localhost:{port}?tls=require"), 1);
    let outcome = pool.ready().await.err().unwrap();
    assert!(told(&outcome).1.contains("unprotected"), "{outcome:?}");
    assert_eq!(server.accepted(), 0);
}
