//! Past sessions, oldest first, and for each item the sessions that hold it.

use crate::id_map::ItemId;

/// Number of a session: a later one is newer.
pub(crate) type SessionId = u32;

/// Items of one session that are kept, the last ones: what is longer is a crawler or a shared till.
const MAX_SESSION_ITEMS: usize = 60;

/// Sessions in two flat arrays and their inversion.
#[derive(Clone, Debug)]
pub(crate) struct History {
    starts: Vec<u32>,
    clicks: Vec<ItemId>,
    posting_starts: Vec<u32>,
    postings: Vec<SessionId>,
}

impl History {
    /// Takes sessions oldest first; items are numbered below `items`. An item clicked twice in a row counts
    /// once.
    pub(crate) fn new<'a>(sessions: impl Iterator<Item = &'a [ItemId]>, items: usize) -> Self {
        let mut history = Self {
            starts: vec![0],
            clicks: Vec::new(),
            posting_starts: vec![0; items + 1],
            postings: Vec::new(),
        };
        for session in sessions {
            let kept = &session[session.len().saturating_sub(MAX_SESSION_ITEMS)..];
            let first = history.clicks.len();
            for item in kept {
                if history.clicks.len() == first || history.clicks.last() != Some(item) {
                    history.clicks.push(*item);
                }
            }
            history.starts.push(history.clicks.len() as u32);
        }
        history.invert(items);
        history
    }

    fn invert(&mut self, items: usize) {
        let mut last_in: Vec<SessionId> = vec![SessionId::MAX; items];
        let mut pairs: Vec<(ItemId, SessionId)> = Vec::with_capacity(self.clicks.len());
        for session in 0..self.len() as SessionId {
            for item in self.session(session) {
                if last_in[*item as usize] != session {
                    last_in[*item as usize] = session;
                    pairs.push((*item, session));
                }
            }
        }
        for (item, _) in &pairs {
            self.posting_starts[*item as usize + 1] += 1;
        }
        for item in 0..items {
            self.posting_starts[item + 1] += self.posting_starts[item];
        }
        let mut next = self.posting_starts.clone();
        self.postings = vec![0; pairs.len()];
        for (item, session) in pairs {
            let place = &mut next[item as usize];
            self.postings[*place as usize] = session;
            *place += 1;
        }
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let words = self.starts.capacity() + self.clicks.capacity();
        (words + self.posting_starts.capacity() + self.postings.capacity()) * size_of::<u32>()
    }

    /// Number of sessions.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of items.
    pub(crate) fn items(&self) -> usize {
        self.posting_starts.len() - 1
    }

    /// The items of a session in the order of clicks.
    pub(crate) fn session(&self, session: SessionId) -> &[ItemId] {
        let session = session as usize;
        &self.clicks[self.starts[session] as usize..self.starts[session + 1] as usize]
    }

    /// The sessions that hold an item, oldest first.
    pub(crate) fn sessions_with(&self, item: ItemId) -> &[SessionId] {
        let item = item as usize;
        &self.postings[self.posting_starts[item] as usize..self.posting_starts[item + 1] as usize]
    }
}
