//! Entering a journey: by leaving, or by an event.

use crate::event::{Event, Fact, Mode};
use crate::limits;
use crate::plan::{About, EntryOn, Journey, Plan, name_key};
use crate::profile::{Position, PositionState, Profile};
use crate::time::{ShopTime, Span};
use crate::turn::Turn;
use crate::why::Reason;
use crate::wire::Hash64;

/// When an entry by leaving falls due for her, if nothing else happens: asked of the hot half alone.
pub(crate) fn entry_due(journey: &Journey, profile: &Profile) -> Option<ShopTime> {
    let hot = &profile.hot;
    if journey.entry.on != EntryOn::Left || !journey.on || hot.active_at < journey.on_since {
        return None;
    }
    let due = hot.active_at.plus(journey.entry.after);
    let bars = match journey.about {
        About::Cart => hot.cart_lines == 0 || inside(journey, profile).is_some_and(unchanged(profile)),
        About::Person => inside(journey, profile).is_some_and(|old| bars(journey, old, due).is_some()),
    };
    if bars {
        return None;
    }
    (hot.active_at.0 != 0 && due > hot.woken_at).then_some(due)
}

/// Her position in the journey about what it is about now.
fn inside<'p>(journey: &Journey, profile: &'p Profile) -> Option<&'p Position> {
    let (key, subject) = (name_key(&journey.name), subject(journey, profile));
    profile.hot.positions.iter().find(|p| p.journey == key && p.subject == subject)
}

/// Why somebody who stands in a journey about the person, or has walked it, does not enter it now.
fn bars(journey: &Journey, old: &Position, at: ShopTime) -> Option<&'static str> {
    if old.state() != PositionState::Done {
        return Some("already_inside");
    }
    (at.since(old.began()) < journey.entry.again_after).then_some("entered_lately")
}

fn unchanged(profile: &Profile) -> impl Fn(&Position) -> bool {
    let content = profile.hot.cart_content;
    move |position| position.content == content
}

fn subject(journey: &Journey, profile: &Profile) -> Hash64 {
    match journey.about {
        About::Person => Hash64(0),
        About::Cart => profile.hot.cart,
    }
}

/// Looks at what fell due by now as she was until now. What is learned of her later (a merge, an event that comes late)
/// starts nothing for a leaving that lies behind.
pub(crate) fn look_back(turn: &mut Turn) {
    on_left(turn);
    turn.profile.hot.woken_at = turn.now;
}

/// She has been gone long enough for some journeys.
fn on_left(turn: &mut Turn) {
    let plan = turn.plan;
    for journey in plan.journeys.values() {
        if let Some(due) = entry_due(journey, &turn.profile).filter(|due| *due <= turn.now) {
            let (t0, occurrence) = (turn.profile.hot.active_at, turn.profile.hot.active_by);
            enter(turn, journey, t0, due, occurrence);
        }
    }
}

/// An event happened that may start journeys.
pub(crate) fn on_event(turn: &mut Turn, event: &Event) {
    let plan = turn.plan;
    let key = name_key(event.fact.name());
    for journey in plan.journeys.values() {
        let starts = journey.on && journey.entry.on == EntryOn::Event(key);
        if starts && event.occurred_at >= journey.on_since {
            if event.received_at.since(event.occurred_at) >= journey.entry.fresh_for {
                refuse(turn, journey, Reason::new("late").with("occurred_at", event.occurred_at.0));
            } else {
                let due = event.occurred_at.plus(journey.entry.after);
                enter(turn, journey, event.occurred_at, due, Hash64(event.number));
            }
        }
    }
}

/// How late a sign of life may come and still be one: the shortest that a journey of leaving allows.
pub(crate) fn left_fresh_for(plan: &Plan) -> Span {
    let left = plan.journeys.values().filter(|journey| journey.on && journey.entry.on == EntryOn::Left);
    left.map(|journey| journey.entry.fresh_for).min().unwrap_or(limits::FRESH_FOR)
}

/// Why an event that is told afterwards starts nothing, for the journeys it would have started.
pub(crate) fn history_instead(turn: &mut Turn, event: &Event) {
    let plan = turn.plan;
    let key = name_key(event.fact.name());
    let history = event.mode == Mode::History;
    let carts = matches!(event.fact, Fact::CartAdded { .. } | Fact::CartIs { .. });
    for journey in plan.journeys.values().filter(|journey| journey.on) {
        let would = match journey.entry.on {
            // Live events are asked how late they are for each of these journeys on its own.
            EntryOn::Event(starts) => history && starts == key,
            EntryOn::Left => carts && journey.about == About::Cart,
        };
        if would {
            let code = if history { "history" } else { "late" };
            refuse(turn, journey, Reason::new(code).with("occurred_at", event.occurred_at.0));
        }
    }
}

fn refuse(turn: &mut Turn, journey: &Journey, why: Reason) {
    turn.count(&journey.name, "", format!("not_entered:{}", why.code));
    turn.journal("not_entered", &journey.name, "", vec![why]);
}

fn enter(turn: &mut Turn, journey: &Journey, t0: ShopTime, due: ShopTime, occurrence: Hash64) {
    if let Some(failing) = journey.entry.when.failing(&turn.profile, turn.now) {
        return refuse(turn, journey, Reason::new(failing));
    }
    if let Some(exit) = exit_of_entry(journey, turn, t0) {
        return refuse(turn, journey, Reason::new(exit));
    }
    let key = name_key(&journey.name);
    let subject = subject(journey, &turn.profile);
    if let Some(old) = inside(journey, &turn.profile).cloned() {
        if journey.about == About::Cart && unchanged(&turn.profile)(&old) {
            return;
        }
        if journey.about == About::Person
            && let Some(why) = bars(journey, &old, due)
        {
            return refuse(turn, journey, Reason::new(why).with("began", old.began().0));
        }
        // The cart changed and she left again: the series starts anew with the new cart. Its steps know by
        // `at_most_every` what they sent a moment ago.
        super::walk::leave(turn, &old, Reason::new("entered_again"));
    }
    if !make_room(turn) {
        let why = Reason::new("too_many_journeys").with("most", limits::POSITIONS_MAX);
        return refuse(turn, journey, why);
    }
    let shift = match &journey.entry.shift {
        Some((by, when)) if when.ask(&turn.profile, turn.now).holds => Some(*by),
        _ => None,
    };
    let Some(first) = journey.graph(journey.current).and_then(|graph| graph.steps.first()) else { return };
    let by = shift.unwrap_or_default();
    turn.profile.hot.positions.push(Position {
        journey: key,
        graph: journey.current,
        step: first.key,
        subject,
        t0: t0.plus(by),
        wake: due.plus(by),
        occurrence,
        state: PositionState::Arrived as u32,
        content: turn.profile.hot.cart_content,
        shift: by,
        ..Position::default()
    });
    let mut why = vec![match journey.entry.on {
        EntryOn::Left => Reason::new("left").with("left_at", t0.0).with("after", journey.entry.after),
        EntryOn::Event(_) => Reason::new("event").with("occurred_at", t0.0),
    }];
    if journey.about == About::Cart {
        why.push(Reason::new("cart").with("lines", turn.profile.hot.cart_lines));
    }
    if let Some(by) = shift {
        why.push(Reason::new("shifted").with("by", by));
    }
    turn.count(&journey.name, "", "entered");
    turn.journal("entered", &journey.name, "", why);
}

/// An exit that holds already lets nobody in.
fn exit_of_entry(journey: &Journey, turn: &Turn, t0: ShopTime) -> Option<&'static str> {
    let position = Position { t0, subject: subject(journey, &turn.profile), ..Position::default() };
    super::exit_of(journey, &position, &turn.profile)
}

/// Frees a place: what is done and longest ago goes first.
fn make_room(turn: &mut Turn) -> bool {
    let positions = &mut turn.profile.hot.positions;
    if positions.len() < limits::POSITIONS_MAX {
        return true;
    }
    let done = positions.iter().enumerate().filter(|(_, p)| p.state() == PositionState::Done);
    match done.min_by_key(|(_, p)| p.t0).map(|(at, _)| at) {
        Some(at) => {
            positions.remove(at);
            true
        }
        None => false,
    }
}
