//! A journey as a map: entry, steps, ways that part and meet again, exits; with the numbers on it.

use super::super::layout::Page;
use crate::i18n;
use crate::numbers::{JourneyNumbers, Numbers};
use crate::why_text::Words;
use askama::Template;
use beckon_core::plan::{Action, EntryOn, Exit, Graph, Journey, Step, WaitFrom, name_key};
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

/// A map.
pub struct Map {
    /// What starts it, in sentences.
    pub entry: Vec<String>,
    /// Steps from the first on.
    pub nodes: Vec<Node>,
    /// What ends it: words and how many left by it.
    pub exits: Vec<(String, i64)>,
    /// What it is for.
    pub goal: String,
}

/// A step on the map, with the ways that go out from it.
#[derive(Template)]
#[template(path = "journeys/node.html")]
pub struct Node {
    kind: &'static str,
    icon: &'static str,
    title: String,
    name: String,
    stats: Vec<(String, String)>,
    withheld: Vec<(String, String)>,
    ways: Vec<Way>,
}

/// A way that goes out from a step.
pub struct Way {
    label: String,
    count: String,
    off: bool,
    nodes: Vec<Node>,
}

struct Drawing<'a> {
    page: &'a Page,
    graph: &'a Graph,
    numbers: &'a JourneyNumbers,
    words: &'a Words,
}

impl Map {
    /// Draws the newest graph of a journey.
    #[must_use]
    pub fn new(page: &Page, journey: &Journey, numbers: &JourneyNumbers, words: &Words) -> Map {
        let empty = Graph::default();
        let graph = journey.graph(journey.current).unwrap_or(&empty);
        let drawing = Drawing { page, graph, numbers, words };
        let first = graph.steps.first().map(|step| step.key);
        let exit = |exit: &Exit| {
            let (key, code) = match exit {
                Exit::Order => ("map-exit-order", "order"),
                Exit::CartEmptied => ("map-exit-cart-emptied", "cart_emptied"),
                Exit::Unsubscribed => ("map-exit-unsubscribed", "unsubscribed"),
            };
            (page.t(key), numbers.all.exit.get(code).copied().unwrap_or(0))
        };
        let goal = journey
            .goal
            .as_ref()
            .map(|goal| format!("{} ({})", event(page, goal.event), words.span(goal.within)));
        Map {
            entry: drawing.entry(journey),
            nodes: drawing.chain(first, None, 0),
            exits: journey.exits.iter().map(exit).collect(),
            goal: goal.unwrap_or_default(),
        }
    }
}

impl Drawing<'_> {
    fn entry(&self, journey: &Journey) -> Vec<String> {
        let (page, words) = (self.page, self.words);
        let after = words.span(journey.entry.after);
        let mut told = match &journey.entry.on {
            EntryOn::Left => vec![page.with("map-left", "span", &after)],
            EntryOn::Event(key) => {
                let mut told = vec![page.with("map-event", "name", &event(page, *key))];
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

    /// Steps one after the other, up to where another way joins.
    fn chain(&self, start: Option<u32>, stop: Option<u32>, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = start;
        // A text cannot make a circle or nest for ever; a later one may, and a drawing must still end.
        while let Some(step) = at.filter(|at| Some(*at) != stop).and_then(|at| self.graph.step(at)) {
            if nodes.len() > self.graph.steps.len() || depth > 16 {
                break;
            }
            nodes.push(self.node(step, depth));
            at = step.next;
        }
        nodes
    }

    fn node(&self, step: &Step, depth: usize) -> Node {
        let (page, words) = (self.page, self.words);
        let none = Numbers::default();
        let numbers = self.numbers.steps.get(&step.name).unwrap_or(&none);
        let way = |label: String, to: Option<u32>, count: String, off: bool| {
            let nodes = if to == step.next { Vec::new() } else { self.chain(to, step.next, depth + 1) };
            Way { label, count, off, nodes }
        };
        let (kind, icon, title, ways) = match &step.action {
            Action::Message(message) => ("mail", "mail", message.template.clone(), Vec::new()),
            Action::Wait { span, from } => {
                let key = match from {
                    WaitFrom::Start => "map-wait-start",
                    WaitFrom::LastSend => "map-wait-last-send",
                    WaitFrom::Here => "map-wait-here",
                };
                ("wait", "clock", page.with(key, "span", &words.span(*span)), Vec::new())
            }
            Action::WaitFor { event: key, up_to, then, otherwise } => {
                let came = way(page.t("map-came"), *then, String::new(), false);
                let not = page.with("map-not-came", "span", &words.span(*up_to));
                let ways = vec![came, way(not, *otherwise, String::new(), false)];
                ("wait", "clock", page.with("map-wait-for", "name", &event(page, *key)), ways)
            }
            Action::Branch { when, then, otherwise } => {
                let yes = way(page.t("map-yes"), *then, String::new(), false);
                let ways = vec![yes, way(page.t("map-no"), *otherwise, String::new(), false)];
                ("branch", "route", page.with("map-branch", "condition", &self.condition(when)), ways)
            }
            Action::Split { only, arms } => {
                let total: u32 = arms.iter().map(|(_, share, _)| share).sum();
                let ways = arms.iter().map(|(name, share, to)| {
                    let off = only.as_ref().is_some_and(|only| only != name);
                    let share = if only.is_some() { String::new() } else { page.words.share(*share, total) };
                    let label = if share.is_empty() { name.clone() } else { format!("{name} · {share}") };
                    let drawn = numbers.arms.get(name).copied().unwrap_or(0);
                    way(label, *to, if drawn > 0 { page.words.number(drawn) } else { String::new() }, off)
                });
                let title = match only {
                    Some(only) => page.with("map-split-only", "arm", only),
                    None => page.t("map-split-test"),
                };
                ("branch", "route", title, ways.collect())
            }
            Action::Exit { reason } => ("exit", "out", page.with("map-exit", "reason", reason), Vec::new()),
            Action::Goal => ("goal", "check", page.t("map-goal"), Vec::new()),
        };
        let is_mail = kind == "mail";
        Node {
            stats: if is_mail { self.stats(numbers) } else { Vec::new() },
            withheld: if is_mail { self.withheld(numbers) } else { Vec::new() },
            name: step.name.clone(),
            kind,
            icon,
            title,
            ways,
        }
    }

    fn stats(&self, numbers: &Numbers) -> Vec<(String, String)> {
        let (page, write) = (self.page, &self.page.words);
        let mut stats = vec![
            (page.t("n-sent"), write.number(numbers.sent)),
            (page.t("n-opened"), write.number(numbers.opened)),
            (page.t("n-clicked"), write.number(numbers.clicked)),
            (page.t("n-ordered"), write.number(numbers.ordered)),
        ];
        for sum in &numbers.revenue {
            stats.push((page.t("n-revenue"), write.money(&sum.money)));
        }
        if numbers.ghost > 0 {
            stats.push((page.t("n-ghost"), write.number(numbers.ghost)));
        }
        stats
    }

    fn withheld(&self, numbers: &Numbers) -> Vec<(String, String)> {
        let all = numbers.withheld.iter().chain(&numbers.skipped);
        let told = all.map(|(code, n)| (self.words.reason(code), self.page.words.number(*n)));
        told.collect()
    }

    fn condition(&self, condition: &Condition) -> String {
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
                format!("{}{times}{within}", event(page, *key))
            }
            Condition::Clicked { within } => page.with("map-clicked", "span", &self.words.span(*within)),
            Condition::TraitIs { name, is } => format!("{name} = {is}"),
        }
    }
}

/// The name of an event by its key.
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
