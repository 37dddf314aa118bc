//! The list as it grows, stage by stage: no item twice, variants of one product only when nothing else is
//! left.

use std::collections::HashSet;

use crate::id_map::{IdSet, ItemId};
use crate::items::Listed;
use crate::query::Pick;
use crate::reason::Reason;
use crate::recommender::Recommender;

/// Picks so far.
pub(crate) struct Picks {
    wanted: usize,
    stage: u8,
    variants: bool,
    items: IdSet,
    groups: HashSet<u64>,
    list: Vec<Pick>,
}

/// More stages than any chain has.
const STAGES: u8 = 64;

impl Picks {
    pub(crate) fn new(wanted: usize) -> Self {
        Self {
            wanted,
            stage: 0,
            variants: false,
            items: IdSet::default(),
            groups: HashSet::new(),
            list: Vec::new(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= self.wanted
    }

    /// Whatever is added from here on stands below what is there.
    pub(crate) fn next_stage(&mut self) {
        self.stage = (self.stage + 1).min(STAGES);
    }

    /// From here on variants of picked products may join.
    pub(crate) fn allow_variants(&mut self) {
        self.variants = true;
    }

    /// Whether an item is not yet in the list, nor a variant of it (unless variants may join).
    pub(crate) fn lacks(&self, id: ItemId, listed: &Listed) -> bool {
        !self.items.contains(&id) && (self.variants || !self.groups.contains(&listed.group))
    }

    /// Adds an item unless the list is full or has it. `strength` is any number from 0 up.
    pub(crate) fn push(
        &mut self,
        shop: &Recommender,
        id: ItemId,
        listed: &Listed,
        strength: f64,
        reason: impl FnOnce() -> Reason,
    ) {
        if self.is_full() || !self.lacks(id, listed) {
            return;
        }
        self.items.insert(id);
        self.groups.insert(listed.group);
        let score = f64::from(STAGES - self.stage) + strength / (1.0 + strength);
        // A stage ends in the next whole number below, and its own order holds even where f32 rounds.
        let ceiling = self.list.last().map_or(f32::INFINITY, |last| last.score);
        let item = shop.items.get(id).name.as_ref().to_owned();
        self.list.push(Pick { item, score: (score as f32).min(ceiling), reason: reason() });
    }

    pub(crate) fn into_list(self) -> Vec<Pick> {
        self.list
    }
}
