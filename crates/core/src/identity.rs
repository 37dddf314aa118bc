//! Who is who: claiming identities, and turning two profiles into one.
//!
//! Of two profiles the one with the lower number stays, whoever asked: chains of merges only go down, so they end.

use crate::candidate::withhold;
use crate::door::one_person;
use crate::effect::{Effect, MessageEnd, Verdict};
use crate::event::{Incoming, Strength};
use crate::gate;
use crate::ids::{Door, DoorId, DoorKind, ProfileId};
use crate::input::{Delivered, Input, Letter, Recipient};
use crate::journey;
use crate::limits;
use crate::order_reports;
use crate::profile::{CandidateState, Exposure, Hot, Position, PositionState, Profile, Warm, merge};
use crate::time::DAY;
use crate::turn::Turn;
use crate::why::Reason;
use crate::wire::Record;

/// Tells the doors of all identities on an event, but the one it came in by, that they are hers.
pub(crate) fn claim_further(turn: &mut Turn, incoming: &Incoming) {
    let shop = turn.profile.shop;
    for identity in incoming.identities.iter().skip(1) {
        let id = identity.door.id(shop);
        let proved = identity.strength == Strength::Proved;
        let known = turn.profile.hot.doors.contains(&id);
        if known && (!proved || is_proved(&turn.profile, &identity.door)) {
            continue;
        }
        let letter = Letter::ClaimDoor {
            door: identity.door.clone(),
            claimant: turn.profile.id,
            proved,
            at: incoming.event.occurred_at,
        };
        turn.letter(Recipient::Door { bucket: identity.door.bucket(shop), door: id }, letter);
    }
}

fn is_proved(profile: &Profile, door: &Door) -> bool {
    let mut doors = profile.warm().doors.iter();
    doors.any(|known| known.proved && known.kind == door.kind as u32 && known.value == door.value)
}

/// A door she claimed is held by another profile: ask whether they are one person.
pub(crate) fn held(turn: &mut Turn, kind: DoorKind, door: DoorId, holder: ProfileId, proved: bool) {
    if holder == turn.profile.id || turn.profile.warm().absorbed.contains(&holder) {
        return;
    }
    let strong = strong_doors(&turn.profile);
    let target = turn.profile.id;
    turn.letter(Recipient::Profile(holder), Letter::JoinInto { target, via: kind, door, proved, strong });
}

fn strong_doors(profile: &Profile) -> Vec<Door> {
    let strong = |kind: &DoorKind| !matches!(kind, DoorKind::Anonymous | DoorKind::Order);
    let known = profile.warm().doors.iter();
    known.filter_map(|d| Some(Door::new(d.kind().filter(strong)?, d.value.clone()))).collect()
}

/// Another profile says that both are one person.
pub(crate) fn join_into(
    turn: &mut Turn,
    target: ProfileId,
    via: DoorKind,
    door: DoorId,
    proved: bool,
    strong: &[Door],
) {
    let me = turn.profile.id;
    if target == me || turn.profile.warm().absorbed.contains(&target) {
        return;
    }
    if !one_person(&strong_doors(&turn.profile), strong, via, proved) {
        turn.journal("not_merged", "", "", vec![Reason::new("different_people").with("other", target)]);
        if via == DoorKind::Anonymous {
            hand_over_browser(turn, target, door);
        }
        return;
    }
    if target.0 > me.0 {
        // The lower number stays: the other one is asked to come here.
        let strong = strong_doors(&turn.profile);
        return turn
            .letter(Recipient::Profile(target), Letter::JoinInto { target: me, via, door, proved, strong });
    }
    depart(turn, target);
}

/// A browser changed hands: its door goes to who uses it now.
fn hand_over_browser(turn: &mut Turn, to: ProfileId, door: DoorId) {
    let (shop, from) = (turn.profile.shop, turn.profile.id);
    let found = turn.profile.warm().doors.iter().find_map(|known| {
        let text = Door::new(known.kind()?, known.value.clone());
        (text.id(shop) == door).then_some(text)
    });
    let Some(text) = found else { return };
    turn.profile.hot.doors.retain(|id| *id != door);
    if let Some(warm) = &mut turn.profile.warm {
        warm.doors.retain(|known| known.kind != text.kind as u32 || known.value != text.value);
    }
    let to_door = Recipient::Door { bucket: text.bucket(shop), door };
    turn.letter(to_door, Letter::Rebind { door: text, from, to, moved: true, at: turn.now });
}

/// This profile is another's from now on: cancel what waits, send everything there, leave a sign.
fn depart(turn: &mut Turn, target: ProfileId) {
    journey::look_back(turn);
    for candidate in turn.profile.hot.candidates.clone() {
        if candidate.state() == CandidateState::Approved {
            withhold(turn, &candidate, vec![Reason::new("merged").with("into", target)]);
        }
    }
    // What is being handed over now goes along: its outcome will be sent after it.
    turn.profile.hot.candidates.retain(|c| c.state() == CandidateState::Handing);
    let (shop, from) = (turn.profile.shop, turn.profile.id);
    let (hot, warm) = (turn.profile.hot.to_bytes(), turn.profile.warm().to_bytes());
    turn.letter(Recipient::Profile(target), Letter::Absorb { from, hot, warm });
    for known in turn.profile.warm().doors.clone() {
        let Some(kind) = known.kind() else { continue };
        let door = Door::new(kind, known.value);
        let to = Recipient::Door { bucket: door.bucket(shop), door: door.id(shop) };
        turn.letter(to, Letter::Rebind { door, from, to: target, moved: false, at: turn.now });
    }
    turn.journal("merged", "", "", vec![Reason::new("merged").with("into", target)]);
    turn.profile.hot =
        Hot { created_at: turn.profile.hot.created_at, now: turn.now, merged_into: target, ..Hot::default() };
    turn.profile.warm = Some(Warm::default());
}

/// Takes over all that another profile was.
pub(crate) fn absorb(turn: &mut Turn, from: ProfileId, hot: &[u8], warm: &[u8]) {
    let Ok(mut other) = Profile::load(turn.profile.shop, from, 1, hot, Some(warm)) else {
        turn.journal("not_merged", "", "", vec![Reason::new("unreadable").with("from", from)]);
        return;
    };
    if turn.profile.warm().absorbed.contains(&from) {
        return;
    }
    // What fell due before is decided as she was then.
    journey::look_back(turn);
    let plan = turn.plan;
    let rank = |p: &Position| {
        let graph = plan.journeys.get(&p.journey).and_then(|journey| journey.graph(p.graph));
        let done = p.state() == PositionState::Done;
        (done, p.messages_behind(), graph.map_or(0, |graph| graph.rank(p.step)), p.sent_at)
    };
    // Of one cart there is one series: both stand in the series of the joined cart from now on.
    let mut joined = turn.profile.clone();
    if let Some(warm) = &mut joined.warm {
        merge::join_facts(warm, other.warm());
    }
    joined.summarise_cart();
    let cart = (joined.hot.cart, joined.hot.cart_content);
    journey::rekey_cart(plan, &mut turn.profile, cart);
    journey::rekey_cart(plan, &mut other, cart);
    let address_before = turn.profile.hot.email;
    count_mixed(turn, &other);
    merge::absorb(&mut turn.profile, &other, &|a, b| rank(a) > rank(b));
    for candidate in other.hot.candidates {
        turn.profile.hot.candidates.push(candidate);
    }
    wait_for_lost_messages(turn);
    make_room(turn);
    gate::early_outcomes(turn);
    if turn.profile.hot.email != address_before {
        gate::say_of_address(turn, crate::address::Said::Used);
    }
    turn.journal("absorbed", "", "", vec![Reason::new("merged").with("from", from)]);
    order_reports::report_again(turn);
}

/// Who turns out to have been in both arms of a holdout is in neither: the proof leaves her out. Who was drawn twice
/// into one arm is one person, drawn when she first was. What was counted of her already is taken back, by arm and by
/// the day she was drawn.
fn count_mixed(turn: &mut Turn, other: &Profile) {
    let plan = turn.plan;
    for theirs in &other.hot.exposures {
        let Some(journey) = plan.journeys.get(&theirs.journey) else { continue };
        let mine = turn.profile.hot.exposures.iter().find(|mine| mine.journey == theirs.journey);
        let Some(mine) = mine.cloned() else { continue };
        if mine.arm == theirs.arm {
            let (first, again) = if mine.at <= theirs.at { (&mine, theirs) } else { (theirs, &mine) };
            take_back(turn, &journey.name, again);
            if again.converted && !first.converted {
                count_drawn(turn, &journey.name, "converted", first);
            }
            continue;
        }
        if mine.arm + theirs.arm == 3 {
            turn.count(&journey.name, "", "mixed");
        }
        take_back(turn, &journey.name, &mine);
        take_back(turn, &journey.name, theirs);
    }
}

fn take_back(turn: &mut Turn, journey: &str, exposure: &Exposure) {
    count_drawn(turn, journey, "undrawn", exposure);
    if exposure.converted {
        count_drawn(turn, journey, "unconverted", exposure);
    }
}

fn count_drawn(turn: &mut Turn, journey: &str, metric: &str, exposure: &Exposure) {
    if let Some(arm) = exposure.arm_name() {
        turn.count(journey, "", format!("{metric}:{arm}:{}", exposure.at.0.div_euclid(DAY.0)));
    }
}

/// A position whose message was cancelled with the other profile comes to its message again; a message whose position
/// lost against one that is further is cancelled, and of two about one step the one that is further on its way stays.
fn wait_for_lost_messages(turn: &mut Turn) {
    let now = turn.now;
    let mut candidates = turn.profile.hot.candidates.clone();
    candidates.sort_by_key(|c| std::cmp::Reverse(c.state));
    for position in &mut turn.profile.hot.positions {
        let lost = position.state() == PositionState::Messaging
            && !candidates.iter().any(|c| journey::waits_for(position, c));
        if lost {
            (position.state, position.wake) = (PositionState::Arrived as u32, now);
            position.visits = position.visits.saturating_sub(1);
        }
    }
    let mut kept: Vec<(u32, crate::wire::Hash64, u32)> = Vec::new();
    for candidate in candidates {
        let about = (candidate.journey, candidate.subject, candidate.step);
        let stands = turn.profile.hot.positions.iter().any(|p| journey::waits_for(p, &candidate));
        if stands && !kept.contains(&about) {
            kept.push(about);
        } else {
            withhold(turn, &candidate, vec![Reason::new("merged")]);
        }
    }
}

/// Two profiles may stand in more journeys, with more messages, than one may: what is least far goes.
fn make_room(turn: &mut Turn) {
    while turn.profile.hot.positions.len() > limits::POSITIONS_MAX {
        let positions = turn.profile.hot.positions.iter();
        let least = positions.min_by_key(|p| (p.state() != PositionState::Done, p.messages_behind(), p.t0));
        let Some(least) = least.cloned() else { return };
        let why = Reason::new("too_many_journeys").with("most", limits::POSITIONS_MAX);
        journey::leave(turn, &least, why);
    }
    while turn.profile.hot.candidates.len() > limits::CANDIDATES_MAX {
        let candidates = turn.profile.hot.candidates.iter();
        let last = candidates.filter(|c| c.state() != CandidateState::Handing).max_by_key(|c| c.due).cloned();
        let Some(last) = last else { return };
        let why = Reason::new("too_many_waiting").with("most", limits::CANDIDATES_MAX);
        withhold(turn, &last, vec![why]);
        journey::after_message(turn, &last, false);
    }
}

/// Everything for a profile that was merged goes on to the one it was merged into.
pub(crate) fn forward(turn: &mut Turn, input: &Input) {
    let to = Recipient::Profile(turn.profile.hot.merged_into);
    match input {
        Input::Event(incoming) => turn.letter(to, Letter::Event(incoming.clone())),
        Input::Feedback(reaction) => turn.letter(to, Letter::Feedback(reaction.clone())),
        Input::Letter(letter) => turn.letter(to, letter.clone()),
        Input::Outcome(outcome) => {
            // The row stays here; the place in the journey is with the other profile. A second try would be hers.
            let again = matches!(outcome.result, Delivered::Retry(_));
            let (end, code) = match outcome.result {
                Delivered::Sent => (MessageEnd::Sent, "sent"),
                Delivered::Retry(_) => (MessageEnd::Withheld, "merged"),
                Delivered::Never(_) => (MessageEnd::Never, "never"),
                Delivered::Unknown => (MessageEnd::Unknown, "unknown"),
                Delivered::Unrendered => return,
            };
            let message = outcome.message;
            let reason = Reason::new(code).with("channel", &outcome.note);
            turn.effect(Effect::Move { message, to: end, reason });
            let sent = matches!(outcome.result, Delivered::Sent | Delivered::Unknown);
            let bounced = outcome.result == Delivered::Never(true);
            turn.letter(to, Letter::Outcome { message, sent, again, address: outcome.address, bounced });
        }
        Input::Claim(claim) => gate::claim(turn, claim),
        // The message was written to who she was: it stays with that record.
        Input::Repeat(_) => turn.verdict = Some(Verdict::NotAgain(Reason::new("merged"))),
        Input::Wake => {}
    }
}
