//! A plan in words: what starts a journey, what its steps do and are called.

use super::super::layout::Page;
use crate::i18n;
use crate::why_text::Words;
use beckon_core::plan::{Action, EntryOn, Exit, Graph, Journey, Step, Titles, WaitFrom, name_key};
use beckon_core::segment::Condition;

/// Events by which a journey may name a start or a condition; their keys cannot be read backwards.
const EVENTS: [&str; 24] = [
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Product List Viewed",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
    "Order Updated",
    "Order Refunded",
    "Order Cancelled",
    "Product Added to Wishlist",
    "Product Removed from Wishlist",
    "Page Viewed",
    "Products Searched",
    "Product Clicked",
    "Promotion Clicked",
    "Coupon Applied",
    "Payment Info Entered",
    "Product Reviewed",
    "Product Shared",
    "Identify",
    "Signed Up",
    "Message Clicked",
    "Product Dwelled",
];

/// Tells of a plan in the language of a page.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    /// The page.
    pub page: &'a Page,
    /// Its words.
    pub words: &'a Words,
}

/// Whether the way from a step comes to another one before it divides.
fn leads_to(graph: &Graph, first: Option<u32>, key: u32) -> bool {
    let mut at = first;
    // A way may come back to where it was; it has no more steps than the graph.
    for _ in 0..graph.steps.len() {
        match at {
            Some(here) if here == key => return true,
            Some(here) => at = graph.step(here).and_then(|step| step.next),
            None => return false,
        }
    }
    false
}

impl Teller<'_> {
    /// What starts a journey, in sentences.
    pub fn entry(&self, journey: &Journey) -> Vec<String> {
        let (page, words) = (self.page, self.words);
        let after = words.span(journey.entry.after);
        let mut told = match &journey.entry.on {
            EntryOn::Left => vec![page.with("map-left", "span", &after)],
            EntryOn::Event(key) => {
                let mut told = vec![page.with("map-event", "name", &self.event(*key))];
                if journey.entry.after.0 > 0 {
                    told.push(page.with("map-event-after", "span", &after));
                }
                told
            }
        };
        let when = self.condition(&journey.entry.when);
        if !when.is_empty() {
            told.push(page.with("map-when", "condition", &when));
        }
        if let Some((by, when)) = &journey.entry.shift {
            let (span, condition) = (words.span(*by), self.condition(when));
            let args = [("span", span.as_str().into()), ("condition", condition.as_str().into())];
            told.push(i18n::t(page.locale, "map-shift", &args));
        }
        told
    }

    /// What a journey is for.
    pub fn goal(&self, journey: &Journey) -> String {
        let told = |goal: &beckon_core::plan::Goal| {
            format!("{} ({})", self.event(goal.event), self.words.span(goal.within))
        };
        journey.goal.as_ref().map(told).unwrap_or_default()
    }

    /// An exit: its words and the code under which it is counted.
    pub fn exit(&self, exit: Exit) -> (String, &'static str) {
        let (key, code) = match exit {
            Exit::Order => ("map-exit-order", "order"),
            Exit::CartEmptied => ("map-exit-cart-emptied", "cart_emptied"),
            Exit::Unsubscribed => ("map-exit-unsubscribed", "unsubscribed"),
        };
        (self.page.t(key), code)
    }

    /// What people call something, in the language of the page, else in any.
    pub fn title(&self, titles: &Titles) -> Option<String> {
        let own = titles.get(self.page.locale.code()).or_else(|| titles.get("en"));
        own.or_else(|| titles.values().next()).cloned()
    }

    /// What a step is called: its title, else what it does.
    pub fn step(&self, step: &Step) -> String {
        self.title(&step.title).unwrap_or_else(|| self.action(step))
    }

    /// A step with the series it belongs to, where a split leads to several: their steps may be called alike.
    pub fn step_of_series(&self, graph: &Graph, step: &Step) -> String {
        let title = self.step(step);
        let series = graph.steps.iter().find_map(|split| {
            let Action::Split { arms, .. } = &split.action else { return None };
            let mut of = arms.iter().filter(|(.., first)| leads_to(graph, *first, step.key));
            let (arm, ..) = of.next()?;
            // What several series come to belongs to none of them.
            of.next().is_none().then(|| self.arm(split, arm))
        });
        series.map_or(title.clone(), |series| format!("{series}: {title}"))
    }

    /// What an arm of a split is called.
    pub fn arm(&self, step: &Step, arm: &str) -> String {
        let titled = step.arm_titles.get(arm).and_then(|titles| self.title(titles));
        titled.unwrap_or_else(|| arm.to_owned())
    }

    /// What a step does.
    pub fn action(&self, step: &Step) -> String {
        let (page, words) = (self.page, self.words);
        match &step.action {
            Action::Message(message) => page.with("map-letter", "template", &message.template),
            Action::Wait { span, from } => {
                let key = match from {
                    WaitFrom::Start => "map-wait-start",
                    WaitFrom::LastSend => "map-wait-last-send",
                    WaitFrom::Here => "map-wait-here",
                };
                page.with(key, "span", &words.span(*span))
            }
            Action::WaitFor { event, .. } => page.with("map-wait-for", "name", &self.event(*event)),
            Action::Branch { when, .. } => page.with("map-branch", "condition", &self.condition(when)),
            Action::Split { only: Some(only), .. } => {
                page.with("map-split-only", "arm", &self.arm(step, only))
            }
            Action::Split { only: None, .. } => page.t("map-split-test"),
            Action::Exit { reason } => page.with("map-exit", "reason", reason),
            Action::Goal => page.t("map-goal"),
        }
    }

    /// A condition in words; empty when it asks nothing.
    pub fn condition(&self, condition: &Condition) -> String {
        let page = self.page;
        let join = |list: &[Condition], by: &str| {
            let parts: Vec<String> = list.iter().map(|inner| self.condition(inner)).collect();
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
        };
        match condition {
            Condition::All(list) => join(list, ", "),
            Condition::Any(list) => join(list, &format!(" {} ", page.t("or"))),
            Condition::Not(inner) => page.with("map-not", "condition", &self.condition(inner)),
            Condition::CartNotEmpty => page.t("map-cart-not-empty"),
            Condition::ReachableByEmail => page.t("map-reachable"),
            Condition::ConsentedToEmail => page.t("map-consented"),
            Condition::Did { event: key, at_least, within } => {
                let times = if *at_least > 1 { format!(" ≥ {at_least}×") } else { String::new() };
                let within =
                    within.map(|within| format!(" ({})", self.words.span(within))).unwrap_or_default();
                format!("{}{times}{within}", self.event(*key))
            }
            Condition::Clicked { within } => page.with("map-clicked", "span", &self.words.span(*within)),
            Condition::TraitIs { name, is } => format!("{name} = {is}"),
        }
    }

    /// The name of an event by its key.
    pub fn event(&self, key: u32) -> String {
        event(self.page, key)
    }
}

fn event(page: &Page, key: u32) -> String {
    let Some(name) = EVENTS.iter().find(|name| name_key(name) == key) else { return format!("#{key:08x}") };
    match *name {
        "Product Viewed" => page.t("event-product-viewed"),
        "Product Added" => page.t("event-cart-added"),
        "Product Removed" => page.t("event-cart-removed"),
        "Checkout Started" => page.t("event-checkout"),
        "Order Completed" => page.t("event-order-completed"),
        "Order Cancelled" => page.t("event-order-cancelled"),
        "Order Refunded" => page.t("event-order-refunded"),
        "Product Added to Wishlist" => page.t("event-wished"),
        other => other.to_owned(),
    }
}
