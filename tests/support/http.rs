//! A client of one request per connection, small enough to be wrong on purpose: what a shop, a browser or an attacker
//! sends, byte by byte, and what comes back.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status, as 200.
    pub status: u16,
    /// Status line and headers as they came.
    #[allow(dead_code, reason = "not every test looks at headers")]
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header by its name, in whatever letters.
    #[allow(dead_code, reason = "not every test looks at headers")]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    fn parse(bytes: &[u8]) -> io::Result<Answer> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| broken("an answer without an end"))?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| broken("an answer without a status"))?;
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// One request; `headers` are whole lines without their ends.
pub async fn request(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[&str],
    body: &[u8],
) -> io::Result<Answer> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for line in headers {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    exchange(to, &[head.as_bytes(), body].concat()).await
}

/// Sends these bytes and reads until the other side closes, which it may do before all is sent.
pub async fn exchange(to: SocketAddr, bytes: &[u8]) -> io::Result<Answer> {
    let talk = async {
        let mut line = TcpStream::connect(to).await?;
        let sent = line.write_all(bytes).await;
        let mut answer = Vec::new();
        let read = line.read_to_end(&mut answer).await;
        if answer.is_empty() {
            sent?;
            read?;
        }
        Answer::parse(&answer)
    };
    tokio::time::timeout(PATIENCE, talk).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}
