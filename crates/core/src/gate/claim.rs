//! The last look before a message is handed over, and what becomes of it after.

use super::standing::standing;
use super::{arbitrate, caps, quiet};
use crate::address::Said;
use crate::candidate::{case, withhold};
use crate::effect::{Effect, MessageEnd, Verdict};
use crate::ids::{Door, DoorId, DoorKind};
use crate::input::{Claim, Delivered, Letter, Outcome, Recipient};
use crate::journey;
use crate::limits;
use crate::plan::{About, Class};
use crate::profile::{Candidate, CandidateState, EarlyOutcome, Send};
use crate::time::{MINUTE, ShopTime};
use crate::turn::Turn;
use crate::why::Reason;

/// A sender is about to hand a message over: everything that may have changed is asked once more.
pub(crate) fn claim(turn: &mut Turn, claim: &Claim) {
    let candidate = turn.profile.hot.candidates.iter().find(|c| c.message == claim.message).cloned();
    let Some(candidate) = candidate.filter(|c| c.state() == CandidateState::Approved) else {
        turn.verdict = Some(Verdict::Withheld);
        return;
    };
    match look(turn, &candidate, claim) {
        Look::Pass if candidate.ghost => ghost(turn, &candidate),
        Look::Pass => hand(turn, &candidate),
        Look::RenderAgain => turn.verdict = Some(Verdict::RenderAgain),
        Look::Later(until, _) if until <= candidate.deadline => {
            turn.effect(Effect::Move {
                message: candidate.message,
                to: MessageEnd::Later(until),
                reason: Reason::default(),
            });
            turn.verdict = Some(Verdict::Later(until));
        }
        Look::Later(_, why) | Look::Withhold(why) => {
            withhold(turn, &candidate, vec![why]);
            journey::after_message(turn, &candidate, false);
            turn.verdict = Some(Verdict::Withheld);
        }
        Look::Leave(why) => {
            withhold(turn, &candidate, vec![why.clone()]);
            if !candidate.repeated {
                leave(turn, &candidate, why);
            }
            turn.verdict = Some(Verdict::Withheld);
        }
    }
}

/// What the last look comes to.
pub(super) enum Look {
    Pass,
    RenderAgain,
    Later(ShopTime, Reason),
    Withhold(Reason),
    Leave(Reason),
}

/// Everything that may speak against a message now.
pub(super) fn look(turn: &Turn, candidate: &Candidate, claim: &Claim) -> Look {
    let Some(case) = case(turn, candidate) else { return Look::Withhold(Reason::new("step_gone")) };
    let class = case.journey.class;
    if !case.journey.on {
        return Look::Withhold(Reason::new("journey_off"));
    }
    if turn.now > candidate.deadline {
        return Look::Withhold(Reason::new("deadline").with("deadline", candidate.deadline.0));
    }
    if let Some(why) = super::restored(turn, candidate) {
        return Look::Withhold(why);
    }
    let waited_for = |position| journey::waits_for(position, candidate);
    if !candidate.repeated && !turn.profile.hot.positions.iter().any(waited_for) {
        return Look::Withhold(Reason::new("left"));
    }
    if let Some(why) = journey::too_soon(turn, case.journey, case.step, candidate.message) {
        return Look::Withhold(why);
    }
    if turn.plan.settings.stopped {
        return Look::Later(turn.now.plus(MINUTE), Reason::new("stopped"));
    }
    if claim.address != turn.profile.hot.email {
        return Look::RenderAgain;
    }
    if let Err(why) = standing(turn, class) {
        return Look::Withhold(why);
    }
    if let Some(why) = address(turn, candidate, class) {
        return why;
    }
    if case.journey.about == About::Cart {
        if turn.profile.hot.cart_lines == 0 {
            return Look::Leave(Reason::new("cart_emptied"));
        }
        let sold = turn.profile.warm().cart.lines().into_iter();
        let mut known = sold.filter_map(|(item, _)| turn.facts.offers.get(item)).peekable();
        if known.peek().is_none() {
            return Look::Withhold(Reason::new("goods_not_in_catalogue"));
        }
        if !known.any(|available| *available) {
            return Look::Leave(Reason::new("goods_gone"));
        }
        if claim.content != turn.profile.hot.cart_content {
            return Look::RenderAgain;
        }
    }
    if class != Class::T
        && let Some(rival) = arbitrate::rival(turn, candidate, case.step.priority)
    {
        return Look::Later(turn.now.plus(MINUTE.times(5)), rival);
    }
    if let Some((until, why)) = caps::blocked_until(turn, candidate, class) {
        return Look::Later(until, why);
    }
    match quiet::until(turn).filter(|_| class == Class::C) {
        Some(until) => Look::Later(until, Reason::new("quiet_hours").with("until", until.0)),
        None => Look::Pass,
    }
}

/// What the address itself says, whichever profiles use it.
fn address(turn: &Turn, candidate: &Candidate, class: Class) -> Option<Look> {
    let address = &turn.facts.address;
    if address.dead() {
        return Some(Look::Withhold(Reason::new("bounced")));
    }
    if let Some(stopped) = address.stopped().filter(|_| class.is_marketing()) {
        return Some(Look::Withhold(Reason::new(stopped)));
    }
    // An address that only a browser named may be a stranger's: at most one message a day, whoever asks.
    let next = address.handed_at.plus(limits::CLAIMED_ADDRESS_EVERY);
    // A message that is sent again is not held back by its own first try.
    let own = |send: &Send| send.message == candidate.message && send.at == address.handed_at;
    let other = !turn.profile.hot.sends.iter().any(own);
    let claimed = !turn.profile.hot.email_proved && address.handed_at.0 != 0 && turn.now < next && other;
    claimed.then(|| Look::Later(next, Reason::new("claimed_address_daily").with("next", next.0)))
}

fn hand(turn: &mut Turn, candidate: &Candidate) {
    let message = candidate.message;
    turn.effect(Effect::Move { message, to: MessageEnd::Handing, reason: Reason::default() });
    let class = turn.journey(candidate.journey).map_or(Class::B, |journey| journey.class);
    let hot = &mut turn.profile.hot;
    if let Some(held) = hot.candidates.iter_mut().find(|c| c.message == message) {
        held.state = CandidateState::Handing as u32;
    }
    // A second try of the same message uses no second place.
    hot.sends.retain(|send| send.message != message);
    hot.sends.insert(
        0,
        Send {
            at: turn.now,
            class: class as u32,
            journey: candidate.journey,
            step: candidate.step,
            subject: candidate.subject,
            message,
            ..Send::default()
        },
    );
    hot.sends.truncate(limits::SENDS_MAX);
    say_of_address(turn, Said::Handed);
    arbitrate::settle_losers(turn, candidate);
    turn.verdict = Some(Verdict::Hand);
}

fn ghost(turn: &mut Turn, candidate: &Candidate) {
    let message = candidate.message;
    turn.effect(Effect::Move { message, to: MessageEnd::Ghost, reason: Reason::new("held_out") });
    count(turn, candidate, "ghost");
    turn.profile.hot.candidates.retain(|c| c.message != message);
    journey::after_message(turn, candidate, true);
    turn.verdict = Some(Verdict::Ghost);
}

/// What the channel said of a message that was handed over.
pub(crate) fn outcome(turn: &mut Turn, outcome: &Outcome) {
    let message = outcome.message;
    let found = turn.profile.hot.candidates.iter().find(|c| c.message == message).cloned();
    let class = found.as_ref().and_then(|c| turn.journey(c.journey)).map(|journey| journey.class);
    let result = match outcome.result {
        // A transactional message must arrive; the same Message-ID lets the receiver drop a second copy.
        Delivered::Unknown if class == Some(Class::T) => Delivered::Retry(turn.now.plus(MINUTE)),
        other => other,
    };
    let (to, metric) = match result {
        Delivered::Sent => (MessageEnd::Sent, "sent"),
        Delivered::Retry(at) => (MessageEnd::Again(at), "retried"),
        Delivered::Never(_) => (MessageEnd::Never, "never"),
        Delivered::Unknown => (MessageEnd::Unknown, "unknown"),
        Delivered::Unrendered => return unrendered(turn, found.as_ref(), outcome),
    };
    let reason = Reason::new(metric).with("channel", &outcome.note);
    turn.effect(Effect::Move { message, to, reason });
    if matches!(result, Delivered::Retry(_) | Delivered::Never(_)) {
        // It did not arrive: it uses no cap.
        turn.profile.hot.sends.retain(|send| send.message != message);
        say_of(turn, outcome.address, Said::Returned, turn.now);
    }
    if result == Delivered::Never(true) {
        say_of(turn, outcome.address, Said::Bounced, turn.now);
    }
    let Some(candidate) = found else { return };
    count(turn, &candidate, metric);
    if let Delivered::Retry(_) = result {
        if let Some(held) = turn.profile.hot.candidates.iter_mut().find(|c| c.message == message) {
            held.state = CandidateState::Approved as u32;
        }
        return;
    }
    turn.profile.hot.candidates.retain(|c| c.message != message);
    journey::after_message(turn, &candidate, !matches!(result, Delivered::Never(_)));
}

/// The template stopped the message, or cannot cope with it: it is withheld and its journey goes on.
fn unrendered(turn: &mut Turn, candidate: Option<&Candidate>, outcome: &Outcome) {
    let Some(candidate) = candidate.filter(|c| c.state() == CandidateState::Approved) else { return };
    let why = Reason::new("template").with("channel", &outcome.note);
    withhold(turn, candidate, vec![why]);
    journey::after_message(turn, candidate, false);
}

/// What became of a message that the profile merged into this one was handing over. Where that profile has not arrived
/// yet, it waits: the letters may change places.
pub(crate) fn outcome_elsewhere(turn: &mut Turn, outcome: EarlyOutcome) {
    let found = turn.profile.hot.candidates.iter().find(|c| c.message == outcome.message).cloned();
    match found {
        Some(candidate) => end_elsewhere(turn, &candidate, &outcome),
        None => {
            if let Some(warm) = &mut turn.profile.warm {
                warm.early.insert(0, outcome);
                warm.early.truncate(limits::CANDIDATES_MAX);
            }
        }
    }
}

fn end_elsewhere(turn: &mut Turn, candidate: &Candidate, outcome: &EarlyOutcome) {
    let (message, sent) = (outcome.message, outcome.sent);
    if !sent {
        turn.profile.hot.sends.retain(|send| send.message != message);
        say_of(turn, outcome.address, Said::Returned, turn.now);
    }
    if outcome.bounced {
        say_of(turn, outcome.address, Said::Bounced, turn.now);
    }
    turn.profile.hot.candidates.retain(|c| c.message != message);
    if outcome.again {
        journey::come_again(turn, candidate);
    } else {
        count(turn, candidate, if sent { "sent" } else { "never" });
        journey::after_message(turn, candidate, sent);
    }
}

/// Another profile has arrived: what became of its messages may have been told before.
pub(crate) fn early_outcomes(turn: &mut Turn) {
    for early in turn.profile.warm().early.clone() {
        let found = turn.profile.hot.candidates.iter().find(|c| c.message == early.message).cloned();
        let Some(candidate) = found else { continue };
        if let Some(warm) = &mut turn.profile.warm {
            warm.early.retain(|e| e.message != early.message);
        }
        end_elsewhere(turn, &candidate, &early);
    }
}

fn count(turn: &mut Turn, candidate: &Candidate, metric: &str) {
    if let Some(case) = case(turn, candidate) {
        turn.count(&case.journey.name, case.name, metric);
    }
}

fn leave(turn: &mut Turn, candidate: &Candidate, why: Reason) {
    let position = turn
        .profile
        .hot
        .positions
        .iter()
        .find(|p| (p.journey, p.subject) == (candidate.journey, candidate.subject));
    if let Some(position) = position.cloned() {
        journey::leave(turn, &position, why);
    }
}

/// Tells the door of the address in use.
pub(crate) fn say_of_address(turn: &mut Turn, what: Said) {
    say_of_address_at(turn, what, turn.now);
}

/// Tells the door of the address in use what was said at another time than now.
pub(crate) fn say_of_address_at(turn: &mut Turn, what: Said, at: ShopTime) {
    say_of(turn, turn.profile.hot.email, what, at);
}

/// Tells the door of an address, hers now or formerly; 0 is the one in use.
pub(crate) fn say_of(turn: &mut Turn, address: DoorId, what: Said, at: ShopTime) {
    let (shop, profile) = (turn.profile.shop, turn.profile.id);
    let address = if address == DoorId(0) { turn.profile.hot.email } else { address };
    let warm = turn.profile.warm();
    let known = warm.doors.iter().filter(|door| door.kind() == Some(DoorKind::Email));
    let mut texts = std::iter::once(&warm.email.said.value).chain(known.map(|door| &door.value));
    // The number alone does not say in which bucket the door is.
    let door = texts.find_map(|text| {
        let door = Door::new(DoorKind::Email, text.clone());
        (!text.is_empty() && door.id(shop) == address).then_some(door)
    });
    let Some(door) = door else { return };
    let to = Recipient::Door { bucket: door.bucket(shop), door: address };
    turn.letter(to, Letter::AddressReport { door: address, profile, what, at });
}
