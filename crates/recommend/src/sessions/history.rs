//! Past sessions, oldest first, and for each item the sessions that hold it.

use crate::id_map::{IdMap, ItemId};

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

/// Past sessions as they are asked: those of the index, and on top of them those that came since.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    base: &'a History,
    recent: Option<&'a Recent>,
    own: Option<SessionId>,
}

impl<'a> Past<'a> {
    /// Nothing came since.
    pub(crate) fn of(base: &'a History) -> Self {
        Self { base, recent: None, own: None }
    }

    /// With what came since; `own` among it is the session that asks, which must not be its own neighbour.
    pub(crate) fn with(base: &'a History, recent: &'a Recent, own: Option<SessionId>) -> Self {
        Self { base, recent: Some(recent), own: own.map(|place| base.len() as SessionId + place) }
    }

    pub(crate) fn own(&self) -> Option<SessionId> {
        self.own
    }

    pub(crate) fn len(&self) -> usize {
        self.base.len() + self.recent.map_or(0, |recent| recent.sessions.len())
    }

    pub(crate) fn items(&self) -> usize {
        self.recent.map_or(self.base.items(), |recent| recent.items.max(self.base.items()))
    }

    pub(crate) fn session(&self, session: SessionId) -> &'a [ItemId] {
        match (session as usize).checked_sub(self.base.len()) {
            None => self.base.session(session),
            Some(place) => self.recent.map_or(&[], |recent| &recent.sessions[place]),
        }
    }

    /// The sessions that hold an item: those that came since, then those of the index, each oldest first.
    pub(crate) fn sessions_with(&self, item: ItemId) -> (&'a [SessionId], &'a [SessionId]) {
        let newest = self.recent.and_then(|recent| recent.postings.get(&item)).map_or(&[][..], Vec::as_slice);
        let known = (item as usize) < self.base.items();
        (newest, if known { self.base.sessions_with(item) } else { &[] })
    }
}

/// Sessions that came since the index was built and still grow, click by click.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    /// Sessions of the index before these.
    base: SessionId,
    /// Items are numbered below it.
    items: usize,
    sessions: Vec<Vec<ItemId>>,
    postings: IdMap<Vec<SessionId>>,
}

impl Recent {
    /// To stand on top of an index of so many sessions and items.
    pub(crate) fn on(base: &History) -> Self {
        Self { base: base.len() as SessionId, items: base.items(), ..Self::default() }
    }

    /// Begins a session; its place.
    pub(crate) fn begin(&mut self) -> SessionId {
        self.sessions.push(Vec::new());
        (self.sessions.len() - 1) as SessionId
    }

    /// Adds a click to the session at a place, by the rules of [`History`].
    pub(crate) fn click(&mut self, place: SessionId, item: ItemId) {
        self.items = self.items.max(item as usize + 1);
        let session = &mut self.sessions[place as usize];
        if session.last() == Some(&item) || session.len() >= MAX_SESSION_ITEMS {
            return;
        }
        if !session.contains(&item) {
            // Sessions grow side by side, so the number may not be the newest.
            let with = self.postings.entry(item).or_default();
            let number = self.base + place;
            let at = with.partition_point(|other| *other < number);
            with.insert(at, number);
        }
        session.push(item);
    }

    /// Empties the session at a place.
    pub(crate) fn empty(&mut self, place: SessionId) {
        let number = self.base + place;
        for item in std::mem::take(&mut self.sessions[place as usize]) {
            if let Some(with) = self.postings.get_mut(&item) {
                with.retain(|other| *other != number);
            }
        }
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let sessions: usize = self.sessions.iter().map(|one| 24 + one.capacity() * size_of::<ItemId>()).sum();
        let postings: usize = self.postings.values().map(|one| 40 + one.capacity() * 4).sum();
        sessions + postings
    }
}
