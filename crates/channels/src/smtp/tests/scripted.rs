//! Servers that say exactly what a test tells them.

use super::*;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// Reads up to the end of a line that begins with the first text (nothing when it is empty), then says the second.
pub(super) async fn talk(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), steps: &[(&str, &str)]) {
    for (wanted, answer) in steps {
        if !wanted.is_empty() {
            let mut line = Vec::new();
            while !line.ends_with(b"\n") {
                line.push(stream.read_u8().await.unwrap());
            }
            let line = String::from_utf8(line).unwrap();
            assert!(line.starts_with(wanted), "wanted {wanted}, read {line}");
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

/// A server for one connection with this script; then it reads to the end of the line and returns what came.
async fn server(steps: &'static [(&str, &str)]) -> (SocketAddr, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        talk(&mut stream, steps).await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        rest
    });
    (addr, task)
}

async fn outcome_of(steps: &'static [(&str, &str)]) -> (Outcome, Vec<u8>) {
    outcome_with(steps, "anna@example.test", b"secret body\r\n", None).await
}

async fn outcome_with(
    steps: &'static [(&str, &str)],
    to: &str,
    mime: &[u8],
    login: Option<(String, String)>,
) -> (Outcome, Vec<u8>) {
    let (addr, task) = server(steps).await;
    let mut settings = settings(addr);
    settings.login = login;
    let pool = Pool::new(settings, 1);
    let outcome = send(&pool, to, mime).await;
    pool.close().await;
    drop(pool);
    (outcome, task.await.unwrap())
}

#[tokio::test]
async fn go_on_after_a_refused_recipient_sends_nothing() {
    let (outcome, rest) = outcome_of(&[
        ("", "220 x\r\n"),
        ("EHLO", "250-x\r\n250 PIPELINING\r\n"),
        ("MAIL", "250 ok\r\n"),
        ("RCPT", "550 5.1.1 no such user\r\n"),
        ("DATA", "354 go on\r\n"),
    ])
    .await;
    assert_eq!(told(&outcome), ("never", "RCPT was refused: 550 5.1.1 no such user"));
    assert_eq!(rest, b"", "the connection is closed, not one byte of the message left");
}

#[tokio::test]
async fn an_answer_too_many_is_not_taken_for_the_one_that_counts() {
    let (outcome, rest) = outcome_of(&[
        ("", "220 x\r\n"),
        ("EHLO", "250-x\r\n250 PIPELINING\r\n"),
        ("MAIL", "250 a\r\n"),
        ("RCPT", "250 b\r\n"),
        ("DATA", "354 c\r\n250 2.0.0 queued\r\n"),
    ])
    .await;
    assert_eq!(told(&outcome).0, "retry", "{outcome:?}");
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn the_server_s_words_are_kept_but_tamed() {
    let (outcome, _) = outcome_of(&[
        ("", "220-hello\r\n220 x\r\n"),
        ("EHLO", "250 x\r\n"),
        ("MAIL", "250 a\r\n"),
        ("RCPT", "251 will forward\r\n"),
        ("DATA", "354 c\r\n"),
        ("secret body", ""),
        (".", "250-2.0.0 \x1b[31mok\r\n250 queued as 7\r\n"),
    ])
    .await;
    assert_eq!(told(&outcome), ("sent", "250 2.0.0 [31mok queued as 7"));
}

#[tokio::test]
async fn a_password_is_not_sent_over_a_line_that_could_be_read() {
    // The name says loopback or not in the settings; a relay elsewhere needs TLS before AUTH.
    for (tls, why) in [("require", "offers no STARTTLS"), ("starttls", "offers neither AUTH")] {
        let steps: &[(&str, &str)] = &[("", "220 x\r\n"), ("EHLO", "250 x\r\n")];
        let (addr, task) = server(steps).await;
        let mut settings = settings(addr);
        settings.tls = Settings::parse(&format!("smtp://h?tls={tls}")).unwrap().tls;
        settings.login = Some(("shop".into(), "s3cret".into()));
        let pool = Pool::new(settings, 1);
        let outcome = pool.ready().await.err().unwrap();
        assert!(matches!(&outcome, Outcome::Retry { why: said, .. } if said.contains(why)), "{outcome:?}");
        assert_eq!(task.await.unwrap(), b"");
    }
}

#[tokio::test]
async fn a_password_is_not_sent_in_the_clear_to_another_machine() {
    // An address of this machine that is not loopback, so that the connection works and the rule is what stops it.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let here = match probe.connect("192.0.2.1:9").and_then(|()| probe.local_addr()) {
        Ok(here) if !here.ip().is_loopback() && !here.ip().is_unspecified() => here.ip(),
        _ => return println!("skipped: this machine has no address but loopback"),
    };
    let listener = TcpListener::bind((here, 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        talk(&mut stream, &[("", "220 x\r\n"), ("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")]).await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        rest
    });
    let mut settings = settings(addr);
    settings.tls = super::super::Tls::WhenOffered;
    settings.login = Some(("shop".into(), "s3cret".into()));
    let outcome = Pool::new(settings, 1).ready().await.err().unwrap();
    assert!(told(&outcome).1.contains("password was not sent"), "{outcome:?}");
    assert_eq!(task.await.unwrap(), b"");
}

#[tokio::test]
async fn auth_login_is_spoken_where_there_is_no_plain() {
    let login = Some(("shop".to_owned(), "s3cret".to_owned()));
    let steps = &[
        ("", "220 x\r\n"),
        ("EHLO", "250-x\r\n250 AUTH CRAM-MD5 LOGIN\r\n"),
        ("AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n"),
        ("c2hvcA==\r\n", "334 UGFzc3dvcmQ6\r\n"),
        ("czNjcmV0\r\n", "235 in\r\n"),
        ("MAIL FROM:<bounce@example.test>\r\n", "250 a\r\n"),
        ("RCPT TO:<anna@example.test>\r\n", "250 b\r\n"),
        ("DATA\r\n", "354 c\r\n"),
        ("x\r\n", ""),
        (".\r\n", "250 d\r\n"),
    ];
    let (outcome, rest) = outcome_with(steps, "anna@example.test", b"x", login).await;
    assert_eq!((told(&outcome), &rest[..]), (("sent", "250 d"), &b"QUIT\r\n"[..]));
}

#[tokio::test]
async fn what_a_server_did_not_offer_is_not_used() {
    let steps: &[(&str, &str)] = &[("", "220 x\r\n"), ("EHLO", "250 x\r\n")];
    for (to, mime, why) in [
        ("анна@example.test", "Subject: a\r\n", "does not offer SMTPUTF8"),
        ("anna@example.test", "Subject: ж\r\n", "does not offer 8BITMIME"),
    ] {
        let (outcome, rest) = outcome_with(steps, to, mime.as_bytes(), None).await;
        assert!(matches!(&outcome, Outcome::Never { why: said } if said.contains(why)), "{outcome:?}");
        assert_eq!(rest, b"QUIT\r\n", "the session is still good");
    }
}
