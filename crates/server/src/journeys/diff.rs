//! What differs between two forms of a journey, step by step.

use beckon_core::plan::{Action, Graph, Journey, Step};
use serde::Serialize;
use std::collections::BTreeMap;

/// One difference. `what` is `added`, `removed`, `kind`, `wait`, `share`, `ways` or `condition` for the graph, which is
/// pinned; `setting`, `entry` and `exits` hold at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What kind of difference.
    pub what: &'static str,
    /// The step, or the name of a setting.
    pub of: String,
    /// Before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// After.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
}

impl Difference {
    fn new(what: &'static str, of: &str, from: impl ToString, to: impl ToString) -> Difference {
        Difference { what, of: of.to_owned(), from: from.to_string(), to: to.to_string() }
    }

    /// Whether it belongs to the graph: who is inside keeps what was.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        !matches!(self.what, "setting" | "entry" | "exits")
    }
}

/// All differences of the newest graphs, settings and entries of two journeys.
#[must_use]
pub fn between(before: &Journey, after: &Journey) -> Vec<Difference> {
    let empty = Graph::default();
    let graph = |journey: &Journey| journey.graph(journey.current).unwrap_or(&empty).clone();
    let mut list = graphs(&graph(before), &graph(after));
    let old: BTreeMap<String, String> =
        before.settings().into_iter().map(|setting| (setting.key, setting.value)).collect();
    for setting in after.settings().into_iter().filter(|setting| !setting.pinned) {
        if let Some(was) = old.get(&setting.key).filter(|was| **was != setting.value) {
            list.push(Difference::new("setting", &setting.key, was, &setting.value));
        }
    }
    let begins = |journey: &Journey| {
        let shift = journey.entry.shift.as_ref().map(|(_, when)| when.clone());
        (journey.entry.on.clone(), journey.entry.when.clone(), shift)
    };
    if begins(before) != begins(after) {
        list.push(Difference::new("entry", "", "", ""));
    }
    if before.exits != after.exits {
        list.push(Difference::new("exits", "", "", ""));
    }
    list
}

/// The differences of two graphs.
#[must_use]
pub fn graphs(before: &Graph, after: &Graph) -> Vec<Difference> {
    let mut list = Vec::new();
    for old in before.steps.iter().filter(|old| after.step(old.key).is_none()) {
        list.push(Difference::new("removed", &old.name, "", ""));
    }
    for new in &after.steps {
        match before.step(new.key) {
            None => list.push(Difference::new("added", &new.name, "", "")),
            Some(old) => step(&mut list, before, after, old, new),
        }
    }
    list
}

fn step(list: &mut Vec<Difference>, before: &Graph, after: &Graph, old: &Step, new: &Step) {
    match (&old.action, &new.action) {
        (Action::Wait { span: was, from: a }, Action::Wait { span: is, from: b }) if was != is || a != b => {
            list.push(Difference::new("wait", &new.name, was, is));
        }
        (Action::WaitFor { up_to: was, .. }, Action::WaitFor { up_to: is, .. }) if was != is => {
            list.push(Difference::new("wait", &new.name, was, is));
        }
        (Action::Branch { when: was, .. }, Action::Branch { when: is, .. }) if was != is => {
            list.push(Difference::new("condition", &new.name, "", ""));
        }
        (Action::Split { arms: was, .. }, Action::Split { arms: is, .. }) => shares(list, &new.name, was, is),
        (was, is) if std::mem::discriminant(was) != std::mem::discriminant(is) => {
            list.push(Difference::new("kind", &new.name, "", ""));
        }
        _ => {}
    }
    // A way that changed only because a step was put in or taken out is told of by that step.
    let known = |ways: Vec<Option<u32>>| -> Vec<Option<u32>> {
        let both =
            |key: &Option<u32>| key.is_none_or(|key| before.step(key).is_some() && after.step(key).is_some());
        ways.into_iter().filter(both).collect()
    };
    let (was, is) = (ways(old), ways(new));
    if was.len() == is.len() && known(was.clone()) == was && known(is.clone()) == is && was != is {
        list.push(Difference::new("ways", &new.name, "", ""));
    }
}

type Arm = (String, u32, Option<u32>);

fn shares(list: &mut Vec<Difference>, step: &str, was: &[Arm], is: &[Arm]) {
    let share =
        |arms: &[Arm], name: &str| arms.iter().find(|(arm, ..)| arm == name).map(|(_, share, _)| *share);
    let mut names: Vec<&String> = was.iter().chain(is).map(|(name, ..)| name).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (before, after) = (share(was, name).unwrap_or(0), share(is, name).unwrap_or(0));
        if before != after {
            list.push(Difference::new("share", &format!("{step}.{name}"), before, after));
        }
    }
}

/// Where a step leads.
fn ways(step: &Step) -> Vec<Option<u32>> {
    let mut ways = vec![step.next];
    match &step.action {
        Action::WaitFor { then, otherwise, .. } | Action::Branch { then, otherwise, .. } => {
            ways.extend([*then, *otherwise]);
        }
        Action::Split { arms, .. } => ways.extend(arms.iter().map(|(.., to)| *to)),
        _ => {}
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::plan::parse;

    const CART: &str = include_str!("../../../../plans/abandoned-cart.yaml");

    fn told(list: &[Difference]) -> Vec<String> {
        list.iter()
            .map(|d| format!("{} {} {} {}", d.what, d.of, d.from, d.to).trim_end().to_owned())
            .collect()
    }

    #[test]
    fn what_changed_is_told_once() {
        let before = parse(CART).unwrap();
        assert!(between(&before, &before).is_empty());
        let text = CART
            .replacen("            for: 5d", "            for: 6d", 1)
            .replacen("share: 40", "share: 30", 1)
            .replacen("priority: 94", "priority: 93", 1)
            .replace("          - message: three-days-second\n", "          - message: three-days-middle\n")
            .replace("when: [cart_not_empty, reachable]", "when: [cart_not_empty]");
        let after = parse(&text).unwrap();
        let expected = [
            "removed three-days-second",
            "share variant.classic 40 30",
            "added three-days-middle",
            "wait classic-5d 5d 6d",
            "setting priority 94 93",
        ];
        let list = told(&between(&before, &after));
        for line in expected {
            assert!(list.iter().any(|told| told == line), "{line}: {list:?}");
        }
        assert!(
            list.contains(&"entry".to_owned()) && !list.iter().any(|line| line.starts_with("ways")),
            "{list:?}"
        );
    }
}
