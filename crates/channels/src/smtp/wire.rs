//! The line to a server, plain or TLS, with whole answers read from it.

use super::reply::{Nonsense, Reply};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use socket2::SockRef;
use std::io;
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Why an answer could not be had.
#[derive(Debug)]
pub(super) enum Lost {
    /// The line broke.
    Broken(io::Error),
    /// Nothing came in time.
    Late(Duration),
    /// What came was no answer.
    Nonsense(String),
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Lost::Broken(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                f.write_str("the server closed the connection")
            }
            Lost::Broken(error) => write!(f, "the connection broke: {error}"),
            Lost::Late(after) => write!(f, "no answer within {after:?}"),
            Lost::Nonsense(why) => f.write_str(why),
        }
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// What a look at an idle line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Open, and nothing was said.
    Quiet,
    /// Bytes of TLS wait to be read: a ticket or a farewell.
    Unclear,
    /// Closed, or the server said something unasked.
    Over,
}

/// A connected line and the bytes read from it that were not yet understood.
pub(super) struct Wire {
    stream: Stream,
    unread: Vec<u8>,
}

impl Wire {
    /// Connects with TCP_NODELAY: without it Nagle's algorithm holds each message back for 40 ms.
    pub async fn connect(host: &str, port: u16) -> io::Result<Wire> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream: Stream::Plain(stream), unread: Vec::with_capacity(1_024) })
    }

    /// The line under TLS from here on. Bytes that came before the handshake were not protected and end it
    /// (RFC 3207 §4.2 and the command injection of CVE-2011-0411).
    pub async fn secure(self, config: &Arc<ClientConfig>, host: &str) -> io::Result<Wire> {
        let invalid = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        if !self.unread.is_empty() {
            return Err(invalid("the server said something unprotected after agreeing to TLS"));
        }
        let Stream::Plain(stream) = self.stream else {
            return Err(invalid("the line is under TLS already"));
        };
        let name = ServerName::try_from(host.to_owned()).map_err(|error| invalid(&error.to_string()))?;
        let stream = TlsConnector::from(Arc::clone(config)).connect(name, stream).await?;
        Ok(Wire { stream: Stream::Tls(Box::new(stream)), unread: self.unread })
    }

    /// Whether the line is under TLS.
    pub fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// The socket below.
    pub fn tcp(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
        }
    }

    /// Whether bytes were read that no command asked for.
    pub fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Looks at the socket itself, without waiting. tokio learns of an end of the line only when it next polls.
    pub fn look(&self) -> Look {
        let mut byte = [MaybeUninit::<u8>::uninit()];
        match SockRef::from(self.tcp()).peek(&mut byte) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Look::Quiet,
            Ok(n) if n > 0 && self.is_tls() => Look::Unclear,
            _ => Look::Over,
        }
    }

    /// Writes all of `bytes`; `handed` counts those the system (or TLS) took, also when this fails or is given up.
    pub async fn write(&mut self, bytes: &[u8], handed: &mut usize) -> io::Result<()> {
        while *handed < bytes.len() {
            let rest = &bytes[*handed..];
            let n = match &mut self.stream {
                Stream::Plain(stream) => stream.write(rest).await?,
                Stream::Tls(stream) => stream.write(rest).await?,
            };
            if n == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            *handed += n;
        }
        match &mut self.stream {
            Stream::Plain(_) => Ok(()),
            Stream::Tls(stream) => stream.flush().await,
        }
    }

    /// Writes one or several commands.
    pub async fn say(&mut self, commands: &str, within: Duration) -> Result<(), Lost> {
        let mut handed = 0;
        match timeout(within, self.write(commands.as_bytes(), &mut handed)).await {
            Ok(written) => written.map_err(Lost::Broken),
            Err(_) => Err(Lost::Late(within)),
        }
    }

    /// The next whole answer.
    pub async fn reply(&mut self, within: Duration) -> Result<Reply, Lost> {
        match timeout(within, self.next_reply()).await {
            Ok(reply) => reply,
            Err(_) => Err(Lost::Late(within)),
        }
    }

    async fn next_reply(&mut self) -> Result<Reply, Lost> {
        loop {
            match Reply::read(&self.unread) {
                Ok(Some((reply, used))) => {
                    self.unread.drain(..used);
                    return Ok(reply);
                }
                Ok(None) => {}
                Err(Nonsense(why)) => return Err(Lost::Nonsense(why)),
            }
            self.unread.reserve(1_024);
            let read = match &mut self.stream {
                Stream::Plain(stream) => stream.read_buf(&mut self.unread).await,
                Stream::Tls(stream) => stream.read_buf(&mut self.unread).await,
            };
            match read {
                Ok(0) => return Err(Lost::Broken(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) => return Err(Lost::Broken(error)),
            }
        }
    }

    /// A command and its answer.
    pub async fn ask(&mut self, command: &str, within: Duration) -> Result<Reply, Lost> {
        self.say(command, within).await?;
        self.reply(within).await
    }
}
