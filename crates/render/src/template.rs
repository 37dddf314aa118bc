//! A template: compiled once when it is saved, rendered for each recipient.
//!
//! Compiling goes: cut out the Jinja tags ([`crate::jinja`]) → MJML to HTML ([`crate::mjml`]) → links become
//! tracked, the preheader and the pixel are added ([`crate::rewrite`]) → the text part is derived
//! ([`crate::plain`]) → tags are put back and each part is parsed → one trial render with invented facts,
//! which finds misspelt names before a shopper does.

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use crate::filters::{self, Tongue};
use crate::links::Links;
use crate::message::{RenderError, render};
use crate::mjml::{self, Sheltered};
use crate::{jinja, plain, rewrite};

/// The largest template, all parts together, in bytes.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// Work and memory one part of one message may take: instructions, or 64 bytes of data each. A cart of 50
/// goods needs some 10,000.
const FUEL: u64 = 60_000;
/// How deep macros may call each other.
const RECURSION_MAX: usize = 50;

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

/// A template ready to render; cheap to share, renders from any thread.
#[derive(Debug)]
pub struct Template {
    pub(crate) name: String,
    pub(crate) env: Environment<'static>,
    html_lines: Lines,
    text_lines: Lines,
    first_lines: FirstLines,
    text_is_derived: bool,
}

/// Byte offsets of tags in a compiled part, and their lines in the source.
type Lines = Vec<(usize, usize)>;

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// All problems that could be found, in the order of the parts; each names its line and what to do.
    pub fn compile(source: &Source) -> Result<Template, Vec<Problem>> {
        check_size(source)?;
        let mut problems = Vec::new();
        let mut template = Template {
            name: source.name.clone(),
            env: environment(Tongue::of(&source.locale)),
            html_lines: Vec::new(),
            text_lines: Vec::new(),
            first_lines: source.first_lines,
            text_is_derived: source.text.is_none(),
        };
        let derived = match compile_html(source) {
            Ok(parts) => Some(parts),
            Err(found) => {
                problems.extend(found);
                None
            }
        };
        let mut text = source.text.clone();
        if let Some((html, derived)) = derived {
            template.add(Part::Html, html.0, html.1, &mut problems);
            if text.is_none() {
                template.add(Part::Text, derived.0, derived.1, &mut problems);
            }
        }
        let short = [
            (Part::Subject, Some(source.subject.clone())),
            (Part::Preheader, Some(source.preheader.clone())),
        ];
        for (part, text) in short.into_iter().chain([(Part::Text, text.take())]) {
            let Some(text) = text else { continue };
            match jinja::tags(&text, part) {
                Ok(tags) => {
                    let lines = tags.iter().map(|tag| (tag.offset, tag.line)).collect();
                    problems.extend(template.unknown_filters(part, &tags));
                    template.add(part, text, lines, &mut problems);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if source.subject.trim().is_empty() {
            let hint = "write what the recipient should read in the inbox";
            problems.push(Problem::new(Part::Subject, 1, "the subject is empty", hint));
        }
        if let Ok(tags) = jinja::tags(&source.mjml, Part::Html) {
            problems.extend(template.unknown_filters(Part::Html, &tags));
        }
        if problems.is_empty() {
            problems.extend(template.trial(source));
        } else {
            problems.iter_mut().for_each(|p| p.line = template.in_file(p.part, p.line));
        }
        if template.text_is_derived && problems.iter().any(|p| p.part == Part::Html) {
            // What is wrong with the HTML is wrong with the text made of it: said once.
            problems.retain(|p| p.part != Part::Text);
        }
        problems.sort_by_key(|p| (p.part, p.line));
        problems.dedup();
        if problems.is_empty() { Ok(template) } else { Err(problems) }
    }

    /// The name of the template.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Parses one part. Errors of the engine become problems.
    fn add(&mut self, part: Part, text: String, lines: Lines, problems: &mut Vec<Problem>) {
        match part {
            Part::Html => self.html_lines = lines,
            Part::Text => self.text_lines = lines,
            _ => {}
        }
        if let Err(error) = self.env.add_template_owned(part.name(), text) {
            let line = self.line_of(part, &error);
            problems.push(Problem::new(part, line, describe(&error), "mend the tag on this line"));
        }
    }

    /// Filters that no one knows; the engine itself would notice only when it comes by.
    fn unknown_filters(&self, part: Part, tags: &[jinja::Tag]) -> Vec<Problem> {
        let known = |name: &str| {
            let check = format!("'{name}' is filter");
            self.env.compile_expression_owned(check).and_then(|e| e.eval(())).is_ok_and(|v| v.is_true())
        };
        let mut found = Vec::new();
        for tag in tags.iter().filter(|t| t.kind != jinja::Kind::Comment) {
            for name in jinja::filters_of(tag).into_iter().filter(|name| !known(name)) {
                let hint = "known are money, plural, date, default, truncate, dial and those of Jinja";
                found.push(Problem::new(part, tag.line, format!("the filter `{name}` is not known"), hint));
            }
        }
        found
    }

    /// Renders with invented facts. A template that stops the message itself is in order.
    fn trial(&self, source: &Source) -> Option<Problem> {
        let links = Links::new("https://mail.example", &[0; 32]);
        match render(self, &crate::facts::sample(&source.locale), &links, 1) {
            Ok(_) | Err(RenderError::Abort(_)) => None,
            Err(RenderError::Broken { part, line, what }) => {
                Some(Problem::new(part, line, what, "this came up in a trial with invented goods; mend it"))
            }
        }
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

fn check_size(source: &Source) -> Result<(), Vec<Problem>> {
    let text = source.text.as_deref().map_or(0, str::len);
    let size = source.subject.len() + source.preheader.len() + source.mjml.len() + text;
    if size <= SOURCE_BYTES_MAX {
        return Ok(());
    }
    let what = format!("the template has {size} bytes; at most {SOURCE_BYTES_MAX} are allowed");
    Err(vec![Problem::new(Part::Html, 1, what, "link pictures instead of writing them into the template")])
}

/// HTML and derived text, each with the lines of its tags.
type Compiled = ((String, Lines), (String, Lines));

fn compile_html(source: &Source) -> Result<Compiled, Vec<Problem>> {
    let tags = jinja::tags(&source.mjml, Part::Html).map_err(|problem| vec![problem])?;
    let mut sheltered = Sheltered::new(&source.mjml, tags);
    let html = mjml::to_html(&sheltered, &source.mjml)?;
    let html = rewrite::track_links(&html, &mut sheltered, &source.mjml)?;
    let text = plain::from_html(&html, &sheltered);
    let html = rewrite::add_preheader_and_pixel(&html, &mut sheltered, 1);
    let (html, text) = (sheltered.restore(&html), sheltered.restore(&text));
    for (part, compiled) in [(Part::Html, &html), (Part::Text, &text)] {
        unchanged(part, compiled)?;
    }
    Ok((html, text))
}

/// The tags of a compiled part are exactly those that were put back: nothing became a tag on the way.
fn unchanged(part: Part, (text, lines): &(String, Lines)) -> Result<(), Vec<Problem>> {
    let found = jinja::tags(text, part);
    let same = found.is_ok_and(|tags| tags.iter().map(|t| t.offset).eq(lines.iter().map(|(at, _)| *at)));
    if same {
        return Ok(());
    }
    let what = "a `{` stands where it would begin a tag";
    Err(vec![Problem::new(Part::Html, 1, what, "write a space between `{` and `{`, `%` or `#`")])
}

fn environment(tongue: Tongue) -> Environment<'static> {
    let mut env = Environment::new();
    filters::install(&mut env, tongue);
    env.set_debug(false);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(RECURSION_MAX);
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_auto_escape_callback(
        |name| {
            if name == Part::Html.name() { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    env.set_formatter(|out, state, value| match value.as_str() {
        _ if value.is_none() => Ok(()),
        Some(text) if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => {
            write_escaped(out, text).map_err(Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    });
    env
}

/// Escapes the five signs that matter in text and quoted attributes. The engine escapes `/` too, which
/// doubles the size of every address.
fn write_escaped(out: &mut minijinja::Output<'_>, text: &str) -> std::fmt::Result {
    let mut from = 0;
    for (at, b) in text.bytes().enumerate() {
        let entity = match b {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.write_str(&text[from..at])?;
        out.write_str(entity)?;
        from = at + 1;
    }
    out.write_str(&text[from..])
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
