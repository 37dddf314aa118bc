//! Names of events as facts: Segment's e-commerce specification v2, the older spellings of it, and beckon.js's own.

use super::Reason;
use super::item::Item;
use super::json::{Json, fold};
use super::{blocks, page, products};
use beckon_core::event::{Fact, OrderFact, OrderStatus};

/// The longest stay on a product that is believed: a day.
const DWELL_MAX_SECS: f64 = 86_400.0;

/// Names of the specification that no fact of their own stands for, in its own spelling, by their folded form.
const KEPT_BY_NAME: [&str; 16] = [
    "Products Searched",
    "Product List Filtered",
    "Promotion Viewed",
    "Promotion Clicked",
    "Product Clicked",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Shared",
    "Cart Shared",
    "Product Reviewed",
    "Cart Viewed",
];

/// What a `track` call says happened.
pub fn of(item: &mut Item, name: &str) -> Fact {
    let fact = match fold(name).as_str() {
        "productviewed" | "viewedproduct" => products::item_of(item).map(|item| Fact::ProductViewed { item }),
        "productdwelled" => dwelled(item),
        "heartbeat" => Some(Fact::Heartbeat),
        "productlistviewed" | "viewedproductcategory" | "viewedproductlist" => {
            Some(Fact::ListViewed { category: products::category(item) })
        }
        "productadded" | "addedproduct" | "wishlistproductaddedtocart" => added(item),
        "productremoved" | "removedproduct" => removed(item),
        "cartviewed" | "viewedcart" => {
            let cart = products::cart(item);
            products::lines(item).map(|lines| Fact::CartIs { cart, lines })
        }
        "checkoutstarted" | "startedcheckout" => {
            let cart = products::cart(item);
            Some(Fact::CheckoutStarted { cart, lines: products::lines(item).unwrap_or_default() })
        }
        "ordercompleted" | "completedorder" => order(item, OrderStatus::Completed),
        "orderupdated" | "updatedorder" => order(item, OrderStatus::Updated),
        "orderrefunded" | "refundedorder" => order(item, OrderStatus::Refunded),
        "ordercancelled" | "ordercanceled" | "cancelledorder" => order(item, OrderStatus::Cancelled),
        "productaddedtowishlist" => products::item_of(item).map(|item| Fact::Wished { item, on: true }),
        "productremovedfromwishlist" => products::item_of(item).map(|item| Fact::Wished { item, on: false }),
        "messageclicked" => clicked(item),
        "recommendationsviewed" => blocks::seen(item),
        "recommendationclicked" => blocks::clicked(item),
        _ => None,
    };
    fact.unwrap_or_else(|| Fact::Other {
        name: kept_name(name),
        item: products::mentioned(item.properties()),
    })
}

fn kept_name(name: &str) -> String {
    let folded = fold(name);
    match KEPT_BY_NAME.iter().find(|kept| fold(kept) == folded) {
        Some(kept) => (*kept).to_owned(),
        None => page::plain_name(name),
    }
}

fn dwelled(item: &mut Item) -> Option<Fact> {
    let product = products::item_of(item)?;
    let stated = item.properties().at("dwellsecs").text().and_then(|text| text.parse::<f64>().ok());
    let Some(secs) = stated.filter(|secs| (0.0..=DWELL_MAX_SECS).contains(secs)) else {
        item.flag(Reason::BadNumber, "dwell_secs");
        return Some(Fact::ProductViewed { item: product });
    };
    Some(Fact::ProductDwelled { item: product, dwell_secs: secs.round() as u32 })
}

fn added(item: &mut Item) -> Option<Fact> {
    let properties = item.properties();
    let mut line = products::line(item, products::only_product(properties), 1);
    match &mut line {
        // Something was put into the cart, whatever the number beside it says.
        Some(line) if line.quantity == 0 => {
            line.quantity = 1;
            item.flag(Reason::BadNumber, "quantity");
        }
        Some(_) => {}
        None => item.flag(Reason::NoProduct, "product_id"),
    }
    line.map(|line| Fact::CartAdded { cart: products::cart(item), line })
}

/// Without a quantity all of it was taken out: a reminder of what is still there is worse than none.
fn removed(item: &mut Item) -> Option<Fact> {
    let properties = item.properties();
    let line = products::line(item, products::only_product(properties), 0);
    if line.is_none() {
        item.flag(Reason::NoProduct, "product_id");
    }
    line.map(|line| Fact::CartRemoved { cart: products::cart(item), line })
}

fn order(item: &mut Item, status: OrderStatus) -> Option<Fact> {
    let stated = item.properties().first(&["orderid", "transactionid", "ordernumber", "id"]);
    let Some(id) = stated.and_then(products::id_text) else {
        item.flag(Reason::NoOrder, "order_id");
        return None;
    };
    let total = products::total(item, status == OrderStatus::Refunded);
    let lines = products::lines(item).unwrap_or_default();
    Some(Fact::Order(OrderFact { id, status, total, lines }))
}

fn clicked(item: &mut Item) -> Option<Fact> {
    let message = match item.properties().at("token") {
        Json::Text(token) if token.len() <= 512 => (item.caller.message_of)(token.trim()),
        _ => None,
    };
    if message.is_none() {
        item.flag(Reason::BadToken, "token");
    }
    message.map(|message| Fact::CameFromMessage { message })
}
