//! One person, one message: of those that fall due together the highest priority goes, at its own time.

use crate::candidate::{Case, case, withhold};
use crate::journey;
use crate::limits::LOOK_AHEAD;
use crate::plan::{Action, Class, EntryOn, Journey, Loser, Step};
use crate::profile::{Candidate, CandidateState, Position, PositionState};
use crate::time::ShopTime;
use crate::turn::Turn;
use crate::why::Reason;
use std::cmp::Reverse;

/// Order among messages: priority, then what fell due first, then the journey.
pub(super) fn rank(turn: &Turn, candidate: &Candidate) -> (Reverse<u16>, ShopTime, u32) {
    let priority = case(turn, candidate).map_or(0, |case| case.step.priority);
    (Reverse(priority), candidate.due, candidate.journey)
}

/// What outranks this candidate: a message that waits or is approved, or one that will fall due soon.
pub(super) fn rival(turn: &Turn, candidate: &Candidate, priority: u16) -> Option<Reason> {
    let mine = rank(turn, candidate);
    let horizon = turn.now.plus(LOOK_AHEAD);
    let waiting = turn.profile.hot.candidates.iter().find(|other| {
        other.message != candidate.message
            && other.state() != CandidateState::Handing
            && competes(turn, other)
            && other.due <= horizon
            && rank(turn, other) < mine
    });
    if let Some(case) = waiting.and_then(|other| case(turn, other)) {
        return Some(lost_to(case, priority));
    }
    let upcoming = turn.profile.hot.positions.iter().find_map(|position| {
        let soon = position.wake <= horizon;
        let journey = turn.journey(position.journey).filter(|j| soon && j.on && j.class != Class::T)?;
        let next = upcoming_step(journey, position)?;
        match &next.action {
            Action::Message(step) if step.priority > priority => {
                Some(Case { journey, name: &next.name, step })
            }
            _ => None,
        }
    });
    upcoming.map(|case| lost_to(case, priority)).or_else(|| entering(turn, horizon, priority))
}

/// The step a position comes to at its wake.
fn upcoming_step<'a>(journey: &'a Journey, position: &Position) -> Option<&'a Step> {
    let graph = journey.graph(position.graph)?;
    let step = graph.step(position.step)?;
    match (position.state(), &step.action) {
        (PositionState::Arrived, _) => Some(step),
        (PositionState::Waiting, Action::WaitFor { otherwise, .. }) => graph.step((*otherwise)?),
        (PositionState::Waiting, _) => graph.step(step.next?),
        (PositionState::Messaging | PositionState::Done, _) => None,
    }
}

/// A journey she is about to enter by staying away competes with its first message.
fn entering(turn: &Turn, horizon: ShopTime, priority: u16) -> Option<Reason> {
    turn.plan.journeys.values().find_map(|journey| {
        let soon =
            journey.entry.on == EntryOn::Left && journey.class != Class::T && journey.priority > priority;
        let due = journey::entry_due(journey, &turn.profile).filter(|due| soon && *due <= horizon)?;
        let enters = journey.entry.when.ask(&turn.profile, turn.now).holds;
        enters.then(|| {
            Reason::new("lost_to")
                .with("journey", &journey.name)
                .with("priority", journey.priority)
                .with("mine", priority)
                .with("due", due.0)
        })
    })
}

fn competes(turn: &Turn, candidate: &Candidate) -> bool {
    turn.journey(candidate.journey).is_some_and(|journey| journey.class != Class::T)
}

fn lost_to(winner: Case, mine: u16) -> Reason {
    Reason::new("lost_to")
        .with("journey", &winner.journey.name)
        .with("step", winner.name)
        .with("priority", winner.step.priority)
        .with("mine", mine)
}

/// The winner is being handed over: what waited behind it is dropped, merged or postponed as its journey says.
pub(super) fn settle_losers(turn: &mut Turn, winner: &Candidate) {
    let Some(won) = case(turn, winner) else { return };
    if won.journey.class == Class::T {
        return;
    }
    let (mine, horizon) = (rank(turn, winner), turn.now.plus(LOOK_AHEAD));
    for loser in turn.profile.hot.candidates.clone() {
        let behind = loser.message != winner.message
            && loser.state() != CandidateState::Handing
            && loser.due <= horizon
            && competes(turn, &loser)
            && rank(turn, &loser) > mine;
        let Some(lost) = case(turn, &loser).filter(|_| behind) else { continue };
        let why = lost_to(won, lost.step.priority);
        match lost.step.when_beaten {
            // It stays; caps now know of the winner and say until when.
            Loser::Postpone => {
                if let Some(held) =
                    turn.profile.hot.candidates.iter_mut().find(|c| c.message == loser.message)
                {
                    held.held_until = turn.now;
                }
            }
            Loser::Drop | Loser::Merge => {
                let merged = lost.step.when_beaten == Loser::Merge;
                let why = if merged { Reason { code: "merged_into".to_owned(), ..why } } else { why };
                withhold(turn, &loser, vec![why]);
                journey::after_message(turn, &loser, merged);
            }
        }
    }
}
