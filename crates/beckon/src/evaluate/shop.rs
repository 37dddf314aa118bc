//! The visits of a shop, read from its events.

use beckon_core::event::{Event, Fact};
use beckon_store::{Place, Store};
use std::collections::HashMap;

/// Events read at a time.
const SLICE: usize = 2_000;
/// A visit ends after so long without a view.
const IDLE_MS: i64 = 30 * 60_000;

/// One view of a product: its visit, the item's id as received, and when, in milliseconds since 1970.
pub struct View {
    pub visit: String,
    pub item: String,
    pub at_ms: i64,
}

/// All views of products, by visits.
pub fn views(place: &Place) -> Result<Vec<View>, String> {
    if let Place::Directory(dir) = place
        && !dir.is_dir()
    {
        return Err(format!("{}: no such directory", dir.display()));
    }
    let store = Store::open_at(place, &beckon_store::Options::default()).map_err(|why| why.to_string())?;
    let mut views: Vec<(u64, String, i64)> = Vec::new();
    let mut after = 0;
    loop {
        let slice = store.events(after, SLICE).map_err(|why| why.to_string())?;
        let Some((last, _)) = slice.last() else { break };
        after = *last;
        for (_, row) in &slice {
            let Ok(event) = serde_json::from_slice::<Event>(&row.body) else { continue };
            if let Fact::ProductViewed { item } = event.fact {
                views.push((row.profile.0, item.id, event.occurred_at.0));
            }
        }
    }
    Ok(by_visit(views))
}

/// Puts views of visitors into visits.
fn by_visit(mut views: Vec<(u64, String, i64)>) -> Vec<View> {
    views.sort_by_key(|(_, _, at_ms)| *at_ms);
    let mut visits: HashMap<u64, (u32, i64)> = HashMap::new();
    let visit = |(visitor, item, at_ms): (u64, String, i64)| {
        let (number, last_ms) = visits.entry(visitor).or_insert((0, at_ms));
        if at_ms.saturating_sub(*last_ms) > IDLE_MS {
            *number += 1;
        }
        *last_ms = at_ms;
        View { visit: format!("{visitor}-{number}"), item, at_ms }
    };
    views.into_iter().map(visit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_hour_of_quiet_begins_a_new_visit() {
        let minutes = |n: i64| n * 60_000;
        let view = |visitor, at_ms| (visitor, "tea".to_owned(), at_ms);
        let views = vec![view(1, minutes(90)), view(1, 0), view(2, minutes(5)), view(1, minutes(25))];
        let visits: Vec<String> = by_visit(views).into_iter().map(|view| view.visit).collect();
        assert_eq!(visits, ["1-0", "2-0", "1-0", "1-1"]);
    }
}
