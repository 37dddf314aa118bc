//! The least of an HTTP/1.1 client, so that who measures a server measures little of the client: kept connections, one
//! request at a time on each, nothing read but the status.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A request as it goes over the line.
#[must_use]
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
            let mut buffer = vec![0; 4_096];
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                stream.write_all(request).await.map_err(|why| format!("{addr}: {why}"))?;
                match answer(&mut stream, &mut buffer).await? {
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

/// Reads one answer to its end; its status, which is one of those that are expected.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<u16, String> {
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
            return expected.ok_or_else(|| String::from_utf8_lossy(text).into_owned());
        }
    }
}
