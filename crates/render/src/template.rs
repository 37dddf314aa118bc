//! A template: compiled once when it is saved, rendered for each recipient.
//!
//! Compiling goes: cut out the Jinja tags ([`crate::jinja`]) → MJML to HTML ([`crate::mjml`]) → links become
//! tracked, the preheader and the pixel are added ([`crate::rewrite`]) → the text part is derived
//! ([`crate::plain`]) → tags are put back and each part is parsed → one trial render with invented facts,
//! which finds misspelt names before a shopper does.

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

pub use crate::compiled::Template;
use crate::compiled::{Lines, describe};
use crate::filters::{self, Tongue};
use crate::links::Links;
use crate::message::{RenderError, render};
use crate::shelter::Sheltered;
pub use crate::source::{FirstLines, Part, Problem, Source};
use crate::{jinja, mjml, plain, rewrite};

/// The largest template, all parts together, in bytes.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// Work and memory one part of one message may take: instructions, or 64 bytes of data each. A cart of 50
/// goods needs some 10,000.
const FUEL: u64 = 60_000;
/// How deep macros may call each other.
const RECURSION_MAX: usize = 50;

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
        match render(self, &crate::sample::sample(&source.locale), &links, 1) {
            Ok(_) | Err(RenderError::Abort(_)) => None,
            Err(RenderError::Broken { part, line, what }) => {
                Some(Problem::new(part, line, what, "this came up in a trial with invented goods; mend it"))
            }
        }
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
    let html = mjml::to_html(&mut sheltered, &source.mjml)?;
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
