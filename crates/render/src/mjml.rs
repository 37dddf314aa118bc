//! MJML to HTML, once per template, with the Jinja tags carried through as opaque words.
//!
//! Each tag is replaced by a word that means nothing to MJML (`qj00012z`), which survives text and attributes
//! alike. A word that is missing afterwards stood where MJML drops text, and is reported with its line.

use std::panic::AssertUnwindSafe;

use mrml::mjml::Mjml;
use mrml::prelude::parser::{Error, ParseOutput, ParserOptions};
use mrml::prelude::render::RenderOptions;

use crate::markup::{find_ignore_case, tag_end};
use crate::shelter::{Piece, Sheltered};
use crate::source::{Part, Problem};

/// How deep elements may lie in each other: MJML is read by recursion, and a stack must not end the process.
const DEPTH_MAX: usize = 64;

const HINT: &str = "every element is opened and closed, `&` is written &amp; and `<` &lt;";

/// Turns sheltered MJML into sheltered HTML. `source` is the text before sheltering, for lines.
pub(crate) fn to_html(sheltered: &mut Sheltered, source: &str) -> Result<String, Vec<Problem>> {
    if sheltered.tags.len() > 20_000 {
        return Err(vec![Problem::new(
            Part::Html,
            1,
            "there are over 20,000 tags",
            "write fewer, or a loop",
        )]);
    }
    check_depth(sheltered)?;
    sheltered.text = with_gt_written_out(&sheltered.text);
    let parsed = parse(sheltered)?;
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

/// Reads MJML. That its reader panics on some odd text must not end more than this one template.
fn parse(sheltered: &Sheltered) -> Result<ParseOutput<Mjml>, Vec<Problem>> {
    let read = || mrml::parse_with_options(&sheltered.text, &ParserOptions::default());
    match std::panic::catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| vec![parse_problem(&error, sheltered)]),
        Err(_) => Err(vec![Problem::new(Part::Html, 1, "this is not well-formed MJML", HINT)]),
    }
}

/// Writes `>` in text as `&gt;` where a letter of several bytes ends two bytes before it or less: the reader of MJML
/// looks for `]]>` there, in the middle of that letter.
fn with_gt_written_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |n| n + 3)
        } else if rest.starts_with('<') {
            tag_end(rest)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        let piece = &rest[..end];
        if piece.starts_with('<') {
            out.push_str(piece);
        } else {
            for (n, c) in piece.char_indices() {
                let splits = c == '>' && !piece.is_char_boundary(n.saturating_sub(2));
                if splits { out.push_str("&gt;") } else { out.push(c) }
            }
        }
        at += end;
    }
    out
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
    Problem::new(Part::Html, line, what, HINT)
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
            let end = tag_end(rest);
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
        let mut sheltered = Sheltered::new(source, jinja::tags(source, Part::Html).unwrap());
        to_html(&mut sheltered, source).map(|html| sheltered.restore(&html).0)
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
    fn a_sign_after_any_letter_is_text() {
        for text in ["Каталог >", "𑐱\">/", "я>", "€ > $", ">я", "a > b", "я ]] >"] {
            let out = html(&body(&format!(
                "<mj-section><mj-column><mj-text title=\"я >\">{text}<b t='я'>я ></b></mj-text>\
                 </mj-column></mj-section>"
            )));
            let out = out.unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
            assert!(out.replace("&gt;", ">").contains(&format!("{text}<b t=\"я\">я ></b>")), "{text}: {out}");
        }
        assert!(html("<mjml><mj-body>я ><![CDATA[\"]]>я ></mj-body></mjml>").is_err());
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
