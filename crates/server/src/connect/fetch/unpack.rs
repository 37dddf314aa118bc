//! Takes the gzip off, told by its first bytes: names and headers say it too seldom, and sometimes wrongly.

use flate2::read::MultiGzDecoder;
use std::io::{self, Read};

/// A packed file that was packed once more on its way is real; a third layer is a trap.
const LAYERS: usize = 2;

/// The plain bytes of `packed`, at most `max_bytes` of them.
pub(super) fn unpack(packed: impl Read + Send + 'static, max_bytes: u64) -> io::Result<Box<dyn Read + Send>> {
    let mut reader: Box<dyn Read + Send> = Box::new(packed);
    for _ in 0..LAYERS {
        let mut head = Vec::with_capacity(2);
        reader.by_ref().take(2).read_to_end(&mut head)?;
        let is_gzip = head == [0x1f, 0x8b];
        let whole = io::Cursor::new(head).chain(reader);
        if !is_gzip {
            return Ok(Box::new(whole));
        }
        reader = Box::new(Bounded { inner: MultiGzDecoder::new(io::BufReader::new(whole)), left: max_bytes });
    }
    Ok(reader)
}

/// Fails, rather than ends, when more comes than may.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        self.left = self
            .left
            .checked_sub(n as u64)
            .ok_or_else(|| io::Error::other("unpacked, it is over the size limit"))?;
        Ok(n)
    }
}
