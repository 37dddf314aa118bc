//! What the other side sends: lines of bounded length, and a message up to its final dot.

use std::io;
use tokio::io::AsyncReadExt;
use tokio::net::tcp::OwnedReadHalf;

/// Longest command line in bytes; RFC 5321 asks for 512, AUTH and long paths need more.
const MAX_LINE: usize = 4_096;
/// Bytes asked from the socket at once.
const CHUNK: usize = 64 * 1024;

/// Bytes read and not yet understood.
pub(super) struct Input {
    stream: OwnedReadHalf,
    buffer: Vec<u8>,
    start: usize,
}

/// A message as read.
pub(super) enum Body {
    /// The whole message, dots removed.
    Whole(Vec<u8>),
    /// Longer than allowed; read to its end and thrown away.
    TooLong,
}

impl Input {
    pub(super) fn new(stream: OwnedReadHalf) -> Input {
        Input { stream, buffer: Vec::with_capacity(CHUNK), start: 0 }
    }

    /// The next whole line without its end, if it was read already.
    pub(super) fn buffered_line(&mut self) -> io::Result<Option<String>> {
        let rest = &self.buffer[self.start..];
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            if rest.len() > MAX_LINE {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a command line is too long"));
            }
            return Ok(None);
        };
        let line = String::from_utf8_lossy(&rest[..end]).trim_end_matches('\r').to_owned();
        self.start += end + 1;
        Ok(Some(line))
    }

    /// Reads more. An end of the line is an error: whatever was being read is incomplete.
    pub(super) async fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.reserve(CHUNK);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Reads lines up to the one that is a single dot (RFC 5321 §4.5.2), holding at most `max` bytes of them.
    pub(super) async fn body(&mut self, max: usize) -> io::Result<Body> {
        let mut message = Vec::new();
        let mut too_long = false;
        loop {
            let rest = &self.buffer[self.start..];
            let mut used = 0;
            while let Some(length) = rest[used..].iter().position(|byte| *byte == b'\n') {
                let line = &rest[used..used + length + 1];
                used += line.len();
                if matches!(line, b".\r\n" | b".\n") {
                    self.start += used;
                    return Ok(if too_long { Body::TooLong } else { Body::Whole(message) });
                }
                too_long |= message.len() + line.len() > max;
                if !too_long {
                    message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
                }
            }
            if rest.len() - used > max {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line of a message is too long"));
            }
            self.start += used;
            self.fill().await?;
        }
    }
}
