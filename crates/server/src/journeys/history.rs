//! What a journey was: who changed what, and when.

use super::diff::{self, Difference};
use crate::app::SHOP;
use crate::settings::{JourneyDocument, kind};
use crate::shop_state::read_journey;
use beckon_core::time::{ShopTime, WallTime};
use beckon_store::Result;
use beckon_store::shop::{Document, ShopPlane};

/// Changes looked at; older ones stay in the store.
const CHANGES_MAX: usize = 60;

/// One change of a journey.
#[derive(Clone, Debug)]
pub struct Change {
    /// Version of the document after it.
    pub document: u64,
    /// When, on the wall clock.
    pub at: WallTime,
    /// When, on the shop's clock.
    pub shop_at: ShopTime,
    /// By whom.
    pub by: String,
    /// Version of the graph after it.
    pub graph: u32,
    /// It began a new version of the graph.
    pub published: bool,
    /// It was switched on or off.
    pub switched: Option<bool>,
    /// All else that changed.
    pub differences: Vec<Difference>,
    /// The text after it.
    pub text: String,
}

/// The changes of a journey, newest first; the first of all is its coming.
///
/// # Errors
/// The plane cannot be read.
pub fn of(plane: &ShopPlane, name: &str) -> Result<Vec<Change>> {
    let now = plane.get(SHOP, kind::JOURNEY, name)?;
    let mut documents: Vec<Document> = now.into_iter().collect();
    documents.extend(plane.past(SHOP, kind::JOURNEY, name)?);
    documents.truncate(CHANGES_MAX + 1);
    let read = |document: &Document| -> Option<JourneyDocument> {
        serde_json::from_str(document.body.as_deref()?).ok()
    };
    let bodies: Vec<Option<JourneyDocument>> = documents.iter().map(read).collect();
    let mut changes = Vec::new();
    for (at, document) in documents.iter().enumerate().take(CHANGES_MAX) {
        let Some(after) = &bodies[at] else { continue };
        let change = change(document, bodies.get(at + 1).and_then(Option::as_ref), after);
        // The program itself writes down that a version is empty; nobody changed anything.
        if !change.is_nothing() {
            changes.push(change);
        }
    }
    Ok(changes)
}

fn change(document: &Document, before: Option<&JourneyDocument>, after: &JourneyDocument) -> Change {
    let differences = match before.map(read_journey) {
        Some(Ok(before)) => {
            read_journey(after).map(|after| diff::between(&before, &after)).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    Change {
        document: document.version,
        at: document.changed_at,
        shop_at: ShopTime(if after.changed_at == 0 { document.changed_at.0 } else { after.changed_at }),
        by: document.changed_by.clone(),
        graph: after.graph.max(1),
        published: before.is_none_or(|before| before.graph != after.graph),
        switched: before
            .map_or(after.on.then_some(true), |before| (before.on != after.on).then_some(after.on)),
        differences,
        text: after.text.clone(),
    }
}

impl Change {
    fn is_nothing(&self) -> bool {
        !self.published && self.switched.is_none() && self.differences.is_empty()
    }
}
