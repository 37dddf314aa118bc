//! Visits as they happen: a view counts at once, a model of them is learned in the background and takes the
//! place of the one before without a pause.
//!
//! The index stays as it was built; what came since lies on top of it (see [`Past`]) and votes among the
//! session neighbours from its first click on. Tables, vectors and trees learn of it with the next model.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::id_map::ItemId;
use crate::sessions::history::{Past, Recent, SessionId};
use crate::sessions::log::{Visit, VisitLog, renumber};
use crate::sessions::ranker::Ranker;
use crate::visits::{MAX_VISIT_CLICKS, Profile, VisitModel};

/// A visit ends after so long without a click.
const IDLE_MS: i64 = 30 * 60_000;
const HOUR_MS: i64 = 3_600_000;
/// Clicks of one visitor that count within an hour. A person stays below, a bot does not.
const MAX_PER_HOUR: u16 = 200;
/// Clicks that are kept for learning, the newest, and those that may lie on top of an index.
const MAX_LEARNED: usize = 20_000_000;
const MAX_RECENT: usize = 2_000_000;
/// Longest id of an item, in bytes, and items that may come on top of those the model knows.
const MAX_NAME_BYTES: usize = 200;
const MAX_NEW_ITEMS: usize = 200_000;

/// A question: what comes next for somebody.
#[derive(Clone, Copy, Debug, Default)]
pub struct VisitQuestion<'a> {
    /// Who asks, as in [`LiveVisits::observe`]: their own visit does not count among the past ones.
    pub visitor: Option<u64>,
    /// Items of the visit, oldest first. When empty, those the visitor viewed in the visit that is going on.
    pub visit: &'a [&'a str],
    /// How much work goes into the answer.
    pub profile: Profile,
}

/// A model of visits that is fed while it is asked. All methods take `&self`: share it by an `Arc`.
#[derive(Debug)]
pub struct LiveVisits {
    state: RwLock<State>,
}

impl Default for LiveVisits {
    fn default() -> Self {
        let nothing = VisitModel::of(Vec::new(), Some(Ranker::fused(&[], 0)));
        Self::known(nothing, VisitLog::default())
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) model: Arc<VisitModel>,
    pub(crate) log: Arc<VisitLog>,
    since: Since,
    /// Visitors whose visits the log still holds and must not pass on.
    pub(crate) forgotten: HashSet<u64>,
}

/// What came since the model was learned.
#[derive(Debug, Default)]
struct Since {
    recent: Recent,
    /// As in `recent`, with clicks repeated in a row.
    visits: Vec<Visit>,
    open: HashMap<u64, Open>,
    names: Vec<String>,
    numbers: HashMap<String, ItemId>,
    clicks: usize,
    /// Visits of places below are in a lesson by now, unless somebody still made them then.
    taken: Vec<bool>,
}

/// The visit of somebody who is here.
#[derive(Clone, Copy, Debug)]
struct Open {
    place: SessionId,
    last_ms: i64,
    hour_ms: i64,
    counted: u16,
}

/// What a model is to be learned from: taken in no time, learned from elsewhere.
#[derive(Debug)]
pub struct Lesson {
    names: Vec<String>,
    log: VisitLog,
    forgotten: HashSet<u64>,
}

/// What was learned, to take the place of what was known.
#[derive(Debug)]
pub struct Learned {
    model: VisitModel,
    log: VisitLog,
    forgotten: HashSet<u64>,
}

impl Lesson {
    /// Learns: seconds to minutes, on one core. Afterwards [`LiveVisits::adopt`] puts it to use.
    pub fn learn(self, profile: Profile) -> Learned {
        let visits: Vec<&[ItemId]> = (0..self.log.len()).map(|visit| self.log.items(visit)).collect();
        let items = self.names.len();
        let ranker = match profile {
            Profile::Fast => Ranker::fused(&visits, items),
            Profile::Ranked => Ranker::train(&visits, items),
        };
        Learned { model: VisitModel::of(self.names, Some(ranker)), log: self.log, forgotten: self.forgotten }
    }

    /// Clicks it holds.
    pub fn clicks(&self) -> usize {
        self.log.iter().map(|(_, _, clicks)| clicks.len()).sum()
    }
}

impl LiveVisits {
    /// Of a shop nobody visited yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn known(model: VisitModel, log: VisitLog) -> Self {
        let since = Since::on(&model);
        let state = State { model: Arc::new(model), log: Arc::new(log), since, forgotten: HashSet::new() };
        Self { state: RwLock::new(state) }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a view, at once. False when it does not count: too many of one visitor within an hour, or an id
    /// too long. `at_ms` is in milliseconds since 1970; a clock that runs backward makes no new visit.
    pub fn observe(&self, visitor: u64, item: &str, at_ms: i64) -> bool {
        let mut state = self.write();
        let State { model, since, .. } = &mut *state;
        since.observe(model, visitor, item, at_ms)
    }

    /// What comes next, best first; only what `admits` lets through, which must not call back into this.
    /// Items of the visit itself may be among them.
    pub fn next(&self, question: &VisitQuestion, admits: impl Fn(&str) -> bool) -> Vec<String> {
        let state = self.read();
        let model = Arc::clone(&state.model);
        let Some(ranker) = model.ranker() else { return Vec::new() };
        let known = model.names();
        let own = question.visitor.and_then(|visitor| state.since.open.get(&visitor));
        let visit: Vec<ItemId> = match own {
            Some(own) if question.visit.is_empty() => state.since.visits[own.place as usize].clicks.clone(),
            _ => {
                let last = &question.visit[question.visit.len().saturating_sub(MAX_VISIT_CLICKS)..];
                last.iter().filter_map(|item| state.since.number(&model, item)).collect()
            }
        };
        if visit.is_empty() {
            return Vec::new();
        }
        let past = Past::with(&ranker.index.history, &state.since.recent, own.map(|own| own.place));
        let name = |item: ItemId| state.since.name(known, item);
        let candidates =
            model.with_jury(ranker, |jury| ranker.candidates(jury, past, &visit, |item| admits(name(item))));
        let late: HashMap<ItemId, String> = candidates
            .iter()
            .filter(|one| one.item as usize >= known.len())
            .map(|one| (one.item, name(one.item).to_owned()))
            .collect();
        // The trees take longest, and need nothing that is written to meanwhile.
        drop(state);
        let next = ranker.order(&visit, &candidates, question.profile == Profile::Ranked).into_iter();
        next.filter_map(|item| known.get(item as usize).or_else(|| late.get(&item)).cloned()).collect()
    }

    /// Takes what is to be learned, one lesson at a time: all visits that ended since a time, and none that
    /// is still going on. It holds up others only while visits are copied.
    pub fn lesson(&self, now_ms: i64, since_ms: i64) -> Lesson {
        let (mut visits, model, names, log, forgotten) = {
            let mut state = self.write();
            let visits = state.since.take_ended(now_ms);
            let (model, log) = (Arc::clone(&state.model), Arc::clone(&state.log));
            (visits, model, state.since.names.clone(), log, state.forgotten.clone())
        };
        let clicks: usize = visits.iter().map(|visit| visit.clicks.len()).sum();
        visits.retain(|visit| visit.end_ms >= since_ms);
        let mut all: Vec<Visit> =
            log.kept(&forgotten, since_ms, MAX_LEARNED.saturating_sub(clicks)).collect();
        all.append(&mut visits);
        let known = model.names();
        let name = |item: ItemId| {
            let place = item as usize;
            known.get(place).or_else(|| names.get(place - known.len())).cloned().unwrap_or_default()
        };
        let names = renumber(&mut all, name);
        Lesson { names, log: VisitLog::new(all), forgotten }
    }

    /// Puts what was learned in the place of what was known. What came after the lesson was taken stays on
    /// top.
    pub fn adopt(&self, learned: Learned) {
        let Learned { model, log, forgotten } = learned;
        // Whoever still asks the old model keeps it for so long; it is freed outside of the lock.
        let (model, log) = (Arc::new(model), Arc::new(log));
        let mut state = self.write();
        let since = state.since.moved(state.model.names(), &model);
        state.forgotten.retain(|visitor| !forgotten.contains(visitor));
        let before = (
            std::mem::replace(&mut state.model, model),
            std::mem::replace(&mut state.log, log),
            std::mem::replace(&mut state.since, since),
        );
        drop(state);
        drop(before);
    }

    /// Forgets who a visitor is and what they viewed: at once in what came since the last model, in what is
    /// written to a snapshot and in what is learned from; what the present model drew from it goes with the
    /// next.
    pub fn forget(&self, visitor: u64) {
        let mut state = self.write();
        state.since.forget(visitor);
        state.forgotten.insert(visitor);
    }

    /// The model as last learned, for [`crate::Recommender::use_visits`].
    pub fn model(&self) -> Arc<VisitModel> {
        Arc::clone(&self.read().model)
    }

    /// Estimate of the memory held, in bytes: model, visits kept for learning, and what came since.
    pub fn memory_bytes(&self) -> usize {
        let state = self.read();
        state.model.memory_bytes() + state.log.memory_bytes() + state.since.memory_bytes()
    }

    /// Visits that no model has learned of yet.
    pub(crate) fn unlearned(state: &State) -> impl Iterator<Item = &Visit> {
        state.since.visits.iter()
    }

    /// The name of an item.
    pub(crate) fn item_name(state: &State, item: ItemId) -> String {
        state.since.name(state.model.names(), item).to_owned()
    }
}

impl Since {
    fn on(model: &VisitModel) -> Self {
        let recent = model.ranker().map(|ranker| Recent::on(&ranker.index.history)).unwrap_or_default();
        Self { recent, ..Self::default() }
    }

    fn number(&self, model: &VisitModel, item: &str) -> Option<ItemId> {
        model.number(item).or_else(|| self.numbers.get(item).copied())
    }

    fn name<'a>(&'a self, known: &'a [String], item: ItemId) -> &'a str {
        let place = item as usize;
        known.get(place).or_else(|| self.names.get(place - known.len())).map_or("", String::as_str)
    }

    fn intern(&mut self, model: &VisitModel, item: &str) -> Option<ItemId> {
        if let Some(number) = self.number(model, item) {
            return Some(number);
        }
        if item.len() > MAX_NAME_BYTES || item.is_empty() || self.names.len() >= MAX_NEW_ITEMS {
            return None;
        }
        let number = (model.names().len() + self.names.len()) as ItemId;
        self.numbers.insert(item.to_owned(), number);
        self.names.push(item.to_owned());
        Some(number)
    }

    fn observe(&mut self, model: &VisitModel, visitor: u64, item: &str, at_ms: i64) -> bool {
        let here = self.open.get(&visitor).copied();
        let at_ms = here.map_or(at_ms, |here| at_ms.max(here.last_ms));
        let new_hour = here.is_none_or(|here| at_ms.saturating_sub(here.hour_ms) >= HOUR_MS);
        let counted = here.filter(|_| !new_hour).map_or(0, |here| here.counted);
        if counted >= MAX_PER_HOUR || self.clicks >= MAX_RECENT {
            return false;
        }
        let Some(item) = self.intern(model, item) else { return false };
        let going_on = here.filter(|here| {
            at_ms.saturating_sub(here.last_ms) <= IDLE_MS
                && self.visits[here.place as usize].clicks.len() < MAX_VISIT_CLICKS
                && !self.taken[here.place as usize]
        });
        let place = going_on.map_or_else(|| self.begin(visitor), |here| here.place);
        let hour_ms = here.filter(|_| !new_hour).map_or(at_ms, |here| here.hour_ms);
        self.open.insert(visitor, Open { place, last_ms: at_ms, hour_ms, counted: counted + 1 });
        self.click(place, item, at_ms);
        true
    }

    fn begin(&mut self, visitor: u64) -> SessionId {
        self.visits.push(Visit { visitor, end_ms: i64::MIN, clicks: Vec::new() });
        self.taken.push(false);
        self.recent.begin()
    }

    fn click(&mut self, place: SessionId, item: ItemId, at_ms: i64) {
        let visit = &mut self.visits[place as usize];
        visit.clicks.push(item);
        visit.end_ms = visit.end_ms.max(at_ms);
        self.clicks += 1;
        self.recent.click(place, item);
    }

    /// Copies of the visits that are over; they grow no more.
    fn take_ended(&mut self, now_ms: i64) -> Vec<Visit> {
        let ended = |visit: &Visit| now_ms.saturating_sub(visit.end_ms) > IDLE_MS;
        for (visit, taken) in self.visits.iter().zip(&mut self.taken) {
            *taken = *taken || ended(visit);
        }
        let visits = self.visits.iter().zip(&self.taken).filter(|(_, taken)| **taken);
        visits.map(|(visit, _)| visit.clone()).collect()
    }

    /// What is not in the lesson, on top of the model that was learned from it.
    fn moved(&self, known: &[String], model: &VisitModel) -> Self {
        let mut moved = Self::on(model);
        let mut places: HashMap<SessionId, SessionId> = HashMap::new();
        let left = self.visits.iter().zip(&self.taken).zip(0..).filter(|((_, taken), _)| !**taken);
        for ((visit, _), before) in left {
            let place = moved.begin(visit.visitor);
            places.insert(before, place);
            for item in &visit.clicks {
                if let Some(item) = moved.intern(model, self.name(known, *item)) {
                    moved.click(place, item, visit.end_ms);
                }
            }
        }
        for (visitor, open) in &self.open {
            if let Some(place) = places.get(&open.place) {
                moved.open.insert(*visitor, Open { place: *place, ..*open });
            }
        }
        moved
    }

    fn forget(&mut self, visitor: u64) {
        self.open.remove(&visitor);
        for place in 0..self.visits.len() {
            if self.visits[place].visitor == visitor {
                self.clicks -= self.visits[place].clicks.len();
                self.visits[place].clicks = Vec::new();
                self.recent.empty(place as SessionId);
            }
        }
    }

    fn memory_bytes(&self) -> usize {
        let visits: usize = self.visits.iter().map(|visit| 48 + visit.clicks.capacity() * 4).sum();
        let names: usize = self.names.iter().map(|name| 2 * (name.len() + size_of::<String>()) + 16).sum();
        visits + names + self.open.capacity() * 48 + self.recent.memory_bytes()
    }
}
