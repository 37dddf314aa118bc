//! The least of an HTTP/1.1 client, so that who measures a server measures little of the client: kept connections, one
//! request at a time on each, nothing read but the status.

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

/// The browser that all of them are.
pub(crate) const AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";

/// A request as it goes over the line.
#[must_use]
pub fn post(path: &str, authorization: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n{authorization}\
        Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What came of requests.
pub struct Sent {
    /// From the first request to the last answer.
    pub whole: Duration,
    /// Of each request that was answered with 200.
    pub each: Vec<Duration>,
    /// Requests that were answered with 429 or 503: come again.
    pub refused: usize,
}

/// Sends all requests over so many connections, each as soon as the one before was answered.
///
/// # Errors
/// The server cannot be reached, hung up, or answered something else.
pub async fn send_all(
    addr: SocketAddr,
    connections: usize,
    requests: Arc<Vec<Vec<u8>>>,
) -> Result<Sent, String> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(addr).await.map_err(|why| format!("{addr}: {why}"))?;
        stream.set_nodelay(true).map_err(|why| format!("{addr}: {why}"))?;
        streams.push(stream);
    }
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for mut stream in streams {
        let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
        tasks.spawn(async move {
            let (mut times, mut refused) = (Vec::new(), 0);
            let mut buffer = vec![0; BUFFER_BYTES];
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                stream.write_all(request).await.map_err(|why| format!("{addr}: {why}"))?;
                match answer(&mut stream, &mut buffer).await?.0 {
                    200 => times.push(begun.elapsed()),
                    _ => refused += 1,
                }
            }
            Ok::<_, String>((times, refused))
        });
    }
    let mut sent = Sent { whole: Duration::ZERO, each: Vec::with_capacity(requests.len()), refused: 0 };
    while let Some(done) = tasks.join_next().await {
        let (times, refused) = done.map_err(|why| why.to_string())??;
        sent.each.extend(times);
        sent.refused += refused;
    }
    sent.whole = begun.elapsed();
    Ok(sent)
}

/// Sends one request; gives back the body of its answer.
///
/// # Errors
/// The server cannot be reached, hung up, or did not answer with 200.
pub async fn ask(addr: SocketAddr, request: &[u8]) -> Result<String, String> {
    let mut stream = TcpStream::connect(addr).await.map_err(|why| format!("{addr}: {why}"))?;
    stream.write_all(request).await.map_err(|why| format!("{addr}: {why}"))?;
    let mut buffer = vec![0; BUFFER_BYTES];
    let (status, length) = answer(&mut stream, &mut buffer).await?;
    let text = String::from_utf8_lossy(&buffer[..length]);
    match text.split_once("\r\n\r\n") {
        Some((_, body)) if status == 200 => Ok(body.to_owned()),
        _ => Err(text.into_owned()),
    }
}

/// Sends a request every `pace`, whether those before are answered or not, as long as one of the connections is free;
/// gives back how long each took since the moment it was due, so that waiting counts.
///
/// # Errors
/// The server cannot be reached, hung up, or answered something else.
pub async fn send_steadily(
    addr: SocketAddr,
    connections: usize,
    pace: Duration,
    requests: Arc<Vec<Vec<u8>>>,
) -> Result<Vec<Duration>, String> {
    let (sender, due) = unbounded_channel();
    let due = Arc::new(Mutex::new(due));
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(addr).await.map_err(|why| format!("{addr}: {why}"))?;
        stream.set_nodelay(true).map_err(|why| format!("{addr}: {why}"))?;
        let (due, requests) = (Arc::clone(&due), Arc::clone(&requests));
        tasks.spawn(async move {
            let mut times = Vec::new();
            let mut buffer = vec![0; BUFFER_BYTES];
            let next = async || due.lock().await.recv().await;
            while let Some((place, due)) = next().await {
                let request: &Vec<u8> = &requests[place];
                stream.write_all(request).await.map_err(|why| format!("{addr}: {why}"))?;
                answer(&mut stream, &mut buffer).await?;
                times.push(Instant::elapsed(&due));
            }
            Ok::<_, String>(times)
        });
    }
    // A thread of its own: the runtime's timers are a millisecond coarse.
    std::thread::spawn(move || {
        let begun = Instant::now();
        for place in 0..requests.len() {
            let due = begun + pace * u32::try_from(place).unwrap_or(u32::MAX);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if sender.send((place, due)).is_err() {
                break;
            }
        }
    });
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done.map_err(|why| why.to_string())??);
    }
    Ok(times)
}

/// Reads one answer to its end; its status, which is one of those that are expected, and its length with the head.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<(u16, usize), String> {
    let mut filled = 0;
    loop {
        let n = stream.read(&mut buffer[filled..]).await.map_err(|why| why.to_string())?;
        if n == 0 {
            return Err("the server closed the line".to_owned());
        }
        filled += n;
        let text = &buffer[..filled];
        let Some(head) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let said = String::from_utf8_lossy(&text[..head]).to_ascii_lowercase();
        let length = said.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        if filled >= head + 4 + length {
            let status = said.split(' ').nth(1).and_then(|status| status.parse().ok());
            let expected = status.filter(|status| [200, 429, 503].contains(status));
            return match expected {
                Some(status) => Ok((status, filled)),
                None => Err(String::from_utf8_lossy(text).into_owned()),
            };
        }
    }
}
