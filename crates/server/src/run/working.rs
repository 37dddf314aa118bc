//! The tasks of a batch on their way over the desk. One that panics is parked alone; the others go on.

use super::letterbox::{self, FromInbox, Parked};
use super::round::{Batch, Round};
use super::task::{Answer, Task};
use super::{unknown, write};
use beckon_core::desk::{Desk, Work};
use beckon_core::effect::Verdict;
use beckon_core::event::Incoming;
use beckon_core::ids::{Bucket, ProfileId};
use beckon_core::input::{Claim, Delivered, Input, Outcome, Repeat};
use beckon_core::why::Reason;
use beckon_store::{Error, InboxKey, LetterKey, MessageRow, MessageState, MessageWrite, ParkedWrite};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The tasks of a batch on their way over the desk.
pub struct Working<'a, 'b> {
    batch: &'a Batch<'b>,
    known: HashSet<(Bucket, u64)>,
    round: Round,
    woken: HashSet<ProfileId>,
    parked: Vec<ParkedWrite>,
    letters_done: Vec<LetterKey>,
    inbox_done: Vec<InboxKey>,
    failed: Option<Error>,
    index: usize,
}

impl<'a, 'b> Working<'a, 'b> {
    /// Nothing done yet. `known` are events that are there already.
    pub fn new(batch: &'a Batch<'b>, known: HashSet<(Bucket, u64)>) -> Working<'a, 'b> {
        Working {
            batch,
            known,
            round: Round::default(),
            woken: HashSet::new(),
            parked: Vec::new(),
            letters_done: Vec::new(),
            inbox_done: Vec::new(),
            failed: None,
            index: 0,
        }
    }

    /// Does one task; `index` says whom to answer.
    pub fn task(&mut self, desk: &mut Desk, index: usize, task: &Task) {
        self.index = index;
        match task {
            Task::Events { events, .. } => {
                for incoming in events {
                    self.event(desk, incoming);
                }
                self.answer(Answer::Done);
            }
            Task::Input { profile, input, .. } => {
                let verdict = self.work(desk, &Work::Input(*profile, input.clone()));
                self.answer(verdict.map_or(Answer::Done, Answer::Verdict));
            }
            Task::Wake { profile, .. } => {
                self.woken.insert(*profile);
                self.work(desk, &Work::Input(*profile, Input::Wake));
            }
            Task::Take { most, .. } => {
                let taken = self.take(*most);
                self.answer(Answer::Taken(taken));
            }
            Task::GiveBack { shop, message, not_before, note, .. } => {
                let (from, now) = (&[MessageState::Claimed], self.batch.now);
                let back = write::back_to_outbox(*shop, *message, from, now, *not_before, note.clone());
                self.round.commit.messages.push(back);
                self.answer(Answer::Done);
            }
            Task::Keep { shop, message, body, profile, content, address, .. } => {
                let claim = Input::Claim(Claim { message: *message, content: *content, address: *address });
                let verdict = self.work(desk, &Work::Input(*profile, claim)).unwrap_or(Verdict::Withheld);
                if verdict == Verdict::Hand {
                    let body = body.clone();
                    self.round.commit.messages.push(MessageWrite::Body { shop: *shop, id: *message, body });
                }
                self.answer(Answer::Verdict(verdict));
            }
            Task::CountAsSent { row, note, .. } => {
                unknown::count_as_sent(&mut self.round.commit, self.batch.now, row, note);
                self.answer(Answer::Done);
            }
            Task::SendAgain { row, late, note, .. } => {
                let verdict = self.send_again(desk, row, *late, note);
                self.answer(Answer::Verdict(verdict));
            }
            Task::Words { profiles, .. } => {
                self.words(profiles);
                self.answer(Answer::Done);
            }
            Task::Letter { to, letter, .. } => {
                self.work(desk, &Work::Letter(to.clone(), (**letter).clone()));
                self.answer(Answer::Done);
            }
            Task::Inbox(row) => self.inbox(desk, row),
            Task::Interrupted(row) => self.interrupted(desk, row),
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

    /// What another program put into the inbox: applied in the commit that takes it out.
    fn inbox(&mut self, desk: &mut Desk, row: &FromInbox) {
        self.inbox_done.push(row.key);
        match &row.what {
            Ok(Parked::Event(incoming)) => self.event(desk, incoming),
            Ok(Parked::Letter(to, letter)) => {
                self.work(desk, &Work::Letter(to.clone(), (**letter).clone()));
            }
            Ok(Parked::CountAsSent(message, note)) => {
                match self.batch.store.message(row.key.shop, *message) {
                    Ok(Some(found)) if found.state == MessageState::Unknown => {
                        unknown::count_as_sent(&mut self.round.commit, self.batch.now, &found, note);
                    }
                    // Somebody else was quicker.
                    Ok(_) => {}
                    Err(why) => self.failed = Some(why),
                }
            }
            Err(_) => self.parked.push(row.parked(self.batch.now, "what stood in the inbox cannot be read")),
        }
    }

    fn event(&mut self, desk: &mut Desk, incoming: &Incoming) {
        let Some(first) = incoming.identities.first() else { return };
        let bucket = first.door.bucket(self.batch.state.shop);
        if !self.known.insert((bucket, incoming.event.number)) {
            return;
        }
        let before = (desk.changes.events.len(), self.parked.len());
        self.work(desk, &Work::Event(Box::new(incoming.clone())));
        if let Some((profile, ..)) = desk.changes.events.get(before.0)
            && self.parked.len() == before.1
        {
            self.round.events.push((*profile, Arc::new(incoming.clone())));
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
                        self.cannot(work, why);
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
                    Err(why) => why,
                },
                Err(panic) => Error::Corrupt(panic_text(&*panic)),
            };
            if let Some((to, letter)) = desk.park_letter() {
                self.cannot(&Work::Letter(to, letter), why);
            }
        }
    }

    /// What cannot be read now makes the whole batch wait; what never can is parked.
    fn cannot(&mut self, work: &Work, why: Error) {
        match why {
            Error::Corrupt(why) => self.park(work, &why),
            why => self.failed = Some(why),
        }
    }

    fn park(&mut self, work: &Work, why: &str) {
        tracing::error!(why, "an input was parked");
        let write = letterbox::parked(self.batch.state.shop, self.batch.now, work, why);
        self.parked.extend(write);
    }

    fn answer(&mut self, answer: Answer) {
        self.round.answers.push((self.index, answer));
    }

    fn send_again(&mut self, desk: &mut Desk, row: &MessageRow, late: bool, note: &str) -> Verdict {
        let asked = Repeat {
            message: row.id,
            address: row.address,
            journey: row.journey.clone(),
            step: row.step.clone(),
            deadline: row.deadline,
            late,
            note: note.to_owned(),
        };
        let verdict = self.work(desk, &Work::Input(row.profile, Input::Repeat(asked)));
        if let Some(Verdict::Later(_)) = verdict {
            unknown::no_longer_unknown(&mut self.round.commit, self.batch.now, row);
        }
        verdict.unwrap_or_else(|| Verdict::NotAgain(Reason::new("nobody")))
    }

    /// As the profiles are stored; who is changed by this very batch is written with her words as they are then.
    fn words(&mut self, profiles: &[ProfileId]) {
        match self.batch.store.profiles(self.batch.state.shop, profiles) {
            Ok(rows) => self.round.commit.words.extend(rows.iter().filter_map(write::words_of)),
            Err(why) => self.failed = Some(why),
        }
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

    /// What the tasks came to, and whom they woke.
    ///
    /// # Errors
    /// The store did not answer on the way: nothing of the batch may be written.
    pub fn finish(mut self) -> Result<(Round, HashSet<ProfileId>), Error> {
        if let Some(why) = self.failed {
            return Err(why);
        }
        self.round.commit.parked = self.parked;
        self.round.commit.letters_done = self.letters_done;
        self.round.commit.inbox_done = self.inbox_done;
        Ok((self.round, self.woken))
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("deciding on it failed: {}", text.unwrap_or_default())
}
