//! The machine: takes what comes next in time, from whichever side, and lets the desk decide on it.

use crate::channel::{Coming, Rate, Reacts, Way};
use crate::model::{ARRIVES_AFTER, DEFERRED_FOR, Try};
use crate::outbox::{Changed, Outbox, Row};
use crate::plane::Plane;
use crate::report::Report;
use crate::setup::Setup;
use crate::stream::{Stream, Visit};
use crate::tally::Tally;
use beckon_core::desk::{Changes, Work};
use beckon_core::effect::{MessageEnd, Verdict};
use beckon_core::ids::{MessageId, ProfileId};
use beckon_core::input::{Claim, Delivered, Feedback, Input, Outcome, Reaction};
use beckon_core::time::{SECOND, ShopTime};

/// Renderings of one message at one moment, as the sender's.
const RENDERINGS_MAX: usize = 4;
/// A message that cannot be claimed now is tried again after this.
const TRIED_AGAIN_SECS: i64 = 10;

/// Sees everything as it is decided.
pub trait Watch {
    /// A piece of work was decided on at this moment, with all that followed from it at once.
    fn decided(&mut self, now: ShopTime, changes: &Changes);
    /// A message is handed over to the channel.
    fn handed(&mut self, _now: ShopTime, _profile: ProfileId, _message: MessageId) {}
}

/// Watches nothing.
pub struct Quiet;

impl Watch for Quiet {
    fn decided(&mut self, _: ShopTime, _: &Changes) {}
}

/// Plays a stream and reports.
pub fn run(setup: &Setup, stream: &mut dyn Stream) -> Report {
    run_watched(setup, stream, &mut Quiet)
}

/// As [`run`], for somebody who looks on.
pub fn run_watched(setup: &Setup, stream: &mut dyn Stream, watch: &mut dyn Watch) -> Report {
    let mut machine = Machine {
        setup: *setup,
        now: setup.from,
        plane: Plane::new(setup.shop),
        outbox: Outbox::default(),
        way: Way::default(),
        rate: Rate::new(setup.model),
        tally: Tally::new(setup),
        watch,
    };
    while machine.step(stream) {}
    machine.tally.report(setup, &machine.plane, &machine.outbox)
}

/// Who comes next. At one moment: what happened before what we do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Stream,
    Way,
    Timer,
    Outbox,
}

struct Machine<'a, 'w> {
    setup: Setup<'a>,
    /// Never runs back.
    now: ShopTime,
    plane: Plane,
    outbox: Outbox,
    way: Way,
    rate: Rate,
    tally: Tally,
    watch: &'w mut dyn Watch,
}

impl Machine<'_, '_> {
    /// Takes the next thing; false when the time is over or nothing comes any more.
    fn step(&mut self, stream: &mut dyn Stream) -> bool {
        let outbox = self.outbox.next_at().map(|at| at.max(self.rate.free_at()));
        let sides = [
            (stream.next_at(), Side::Stream),
            (self.way.next_at(), Side::Way),
            (self.plane.next_timer(), Side::Timer),
            (outbox, Side::Outbox),
        ];
        let first = sides.into_iter().filter_map(|(at, side)| Some((at?.max(self.now), side))).min();
        let Some((at, side)) = first.filter(|(at, _)| *at < self.setup.until) else { return false };
        self.now = at;
        match side {
            Side::Stream => {
                if let Some((_, incoming)) = stream.next() {
                    self.tally.event(self.now, &incoming);
                    self.work(&Work::Event(Box::new(incoming)));
                }
            }
            Side::Way => self.comes(stream),
            Side::Timer => {
                if let Some(id) = self.plane.ring(self.now, self.setup.plan) {
                    self.work(&Work::Input(id, Input::Wake));
                    self.plane.woken(self.now, self.setup.plan, id);
                }
            }
            Side::Outbox => self.send(),
        }
        true
    }

    fn work(&mut self, work: &Work) -> Option<Verdict> {
        let offers = self.setup.catalogue.on(self.now);
        let (verdict, changes) = self.plane.work(self.now, self.setup.plan, offers, work);
        self.watch.decided(self.now, &changes);
        self.tally.decided(self.now, &changes);
        for (profile, message) in &changes.messages {
            if message.approved.is_some() {
                self.outbox.add(*profile, message, self.now);
            }
        }
        for (message, to, why) in &changes.moves {
            match self.outbox.shift(*message, *to, self.now) {
                Changed::Handing => self.handing(*message),
                Changed::Ended(row) => self.ended(*message, *to, &row, &why.code),
                Changed::Open => {}
            }
        }
        verdict
    }

    fn handing(&mut self, message: MessageId) {
        self.rate.take(self.now);
        if let Some(row) = self.outbox.row(message) {
            self.tally.handed(self.now, message, row);
            self.watch.handed(self.now, row.profile, message);
        }
        self.way.put(self.now.plus(self.setup.model.answers_after), Coming::Answer(message));
    }

    fn ended(&mut self, message: MessageId, to: MessageEnd, row: &Row, why: &str) {
        self.tally.ended(self.now, message, to, row, why);
        if to != MessageEnd::Sent {
            return;
        }
        for (at, kind) in self.setup.model.reactions(message.0, self.now) {
            let reacts = Reacts {
                message,
                profile: row.profile,
                address: row.address,
                journey: row.journey.clone(),
                step: row.step.clone(),
                kind,
            };
            self.way.put(at, Coming::Reaction(Box::new(reacts)));
        }
    }

    /// The channel or somebody answers.
    fn comes(&mut self, stream: &mut dyn Stream) {
        match self.way.next() {
            Some(Coming::Answer(message)) => self.answer(message),
            Some(Coming::Reaction(reacts)) => self.reacts(stream, &reacts),
            None => {}
        }
    }

    fn answer(&mut self, message: MessageId) {
        let Some(row) = self.outbox.row(message).filter(|row| row.handing).cloned() else { return };
        let (result, note) = match self.setup.model.answer(row.address.0, message.0, row.tries) {
            Try::Taken => (Delivered::Sent, "250 2.0.0 taken"),
            Try::NoSuchAddress => (Delivered::Never(true), "550 5.1.1 no such address"),
            Try::Deferred => (Delivered::Retry(self.now.plus(DEFERRED_FOR)), "451 4.7.1 later"),
            Try::Unknown => (Delivered::Unknown, "the line broke"),
        };
        let outcome = Outcome { message, address: row.address, result, note: note.to_owned() };
        self.work(&Work::Input(row.profile, Input::Outcome(outcome)));
        // No answer leaves a message in the channel's hands.
        if self.outbox.row(message).is_some_and(|row| row.handing)
            && let Some(row) = self.outbox.end(message)
        {
            self.tally.ended(self.now, message, MessageEnd::Unknown, &row, "unknown");
        }
    }

    fn reacts(&mut self, stream: &mut dyn Stream, reacts: &Reacts) {
        let feedback = Feedback {
            message: reacts.message,
            address: reacts.address,
            journey: reacts.journey.clone(),
            step: reacts.step.clone(),
            kind: reacts.kind,
            at: self.now,
            first: true,
        };
        self.work(&Work::Input(reacts.profile, Input::Feedback(feedback)));
        if reacts.kind == Reaction::Clicked
            && let Some(profile) = self.plane.profile(reacts.profile)
        {
            let address = &profile.warm().email.said.value;
            stream.came(&Visit { address, message: reacts.message, at: self.now.plus(ARRIVES_AFTER) });
        }
    }

    /// Claims the message whose turn it is, as the sender does.
    fn send(&mut self) {
        let Some(message) = self.outbox.next(self.now) else { return };
        let Some(profile) = self.outbox.row(message).map(|row| row.profile) else { return };
        let mut verdict = None;
        for _ in 0..RENDERINGS_MAX {
            let shown = self.plane.profile(profile).map(|p| (p.hot.cart_content, p.hot.email));
            let (content, address) = shown.unwrap_or_default();
            let claim = Claim { message, content, address };
            verdict = self.work(&Work::Input(profile, Input::Claim(claim)));
            if verdict != Some(Verdict::RenderAgain) {
                break;
            }
        }
        // What a claim leaves where it was: withheld is its end, anything else is tried a little later.
        let open = self.outbox.row(message).is_some_and(|row| !row.handing && row.not_before <= self.now);
        if !open {
            return;
        }
        if verdict == Some(Verdict::Withheld) {
            if let Some(row) = self.outbox.end(message) {
                self.tally.ended(self.now, message, MessageEnd::Withheld, &row, "merged");
            }
        } else {
            self.outbox.put_off(message, self.now, self.now.plus(SECOND.times(TRIED_AGAIN_SECS)));
        }
    }
}
