//! Titles for people: of a journey, a step, an arm.

use super::Problem;
use super::yaml::{Node, Value};
use std::collections::BTreeMap;

/// Titles by language, as `en` and `ru`. They say what a person calls it and change nothing else.
pub type Titles = BTreeMap<String, String>;

/// A longer one would not fit on a map.
const CHARS_MAX: usize = 120;

/// Reads the `title` of a node: by language, or one text for all.
pub(super) fn titles(node: &Node) -> Result<Titles, Problem> {
    let Some(node) = node.get("title") else { return Ok(Titles::new()) };
    if let Value::Text(_) = &node.value {
        return Ok(Titles::from([("en".to_owned(), title(node)?)]));
    }
    node.entries()?.iter().map(|(lang, text)| Ok((lang.clone(), title(text)?))).collect()
}

fn title(node: &Node) -> Result<String, Problem> {
    let text = node.text()?.trim();
    if text.is_empty() || text.chars().count() > CHARS_MAX {
        return Err(Problem::new(
            node.line,
            "a title has 1 to 120 letters",
            "shorten it, or leave `title` out",
        ));
    }
    Ok(text.to_owned())
}
