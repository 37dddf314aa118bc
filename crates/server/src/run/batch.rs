//! One batch: load what it needs, decide, commit, answer.
//!
//! An input that panics or cannot be written is parked alone; the others go on. What is not on the shelf is loaded when
//! the desk asks for it, and set-based beforehand where it can be foreseen.

use super::letterbox;
use super::write;
use crate::shop_state::ShopState;
use beckon_core::desk::{Desk, Missing, Shelf, Work};
use beckon_core::effect::Verdict;
use beckon_core::event::{Fact, Incoming};
use beckon_core::ids::{Bucket, MessageId, ProfileId, ShopId};
use beckon_core::input::{Claim, Delivered, Feedback, Input, Letter, Outcome, Recipient};
use beckon_core::time::ShopTime;
use beckon_store::{
    Commit, Error, LetterKey, LetterRow, MessageRow, MessageState, MessageWrite, ParkedWrite, Store, Wanted,
};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Something to be done in the next commit.
pub enum Task {
    /// Events of one request: all or none.
    Events {
        /// Shop.
        shop: ShopId,
        /// The events.
        events: Vec<Incoming>,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// An input of one customer.
    Input {
        /// Shop.
        shop: ShopId,
        /// Who.
        profile: ProfileId,
        /// What.
        input: Input,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A customer's own time has come.
    Wake {
        /// Shop.
        shop: ShopId,
        /// Who.
        profile: ProfileId,
    },
    /// The sender takes messages out of the outbox, as many as it can send now.
    Take {
        /// At most so many.
        most: usize,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// The sender gives a message back that it could not even begin to hand over.
    GiveBack {
        /// Shop.
        shop: ShopId,
        /// Which.
        message: MessageId,
        /// Not to be tried before.
        not_before: ShopTime,
        /// Why, for a person.
        note: String,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// What a message says, kept so that it can be shown as it was sent.
    Keep {
        /// Shop.
        shop: ShopId,
        /// Which.
        message: MessageId,
        /// The facts it was rendered with, as JSON.
        body: Vec<u8>,
        /// Who it is for, and what is asked of her: the claim that goes with it.
        profile: ProfileId,
        /// Hash of the cart that was rendered.
        content: beckon_core::wire::Hash64,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A letter that was parked and is tried again.
    Letter {
        /// To whom.
        to: Recipient,
        /// What it says.
        letter: Box<Letter>,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A message that was on its way when the program ended.
    Interrupted(Box<MessageRow>),
    /// A letter that was not applied when the program ended.
    Kept(Box<LetterRow>),
    /// Asks whether somebody listens.
    Nothing,
    /// Stops the decider.
    Stop,
}

/// What came of a task.
#[derive(Debug)]
pub enum Answer {
    /// It is on disk.
    Done,
    /// The answer to a claim.
    Verdict(Verdict),
    /// Messages that are the sender's now.
    Taken(Vec<MessageRow>),
    /// It could not be written; nothing of it happened.
    Unavailable,
}

impl Task {
    /// How much of a commit it takes up.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Task::Events { events, .. } => events.len(),
            _ => 1,
        }
    }
}

/// A batch about to be decided.
pub struct Batch<'a> {
    /// Where everything lies.
    pub store: &'a Store,
    /// The shop as it is now.
    pub state: &'a ShopState,
    /// The moment all of it is decided at.
    pub now: ShopTime,
    /// The node's epoch.
    pub epoch: u64,
}

/// What the loop must know of a batch that was done.
#[derive(Default)]
pub struct BatchDone {
    /// The store does not answer.
    pub unavailable: bool,
    /// Something may be in the outbox.
    pub outbox: bool,
    /// Somebody's due was written.
    pub dues: bool,
    /// New events, for followers.
    pub events: Vec<(ProfileId, Arc<Incoming>)>,
}

/// A batch as it is being decided.
struct Round {
    commit: Commit,
    answers: Vec<(oneshot::Sender<Answer>, Answer)>,
    events: Vec<(ProfileId, Arc<Incoming>)>,
}

impl Batch<'_> {
    /// Decides and writes the tasks. One that cannot be written is parked, the rest is written without it.
    #[must_use]
    pub fn run(&self, tasks: Vec<Task>) -> BatchDone {
        let mut shelf = Shelf::default();
        let round = match self.decide(tasks, &mut shelf) {
            Ok(round) => round,
            Err(done) => return done,
        };
        let outbox = round.commit.messages.iter().any(|write| match write {
            MessageWrite::New(row) => row.state == MessageState::Approved,
            MessageWrite::Move { to, .. } => *to == MessageState::Approved,
            _ => false,
        });
        let dues = round.commit.profiles.iter().any(|profile| profile.due.is_some() || profile.woken);
        let written =
            if write::is_empty(&round.commit) { Ok(()) } else { self.store.commit(&round.commit).map(drop) };
        let mut done = BatchDone { outbox, dues, ..BatchDone::default() };
        match written {
            Ok(()) => {
                done.events = round.events;
                for (reply, answer) in round.answers {
                    // A caller that gave up has nothing to be told.
                    drop(reply.send(answer));
                }
            }
            Err(why) => {
                tracing::error!(%why, "a batch could not be written");
                done.unavailable = true;
                for (reply, _) in round.answers {
                    drop(reply.send(Answer::Unavailable));
                }
            }
        }
        done
    }

    fn decide(&self, tasks: Vec<Task>, shelf: &mut Shelf) -> Result<Round, BatchDone> {
        let known = match self.foresee(&tasks, shelf) {
            Ok(known) => known,
            Err(why) => return Err(give_up(tasks, &why)),
        };
        let mut work = Working {
            batch: self,
            known,
            round: Round { commit: Commit::default(), answers: Vec::new(), events: Vec::new() },
            woken: HashSet::new(),
            parked: Vec::new(),
            letters_done: Vec::new(),
        };
        let mut desk = Desk::new(self.state.shop, self.now, &self.state.plan, &*self.state.catalogue, shelf);
        for task in tasks {
            work.task(&mut desk, task);
        }
        let changes = std::mem::take(&mut desk.changes);
        let (mut round, woken) = work.finish();
        write::fill(&mut round.commit, self, shelf, changes, &woken);
        Ok(round)
    }

    /// Loads, set-based, what the tasks will ask for: which events are known, who holds their identities, and the
    /// profiles behind them.
    fn foresee(&self, tasks: &[Task], shelf: &mut Shelf) -> beckon_store::Result<HashSet<(Bucket, u64)>> {
        let shop = self.state.shop;
        let mut wanted = Wanted::default();
        for task in tasks {
            if let Task::Events { events, .. } = task {
                for incoming in events {
                    if let Some(first) = incoming.identities.first() {
                        wanted.events.push((shop, first.door.bucket(shop), incoming.event.number));
                    }
                    for identity in &incoming.identities {
                        wanted.identities.push((shop, identity.door.bucket(shop), identity.door.id(shop)));
                    }
                }
            }
        }
        wanted.identities.sort_unstable();
        wanted.identities.dedup();
        let found = if wanted.events.is_empty() { Default::default() } else { self.store.load(&wanted)? };
        let known = found.events.iter().map(|(_, bucket, number)| (*bucket, *number)).collect();
        write::shelve(shelf, &wanted, found)?;
        let mut profiles = Wanted::default();
        for task in tasks {
            match task {
                Task::Events { events, .. } => {
                    for incoming in events {
                        let first = incoming.identities.first();
                        let holder = first.and_then(|i| shelf.holder(shop, i.door.id(shop)).flatten());
                        if let Some(holder) = holder {
                            profiles.profiles.push((shop, holder.profile, is_rich(incoming)));
                        }
                    }
                }
                Task::Wake { profile, .. } | Task::Input { profile, .. } | Task::Keep { profile, .. } => {
                    profiles.profiles.push((shop, *profile, true));
                }
                _ => {}
            }
        }
        // The one that asks for the warm half stands last of its profile and is the one kept.
        profiles.profiles.sort_unstable();
        profiles.profiles.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 |= same && next.2;
            same
        });
        if !profiles.profiles.is_empty() {
            let found = self.store.load(&profiles)?;
            write::shelve(shelf, &profiles, found)?;
        }
        Ok(known)
    }

    /// Loads the one thing the desk asked for.
    fn fetch(&self, shelf: &mut Shelf, missing: Missing) -> beckon_store::Result<()> {
        let shop = self.state.shop;
        let mut wanted = Wanted::default();
        match missing {
            Missing::Profile(id, warm) => wanted.profiles.push((shop, id, warm)),
            Missing::Holder(bucket, door) => wanted.identities.push((shop, bucket, door)),
            Missing::Order(bucket, door) => wanted.orders.push((shop, bucket, door)),
            Missing::Address(bucket, door) => wanted.addresses.push((shop, bucket, door)),
        }
        let found = self.store.load(&wanted)?;
        write::shelve(shelf, &wanted, found)
    }
}

/// Whether an event will need the warm half of its profile.
fn is_rich(incoming: &Incoming) -> bool {
    let plain = matches!(incoming.event.fact, Fact::Page { .. } | Fact::Heartbeat | Fact::ListViewed { .. });
    !plain || !incoming.traits.is_empty()
}

/// The store could not even be read: everybody is told.
fn give_up(tasks: Vec<Task>, why: &Error) -> BatchDone {
    tracing::error!(%why, "a batch could not be loaded");
    for task in tasks {
        let reply = match task {
            Task::Events { reply, .. }
            | Task::Input { reply, .. }
            | Task::Take { reply, .. }
            | Task::Letter { reply, .. }
            | Task::GiveBack { reply, .. }
            | Task::Keep { reply, .. } => reply,
            _ => continue,
        };
        drop(reply.send(Answer::Unavailable));
    }
    BatchDone { unavailable: true, ..BatchDone::default() }
}

/// The tasks of a batch on their way over the desk.
struct Working<'a, 'b> {
    batch: &'a Batch<'b>,
    known: HashSet<(Bucket, u64)>,
    round: Round,
    woken: HashSet<ProfileId>,
    parked: Vec<ParkedWrite>,
    letters_done: Vec<LetterKey>,
}

impl Working<'_, '_> {
    fn task(&mut self, desk: &mut Desk, task: Task) {
        match task {
            Task::Events { events, reply, .. } => {
                for incoming in events {
                    self.event(desk, incoming);
                }
                self.answer(reply, Answer::Done);
            }
            Task::Input { profile, input, reply, .. } => {
                let verdict = self.work(desk, &Work::Input(profile, input));
                self.answer(reply, verdict.map_or(Answer::Done, Answer::Verdict));
            }
            Task::Wake { profile, .. } => {
                self.woken.insert(profile);
                self.work(desk, &Work::Input(profile, Input::Wake));
            }
            Task::Take { most, reply } => {
                let taken = self.take(most);
                self.answer(reply, Answer::Taken(taken));
            }
            Task::GiveBack { shop, message, not_before, note, reply } => {
                let from = &[MessageState::Claimed];
                self.round.commit.messages.push(write::back_to_outbox(
                    shop,
                    message,
                    from,
                    self.batch.now,
                    not_before,
                    note,
                ));
                self.answer(reply, Answer::Done);
            }
            Task::Keep { shop, message, body, profile, content, reply } => {
                let claim = Input::Claim(Claim { message, content });
                let verdict = self.work(desk, &Work::Input(profile, claim)).unwrap_or(Verdict::Withheld);
                if verdict == Verdict::Hand {
                    self.round.commit.messages.push(MessageWrite::Body { shop, id: message, body });
                }
                self.answer(reply, Answer::Verdict(verdict));
            }
            Task::Letter { to, letter, reply } => {
                self.work(desk, &Work::Letter(to, *letter));
                self.answer(reply, Answer::Done);
            }
            Task::Interrupted(row) => self.interrupted(desk, &row),
            Task::Kept(row) => match letterbox::read(&row.body) {
                Ok((to, letter)) => {
                    self.work(desk, &Work::Letter(to, letter));
                    self.letters_done.push(row.key);
                }
                Err(why) => tracing::error!(%why, number = row.key.number, "a letter cannot be read"),
            },
            Task::Nothing | Task::Stop => {}
        }
    }

    fn event(&mut self, desk: &mut Desk, incoming: Incoming) {
        let Some(first) = incoming.identities.first() else { return };
        let bucket = first.door.bucket(self.batch.state.shop);
        if !self.known.insert((bucket, incoming.event.number)) {
            return;
        }
        let kept = Arc::new(incoming);
        let before = (desk.changes.events.len(), self.parked.len());
        self.work(desk, &Work::Event(Box::new((*kept).clone())));
        if let Some((profile, ..)) = desk.changes.events.get(before.0)
            && self.parked.len() == before.1
        {
            self.round.events.push((*profile, kept));
        }
    }

    /// Does one piece of work with all the letters it causes; a panic parks it and leaves the rest as it was.
    fn work(&mut self, desk: &mut Desk, work: &Work) -> Option<Verdict> {
        loop {
            let tried = catch_unwind(AssertUnwindSafe(|| desk.work(work)));
            match tried {
                Ok(Ok(verdict)) => {
                    self.letters(desk);
                    return verdict;
                }
                Ok(Err(missing)) => {
                    if let Err(why) = self.batch.fetch(desk.shelf, missing) {
                        self.park(work, &why.to_string());
                        return None;
                    }
                }
                Err(panic) => {
                    self.park(work, &panic_text(&*panic));
                    return None;
                }
            }
        }
    }

    fn letters(&mut self, desk: &mut Desk) {
        loop {
            let tried = catch_unwind(AssertUnwindSafe(|| desk.answer_letters()));
            let why = match tried {
                Ok(Ok(())) => return,
                Ok(Err(missing)) => match self.batch.fetch(desk.shelf, missing) {
                    Ok(()) => continue,
                    Err(why) => why.to_string(),
                },
                Err(panic) => panic_text(&*panic),
            };
            if let Some((to, letter)) = desk.park_letter() {
                self.park(&Work::Letter(to, letter), &why);
            }
        }
    }

    fn park(&mut self, work: &Work, why: &str) {
        tracing::error!(why, "an input was parked");
        let write = letterbox::parked(self.batch.state.shop, self.batch.now, work, why);
        self.parked.extend(write);
    }

    fn answer(&mut self, reply: oneshot::Sender<Answer>, answer: Answer) {
        self.round.answers.push((reply, answer));
    }

    fn take(&mut self, most: usize) -> Vec<MessageRow> {
        let mut taken = Vec::new();
        for lane in 0..3u8 {
            let left = most.saturating_sub(taken.len());
            match self.batch.store.outbox(self.batch.now, lane, left) {
                Ok(rows) => taken.extend(rows),
                Err(why) => tracing::error!(%why, "the outbox cannot be read"),
            }
        }
        for row in &taken {
            self.round.commit.messages.push(write::claimed(row, self.batch.now));
        }
        taken
    }

    /// After a kill: what was claimed is safe to take back, what was being handed over is unknown.
    fn interrupted(&mut self, desk: &mut Desk, row: &MessageRow) {
        let now = self.batch.now;
        if row.state == MessageState::Claimed {
            let (from, note) = (&[MessageState::Claimed], String::new());
            self.round.commit.messages.push(write::back_to_outbox(
                row.shop,
                row.id,
                from,
                now,
                row.not_before,
                note,
            ));
            return;
        }
        let note = "the program ended while this message was being handed over".to_owned();
        let outcome = Outcome { message: row.id, address: row.address, result: Delivered::Unknown, note };
        self.work(desk, &Work::Input(row.profile, Input::Outcome(outcome)));
    }

    fn finish(mut self) -> (Round, HashSet<ProfileId>) {
        self.round.commit.parked = self.parked;
        self.round.commit.letters_done = self.letters_done;
        (self.round, self.woken)
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("deciding on it failed: {}", text.unwrap_or_default())
}

/// Feedback as an input.
#[must_use]
pub fn feedback(
    shop: ShopId,
    profile: ProfileId,
    feedback: Feedback,
    reply: oneshot::Sender<Answer>,
) -> Task {
    Task::Input { shop, profile, input: Input::Feedback(feedback), reply }
}
