//! The heart of Beckon: everything that happens to one customer is a pure function. Start reading here.
//!
//! [`needs`] says what must be loaded, [`decide`] says what happens, [`due`] says when to ask again without an input.
//! Time is an argument, chance is a hash, nothing fails: a bad situation becomes a [`crate::why::Reason`].

use crate::address::Said;
use crate::block_counts;
use crate::block_tests;
use crate::effect::{Decision, Effect};
use crate::event::{Event, Fact, Incoming, Mode, Strength};
use crate::gate;
use crate::identity;
use crate::ids::{DoorId, ProfileId};
use crate::input::{Facts, Feedback, Input, Letter, Reaction};
use crate::journey;
use crate::order_reports;
use crate::plan::{EntryOn, Plan, name_key};
use crate::profile::{self, EarlyOutcome, Profile, Touch};
use crate::time::{DAY, ShopTime};
use crate::turn::Turn;

/// What must be loaded before [`decide`] may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The warm half of the profile.
    pub warm: bool,
    /// Whether the offers in the cart can be ordered now ([`Facts::offers`]).
    pub offers: bool,
    /// The state of this address ([`Facts::address`]).
    pub address: Option<DoorId>,
}

/// What an input needs, asked of the hot half alone. A page view of somebody in no journey needs nothing more, unless
/// the plan counts page views or begins something with them.
#[must_use]
pub fn needs(plan: &Plan, profile: &Profile, input: &Input) -> Needs {
    let hot = &profile.hot;
    let warm = match input {
        Input::Event(incoming) => !is_plain(plan, profile, incoming),
        _ => true,
    };
    let claim = matches!(input, Input::Claim(_) | Input::Repeat(_));
    Needs { warm, offers: claim, address: (claim && hot.email.0 != 0).then_some(hot.email) }
}

/// Whether an event changes nothing but the hot half.
fn is_plain(plan: &Plan, profile: &Profile, incoming: &Incoming) -> bool {
    let hot = &profile.hot;
    let fact = &incoming.event.fact;
    if !incoming.event.is_passing()
        || incoming.tells()
        || block_tests::concerns(plan, fact)
        || !hot.positions.is_empty()
        || !hot.candidates.is_empty()
    {
        return false;
    }
    let known = incoming.identities.iter().all(|identity| {
        identity.strength == Strength::Claimed && hot.doors.contains(&identity.door.id(profile.shop))
    });
    // What lies due is looked at before an event that comes late, with all that its conditions ask.
    let pending = is_late(plan, &incoming.event) && due(plan, profile).is_some();
    let key = name_key(fact.name());
    let starts = |journey: &crate::plan::Journey| journey.on && journey.entry.on == EntryOn::Event(key);
    known && !pending && !plan.measured.contains(&key) && !plan.journeys.values().any(starts)
}

/// What happens to a customer when something reaches her.
#[must_use]
pub fn decide(now: ShopTime, plan: &Plan, facts: &Facts, profile: &Profile, input: &Input) -> Decision {
    decide_on(now, plan, facts, profile.clone(), input)
}

/// As [`decide`], for who does not need the customer as she was.
#[must_use]
pub fn decide_on(now: ShopTime, plan: &Plan, facts: &Facts, profile: Profile, input: &Input) -> Decision {
    let now = now.max(profile.hot.now);
    let merged = profile.hot.merged_into != ProfileId(0);
    let mut turn = Turn::new(now, plan, facts, profile);
    turn.profile.hot.now = now;
    if merged {
        identity::forward(&mut turn, input);
        return turn.finish();
    }
    journey::relocate(&mut turn);
    match input {
        Input::Event(incoming) => event(&mut turn, incoming),
        Input::Wake => journey::look_back(&mut turn),
        Input::Claim(claim) => {
            journey::exits(&mut turn);
            gate::claim(&mut turn, claim);
        }
        Input::Repeat(asked) => gate::repeat(&mut turn, asked),
        Input::Outcome(outcome) => gate::outcome(&mut turn, outcome),
        Input::Feedback(reaction) => feedback(&mut turn, reaction),
        Input::Letter(letter) => open(&mut turn, letter),
    }
    settle(&mut turn);
    turn.finish()
}

/// When she must be looked at again if nothing reaches her; asked of the hot half alone.
#[must_use]
pub fn due(plan: &Plan, profile: &Profile) -> Option<ShopTime> {
    let hot = &profile.hot;
    if hot.merged_into != ProfileId(0) {
        return None;
    }
    let entries = plan.journeys.values().filter_map(|journey| journey::entry_due(journey, profile));
    let walking = hot.positions.iter().map(|position| {
        // Who stands in a journey that is off is looked at once a day: nobody has to tell her that it is on again.
        let on = plan.journeys.get(&position.journey).is_some_and(|journey| journey.on);
        if on { position.wake } else { position.wake.max(hot.now.plus(DAY)) }
    });
    let waiting = hot.candidates.iter().map(gate::next_look);
    entries.chain(walking).chain(waiting).min().filter(|at| *at != ShopTime::NEVER)
}

/// After whatever happened: what ends, what goes on, and what may be sent.
fn settle(turn: &mut Turn) {
    if turn.profile.hot.positions.is_empty() && turn.profile.hot.candidates.is_empty() {
        return;
    }
    journey::exits(turn);
    // A message that was on its way, or another profile that arrived, may have kept somebody in an old version.
    journey::relocate(turn);
    journey::walk_all(turn);
    gate::run(turn);
}

fn event(turn: &mut Turn, incoming: &Incoming) {
    let event = &incoming.event;
    let late = is_late(turn.plan, event);
    let came = matches!(event.fact, Fact::CameFromMessage { .. } | Fact::BlockClicked { .. });
    if late {
        journey::look_back(turn);
    }
    identity::claim_further(turn, incoming);
    let agreed_before = turn.profile.hot.consent.agreed;
    let address_before = turn.profile.hot.email;
    let proved_before = order_reports::is_proved(turn);
    let cart_before = (turn.profile.hot.cart, turn.profile.hot.cart_content);
    profile::fold(&mut turn.profile, incoming, &turn.plan.measured);
    let cart = (turn.profile.hot.cart, turn.profile.hot.cart_content);
    if cart.0 != cart_before.0 && cart.1 == cart_before.1 {
        // An order of old that is told only now took nothing out of the cart: it is the same cart under another key.
        turn.profile.hot.cart = cart_before.0;
        journey::rekey_cart(turn.plan, &mut turn.profile, cart);
    }
    if turn.profile.hot.email != address_before {
        gate::say_of_address(turn, Said::Used);
    }
    consent_at_the_address(turn, incoming, agreed_before);
    if came {
        credit_late_click(turn, event.occurred_at);
    }
    if order_reports::is_proved(turn) && !proved_before {
        // Her orders may have been reported for somebody who is nobody yet: now it is known whose they are.
        order_reports::report_again(turn);
    }
    block_counts::count(turn, &event.fact);
    block_tests::count(turn, &event.fact, event.occurred_at);
    if let Fact::Order(order) = &event.fact {
        order_reports::report(turn, event, order);
    }
    if late {
        journey::history_instead(turn, event);
    } else if event.is_sign_of_life() {
        is_there(turn, event);
    }
    journey::goals(turn, event);
    journey::conversions(turn, event);
    // What an order ends is ended before the same order opens it anew.
    journey::exits(turn);
    if event.mode == Mode::Live {
        journey::event_for_waiting(turn, event);
        journey::on_event(turn, event);
    }
}

/// Whether an event is told too late to be a sign of life.
fn is_late(plan: &Plan, event: &Event) -> bool {
    let age = event.received_at.since(event.occurred_at);
    event.mode == Mode::History || age >= journey::left_fresh_for(plan)
}

fn is_there(turn: &mut Turn, event: &Event) {
    let hot = &mut turn.profile.hot;
    if event.occurred_at > hot.active_at {
        hot.active_at = event.occurred_at;
        hot.active_by = crate::wire::Hash64(event.number);
    }
}

/// What the shop itself says of consent binds the address, whoever else uses it; a browser's word binds only her.
fn consent_at_the_address(turn: &mut Turn, incoming: &Incoming, before: Option<bool>) {
    let event = &incoming.event;
    let consent = &turn.profile.hot.consent;
    let stamp = profile::Stamp::new(event.occurred_at, event.number);
    // Only a word that counts is passed on: an import of what was long taken back lifts nothing.
    let counts = event.source == crate::event::Source::Server && consent.stamp == stamp;
    match (incoming.traits.email_consent, consent.agreed) {
        (Some(true), Some(true)) if counts && event.mode == Mode::Live => {
            gate::say_of_address_at(turn, Said::Agreed, event.occurred_at);
        }
        (Some(false), Some(false)) if counts && before != Some(false) => {
            gate::say_of_address(turn, Said::Unsubscribed);
        }
        _ => {}
    }
}

fn feedback(turn: &mut Turn, reaction: &Feedback) {
    turn.effect(Effect::Mark { message: reaction.message, kind: reaction.kind, at: reaction.at });
    let metric = match reaction.kind {
        Reaction::Opened => "opened",
        Reaction::OpenedByMachine => "opened_by_machine",
        Reaction::Clicked => "clicked",
        Reaction::ClickedByMachine => "clicked_by_machine",
        Reaction::Unsubscribed => "unsubscribed",
        Reaction::Complained => "complained",
        Reaction::Bounced => "bounced",
    };
    if reaction.first {
        turn.count(&reaction.journey, &reaction.step, metric);
        turn.journal(metric, &reaction.journey, &reaction.step, Vec::new());
        turn.about(reaction.message);
    }
    let stamp = profile::Stamp::new(reaction.at, reaction.message.0);
    match reaction.kind {
        Reaction::Clicked => clicked(turn, reaction),
        Reaction::Unsubscribed | Reaction::Complained => {
            turn.profile.hot.consent.say(false, Strength::Proved, &stamp);
            let spam = reaction.kind == Reaction::Complained;
            let said = if spam { Said::Complained } else { Said::Unsubscribed };
            gate::say_of(turn, reaction.address, said, turn.now);
        }
        Reaction::Bounced => gate::say_of(turn, reaction.address, Said::Bounced, turn.now),
        Reaction::Opened | Reaction::OpenedByMachine | Reaction::ClickedByMachine => {}
    }
}

fn clicked(turn: &mut Turn, reaction: &Feedback) {
    if let Some(warm) = &mut turn.profile.warm {
        warm.touch(Touch {
            message: reaction.message,
            journey: reaction.journey.clone(),
            step: reaction.step.clone(),
            at: reaction.at,
            ..Touch::default()
        });
    }
    credit_late_click(turn, reaction.at);
}

/// A click that is told only after the order it earned: the order's door has to know.
fn credit_late_click(turn: &mut Turn, at: ShopTime) {
    if turn.profile.hot.ordered_at >= at {
        order_reports::report_again(turn);
    }
}

fn open(turn: &mut Turn, letter: &Letter) {
    match letter {
        Letter::Event(incoming) => event(turn, incoming),
        Letter::Feedback(reaction) => feedback(turn, reaction),
        Letter::Outcome { message, sent, again, address, bounced } => {
            let (message, address) = (*message, *address);
            let (sent, again, bounced) = (*sent, *again, *bounced);
            let outcome = EarlyOutcome { message, sent, again, address, bounced, ..EarlyOutcome::default() };
            gate::outcome_elsewhere(turn, outcome);
        }
        Letter::AddressIs { door, stopped } => {
            if turn.profile.hot.email == *door {
                turn.profile.hot.email_stopped = *stopped;
            }
        }
        Letter::Held { kind, door, holder, proved } => identity::held(turn, *kind, *door, *holder, *proved),
        Letter::JoinInto { target, via, door, proved, strong } => {
            identity::join_into(turn, *target, *via, *door, *proved, strong);
        }
        Letter::Absorb { from, hot, warm } => identity::absorb(turn, *from, hot, warm),
        // These go to doors, never to a profile.
        Letter::ClaimDoor { .. }
        | Letter::Rebind { .. }
        | Letter::OrderReport(_)
        | Letter::AddressReport { .. } => {}
    }
}
