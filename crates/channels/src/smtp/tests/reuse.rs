//! Sessions used again, closed by either side, given up halfway; and that none waits for Nagle.

use super::scripted::talk;
use super::*;
use beckon_sim::smtp::{Step, What};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const MIME: &[u8] = b"Message-ID: <m1@example.test>\r\n\r\nx\r\n";

#[tokio::test]
async fn one_session_carries_many_messages_without_nagle() {
    let server = mailbox(Faults::None).await;
    let pool = Pool::new(settings(server.addr()), 1);
    for n in 0..50 {
        let slot = pool.ready().await.unwrap();
        assert!(slot.session().unwrap().wire.tcp().nodelay().unwrap(), "or 40 ms pass for each message");
        let to = format!("p{n}@example.test");
        let outcome = slot.send(&Envelope { from: "", to: &to }, MIME).await;
        assert!(outcome.is_sent(), "{outcome:?}");
    }
    assert_eq!((server.accepted(), server.connections()), (50, 1));
    assert_eq!(server.received()[49].to, "p49@example.test");
}

#[tokio::test]
async fn a_session_ends_after_its_messages_and_the_pool_never_opens_more_than_it_may() {
    let server = mailbox(Faults::None).await;
    let mut settings = settings(server.addr());
    settings.messages_per_session = 3;
    let pool = Pool::new(settings, 2);
    for _ in 0..7 {
        assert!(send(&pool, "anna@example.test", MIME).await.is_sent());
    }
    assert_eq!(server.connections(), 3);
    let (one, two) = (pool.ready().await.unwrap(), pool.ready().await.unwrap());
    let third = tokio::time::timeout(Duration::from_millis(50), pool.ready()).await;
    assert!(third.is_err(), "waits for a free one");
    drop((one, two));
    assert!(pool.ready().await.is_ok());
    assert_eq!(server.connections(), 4, "those dropped unused are used again");
}

/// A server that takes one message on each of `connections` connections, says `farewell` and closes; then it closes the
/// port. What it closed is closed for the client too as soon as the receiver hears of it.
async fn leaving(connections: usize, farewell: &'static str) -> (SocketAddr, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (closed, heard) = mpsc::channel(connections);
    tokio::spawn(async move {
        for n in 0..connections {
            let (mut stream, _) = listener.accept().await.unwrap();
            talk(&mut stream, &[("", "220 x\r\n"), ("EHLO", "250 x\r\n")]).await;
            talk(&mut stream, &[("MAIL", "250 a\r\n"), ("RCPT", "250 b\r\n"), ("DATA", "354 c\r\n")]).await;
            talk(
                &mut stream,
                &[("Message-ID", ""), ("\r\n", ""), ("x", ""), (".", "250 ok\r\n"), ("", farewell)],
            )
            .await;
            drop(stream);
            if n + 1 < connections {
                closed.send(()).await.unwrap();
            }
        }
        drop(listener);
        closed.send(()).await.unwrap();
    });
    (addr, heard)
}

#[tokio::test]
async fn a_session_closed_by_the_server_while_idle_is_replaced_before_anything_is_marked() {
    for farewell in ["", "421 idle for too long\r\n"] {
        let (addr, mut closed) = leaving(3, farewell).await;
        let pool = Pool::new(settings(addr), 1);
        for _ in 0..3 {
            let outcome = send(&pool, "anna@example.test", MIME).await;
            assert!(outcome.is_sent(), "{outcome:?}");
            closed.recv().await.unwrap();
        }
        let outcome = pool.ready().await.err().unwrap();
        assert_eq!(told(&outcome).0, "retry", "the relay went away: {outcome:?}");
    }
}

#[tokio::test]
async fn an_idle_session_is_asked_and_an_old_one_is_left() {
    let server = mailbox(Faults::None).await;
    let mut asked = settings(server.addr());
    asked.probe_idle = Duration::ZERO;
    let pool = Pool::new(asked.clone(), 1);
    for _ in 0..3 {
        assert!(send(&pool, "anna@example.test", MIME).await.is_sent());
    }
    assert_eq!(server.connections(), 1);
    asked.idle = Duration::ZERO;
    let pool = Pool::new(asked, 1);
    for _ in 0..3 {
        assert!(send(&pool, "anna@example.test", MIME).await.is_sent());
    }
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn a_refusal_does_not_cost_the_session() {
    let rule = |asked: &beckon_sim::smtp::Asked<'_>| {
        (asked.step == Step::Rcpt && asked.to.starts_with("gone")).then_some(What::Refuse(550))
    };
    let server = mailbox(Faults::rule(rule)).await;
    let pool = Pool::new(settings(server.addr()), 1);
    for (to, word) in
        [("gone1@x.test", "never"), ("a@x.test", "sent"), ("gone2@x.test", "never"), ("b@x.test", "sent")]
    {
        assert_eq!(told(&send(&pool, to, MIME).await).0, word);
    }
    assert_eq!((server.accepted(), server.connections()), (2, 1));
}

#[tokio::test]
async fn given_up_halfway_the_session_is_not_used_again() {
    let server = mailbox(Faults::first(Step::Dot, What::Hang)).await;
    let pool = Pool::new(settings(server.addr()), 1);
    let slot = pool.ready().await.unwrap();
    let envelope = Envelope { from: "", to: "anna@example.test" };
    assert!(tokio::time::timeout(Duration::from_millis(50), slot.send(&envelope, MIME)).await.is_err());
    assert!(send(&pool, "boris@example.test", MIME).await.is_sent());
    assert_eq!((server.accepted(), server.connections()), (1, 2));
}

#[tokio::test]
async fn a_closed_pool_begins_nothing() {
    let server = mailbox(Faults::None).await;
    let pool = Pool::new(settings(server.addr()), 2);
    let slot = pool.ready().await.unwrap();
    pool.close().await;
    assert!(pool.ready().await.is_err());
    assert!(slot.send(&Envelope { from: "", to: "anna@example.test" }, MIME).await.is_sent(), "under way");
}
