//! Moving those who stand in an older version of a graph, as the shop ordered when it published the newer one.
//!
//! An order is part of the plan, and everybody carries it out for herself when she is looked at: it may be given twice,
//! survives a stop at any instant, and what came in between is asked as always.

use super::walk::{leave, put};
use crate::candidate::withhold;
use crate::plan::{Action, Journey, Move, Step, WaitFrom};
use crate::profile::{Candidate, CandidateState, Position, PositionState};
use crate::time::ShopTime;
use crate::turn::Turn;
use crate::why::Reason;

/// Carries out what is ordered about her places, until none of them stands in a version that somebody ordered away.
pub(crate) fn relocate(turn: &mut Turn) {
    let plan = turn.plan;
    for position in turn.profile.hot.positions.clone() {
        let Some(journey) = plan.journeys.get(&position.journey) else { continue };
        let mut position = position;
        // An order may lead to a version that a later order leads away from; versions only rise.
        for _ in 0..=journey.moves.len() {
            let Some(order) = journey.moves.get(&position.graph).filter(|order| order.to > position.graph)
            else {
                break;
            };
            match carry_out(turn, journey, order, &position) {
                Some(moved) => position = moved,
                None => break,
            }
        }
    }
}

/// Carries out one order; `None` when it has to wait.
fn carry_out(turn: &mut Turn, journey: &Journey, order: &Move, position: &Position) -> Option<Position> {
    let mut moved = position.clone();
    moved.graph = order.to;
    if position.state() == PositionState::Done {
        // It stays, so that the same thing does not begin again.
        put(turn, &moved);
        return Some(moved);
    }
    let told = |why: Reason| why.with("from", position.graph).with("to", order.to);
    if order.end {
        return Some(end(turn, position, moved, told(Reason::new("version_ended"))));
    }
    let graph = journey.graph(order.to)?;
    let stated = || graph.step(*order.steps.get(&position.step)?);
    let Some(step) = graph.step(position.step).or_else(stated) else {
        return Some(end(turn, position, moved, told(Reason::new("step_removed"))));
    };
    let message = of_position(turn, position);
    let still_says = step.key == position.step && matches!(step.action, Action::Message(_));
    if let Some(message) = message.filter(|_| !still_says) {
        if message.state() == CandidateState::Handing {
            // Its first byte may have left: she goes on from what becomes of it.
            return None;
        }
        withhold(turn, &message, vec![told(Reason::new("moved"))]);
    }
    (moved.step, moved.moved_at) = (step.key, turn.now);
    if !(still_says && position.state() == PositionState::Messaging) {
        let old = journey.graph(position.graph).and_then(|graph| graph.step(position.step));
        place(turn.now, position, old, step, &mut moved);
    }
    put(turn, &moved);
    turn.count(&journey.name, &step.name, format!("moved:{}", position.graph));
    turn.journal("moved", &journey.name, &step.name, vec![told(Reason::new("moved"))]);
    Some(moved)
}

/// When, and how, somebody stands before her step in the new version.
fn place(now: ShopTime, was: &Position, old: Option<&Step>, step: &Step, moved: &mut Position) {
    let waits = was.state() == PositionState::Waiting;
    // When the step she waited at let her go, or would have: she never goes on earlier than she came.
    let was_due = was.wake.min(now);
    let old = old.map(|step| &step.action);
    moved.state = PositionState::Arrived as u32;
    match (old, &step.action) {
        (Some(Action::Wait { span: before, .. }), Action::Wait { span, from })
            if waits && same(was, step) =>
        {
            let start = match from {
                WaitFrom::Start => was.t0,
                WaitFrom::LastSend if was.sent_at.0 != 0 => was.sent_at,
                WaitFrom::LastSend => was.t0,
                WaitFrom::Here => was.wake.minus(*before),
            };
            // A wait that is over by the new length ends now, not in the past, where deadlines have run out.
            (moved.state, moved.wake) = (PositionState::Waiting as u32, start.plus(*span).max(was_due));
        }
        (Some(Action::WaitFor { up_to: before, .. }), Action::WaitFor { up_to, .. })
            if waits && same(was, step) =>
        {
            let until = was.wake.minus(*before).plus(*up_to);
            (moved.state, moved.wake) = (PositionState::Waiting as u32, until.max(was_due));
        }
        // Arriving somewhere in the future is a start that was moved; it stays there.
        _ if was.state() == PositionState::Arrived => moved.wake = was.wake,
        // A wait begins when she comes to it; all else is taken when her old wait would have ended.
        (_, Action::Wait { .. } | Action::WaitFor { .. }) => moved.wake = was_due,
        _ if waits => moved.wake = was.wake,
        _ => moved.wake = now,
    }
}

fn same(was: &Position, step: &Step) -> bool {
    was.step == step.key
}

/// Her message that waits or is on its way, of the step she stands at.
fn of_position(turn: &Turn, position: &Position) -> Option<Candidate> {
    let mut candidates = turn.profile.hot.candidates.iter();
    candidates.find(|candidate| super::waits_for(position, candidate)).cloned()
}

/// Ends a series where it stands. The place stays as one that was walked to the end, so that the same cart does not
/// begin again.
fn end(turn: &mut Turn, position: &Position, mut moved: Position, why: Reason) -> Position {
    leave(turn, position, why);
    (moved.state, moved.wake) = (PositionState::Done as u32, ShopTime::NEVER);
    put(turn, &moved);
    moved
}
