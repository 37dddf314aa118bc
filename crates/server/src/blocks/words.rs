//! Why a product is recommended, in words; where a reason names another product, it is called by its title.

use crate::i18n::{self, Locale, Value};
use beckon_recommend::Reason;
use beckon_recommend::block::Period;

/// The product another one was found by, where the reason names one.
#[must_use]
pub fn named_product(reason: &Reason) -> Option<&str> {
    use Reason::*;
    match reason {
        BoughtTogether { with, .. }
        | CartedTogether { with, .. }
        | BoughtLater { with, .. }
        | ViewedTogether { with, .. }
        | ViewedAlsoViewed { with, .. }
        | ViewedThenBought { with, .. }
        | AccessoryOfTable { with }
        | AccessoryLearned { with, .. }
        | LikeVisits { with }
        | Content { with }
        | SimilarContent { with, .. }
        | UpSell { with, .. }
        | LikesBrand { with } => Some(with),
        _ => None,
    }
}

/// A reason in words. `title` is what the product it names is called, `category` what a category is called.
#[must_use]
pub fn say(locale: Locale, reason: &Reason, title: &str, category: &dyn Fn(&str) -> String) -> String {
    let (key, mut args) = parts(reason, category, locale);
    args.push(("with", Value::from(title.to_owned())));
    i18n::t(locale, &format!("reason-{key}"), &args)
}

type Args = Vec<(&'static str, Value<'static>)>;

fn parts(reason: &Reason, category: &dyn Fn(&str) -> String, locale: Locale) -> (&'static str, Args) {
    use Reason::*;
    let n = |name: &'static str, number: u32| (name, Value::from(number));
    let text = |name: &'static str, text: &str| (name, Value::from(text.to_owned()));
    let inside = |category_id: &Option<String>, all: &'static str, some: &'static str| match category_id {
        Some(id) => (some, vec![("category", Value::from(category(id)))]),
        None => (all, Vec::new()),
    };
    match reason {
        BoughtTogether { orders, .. } => ("bought-together", vec![n("count", *orders)]),
        CartedTogether { visitors, .. } => ("carted-together", vec![n("count", *visitors)]),
        BoughtLater { orders, .. } => ("bought-later", vec![n("count", *orders)]),
        ViewedTogether { visitors, .. } => ("viewed-together", vec![n("count", *visitors)]),
        ViewedAlsoViewed { visitors, of, .. } => ("also-viewed", vec![n("count", *visitors), n("of", *of)]),
        ViewedThenBought { visitors, of, .. } => ("then-bought", vec![n("count", *visitors), n("of", *of)]),
        AccessoryOfTable { .. } => ("accessory", Vec::new()),
        AccessoryLearned { orders, .. } => ("accessory-learned", vec![n("count", *orders)]),
        LikeVisits { .. } => ("like-visits", Vec::new()),
        SeenBefore => ("seen-before", Vec::new()),
        Content { .. } => ("content", Vec::new()),
        SimilarContent { same_brand: true, .. } => ("similar-brand", Vec::new()),
        SimilarContent { .. } => ("similar", Vec::new()),
        UpSell { dearer_percent, .. } => ("up-sell", vec![("count", Value::from(*dearer_percent))]),
        MultiBuy { pieces, paid } => {
            ("multi-buy", vec![n("count", (*pieces).into()), n("paid", (*paid).into())])
        }
        Bestseller { category, orders } => {
            let (key, mut args) = inside(category, "bestseller", "bestseller-category");
            args.push(n("count", *orders));
            (key, args)
        }
        BestsellerOf { category, period, orders } => {
            let (key, mut args) = inside(category, "bestseller-of", "bestseller-of-category");
            args.extend([n("count", *orders), ("period", Value::from(period_text(locale, *period)))]);
            (key, args)
        }
        BestsellerInCity { city, orders } => {
            ("bestseller-city", vec![text("city", city), n("count", *orders)])
        }
        Popular { category, views } => {
            let (key, mut args) = inside(category, "popular", "popular-category");
            args.push(n("count", *views));
            (key, args)
        }
        New => ("new", Vec::new()),
        AddedDaysAgo { days } => ("added", vec![n("count", *days)]),
        ComingSoon => ("coming-soon", Vec::new()),
        TopRated { rating, marks } => {
            let stars = format!("{}.{}", rating / 100, rating % 100 / 10);
            ("top-rated", vec![text("stars", &stars), n("count", *marks)])
        }
        Discounted { percent } => ("discounted", vec![n("count", *percent)]),
        Holiday { tag } => ("holiday", vec![text("tag", tag)]),
        Favourite => ("favourite", Vec::new()),
        LeftInCart => ("left-in-cart", Vec::new()),
        Subscribed { category: id } => ("subscribed", vec![("category", Value::from(category(id)))]),
        FitsProfile { name, value } => ("fits-profile", vec![text("name", name), text("value", value)]),
        LikesBrand { .. } => ("likes-brand", Vec::new()),
        LikesCategory { category: id } => ("likes-category", vec![("category", Value::from(category(id)))]),
        Searched { query } => ("searched", vec![text("query", query)]),
        RepeatDue { every_days, ago_days, .. } => {
            ("repeat-due", vec![n("count", *every_days), n("ago", *ago_days)])
        }
        Habit { times } => ("habit", vec![n("count", *times)]),
        Pinned => ("pinned", Vec::new()),
        ThirdParty => ("third-party", Vec::new()),
        InStock => ("in-stock", Vec::new()),
    }
}

fn period_text(locale: Locale, period: Period) -> String {
    let key = match period {
        Period::Trend => "reason-period-trend",
        Period::Week => "reason-period-week",
        Period::Month => "reason-period-month",
    };
    i18n::t(locale, key, &[])
}
