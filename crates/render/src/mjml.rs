//! MJML to HTML, once per template, with the Jinja tags carried through as opaque words.
//!
//! Each tag is replaced by a word that means nothing to MJML (`qj00012z`), which survives text and attributes
//! alike. A word that is missing afterwards stood where MJML drops text, and is reported with its line.

use mrml::prelude::parser::{Error, ParserOptions};
use mrml::prelude::render::RenderOptions;

use crate::jinja::{Kind, Tag};
use crate::template::{Part, Problem};

/// How deep elements may lie in each other: MJML is read by recursion, and a stack must not end the process.
const DEPTH_MAX: usize = 64;

/// A text with words in place of its tags.
#[derive(Debug)]
pub(crate) struct Sheltered {
    /// The text.
    pub(crate) text: String,
    /// What the words stand for; the number in the word is the place here.
    pub(crate) tags: Vec<Tag>,
    prefix: String,
}

/// One stretch of a sheltered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// The tag of this number.
    Tag(usize),
}

impl Sheltered {
    /// Replaces the tags of `source`. Comments vanish here.
    pub(crate) fn new(source: &str, tags: Vec<Tag>) -> Sheltered {
        let mut prefix = "qj".to_owned();
        while source.contains(&prefix) {
            prefix.push('q');
        }
        let mut text = String::with_capacity(source.len());
        let mut at = 0;
        let mut kept = Vec::with_capacity(tags.len());
        for tag in tags {
            text.push_str(&source[at..tag.offset]);
            at = tag.offset + tag.source.len();
            if tag.kind != Kind::Comment {
                text.push_str(&word(&prefix, kept.len()));
                kept.push(tag);
            }
        }
        text.push_str(&source[at..]);
        Sheltered { text, tags: kept, prefix }
    }

    /// Adds a tag and gives its word.
    pub(crate) fn add(&mut self, source: String, line: usize) -> String {
        self.tags.push(Tag { kind: Kind::Print, source, offset: 0, line });
        word(&self.prefix, self.tags.len() - 1)
    }

    /// The word that stands for a tag.
    pub(crate) fn word(&self, number: usize) -> String {
        word(&self.prefix, number)
    }

    /// Cuts any text that holds words of this shelter at them.
    pub(crate) fn pieces<'a>(&self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(&self.prefix) {
            let after = &rest[at + self.prefix.len()..];
            let number = after.get(..5).and_then(|n| n.parse().ok()).filter(|_| after[5..].starts_with('z'));
            let Some(number) = number.filter(|n| *n < self.tags.len()) else {
                // Cannot happen while the prefix is unique; the text is then kept as it is.
                let end = at + self.prefix.len();
                pieces.push(Piece::Text(&rest[..end]));
                rest = &rest[end..];
                continue;
            };
            if at > 0 {
                pieces.push(Piece::Text(&rest[..at]));
            }
            pieces.push(Piece::Tag(number));
            rest = &after[6..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// Puts the tags back. Also gives, for each tag, its byte offset in the result and its line in the
    /// source.
    pub(crate) fn restore(&self, text: &str) -> (String, Vec<(usize, usize)>) {
        let mut out = String::with_capacity(text.len() * 2);
        let mut marks = Vec::new();
        for piece in self.pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Tag(number) => {
                    marks.push((out.len(), self.tags[number].line));
                    out.push_str(&self.tags[number].source);
                }
            }
        }
        (out, marks)
    }
}

fn word(prefix: &str, number: usize) -> String {
    format!("{prefix}{number:05}z")
}

/// Turns sheltered MJML into sheltered HTML. `source` is the text before sheltering, for lines.
pub(crate) fn to_html(sheltered: &Sheltered, source: &str) -> Result<String, Vec<Problem>> {
    if sheltered.tags.len() > 20_000 {
        return Err(vec![Problem::new(
            Part::Html,
            1,
            "there are over 20,000 tags",
            "write fewer, or a loop",
        )]);
    }
    check_depth(sheltered)?;
    let parsed = mrml::parse_with_options(&sheltered.text, &ParserOptions::default())
        .map_err(|error| vec![parse_problem(&error, sheltered)])?;
    let options =
        RenderOptions { disable_comments: true, social_icon_origin: None, fonts: Default::default() };
    let html = parsed.element.render(&options).map_err(|error| {
        vec![Problem::new(Part::Html, 1, format!("MJML: {error}"), "check the values of the attributes")]
    })?;
    let mut seen = vec![false; sheltered.tags.len()];
    for piece in sheltered.pieces(&html) {
        if let Piece::Tag(number) = piece {
            seen[number] = true;
        }
    }
    let lost = sheltered.tags.iter().zip(seen).filter(|(_, seen)| !seen).map(|(tag, _)| {
        let what = format!("`{}` stands where MJML drops text", short(&tag.source));
        Problem::new(
            Part::Html,
            tag.line,
            what,
            "put it into <mj-raw>…</mj-raw>, or into the text of an element",
        )
    });
    let mut problems: Vec<Problem> = lost.collect();
    if let Some(at) = find_ignore_case(source, "<script") {
        let line = source[..at].matches('\n').count() + 1;
        problems.push(Problem::new(Part::Html, line, "a mail cannot run scripts", "remove the <script>"));
    }
    // MJML lets an element that it does not know through as it is; a mail program would then show its bare
    // text.
    if let Some(at) = find_ignore_case(&html, "<mj-") {
        let name: String =
            html[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let line = find_ignore_case(source, &format!("<{name}"))
            .map_or(1, |at| source[..at].matches('\n').count() + 1);
        let hint = "see the list of elements of MJML; <mj-raw> and <mj-text> hold HTML only";
        problems.push(Problem::new(
            Part::Html,
            line,
            format!("the element `{name}` may not stand here"),
            hint,
        ));
    }
    if problems.is_empty() { Ok(html) } else { Err(problems) }
}

/// The first place of an ASCII text, in any case.
pub(crate) fn find_ignore_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// The line in the source of an offset in the sheltered text: words are one line, the tags they replaced may
/// be more.
fn line_at(sheltered: &Sheltered, offset: usize) -> usize {
    let before = &sheltered.text[..sheltered.text.floor_char_boundary(offset)];
    let last_tag = sheltered.pieces(before).into_iter().rev().find_map(|p| match p {
        Piece::Tag(number) => Some(number),
        Piece::Text(_) => None,
    });
    let Some(tag) = last_tag.map(|n| &sheltered.tags[n]) else {
        return before.matches('\n').count() + 1;
    };
    let after = before.rfind(&sheltered.prefix).map_or("", |at| &before[at..]);
    tag.line + tag.source.matches('\n').count() + after.matches('\n').count()
}

fn parse_problem(error: &Error, sheltered: &Sheltered) -> Problem {
    let last = || line_at(sheltered, sheltered.text.len());
    let (what, line) = match error {
        Error::UnexpectedElement { position, .. } => {
            let element =
                sheltered.text.get(position.start..position.end).unwrap_or("").trim_matches(['<', '>', '/']);
            (
                format!("the element `{}` is not known or may not stand here", short(element)),
                Some(position.start),
            )
        }
        Error::UnexpectedToken { position, .. } => {
            ("this may not stand here".to_owned(), Some(position.start))
        }
        Error::MissingAttribute { name, position, .. } => {
            (format!("the attribute `{name}` is missing"), Some(position.start))
        }
        Error::InvalidAttribute { position, .. } => {
            ("this attribute is not well formed".to_owned(), Some(position.start))
        }
        Error::InvalidFormat { position, .. } => ("this is not well formed".to_owned(), Some(position.start)),
        Error::IncludeLoaderError { position, .. } => {
            ("`mj-include` is not supported".to_owned(), Some(position.start))
        }
        Error::ParserError { source, .. } => {
            let row = source.pos().row as usize;
            let at = sheltered.text.split_inclusive('\n').take(row.saturating_sub(1)).map(str::len).sum();
            ("this is not well-formed MJML".to_owned(), Some(at))
        }
        Error::EndOfStream { .. } => ("the text ends inside an element".to_owned(), None),
        Error::SizeLimit { .. } => ("the text is too large".to_owned(), None),
        Error::NoRootNode => ("there is no <mjml> element".to_owned(), Some(0)),
    };
    let line = line.map_or_else(last, |at| line_at(sheltered, at));
    Problem::new(
        Part::Html,
        line,
        what,
        "every element is opened and closed, `&` is written &amp; and `<` &lt;",
    )
}

/// Counts open elements; comments are skipped (but not conditional ones, whose content MJML reads), HTML's
/// void elements do not count.
fn check_depth(sheltered: &Sheltered) -> Result<(), Vec<Problem>> {
    const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "col", "wbr"];
    let text = &sheltered.text;
    let (mut depth, mut at) = (0usize, 0);
    while let Some(open) = text[at..].find('<').map(|n| at + n) {
        let rest = &text[open + 1..];
        at = open + 1;
        if let Some(comment) = rest.strip_prefix("!--").filter(|c| !c.starts_with('[')) {
            at = comment.find("-->").map_or(text.len(), |n| open + 4 + n + 3);
        } else if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let end = crate::rewrite::tag_end(rest);
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            if !rest[..end].ends_with("/>") && !VOID.contains(&name.to_ascii_lowercase().as_str()) {
                depth += 1;
            }
        }
        if depth > DEPTH_MAX {
            let what = format!("elements lie deeper than {DEPTH_MAX} in each other here");
            let hint = "close elements that are open, or write a flatter layout";
            return Err(vec![Problem::new(Part::Html, line_at(sheltered, open), what, hint)]);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja;

    fn html(source: &str) -> Result<String, Vec<Problem>> {
        let sheltered = Sheltered::new(source, jinja::tags(source, Part::Html).unwrap());
        to_html(&sheltered, source).map(|html| sheltered.restore(&html).0)
    }

    fn body(inner: &str) -> String {
        format!("<mjml><mj-body>\n{inner}\n</mj-body></mjml>")
    }

    #[test]
    fn tags_survive_text_attributes_and_raw() {
        let out = html(&body(
            "<mj-raw>{% for i in items if i.quantity > 1 and 'a' < \"b\" %}</mj-raw>\
             <mj-section><mj-column><mj-image src=\"{{ i.picture|default(\"x\") }}\" href=\"{{ i.url }}\" />\
             <mj-text>A &amp; {{ i.title }}{% if i.price %}<b>{{ i.price|money }}</b>{% endif %}</mj-text>\
             <mj-table>{% for x in items %}<tr><td>{{ x.id }}</td></tr>{% endfor %}</mj-table>\
             <mj-button href=\"{{ urls.restore }}\" background-color=\"{{ c }}\">Go {{ 'on' }}</mj-button>\
             </mj-column></mj-section><mj-raw>{% endfor %}</mj-raw>",
        ))
        .unwrap();
        for tag in [
            "{% for i in items if i.quantity > 1 and 'a' < \"b\" %}",
            "src=\"{{ i.picture|default(\"x\") }}\"",
            "href=\"{{ i.url }}\"",
            "{% if i.price %}<b>{{ i.price|money }}</b>{% endif %}",
            "{% for x in items %}<tr><td>{{ x.id }}</td></tr>{% endfor %}",
            "href=\"{{ urls.restore }}\"",
            "A &amp; {{ i.title }}",
        ] {
            assert!(out.contains(tag), "{tag}\n{out}");
        }
    }

    #[test]
    fn a_tag_that_mjml_would_drop_is_reported() {
        let source = body("<mj-section><mj-column></mj-column></mj-section>\n{% if x %}\n{% endif %}");
        match html(&source) {
            Err(problems) => assert_eq!(problems[0].line, 3, "{problems:?}"),
            Ok(out) => assert!(out.contains("{% if x %}"), "{out}"),
        }
    }

    #[test]
    fn faults_name_the_line_even_after_tags_of_several_lines() {
        let line = |source: &str| html(source).unwrap_err()[0].line;
        assert_eq!(line(&body("<mj-section>\n<mj-nonsense></mj-nonsense></mj-section>")), 3);
        assert_eq!(line(&body("{# a\nb #}<mj-raw>{{ a\n\n}}</mj-raw>\n<mj-foo/>")), 6);
        assert_eq!(line("<html></html>"), 1);
        assert_eq!(line(&body("<mj-raw>\n<SCRIPT>x</SCRIPT></mj-raw>")), 3);
        assert_eq!(line(&body("<mj-include path=\"/etc/passwd\" />")), 2);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |n: usize| body(&format!("<mj-raw>{}{}</mj-raw>", "<div>".repeat(n), "</div>".repeat(n)));
        assert!(html(&deep(DEPTH_MAX - 3)).is_ok());
        for trick in
            ["<div>", "<!--[if mso]><div>", "<div></p>", "<div a=\"/>\">", "<!-- </div> --><div>", "<mj-raw>"]
        {
            let _ = html(&body(&format!("<mj-raw>{}", trick.repeat(10_000))));
            let _ = html(&body(&trick.repeat(10_000)));
        }
        let problems = html(&deep(20_000)).unwrap_err();
        assert!(problems[0].what.contains("deeper"), "{problems:?}");
    }
}
