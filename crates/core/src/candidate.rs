//! A message that waits: what the plan says of it, the row it becomes, and how it is cancelled.

use crate::effect::{Effect, MessageEnd, NewMessage};
use crate::gate::approved::Approved;
use crate::plan::{Action, Class, Journey, MessageStep};
use crate::profile::{Candidate, CandidateState};
use crate::turn::Turn;
use crate::why::Reason;

/// A candidate with what the plan says of it.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub journey: &'a Journey,
    pub name: &'a str,
    pub step: &'a MessageStep,
}

/// What the plan says of a candidate; `None` when its step is gone.
pub(crate) fn case<'a>(turn: &Turn<'a>, candidate: &Candidate) -> Option<Case<'a>> {
    let journey = turn.journey(candidate.journey)?;
    // Texts and settings of a step are those of the newest graph that has it.
    let newest = journey.graph(journey.current).and_then(|graph| graph.step(candidate.step));
    let step =
        newest.or_else(|| journey.graphs.values().rev().find_map(|graph| graph.step(candidate.step)))?;
    match &step.action {
        Action::Message(message) => Some(Case { journey, name: &step.name, step: message }),
        _ => None,
    }
}

/// Cancels a candidate, wherever it is; what is being handed over can no longer be stopped.
pub(crate) fn withhold(turn: &mut Turn, candidate: &Candidate, why: Vec<Reason>) {
    match candidate.state() {
        CandidateState::Handing => return,
        CandidateState::Waiting => withhold_new(turn, candidate, why),
        CandidateState::Approved => {
            let reason = why.into_iter().next().unwrap_or_default();
            withheld(turn, candidate, std::slice::from_ref(&reason));
            let message = candidate.message;
            turn.effect(Effect::Move { message, to: MessageEnd::Withheld, reason });
        }
    }
    turn.profile.hot.candidates.retain(|c| c.message != candidate.message);
}

/// A candidate that never was approved is not to be sent: its row says why.
pub(crate) fn withhold_new(turn: &mut Turn, candidate: &Candidate, why: Vec<Reason>) {
    withheld(turn, candidate, &why);
    turn.profile.hot.candidates.retain(|c| c.message != candidate.message);
    if let Some(case) = case(turn, candidate) {
        let message = new_message(turn, candidate, case, None, candidate.ghost, why);
        turn.effect(Effect::Message(Box::new(message)));
    }
}

/// Journal and numbers of a message that is not to be sent.
fn withheld(turn: &mut Turn, candidate: &Candidate, why: &[Reason]) {
    let Some(journey) = turn.journey(candidate.journey) else { return };
    let step = turn.step_name(journey, journey.current, candidate.step);
    let code = why.first().map_or("", |reason| reason.code.as_str());
    turn.count(&journey.name, &step, format!("withheld:{code}"));
    turn.journal("withheld", &journey.name, &step, why.to_vec());
    turn.about(candidate.message);
}

/// The row of a message that was decided on.
pub(crate) fn new_message(
    turn: &Turn,
    candidate: &Candidate,
    case: Case,
    approved: Option<Approved>,
    ghost: bool,
    why: Vec<Reason>,
) -> NewMessage {
    let lines = turn.profile.warm().cart.lines();
    NewMessage {
        id: candidate.message,
        address: turn.profile.hot.email,
        journey: case.journey.name.clone(),
        step: case.name.to_owned(),
        template: case.step.template.clone(),
        channel: if ghost { "none" } else { "email" },
        lane: match case.journey.class {
            Class::T => 0,
            Class::C => 2,
            _ => 1,
        },
        approved,
        due: candidate.due,
        deadline: candidate.deadline,
        why,
        items: lines.into_iter().map(|(item, quantity)| (item.to_owned(), quantity)).collect(),
    }
}
