//! One batch: load what it needs, decide, commit, answer.
//!
//! A batch that cannot be written for what is in it is halved until the bad task is alone, which is parked;
//! the rest is written without it. A store that does not answer takes nothing, and everybody is told.

use super::letterbox;
use super::round::{Batch, Round};
use super::task::{Answer, Task};
use super::working::Working;
use super::write;
use crate::ops::names::{COMMIT_SECS, COMMITS_FAILED};
use beckon_core::desk::{Desk, Shelf, Work};
use beckon_core::event::Incoming;
use beckon_core::ids::ProfileId;
use beckon_store::{Commit, Error, MessageState, MessageWrite};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Tries at a batch that somebody else's write got in the way of.
const TRIES: usize = 3;

/// What the loop must know of a batch that was done.
#[derive(Default)]
pub struct BatchDone {
    /// The store does not answer.
    pub unavailable: bool,
    /// Something may be in the outbox.
    pub outbox: bool,
    /// Somebody's due was written.
    pub dues: bool,
    /// Letters were left for the next batch, or what was left from the last start could not be done.
    pub leftover: bool,
    /// Customers whose time came and who could not be decided on.
    pub stuck: Vec<ProfileId>,
    /// New events, for followers.
    pub events: Vec<(ProfileId, Arc<Incoming>)>,
}

impl Batch<'_> {
    /// Decides and writes the tasks, and tells whoever asked.
    #[must_use]
    pub fn run(&self, tasks: Vec<Task>) -> BatchDone {
        match self.attempt(&tasks) {
            Ok(round) => tell(tasks, round),
            Err(why @ (Error::Unavailable(_) | Error::Conflict(_))) if self.is_away(&why) => {
                tracing::error!(%why, "a batch could not be written");
                let leftover = tasks.iter().any(Task::is_leftover);
                tasks.into_iter().for_each(|task| task.tell(Answer::Unavailable));
                BatchDone { unavailable: true, leftover, ..BatchDone::default() }
            }
            Err(why) => self.halve(tasks, &why),
        }
    }

    /// Whether the store takes nothing at all now: it does not answer, or another program took the customers over, so
    /// that every commit of ours is refused, whatever is in it.
    fn is_away(&self, why: &Error) -> bool {
        let is_ours = || self.store.head().map(|head| head.epoch == self.epoch);
        matches!(why, Error::Unavailable(_)) || !matches!(is_ours(), Ok(true))
    }

    /// Decides and writes the tasks, or nothing of them.
    fn attempt(&self, tasks: &[Task]) -> Result<Round, Error> {
        let mut tries = 1;
        loop {
            let round = self.decide(tasks)?;
            if write::is_empty(&round.commit) {
                return Ok(self.remember(round));
            }
            let began = std::time::Instant::now();
            let committed = self.store.commit(&round.commit);
            metrics::histogram!(COMMIT_SECS).record(began.elapsed().as_secs_f64());
            match committed {
                Ok(_) => return Ok(self.remember(round)),
                Err(Error::Conflict(_)) if tries < TRIES => tries += 1,
                Err(why) => {
                    metrics::counter!(COMMITS_FAILED).increment(1);
                    return Err(why);
                }
            }
        }
    }

    /// Those it was about are at hand for the batches to come.
    fn remember(&self, mut round: Round) -> Round {
        self.remembered.borrow_mut().keep(std::mem::take(&mut round.shelf));
        round
    }

    fn decide(&self, tasks: &[Task]) -> Result<Round, Error> {
        let mut shelf = Shelf::default();
        let known = self.foresee(tasks, &mut shelf)?;
        let mut working = Working::new(self, known);
        let mut desk =
            Desk::new(self.state.shop, self.now, &self.state.plan, &*self.state.catalogue, &mut shelf);
        for (index, task) in tasks.iter().enumerate() {
            working.task(&mut desk, index, task);
        }
        let changes = std::mem::take(&mut desk.changes);
        let (mut round, woken) = working.finish()?;
        write::fill(&mut round.commit, self, &shelf, changes, &woken);
        round.shelf = shelf;
        Ok(round)
    }

    fn halve(&self, mut tasks: Vec<Task>, why: &Error) -> BatchDone {
        if tasks.len() > 1 {
            let second = tasks.split_off(tasks.len() / 2);
            return self.run(tasks).and(self.run(second));
        }
        match tasks.pop() {
            Some(Task::Events { shop, events, reply }) => {
                let mut done = BatchDone::default();
                for incoming in events {
                    done = done.and(self.event_alone(shop, incoming));
                }
                let answer = if done.unavailable { Answer::Unavailable } else { Answer::Done };
                drop(reply.send(answer));
                done
            }
            Some(task) => self.task_alone(task, why),
            None => BatchDone::default(),
        }
    }

    /// One event by itself: written, or parked with the reason.
    fn event_alone(&self, shop: beckon_core::ids::ShopId, incoming: Incoming) -> BatchDone {
        let (reply, _nobody) = oneshot::channel();
        let tasks = vec![Task::Events { shop, events: vec![incoming], reply }];
        match self.attempt(&tasks) {
            Ok(round) => tell(tasks, round),
            Err(Error::Unavailable(_)) => BatchDone { unavailable: true, ..BatchDone::default() },
            Err(why) => match tasks.into_iter().next() {
                Some(Task::Events { mut events, .. }) if !events.is_empty() => {
                    self.park(&Work::Event(Box::new(events.swap_remove(0))), &why, Commit::default())
                }
                _ => BatchDone::default(),
            },
        }
    }

    /// One task that cannot be written, and is no event.
    fn task_alone(&self, task: Task, why: &Error) -> BatchDone {
        tracing::error!(%why, "a task could not be written");
        match task {
            Task::Wake { profile, .. } => BatchDone { stuck: vec![profile], ..BatchDone::default() },
            Task::Kept(row) => match letterbox::read(&row.body) {
                Ok((to, letter)) => {
                    let commit = Commit { letters_done: vec![row.key], ..Commit::default() };
                    self.park(&Work::Letter(to, letter), why, commit)
                }
                Err(_) => BatchDone::default(),
            },
            Task::Inbox(row) => {
                tracing::error!(%why, "an input was parked");
                let parked = vec![row.parked(self.now, &why.to_string())];
                self.parks(Commit { inbox_done: vec![row.key], parked, ..Commit::default() })
            }
            // Whoever asked must not ask for ever, nor believe it was done: it stays as it is on disk, and is
            // in the log.
            task => {
                task.tell(Answer::Refused);
                BatchDone::default()
            }
        }
    }

    /// Keeps an input with the reason, for a person.
    fn park(&self, work: &Work, why: &Error, mut commit: Commit) -> BatchDone {
        tracing::error!(%why, "an input was parked");
        commit.parked.extend(letterbox::parked(self.state.shop, self.now, work, &why.to_string()));
        self.parks(commit)
    }

    fn parks(&self, mut commit: Commit) -> BatchDone {
        (commit.epoch, commit.now) = (self.epoch, self.now);
        let unavailable = self.store.commit(&commit).is_err();
        BatchDone { unavailable, ..BatchDone::default() }
    }
}

/// The batch is on disk: everybody is told.
fn tell(tasks: Vec<Task>, round: Round) -> BatchDone {
    let outbox = round.commit.messages.iter().any(|write| match write {
        MessageWrite::New(row) => row.state == MessageState::Approved,
        MessageWrite::Move { to, .. } => *to == MessageState::Approved,
        _ => false,
    });
    let dues = round.commit.profiles.iter().any(|profile| profile.due.is_some() || profile.woken);
    let leftover = !round.commit.letters.is_empty();
    let stuck = stuck(&tasks, &round.commit);
    let mut answers: Vec<Option<Answer>> = tasks.iter().map(|_| None).collect();
    for (index, answer) in round.answers {
        answers[index] = Some(answer);
    }
    for (task, answer) in tasks.into_iter().zip(answers) {
        task.tell(answer.unwrap_or(Answer::Done));
    }
    BatchDone { outbox, dues, leftover, stuck, events: round.events, unavailable: false }
}

/// Customers who were woken and not written: deciding on them failed.
fn stuck(tasks: &[Task], commit: &Commit) -> Vec<ProfileId> {
    let woken = tasks.iter().filter_map(|task| match task {
        Task::Wake { profile, .. } => Some(*profile),
        _ => None,
    });
    woken.filter(|profile| !commit.profiles.iter().any(|write| write.id == *profile)).collect()
}

impl BatchDone {
    /// Both halves of a batch.
    fn and(mut self, other: BatchDone) -> BatchDone {
        self.unavailable |= other.unavailable;
        self.outbox |= other.outbox;
        self.dues |= other.dues;
        self.leftover |= other.leftover;
        self.stuck.extend(other.stuck);
        self.events.extend(other.events);
        self
    }
}
