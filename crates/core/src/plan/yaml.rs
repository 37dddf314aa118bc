//! A plan's text as a tree that remembers its lines. Aliases, tags and deep nesting are refused: a plan may come from
//! anybody, and none of them says anything that a plain list cannot.

use super::Problem;
use saphyr_parser::{Event, Parser};

/// A value and the line it stands on.
#[derive(Clone, Debug)]
pub struct Node {
    /// Line, from 1.
    pub line: usize,
    /// What it is.
    pub value: Value,
}

/// What a plan is made of.
#[derive(Clone, Debug)]
pub enum Value {
    /// A single text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Names with values, in their order.
    Map(Vec<(String, Node)>),
}

const DEPTH_MAX: usize = 24;
const BYTES_MAX: usize = 256 * 1024;
const NODES_MAX: usize = 20_000;

/// Reads one document.
///
/// # Errors
/// The line and what is wrong there.
pub fn read(text: &str) -> Result<Node, Problem> {
    if text.len() > BYTES_MAX {
        return Err(Problem::new(1, "the plan is larger than 256 KB", "split it into journeys, a file each"));
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    let mut nodes = 0;
    for step in Parser::new_from_str(text) {
        let (event, span) = step.map_err(|why| {
            Problem::new(
                why.marker().line(),
                format!("this is not YAML: {}", why.info()),
                "check indents and quotes",
            )
        })?;
        let line = span.start.line();
        nodes += 1;
        if stack.len() > DEPTH_MAX || nodes > NODES_MAX {
            return Err(Problem::new(
                line,
                "nested too deep or too long",
                "a plan needs no more than 24 levels",
            ));
        }
        let done = match event {
            Event::Alias(_) => {
                return Err(Problem::new(line, "aliases (*name) are not read", "write the value out"));
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                return Err(Problem::new(line, "tags (!name) are not read", "write the plain value"));
            }
            Event::Scalar(text, ..) => Some(Node { line, value: Value::Text(text.into_owned()) }),
            Event::SequenceStart(..) => {
                stack.push(Open { line, list: Vec::new(), map: Vec::new(), key: None, is_map: false });
                None
            }
            Event::MappingStart(..) => {
                stack.push(Open { line, list: Vec::new(), map: Vec::new(), key: None, is_map: true });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(Open::close),
            Event::DocumentStart(_) if root.is_some() => {
                return Err(Problem::new(line, "a second document begins here", "one journey per file"));
            }
            _ => None,
        };
        let Some(node) = done else { continue };
        match stack.last_mut() {
            Some(open) => open.take(node)?,
            None => root = Some(node),
        }
    }
    root.ok_or_else(|| Problem::new(1, "the plan is empty", "start with `journey: name`"))
}

/// A list or map whose end has not come yet.
struct Open {
    line: usize,
    list: Vec<Node>,
    map: Vec<(String, Node)>,
    key: Option<String>,
    is_map: bool,
}

impl Open {
    fn take(&mut self, node: Node) -> Result<(), Problem> {
        if !self.is_map {
            self.list.push(node);
            return Ok(());
        }
        match self.key.take() {
            Some(key) => self.map.push((key, node)),
            None => {
                let Value::Text(key) = node.value else {
                    return Err(Problem::new(
                        node.line,
                        "a name must be a plain text",
                        "write `name: value`",
                    ));
                };
                if self.map.iter().any(|(known, _)| *known == key) {
                    return Err(Problem::new(
                        node.line,
                        format!("`{key}` stands here twice"),
                        "keep one of them",
                    ));
                }
                self.key = Some(key);
            }
        }
        Ok(())
    }

    fn close(self) -> Node {
        let value = if self.is_map { Value::Map(self.map) } else { Value::List(self.list) };
        Node { line: self.line, value }
    }
}

impl Node {
    /// The text, if it is one.
    pub fn text(&self) -> Result<&str, Problem> {
        match &self.value {
            Value::Text(text) => Ok(text),
            _ => Err(Problem::new(self.line, "a single value is expected here", "")),
        }
    }

    /// The items, if it is a list; a single value is a list of one.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Names with values.
    pub fn entries(&self) -> Result<&[(String, Node)], Problem> {
        match &self.value {
            Value::Map(entries) => Ok(entries),
            _ => Err(Problem::new(self.line, "`name: value` lines are expected here", "")),
        }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().ok()?.iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    /// The value of a name that must be there.
    pub fn need(&self, name: &str) -> Result<&Node, Problem> {
        self.get(name).ok_or_else(|| Problem::new(self.line, format!("`{name}` is missing"), ""))
    }

    /// Refuses names that nobody reads: a misspelt setting must not be silently ignored.
    pub fn only(&self, names: &[&str]) -> Result<(), Problem> {
        for (key, node) in self.entries()? {
            if !names.contains(&key.as_str()) {
                let hint = format!("known here: {}", names.join(", "));
                return Err(Problem::new(node.line, format!("`{key}` is not known here"), hint));
            }
        }
        Ok(())
    }
}
