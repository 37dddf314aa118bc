//! How a block would have done on the shop's last days: in the background, one at a time, on an index of its own that
//! learns from what came before and is asked about what came after.

use super::live::Arm;
use crate::app::App;
use crate::clock::wall_now;
use crate::run::follow;
use beckon_core::event::{Event, Mode};
use beckon_core::time::{DAY, ShopTime, WallTime};
use beckon_recommend::evaluate::{self, Trial};
use beckon_recommend::{Interaction, Kind, Limits, Recommender};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Days that are foretold.
pub const DAYS: i64 = 7;
/// Steps of shoppers that are asked about, of each arm; the error of a rate is then one percent at most.
const ASKED_MAX: usize = 4_000;
/// Events read at a time.
const SLICE: usize = 2_000;
/// The newest interactions kept in memory for a trial: some 80 bytes each.
const KEPT_MAX: usize = 5_000_000;
/// Fewer steps than these in the days foretold say nothing.
pub const STEPS_MIN: u32 = 100;

/// Trials of blocks by name.
#[derive(Default)]
pub struct Past {
    trials: Mutex<BTreeMap<String, State>>,
}

/// How far a trial is, and what it found.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// When it began.
    pub began: WallTime,
    /// Whether it still runs.
    pub running: bool,
    /// Hundredths that are done.
    pub percent: u8,
    /// Arm by arm: name, and what was found.
    pub found: Vec<(String, Trial)>,
    /// From when on was foretold.
    pub from: ShopTime,
    /// Interactions learned from before.
    pub learned: usize,
    /// Why it ended without a result; in English, for the log too.
    pub failed: Option<String>,
}

/// One thing a shopper did.
struct Did {
    visitor: u64,
    item: u32,
    kind: Kind,
    at_ms: i64,
    live: bool,
}

impl Past {
    /// What is known of a block.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<State> {
        self.lock().get(name).cloned()
    }

    /// Whether any trial runs.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.lock().values().any(|state| state.running)
    }

    /// Begins one, unless one runs. False then.
    pub fn start(self: &Arc<Self>, app: Arc<App>, name: &str, arms: Vec<Arm>) -> bool {
        {
            let mut trials = self.lock();
            if trials.values().any(|state| state.running) {
                return false;
            }
            let state = State { began: wall_now(), running: true, ..State::default() };
            trials.insert(name.to_owned(), state);
        }
        let (this, name) = (self.clone(), name.to_owned());
        // A thread of its own: a trial takes seconds to minutes, and threads that serve pages are few.
        std::thread::spawn(move || {
            // However it ends, the next one may begin.
            let _end = End(this.clone(), name.clone());
            if let Err(why) = this.run(&app, &name, &arms) {
                tracing::warn!(%why, block = name, "a block could not be tried on the last days");
                this.change(&name, |state| state.failed = Some(why.to_string()));
            }
        });
        true
    }

    fn run(&self, app: &App, name: &str, arms: &[Arm]) -> beckon_store::Result<()> {
        let (items, mut did) = read(app)?;
        did.sort_by_key(|one| one.at_ms);
        let from = cut(&did, app.now());
        let before = did.partition_point(|one| one.at_ms < from.0);
        self.change(name, |state| (state.from, state.learned, state.percent) = (from, before, 10));
        let of = |one: &Did| Interaction {
            visitor: one.visitor,
            item: &items[one.item as usize],
            kind: one.kind,
            at_ms: one.at_ms,
            live: one.live,
        };
        for (number, arm) in arms.iter().enumerate() {
            let mut index = Recommender::new(Limits::default());
            follow::tell_catalogue(app, |told| told(&mut index))?;
            index.set_now(from.0);
            for one in &did[..before] {
                index.observe(&Interaction { live: false, ..of(one) });
            }
            let later: Vec<Interaction> = did[before..].iter().map(of).collect();
            let part = 90.0 / arms.len() as f64;
            let found = evaluate::block(&mut index, &arm.block, &later, ASKED_MAX, |done| {
                if done % 256 == 0 {
                    let so_far = (number as f64 + done as f64 / later.len().max(1) as f64) * part;
                    self.change(name, |state| state.percent = 10 + so_far as u8);
                }
                true
            });
            self.change(name, |state| state.found.push((arm.name.clone(), found)));
        }
        Ok(())
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.lock().get_mut(name) {
            change(state);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, State>> {
        self.trials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct End(Arc<Past>, String);

impl Drop for End {
    fn drop(&mut self) {
        self.0.change(&self.1, |state| (state.running, state.percent) = (false, 100));
    }
}

/// Where the past ends and the days to foretell begin: a week ago, or the last third of a history that is shorter.
fn cut(did: &[Did], now: ShopTime) -> ShopTime {
    let week = now.minus(DAY.times(DAYS)).0;
    let (Some(first), Some(last)) = (did.first(), did.last()) else { return ShopTime(week) };
    let third = last.at_ms - (last.at_ms - first.at_ms) / 3;
    ShopTime(week.max(third))
}

/// What shoppers did as far as events are kept, and the names of the products in it.
fn read(app: &App) -> beckon_store::Result<(Vec<String>, Vec<Did>)> {
    let state = app.shop();
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let (mut items, mut did, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let slice = app.store.events(after, SLICE)?;
        let Some((last, _)) = slice.last() else { break };
        after = *last;
        for (_, row) in &slice {
            let Ok(event) = serde_json::from_slice::<Event>(&row.body) else { continue };
            for (item, kind) in follow::products(&state, &event) {
                let item = *numbers.entry(item).or_insert_with_key(|item| {
                    items.push(item.clone());
                    (items.len() - 1) as u32
                });
                let (visitor, at_ms) = (row.profile.0, event.occurred_at.0);
                did.push(Did { visitor, item, kind, at_ms, live: event.mode == Mode::Live });
            }
        }
        if did.len() > 2 * KEPT_MAX {
            did.drain(..did.len() - KEPT_MAX);
        }
    }
    Ok((items, did))
}
