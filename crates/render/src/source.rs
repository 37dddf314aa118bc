//! A template as it was written, its parts, and what may be wrong in one.

/// A template as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Which one, e.g. `abandoned-cart-1`.
    pub name: String,
    /// Its language, `ru` or `en`: decides how money, plurals and dates are written.
    pub locale: String,
    /// Jinja; one line.
    pub subject: String,
    /// Jinja; what the inbox shows after the subject.
    pub preheader: String,
    /// Jinja in MJML.
    pub mjml: String,
    /// Jinja; derived from the HTML where absent.
    pub text: Option<String>,
    /// Where the parts stand in their file, so that problems name its lines.
    pub first_lines: FirstLines,
}

/// The line of a file on which each part begins, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstLines {
    /// Of the subject.
    pub subject: usize,
    /// Of the preheader.
    pub preheader: usize,
    /// Of the MJML.
    pub mjml: usize,
    /// Of the text.
    pub text: usize,
}

impl Default for FirstLines {
    fn default() -> Self {
        FirstLines { subject: 1, preheader: 1, mjml: 1, text: 1 }
    }
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The lines between `---` of a template file.
    Header,
    /// The subject line.
    Subject,
    /// The line after it in the inbox.
    Preheader,
    /// The MJML and the HTML made of it.
    Html,
    /// The text part.
    Text,
}

impl Part {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Header => "header",
            Part::Subject => "subject",
            Part::Preheader => "preheader",
            Part::Html => "html",
            Part::Text => "text",
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a template cannot be used, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part}, line {line}: {what}. {hint}")]
pub struct Problem {
    /// Where.
    pub part: Part,
    /// On which line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl Problem {
    pub(crate) fn new(part: Part, line: usize, what: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem { part, line, what: what.into(), hint: hint.into() }
    }
}
