//! A compiled template, and where what goes wrong in it stands in its file.

use minijinja::{Environment, Error};

use crate::source::{FirstLines, Part};

/// A template ready to render; cheap to share, renders from any thread.
#[derive(Debug)]
pub struct Template {
    pub(crate) name: String,
    pub(crate) env: Environment<'static>,
    pub(crate) html_lines: Lines,
    pub(crate) text_lines: Lines,
    pub(crate) first_lines: FirstLines,
    pub(crate) text_is_derived: bool,
}

/// Byte offsets of tags in a compiled part, and their lines in the source.
pub(crate) type Lines = Vec<(usize, usize)>;

impl Template {
    /// The name of the template.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of the source that an error of the engine is about.
    pub(crate) fn line_of(&self, part: Part, error: &Error) -> usize {
        let engine = error.line().unwrap_or(1);
        let lines = match part {
            Part::Html => &self.html_lines,
            Part::Text => &self.text_lines,
            _ => return engine,
        };
        let offset = error.range().map_or(0, |range| range.start);
        let next = lines.partition_point(|(at, _)| *at <= offset);
        next.checked_sub(1).and_then(|at| lines.get(at)).or(lines.first()).map_or(engine, |(_, line)| *line)
    }

    /// A line of a part as a line of the file.
    pub(crate) fn in_file(&self, part: Part, line: usize) -> usize {
        let first = match part {
            Part::Header => 1,
            Part::Subject => self.first_lines.subject,
            Part::Preheader => self.first_lines.preheader,
            Part::Html => self.first_lines.mjml,
            Part::Text if self.text_is_derived => self.first_lines.mjml,
            Part::Text => self.first_lines.text,
        };
        line + first - 1
    }
}

/// What the engine says, without its prefixes and place.
pub(crate) fn describe(error: &Error) -> String {
    let kind = error.kind();
    match (kind, error.detail()) {
        (minijinja::ErrorKind::OutOfFuel, _) => {
            "the template does too much: a loop or a text without end".to_owned()
        }
        (_, Some(detail)) => format!("{kind}: {detail}"),
        (_, None) => kind.to_string(),
    }
}
