//! A mail server of our own: the demo's built-in mailbox, and the relay that misbehaves in tests and kill runs.
//!
//! It takes mails by SMTP (RFC 5321 with PIPELINING, 8BITMIME, SIZE and, when asked, AUTH), never passes them on, and
//! keeps the newest ones in memory. What else happens to a mail is a [`Sink`]; how the server misbehaves is a [`Faults`].
//! A mail reaches every sink **before** its sender reads `250`, so a log of accepted mails is never behind the sender.

mod fault;
mod input;
mod session;
mod sink;

pub use fault::{Asked, Faults, Step, What};
pub use sink::{JsonLines, Sink, message_id};

use beckon_core::time::WallTime;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A mail as it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Address of `MAIL FROM`; empty for a bounce.
    pub from: String,
    /// Address of `RCPT TO`; of several, all, joined by a comma.
    pub to: String,
    /// The message with the dots of the transport removed, CRLF lines.
    pub raw: Arc<[u8]>,
    /// When the final dot was read.
    pub at: WallTime,
}

/// How a mailbox listens, what it keeps and how it misbehaves.
pub struct Options {
    /// Where to listen; port 0 lets the system choose.
    pub addr: SocketAddr,
    /// What goes wrong, and when.
    pub faults: Faults,
    /// Name and password that are asked for; `None` offers no AUTH.
    pub login: Option<(String, String)>,
    /// Whether PIPELINING is offered (RFC 2920).
    pub pipelining: bool,
    /// Largest message in bytes; a longer one is read and refused with 552.
    pub max_message_bytes: usize,
    /// How many of the newest mails [`Mailbox::received`] remembers; 0 keeps none.
    pub keep: usize,
    /// Where else each accepted mail goes, in this order.
    pub sinks: Vec<Arc<dyn Sink>>,
    /// A session on which nothing is said for so long is closed with 421.
    pub idle: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            faults: Faults::None,
            login: None,
            pipelining: true,
            max_message_bytes: 10 << 20,
            keep: 1_000,
            sinks: Vec::new(),
            idle: Duration::from_secs(300),
        }
    }
}

/// What all sessions of a mailbox share.
struct Shared {
    options: Options,
    kept: Mutex<VecDeque<Mail>>,
    accepted: AtomicU64,
    connections: AtomicU64,
    messages: AtomicU64,
    attempts: fault::Attempts,
}

impl Shared {
    /// Hands a mail to the sinks and then to memory. An error means it was not accepted.
    fn accept(&self, mail: &Mail) -> io::Result<()> {
        for sink in &self.options.sinks {
            sink.accept(mail)?;
        }
        self.accepted.fetch_add(1, Ordering::Relaxed);
        if self.options.keep > 0 {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= self.options.keep {
                kept.pop_front();
            }
            kept.push_back(mail.clone());
        }
        Ok(())
    }
}

/// A running server; dropping it closes the port and every session.
pub struct Mailbox {
    addr: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

impl Mailbox {
    /// Binds the port and starts to accept on the present tokio runtime.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub async fn start(options: Options) -> io::Result<Mailbox> {
        let listener = TcpListener::bind(options.addr).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared {
            options,
            kept: Mutex::default(),
            accepted: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            attempts: fault::Attempts::default(),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Ok(Mailbox { addr, shared, listening })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The newest accepted mails, oldest first; at most [`Options::keep`].
    #[must_use]
    pub fn received(&self) -> Vec<Mail> {
        self.shared.kept.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// How many mails were accepted since the start, also those no longer kept.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.shared.accepted.load(Ordering::Relaxed)
    }

    /// How many connections were opened since the start.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                // Out of file handles: let some sessions end before trying again.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        while sessions.try_join_next().is_some() {}
        let connection = shared.connections.fetch_add(1, Ordering::Relaxed);
        sessions.spawn(run(stream, Arc::clone(&shared), connection));
    }
}

/// One session. An error on the line ends it: the other side is gone, there is nobody to tell.
async fn run(stream: TcpStream, shared: Arc<Shared>, connection: u64) {
    let _ = stream.set_nodelay(true);
    let _ = session::Session::new(stream, shared, connection).serve().await;
}

/// Now, on the wall clock.
fn now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
