//! Counting the links of one message while it renders.

use std::sync::atomic::{AtomicU64, Ordering};

use minijinja::value::Object;

use crate::links::Links;

/// Makes the click addresses of one message while it renders.
#[derive(Debug)]
pub(crate) struct Tracker {
    links: Links,
    message: u64,
    made: AtomicU64,
}

impl Object for Tracker {}

impl Tracker {
    pub(crate) fn new(links: Links, message: u64) -> Tracker {
        Tracker { links, message, made: AtomicU64::new(0) }
    }

    pub(crate) fn click(&self, index: u16, url: &str) -> String {
        let address = self.links.click(self.message, index, url);
        if !address.is_empty() {
            self.made.fetch_add(1, Ordering::Relaxed);
        }
        address
    }

    pub(crate) fn count(&self) -> usize {
        usize::try_from(self.made.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }
}
