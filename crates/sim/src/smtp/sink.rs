//! Where accepted mails go: the seam for the demo's mailbox, and the log that survives a kill of the sender.

use super::Mail;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Takes each accepted mail before its sender is told. It is called on the server's task: it must be quick.
pub trait Sink: Send + Sync {
    /// Keeps the mail.
    ///
    /// # Errors
    /// When it could not be kept: the sender then reads 451 and the mail counts as not accepted.
    fn accept(&self, mail: &Mail) -> io::Result<()>;
}

impl<F: Fn(&Mail) -> io::Result<()> + Send + Sync> Sink for F {
    fn accept(&self, mail: &Mail) -> io::Result<()> {
        self(mail)
    }
}

/// A file with a line of JSON for each accepted mail: `{"message_id":"…","to":"…","at":1700000000000}`.
pub struct JsonLines(Mutex<File>);

impl JsonLines {
    /// Opens the file for appending; makes it when there is none.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> io::Result<JsonLines> {
        Ok(JsonLines(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)))
    }
}

impl Sink for JsonLines {
    fn accept(&self, mail: &Mail) -> io::Result<()> {
        let id = message_id(&mail.raw).unwrap_or_default();
        let line = serde_json::json!({ "message_id": id, "to": mail.to, "at": mail.at.0 });
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One write for the whole line: a kill between two writes would leave half a line.
        file.write_all(format!("{line}\n").as_bytes())?;
        file.flush()
    }
}

/// The Message-ID of a message without its angle brackets; `None` when its header has none.
#[must_use]
pub fn message_id(raw: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"message-id:";
    let mut lines = raw.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let mut value = loop {
        let line = lines.next().filter(|line| !line.is_empty())?;
        if line.len() >= NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME) {
            break line[NAME.len()..].trim_ascii();
        }
    };
    if value.is_empty() {
        // A long identifier may stand on the folded line below its name (RFC 5322 §2.2.3).
        value = lines.next().filter(|line| line.first().is_some_and(|c| b" \t".contains(c)))?.trim_ascii();
    }
    let id = String::from_utf8_lossy(value);
    Some(id.trim_start_matches('<').trim_end_matches('>').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_is_found_in_the_header_only() {
        let raw = b"Subject: a\r\nMESSAGE-ID: <m1@shop.test>\r\n\r\nbody";
        assert_eq!(message_id(raw).as_deref(), Some("m1@shop.test"));
        assert_eq!(
            message_id(b"Message-ID:\r\n <long@shop.test>\r\n\r\n").as_deref(),
            Some("long@shop.test")
        );
        assert_eq!(message_id(b"Subject: a\r\n\r\nMessage-ID: <m1@shop.test>\r\n"), None);
        assert_eq!(message_id(b""), None);
    }
}
