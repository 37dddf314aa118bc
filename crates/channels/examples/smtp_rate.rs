//! Prints how fast mail goes out, beside a bare client and by turns, and what MIME and DKIM cost.
//!
//! `cargo run --release -p beckon-channels --example smtp_rate`. The server runs on the same cores: only the ratio counts.

use beckon_channels::dkim::{Key, sign};
use beckon_channels::mime::{Mail, build};
use beckon_channels::smtp::{Envelope, Pool, Settings};
use beckon_channels::{Address, Outcome};
use beckon_core::time::WallTime;
use beckon_sim::smtp::{Mailbox, Options};
use mail_builder::MessageBuilder;
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const MESSAGES: usize = 12_000;
const ROUNDS: usize = 5;
const COMMANDS: &[u8] = b"MAIL FROM:<b@shop.test>\r\nRCPT TO:<a@x.test>\r\nDATA\r\n";

#[tokio::main]
async fn main() {
    let mail: Arc<[u8]> = message().into();
    println!("a mail of {} bytes", mail.len());
    build_and_sign();
    let server = Mailbox::start(Options { keep: 0, ..Options::default() }).await.expect("a port is free");
    for sessions in [1, 10] {
        let (mut bare, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(rate(sessions, |n| bare_session(server.addr(), Arc::clone(&mail), n)).await);
            let settings = Settings::parse(&format!("smtp://{}", server.addr())).expect("a loopback address");
            let pool = Pool::new(Settings { messages_per_session: u32::MAX, ..settings }, sessions);
            ours.push(rate(sessions, |n| pool_session(pool.clone(), Arc::clone(&mail), n)).await);
        }
        let (bare, ours) = (median(bare), median(ours));
        println!("{sessions:>3} sessions: bare {bare:.0}/s, beckon {ours:.0}/s, ratio {:.2}", ours / bare);
    }
}

/// Messages a second of so many sessions at once.
async fn rate<F: Future<Output = ()> + Send + 'static>(sessions: usize, session: impl Fn(usize) -> F) -> f64 {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..sessions {
        tasks.spawn(session(MESSAGES / sessions));
    }
    while tasks.join_next().await.is_some() {}
    (MESSAGES / sessions * sessions) as f64 / start.elapsed().as_secs_f64()
}

async fn pool_session(pool: Pool, mail: Arc<[u8]>, messages: usize) {
    for _ in 0..messages {
        let slot = pool.ready().await.unwrap_or_else(|outcome| panic!("{outcome:?}"));
        let outcome = slot.send(&Envelope { from: "b@shop.test", to: "a@x.test" }, &mail).await;
        assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
    }
}

/// The limit: no time-outs, no checks, no parsing beyond counting lines.
async fn bare_session(addr: SocketAddr, mail: Arc<[u8]>, messages: usize) {
    let mut stream = TcpStream::connect(addr).await.expect("the server listens");
    stream.set_nodelay(true).expect("a connected socket");
    let body = [&mail, &b".\r\n"[..]].concat();
    lines(&mut stream, 1).await;
    stream.write_all(b"EHLO me\r\n").await.expect("an open line");
    lines(&mut stream, 5).await;
    for _ in 0..messages {
        stream.write_all(COMMANDS).await.expect("an open line");
        lines(&mut stream, 3).await;
        stream.write_all(&body).await.expect("an open line");
        lines(&mut stream, 1).await;
    }
}

async fn lines(stream: &mut TcpStream, mut wanted: usize) {
    let mut buffer = [0; 1_024];
    while wanted > 0 {
        let n = stream.read(&mut buffer).await.expect("an open line");
        wanted -= buffer[..n].iter().filter(|byte| **byte == b'\n').count();
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// About 10 KB, a third of the letters of the text Cyrillic.
fn html() -> String {
    let item = "<tr><td style=\"padding:8px;font-family:Arial\"><a href=\"https://shop.test/p/1990?utm_source=beckon\">\
                Чайник «Заря» эмалированный</a></td><td align=\"right\">1 990 ₽</td></tr>\n";
    item.repeat(36)
}

fn parts() -> (Address, Address, String, Vec<(String, String)>) {
    let parse = |text| Address::parse(text).expect("a right address");
    let headers = vec![("List-Unsubscribe".to_owned(), "<https://shop.test/u/TOKEN>".to_owned())];
    (parse("Магазин <shop@example.test>"), parse("anna@example.test"), html(), headers)
}

fn message() -> Vec<u8> {
    let (from, to, html, headers) = parts();
    written(&from, &to, &html, &headers)
}

fn written(from: &Address, to: &Address, html: &str, headers: &[(String, String)]) -> Vec<u8> {
    let mail = Mail {
        from,
        to,
        subject: "Вы забыли в корзине: чайник «Заря»",
        date: WallTime(1_700_000_000_000),
        message_id: "m1@example.test",
        headers,
        text: "Здравствуйте!",
        html: Some(html),
    };
    build(&mail).expect("a right mail")
}

fn build_and_sign() {
    let (from, to, html, headers) = parts();
    let raw = message();
    let by_beckon = || written(&from, &to, &html, &headers).len();
    let rsa =
        Key::parse("example.test", "s", include_bytes!("../tests/keys/rsa-pkcs8.pem")).expect("a right key");
    let (pem, _) = beckon_channels::dkim::new_ed25519("example.test", "e").expect("random numbers");
    let ed25519 = Key::parse("example.test", "e", pem.as_bytes()).expect("a right key");
    let by_mail_builder = || {
        MessageBuilder::new()
            .from(("Магазин", "shop@example.test"))
            .to("anna@example.test")
            .subject("Вы забыли в корзине: чайник «Заря»")
            .date(1_700_000_000i64)
            .message_id("m1@example.test")
            .text_body("Здравствуйте!")
            .html_body(html.as_str())
            .write_to_vec()
            .map_or(0, |raw| raw.len())
    };
    let at = WallTime(1_700_000_000_000);
    println!(
        "html of {} bytes: beckon {} bytes, mail-builder {} bytes",
        html.len(),
        by_beckon(),
        by_mail_builder()
    );
    println!("MIME, beckon        {:?}", each(by_beckon));
    println!("MIME, mail-builder  {:?}", each(by_mail_builder));
    println!("MIME, beckon        {:?}", each(by_beckon));
    println!(
        "DKIM, RSA-2048      {:?}",
        each(|| sign(std::slice::from_ref(&rsa), &raw, at).map(|raw| raw.len()))
    );
    println!(
        "DKIM, Ed25519       {:?}",
        each(|| sign(std::slice::from_ref(&ed25519), &raw, at).map(|raw| raw.len()))
    );
}

/// Time of one call, of the best of five runs of 300.
fn each<T>(work: impl Fn() -> T) -> Duration {
    let run = |_| {
        let start = Instant::now();
        for _ in 0..300 {
            black_box(work());
        }
        start.elapsed() / 300
    };
    (0..5).map(run).min().unwrap_or_default()
}
