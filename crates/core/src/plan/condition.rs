//! Conditions as a plan writes them.

use super::yaml::{Node, Value};
use super::{Problem, name_key};
use crate::limits;
use crate::segment::Condition;
use crate::time::Span;

const KNOWN: &str = "cart_not_empty, cart_empty, reachable, consented, all, any, not, did, clicked, trait";

/// Reads a condition; a list means that all must hold.
pub fn read(node: &Node) -> Result<Condition, Problem> {
    match &node.value {
        Value::List(items) => Ok(Condition::All(items.iter().map(read).collect::<Result<_, _>>()?)),
        Value::Text(name) => match name.as_str() {
            "cart_not_empty" => Ok(Condition::CartNotEmpty),
            "cart_empty" => Ok(Condition::Not(Box::new(Condition::CartNotEmpty))),
            "reachable" => Ok(Condition::ReachableByEmail),
            "consented" => Ok(Condition::ConsentedToEmail),
            _ => Err(unknown(node.line, name)),
        },
        Value::Map(entries) => match entries.first().map(|(name, node)| (name.as_str(), node)) {
            Some(("all", list)) => {
                node.only(&["all"])?;
                Ok(Condition::All(list.items().iter().map(read).collect::<Result<_, _>>()?))
            }
            Some(("any", list)) => {
                node.only(&["any"])?;
                Ok(Condition::Any(list.items().iter().map(read).collect::<Result<_, _>>()?))
            }
            Some(("not", inner)) => {
                node.only(&["not"])?;
                Ok(Condition::Not(Box::new(read(inner)?)))
            }
            Some(("did", event)) => did(node, event),
            Some(("clicked", _)) => {
                node.only(&["clicked", "within"])?;
                Ok(Condition::Clicked { within: span(node.need("within")?)? })
            }
            Some(("trait", name)) => {
                node.only(&["trait", "is"])?;
                let is = node.need("is")?.text()?.to_owned();
                Ok(Condition::TraitIs { name: name.text()?.to_owned(), is })
            }
            Some((name, inner)) => Err(unknown(inner.line, name)),
            None => Err(Problem::new(node.line, "the condition is empty", format!("known: {KNOWN}"))),
        },
    }
}

fn did(node: &Node, event: &Node) -> Result<Condition, Problem> {
    node.only(&["did", "at_least", "within"])?;
    let at_least = match node.get("at_least") {
        None => 1,
        Some(n) => n
            .text()?
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=limits::MEASURE_TIMES_MAX).contains(n))
            .ok_or_else(|| {
                Problem::new(
                    n.line,
                    "not a number from 1 to 16",
                    "counts above 16 cannot be kept to the second",
                )
            })?,
    };
    let within = node.get("within").map(span).transpose()?;
    Ok(Condition::Did { event: name_key(event.text()?), at_least, within })
}

fn unknown(line: usize, name: &str) -> Problem {
    Problem::new(line, format!("the condition `{name}` is not known"), format!("known: {KNOWN}"))
}

/// Reads a span of time.
pub fn span(node: &Node) -> Result<Span, Problem> {
    let text = node.text()?;
    Span::parse(text).ok_or_else(|| {
        Problem::new(node.line, format!("`{text}` is not a span of time"), "write 15m, 4h, 2d or 1d12h")
    })
}
