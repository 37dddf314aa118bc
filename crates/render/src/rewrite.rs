//! Makes the links of a template tracked, once, at compile time: the expression of each `href` is wrapped in
//! a filter.
//!
//! Nothing is parsed per recipient. Links to our own unsubscribe, preference and browser pages stay as they
//! are: a recipient who wants out must not pass a counter first.

use crate::markup::{attribute, find_ignore_case, tag_end};
use crate::shelter::{Piece, Sheltered};
use crate::source::{Part, Problem};

/// Addresses of our own that are never counted as clicks.
const UNTRACKED: [&str; 3] = ["urls.unsubscribe", "urls.preferences", "urls.view"];

/// The most pieces of text and tags in one address.
const PIECES_MAX: usize = 40;

const HINT: &str = "a link of a mail begins with https://, mailto: or tel:, or is one {{ expression }}";

/// Rewrites every `href` of an `<a>` in sheltered HTML.
pub(crate) fn track_links(
    html: &str,
    sheltered: &mut Sheltered,
    source: &str,
) -> Result<String, Vec<Problem>> {
    let mut out = String::with_capacity(html.len());
    let mut problems = Vec::new();
    let (mut at, mut index) = (0, 0);
    while let Some(open) = find_ignore_case(&html[at..], "<a").map(|n| at + n) {
        let rest = &html[open..];
        let end = open + tag_end(rest);
        out.push_str(&html[at..open]);
        at = end;
        let tag = &html[open..end];
        let is_link = tag[2..].starts_with(|c: char| c.is_ascii_whitespace());
        let Some((start, stop)) = is_link.then(|| attribute(tag, "href")).flatten() else {
            out.push_str(tag);
            continue;
        };
        out.push_str(&tag[..start]);
        match target(&tag[start..stop], sheltered, source, index) {
            Ok(Target::Kept) => out.push_str(&tag[start..stop]),
            Ok(Target::Tracked(expression, line)) => {
                out.push_str(&sheltered.add(expression, line));
                index += 1;
            }
            Ok(Target::Plain(expression, line)) => out.push_str(&sheltered.add(expression, line)),
            Err(problem) => problems.push(problem),
        }
        out.push_str(&tag[stop..]);
    }
    out.push_str(&html[at..]);
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// Puts the preheader after `<body>` (hidden, and followed by blanks so that the inbox shows nothing else),
/// and the open pixel before `</body>`.
pub(crate) fn add_preheader_and_pixel(
    html: &str,
    sheltered: &mut Sheltered,
    preheader_line: usize,
) -> String {
    let body = find_ignore_case(html, "<body").map_or(0, |at| at + tag_end(&html[at..]));
    let end = html.to_ascii_lowercase().rfind("</body").unwrap_or(html.len()).max(body);
    let preheader = sheltered.add("{{ preheader }}".to_owned(), preheader_line);
    let pixel = sheltered.add("{{ __pixel }}".to_owned(), 1);
    let blanks = "&#847;&zwnj;&nbsp;".repeat(60);
    format!(
        "{}<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;font-size:1px;\
         line-height:1px;color:transparent\">{preheader}{blanks}</div>{}<img src=\"{pixel}\" width=\"1\" height=\"1\" \
         alt=\"\" style=\"display:block;border:0;width:1px;height:1px\">{}",
        &html[..body],
        &html[body..end],
        &html[end..]
    )
}

enum Target {
    Kept,
    Tracked(String, usize),
    Plain(String, usize),
}

fn target(value: &str, sheltered: &Sheltered, source: &str, index: usize) -> Result<Target, Problem> {
    let value = value.trim();
    let pieces = sheltered.pieces(value);
    let line = pieces.iter().find_map(|p| match p {
        Piece::Tag(number) => Some(sheltered.tags[*number].line),
        Piece::Text(_) => None,
    });
    let line =
        line.or_else(|| source.find(value).map(|at| source[..at].matches('\n').count() + 1)).unwrap_or(1);
    let problem = |what: String| Problem::new(Part::Html, line, what, HINT);
    let mut parts = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Text(text) => parts.push(quoted(&unescape(text))),
            Piece::Tag(number) if sheltered.tags[*number].kind == crate::jinja::Kind::Print => {
                parts.push(format!("({})", sheltered.tags[*number].inner()));
            }
            Piece::Tag(_) => {
                return Err(problem("a link must not contain {% … %}; write {{ a if b else c }}".to_owned()));
            }
        }
    }
    if parts.len() > PIECES_MAX {
        return Err(problem(format!("a link is put together of over {PIECES_MAX} pieces")));
    }
    let index = u16::try_from(index).map_err(|_| problem("there are too many links".to_owned()))?;
    let whole = || if let [one] = &parts[..] { one.clone() } else { format!("({})", parts.join(" ~ ")) };
    let tracked = || format!("{{{{ {}|tracked_link(__tracker, {index}) }}}}", whole());
    match pieces.first() {
        None => Ok(Target::Kept),
        Some(Piece::Tag(number)) => {
            let inner = sheltered.tags[*number].inner();
            if pieces.len() == 1 && UNTRACKED.contains(&inner) {
                return Ok(Target::Plain(format!("{{{{ ({inner})|plain_link }}}}"), line));
            }
            Ok(Target::Tracked(tracked(), line))
        }
        Some(Piece::Text(text)) => {
            let start = text.trim_start().to_ascii_lowercase();
            if start.starts_with("http://") || start.starts_with("https://") {
                Ok(Target::Tracked(tracked(), line))
            } else if ["mailto:", "tel:", "sms:", "#"].iter().any(|known| start.starts_with(known)) {
                Ok(Target::Kept)
            } else {
                Err(problem(format!("`{value}` is no address that a mail can link to")))
            }
        }
    }
}

/// A Jinja string literal.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Decodes the entities that an attribute needs.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja;

    fn run(source: &str) -> Result<String, Vec<Problem>> {
        let mut sheltered = Sheltered::new(source, jinja::tags(source, Part::Html).unwrap());
        let text = sheltered.text.clone();
        track_links(&text, &mut sheltered, source).map(|html| sheltered.restore(&html).0)
    }

    #[test]
    fn hrefs_are_wrapped_and_our_own_pages_are_not() {
        let cases = [
            (
                "<a href=\"https://x/?a=1&amp;b\">",
                "<a href=\"{{ \"https://x/?a=1&b\"|tracked_link(__tracker, 0) }}\">",
            ),
            (
                "<A class='>' href='{{ i.url }}'>",
                "<A class='>' href='{{ (i.url)|tracked_link(__tracker, 0) }}'>",
            ),
            (
                "<a href=\"https://x/{{ i.id|upper }}?q\">",
                "<a href=\"{{ (\"https://x/\" ~ (i.id|upper) ~ \"?q\")|tracked_link(__tracker, 0) }}\">",
            ),
            ("<a href=\"{{ urls.view }}\">", "<a href=\"{{ (urls.view)|plain_link }}\">"),
            ("<a href=\"tel:{{ p|dial }}\">", "<a href=\"tel:{{ p|dial }}\">"),
            ("<a name=\"x\"><abbr href=\"y\">", "<a name=\"x\"><abbr href=\"y\">"),
        ];
        for (from, to) in cases {
            assert_eq!(run(from).unwrap(), to);
        }
    }

    #[test]
    fn links_are_counted_and_senseless_ones_reported() {
        let two = run("<a href=\"https://x\">a</a><a href=\"{{ u }}\">b</a>").unwrap();
        assert!(two.contains("__tracker, 0") && two.contains("__tracker, 1"), "{two}");
        for bad in ["/cart", "javascript:alert(1)", "{% if a %}https://x{% endif %}", "java{{ 'script:' }}"] {
            let problems = run(&format!("\n<a href=\"{bad}\">")).unwrap_err();
            assert_eq!(problems[0].line, 2, "{bad}");
        }
    }
}
