//! Events in words: an icon, the key of a title, and what it was about.

use super::super::layout::Page;
use beckon_core::catalogue::Offer;
use beckon_core::event::{Fact, ItemRef, Line, OrderStatus};
use std::collections::HashMap;

/// Products an event names.
pub fn products(fact: &Fact) -> Vec<String> {
    let lines = |lines: &[Line]| lines.iter().map(|line| line.item.id.clone()).collect();
    match fact {
        Fact::ProductViewed { item } | Fact::ProductDwelled { item, .. } | Fact::Wished { item, .. } => {
            vec![item.id.clone()]
        }
        Fact::CartAdded { line, .. } | Fact::CartRemoved { line, .. } => vec![line.item.id.clone()],
        Fact::CartIs { lines: all, .. } | Fact::CheckoutStarted { lines: all, .. } => lines(all),
        Fact::Order(order) => lines(&order.lines),
        Fact::Other { item: Some(item), .. } => vec![item.id.clone()],
        _ => Vec::new(),
    }
}

/// Icon, key of the title (empty: the event's own name), and detail.
pub fn told(
    page: &Page,
    fact: &Fact,
    offers: &HashMap<String, Offer>,
) -> (&'static str, &'static str, String) {
    let title =
        |item: &ItemRef| offers.get(&item.id).map_or_else(|| item.id.clone(), |offer| offer.title.clone());
    let one = |line: &Line| match line.quantity {
        0 | 1 => title(&line.item),
        n => format!("{} × {n}", title(&line.item)),
    };
    let all = |lines: &[Line]| lines.iter().map(one).collect::<Vec<_>>().join(", ");
    match fact {
        Fact::Page { path } => ("eye", "event-page", path.clone()),
        Fact::Heartbeat => ("pulse", "event-heartbeat", String::new()),
        Fact::ProductViewed { item } => ("eye", "event-product-viewed", title(item)),
        Fact::ProductDwelled { item, dwell_secs } => {
            let span = page.words.span(&beckon_core::time::SECOND.times(i64::from(*dwell_secs)));
            ("clock", "event-product-dwelled", format!("{}, {span}", title(item)))
        }
        Fact::ListViewed { category } => ("eye", "event-list-viewed", category.clone()),
        Fact::CartAdded { line, .. } => ("cart", "event-cart-added", one(line)),
        Fact::CartRemoved { line, .. } => ("cart", "event-cart-removed", title(&line.item)),
        Fact::CartIs { lines, .. } if lines.is_empty() => ("cart", "event-cart-emptied", String::new()),
        Fact::CartIs { lines, .. } => ("cart", "event-cart-is", all(lines)),
        Fact::CheckoutStarted { lines, .. } => ("cart", "event-checkout", all(lines)),
        Fact::Order(order) => {
            let key = match order.status {
                OrderStatus::Completed => "event-order-completed",
                OrderStatus::Updated => "event-order-updated",
                OrderStatus::Refunded => "event-order-refunded",
                OrderStatus::Cancelled => "event-order-cancelled",
            };
            let total = order.total.map(|total| page.words.money(&total)).unwrap_or_default();
            let goods = all(&order.lines);
            let parts = [order.id.clone(), total, goods];
            ("shop", key, parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
        }
        Fact::Wished { item, on: true } => ("box", "event-wished", title(item)),
        Fact::Wished { item, on: false } => ("box", "event-unwished", title(item)),
        Fact::Identified { traits } => ("person", "event-identified", traits.join(", ")),
        Fact::BlocksSeen { blocks } => {
            let names: Vec<&str> = blocks.iter().map(|seen| seen.block.as_str()).collect();
            ("eye", "event-blocks-seen", names.join(", "))
        }
        Fact::BlockClicked { block, item, .. } => {
            ("box", "event-block-clicked", format!("{} · {block}", title(item)))
        }
        Fact::CameFromMessage { .. } => ("mail", "event-came", String::new()),
        Fact::Other { item, .. } => ("pulse", "", item.as_ref().map(title).unwrap_or_default()),
    }
}
