//! Reading the steps of a journey and flattening them: every step knows where it goes on.

use super::condition::{self, span};
use super::scalar::{plain_name, priority};
use super::titles::{Titles, titles};
use super::yaml::Node;
use super::{Action, Class, Graph, Loser, MessageStep, Problem, Step, WaitFrom, name_key};
use crate::time::{DAY, Span};
use std::collections::BTreeMap;

const KNOWN: &str = "message, wait, wait_for, branch, split, exit, goal";

/// What the steps of one journey share.
struct Reader<'a> {
    priority: u16,
    class: Class,
    graph: &'a mut Graph,
}

/// Reads a list of steps into `graph`.
pub fn read(node: &Node, priority: u16, class: Class, graph: &mut Graph) -> Result<(), Problem> {
    let mut reader = Reader { priority, class, graph };
    reader.list(node, None)?;
    if reader.graph.steps.is_empty() {
        return Err(Problem::new(node.line, "the journey has no steps", "add a `- message: …`"));
    }
    Ok(())
}

impl Reader<'_> {
    /// Reads steps one after the other; the last goes on at `after`. Gives the first one's key.
    fn list(&mut self, node: &Node, after: Option<u32>) -> Result<Option<u32>, Problem> {
        let items = node.items();
        let mut keys = Vec::with_capacity(items.len());
        for item in items {
            let (kind, name) = head(item)?;
            let key = name_key(&name);
            if self.graph.steps.iter().any(|step| step.key == key) {
                let what = format!("a second step is called `{name}`");
                return Err(Problem::new(item.line, what, "give each step of a journey a name of its own"));
            }
            let at = self.graph.steps.len();
            let action = Action::Exit { reason: String::new() };
            let mut arm_titles = BTreeMap::new();
            if let Kind::Split = kind {
                for (arm, inner) in item.need("arms")?.entries()? {
                    arm_titles.insert(arm.clone(), titles(inner)?);
                }
                arm_titles.retain(|_, titles: &mut Titles| !titles.is_empty());
            }
            self.graph.steps.push(Step { name, key, action, next: None, title: titles(item)?, arm_titles });
            keys.push((at, key, kind));
            // Inner lists come behind their step, so that a step further in the text is further in the journey. Where
            // they go on is known only when the next step of this list has its key.
            let next =
                items.get(keys.len()).map(|next| head(next).map(|(_, name)| name_key(&name))).transpose()?;
            let next = next.or(after);
            let action = self.action(keys[keys.len() - 1].2, item, next)?;
            self.graph.steps[at].next = if matches!(action, Action::Exit { .. }) { None } else { next };
            self.graph.steps[at].action = action;
        }
        Ok(keys.first().map(|(_, key, _)| *key).or(after))
    }

    fn action(&mut self, kind: Kind, node: &Node, next: Option<u32>) -> Result<Action, Problem> {
        match kind {
            Kind::Message => self.message(node),
            Kind::Wait => wait(node),
            Kind::WaitFor => {
                node.only(&["wait_for", "title", "event", "up_to", "then", "otherwise"])?;
                Ok(Action::WaitFor {
                    event: name_key(node.need("event")?.text()?),
                    up_to: span(node.need("up_to")?)?,
                    then: self.way(node, "then", next)?,
                    otherwise: self.way(node, "otherwise", next)?,
                })
            }
            Kind::Branch => {
                node.only(&["branch", "title", "when", "then", "otherwise"])?;
                Ok(Action::Branch {
                    when: condition::read(node.need("when")?)?,
                    then: self.way(node, "then", next)?,
                    otherwise: self.way(node, "otherwise", next)?,
                })
            }
            Kind::Split => self.split(node, next),
            Kind::Exit => {
                node.only(&["exit", "title", "reason"])?;
                let reason = node.get("reason").map(Node::text).transpose()?.unwrap_or("exit");
                Ok(Action::Exit { reason: reason.to_owned() })
            }
            Kind::Goal => {
                node.only(&["goal", "title"])?;
                Ok(Action::Goal)
            }
        }
    }

    fn way(&mut self, node: &Node, name: &str, next: Option<u32>) -> Result<Option<u32>, Problem> {
        match node.get(name) {
            Some(list) => self.list(list, next),
            None => Ok(next),
        }
    }

    fn message(&self, node: &Node) -> Result<Action, Problem> {
        node.only(&["message", "title", "template", "priority", "deadline", "when_beaten", "at_most_every"])?;
        let when_beaten = match node.get("when_beaten").map(|n| (n.line, n.text())) {
            None | Some((_, Ok("postpone"))) => Loser::Postpone,
            Some((_, Ok("drop"))) => Loser::Drop,
            Some((_, Ok("merge"))) => Loser::Merge,
            Some((line, _)) => return Err(Problem::new(line, "use drop, postpone or merge", "")),
        };
        let deadline = node.get("deadline").map(span).transpose()?.unwrap_or(DAY);
        if deadline <= Span(0) || (self.class == Class::T && deadline > DAY.times(7)) {
            return Err(Problem::new(
                node.line,
                "the deadline is out of range",
                "from 1s; 7d at most for class T",
            ));
        }
        Ok(Action::Message(MessageStep {
            template: plain_name(node.need("template")?)?,
            priority: node.get("priority").map(priority).transpose()?.unwrap_or(self.priority),
            deadline,
            when_beaten,
            at_most_every: node.get("at_most_every").map(span).transpose()?,
        }))
    }

    fn split(&mut self, node: &Node, next: Option<u32>) -> Result<Action, Problem> {
        node.only(&["split", "title", "only", "arms"])?;
        let mut arms = Vec::new();
        for (name, arm) in node.need("arms")?.entries()? {
            arm.only(&["title", "share", "steps"])?;
            let share = arm.need("share")?;
            let share: u32 =
                share.text()?.parse().ok().filter(|n| (1..=1_000).contains(n)).ok_or_else(|| {
                    Problem::new(
                        share.line,
                        "a share is a whole number from 1 to 1000",
                        "shares are relative to their sum",
                    )
                })?;
            arms.push((name.clone(), share, self.way(arm, "steps", next)?));
        }
        let only = match node.get("only") {
            None => None,
            Some(only) => {
                let name = only.text()?;
                if !arms.iter().any(|(arm, ..)| arm == name) {
                    return Err(Problem::new(only.line, format!("`{name}` is none of the arms"), ""));
                }
                Some(name.to_owned())
            }
        };
        if arms.is_empty() {
            return Err(Problem::new(node.line, "a split needs arms", "name: {share: 50, steps: […]}"));
        }
        Ok(Action::Split { only, arms })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Message,
    Wait,
    WaitFor,
    Branch,
    Split,
    Exit,
    Goal,
}

/// Which kind of step this is, and its name.
fn head(node: &Node) -> Result<(Kind, String), Problem> {
    let kinds = [
        ("message", Kind::Message),
        ("wait", Kind::Wait),
        ("wait_for", Kind::WaitFor),
        ("branch", Kind::Branch),
        ("split", Kind::Split),
        ("exit", Kind::Exit),
        ("goal", Kind::Goal),
    ];
    for (key, kind) in kinds {
        if let Some(name) = node.get(key) {
            return Ok((kind, plain_name(name)?));
        }
    }
    let what = match node.entries()?.first() {
        Some((key, _)) => format!("`{key}` is not a step"),
        None => "the step is empty".to_owned(),
    };
    Err(Problem::new(node.line, what, format!("known: {KNOWN}")))
}

fn wait(node: &Node) -> Result<Action, Problem> {
    node.only(&["wait", "title", "for", "from"])?;
    let from = match node.get("from").map(|n| (n.line, n.text())) {
        None | Some((_, Ok("here"))) => WaitFrom::Here,
        Some((_, Ok("start"))) => WaitFrom::Start,
        Some((_, Ok("last_send"))) => WaitFrom::LastSend,
        Some((line, _)) => return Err(Problem::new(line, "use `from: start`, `last_send` or `here`", "")),
    };
    Ok(Action::Wait { span: span(node.need("for")?)?, from })
}
