//! A shop in memory for stories: the desk with everything on its shelf, a clock that jumps to what is due, and a sender
//! that takes approved messages at once, unless it is told otherwise.

use beckon_core::decide::due;
use beckon_core::desk::{Desk, Offers, Shelf, Work};
use beckon_core::effect::{MessageEnd, Verdict};
use beckon_core::event::{Incoming, ItemRef};
use beckon_core::ids::{Door, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::input::{Claim, Delivered, Input, Letter, Outcome, Recipient, Repeat};
use beckon_core::order::Order;
use beckon_core::plan::{Journey, Plan, Settings, parse};
use beckon_core::profile::Profile;
use beckon_core::time::{MINUTE, ShopTime, Span};
use beckon_core::why::{Journal, Reason};
use std::collections::BTreeMap;

pub const SHOP: ShopId = ShopId(1);

/// How the channel behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sender {
    /// Takes every message at once.
    Ok,
    /// Claims nothing.
    Down,
    /// Says what became of a message only after this time.
    Slow(Span),
    /// Not now: try again in ten minutes.
    Fails,
    /// The line breaks after the last byte.
    Unknown,
    /// Refuses for good; the address does not exist.
    Bounces,
}

/// A message's row in the outbox.
#[derive(Clone, Debug)]
pub struct Row {
    pub profile: ProfileId,
    pub address: DoorId,
    pub journey: String,
    pub step: String,
    pub template: String,
    pub not_before: ShopTime,
    pub deadline: ShopTime,
    pub state: Option<MessageEnd>,
    pub handed_at: Option<ShopTime>,
}

/// A catalogue in which everything is in stock, but for what is said to be gone.
#[derive(Debug, Default)]
pub struct Stock {
    pub gone: Vec<String>,
    pub unknown: Vec<String>,
}

impl Offers for Stock {
    fn resolve(&self, _: &ItemRef) -> Option<String> {
        None
    }
    fn available(&self, id: &str) -> Option<bool> {
        let known = !self.unknown.iter().any(|gone| gone == id);
        known.then(|| !self.gone.iter().any(|gone| gone == id))
    }
}

pub struct World {
    pub now: ShopTime,
    pub plan: Plan,
    pub shelf: Shelf,
    pub stock: Stock,
    pub sender: Sender,
    pub outbox: BTreeMap<MessageId, Row>,
    /// What left: when, template, to whom, with what.
    pub mails: Vec<(ShopTime, String)>,
    pub journal: Vec<(ShopTime, ProfileId, Journal)>,
    pub counts: BTreeMap<String, u64>,
    /// How many stand where, as it was told: journey, version, step.
    pub standing: BTreeMap<(String, u32, u32), i64>,
    /// Letters wait here when the world keeps them.
    pub letters: Vec<(Recipient, Letter)>,
    pub keep_letters: bool,
    /// No wakes and claims of their own accord: a test does every one of them.
    outcomes: Vec<(ShopTime, MessageId, Delivered)>,
    pub events: u64,
}

impl World {
    pub fn new(start: ShopTime, journeys: Vec<Journey>) -> World {
        let settings = Settings { global_holdout_ppm: 0, ..Settings::default() };
        World {
            now: start,
            plan: Plan::new(1, journeys, settings).unwrap(),
            shelf: Shelf::complete(),
            stock: Stock::default(),
            sender: Sender::Ok,
            outbox: BTreeMap::new(),
            mails: Vec::new(),
            journal: Vec::new(),
            counts: BTreeMap::new(),
            standing: BTreeMap::new(),
            letters: Vec::new(),
            keep_letters: false,
            outcomes: Vec::new(),
            events: 0,
        }
    }

    /// Does one piece of work now, and all that follows from it at once.
    pub fn work(&mut self, work: &Work) -> Option<Verdict> {
        let mut desk = Desk::new(SHOP, self.now, &self.plan, &self.stock, &mut self.shelf);
        if self.keep_letters {
            desk = desk.keeping_letters();
        }
        let verdict = desk.work(work).expect("everything is on the shelf");
        desk.answer_letters().expect("everything is on the shelf");
        let changes = std::mem::take(&mut desk.changes);
        for (profile, message) in changes.messages {
            let row = Row {
                profile,
                address: message.address,
                journey: message.journey,
                step: message.step,
                template: message.template,
                not_before: self.now,
                deadline: message.deadline,
                state: message.approved.is_none().then_some(MessageEnd::Withheld),
                handed_at: None,
            };
            let old = self.outbox.insert(message.id, row);
            assert!(old.is_none(), "the message {} was decided on twice", message.id);
        }
        for (message, to, _) in changes.moves {
            self.shift(message, to);
        }
        self.letters.extend(changes.letters.into_iter().map(|(to, letter, _)| (to, letter)));
        let now = self.now;
        self.journal.extend(changes.journal.into_iter().map(|(profile, line)| (now, profile, line)));
        for count in changes.counts {
            *self.counts.entry(format!("{} {}", count.journey, count.metric)).or_default() += 1;
        }
        for change in changes.standing {
            *self.standing.entry((change.journey, change.graph, change.step)).or_default() += change.n;
        }
        verdict
    }

    /// What was told of who stands where is what stands in the profiles.
    pub fn standing_is_true(&self) {
        let mut true_ones: BTreeMap<(String, u32, u32), i64> = BTreeMap::new();
        for position in self.profiles().flat_map(|profile| &profile.hot.positions) {
            if position.state() != beckon_core::profile::PositionState::Done {
                let name = self.plan.journeys[&position.journey].name.clone();
                *true_ones.entry((name, position.graph, position.step)).or_default() += 1;
            }
        }
        let mut told = self.standing.clone();
        told.retain(|_, n| *n != 0);
        assert_eq!(told, true_ones, "the count of who stands where is wrong");
    }

    /// Looks at everybody, as the loop does that carries out a move.
    pub fn look_at_all(&mut self) {
        let all: Vec<ProfileId> = self.profiles().map(|profile| profile.id).collect();
        for id in all {
            self.work(&Work::Input(id, Input::Wake));
        }
    }

    /// A message changes its state; only the changes that a store allows.
    fn shift(&mut self, message: MessageId, to: MessageEnd) {
        let row = self.outbox.get_mut(&message).expect("a message that moves has a row");
        let handing = row.state == Some(MessageEnd::Handing);
        match to {
            MessageEnd::Later(until) | MessageEnd::Again(until) => {
                assert!(row.state.is_none() || handing, "{message} goes back from {:?}", row.state);
                (row.state, row.not_before) = (None, until);
            }
            MessageEnd::Repeated(until) => {
                assert!(row.state == Some(MessageEnd::Unknown), "{message} is repeated from {:?}", row.state);
                (row.state, row.not_before) = (None, until);
            }
            MessageEnd::Withheld => {
                // A retry that belongs to another profile now ends here, from handing.
                assert!(row.state.is_none() || handing, "{message} is withheld from {:?}", row.state);
                row.state = Some(to);
            }
            MessageEnd::Handing | MessageEnd::Ghost => {
                assert!(row.state.is_none(), "{message} is handed over from {:?}", row.state);
                row.state = Some(to);
                row.handed_at = Some(self.now);
            }
            MessageEnd::Sent | MessageEnd::Never | MessageEnd::Unknown => {
                assert!(handing, "{message} ends from {:?}", row.state);
                row.state = Some(to);
            }
        }
    }

    pub fn event(&mut self, incoming: Incoming) {
        self.work(&Work::Event(Box::new(incoming)));
        self.send();
    }

    /// Lets time pass: wakes who is due, sends what may be sent.
    pub fn pass_until(&mut self, until: ShopTime) {
        for _ in 0..100_000 {
            let Some(next) = self.next_moment().filter(|next| *next <= until) else {
                self.now = self.now.max(until);
                return;
            };
            self.now = self.now.max(next);
            self.wake();
            self.send();
        }
        panic!("the world does not come to rest at {:?}", self.now);
    }

    fn next_moment(&self) -> Option<ShopTime> {
        let due = self.profiles().filter_map(|profile| due(&self.plan, profile));
        let rows = self.outbox.values().filter(|row| row.state.is_none() && self.sender != Sender::Down);
        let outcomes = self.outcomes.iter().map(|(at, ..)| *at);
        due.chain(rows.map(|row| row.not_before)).chain(outcomes).min()
    }

    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.shelf.profiles.values().filter_map(|slot| slot.value.as_ref())
    }

    /// Wakes everybody who is due.
    pub fn wake(&mut self) {
        let due: Vec<ProfileId> = self
            .profiles()
            .filter(|p| due(&self.plan, p).is_some_and(|at| at <= self.now))
            .map(|p| p.id)
            .collect();
        for id in due {
            self.work(&Work::Input(id, Input::Wake));
            let after = self.profile(id).and_then(|p| due_of(&self.plan, p));
            assert!(
                after.is_none_or(|at| at > self.now),
                "she was woken and wants to be woken at once again"
            );
        }
    }

    /// The sender claims what it may, and tells what became of what it handed over.
    pub fn send(&mut self) {
        let told: Vec<_> = self.outcomes.iter().filter(|(at, ..)| *at <= self.now).copied().collect();
        self.outcomes.retain(|(at, ..)| *at > self.now);
        for (_, message, result) in told {
            self.tell(message, result);
        }
        if self.sender == Sender::Down {
            return;
        }
        loop {
            let ready = self.outbox.iter().find(|(_, r)| r.state.is_none() && r.not_before <= self.now);
            let Some((message, _)) = ready else { return };
            let message = *message;
            if self.claim(message) {
                self.deliver(message);
            }
        }
    }

    /// Claims one message; true when it is to be handed over.
    pub fn claim(&mut self, message: MessageId) -> bool {
        let profile = self.outbox[&message].profile;
        for _ in 0..3 {
            let shown = self.profile(profile).map(|p| (p.hot.cart_content, p.hot.email));
            let (content, address) = shown.unwrap_or_default();
            let claim = Claim { message, content, address };
            match self.work(&Work::Input(profile, Input::Claim(claim))).expect("a claim has an answer") {
                Verdict::Hand => return true,
                Verdict::RenderAgain => {}
                Verdict::NotAgain(why) => panic!("a claim is no wish to send again: {why:?}"),
                Verdict::Ghost | Verdict::Later(_) | Verdict::Withheld => {
                    let row = self.outbox.get_mut(&message).unwrap();
                    let idle = row.state.is_none() && row.not_before <= self.now;
                    assert!(!idle, "the answer to the claim of {message} left it where it was");
                    return false;
                }
            }
        }
        panic!("the message is rendered again and again");
    }

    fn deliver(&mut self, message: MessageId) {
        let row = &self.outbox[&message];
        let profile = self.profile(row.profile).expect("who is written to exists");
        let items: Vec<&str> = profile.warm().cart.lines().into_iter().map(|(item, _)| item).collect();
        let to = profile.warm().email.said.value.split('@').next().unwrap_or_default().to_owned();
        let with = if items.is_empty() { String::new() } else { format!(" with {}", items.join(", ")) };
        self.mails.push((self.now, format!("mail {} to {to}{with}", row.template)));
        match self.sender {
            Sender::Ok => self.tell(message, Delivered::Sent),
            Sender::Slow(delay) => self.outcomes.push((self.now.plus(delay), message, Delivered::Sent)),
            Sender::Fails => {
                self.mails.pop();
                self.tell(message, Delivered::Retry(self.now.plus(MINUTE.times(10))));
            }
            Sender::Unknown => self.tell(message, Delivered::Unknown),
            Sender::Bounces => {
                self.mails.pop();
                self.tell(message, Delivered::Never(true));
            }
            Sender::Down => unreachable!("a sender that is down claims nothing"),
        }
    }

    pub fn tell(&mut self, message: MessageId, result: Delivered) {
        let Row { profile, address, .. } = self.outbox[&message];
        let outcome = Outcome { message, address, result, note: "250 ok".into() };
        self.work(&Work::Input(profile, Input::Outcome(outcome)));
    }

    /// A person wants an unknown message sent again; what speaks against it, if anything does.
    pub fn repeat(&mut self, message: MessageId, late: bool) -> Result<(), Reason> {
        let row = self.outbox[&message].clone();
        let asked = Repeat {
            message,
            address: row.address,
            journey: row.journey,
            step: row.step,
            deadline: row.deadline,
            late,
            note: "by a test".to_owned(),
        };
        match self.work(&Work::Input(row.profile, Input::Repeat(asked))) {
            Some(Verdict::NotAgain(why)) => Err(why),
            verdict => {
                assert!(matches!(verdict, Some(Verdict::Later(_))), "{verdict:?}");
                Ok(())
            }
        }
    }

    pub fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.shelf.profiles.get(&(SHOP, id))?.value.as_ref()
    }

    /// Who holds this identity, after all merges.
    pub fn who(&self, kind: DoorKind, value: &str) -> &Profile {
        let door = Door::new(kind, value).id(SHOP);
        let mut id = self.shelf.holders[&(SHOP, door)].value.as_ref().expect("nobody holds it").profile;
        loop {
            let profile = self.profile(id).expect("a holder exists");
            if profile.hot.merged_into == ProfileId(0) {
                return profile;
            }
            assert!(profile.hot.merged_into < id, "merges go down");
            id = profile.hot.merged_into;
        }
    }

    pub fn order(&self, id: &str) -> &Order {
        let door: DoorId = Door::new(DoorKind::Order, id).id(SHOP);
        self.shelf.orders[&(SHOP, door)].value.as_ref().expect("no such order")
    }

    /// Whether the journal says `what` with this reason.
    pub fn said(&self, what: &str, code: &str) -> bool {
        self.journal.iter().any(|(_, _, line)| line.what == what && line.why.iter().any(|r| r.code == code))
    }

    pub fn count(&self, of: &str) -> u64 {
        self.counts.get(of).copied().unwrap_or(0)
    }
}

fn due_of(plan: &Plan, profile: &Profile) -> Option<ShopTime> {
    due(plan, profile)
}

/// A journey from its text, switched on.
pub fn journey(text: &str) -> Journey {
    let mut journey = parse(text).unwrap_or_else(|problem| panic!("{problem}"));
    journey.on = true;
    journey.holdout_ppm = 0;
    journey
}

/// The cart series that ships, without its holdout.
pub fn cart_series() -> Journey {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans/abandoned-cart.yaml");
    journey(&std::fs::read_to_string(path).unwrap())
}
