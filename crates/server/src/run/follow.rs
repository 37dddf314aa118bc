//! Following: the shop's plane as other processes change it, and committed events into the recommender.

use crate::access::keys;
use crate::app::{App, Arrival, SHOP};
use crate::facts::catalogue::Catalogue;
use crate::facts::goods::Goods;
use crate::shop_state::ShopState;
use beckon_core::catalogue::Offer;
use beckon_core::event::{Event, Fact, ItemRef, Mode, OrderStatus};
use beckon_core::ids::ProfileId;
use beckon_recommend::{Interaction, Kind, Recommender};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// How often the plane is asked for its version: another process cannot raise a hand.
const POLL: Duration = Duration::from_secs(1);
/// How often what is only kept for a time is looked through.
const HOUSE: Duration = Duration::from_secs(60);
/// Offers read whole at a time, for the recommender.
const PAGE: usize = 500;

/// Replaces the snapshot of the shop whenever its plane has a new version.
pub async fn plane(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut kept = Instant::now();
    while !*stop.borrow() {
        tokio::select! {
            () = app.plane_changed.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            _ = stop.changed() => return,
        }
        let reload = app.clone();
        let house = kept.elapsed() >= HOUSE;
        if house {
            kept = Instant::now();
        }
        let work = move || {
            let changed = reload_if_changed(&reload)?;
            if house {
                keep_house(&reload)?;
            }
            Ok::<_, beckon_store::Error>(changed)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Err(why)) => tracing::error!(%why, "the shop's settings cannot be read"),
            Ok(Ok(_)) => app.role.saw_plane(),
            Err(_) => {}
        }
    }
}

/// Writes down which keys were used, and forgets of the log what was kept long enough.
fn keep_house(app: &App) -> beckon_store::Result<()> {
    keys::flush(&app.plane, &app.shop().keys, SHOP)?;
    app.plane.prune_audit(SHOP, app.clock.wall())
}

/// Reads the plane again if its version moved.
///
/// # Errors
/// The plane cannot be read; the snapshot before stays in use.
pub fn reload_if_changed(app: &App) -> beckon_store::Result<bool> {
    let before = app.shop();
    if app.plane.version()? == before.version {
        return Ok(false);
    }
    let state = ShopState::load(&app.plane, SHOP, Some(&before))?;
    for trouble in &state.troubles {
        tracing::warn!(trouble, "a document of the shop cannot be used");
    }
    let new_catalogue = state.catalogue.version != before.catalogue.version;
    app.state.store(Arc::new(state));
    if new_catalogue {
        tell_recommender(app)?;
    }
    Ok(true)
}

/// Tells the recommender of the whole catalogue; what is gone from it is recommended no more.
///
/// # Errors
/// The plane cannot be read.
pub fn tell_recommender(app: &App) -> beckon_store::Result<()> {
    let before: Vec<String> = {
        let recommender = app.recommender.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        recommender.item_ids().map(str::to_owned).collect()
    };
    let kept = tell_catalogue(app, |told| told(&mut write(app)))?;
    for gone in before.iter().filter(|id| !kept.contains(*id)) {
        write(app).remove_item(gone);
    }
    Ok(())
}

/// Tells an index of the whole catalogue, a page at a time; `with` lends it for each. Returns the ids told
/// of.
///
/// # Errors
/// The plane cannot be read.
pub fn tell_catalogue(
    app: &App,
    mut with: impl FnMut(&mut dyn FnMut(&mut Recommender)),
) -> beckon_store::Result<HashSet<String>> {
    for category in app.plane.categories(SHOP)? {
        let parent = (!category.parent.is_empty()).then_some(category.parent.as_str());
        with(&mut |index| {
            index.set_category_parent(&category.id, parent);
        });
    }
    let mut cards = Vec::new();
    Catalogue::load(&app.plane, SHOP, |card| cards.push(card.clone()))?;
    for page in cards.chunks(PAGE) {
        let numbers: Vec<u64> = page.iter().map(|card| card.number).collect();
        let offers: HashMap<u64, Offer> = app.plane.offers(SHOP, &numbers)?.into_iter().collect();
        for card in page {
            let goods = Goods::new(card, offers.get(&card.number));
            with(&mut |index| index.set_item(&card.id, goods.facts()));
        }
    }
    Ok(cards.into_iter().map(|card| card.id).collect())
}

fn write(app: &App) -> std::sync::RwLockWriteGuard<'_, beckon_recommend::Recommender> {
    app.recommender.write().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Feeds committed events to the recommender and to the page of arrivals: those of another program as they
/// are found in the store, our own as they are committed.
pub async fn events(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut committed = app.decider.shared().committed.subscribe();
    loop {
        let batch = tokio::select! {
            batch = committed.recv() => batch,
            () = tokio::time::sleep(POLL), if !app.role.owns() => {
                let work = app.clone();
                drop(tokio::task::spawn_blocking(move || tail(&work, None)).await);
                continue;
            }
            () = app.role.owned(), if !app.role.owns() => continue,
            _ = stop.changed() => return,
        };
        match batch {
            Ok(batch) => {
                for (profile, incoming) in batch.iter() {
                    observe(&app, *profile, &incoming.event);
                    if incoming.event.mode == Mode::Live {
                        app.arrived(Arrival::Event(incoming.clone()));
                    }
                }
            }
            Err(RecvError::Lagged(lost)) => {
                tracing::info!(lost, "the recommender fell behind and left batches out")
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Fills the recommender from the events on disk, oldest first, in slices. Blocks; to be run beside
/// everything else.
///
/// # Errors
/// The store cannot be read.
pub fn refill(app: &App) -> beckon_store::Result<()> {
    tell_recommender(app)?;
    let mut after = 0;
    loop {
        let Some(last) = observe_after(app, after)? else {
            app.role.tail().after = Some(after);
            app.role.saw_events();
            return Ok(());
        };
        after = last;
    }
}

/// Tells the recommender of a slice of the events on disk; gives back the number of the last.
fn observe_after(app: &App, after: i64) -> beckon_store::Result<Option<i64>> {
    let slice = app.store.events(after, SLICE)?;
    for (_, row) in &slice {
        if let Ok(event) = serde_json::from_slice::<Event>(&row.body) {
            observe(app, row.profile, &event);
        }
    }
    Ok(slice.last().map(|(last, _)| *last))
}

/// Follows the events that another program committed, once the recommender is filled. Blocks.
fn tail(app: &App, until: Option<Instant>) {
    while until.is_none_or(|until| Instant::now() < until) {
        // Slice by slice, so that whoever takes over need not wait for all of them.
        let mut tail = app.role.tail();
        let Some(after) = tail.after.filter(|_| !tail.is_over) else { return };
        match observe_after(app, after) {
            Ok(Some(last)) => tail.after = Some(last),
            Ok(None) => return app.role.saw_events(),
            Err(why) => return tracing::debug!(%why, "events cannot be followed now"),
        }
    }
}

/// Follows what the former owner committed to its end, if that is near; from then on events are heard of as
/// they are committed here.
pub fn end_of_tail(app: &App, patience: Duration) {
    tail(app, Some(Instant::now() + patience));
    app.role.tail().is_over = true;
}

/// Events read at a time.
const SLICE: usize = 2_000;

/// What an event says of products, by the ids of the catalogue; nothing where it says nothing.
#[must_use]
pub fn products(state: &ShopState, event: &Event) -> Vec<(String, Kind)> {
    let items: Vec<(&ItemRef, Kind)> = match &event.fact {
        Fact::ProductViewed { item } => vec![(item, Kind::View)],
        Fact::CartAdded { line, .. } => vec![(&line.item, Kind::Cart)],
        Fact::Order(order) if order.status == OrderStatus::Completed => {
            order.lines.iter().map(|line| (&line.item, Kind::Order)).collect()
        }
        _ => return Vec::new(),
    };
    let known = |item: &ItemRef| beckon_core::desk::Offers::resolve(&*state.catalogue, item);
    items.into_iter().map(|(item, kind)| (known(item).unwrap_or_else(|| item.id.clone()), kind)).collect()
}

/// Tells the recommender of one event.
fn observe(app: &App, visitor: ProfileId, event: &Event) {
    let products = products(&app.shop(), event);
    if products.is_empty() {
        return;
    }
    for (item, _) in products.iter().filter(|(_, kind)| *kind == Kind::View) {
        app.learned.observe(visitor.0, item, event.occurred_at);
    }
    let mut recommender = write(app);
    recommender.set_now(app.now().0);
    for (item, kind) in &products {
        recommender.observe(&Interaction {
            visitor: visitor.0,
            item,
            kind: *kind,
            at_ms: event.occurred_at.0,
            live: event.mode == Mode::Live,
        });
    }
}
