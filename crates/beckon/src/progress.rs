//! How far long work is, told beside it: on a terminal in one line that moves, else a line every few seconds.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Tells on standard error.
pub struct Teller {
    next: Instant,
    live: bool,
    /// Letters of the line that stands on the terminal: a shorter one after it has to cover them.
    width: usize,
}

impl Default for Teller {
    fn default() -> Teller {
        Teller { next: Instant::now(), live: std::io::stderr().is_terminal(), width: 0 }
    }
}

impl Teller {
    /// Tells a line when it is time for one.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if Instant::now() < self.next {
            return;
        }
        let (line, width) = (line(), self.width);
        // Somebody who does not read along is no reason to stop.
        let mut out = std::io::stderr();
        let _ = if self.live { write!(out, "\r{line:width$}") } else { writeln!(out, "{line}") };
        let _ = out.flush();
        self.width = line.chars().count();
        self.next = Instant::now() + Duration::from_millis(if self.live { 200 } else { 5_000 });
    }

    /// Leaves the line that moved.
    pub fn end(&self) {
        if self.live && self.width > 0 {
            eprintln!();
        }
    }
}
