//! Reading a journey from its text.

use super::condition::{self, span};
use super::scalar::{plain_name, priority};
use super::stage::stage;
use super::titles::titles;
use super::yaml::{self, Node};
use super::{
    About, Class, Entry, EntryOn, Exit, Goal, Graph, Journey, Problem, name_key, parse_share, steps,
};
use crate::limits;
use crate::segment::Condition;
use crate::time::{DAY, ShopTime, Span};
use std::collections::BTreeMap;

/// Reads a journey. It is off until somebody switches it on, and its graph has version 1 until it is published.
///
/// # Errors
/// The first problem: its line, what is wrong, and what to do.
pub fn parse(text: &str) -> Result<Journey, Problem> {
    let root = yaml::read(text)?;
    root.only(&[
        "journey", "title", "stage", "class", "priority", "holdout", "about", "entry", "exits", "goal",
        "steps",
    ])?;
    let name = root.need("journey")?;
    let class = class(root.need("class")?)?;
    let priority = priority(root.need("priority")?)?;
    let mut graph = Graph::default();
    steps::read(root.need("steps")?, priority, class, &mut graph)?;
    let (about, entry) = (about(&root)?, entry(root.need("entry")?)?);
    Ok(Journey {
        name: plain_name(name)?,
        title: titles(&root)?,
        on: false,
        on_since: ShopTime(0),
        class,
        priority,
        holdout_ppm: holdout(&root, class)?,
        stage: stage(&root, about, &entry)?,
        about,
        entry,
        exits: exits(&root, class)?,
        goal: root.get("goal").map(goal).transpose()?,
        current: 1,
        graphs: BTreeMap::from([(1, graph)]),
        moves: BTreeMap::new(),
    })
}

fn class(node: &Node) -> Result<Class, Problem> {
    match node.text()? {
        "T" => Ok(Class::T),
        "R" => Ok(Class::R),
        "A" => Ok(Class::A),
        "B" => Ok(Class::B),
        "C" => Ok(Class::C),
        other => Err(Problem::new(
            node.line,
            format!("`{other}` is not a class"),
            "T transactional, R requested, A hot trigger, B life cycle, C mass",
        )),
    }
}

fn holdout(root: &Node, class: Class) -> Result<u32, Problem> {
    let Some(node) = root.get("holdout") else {
        return Ok(if class.is_marketing() { 50_000 } else { 0 });
    };
    let text = node.text()?;
    let share = parse_share(text).ok_or_else(|| {
        Problem::new(node.line, format!("`{text}` is not a share"), "write `5%` or `0.05`, at most 50%")
    })?;
    if share > 0 && !class.is_marketing() {
        let what = "messages of class T and R are never held out";
        return Err(Problem::new(node.line, what, "remove `holdout`"));
    }
    Ok(share)
}

fn about(root: &Node) -> Result<About, Problem> {
    match root.get("about").map(|node| (node.line, node.text())) {
        None => Ok(About::Person),
        Some((_, Ok("cart"))) => Ok(About::Cart),
        Some((_, Ok("person"))) => Ok(About::Person),
        Some((line, _)) => Err(Problem::new(line, "a journey is about `person` or `cart`", "")),
    }
}

fn entry(node: &Node) -> Result<Entry, Problem> {
    node.only(&["on", "event", "after", "when", "fresh_for", "again_after", "shift"])?;
    let on = node.need("on")?;
    let on = match on.text()? {
        "left" => EntryOn::Left,
        "event" => EntryOn::Event(name_key(node.need("event")?.text()?)),
        other => {
            let what = format!("`{other}` starts nothing");
            return Err(Problem::new(
                on.line,
                what,
                "use `on: left`, or `on: event` with `event: Order Completed`",
            ));
        }
    };
    let optional_span = |name: &str| node.get(name).map(span).transpose();
    let shift = match node.get("shift") {
        None => None,
        Some(shift) => {
            shift.only(&["by", "when"])?;
            Some((span(shift.need("by")?)?, condition::read(shift.need("when")?)?))
        }
    };
    // Leaving happens several times a day; an event is what it is.
    let again_after = if on == EntryOn::Left { DAY.times(7) } else { Span(0) };
    Ok(Entry {
        on,
        again_after: optional_span("again_after")?.unwrap_or(again_after),
        after: optional_span("after")?.unwrap_or(Span(0)),
        when: node.get("when").map(condition::read).transpose()?.unwrap_or(Condition::All(Vec::new())),
        fresh_for: optional_span("fresh_for")?.unwrap_or(limits::FRESH_FOR),
        shift,
    })
}

fn exits(root: &Node, class: Class) -> Result<Vec<Exit>, Problem> {
    let Some(node) = root.get("exits") else {
        // An order confirmation is no marketing: it goes to her who wants none.
        return Ok(if class.is_marketing() { vec![Exit::Unsubscribed] } else { Vec::new() });
    };
    let one = |node: &Node| match node.text()? {
        "order" => Ok(Exit::Order),
        "cart_emptied" => Ok(Exit::CartEmptied),
        "unsubscribed" => Ok(Exit::Unsubscribed),
        other => Err(Problem::new(
            node.line,
            format!("`{other}` is not an exit"),
            "known: order, cart_emptied, unsubscribed",
        )),
    };
    node.items().iter().map(one).collect()
}

fn goal(node: &Node) -> Result<Goal, Problem> {
    node.only(&["event", "within"])?;
    let within = node.get("within").map(span).transpose()?.unwrap_or(DAY.times(3));
    Ok(Goal { event: name_key(node.need("event")?.text()?), within })
}
