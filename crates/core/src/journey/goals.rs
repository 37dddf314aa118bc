//! Counting what a journey is for: goals of series, and people who converted, by arm.

use crate::event::Event;
use crate::plan::{Goal, name_key};
use crate::time::{DAY, Span};
use crate::turn::Turn;

/// Counts the goal for those who got a message of the journey, or would have got it, once a series.
pub(crate) fn goals(turn: &mut Turn, event: &Event) {
    let key = name_key(event.fact.name());
    for at in 0..turn.profile.hot.positions.len() {
        let position = &turn.profile.hot.positions[at];
        let Some(journey) = turn.journey(position.journey) else { continue };
        let in_time = journey.goal.as_ref().is_some_and(|goal| {
            let after = event.occurred_at.since(position.began());
            goal.event == key && after >= Span(0) && after <= goal.within
        });
        if !in_time || position.reached || position.sent_at.0 == 0 || event.occurred_at < position.sent_at {
            continue;
        }
        let arm = turn.profile.hot.exposures.iter().find(|e| e.journey == position.journey).map(|e| e.arm);
        let metric = match arm {
            Some(2) => "goal:held_out",
            Some(3) => "goal:mixed",
            _ => "goal",
        };
        turn.count(&journey.name, "", metric);
        turn.profile.hot.positions[at].reached = true;
    }
}

/// Counts everybody once who was drawn into an arm and then reached the goal, whatever was sent to her: by arm, and by
/// the day she was drawn, so that only those are compared whose time for it is over.
pub(crate) fn conversions(turn: &mut Turn, event: &Event) {
    let key = name_key(event.fact.name());
    for at in 0..turn.profile.hot.exposures.len() {
        let exposure = &turn.profile.hot.exposures[at];
        let Some(journey) = turn.journey(exposure.journey) else { continue };
        let since = event.occurred_at.since(exposure.at);
        let in_time = |goal: &Goal| goal.event == key && since >= Span(0) && since <= goal.within;
        if exposure.converted || !journey.goal.as_ref().is_some_and(in_time) {
            continue;
        }
        let Some(arm) = exposure.arm_name() else { continue };
        let day = exposure.at.0.div_euclid(DAY.0);
        turn.count(&journey.name, "", format!("converted:{arm}:{day}"));
        turn.profile.hot.exposures[at].converted = true;
    }
}
