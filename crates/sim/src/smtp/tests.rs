//! The server as a stranger's client sees it, over a bare socket.

use super::*;
use std::sync::atomic::AtomicBool;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// Says `text` at once and reads as many lines as are wanted.
async fn talk(server: &Mailbox, text: &str, lines: usize) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(server.addr()).await.unwrap());
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    while read.len() < lines {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap() == 0 {
            break;
        }
        read.push(line.trim_end().to_owned());
    }
    read
}

const SEND: &str = "MAIL FROM:<b@shop.test> SIZE=9\r\nRCPT TO:<a@x.test>\r\nDATA\r\n";

#[tokio::test]
async fn a_pipelined_session_is_answered_in_order_and_dots_come_off() {
    let server = Mailbox::start(Options::default()).await.unwrap();
    let text =
        format!("EHLO me\r\n{SEND}Subject: a\r\n\r\n..dot\r\n...\r\n.\r\nRSET\r\nNOOP\r\nBAD\r\nQUIT\r\n");
    let codes: Vec<String> = talk(&server, &text, 20).await.iter().map(|line| line[..3].to_owned()).collect();
    let hello = ["250"; 5];
    let wanted = [&["220"][..], &hello, &["250", "250", "354", "250", "250", "250", "500", "221"]].concat();
    assert_eq!(codes, wanted);
    let mail = &server.received()[0];
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("b@shop.test", "a@x.test"));
    assert_eq!(&*mail.raw, b"Subject: a\r\n\r\n.dot\r\n..\r\n");
    assert!(mail.at > WallTime(1_700_000_000_000));
}

#[tokio::test]
async fn what_is_out_of_order_or_too_long_is_refused_and_the_session_goes_on() {
    let server =
        Mailbox::start(Options { max_message_bytes: 20, keep: 2, ..Options::default() }).await.unwrap();
    let long = "x".repeat(15);
    let text = format!(
        "DATA\r\nRCPT TO:<a@x.test>\r\nMAIL FROM b\r\n{SEND}{long}\r\n{long}\r\n.\r\n{SEND}a\r\n.\r\n\
         {SEND}b\r\n.\r\n{SEND}c\r\n.\r\nQUIT\r\n"
    );
    let said = talk(&server, &text, 40).await;
    let codes: Vec<&str> = said.iter().map(|line| &line[..3]).collect();
    assert_eq!(codes[..8], ["220", "503", "503", "501", "250", "250", "354", "552"]);
    assert_eq!(codes[8..12], ["250", "250", "354", "250"]);
    assert_eq!(codes.last(), Some(&"221"));
    let kept: Vec<Arc<[u8]>> = server.received().into_iter().map(|mail| mail.raw).collect();
    assert_eq!(kept, [Arc::from(&b"b\r\n"[..]), Arc::from(&b"c\r\n"[..])], "only the newest two are kept");
    assert_eq!(server.accepted(), 3);
}

#[tokio::test]
async fn an_endless_command_ends_the_session() {
    let server = Mailbox::start(Options::default()).await.unwrap();
    let said = talk(&server, &"x".repeat(10_000), 5).await;
    assert_eq!(said.len(), 1, "the greeting and then the end: {said:?}");
}

#[tokio::test]
async fn the_log_has_a_mail_before_its_sender_is_told_and_a_full_disk_is_451() {
    let path = std::env::temp_dir().join(format!("beckon-mails-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let disk_is_full = Arc::new(AtomicBool::new(false));
    let full = Arc::clone(&disk_is_full);
    let disk = move |_: &Mail| {
        if full.load(Ordering::Relaxed) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    };
    let sinks: Vec<Arc<dyn Sink>> = vec![Arc::new(disk), Arc::new(JsonLines::open(&path).unwrap())];
    // The answer to the dot is withheld: the log must have the mail nevertheless.
    let faults = Faults::first(Step::Dot, What::AcceptAndClose);
    let server = Mailbox::start(Options { sinks, faults, ..Options::default() }).await.unwrap();
    let text = format!("{SEND}Message-ID: <m1@shop.test>\r\n\r\n\r\n.\r\n");
    assert_eq!(talk(&server, &text, 9).await.len(), 4, "greeting, MAIL, RCPT, DATA and no more");
    let log = std::fs::read_to_string(&path).unwrap();
    let line: serde_json::Value = serde_json::from_str(log.trim_end()).unwrap();
    assert_eq!((&line["message_id"], &line["to"]), (&"m1@shop.test".into(), &"a@x.test".into()));
    assert!(line["at"].as_i64().is_some());

    disk_is_full.store(true, Ordering::Relaxed);
    assert!(talk(&server, &text, 5).await[4].starts_with("451"));
    assert_eq!(server.accepted(), 1);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), log);
    std::fs::remove_file(&path).unwrap();
}
