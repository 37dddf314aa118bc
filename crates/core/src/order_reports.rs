//! What a profile tells the doors of its orders: what happened, and which of her clicks may have earned it.

use crate::block::{BlockClick, BlockTouch};
use crate::event::{Event, OrderFact, OrderStatus, Source};
use crate::ids::{Door, DoorKind, MessageId};
use crate::input::{Letter, Recipient};
use crate::order::Report;
use crate::time::ShopTime;
use crate::turn::Turn;

/// Whether something proved is known of her: an address or a user id from the shop itself.
pub(crate) fn is_proved(turn: &Turn) -> bool {
    turn.profile.warm().doors.iter().any(|door| door.proved)
}

/// Tells the order's door what this event says of it.
pub(crate) fn report(turn: &mut Turn, event: &Event, order: &OrderFact) {
    let report = Report {
        order: order.clone(),
        at: event.occurred_at,
        number: event.number,
        source: event.source,
        profile: turn.profile.id,
        proved: is_proved(turn),
        touches: recent_touches(turn),
        block_clicks: recent_block_clicks(turn),
    };
    send(turn, report);
}

/// After a merge: the orders of both are told to their doors again with the clicks of both.
pub(crate) fn report_again(turn: &mut Turn) {
    let window = turn.plan.settings.attribution;
    let (touches, block_clicks) = (recent_touches(turn), recent_block_clicks(turn));
    let proved = is_proved(turn);
    // Nothing to credit, and nothing that proves whose order it is.
    if touches.is_empty() && block_clicks.is_empty() && !proved {
        return;
    }
    let since = turn.now.minus(window);
    for seen in turn.profile.warm().orders.clone().iter().filter(|order| order.at >= since) {
        let order =
            OrderFact { id: seen.id.clone(), status: OrderStatus::Updated, total: None, lines: Vec::new() };
        // Said at time 0 it changes nothing of the order itself: it only brings the clicks.
        let report = Report {
            order,
            at: ShopTime(0),
            number: 0,
            source: Source::Browser,
            profile: turn.profile.id,
            proved,
            touches: touches.clone(),
            block_clicks: block_clicks.clone(),
        };
        send(turn, report);
    }
}

fn recent_touches(turn: &Turn) -> Vec<(MessageId, String, String, ShopTime)> {
    let touches = turn.profile.warm().touches.iter();
    touches.map(|t| (t.message, t.journey.clone(), t.step.clone(), t.at)).collect()
}

fn recent_block_clicks(turn: &Turn) -> Vec<BlockClick> {
    let clicks = turn.profile.warm().block_touches.iter().cloned();
    clicks.map(|BlockTouch { block, arm, item, at, .. }| BlockClick { block, arm, item, at }).collect()
}

fn send(turn: &mut Turn, report: Report) {
    let door = Door::new(DoorKind::Order, report.order.id.clone());
    let to = Recipient::Door { bucket: door.bucket(turn.profile.shop), door: door.id(turn.profile.shop) };
    turn.letter(to, Letter::OrderReport(Box::new(report)));
}
