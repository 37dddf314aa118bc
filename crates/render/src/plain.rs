//! The text part of a mail, from its HTML: once per template, with the Jinja tags left in their places.
//!
//! `<a href="X">label</a>` becomes `label (X)`, struck text stands between `~`. Pictures, styles and comments
//! vanish. What loops and conditions leave of empty lines is tidied after each render by [`tidy`].

use crate::jinja::Kind;
use crate::markup::{attribute, find_ignore_case, tag_end};
use crate::shelter::{Piece, Sheltered};

/// Elements whose content is not text.
const SKIPPED: [&str; 4] = ["head", "style", "script", "title"];

/// Turns sheltered HTML into sheltered text.
pub(crate) fn from_html(html: &str, sheltered: &Sheltered) -> String {
    let mut writer = Writer { out: String::with_capacity(html.len() / 4), links: Vec::new() };
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at += comment.find("-->").map_or(rest.len(), |n| n + 7);
        } else if rest.starts_with('<') {
            let end = tag_end(rest);
            at += end;
            let tag = &rest[..end];
            let name = element(tag);
            if SKIPPED.contains(&name.as_str()) {
                let close = format!("</{name}");
                let skipped = find_ignore_case(&html[at..], &close).unwrap_or(html.len() - at);
                at += skipped;
            } else {
                writer.tag(tag, &name, sheltered);
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            for piece in sheltered.pieces(&rest[..end]) {
                match piece {
                    Piece::Text(text) => writer.text(&entities(text)),
                    Piece::Tag(number) => writer.out.push_str(&sheltered.word(number)),
                }
            }
            at += end;
        }
    }
    writer.out
}

struct Writer {
    out: String,
    /// Where the label of each open link begins, and its address.
    links: Vec<(usize, String)>,
}

impl Writer {
    fn tag(&mut self, tag: &str, name: &str, sheltered: &Sheltered) {
        match name {
            "br" | "tr" | "div" | "/div" | "/tr" => self.line(),
            "p" | "/p" | "/table" | "h1" | "/h1" | "h2" | "/h2" | "h3" | "/h3" | "ul" | "/ul" | "ol"
            | "/ol" => {
                self.line();
                self.out.push('\n');
            }
            "li" => {
                self.line();
                self.out.push_str("- ");
            }
            "td" | "th" => self.text(" "),
            // A struck price must not look like a second one.
            "s" | "/s" | "del" | "/del" => self.out.push('~'),
            "a" => {
                let href = attribute(tag, "href").map_or("", |(start, stop)| &tag[start..stop]);
                self.links.push((self.out.len(), entities(href)));
            }
            "/a" => self.close_link(sheltered),
            _ => {}
        }
    }

    /// A link with a picture for its label says nothing in text; tags inside (conditions) must stay.
    fn close_link(&mut self, sheltered: &Sheltered) {
        let Some((start, href)) = self.links.pop() else { return };
        let label = self.out.get(start..).unwrap_or("");
        let says = sheltered.pieces(label).iter().any(|piece| match piece {
            Piece::Text(text) => !text.trim().is_empty(),
            Piece::Tag(number) => sheltered.tags[*number].kind == Kind::Print,
        });
        let scheme = |s: &str| href.starts_with(s);
        if says && !href.is_empty() && !scheme("tel:") && !scheme("mailto:") && !scheme("#") {
            let kept = self.out.trim_end().len();
            self.out.truncate(kept.max(start));
            self.out.push_str(&format!(" ({href})"));
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                if !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
                    self.out.push(' ');
                }
            } else {
                // Two signs that would open a Jinja tag are parted.
                if matches!(c, '{' | '%' | '#') && self.out.ends_with('{') {
                    self.out.push(' ');
                }
                self.out.push(c);
            }
        }
    }

    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

/// Trims lines, and leaves at most one empty line between two.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if empty > 0 && !out.is_empty() {
            out.push('\n');
        }
        empty = 0;
        let mut blank = false;
        for c in line.chars() {
            if c != ' ' || !blank {
                out.push(c);
            }
            blank = c == ' ';
        }
        out.push('\n');
    }
    out
}

/// The name of a tag in small letters, with the slash of an end tag.
fn element(tag: &str) -> String {
    let inner = tag.trim_start_matches('<');
    let length = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '/')).unwrap_or(inner.len());
    inner[..length].trim_end_matches('/').to_ascii_lowercase()
}

/// Decodes the entities that mails use; an unknown one stays as written.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(10).find(|(_, c)| *c == ';').map(|(n, _)| n);
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((decoded, end)) => {
                out.push_str(decoded.encode_utf8(&mut [0; 4]));
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "mdash" => '—',
        "ndash" => '–',
        "laquo" => '«',
        "raquo" => '»',
        "middot" => '·',
        "bull" => '•',
        "hellip" => '…',
        "times" => '×',
        "rarr" => '→',
        "copy" => '©',
        "shy" => '\u{ad}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja;
    use crate::source::Part;

    fn plain(html: &str) -> String {
        let sheltered = Sheltered::new(html, jinja::tags(html, Part::Html).unwrap());
        sheltered.restore(&from_html(&sheltered.text, &sheltered)).0
    }

    #[test]
    fn links_lists_and_blocks_read_well() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><!-- no --><h1>Hello,\n  {{ name }}</h1>\
            <p>A&nbsp;&amp;&#32;B <s>C</s></p><ul><li>one</li><li>two</li></ul><a href=\"{{ u }}\">Go</a>\
            <a href=\"https://x\">{% if p %}<img src=\"y\">{% endif %}</a><a href=\"tel:+1\">+1</a></body></html>";
        assert_eq!(
            tidy(&plain(html)),
            "Hello, {{ name }}\n\nA\u{a0}& B ~C~\n\n- one\n- two\n\nGo ({{ u }}){% if p %}{% endif %}+1\n"
        );
    }

    #[test]
    fn text_never_becomes_a_tag() {
        assert_eq!(plain("<p>&#123;&#123; 7*7 }} &#123;% x</p>").trim(), "{ { 7*7 }} { % x");
        assert_eq!(plain("<p>{<b>{ x</b></p>").trim(), "{ { x");
    }

    #[test]
    fn lines_are_tidied() {
        assert_eq!(tidy("\n\n a  b \n\n\n\nc\n \n"), "a b\n\nc\n");
    }
}
