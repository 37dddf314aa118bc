//! The check-up against a relay and a name server of our own.

use crate::bare::beckon;
use crate::program::{Program, text};
use crate::shop;
use beckon_server::app::SHOP;
use beckon_sim::smtp::{Mailbox, Options};
use beckon_store::shop::{DocumentWrite, ShopPlane};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;

/// A domain that is nobody's test name, so that it is looked up: at our own name server only.
const DOMAIN: &str = "chainaya-lavka.ru";

/// Answers questions for TXT records over UDP (RFC 1035), until the test ends.
fn name_server(texts: HashMap<String, Vec<String>>) -> SocketAddr {
    let socket = UdpSocket::bind(shop::free_port()).unwrap();
    let at = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut packet = [0u8; 1_500];
        while let Ok((length, from)) = socket.recv_from(&mut packet) {
            socket.send_to(&answer(&packet[..length], &texts), from).unwrap();
        }
    });
    at
}

fn answer(question: &[u8], texts: &HashMap<String, Vec<String>>) -> Vec<u8> {
    let (mut labels, mut at) = (Vec::new(), 12);
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    let found = texts.get(&labels.join("."));
    let records = found.map_or(&[][..], Vec::as_slice);
    // The same id; an answer, recursion available; no such name where there is nothing.
    let mut packet = vec![question[0], question[1], 0x81, if found.is_some() { 0x80 } else { 0x83 }];
    packet.extend([0, 1, 0, u8::try_from(records.len()).unwrap(), 0, 0, 0, 0]);
    packet.extend(&question[12..at + 5]);
    for record in records {
        let mut data = Vec::new();
        for part in record.as_bytes().chunks(255) {
            data.push(u8::try_from(part.len()).unwrap());
            data.extend(part);
        }
        // The name of the question; TXT, IN, no time to live.
        packet.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0]);
        packet.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        packet.extend(data);
    }
    packet
}

/// Changes the shop's settings; gives back the DNS record of its new key.
fn sign(program: &Program) -> String {
    let (key, record) = beckon_channels::dkim::new_ed25519(DOMAIN, "tea").unwrap();
    let plane = ShopPlane::open(&program.data).unwrap();
    let found = plane.get(SHOP, "settings", "main").unwrap().unwrap();
    let mut settings: Value = serde_json::from_str(&found.body.unwrap()).unwrap();
    settings["dkim_domain"] = DOMAIN.into();
    settings["dkim_selector"] = "tea".into();
    settings["dkim_key"] = key.into();
    let body = settings.to_string();
    let write = DocumentWrite {
        shop: SHOP,
        kind: "settings",
        name: "main",
        expected_version: found.version,
        body: Some(&body),
        at: beckon_core::time::WallTime(1),
        by: "test",
    };
    plane.put(&write).unwrap();
    record
}

/// The findings by check, and the exit code.
fn doctor(program: &Program, more: &[&str]) -> (Vec<Value>, i32) {
    let done = beckon()
        .args(["doctor", "--json", "--lang", "en", "--data", text(&program.data)])
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    let found: Vec<Value> = serde_json::from_str(&said)
        .unwrap_or_else(|why| panic!("{why}: {said}{}", String::from_utf8_lossy(&done.stderr)));
    for one in &found {
        let words = format!("{}{}", one["text"], one["mend"]);
        assert!(!words.contains('⟦'), "{one} lacks words");
        let mended = one["level"] != "wrong" || one["mend"] != "";
        assert!(mended, "{one} does not say what to do");
    }
    (found, done.status.code().unwrap())
}

fn of<'a>(found: &'a [Value], check: &str) -> &'a Value {
    found.iter().find(|one| one["check"] == check).unwrap_or_else(|| panic!("no {check} in {found:?}"))
}

fn is(found: &[Value], check: &str, level: &str, what: &str) {
    let one = of(found, check);
    assert_eq!((one["level"].as_str(), one["found"].as_str()), (Some(level), Some(what)), "{one}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_installation_is_told_to_be_good() {
    let login = Some(("tea".to_owned(), "secret".to_owned()));
    let relay =
        Mailbox::start(Options { addr: shop::free_port(), login, ..Options::default() }).await.unwrap();
    let program = Arc::new(Program::set_up("doctor"));
    let record = sign(&program);
    let dns = name_server(HashMap::from([
        (
            format!("mail.{DOMAIN}"),
            vec!["some-proof=1".to_owned(), "v=spf1 include:relay.ru -all".to_owned()],
        ),
        (format!("tea._domainkey.{DOMAIN}"), vec![record]),
        (format!("_dmarc.{DOMAIN}"), vec!["v=DMARC1; p=quarantine".to_owned()]),
    ]))
    .to_string();
    // Beside the program that serves, as an operator does.
    let serving = program.start().await;
    let (on, url) = (program.clone(), format!("smtp://tea:secret@{}", relay.addr()));
    let (found, code) = tokio::task::spawn_blocking(move || {
        let from = format!("Tea <tea@mail.{DOMAIN}>");
        let origin = ["--public-origin", "https://mail.chainaya-lavka.ru", "--clock", "http://127.0.0.1:9/"];
        let mail = ["--smtp-url", &url, "--from", &from, "--dns", &dns];
        doctor(&on, &[&origin[..], &mail].concat())
    })
    .await
    .unwrap();
    serving.stop().await;
    for check in
        ["config", "version", "database", "clock", "zone", "mode", "origin", "admin", "feed", "sending"]
    {
        assert_eq!(of(&found, check)["level"], "ok", "{}", of(&found, check));
    }
    is(&found, "relay", "ok", "relay-signed-in");
    is(&found, "dkim", "ok", "dkim-good");
    is(&found, "dmarc", "ok", "dmarc-good");
    is(&found, "spf", "ok", "spf-good");
    assert_eq!(code, 0, "{found:?}");
    program.clear();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_with_its_mend() {
    let login = Some(("tea".to_owned(), "secret".to_owned()));
    let relay =
        Mailbox::start(Options { addr: shop::free_port(), login, ..Options::default() }).await.unwrap();
    let program = Arc::new(Program::set_up("doctor-wrong"));
    let ours = sign(&program);
    let other = beckon_channels::dkim::new_ed25519(DOMAIN, "tea").unwrap().1;
    assert_ne!(ours, other);
    let dns = name_server(HashMap::from([
        (DOMAIN.to_owned(), vec!["v=spf1 +all".to_owned()]),
        (format!("tea._domainkey.{DOMAIN}"), vec![other]),
    ]))
    .to_string();
    let (on, url) = (program.clone(), format!("smtp://tea:wrong@{}", relay.addr()));
    let look = move || {
        let from = format!("Tea <tea@{DOMAIN}>");
        let mail = ["--smtp-url", &url, "--from", &from, "--dns", &dns];
        let origin = ["--public-origin", "http://mail.chainaya-lavka.ru", "--clock", "http://127.0.0.1:9/"];
        doctor(&on, &[&mail[..], &origin].concat())
    };
    let (found, code) = tokio::task::spawn_blocking(look).await.unwrap();
    is(&found, "relay", "wrong", "relay-refuses");
    assert!(!of(&found, "relay")["text"].as_str().unwrap().contains("wrong@"), "the password is not shown");
    is(&found, "spf", "wrong", "spf-everybody");
    is(&found, "dkim", "wrong", "dkim-other");
    is(&found, "dmarc", "warning", "dmarc-none");
    is(&found, "origin", "wrong", "origin-plain");
    is(&found, "database", "not-checked", "database-new");
    assert_eq!(code, 1);
    program.clear();
}

#[test]
fn settings_a_database_and_a_directory_that_are_wrong_are_named() {
    let program = Program::set_up("doctor-data");
    beckon_store::Store::open(&program.data, &beckon_store::Options::default()).unwrap();
    let (found, code) = doctor(&program, &["--smtp-sessions", "eight", "--dns", "127.0.0.1:9"]);
    is(&found, "config", "wrong", "config-wrong");
    is(&found, "relay", "wrong", "relay-none");
    is(&found, "sender", "wrong", "sender-none");
    assert_eq!(code, 1);
    let conn = rusqlite::Connection::open(program.data.join("customers.db")).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let (found, _) = doctor(&program, &["--dns", "127.0.0.1:9"]);
    is(&found, "database", "wrong", "database-newer");
    is(&found, "shop", "not-checked", "shop-unreadable");
    std::fs::write(program.data.join("customers.db"), vec![7u8; 8_192]).unwrap();
    let (found, _) = doctor(&program, &["--dns", "127.0.0.1:9"]);
    is(&found, "database", "wrong", "database-unreadable");
    std::fs::remove_file(program.data.join("shop.db")).unwrap();
    let (found, _) = doctor(&program, &[]);
    is(&found, "data", "wrong", "data-none");
    program.clear();
}

/// Answers each connection with this date, until the test ends.
fn teller_of_time(date: String) -> SocketAddr {
    let listener = std::net::TcpListener::bind(shop::free_port()).unwrap();
    let at = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut line, _)) = listener.accept() {
            let mut asked = [0u8; 1_024];
            let _ = line.read(&mut asked);
            let _ = write!(line, "HTTP/1.1 404 Not Found\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n");
        }
    });
    at
}

#[test]
fn the_clock_is_compared_with_that_of_another_machine() {
    let program = Program::set_up("doctor-clock");
    beckon_store::Store::open(&program.data, &beckon_store::Options::default()).unwrap();
    let date = |ahead_secs: i64| {
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead_secs);
        jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap()
    };
    let nobody = shop::free_port();
    for (at, level, what) in [
        (teller_of_time(date(0)), "ok", "time-good"),
        (teller_of_time(date(600)), "warning", "time-behind"),
        (teller_of_time(date(-86_400)), "wrong", "time-ahead"),
        (teller_of_time("soon".to_owned()), "not-checked", "time-silent"),
        (nobody, "not-checked", "time-silent"),
    ] {
        let (found, _) = doctor(&program, &["--dns", "127.0.0.1:9", "--clock", &format!("http://{at}/")]);
        is(&found, "time", level, what);
    }
    let (found, _) = doctor(&program, &["--dns", "127.0.0.1:9"]);
    is(&found, "time", "not-checked", "time-nobody");
    program.clear();
}

#[test]
fn it_speaks_the_language_of_the_system() {
    let program = Program::set_up("doctor-lang");
    let said = |lang: &str| {
        let done = beckon()
            .args(["doctor", "--dns", "127.0.0.1:9", "--data", text(&program.data)])
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", lang)
            .output()
            .unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    assert!(said("ru_RU.UTF-8").contains("[неверно] Почтовый сервер: Не задан"), "{}", said("ru_RU.UTF-8"));
    assert!(said("C").contains("[wrong] Mail relay: None is set"), "{}", said("C"));
    program.clear();
}
