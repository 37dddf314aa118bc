//! How the server misbehaves: what, at which step, and for which message.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// How many recipients the count of attempts remembers before it starts anew.
const MAX_RECIPIENTS: usize = 1_000_000;

/// The step of a session a fault takes hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The greeting.
    Greeting,
    /// The answer to EHLO or HELO.
    Hello,
    /// The answer to AUTH.
    Auth,
    /// The answer to MAIL.
    Mail,
    /// The answer to RCPT.
    Rcpt,
    /// The answer to DATA.
    Data,
    /// While the message is on its way: its first bytes were read, its final dot was not.
    Body,
    /// The answer to the final dot.
    Dot,
}

/// What goes wrong at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A refusal with this code, 4xx or 5xx, instead of the usual answer.
    Refuse(u16),
    /// The line is closed without an answer. At the dot the mail is **not** accepted.
    Close,
    /// As `Close`, but the mail was accepted first: the sender cannot know. Same as `Close` before the dot.
    AcceptAndClose,
    /// Never answers, and keeps the line open.
    Hang,
    /// The right answer, so many milliseconds late.
    SlowMillis(u32),
    /// Bytes that are no answer. At the dot the mail is not accepted.
    Garbage,
    /// An answer of 10,000 lines with the usual code. At the dot the mail is not accepted.
    LongReply,
}

/// The moment a fault is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Which answer is about to be given.
    pub step: Step,
    /// Number of the connection since the start, from 0.
    pub connection: u64,
    /// Number of the message since the start, from 0; that of the coming one before MAIL.
    pub message: u64,
    /// The recipient; empty before RCPT.
    pub to: &'a str,
    /// How many times this recipient was tried before, from 0.
    pub attempt: u32,
}

type Rule = Arc<dyn Fn(&Asked<'_>) -> Option<What> + Send + Sync>;

/// Which messages a server treats badly.
#[derive(Clone, Default)]
pub enum Faults {
    /// None: a well-behaved server.
    #[default]
    None,
    /// Asked before each answer.
    Rule(Rule),
    /// A draw for each try of each recipient (and for each connection and MAIL), the same for the same seed whatever
    /// the order of the connections.
    Seeded {
        /// Another seed is another history.
        seed: u64,
        /// How many of 1,000 tries go wrong.
        per_mille: u16,
        /// What may go wrong; each is equally likely.
        kinds: Vec<(Step, What)>,
    },
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Faults::None => f.write_str("None"),
            Faults::Rule(_) => f.write_str("Rule"),
            Faults::Seeded { seed, per_mille, kinds } => write!(f, "Seeded({seed}, {per_mille}, {kinds:?})"),
        }
    }
}

impl Faults {
    /// A rule of your own, asked before each answer.
    pub fn rule(rule: impl Fn(&Asked<'_>) -> Option<What> + Send + Sync + 'static) -> Faults {
        Faults::Rule(Arc::new(rule))
    }

    /// The same fault at this step, always.
    #[must_use]
    pub fn always(step: Step, what: What) -> Faults {
        Faults::rule(move |asked| (asked.step == step).then(|| what.clone()))
    }

    /// The fault at this step for the first message only (the first connection for the steps before MAIL).
    #[must_use]
    pub fn first(step: Step, what: What) -> Faults {
        Faults::rule(move |asked| {
            let number = if step < Step::Mail { asked.connection } else { asked.message };
            (asked.step == step && number == 0).then(|| what.clone())
        })
    }

    /// What goes wrong now, if anything.
    pub(super) fn at(&self, asked: &Asked<'_>) -> Option<What> {
        match self {
            Faults::None => None,
            Faults::Rule(rule) => rule(asked),
            Faults::Seeded { seed, per_mille, kinds } => draw(*seed, *per_mille, kinds, asked),
        }
    }
}

/// The seeded draw: one for all steps a thing goes through, so that `per_mille` is the share of things hit.
fn draw(seed: u64, per_mille: u16, kinds: &[(Step, What)], asked: &Asked<'_>) -> Option<What> {
    let thing = match asked.step {
        Step::Greeting | Step::Hello | Step::Auth => format!("connection {}", asked.connection),
        Step::Mail => format!("message {}", asked.message),
        _ => format!("try {} {}", asked.attempt, asked.to),
    };
    let hash = xxh3_64_with_seed(thing.as_bytes(), seed);
    if kinds.is_empty() || hash % 1_000 >= u64::from(per_mille) {
        return None;
    }
    let (step, what) = &kinds[(hash / 1_000) as usize % kinds.len()];
    (*step == asked.step).then(|| what.clone())
}

/// How often each recipient was tried; bounded.
#[derive(Default)]
pub(super) struct Attempts(Mutex<BTreeMap<String, u32>>);

impl Attempts {
    /// The number of earlier tries of this recipient; counts this one.
    pub(super) fn next(&self, to: &str) -> u32 {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= MAX_RECIPIENTS {
            tries.clear();
        }
        let count = tries.entry(to.to_owned()).or_insert(0);
        *count += 1;
        *count - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(step: Step, to: &str, attempt: u32) -> Asked<'_> {
        Asked { step, connection: 3, message: 9, to, attempt }
    }

    #[test]
    fn a_seed_gives_the_same_history_and_a_later_try_another_draw() {
        let kinds = vec![(Step::Rcpt, What::Refuse(450)), (Step::Dot, What::AcceptAndClose)];
        let faults = Faults::Seeded { seed: 7, per_mille: 300, kinds };
        let hits = |attempt: u32| {
            let hit = |i: &u32| {
                let to = format!("p{i}@example.test");
                let at = |step| faults.at(&asked(step, &to, attempt)).is_some();
                // At most one of the steps is hit.
                assert!(!(at(Step::Rcpt) && at(Step::Dot)));
                at(Step::Rcpt) || at(Step::Dot)
            };
            (0..2_000u32).filter(hit).collect::<Vec<u32>>()
        };
        assert_eq!(hits(0), hits(0));
        assert_ne!(hits(0), hits(1));
        assert!((500..700).contains(&hits(0).len()), "about 30 %: {}", hits(0).len());
    }

    #[test]
    fn attempts_are_counted_for_each_recipient() {
        let attempts = Attempts::default();
        assert_eq!([attempts.next("a"), attempts.next("a"), attempts.next("b")], [0, 1, 0]);
    }
}
