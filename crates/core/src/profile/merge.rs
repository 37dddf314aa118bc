//! Two profiles turn out to be one person.
//!
//! Facts join so that order does not matter. Engagement is joined by the target: sends and exposures add up, of two
//! places in one journey about one thing the further stays.

use super::{Exposure, Position, Profile, Warm};
use crate::block::BlockTouch;
use crate::block_tests::BlockTest;
use crate::limits;

/// Takes all facts and engagement of `other` into `profile`. A second time changes nothing.
///
/// `further` says whether the first position is further in its journey than the second; only a plan knows.
pub(crate) fn absorb(profile: &mut Profile, other: &Profile, further: &dyn Fn(&Position, &Position) -> bool) {
    let (Some(mine), Some(theirs)) = (&mut profile.warm, &other.warm) else { return };
    if mine.absorbed.contains(&other.id) {
        return;
    }
    join_facts(mine, theirs);
    mine.absorbed.push(other.id);
    for id in &theirs.absorbed {
        if !mine.absorbed.contains(id) {
            mine.absorbed.push(*id);
        }
    }
    profile.hot.consent.join(&other.hot.consent);
    profile.hot.created_at = profile.hot.created_at.min(other.hot.created_at);
    profile.hot.now = profile.hot.now.max(other.hot.now);
    if other.hot.active_at > profile.hot.active_at {
        (profile.hot.active_at, profile.hot.active_by) = (other.hot.active_at, other.hot.active_by);
        // Up to then she was looked at as she was; her last leaving may fall due only after it.
        profile.hot.woken_at = other.hot.woken_at;
    }
    for door in &other.hot.doors {
        if !profile.hot.doors.contains(door) {
            profile.hot.doors.push(*door);
        }
    }
    profile.summarise_email();
    profile.hot.email_stopped |= other.hot.email_stopped && other.hot.email == profile.hot.email;
    profile.summarise_cart();
    profile.summarise_orders();
    join_engagement(profile, other, further);
    profile.bound();
}

/// The facts of two profiles as those of one.
pub(crate) fn join_facts(mine: &mut Warm, theirs: &Warm) {
    mine.email.said.join(&theirs.email.said);
    mine.phone.join(&theirs.phone);
    mine.first_name.join(&theirs.first_name);
    mine.last_name.join(&theirs.last_name);
    mine.time_zone.join(&theirs.time_zone);
    mine.locale.join(&theirs.locale);
    for theirs in &theirs.traits {
        match mine.traits.iter_mut().find(|t| t.name == theirs.name) {
            Some(t) => t.join(theirs),
            None => mine.traits.push(theirs.clone()),
        }
    }
    mine.traits.sort_by(|a, b| a.name.cmp(&b.name));
    mine.cart.join(&theirs.cart);
    join_views_and_wishes(mine, theirs);
    for order in &theirs.orders {
        mine.see_order(order.clone());
    }
    mine.older_orders = mine.older_orders.saturating_add(theirs.older_orders);
    for touch in &theirs.touches {
        mine.touch(touch.clone());
    }
    for touch in &theirs.block_touches {
        BlockTouch::add(&mut mine.block_touches, touch.clone(), limits::BLOCK_TOUCHES_MAX);
    }
    BlockTest::join(&mut mine.block_tests, &theirs.block_tests);
    for door in &theirs.doors {
        match mine.doors.iter_mut().find(|d| d.kind == door.kind && d.value == door.value) {
            Some(d) => {
                d.proved |= door.proved;
                d.since = d.since.min(door.since);
            }
            None => mine.doors.push(door.clone()),
        }
    }
    for measure in &theirs.measures {
        match mine.measures.iter_mut().find(|m| m.event == measure.event) {
            Some(m) => measure.stamps.iter().for_each(|stamp| m.add(stamp)),
            None => mine.measures.push(measure.clone()),
        }
    }
    mine.measures.sort_by_key(|m| m.event);
    mine.bound();
}

fn join_views_and_wishes(mine: &mut Warm, theirs: &Warm) {
    for view in &theirs.views {
        match mine.views.iter_mut().find(|v| v.id == view.id) {
            Some(v) => {
                v.dwell_secs = v.dwell_secs.max(view.dwell_secs);
                v.stamp = v.stamp.clone().max(view.stamp.clone());
            }
            None => mine.views.push(view.clone()),
        }
    }
    mine.views.sort_by(|a, b| b.stamp.cmp(&a.stamp));
    for wish in &theirs.wishes {
        match mine.wishes.iter_mut().find(|w| w.id == wish.id) {
            Some(w) if wish.stamp > w.stamp => *w = wish.clone(),
            Some(_) => {}
            None => mine.wishes.push(wish.clone()),
        }
    }
    mine.wishes.sort_by(|a, b| b.stamp.cmp(&a.stamp));
}

fn join_engagement(profile: &mut Profile, other: &Profile, further: &dyn Fn(&Position, &Position) -> bool) {
    let hot = &mut profile.hot;
    for send in &other.hot.sends {
        if !hot.sends.iter().any(|s| s.message.same_as(send.message)) {
            hot.sends.push(send.clone());
        }
    }
    hot.sends.sort_by_key(|send| std::cmp::Reverse(send.at));
    let theirs_first = other.hot.exposures.iter().map(|e| e.at).min();
    let mine_first = hot.exposures.iter().map(|e| e.at).min();
    let earlier = match (theirs_first, mine_first) {
        (Some(theirs), Some(mine)) => theirs < mine,
        (theirs, _) => theirs.is_some(),
    };
    for exposure in &other.hot.exposures {
        match hot.exposures.iter_mut().find(|e| e.journey == exposure.journey) {
            Some(mine) => join_exposure(mine, exposure),
            None => hot.exposures.push(exposure.clone()),
        }
    }
    if other.hot.draw_by.0 != 0 && (hot.draw_by.0 == 0 || earlier) {
        hot.draw_by = other.hot.draw_by;
    }
    for position in &other.hot.positions {
        match hot.positions.iter_mut().find(|p| p.same_as(position)) {
            Some(mine) if further(position, mine) => *mine = position.clone(),
            Some(_) => {}
            None => hot.positions.push(position.clone()),
        }
    }
}

fn join_exposure(mine: &mut Exposure, theirs: &Exposure) {
    mine.converted |= theirs.converted;
    if mine.arm != theirs.arm {
        mine.arm = 3;
    }
    mine.at = mine.at.min(theirs.at);
}
