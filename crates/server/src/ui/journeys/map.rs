//! A journey as a map: entry, steps, ways that part and meet again, exits; with people and money on it.

use super::super::layout::Page;
use super::tell::Teller;
use crate::flow::Standing;
use crate::numbers::{JourneyNumbers, Numbers};
use crate::why_text::Words;
use askama::Template;
use beckon_core::plan::{Action, Graph, Journey, Step};
use std::collections::BTreeMap;

/// A map.
pub struct Map {
    /// What starts it, in sentences.
    pub entry: Vec<String>,
    /// Steps from the first on.
    pub nodes: Vec<Node>,
    /// What ends it: words and how many left by it.
    pub exits: Vec<(String, i64)>,
    /// How many walked to the end.
    pub finished: i64,
    /// What it is for.
    pub goal: String,
    /// The same as rows, for who does not see the map.
    pub rows: Vec<Row>,
}

/// A step as a row of a table.
pub struct Row {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) standing: i64,
    pub(super) ways: Vec<(String, String)>,
    pub(super) exits: Vec<(String, String)>,
    pub(super) stats: Vec<(String, String)>,
}

/// A step on the map, with the ways that go out from it.
#[derive(Template)]
#[template(path = "journeys/node.html")]
pub struct Node {
    page: Page,
    journey: String,
    kind: &'static str,
    icon: &'static str,
    title: String,
    /// What it does, where the title does not say it.
    does: String,
    name: String,
    /// How many came to it; empty where the way's label says it.
    arrow: String,
    /// How many stand there now.
    standing: i64,
    /// How many left here, by reason.
    exits: Vec<(String, String)>,
    stats: Vec<(String, String)>,
    withheld: Vec<(String, String)>,
    ways: Vec<Way>,
}

/// A way that goes out from a step.
pub struct Way {
    label: String,
    count: String,
    /// Nobody is sent this way.
    off: bool,
    /// It is folded: it is off, and nobody stands in it.
    folded: bool,
    nodes: Vec<Node>,
}

struct Drawing<'a> {
    teller: Teller<'a>,
    journey: &'a Journey,
    graph: &'a Graph,
    numbers: &'a JourneyNumbers,
    standing: &'a Standing,
    /// How many came to a step, from wherever.
    came: BTreeMap<&'a str, i64>,
}

impl Map {
    /// Draws the newest graph of a journey.
    #[must_use]
    pub fn new(
        page: &Page,
        journey: &Journey,
        numbers: &JourneyNumbers,
        standing: &Standing,
        words: &Words,
    ) -> Map {
        let empty = Graph::default();
        let graph = journey.graph(journey.current).unwrap_or(&empty);
        let mut came: BTreeMap<&str, i64> = BTreeMap::new();
        for (to, n) in numbers.steps.values().flat_map(|step| &step.went) {
            *came.entry(to).or_default() += n;
        }
        if let Some(first) = graph.steps.first() {
            *came.entry(&first.name).or_default() += numbers.all.entered;
        }
        let finished = came.get("").copied().unwrap_or(0);
        let teller = Teller { page, words };
        let drawing = Drawing { teller, journey, graph, numbers, standing, came };
        let exits = journey.exits.iter().map(|exit| {
            let (text, code) = teller.exit(*exit);
            (text, numbers.all.exit.get(code).copied().unwrap_or(0))
        });
        let mut exits: Vec<(String, i64)> = exits.collect();
        let planned: Vec<&str> = journey.exits.iter().map(|exit| teller.exit(*exit).1).collect();
        let others = numbers.all.exit.iter().filter(|(code, _)| !planned.contains(&code.as_str()));
        exits.extend(others.map(|(code, n)| (words.reason(code), *n)));
        Map {
            entry: teller.entry(journey),
            nodes: drawing.chain(graph.steps.first().map(|step| step.key), None, 0, false),
            exits,
            finished,
            goal: teller.goal(journey),
            rows: graph.steps.iter().map(|step| drawing.row(step)).collect(),
        }
    }
}

impl Drawing<'_> {
    /// Steps one after the other, up to where another way joins; the first arrow of a way stands on the way itself.
    fn chain(&self, start: Option<u32>, stop: Option<u32>, depth: usize, labelled: bool) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = start;
        // A text cannot make a circle or nest for ever; a later one may, and a drawing must still end.
        while let Some(step) = at.filter(|at| Some(*at) != stop).and_then(|at| self.graph.step(at)) {
            if nodes.len() > self.graph.steps.len() || depth > 16 {
                break;
            }
            let arrow = !(labelled && nodes.is_empty());
            nodes.push(self.node(step, depth, arrow));
            at = step.next;
        }
        nodes
    }

    fn node(&self, step: &Step, depth: usize, arrow: bool) -> Node {
        let teller = &self.teller;
        let numbers = self.of(step);
        let (kind, icon) = kind(step);
        let title = teller.step(step);
        let does = teller.action(step);
        let came = self.came.get(step.name.as_str()).copied().unwrap_or(0);
        Node {
            page: teller.page.clone(),
            journey: self.journey.name.clone(),
            stats: if kind == "mail" { stats(teller.page, &numbers) } else { Vec::new() },
            withheld: if kind == "mail" { self.withheld(&numbers) } else { Vec::new() },
            exits: self.exits(&numbers),
            name: step.name.clone(),
            arrow: if arrow { teller.page.words.number(came) } else { String::new() },
            standing: self.standing.at(step.key),
            does: if does == title || kind == "mail" { String::new() } else { does },
            kind,
            icon,
            title,
            ways: self.ways(step, &numbers, depth),
        }
    }

    fn of(&self, step: &Step) -> Numbers {
        self.numbers.steps.get(&step.name).cloned().unwrap_or_default()
    }

    fn ways(&self, step: &Step, numbers: &Numbers, depth: usize) -> Vec<Way> {
        let (page, words) = (self.teller.page, self.teller.words);
        let went = |to: Option<u32>| {
            let name = to.and_then(|to| self.graph.step(to)).map_or("", |step| step.name.as_str());
            numbers.went.get(name).copied().unwrap_or(0)
        };
        let way = |label: String, to: Option<u32>, n: i64, off: bool| {
            let nodes = if to == step.next { Vec::new() } else { self.chain(to, step.next, depth + 1, true) };
            let folded = off && nodes.iter().all(Node::is_empty);
            Way { label, count: page.words.number(n), off, folded, nodes }
        };
        let both = |yes: String, no: String, then: Option<u32>, otherwise: Option<u32>| {
            vec![way(yes, then, went(then), false), way(no, otherwise, went(otherwise), false)]
        };
        match &step.action {
            Action::WaitFor { up_to, then, otherwise, .. } => {
                let not = page.with("map-not-came", "span", &words.span(*up_to));
                both(page.t("map-came"), not, *then, *otherwise)
            }
            Action::Branch { then, otherwise, .. } => {
                both(page.t("map-yes"), page.t("map-no"), *then, *otherwise)
            }
            Action::Split { only, arms } => {
                let total: u32 = arms.iter().map(|(_, share, _)| share).sum();
                let ways = arms.iter().map(|(name, share, to)| {
                    let off = only.as_ref().is_some_and(|only| only != name);
                    let title = self.teller.arm(step, name);
                    let label = match only {
                        Some(_) => title,
                        None => format!("{title} · {}", page.words.share(*share, total)),
                    };
                    way(label, *to, numbers.arms.get(name).copied().unwrap_or(0), off)
                });
                ways.collect()
            }
            _ => Vec::new(),
        }
    }

    fn withheld(&self, numbers: &Numbers) -> Vec<(String, String)> {
        counted(&self.teller, numbers.withheld.iter().chain(&numbers.skipped))
    }

    fn exits(&self, numbers: &Numbers) -> Vec<(String, String)> {
        counted(&self.teller, numbers.exit.iter())
    }

    fn row(&self, step: &Step) -> Row {
        let numbers = self.of(step);
        let write = &self.teller.page.words;
        let ways = numbers.went.iter().map(|(to, n)| {
            let next = self.graph.steps.iter().find(|step| step.name == *to);
            let title = next.map_or_else(|| to.clone(), |next| self.teller.step(next));
            (if to.is_empty() { self.teller.page.t("map-finished") } else { title }, write.number(*n))
        });
        let ways = ways.collect();
        Row {
            name: step.name.clone(),
            title: self.teller.step(step),
            standing: self.standing.at(step.key),
            exits: self.exits(&numbers),
            stats: if kind(step).0 == "mail" { stats(self.teller.page, &numbers) } else { Vec::new() },
            ways,
        }
    }
}

impl Node {
    /// Whether nobody stands in it or in a way from it.
    fn is_empty(&self) -> bool {
        self.standing == 0 && self.ways.iter().all(|way| way.nodes.iter().all(Node::is_empty))
    }
}

/// The kind of a step for the style sheet, and its icon.
pub(super) fn kind(step: &Step) -> (&'static str, &'static str) {
    match &step.action {
        Action::Message(_) => ("mail", "mail"),
        Action::Wait { .. } | Action::WaitFor { .. } => ("wait", "clock"),
        Action::Branch { .. } | Action::Split { .. } => ("branch", "route"),
        Action::Exit { .. } => ("exit", "out"),
        Action::Goal => ("goal", "check"),
    }
}

/// What became of a message step's letters: sent, opened, clicked, orders, revenue.
pub(super) fn stats(page: &Page, numbers: &Numbers) -> Vec<(String, String)> {
    let write = &page.words;
    let mut stats = vec![
        (page.t("n-sent"), write.number(numbers.sent)),
        (page.t("n-opened"), write.number(numbers.opened)),
        (page.t("n-clicked"), write.number(numbers.clicked)),
        (page.t("n-ordered"), write.number(numbers.ordered)),
    ];
    stats.extend(numbers.revenue.iter().map(|sum| (page.t("n-revenue"), write.money(&sum.money))));
    if numbers.ghost > 0 {
        stats.push((page.t("n-ghost"), write.number(numbers.ghost)));
    }
    stats
}

/// Counts by reason, in words.
pub(super) fn counted<'a>(
    teller: &Teller,
    counts: impl Iterator<Item = (&'a String, &'a i64)>,
) -> Vec<(String, String)> {
    counts.map(|(code, n)| (teller.words.reason(code), teller.page.words.number(*n))).collect()
}
