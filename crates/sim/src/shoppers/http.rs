//! As much HTTP/1.1 as the shoppers need to reach a Beckon on this machine, and no other machine.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer answers are cut.
const ANSWER_BYTES_MAX: u64 = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
    /// What stands below the head, as far as it was read.
    pub(super) body: String,
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why.to_owned())
}

/// Splits `http://127.0.0.1:8080/path` into socket address, authority and path; anything but a loopback
/// address
/// is refused.
fn target(url: &str) -> io::Result<(SocketAddr, &str, &str)> {
    let rest =
        url.strip_prefix("http://").ok_or_else(|| invalid("the address does not begin with http://"))?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if !url.chars().all(|c| c.is_ascii_graphic()) {
        return Err(invalid("the address has spaces or letters that no address has"));
    }
    let text = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let text = text.replace("localhost:", "127.0.0.1:");
    let addr: SocketAddr = text.parse().map_err(|_| invalid("not a loopback address with a port"))?;
    if !addr.ip().is_loopback() {
        return Err(invalid("not a loopback address"));
    }
    Ok((addr, authority, if path.is_empty() { "/" } else { path }))
}

/// Asks for an address and follows nothing.
pub(super) async fn get(url: &str, user_agent: &str) -> io::Result<Answer> {
    let (addr, host, path) = target(url)?;
    talk(
        addr,
        format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n\
                        Connection: close\r\n\r\n"
        ),
    )
    .await
}

/// Posts JSON.
pub(super) async fn post(url: &str, user_agent: &str, body: &str) -> io::Result<Answer> {
    let (addr, host, path) = target(url)?;
    let length = body.len();
    talk(
        addr,
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n\
                        Content-Type: application/json\r\nContent-Length: {length}\r\n\
                        Connection: close\r\n\r\n{body}"
        ),
    )
    .await
}

async fn talk(addr: SocketAddr, request: String) -> io::Result<Answer> {
    let exchange = async {
        let mut stream = TcpStream::connect(addr).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
        Ok::<Vec<u8>, io::Error>(answer)
    };
    let bytes = timeout(PATIENCE, exchange).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    parse(&String::from_utf8_lossy(&bytes)).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let location = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    });
    Some(Answer { status, location, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached() {
        assert_eq!(
            target("http://127.0.0.1:81/a?b").unwrap(),
            ("127.0.0.1:81".parse().unwrap(), "127.0.0.1:81", "/a?b")
        );
        assert_eq!(target("http://localhost:81").unwrap().2, "/");
        let others = [
            "https://127.0.0.1/",
            "http://10.0.0.1:80/",
            "http://shop.example/",
            "http://127.0.0.1:8\r\nX: y/",
            "",
        ];
        for url in others {
            assert!(target(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_redirect_is_read() {
        let text = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/cart?bkn=t\r\n\r\nLocation: x";
        let location = Some("http://127.0.0.1:1/cart?bkn=t".to_owned());
        let wanted = Answer { status: 302, location, body: "Location: x".to_owned() };
        assert_eq!(parse(text), Some(wanted));
        assert_eq!(parse("nonsense"), None);
    }
}
