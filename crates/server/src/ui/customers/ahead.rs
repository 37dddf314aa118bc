//! What will happen next to somebody in a journey, and when, in a sentence.

use super::super::layout::Page;
use crate::i18n;
use beckon_core::plan::{Action, Exit, Graph, Journey, Plan, Step};
use beckon_core::profile::{Position, PositionState, Profile};

/// Steps passed over on the way to the next message; journeys are shorter.
const STEPS_MAX: usize = 64;

/// The sentence for a place in a journey; empty where nothing more happens.
pub fn ahead(page: &Page, plan: &Plan, profile: &Profile, position: &Position) -> String {
    let Some(journey) = plan.journeys.get(&position.journey) else { return String::new() };
    if position.state() == PositionState::Done {
        return String::new();
    }
    if !journey.on {
        return page.t("ahead-off");
    }
    if position.state() == PositionState::Messaging {
        return page.t("ahead-messaging");
    }
    let next = journey.graph(position.graph).map_or(Next::End, |graph| next(graph, position));
    let sent = profile.hot.sends.iter().filter(|send| {
        (send.journey, send.subject) == (position.journey, position.subject) && send.at >= position.t0
    });
    let number = i64::try_from(sent.count()).unwrap_or(0) + 1;
    let key = match next {
        Next::Message => "ahead-message",
        Next::Later => "ahead-later",
        Next::Unclear => "ahead-decision",
        Next::End => "ahead-end",
    };
    let at = page.words.weekday_moment(&position.wake);
    let args = [("at", at.into()), ("number", number.into()), ("unless", unless(page, journey).into())];
    i18n::t(page.locale, key, &args)
}

/// What stands behind the wait she is in.
enum Next {
    /// A message at once.
    Message,
    /// A message after another wait.
    Later,
    /// It depends on what she does until then.
    Unclear,
    /// Nothing.
    End,
}

fn next(graph: &Graph, position: &Position) -> Next {
    let Some(step) = graph.step(position.step) else { return Next::End };
    let mut at: Option<&Step> = Some(step);
    let mut waits = 0;
    for _ in 0..STEPS_MAX {
        let Some(step) = at else { return Next::End };
        let go = match &step.action {
            Action::Message(_) => return if waits > 1 { Next::Later } else { Next::Message },
            Action::Wait { .. } => {
                waits += 1;
                step.next
            }
            Action::Goal => step.next,
            Action::Split { only: Some(only), arms } => {
                arms.iter().find(|(name, ..)| name == only).and_then(|(.., to)| *to)
            }
            Action::WaitFor { .. } | Action::Branch { .. } | Action::Split { .. } => return Next::Unclear,
            Action::Exit { .. } => return Next::End,
        };
        at = go.and_then(|key| graph.step(key));
    }
    Next::Unclear
}

/// What she may do to end the journey before.
fn unless(page: &Page, journey: &Journey) -> String {
    let word = |exit: &Exit| match exit {
        Exit::Order => page.t("unless-order"),
        Exit::CartEmptied => page.t("unless-cart-emptied"),
        Exit::Unsubscribed => page.t("unless-unsubscribed"),
    };
    let words: Vec<String> = journey.exits.iter().map(word).collect();
    words.join(&format!(" {} ", page.t("or")))
}
