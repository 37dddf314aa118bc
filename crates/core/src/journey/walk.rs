//! Walking a journey: from step to step until something must be waited for.

use crate::candidate::{self, withhold};
use crate::event::Event;
use crate::hash::{Tag, hash, unit};
use crate::ids::MessageId;
use crate::limits;
use crate::plan::{Action, Journey, MessageStep, Step, WaitFrom, name_key};
use crate::profile::{Candidate, CandidateState, Position, PositionState, Send};
use crate::time::ShopTime;
use crate::turn::Turn;
use crate::why::Reason;

/// Where a step leads.
enum Next {
    /// On to this step, at this moment; `None` is the end.
    Go(Option<u32>),
    /// It waits; the position says for what.
    Stay,
    /// Out of the journey.
    Leave(Reason),
}

/// Takes every position as far as it goes now.
pub(crate) fn walk_all(turn: &mut Turn) {
    for position in turn.profile.hot.positions.clone() {
        // One that went before may have changed it.
        let Some(now) = turn.profile.hot.positions.iter().find(|p| p.same_as(&position)).cloned() else {
            continue;
        };
        let due = matches!(now.state(), PositionState::Arrived | PositionState::Waiting);
        if due && now.wake <= turn.now {
            walk(turn, now);
        }
    }
}

/// Takes one position on from its wake, and writes it back.
fn walk(turn: &mut Turn, mut position: Position) {
    let Some(journey) = turn.journey(position.journey) else { return };
    // What is switched off stands still: its people go on when it is switched on again.
    if !journey.on {
        return;
    }
    for _ in 0..limits::STEPS_PER_INPUT_MAX {
        let Some(step) = journey.graph(position.graph).and_then(|graph| graph.step(position.step)) else {
            return leave(turn, &position, Reason::new("step_gone"));
        };
        let next = take(turn, journey, step, &mut position);
        if let Next::Go(to) = next {
            went(turn, journey, position.graph, step, to);
        }
        match next {
            Next::Go(Some(next)) => {
                position.step = next;
                position.state = PositionState::Arrived as u32;
            }
            Next::Go(None) => {
                turn.journal("finished", &journey.name, &step.name, Vec::new());
                position.state = PositionState::Done as u32;
                position.wake = ShopTime::NEVER;
                return put(turn, &position);
            }
            Next::Stay => return put(turn, &position),
            Next::Leave(why) => return leave(turn, &position, why),
        }
    }
    leave(turn, &position, Reason::new("endless_loop").with("most", limits::STEPS_PER_INPUT_MAX));
}

/// Counts that somebody went from a step to the next; an empty name is the end.
fn went(turn: &mut Turn, journey: &Journey, graph: u32, from: &Step, to: Option<u32>) {
    let to = to.map_or_else(String::new, |to| turn.step_name(journey, graph, to));
    turn.count(&journey.name, &from.name, format!("to:{to}"));
}

/// Takes one step. `position.wake` is the moment it was due, so that waits add up however late we are.
fn take(turn: &mut Turn, journey: &Journey, step: &Step, position: &mut Position) -> Next {
    match &step.action {
        Action::Message(message) => say(turn, journey, step, message, position),
        Action::Wait { span, from } => {
            if position.state() == PositionState::Waiting {
                return Next::Go(step.next);
            }
            let start = match from {
                WaitFrom::Start => position.t0,
                WaitFrom::LastSend if position.sent_at.0 != 0 => position.sent_at,
                WaitFrom::LastSend => position.t0,
                WaitFrom::Here => position.wake,
            };
            wait_until(turn, position, start.plus(*span).max(position.wake), step.next)
        }
        Action::WaitFor { up_to, otherwise, .. } => {
            if position.state() == PositionState::Waiting {
                return Next::Go(*otherwise);
            }
            let until = position.wake.plus(*up_to);
            wait_until(turn, position, until, *otherwise)
        }
        Action::Branch { when, then, otherwise } => {
            let holds = when.ask(&turn.profile, turn.now).holds;
            let why = vec![Reason::new("branch").with("holds", holds)];
            turn.journal("step", &journey.name, &step.name, why);
            Next::Go(if holds { *then } else { *otherwise })
        }
        Action::Split { only, arms } => Next::Go(split(turn, journey, step, only.as_deref(), arms)),
        Action::Exit { reason } => Next::Leave(Reason::new("exit_step").with("reason", reason)),
        Action::Goal => {
            turn.count(&journey.name, &step.name, "goal");
            Next::Go(step.next)
        }
    }
}

fn wait_until(turn: &Turn, position: &mut Position, until: ShopTime, next: Option<u32>) -> Next {
    position.state = PositionState::Waiting as u32;
    position.wake = until;
    if until <= turn.now { Next::Go(next) } else { Next::Stay }
}

fn split(
    turn: &mut Turn,
    journey: &Journey,
    step: &Step,
    only: Option<&str>,
    arms: &[(String, u32, Option<u32>)],
) -> Option<u32> {
    let total: u32 = arms.iter().map(|(_, share, _)| share).sum();
    let who = turn.profile.hot.draw_by.0.to_le_bytes();
    let draw =
        unit(hash(Tag::Arm, turn.profile.shop, &[journey.name.as_bytes(), step.name.as_bytes(), &who]));
    let mut left = draw * f64::from(total);
    let drawn = arms.iter().find(|(_, share, _)| {
        left -= f64::from(*share);
        left < 0.0
    });
    let (name, _, to) = match only {
        Some(only) => arms.iter().find(|(name, ..)| name == only).or(drawn)?,
        None => drawn.or(arms.last())?,
    };
    let why = Reason::new(if only.is_some() { "only_arm" } else { "drawn_arm" });
    turn.count(&journey.name, &step.name, format!("arm:{name}"));
    turn.journal(
        "step",
        &journey.name,
        &step.name,
        vec![why.with("arm", name).with("draw", format!("{draw:.4}"))],
    );
    *to
}

/// Makes a message a candidate; the gate decides on it.
fn say(
    turn: &mut Turn,
    journey: &Journey,
    step: &Step,
    message: &MessageStep,
    position: &mut Position,
) -> Next {
    if let Some(why) = too_soon(turn, journey, message, MessageId(0)) {
        turn.count(&journey.name, &step.name, "skipped:step_too_soon");
        turn.journal("skipped", &journey.name, &step.name, vec![why]);
        return Next::Go(step.next);
    }
    if let Some(send) = said_before(turn, position, step) {
        turn.count(&journey.name, &step.name, "skipped:said_before");
        turn.journal(
            "skipped",
            &journey.name,
            &step.name,
            vec![Reason::new("said_before").with("at", send.0)],
        );
        return Next::Go(step.next);
    }
    let hot = &turn.profile.hot;
    position.visits += 1;
    let id = MessageId::of(
        turn.profile.shop,
        turn.profile.id,
        &[
            journey.name.as_bytes(),
            step.name.as_bytes(),
            &hot.email.0.to_le_bytes(),
            &position.occurrence.0.to_le_bytes(),
            &position.visits.to_le_bytes(),
        ],
    );
    let candidate = Candidate {
        message: id,
        journey: position.journey,
        step: step.key,
        subject: position.subject,
        due: position.wake,
        deadline: position.wake.plus(message.deadline),
        held_until: position.wake,
        state: CandidateState::Waiting as u32,
        ..Candidate::default()
    };
    // A second profile of hers may have sent this very message before they were merged.
    if turn.profile.hot.sends.iter().any(|send| send.message.same_as(id)) {
        return Next::Go(step.next);
    }
    if turn.profile.hot.candidates.len() >= limits::CANDIDATES_MAX {
        let why = Reason::new("too_many_waiting").with("most", limits::CANDIDATES_MAX);
        candidate::withhold_new(turn, &candidate, vec![why]);
        return Next::Go(step.next);
    }
    turn.profile.hot.candidates.push(candidate);
    position.state = PositionState::Messaging as u32;
    position.wake = ShopTime::NEVER;
    Next::Stay
}

/// When this step of the series wrote to somebody whom a move took back in it: a message goes once.
fn said_before(turn: &Turn, position: &Position, step: &Step) -> Option<ShopTime> {
    let mut sends = turn.profile.hot.sends.iter().filter(|_| position.moved_at.0 != 0);
    let this = |send: &&Send| {
        (send.journey, send.step, send.subject) == (position.journey, step.key, position.subject)
            && send.at >= position.began()
    };
    sends.find(this).map(|send| send.at)
}

/// Whether this message was sent to her too short a time ago. Steps with one template are one message: arms of a split,
/// and versions of a graph.
pub(crate) fn too_soon(
    turn: &Turn,
    journey: &Journey,
    message: &MessageStep,
    number: MessageId,
) -> Option<Reason> {
    let every = message.at_most_every?;
    let same = |step: u32| {
        let steps = journey.graphs.values().filter_map(|graph| graph.step(step));
        steps.map(|step| &step.action).any(|action| match action {
            Action::Message(other) => other.template == message.template,
            _ => false,
        })
    };
    let key = name_key(&journey.name);
    // The first try of a message that is sent again is no other letter.
    let others = turn.profile.hot.sends.iter().filter(|send| send.message != number);
    let sends = others.filter(|send| send.journey == key && same(send.step));
    let last = sends.map(|send| send.at).max().filter(|last| turn.now.since(*last) < every)?;
    Some(Reason::new("step_too_soon").with("last_at", last.0).with("every", every))
}

/// Whether a position stands at this message and waits for what becomes of it.
pub(crate) fn waits_for(position: &Position, candidate: &Candidate) -> bool {
    // A message that is sent again is nothing her journey waits for: it went on at the first try.
    !candidate.repeated
        && (position.journey, position.subject, position.step)
            == (candidate.journey, candidate.subject, candidate.step)
        && position.state() == PositionState::Messaging
}

/// What became of a message takes its position on; `sent` is false when it was withheld or refused.
pub(crate) fn after_message(turn: &mut Turn, candidate: &Candidate, sent: bool) {
    let position = turn.profile.hot.positions.iter().find(|p| waits_for(p, candidate));
    let Some(mut position) = position.cloned() else { return };
    let Some(journey) = turn.journey(position.journey) else { return };
    if sent {
        position.sent_at = turn.now;
    }
    let step = journey.graph(position.graph).and_then(|graph| graph.step(position.step));
    let next = step.and_then(|step| step.next);
    if let Some(step) = step {
        went(turn, journey, position.graph, step, next);
    }
    position.wake = turn.now;
    match next {
        Some(next) => {
            position.step = next;
            position.state = PositionState::Arrived as u32;
        }
        None => {
            let name = turn.step_name(journey, position.graph, position.step);
            turn.journal("finished", &journey.name, &name, Vec::new());
            position.state = PositionState::Done as u32;
            position.wake = ShopTime::NEVER;
        }
    }
    put(turn, &position);
}

/// A message did not leave and may be decided anew: its position comes to it again.
pub(crate) fn come_again(turn: &mut Turn, candidate: &Candidate) {
    let now = turn.now;
    let position = turn.profile.hot.positions.iter_mut().find(|p| waits_for(p, candidate));
    if let Some(position) = position {
        (position.state, position.wake) = (PositionState::Arrived as u32, now);
        position.visits = position.visits.saturating_sub(1);
    }
}

/// An event came for which positions wait. One that happened before they waited is not what they wait for.
pub(crate) fn event_for_waiting(turn: &mut Turn, event: &Event) {
    let key = name_key(event.fact.name());
    for at in 0..turn.profile.hot.positions.len() {
        let position = &turn.profile.hot.positions[at];
        let Some(journey) = turn.journey(position.journey).filter(|journey| journey.on) else { continue };
        let step = journey.graph(position.graph).and_then(|graph| graph.step(position.step));
        let Some(Action::WaitFor { event: waits_for, then, up_to, .. }) = step.map(|step| &step.action)
        else {
            continue;
        };
        let waits = position.state() == PositionState::Waiting && *waits_for == key;
        let in_time = event.occurred_at >= position.wake.minus(*up_to) && event.occurred_at < position.wake;
        if !waits || !in_time {
            continue;
        }
        if let Some(step) = step {
            let graph = position.graph;
            went(turn, journey, graph, step, *then);
        }
        let position = &mut turn.profile.hot.positions[at];
        match then {
            Some(then) => {
                (position.step, position.state) = (*then, PositionState::Arrived as u32);
                position.wake = turn.now;
            }
            None => {
                (position.wake, position.state) = (ShopTime::NEVER, PositionState::Done as u32);
                let name = step.map_or("", |step| step.name.as_str());
                turn.journal("finished", &journey.name, name, Vec::new());
            }
        }
    }
}

/// Ends what an exit ends.
pub(crate) fn exits(turn: &mut Turn) {
    for position in turn.profile.hot.positions.clone() {
        let Some(journey) = turn.journey(position.journey) else { continue };
        let Some(exit) = super::exit_of(journey, &position, &turn.profile) else { continue };
        leave(turn, &position, Reason::new(exit));
    }
}

/// Takes a position out of its journey and cancels the message it waits for.
pub(crate) fn leave(turn: &mut Turn, position: &Position, why: Reason) {
    turn.profile.hot.positions.retain(|p| !p.same_as(position));
    let of_it: Vec<Candidate> = turn
        .profile
        .hot
        .candidates
        .iter()
        .filter(|c| (c.journey, c.subject) == (position.journey, position.subject))
        .cloned()
        .collect();
    for candidate in of_it {
        withhold(turn, &candidate, vec![why.clone()]);
    }
    if position.state() == PositionState::Done {
        return;
    }
    if let Some(journey) = turn.journey(position.journey) {
        let step = turn.step_name(journey, position.graph, position.step);
        turn.count(&journey.name, &step, format!("exit:{}", why.code));
        turn.journal("exit", &journey.name, &step, vec![why]);
    }
}

pub(super) fn put(turn: &mut Turn, position: &Position) {
    match turn.profile.hot.positions.iter_mut().find(|p| p.same_as(position)) {
        Some(old) => *old = position.clone(),
        None => turn.profile.hot.positions.push(position.clone()),
    }
}
