//! One message for one recipient, from a compiled template.

use std::error::Error as _;
use std::sync::Arc;

use minijinja::value::{Serde, Value};
use minijinja::{Error, context};

use crate::compiled::{Template, describe};
use crate::facts::{Facts, is_override};
use crate::filters::AbortCalled;
use crate::links::Links;
use crate::plain;
use crate::source::Part;
use crate::tracker::Tracker;

/// The largest part of a message, in bytes.
pub const PART_BYTES_MAX: usize = 1024 * 1024;
/// The longest subject, in characters; mail programs show some 70.
const SUBJECT_CHARS_MAX: usize = 200;

/// A message, ready to be put into MIME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without control characters; not yet encoded for a header.
    pub subject: String,
    /// One line; stands hidden in the HTML too.
    pub preheader: String,
    /// The page.
    pub html: String,
    /// The same for reading without HTML.
    pub text: String,
    /// How many links of the HTML are tracked.
    pub link_count: usize,
}

/// Why there is no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The template itself said so, with `{{ abort("no goods") }}`: nothing is to be sent, nothing is broken.
    #[error("the template stopped the message: {0}")]
    Abort(String),
    /// The template cannot cope with these facts.
    #[error("{part}, line {line}: {what}")]
    Broken {
        /// In which part.
        part: Part,
        /// On which line of the template file.
        line: usize,
        /// What went wrong.
        what: String,
    },
}

/// Renders `template` for the recipient of `message`. Facts are cleaned first ([`Facts::cleaned`]).
///
/// # Errors
/// [`RenderError::Abort`] if the template stops the message; [`RenderError::Broken`] if it does too much,
/// names what is not there, or gives more than [`PART_BYTES_MAX`].
pub fn render(
    template: &Template,
    facts: &Facts,
    links: &Links,
    message: u64,
) -> Result<Rendered, RenderError> {
    let facts = facts.cleaned().arranged();
    let tracker = Arc::new(Tracker::new(links.clone(), message));
    let root = Value::from(Serde(&facts));
    let subject = line(&part(template, Part::Subject, &root)?, SUBJECT_CHARS_MAX);
    let preheader = line(&part(template, Part::Preheader, &root)?, SUBJECT_CHARS_MAX);
    let root = context! {
        subject => subject.as_str(),
        preheader => preheader.as_str(),
        __tracker => Value::from_dyn_object(tracker.clone()),
        __pixel => links.open(message),
        ..root
    };
    let html = part(template, Part::Html, &root)?;
    let link_count = tracker.count();
    let text = plain::tidy(&part(template, Part::Text, &root)?);
    Ok(Rendered { subject, preheader, html, text, link_count })
}

fn part(template: &Template, part: Part, root: &Value) -> Result<String, RenderError> {
    let broken = |error: &Error| RenderError::Broken {
        part,
        line: template.in_file(part, template.line_of(part, error)),
        what: describe(error),
    };
    let compiled = template.env.get_template(part.name()).map_err(|error| broken(&error))?;
    let out = compiled.render(root.clone()).map_err(|error| match abort_reason(&error) {
        Some(reason) => RenderError::Abort(reason),
        None => broken(&error),
    })?;
    if out.len() > PART_BYTES_MAX {
        let what = format!("the message has {} bytes; at most {PART_BYTES_MAX} are allowed", out.len());
        return Err(RenderError::Broken { part, line: template.in_file(part, 1), what });
    }
    Ok(out)
}

/// The reason given to `abort()`, wherever in the chain of causes it lies (a macro wraps it).
fn abort_reason(error: &Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(abort) = inner.downcast_ref::<AbortCalled>() {
            return Some(abort.0.clone());
        }
        cause = inner.source();
    }
    None
}

/// One line that may go into a header: no control character, no direction override, blanks joined, cut to
/// length.
fn line(text: &str, chars_max: usize) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() || is_override(c) { ' ' } else { c }).collect();
    let joined = spaced.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if joined.chars().count() <= chars_max {
        return joined;
    }
    let cut: String = joined.chars().take(chars_max - 1).collect();
    format!("{}…", cut.trim_end())
}
