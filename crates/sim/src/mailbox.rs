//! The built-in mailbox: what the demo's mail server has taken, as a page for people.
//!
//! Mails are hostile until shown otherwise. A mail's HTML stands in a sandboxed frame under a policy without
//! scripts, everything else is shown as text; both would hold without the other.

mod letter;
mod page;

#[cfg(test)]
mod tests;

pub use letter::Letter;
pub use page::{Options, router};

use crate::smtp::{Mail, Sink};
use beckon_core::time::WallTime;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many of the newest mails are kept.
const LETTERS_MAX: usize = 2_000;
/// And how many bytes of them; a few big mails must not fill the memory.
const BYTES_MAX: usize = 256 << 20;

/// A mail that is kept.
#[derive(Clone)]
struct Kept {
    number: u64,
    to: String,
    at: WallTime,
    from: String,
    subject: String,
    preview: String,
    raw: Arc<[u8]>,
}

#[derive(Default)]
struct Shelf {
    letters: VecDeque<Kept>,
    bytes: usize,
    /// Number of the newest; the next is one more. Also what the list's ETag is made of.
    newest: u64,
}

/// The newest mails, in memory. A [`Sink`] for the mail server; clones share the mails.
#[derive(Clone, Default)]
pub struct Letters(Arc<Mutex<Shelf>>);

impl Letters {
    /// An empty mailbox.
    #[must_use]
    pub fn new() -> Letters {
        Letters::default()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a mail; the oldest leave when there is no room.
    pub fn put(&self, mail: &Mail) {
        let letter = Letter::read(&mail.raw);
        let mut shelf = self.shelf();
        shelf.newest += 1;
        shelf.bytes += mail.raw.len();
        let kept = Kept {
            number: shelf.newest,
            to: mail.to.clone(),
            at: mail.at,
            from: letter.from,
            subject: letter.subject,
            preview: letter.preview,
            raw: Arc::clone(&mail.raw),
        };
        shelf.letters.push_back(kept);
        while shelf.letters.len() > LETTERS_MAX || (shelf.bytes > BYTES_MAX && shelf.letters.len() > 1) {
            let gone = shelf.letters.pop_front().map_or(0, |kept| kept.raw.len());
            shelf.bytes -= gone;
        }
    }

    /// How many mails are there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shelf().letters.len()
    }

    fn newest(&self) -> u64 {
        self.shelf().newest
    }

    fn get(&self, number: u64) -> Option<Kept> {
        let shelf = self.shelf();
        let first = shelf.letters.front()?.number;
        let at = usize::try_from(number.checked_sub(first)?).ok()?;
        shelf.letters.get(at).cloned()
    }

    /// The newest mails to addresses that contain `to`, newest first, and how many there are in all.
    fn list(&self, to: &str, most: usize) -> (Vec<Kept>, usize) {
        let wanted = to.trim().to_lowercase();
        let shelf = self.shelf();
        let found = || shelf.letters.iter().rev().filter(|kept| kept.to.to_lowercase().contains(&wanted));
        (found().take(most).cloned().collect(), found().count())
    }
}

impl Sink for Letters {
    fn accept(&self, mail: &Mail) -> io::Result<()> {
        self.put(mail);
        Ok(())
    }
}
