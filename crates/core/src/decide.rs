//! The heart of Beckon: everything that happens to one customer is a pure function. Start reading here.
//!
//! [`needs`] says what must be loaded, [`decide`] says what happens, [`due`] says when to ask again without an input.
//! Time is an argument, chance is a hash, nothing fails: a bad situation becomes a [`crate::why::Reason`].

use crate::address::Said;
use crate::effect::{Decision, Effect};
use crate::event::{Event, Fact, Incoming, Mode, Strength};
use crate::gate;
use crate::identity;
use crate::ids::{Door, DoorId, DoorKind, ProfileId};
use crate::input::{Facts, Feedback, Input, Letter, Reaction, Recipient};
use crate::journey;
use crate::order;
use crate::plan::{Plan, name_key};
use crate::profile::{self, Hot, PositionState, Profile, Touch};
use crate::time::ShopTime;
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

/// What an input needs, asked of the hot half alone. A page view of somebody in no journey needs nothing more.
#[must_use]
pub fn needs(hot: &Hot, input: &Input) -> Needs {
    let warm = match input {
        Input::Event(incoming) => {
            let known = incoming.identities.iter().all(|i| i.strength == Strength::Claimed);
            let plain =
                matches!(incoming.event.fact, Fact::Page { .. } | Fact::Heartbeat | Fact::ListViewed { .. });
            !(plain && known && incoming.traits.is_empty() && hot.positions.is_empty())
        }
        _ => true,
    };
    let claim = matches!(input, Input::Claim(_));
    Needs { warm, offers: claim, address: (claim && hot.email.0 != 0).then_some(hot.email) }
}

/// What happens to a customer when something reaches her.
#[must_use]
pub fn decide(now: ShopTime, plan: &Plan, facts: &Facts, profile: &Profile, input: &Input) -> Decision {
    let now = now.max(profile.hot.now);
    let mut turn = Turn::new(now, plan, facts, profile);
    turn.profile.hot.now = now;
    if profile.hot.merged_into != ProfileId(0) {
        identity::forward(&mut turn, input);
        return turn.finish();
    }
    match input {
        Input::Event(incoming) => event(&mut turn, incoming),
        Input::Wake => wake(&mut turn),
        Input::Claim(claim) => {
            journey::exits(&mut turn);
            gate::claim(&mut turn, claim);
        }
        Input::Outcome(outcome) => gate::outcome(&mut turn, outcome),
        Input::Feedback(reaction) => feedback(&mut turn, reaction),
        Input::Letter(letter) => open(&mut turn, letter),
    }
    settle(&mut turn, !matches!(input, Input::Event(_) | Input::Wake));
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
    let walking = hot.positions.iter().map(|position| position.wake);
    let waiting = hot.candidates.iter().map(gate::next_look);
    entries.chain(walking).chain(waiting).min().filter(|at| *at != ShopTime::NEVER)
}

/// After whatever happened: what ends, what goes on, and what may be sent.
fn settle(turn: &mut Turn, again: bool) {
    if turn.profile.hot.positions.is_empty() && turn.profile.hot.candidates.is_empty() {
        return;
    }
    journey::exits(turn);
    journey::walk_all(turn);
    gate::run(turn, again);
}

fn wake(turn: &mut Turn) {
    journey::on_left(turn);
    turn.profile.hot.woken_at = turn.now;
    // A journey that was switched on again takes its people on from where they stand.
    for position in &mut turn.profile.hot.positions {
        let on = turn.plan.journeys.get(&position.journey).is_some_and(|journey| journey.on);
        if on && position.wake == ShopTime::NEVER && position.state() == PositionState::Arrived {
            position.wake = turn.now;
        }
    }
}

fn event(turn: &mut Turn, incoming: &Incoming) {
    let event = &incoming.event;
    identity::claim_further(turn, incoming);
    let agreed_before = turn.profile.hot.consent.agreed;
    let address_before = turn.profile.hot.email;
    profile::fold(&mut turn.profile, incoming, &turn.plan.measured);
    if turn.profile.hot.email != address_before {
        gate::say_of_address(turn, Said::Used);
    }
    consent_at_the_address(turn, incoming, agreed_before);
    if let Fact::Order(order) = &event.fact {
        let report = order::Report {
            order: order.clone(),
            at: event.occurred_at,
            number: event.number,
            source: event.source,
            profile: turn.profile.id,
            proved: turn.profile.warm().doors.iter().any(|door| door.proved),
            touches: recent_touches(turn),
        };
        report_order(turn, report);
    }
    let fresh = event.received_at.since(event.occurred_at) < fresh_for(turn.plan);
    if event.mode == Mode::History || !fresh {
        journey::history_instead(turn, event);
        return;
    }
    if event.fact.is_activity() {
        is_there(turn, event);
    }
    journey::event_for_waiting(turn, name_key(event.fact.name()));
    journey::on_event(turn, event);
}

/// How late a sign of life may come and still count: the longest that a journey which is on allows.
fn fresh_for(plan: &Plan) -> crate::time::Span {
    let on = plan.journeys.values().filter(|journey| journey.on);
    on.map(|journey| journey.entry.fresh_for).max().unwrap_or(crate::limits::FRESH_FOR)
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
    let proved = incoming.event.source == crate::event::Source::Server;
    let now = turn.profile.hot.consent.agreed;
    match incoming.traits.email_consent {
        Some(true) if proved && now == Some(true) => gate::say_of_address(turn, Said::Agreed),
        Some(false) if proved && now != before => gate::say_of_address(turn, Said::Unsubscribed),
        _ => {}
    }
}

fn recent_touches(turn: &Turn) -> Vec<(crate::ids::MessageId, String, String, ShopTime)> {
    let touches = turn.profile.warm().touches.iter();
    touches.map(|t| (t.message, t.journey.clone(), t.step.clone(), t.at)).collect()
}

fn report_order(turn: &mut Turn, report: order::Report) {
    let door = Door::new(DoorKind::Order, report.order.id.clone());
    let to = Recipient::Door { bucket: door.bucket(turn.profile.shop), door: door.id(turn.profile.shop) };
    turn.letter(to, Letter::OrderReport(Box::new(report)));
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
            gate::say_of_address(turn, if spam { Said::Complained } else { Said::Unsubscribed });
        }
        Reaction::Bounced => gate::say_of_address(turn, Said::Bounced),
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
}

fn open(turn: &mut Turn, letter: &Letter) {
    match letter {
        Letter::Event(incoming) => event(turn, incoming),
        Letter::Feedback(reaction) => feedback(turn, reaction),
        Letter::Outcome { message, sent, again } => gate::outcome_elsewhere(turn, *message, *sent, *again),
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

/// After a merge: the orders of both are told to their doors again with the clicks of both.
pub(crate) fn report_orders_again(turn: &mut Turn) {
    let window = turn.plan.settings.attribution;
    let touches = recent_touches(turn);
    if touches.is_empty() {
        return;
    }
    let since = turn.now.minus(window);
    for seen in turn.profile.warm().orders.clone().iter().filter(|order| order.at >= since) {
        let order = crate::event::OrderFact {
            id: seen.id.clone(),
            status: crate::event::OrderStatus::Completed,
            total: None,
            lines: Vec::new(),
        };
        // Said at time 0 it changes nothing of the order itself: it only brings the clicks.
        let report = order::Report {
            order: crate::event::OrderFact { status: crate::event::OrderStatus::Updated, ..order },
            at: ShopTime(0),
            number: 0,
            source: crate::event::Source::Browser,
            profile: turn.profile.id,
            proved: turn.profile.warm().doors.iter().any(|door| door.proved),
            touches: touches.clone(),
        };
        report_order(turn, report);
    }
}
