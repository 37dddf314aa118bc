//! The least of an HTTP/1.1 client: kept connections, one request at a time on each, nothing read but the status.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;

/// Longest answer.
const BUFFER_BYTES: usize = 64 * 1_024;

/// A request as it goes over the line.
pub fn post(path: &str, authorization: &str, body: &str) -> Vec<u8> {
    let agent =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {agent}\r\n{authorization}\
        Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends all requests over so many connections, each as soon as the one before was answered; gives back the time of
/// the whole and of each.
///
/// # Panics
/// An answer is not 200.
pub async fn send_all(
    addr: SocketAddr,
    connections: usize,
    requests: Arc<Vec<Vec<u8>>>,
) -> (Duration, Vec<Duration>) {
    let next = Arc::new(AtomicUsize::new(0));
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        streams.push(stream);
    }
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for mut stream in streams {
        let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
        tasks.spawn(async move {
            let mut times = Vec::new();
            let mut buffer = vec![0; BUFFER_BYTES];
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                stream.write_all(request).await.unwrap();
                answer(&mut stream, &mut buffer).await;
                times.push(begun.elapsed());
            }
            times
        });
    }
    let mut times = Vec::with_capacity(requests.len());
    while let Some(done) = tasks.join_next().await {
        times.extend(done.unwrap());
    }
    (begun.elapsed(), times)
}

/// Sends one request; gives back the body of its answer.
///
/// # Panics
/// The answer is not 200.
pub async fn ask(addr: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut buffer = vec![0; BUFFER_BYTES];
    let length = answer(&mut stream, &mut buffer).await;
    let text = String::from_utf8_lossy(&buffer[..length]);
    text.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())
}

/// Sends a request every `pace`, whether those before are answered or not, as long as one of the connections is free;
/// gives back how long each took since the moment it was due, so that waiting counts.
///
/// # Panics
/// An answer is not 200.
pub async fn send_steadily(
    addr: SocketAddr,
    connections: usize,
    pace: Duration,
    requests: Arc<Vec<Vec<u8>>>,
) -> Vec<Duration> {
    let (sender, due) = unbounded_channel();
    let due = Arc::new(Mutex::new(due));
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (due, requests) = (Arc::clone(&due), Arc::clone(&requests));
        tasks.spawn(async move {
            let mut times = Vec::new();
            let mut buffer = vec![0; BUFFER_BYTES];
            let next = async || due.lock().await.recv().await;
            while let Some((place, due)) = next().await {
                let request: &Vec<u8> = &requests[place];
                stream.write_all(request).await.unwrap();
                answer(&mut stream, &mut buffer).await;
                times.push(Instant::elapsed(&due));
            }
            times
        });
    }
    // A thread of its own: the runtime's timers are a millisecond coarse.
    std::thread::spawn(move || {
        let begun = Instant::now();
        for place in 0..requests.len() {
            let due = begun + pace * place as u32;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if sender.send((place, due)).is_err() {
                break;
            }
        }
    });
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done.unwrap());
    }
    times
}

/// Reads one answer to its end; gives back its length with the head.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        let n = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(n > 0, "the server closed the line");
        filled += n;
        let text = &buffer[..filled];
        let Some(head) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let said = String::from_utf8_lossy(&text[..head]).to_ascii_lowercase();
        assert!(said.starts_with("http/1.1 200"), "{}", String::from_utf8_lossy(text));
        let length = said.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        if filled >= head + 4 + length {
            return filled;
        }
    }
}
