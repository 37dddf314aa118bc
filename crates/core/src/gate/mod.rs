//! The gate: consent, holdout, arbitration, caps, quiet hours. It alone makes an approved message.

pub(crate) mod approved;
mod arbitrate;
mod caps;
mod claim;
mod holdout;
mod quiet;
mod repeat;
mod standing;

pub use approved::Approved;
pub(crate) use claim::{
    claim, early_outcomes, outcome, outcome_elsewhere, say_of, say_of_address, say_of_address_at,
};
pub(crate) use repeat::repeat;

use crate::candidate::{Case, case, new_message, withhold_new};
use crate::effect::Effect;
use crate::journey;
use crate::plan::Class;
use crate::profile::{Candidate, CandidateState};
use crate::time::{ShopTime, Span};
use crate::turn::Turn;
use crate::why::Reason;
use standing::standing;

/// What the gate makes of a candidate.
enum Ruling {
    Approve(Vec<Reason>),
    Hold(ShopTime, Reason),
    Withhold(Vec<Reason>),
}

/// Looks at every message of hers that waits: whatever held it may be gone by now.
pub(crate) fn run(turn: &mut Turn) {
    loop {
        let mut waiting: Vec<Candidate> = turn
            .profile
            .hot
            .candidates
            .iter()
            .filter(|c| c.state() == CandidateState::Waiting && c.due <= turn.now)
            .cloned()
            .collect();
        waiting.sort_by_key(|c| arbitrate::rank(turn, c));
        let mut decided = false;
        for candidate in waiting {
            decided |= decide_one(turn, &candidate);
        }
        // A message that was withheld takes its journey on, which may bring the next one at once.
        if !decided {
            return;
        }
        journey::walk_all(turn);
    }
}

/// Decides one candidate; true when it is no longer waiting and its journey went on.
fn decide_one(turn: &mut Turn, candidate: &Candidate) -> bool {
    let Some(case) = case(turn, candidate) else {
        withhold_new(turn, candidate, vec![Reason::new("step_gone")]);
        return true;
    };
    match ruling(turn, candidate, case) {
        Ruling::Approve(why) => {
            approve(turn, candidate, case, why);
            false
        }
        Ruling::Hold(until, why) => {
            hold(turn, candidate, case, until, why);
            false
        }
        Ruling::Withhold(why) => {
            withhold_new(turn, candidate, why);
            journey::after_message(turn, candidate, false);
            true
        }
    }
}

fn ruling(turn: &mut Turn, candidate: &Candidate, case: Case) -> Ruling {
    let class = case.journey.class;
    if !case.journey.on {
        return Ruling::Withhold(vec![Reason::new("journey_off")]);
    }
    if turn.now > candidate.deadline {
        return Ruling::Withhold(vec![Reason::new("deadline").with("deadline", candidate.deadline.0)]);
    }
    if let Some(reason) = restored(turn, candidate) {
        return Ruling::Withhold(vec![reason]);
    }
    let mut why = vec![Reason::new("due").with("at", candidate.due.0)];
    match standing(turn, class) {
        Ok(reason) => why.push(reason),
        Err(reason) => return Ruling::Withhold(vec![reason]),
    }
    let ghost = class.is_marketing() && holdout::held_out(turn, case.journey, &mut why);
    if let Some(held) = turn.profile.hot.candidates.iter_mut().find(|c| c.message == candidate.message) {
        held.ghost = ghost;
    }
    if class != Class::T {
        if let Some(rival) = arbitrate::rival(turn, candidate, case.step.priority) {
            // Nobody knows for how long; what takes the rival away looks here again.
            return Ruling::Hold(candidate.deadline.plus(Span(1)), rival);
        }
        why.push(Reason::new("no_rival").with("priority", case.step.priority));
    }
    match caps::blocked_until(turn, candidate, class) {
        Some((until, reason)) => return later_or_never(candidate, case, until, reason),
        None => why.push(Reason::new("under_caps")),
    }
    if class == Class::C
        && let Some(until) = quiet::until(turn)
    {
        // The night beats nobody: even what is dropped when beaten waits for the morning.
        let reason = Reason::new("quiet_hours").with("until", until.0);
        let in_time = until <= candidate.deadline;
        return if in_time { Ruling::Hold(until, reason) } else { Ruling::Withhold(vec![reason]) };
    }
    Ruling::Approve(why)
}

/// What fell due before the shop's data was restored may have gone out from the data that was lost.
fn restored(turn: &Turn, candidate: &Candidate) -> Option<Reason> {
    let at = turn.plan.settings.resumed_at;
    (candidate.due < at).then(|| Reason::new("restored").with("at", at.0))
}

fn later_or_never(candidate: &Candidate, case: Case, until: ShopTime, reason: Reason) -> Ruling {
    if case.step.when_beaten == crate::plan::Loser::Drop || until > candidate.deadline {
        Ruling::Withhold(vec![reason])
    } else {
        Ruling::Hold(until, reason)
    }
}

fn hold(turn: &mut Turn, candidate: &Candidate, case: Case, until: ShopTime, why: Reason) {
    let Some(held) = turn.profile.hot.candidates.iter_mut().find(|c| c.message == candidate.message) else {
        return;
    };
    let news = held.held_until != until;
    held.held_until = until;
    if news {
        turn.journal("held", &case.journey.name, case.name, vec![why.with("until", until.0)]);
        turn.about(candidate.message);
    }
}

fn approve(turn: &mut Turn, candidate: &Candidate, case: Case, why: Vec<Reason>) {
    let Some(held) = turn.profile.hot.candidates.iter_mut().find(|c| c.message == candidate.message) else {
        return;
    };
    held.state = CandidateState::Approved as u32;
    let ghost = held.ghost;
    turn.count(&case.journey.name, case.name, "approved");
    turn.journal("approved", &case.journey.name, case.name, why.clone());
    turn.about(candidate.message);
    let approved = Some(Approved::new(turn.now));
    let message = new_message(turn, candidate, case, approved, ghost, why);
    turn.effect(Effect::Message(Box::new(message)));
}

/// When the gate wants to look again by itself.
pub(crate) fn next_look(candidate: &Candidate) -> ShopTime {
    match candidate.state() {
        CandidateState::Waiting => {
            candidate.held_until.max(candidate.due).min(candidate.deadline.plus(Span(1)))
        }
        CandidateState::Approved | CandidateState::Handing => ShopTime::NEVER,
    }
}
