//! What must be true after any number of kills, read from the store and from the relay's log.

use crate::load::Done;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Door, DoorId, DoorKind, MessageId};
use beckon_server::app::SHOP;
use beckon_store::{MessageFilter, MessageRow, MessageState, Options, PageKey, Place, Store, TimelineRow};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// Violations listed in a failure; the rest is counted.
const LISTED: usize = 20;

/// The counts of a run, and everything that was wrong.
pub struct Audit {
    /// Messages by state among those that were ever approved.
    pub approved: BTreeMap<&'static str, usize>,
    /// Messages that are not at their end.
    pub pending: usize,
    /// For a person, a line each.
    pub counts: Vec<String>,
    /// Sentences that must not be there.
    pub violations: Vec<String>,
}

/// How a state is called in the counts.
fn name(state: MessageState) -> &'static str {
    match state {
        MessageState::Approved => "approved",
        MessageState::Claimed => "claimed",
        MessageState::Handing => "handing",
        MessageState::Sent => "sent",
        MessageState::Never => "never",
        MessageState::Unknown => "unknown",
        MessageState::Withheld => "withheld after approval",
        MessageState::Ghost => "ghost",
    }
}

impl Audit {
    /// Reads everything; the server must have stopped.
    pub fn of(place: &Place, log: &Path, done: &Done) -> Audit {
        let store = Store::open_at(place, &Options::default()).unwrap();
        let mut audit =
            Audit { approved: BTreeMap::new(), pending: 0, counts: Vec::new(), violations: Vec::new() };
        if let Some(why) = store.suspicion() {
            audit.violations.push(format!("after kills the data is taken for a copy: {why}"));
        }
        let parked = store.parked(SHOP, None, LISTED).unwrap();
        audit.violations.extend(parked.iter().map(|row| format!("an input was parked: {}", row.reason)));
        audit.events(&store, done);
        let rows = messages(&store);
        audit.states(&rows);
        audit.accepted(&rows, log);
        audit.one_of_each_step(&rows);
        audit.nobody_forgotten(&store, &rows, done);
        audit
    }

    fn events(&mut self, store: &Store, done: &Done) {
        let mut kept: HashMap<u64, u32> = HashMap::new();
        let mut after = 0;
        loop {
            let slice = store.events(after, 5_000).unwrap();
            let Some((last, _)) = slice.last() else { break };
            after = *last;
            for (_, row) in &slice {
                *kept.entry(row.number).or_default() += 1;
            }
        }
        let acknowledged = done.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
        for id in acknowledged.iter() {
            let times = kept.get(&hash(Tag::Event, SHOP, &[id.as_bytes()])).copied().unwrap_or(0);
            if times != 1 {
                self.violations.push(format!("event {id} was acknowledged and is there {times} times"));
            }
        }
        let twice = kept.values().filter(|times| **times > 1).count();
        if twice > 0 {
            self.violations.push(format!("{twice} events are there more than once"));
        }
        self.counts.push(format!("events acknowledged: {}, kept: {}", acknowledged.len(), kept.len()));
        self.counts.push(format!("calls sent again: {}", done.repeated.load(Ordering::Relaxed)));
    }

    /// approved = sent + never + withheld + unknown + ghost.
    fn states(&mut self, rows: &[MessageRow]) {
        for row in rows.iter().filter(|row| row.approved_at.is_some()) {
            *self.approved.entry(name(row.state)).or_default() += 1;
        }
        let open = |row: &&MessageRow| {
            matches!(row.state, MessageState::Approved | MessageState::Claimed | MessageState::Handing)
        };
        self.pending = rows.iter().filter(open).count();
        let approved: usize = self.approved.values().sum();
        self.counts.push(format!("messages considered: {}, approved: {approved}", rows.len()));
        self.counts.push(format!("approved are now: {:?}", self.approved));
    }

    fn accepted(&mut self, rows: &[MessageRow], log: &Path) {
        let by_id: HashMap<MessageId, &MessageRow> = rows.iter().map(|row| (row.id, row)).collect();
        let mut accepted: HashMap<MessageId, u32> = HashMap::new();
        let mut people: HashMap<(String, &str), u32> = HashMap::new();
        for line in std::fs::read_to_string(log).unwrap_or_default().lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("whole lines in the relay's log");
            let (id, to) = (line["message_id"].as_str().unwrap(), line["to"].as_str().unwrap());
            let id = id.split('@').next().and_then(|id| id.parse().ok());
            let Some(row) = id.and_then(|id| by_id.get(&id)) else {
                self.violations.push(format!("the relay took a mail that nobody decided: {line}"));
                continue;
            };
            *accepted.entry(row.id).or_default() += 1;
            *people.entry((to.to_owned(), &row.step)).or_default() += 1;
        }
        for (id, times) in accepted.iter().filter(|(_, times)| **times > 1) {
            self.violations.push(format!("the relay took message {id} {times} times"));
        }
        for ((to, step), times) in people.iter().filter(|(_, times)| **times > 1) {
            self.violations.push(format!("{to} got {times} mails of step {step}"));
        }
        for row in rows {
            let (taken, id) = (accepted.contains_key(&row.id), row.id);
            match row.state {
                MessageState::Sent if !taken => {
                    self.violations.push(format!("message {id} is sent, but the relay never took it"));
                }
                MessageState::Sent | MessageState::Unknown => {}
                state if taken => {
                    self.violations.push(format!("the relay took message {id}, which is {}", name(state)));
                }
                _ => {}
            }
        }
        let unknown = rows.iter().filter(|row| row.state == MessageState::Unknown);
        let really = unknown.filter(|row| accepted.contains_key(&row.id)).count();
        self.counts.push(format!("taken by the relay: {}, of which unknown: {really}", accepted.len()));
    }

    fn one_of_each_step(&mut self, rows: &[MessageRow]) {
        let mut got: HashMap<(DoorId, &str), u32> = HashMap::new();
        for row in rows {
            if matches!(row.state, MessageState::Sent | MessageState::Unknown) {
                *got.entry((row.address, &row.step)).or_default() += 1;
            }
        }
        let twice = got.iter().filter(|(_, times)| **times > 1);
        let lines = twice.map(|((address, step), times)| {
            format!("address {} may have got {times} mails of step {step}", address.0)
        });
        self.violations.extend(lines);
    }

    /// Whoever left a full cart was thought of.
    fn nobody_forgotten(&mut self, store: &Store, rows: &[MessageRow], done: &Done) {
        let thought_of: HashSet<DoorId> = rows.iter().map(|row| row.address).collect();
        let left = done.left.lock().unwrap_or_else(PoisonError::into_inner);
        for email in left.iter() {
            if !thought_of.contains(&Door::new(DoorKind::Email, email.as_str()).id(SHOP)) {
                let why = history(store, email);
                self.violations.push(format!("{email} left a full cart and was not thought of: {why}"));
            }
        }
        self.counts.push(format!("people who left a cart: {}", left.len()));
    }

    /// Fails with what was wrong, if anything was.
    pub fn check(&self) {
        let listed = self.violations.iter().take(LISTED).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.violations.is_empty(), "{} violations:\n{listed}", self.violations.len());
    }
}

/// What is remembered of somebody, newest first.
fn history(store: &Store, email: &str) -> String {
    let door = Door::new(DoorKind::Email, email);
    let holders = store.holders(SHOP, &[(door.bucket(SHOP), door.id(SHOP))]).unwrap();
    let profiles: Vec<_> = holders.iter().map(|row| row.profile).collect();
    let rows = store.timeline(SHOP, &profiles, None, 20).unwrap();
    let told = rows.iter().map(|row| match row {
        TimelineRow::Event { event, .. } => String::from_utf8_lossy(&event.body),
        TimelineRow::Journal(line) => String::from_utf8_lossy(&line.body),
    });
    told.collect::<Vec<_>>().join("; ")
}

fn messages(store: &Store) -> Vec<MessageRow> {
    let filter = MessageFilter { shop: SHOP, ..MessageFilter::default() };
    let (mut rows, mut before): (Vec<MessageRow>, _) = (Vec::new(), None);
    loop {
        let page = store.messages(&filter, before, 1_000).unwrap();
        let Some(last) = page.last() else { return rows };
        before = Some(PageKey { at: last.created_at, id: last.id.0 });
        rows.extend(page);
    }
}
