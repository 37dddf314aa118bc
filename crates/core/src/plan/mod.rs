//! What a shop configures: an immutable snapshot that decisions read.

mod caps;
mod condition;
mod moves;
mod parse;
mod scalar;
mod setting;
mod stage;
mod steps;
mod titles;
mod yaml;

pub use caps::Cap;
pub use moves::Move;
pub use parse::parse;
pub use setting::{Kind, Setting};
pub use stage::Stage;
pub use titles::Titles;

use crate::segment::Condition;
use crate::time::{ShopTime, Span};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_64;

/// Everything decisions are made with.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Version of the shop's plane it was built from; journaled with each decision.
    pub version: u64,
    /// Journeys by the key of their name.
    pub journeys: BTreeMap<u32, Journey>,
    /// Settings of the gate.
    pub settings: Settings,
    /// Keys of the event names whose times are kept, because some condition counts them.
    pub measured: BTreeSet<u32>,
    /// Blocks of recommendations by name, with the arms of their tests: what may be counted.
    pub blocks: BTreeMap<String, BTreeSet<String>>,
}

/// Settings of the whole shop.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Part of all people, in millionths, who get no marketing at all: 2 % by default.
    pub global_holdout_ppm: u32,
    /// IANA zone of people whose own is not known.
    pub time_zone: String,
    /// First hour of the day at which a message held by quiet hours may go.
    pub quiet_until_hour: i8,
    /// Hour from which it is held.
    pub quiet_from_hour: i8,
    /// Nothing is sent while this is set.
    pub stopped: bool,
    /// Since when the shop goes on after its data was restored: what fell due before may have been sent already.
    pub resumed_at: ShopTime,
    /// How long after a click an order is credited to it.
    pub attribution: Span,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            global_holdout_ppm: 20_000,
            time_zone: "Europe/Moscow".to_owned(),
            quiet_until_hour: 9,
            quiet_from_hour: 21,
            stopped: false,
            resumed_at: ShopTime(0),
            attribution: crate::limits::ATTRIBUTION,
        }
    }
}

/// A journey as a marketer wrote it.
#[derive(Clone, Debug)]
pub struct Journey {
    /// Its name: part of every message's number, never changed.
    pub name: String,
    /// Titles by language.
    pub title: Titles,
    /// Whether people may enter and messages may leave.
    pub on: bool,
    /// Since when it is on: who was there before does not enter.
    pub on_since: ShopTime,
    /// Class of its messages.
    pub class: Class,
    /// Priority of its messages unless a step says otherwise; higher wins.
    pub priority: u16,
    /// Part of the people, in millionths, who walk it as ghosts.
    pub holdout_ppm: u32,
    /// Where on a customer's way it meets her.
    pub stage: Stage,
    /// What one instance is about.
    pub about: About,
    /// How people enter.
    pub entry: Entry,
    /// What ends it for someone.
    pub exits: Vec<Exit>,
    /// What it is for.
    pub goal: Option<Goal>,
    /// The newest graph's version.
    pub current: u32,
    /// Graphs by version: who is inside keeps the one she entered.
    pub graphs: BTreeMap<u32, Graph>,
    /// What becomes of those who stand in an older version, by version.
    pub moves: BTreeMap<u32, Move>,
}

/// Classes of messages: what may hold them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Class {
    /// Transactional: never held back.
    T = 0,
    /// Requested by the shopper.
    R = 1,
    /// Hot triggers: the cart.
    A = 2,
    /// Life cycle.
    B = 3,
    /// Mass.
    C = 4,
}

impl Class {
    /// The class of a stored number.
    #[must_use]
    pub fn from_number(n: u32) -> Class {
        [Class::T, Class::R, Class::A, Class::B].into_iter().find(|c| *c as u32 == n).unwrap_or(Class::C)
    }

    /// Whether it needs consent to marketing and may be held out.
    #[must_use]
    pub fn is_marketing(self) -> bool {
        self >= Class::A
    }
}

/// What one instance of a journey is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The person: one instance each.
    Person,
    /// The cart: one instance per cart.
    Cart,
}

/// How people enter a journey.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What starts it.
    pub on: EntryOn,
    /// How long after that: for leaving, how long she must be gone.
    pub after: Span,
    /// What must hold then.
    pub when: Condition,
    /// How late the starting event may have reached us.
    pub fresh_for: Span,
    /// Not again within this time of the last start, for a journey about the person.
    pub again_after: Span,
    /// The start is moved by this where the condition holds.
    pub shift: Option<(Span, Condition)>,
}

/// What starts a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryOn {
    /// The last sign of life on any device.
    Left,
    /// An event, by the key of its name.
    Event(u32),
}

/// What ends a journey for someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// She ordered after the start.
    Order,
    /// The cart it is about is empty.
    CartEmptied,
    /// She takes no marketing any more.
    Unsubscribed,
}

/// What a journey is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Key of the event's name.
    pub event: u32,
    /// Within this time of the start.
    pub within: Span,
}

/// The steps of a journey, flattened; who is inside is pinned to one version of them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Steps in the order of the text; a later one is further.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, unique in the journey: part of every message's number.
    pub name: String,
    /// Hash of the name: how positions know it.
    pub key: u32,
    /// What it does.
    pub action: Action,
    /// Where it goes on; `None` ends the journey.
    pub next: Option<u32>,
    /// Titles by language; may be empty.
    pub title: Titles,
    /// Titles of a split's arms, by the arm's name.
    pub arm_titles: BTreeMap<String, Titles>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sends a message.
    Message(MessageStep),
    /// Waits until a moment.
    Wait {
        /// How long.
        span: Span,
        /// Counted from where.
        from: WaitFrom,
    },
    /// Waits for an event.
    WaitFor {
        /// Key of the event's name.
        event: u32,
        /// At most so long.
        up_to: Span,
        /// Where to go when it came.
        then: Option<u32>,
        /// Where to go when it did not.
        otherwise: Option<u32>,
    },
    /// Goes one of two ways.
    Branch {
        /// On what.
        when: Condition,
        /// Where it holds.
        then: Option<u32>,
        /// Where it does not.
        otherwise: Option<u32>,
    },
    /// Goes one of several ways by a draw that stays the same for one person.
    Split {
        /// Only this arm, while set: the test is off.
        only: Option<String>,
        /// Arms: name, share, where to go.
        arms: Vec<(String, u32, Option<u32>)>,
    },
    /// Ends the journey with a reason.
    Exit {
        /// For the journal.
        reason: String,
    },
    /// Counts that the goal was reached.
    Goal,
}

/// From where a wait is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitFrom {
    /// The start of the journey.
    Start,
    /// The last message of this journey that was sent, else the start.
    LastSend,
    /// The moment the step is reached.
    Here,
}

/// A step that sends a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStep {
    /// Template by name.
    pub template: String,
    /// Priority among waiting messages.
    pub priority: u16,
    /// How long after it fell due it may still be sent.
    pub deadline: Span,
    /// What becomes of it when a better one is sent first.
    pub when_beaten: Loser,
    /// Not again within this time, for one person.
    pub at_most_every: Option<Span>,
}

/// What becomes of a message that lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loser {
    /// It is not sent.
    Drop,
    /// It waits until the cap allows it, not past its deadline.
    Postpone,
    /// Its products become a block of the winner; its step counts as sent.
    Merge,
}

/// Something wrong in a plan: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl Problem {
    pub(crate) fn new(line: usize, what: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem { line, what: what.into(), hint: hint.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

/// The key of a name: the lower half of XXH3-64 of its text. Journeys of one plan are checked not to share one.
#[must_use]
pub fn name_key(name: &str) -> u32 {
    xxh3_64(name.as_bytes()) as u32
}

impl Plan {
    /// A plan of these journeys.
    ///
    /// # Errors
    /// Two journeys whose names have one key.
    pub fn new(version: u64, journeys: Vec<Journey>, settings: Settings) -> Result<Plan, String> {
        let mut plan = Plan { version, settings, ..Plan::default() };
        for journey in journeys {
            journey.each_condition(&mut |condition| condition.measures(&mut plan.measured));
            let key = name_key(&journey.name);
            if let Some(other) = plan.journeys.insert(key, journey) {
                return Err(format!("the journey name `{}` cannot be used beside another one", other.name));
            }
        }
        Ok(plan)
    }
}

impl Journey {
    /// The graph a position walks on: its own version, else the newest.
    #[must_use]
    pub fn graph(&self, version: u32) -> Option<&Graph> {
        self.graphs.get(&version).or_else(|| self.graphs.get(&self.current))
    }

    fn each_condition(&self, visit: &mut dyn FnMut(&Condition)) {
        visit(&self.entry.when);
        if let Some((_, condition)) = &self.entry.shift {
            visit(condition);
        }
        for step in self.graphs.values().flat_map(|graph| &graph.steps) {
            if let Action::Branch { when, .. } = &step.action {
                visit(when);
            }
        }
    }
}

impl Graph {
    /// A step by its key.
    #[must_use]
    pub fn step(&self, key: u32) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// How far a step is along the text.
    #[must_use]
    pub fn rank(&self, key: u32) -> usize {
        self.steps.iter().position(|step| step.key == key).unwrap_or(usize::MAX)
    }
}

/// `5%` or `0.05` as millionths; at most a half, because a holdout above it is a mistake.
#[must_use]
pub fn parse_share(text: &str) -> Option<u32> {
    let text = text.trim();
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => text.parse::<f64>().ok()?,
    };
    (0.0..=0.5).contains(&share).then(|| (share * 1e6).round() as u32)
}

#[cfg(test)]
mod tests;
