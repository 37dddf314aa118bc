//! What each fault at each step means for the message.

use super::*;
use beckon_sim::smtp::{Step, What};

const MIME: &[u8] = b"Message-ID: <m1@example.test>\r\n\r\n.one\r\n..\r\ntwo\r\n";

/// The word for a fault at a step. Written out from the rules, not computed as the code does.
fn wanted(step: Step, what: &What) -> &'static str {
    match (step, what) {
        (_, What::SlowMillis(_)) => "sent",
        (Step::Greeting | Step::Hello, _) => "retry",
        (Step::Dot, What::Close | What::AcceptAndClose | What::Hang | What::Garbage | What::LongReply) => {
            "unknown"
        }
        (_, What::Refuse(code)) if *code >= 500 && *code != 530 => "never",
        _ => "retry",
    }
}

/// One message into a server with this fault, then a second one, which must go through.
async fn check(step: Step, what: What, pipelining: bool) {
    let context = format!("{what:?} at {step:?}, pipelining {pipelining}");
    let options = Options { faults: Faults::first(step, what.clone()), pipelining, ..Options::default() };
    let server = Mailbox::start(options).await.unwrap();
    let mut settings = settings(server.addr());
    if what == What::Hang {
        settings.patience = patience(SHORT);
    }
    let pool = Pool::new(settings, 1);
    let outcome = send(&pool, "anna@example.test", MIME).await;
    assert_eq!(told(&outcome).0, wanted(step, &what), "{context}: {outcome:?}");
    assert!(told(&outcome).1.len() < 700, "{context}: the text is bounded");
    // What the server has is what the outcome says; unknown may be either.
    let kept = matches!(what, What::SlowMillis(_)) || (step == Step::Dot && what == What::AcceptAndClose);
    assert_eq!(server.accepted(), u64::from(kept), "{context}");

    let second = send(&pool, "boris@example.test", MIME).await;
    assert!(second.is_sent(), "{context}, the second: {second:?}");
    let mail = server.received().pop().unwrap();
    assert_eq!((mail.to.as_str(), &*mail.raw), ("boris@example.test", MIME), "{context}");
}

#[tokio::test]
async fn every_fault_at_every_step_has_its_outcome() {
    let mut checks = tokio::task::JoinSet::new();
    for pipelining in [true, false] {
        for step in [Step::Greeting, Step::Hello, Step::Mail, Step::Rcpt, Step::Data, Step::Dot] {
            for what in [
                What::Refuse(421),
                What::Refuse(451),
                What::Refuse(530),
                What::Refuse(550),
                What::Refuse(554),
                What::Close,
                What::AcceptAndClose,
                What::Hang,
                What::Garbage,
                What::LongReply,
                What::SlowMillis(20),
            ] {
                checks.spawn(check(step, what, pipelining));
            }
        }
    }
    let mut done = 0;
    while let Some(result) = checks.join_next().await {
        result.unwrap();
        done += 1;
    }
    assert_eq!(done, 2 * 6 * 11);
}

#[tokio::test]
async fn a_line_lost_before_the_final_dot_left_us_is_a_retry() {
    // Longer than what the system's buffers take, so that the end cannot have been written.
    let long = [&b"Message-ID: <m1@example.test>\r\n\r\n"[..], &b"0123456789\r\n".repeat(2_000_000)].concat();
    let faults = Faults::first(Step::Body, What::Close);
    let server =
        Mailbox::start(Options { faults, max_message_bytes: 100 << 20, ..Options::default() }).await.unwrap();
    let pool = Pool::new(settings(server.addr()), 1);
    let outcome = send(&pool, "anna@example.test", &long).await;
    assert_eq!(told(&outcome).0, "retry", "{outcome:?}");
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn a_server_that_stops_reading_is_a_retry_while_the_dot_is_ours() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        scripted::talk(&mut stream, &[("", "220 x\r\n"), ("EHLO", "250 x\r\n")]).await;
        let steps = [("MAIL", "250 a\r\n"), ("RCPT", "250 b\r\n"), ("DATA", "354 c\r\n")];
        scripted::talk(&mut stream, &steps).await;
        stream
    });
    let mut settings = settings(addr);
    settings.patience.body = SHORT;
    let pool = Pool::new(settings, 1);
    let long = b"0123456789\r\n".repeat(2_000_000);
    let outcome = send(&pool, "anna@example.test", &long).await;
    let (word, why) = told(&outcome);
    assert!(word == "retry" && why.contains("while sending the message"), "{outcome:?}");
    drop(server.await.unwrap());
}

#[tokio::test]
async fn nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outcome = send(&Pool::new(settings(free), 1), "anna@example.test", MIME).await;
    let (word, why) = told(&outcome);
    assert!(
        word == "retry" && why.contains("cannot connect") && why.contains(&free.to_string()),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn what_the_server_cannot_take_is_never_said() {
    let options = Options { max_message_bytes: 1_000, ..Options::default() };
    let server = Mailbox::start(options).await.unwrap();
    let pool = Pool::new(settings(server.addr()), 1);
    let big = send(&pool, "anna@example.test", &[b'x'; 1_001]).await;
    assert!(
        matches!(&big, Outcome::Never { why } if why.contains("1001 bytes, the server takes 1000")),
        "{big:?}"
    );
    for to in ["", "a b@example.test", "a@example.test>\r\nRCPT TO:<b@example.test", "<a@example.test"] {
        let outcome = send(&pool, to, MIME).await;
        assert_eq!(told(&outcome).0, "never", "{to:?}");
    }
    assert!(send(&pool, "анна@example.test", "Subject: ж\r\n\r\nж\r\n".as_bytes()).await.is_sent());
    assert_eq!((server.accepted(), server.connections()), (1, 1));
}

#[tokio::test]
async fn a_password_is_checked_and_a_wrong_one_is_trouble_not_never() {
    let login = Some(("shop".to_owned(), "s3cret".to_owned()));
    let server = Mailbox::start(Options { login, ..Options::default() }).await.unwrap();
    let with = |login: Option<(&str, &str)>| {
        let mut settings = settings(server.addr());
        settings.login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
        Pool::new(settings, 1)
    };
    assert!(send(&with(Some(("shop", "s3cret"))), "anna@example.test", MIME).await.is_sent());
    let wrong = send(&with(Some(("shop", "guess"))), "anna@example.test", MIME).await;
    assert!(
        matches!(&wrong, Outcome::Retry { why, after_secs: 600 } if why.contains("password")),
        "{wrong:?}"
    );
    assert!(!told(&wrong).1.contains("guess"));
    let none = send(&with(None), "anna@example.test", MIME).await;
    assert!(matches!(&none, Outcome::Retry { why, .. } if why.contains("530")), "{none:?}");
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn trouble_while_signing_in_is_a_retry() {
    for what in [What::Refuse(454), What::Refuse(535), What::Close, What::Garbage, What::LongReply] {
        let login = Some(("shop".to_owned(), "s3cret".to_owned()));
        let faults = Faults::first(Step::Auth, what.clone());
        let server =
            Mailbox::start(Options { login: login.clone(), faults, ..Options::default() }).await.unwrap();
        let mut settings = settings(server.addr());
        settings.login = login;
        let pool = Pool::new(settings, 1);
        let outcome = pool.ready().await.err().unwrap();
        assert_eq!(told(&outcome).0, "retry", "{what:?}: {outcome:?}");
        assert!(send(&pool, "anna@example.test", MIME).await.is_sent());
    }
}

/// The rule that matters: what is sent is there once, what is to be tried again or never is not there, and only what is
/// unknown may be either. Retries until nothing is left to try, over five sessions and seeded faults of all kinds.
#[tokio::test]
async fn nothing_is_lost_and_nothing_is_there_twice() {
    let whats = [
        What::Refuse(421),
        What::Refuse(451),
        What::Refuse(550),
        What::Close,
        What::AcceptAndClose,
        What::Garbage,
    ];
    let steps = [Step::Hello, Step::Mail, Step::Rcpt, Step::Data, Step::Dot];
    let kinds = steps.iter().flat_map(|step| whats.iter().map(|what| (*step, what.clone()))).collect();
    let faults = Faults::Seeded { seed: 11, per_mille: 250, kinds };
    let server = Mailbox::start(Options { faults, ..Options::default() }).await.unwrap();
    let pool = Pool::new(settings(server.addr()), 5);
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..400 {
        let pool = pool.clone();
        tasks.spawn(async move {
            let to = format!("p{n}@example.test");
            loop {
                let outcome = send(&pool, &to, MIME).await;
                if told(&outcome).0 != "retry" {
                    return (to, outcome);
                }
            }
        });
    }
    let done = tasks.join_all().await;
    let received = server.received();
    let mut seen = std::collections::BTreeMap::new();
    for (to, outcome) in &done {
        let word = told(outcome).0;
        let copies = received.iter().filter(|mail| mail.to == *to).count();
        match word {
            "sent" => assert_eq!(copies, 1, "{to}"),
            "never" => assert_eq!(copies, 0, "{to}"),
            _ => assert!(copies <= 1, "{to}"),
        }
        *seen.entry((word, copies)).or_insert(0) += 1;
    }
    // Each case did occur: unknown with and without a copy at the other side, too.
    assert_eq!(seen.len(), 4, "{seen:?}");
}
