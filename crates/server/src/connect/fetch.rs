//! Gets a product feed from a file or an http(s) address into a reader, without trusting either.
//!
//! An address is a stranger's wish to make this server call something: it may only reach the public internet,
//! also after a redirect, and the connection goes to the very address that was checked. What comes is bounded
//! in size and time, and lies in a nameless temporary file while it is read, so a slow site never holds an
//! import open.

mod address;
mod download;
#[cfg(test)]
mod tests;
mod unpack;

use super::Notice;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

pub use address::is_public;
pub(crate) use download::client;

/// How far a fetch may go.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the feed, as sent and also once unpacked.
    pub max_bytes: u64,
    /// For a connection to stand.
    pub connect_timeout: Duration,
    /// Between two pieces of the answer.
    pub idle_timeout: Duration,
    /// For all of it, redirects included.
    pub total_timeout: Duration,
    /// Redirects followed.
    pub max_redirects: usize,
    /// Lets it reach private and local networks: for tests and the demo only.
    pub allow_private: bool,
    /// Where the download lies while it is read.
    pub temp_dir: PathBuf,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_bytes: 2 << 30,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(30 * 60),
            max_redirects: 5,
            allow_private: false,
            temp_dir: std::env::temp_dir(),
        }
    }
}

/// A feed at hand: reads as plain bytes, already unpacked when it was gzip. Reading it blocks, on the disk
/// only.
pub struct Opened {
    reader: Box<dyn Read + Send>,
    /// Bytes as stored or sent, before unpacking.
    pub bytes: u64,
}

impl Read for Opened {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.reader.read(out)
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError(pub Notice);

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl std::error::Error for FetchError {}

fn failed(code: &'static str, en: impl Into<Box<str>>, ru: impl Into<Box<str>>) -> FetchError {
    FetchError(Notice::new(code, en, ru))
}

fn too_large(max_bytes: u64) -> FetchError {
    failed(
        "too_large",
        format!("the feed is larger than {max_bytes} bytes, the limit"),
        format!("фид больше предела в {max_bytes} байт"),
    )
}

/// Opens what `location` names: an http or https address, or else the path of a file on this machine. Paths
/// are the administrator's; whoever lets others type a location must let them type addresses only.
///
/// # Errors
/// When it cannot be had within the limits, or may not be reached; the text names the site without its
/// secrets.
pub async fn open(location: &str, limits: &Limits) -> Result<Opened, FetchError> {
    let location = location.trim();
    match url::Url::parse(location) {
        // One letter before the colon is a disk of Windows.
        Ok(url) if url.scheme().len() > 1 => {
            let allowed = if limits.allow_private { |_| true } else { is_public };
            let all = download::download(url, limits, allowed);
            let done = tokio::time::timeout(limits.total_timeout, all).await;
            let (file, bytes) = done.map_err(|_| slow(limits.total_timeout))??;
            Ok(Opened { reader: unpack::unpack(file, limits.max_bytes).map_err(|e| unreadable(&e))?, bytes })
        }
        _ => open_file(location, limits),
    }
}

fn open_file(path: &str, limits: &Limits) -> Result<Opened, FetchError> {
    // Asked before opening: opening a pipe would wait for its writer.
    let facts = std::fs::metadata(path).map_err(|e| unreadable(&e))?;
    if !facts.is_file() {
        return Err(failed(
            "not_a_file",
            "the path is a folder or a device, not a file",
            "путь ведёт к папке или устройству, а не к файлу",
        ));
    }
    if facts.len() > limits.max_bytes {
        return Err(too_large(limits.max_bytes));
    }
    let file = File::open(path).map_err(|e| unreadable(&e))?;
    Ok(Opened {
        reader: unpack::unpack(file, limits.max_bytes).map_err(|e| unreadable(&e))?,
        bytes: facts.len(),
    })
}

fn unreadable(error: &io::Error) -> FetchError {
    failed("unreadable", format!("the feed cannot be read: {error}"), format!("фид не читается: {error}"))
}

fn slow(limit: Duration) -> FetchError {
    let secs = limit.as_secs_f32();
    failed(
        "slow",
        format!("the site did not answer in time ({secs} s)"),
        format!("сайт не ответил вовремя ({secs} с)"),
    )
}
