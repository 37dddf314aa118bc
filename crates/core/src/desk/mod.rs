//! The desk: a batch of work over many customers and doors, in memory, without I/O.
//!
//! What it needs and does not have on its [`Shelf`] it asks for by [`Missing`]; the shell loads it and lets the desk go
//! on. What it changed it gives back as [`Changes`], which one commit writes. Letters between customers are answered at
//! once where both lie on the shelf; the rest stay letters. A simulation is the same desk with everything on its shelf.

mod doors;
mod shelf;

pub use shelf::{Shelf, Slot};

use crate::decide::{Needs, decide, decide_on, needs};
use crate::effect::{Count, Effect, MessageEnd, NewMessage, Standing, Verdict};
use crate::event::{Fact, Incoming, ItemRef};
use crate::hash::{Tag, hash};
use crate::ids::{Bucket, DoorId, MessageId, ProfileId, ShopId};
use crate::input::{Facts, Input, Letter, Reaction, Recipient};
use crate::plan::Plan;
use crate::profile::Profile;
use crate::time::ShopTime;
use crate::why::{Journal, Reason};
use std::collections::VecDeque;

/// What the desk must have before it can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A profile; `true` asks for the warm half too.
    Profile(ProfileId, bool),
    /// Who holds an identity.
    Holder(Bucket, DoorId),
    /// An order.
    Order(Bucket, DoorId),
    /// An address.
    Address(Bucket, DoorId),
}

/// A piece of work.
#[derive(Clone, Debug)]
pub enum Work {
    /// An event at its door.
    Event(Box<Incoming>),
    /// An input of a profile.
    Input(ProfileId, Input),
    /// A letter.
    Letter(Recipient, Letter),
}

/// What a batch changed beside the shelf.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Events with the profile they belong to, and the bucket of the door where they were seen when that is another.
    pub events: Vec<(ProfileId, Box<Incoming>, Option<Bucket>)>,
    /// Messages decided on, with their profile.
    pub messages: Vec<(ProfileId, NewMessage)>,
    /// Messages that change their state.
    pub moves: Vec<(MessageId, MessageEnd, Reason)>,
    /// Reactions to messages.
    pub marks: Vec<(MessageId, Reaction, ShopTime)>,
    /// Lines of journals.
    pub journal: Vec<(ProfileId, Journal)>,
    /// Numbers.
    pub counts: Vec<Count>,
    /// Who came to a step or left one.
    pub standing: Vec<Standing>,
    /// Letters that were not answered at this desk.
    pub letters: Vec<(Recipient, Letter, u64)>,
}

/// What the desk asks of the catalogue in memory.
pub trait Offers {
    /// The id the catalogue knows this product by, if it does.
    fn resolve(&self, item: &ItemRef) -> Option<String>;
    /// Whether an offer can be ordered now; `None` when it is not in the catalogue.
    fn available(&self, id: &str) -> Option<bool>;
}

/// A catalogue without products.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoOffers;

impl Offers for NoOffers {
    fn resolve(&self, _: &ItemRef) -> Option<String> {
        None
    }
    fn available(&self, _: &str) -> Option<bool> {
        None
    }
}

/// Letters answered at the desk before the rest are left for the next batch: a merge takes about ten.
const LETTERS_PER_BATCH: usize = 10_000;

/// A batch of work for one shop.
pub struct Desk<'a> {
    shop: ShopId,
    now: ShopTime,
    plan: &'a Plan,
    offers: &'a dyn Offers,
    /// What is at hand.
    pub shelf: &'a mut Shelf,
    /// What was changed.
    pub changes: Changes,
    letters: VecDeque<(Recipient, Letter)>,
    written: u64,
    keep_letters: bool,
}

impl<'a> Desk<'a> {
    /// A desk with nothing on it but the shelf.
    pub fn new(
        shop: ShopId,
        now: ShopTime,
        plan: &'a Plan,
        offers: &'a dyn Offers,
        shelf: &'a mut Shelf,
    ) -> Desk<'a> {
        let changes = Changes::default();
        Desk {
            shop,
            now,
            plan,
            offers,
            shelf,
            changes,
            letters: VecDeque::new(),
            written: 0,
            keep_letters: false,
        }
    }

    /// Leaves every letter as a letter, as a node does that does not own the other bucket.
    #[must_use]
    pub fn keeping_letters(mut self) -> Self {
        self.keep_letters = true;
        self
    }

    /// The profile a piece of work is about, when that is known before it is done.
    #[must_use]
    pub fn profile_of(&self, work: &Work) -> Option<ProfileId> {
        match work {
            Work::Event(incoming) => {
                let door = incoming.identities.first()?.door.id(self.shop);
                self.shelf.holder(self.shop, door)?.as_ref().map(|holder| holder.profile)
            }
            Work::Input(profile, _) | Work::Letter(Recipient::Profile(profile), _) => Some(*profile),
            Work::Letter(Recipient::Door { .. }, _) => None,
        }
    }

    /// Does a piece of work and answers the letters it caused.
    ///
    /// # Errors
    /// Something must be put on the shelf first. Nothing was changed by this piece of work; ask again.
    pub fn work(&mut self, work: &Work) -> Result<Option<Verdict>, Missing> {
        match work {
            Work::Event(incoming) => self.event(incoming),
            Work::Input(profile, input) => self.input(*profile, input),
            Work::Letter(Recipient::Profile(profile), letter) => {
                if let Letter::Event(incoming) = letter {
                    self.ready(*profile, &Input::Letter(letter.clone()))?;
                    self.changes.events.push((*profile, incoming.clone(), None));
                }
                self.input(*profile, &Input::Letter(letter.clone()))
            }
            Work::Letter(Recipient::Door { bucket, door }, letter) => {
                self.at_door(*bucket, *door, letter)?;
                Ok(None)
            }
        }
    }

    /// Answers letters until none is left.
    ///
    /// # Errors
    /// Something must be put on the shelf first; the letter waits.
    pub fn answer_letters(&mut self) -> Result<(), Missing> {
        let mut answered = 0;
        while let Some((to, letter)) = self.letters.front().cloned() {
            if self.keep_letters || answered >= LETTERS_PER_BATCH {
                break;
            }
            self.work(&Work::Letter(to, letter))?;
            self.letters.pop_front();
            answered += 1;
        }
        for (to, letter) in std::mem::take(&mut self.letters) {
            self.written += 1;
            let text = serde_json::to_vec(&(&to, &letter)).unwrap_or_default();
            let parts: [&[u8]; 3] = [&text, &self.now.0.to_le_bytes(), &self.written.to_le_bytes()];
            let number = hash(Tag::Letter, self.shop, &parts);
            self.changes.letters.push((to, letter, number));
        }
        Ok(())
    }

    /// Takes the letter at hand away: it could not be answered and is to be kept for a person.
    pub fn park_letter(&mut self) -> Option<(Recipient, Letter)> {
        self.letters.pop_front()
    }

    fn event(&mut self, incoming: &Incoming) -> Result<Option<Verdict>, Missing> {
        let Some(entry) = incoming.identities.first() else { return Ok(None) };
        let (bucket, door) = (entry.door.bucket(self.shop), entry.door.id(self.shop));
        let holder = self.shelf.holder(self.shop, door).ok_or(Missing::Holder(bucket, door))?;
        let profile = match &holder {
            Some(holder) => holder.profile,
            None => ProfileId::born(self.shop, bucket, door, incoming.event.number),
        };
        let (known, renamed) = self.with_known_items(incoming);
        let input = Input::Event(Box::new(known));
        if holder.is_some() {
            self.ready(profile, &input)?;
        } else {
            let proved = entry.strength == crate::event::Strength::Proved;
            let new = Profile::new(self.shop, profile, self.now);
            self.shelf.born(new, &entry.door, proved, incoming.event.occurred_at);
        }
        let elsewhere = (profile.bucket() != bucket).then_some(bucket);
        if !self.shelf.spends {
            // Before it is decided on: what was told is kept even where deciding breaks off.
            self.changes.events.push((profile, Box::new(incoming.clone()), elsewhere));
            return self.input(profile, &input);
        }
        let verdict = self.input(profile, &input)?;
        // As it was told, which is how it was decided on unless a product has another name here.
        let told = match input {
            Input::Event(known) if !renamed => known,
            _ => Box::new(incoming.clone()),
        };
        self.changes.events.push((profile, told, elsewhere));
        Ok(verdict)
    }

    /// The event with its products under the ids the catalogue knows them by, and whether that changed one.
    fn with_known_items(&self, incoming: &Incoming) -> (Incoming, bool) {
        let mut known = incoming.clone();
        let mut renamed = false;
        let mut name = |item: &mut ItemRef| {
            if let Some(id) = self.offers.resolve(item).filter(|id| *id != item.id) {
                item.id = id;
                renamed = true;
            }
        };
        match &mut known.event.fact {
            Fact::ProductViewed { item }
            | Fact::ProductDwelled { item, .. }
            | Fact::Wished { item, .. }
            | Fact::BlockClicked { item, .. } => name(item),
            Fact::CartAdded { line, .. } | Fact::CartRemoved { line, .. } => name(&mut line.item),
            Fact::CartIs { lines, .. } | Fact::CheckoutStarted { lines, .. } => {
                lines.iter_mut().for_each(|line| name(&mut line.item));
            }
            Fact::Order(order) => order.lines.iter_mut().for_each(|line| name(&mut line.item)),
            _ => {}
        }
        (known, renamed)
    }

    /// What the input needs, all of it on the shelf; nothing where there is nobody of that number.
    fn ready(&self, id: ProfileId, input: &Input) -> Result<Option<Needs>, Missing> {
        let Some(profile) = self.shelf.profile(self.shop, id) else {
            return Err(Missing::Profile(id, !matches!(input, Input::Event(_))));
        };
        let Some(profile) = profile else { return Ok(None) };
        let needs = needs(self.plan, profile, input);
        if needs.warm && profile.warm.is_none() {
            return Err(Missing::Profile(id, true));
        }
        if let Some(door) = needs.address {
            let email = &profile.warm().email.said.value;
            let bucket = crate::ids::Door::new(crate::ids::DoorKind::Email, email.clone()).bucket(self.shop);
            if !self.shelf.has_address(self.shop, door) {
                return Err(Missing::Address(bucket, door));
            }
        }
        Ok(Some(needs))
    }

    fn input(&mut self, id: ProfileId, input: &Input) -> Result<Option<Verdict>, Missing> {
        let Some(needs) = self.ready(id, input)? else { return Ok(None) };
        let Some(Some(profile)) = self.shelf.profile(self.shop, id) else { return Ok(None) };
        let mut facts = Facts::default();
        if needs.offers {
            for (item, _) in profile.warm().cart.lines() {
                if let Some(available) = self.offers.available(item) {
                    facts.offers.insert(item.to_owned(), available);
                }
            }
        }
        if let Some(door) = needs.address {
            facts.address = self.shelf.address(self.shop, door).cloned().unwrap_or_default();
        }
        let decision = match self.shelf.spend(self.shop, id) {
            Some(profile) => decide_on(self.now, self.plan, &facts, profile, input),
            None => {
                let Some(Some(profile)) = self.shelf.profile(self.shop, id) else { return Ok(None) };
                decide(self.now, self.plan, &facts, profile, input)
            }
        };
        self.shelf.put(decision.profile);
        for effect in decision.effects {
            match effect {
                Effect::Message(message) => self.changes.messages.push((id, *message)),
                Effect::Move { message, to, reason } => self.changes.moves.push((message, to, reason)),
                Effect::Mark { message, kind, at } => self.changes.marks.push((message, kind, at)),
                Effect::Letter(to, letter) => self.letters.push_back((to, letter)),
            }
        }
        self.changes.journal.extend(decision.why.into_iter().map(|line| (id, line)));
        self.changes.counts.extend(decision.counts);
        self.changes.standing.extend(decision.standing);
        Ok(decision.verdict)
    }
}

#[cfg(test)]
mod tests;
