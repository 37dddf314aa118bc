//! Descriptions are HTML more often than not; a message wants their plain text.
//!
//! Not a browser: tags become spaces or line ends, scripts and styles vanish, references are resolved once.

use super::entity;

/// Plain text of what may be HTML. Line ends of the source count only when there is no tag at all.
pub(super) fn plain(raw: &str) -> String {
    let mut out = Plain::default();
    let mut rest = raw;
    let tagged = has_tag(raw);
    while let Some(at) = rest.find('<') {
        out.text(&rest[..at], tagged);
        rest = &rest[at..];
        match tag(rest) {
            Some((name, len)) => {
                rest = &rest[len..];
                out.tag(name);
                if is_hidden(name) {
                    rest = after_end_of(name, rest);
                }
            }
            None => {
                out.text("<", tagged);
                rest = &rest[1..];
            }
        }
    }
    out.text(rest, tagged);
    out.text
}

fn is_hidden(name: &str) -> bool {
    name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style")
}

fn has_tag(raw: &str) -> bool {
    raw.match_indices('<').any(|(at, _)| tag(&raw[at..]).is_some())
}

/// The name (with `/` for an end tag, empty for a comment) and length of the tag at the start of `text`.
/// Looks no further than the next bracket, so that a flood of `<a` costs no square of time.
fn tag(text: &str) -> Option<(&str, usize)> {
    if text.starts_with("<!--") {
        return Some(("", text.find("-->").map_or(text.len(), |at| at + 3)));
    }
    let body = &text[1..];
    let slash = usize::from(body.starts_with('/'));
    let first = body.as_bytes().get(slash)?;
    let declares = slash == 0 && matches!(first, b'!' | b'?');
    if !first.is_ascii_alphabetic() && !declares {
        return None;
    }
    let name_len = body.bytes().skip(slash).take_while(u8::is_ascii_alphanumeric).count() + slash;
    let end = text.bytes().skip(1).take(4096).position(|b| matches!(b, b'<' | b'>'))? + 1;
    (text.as_bytes()[end] == b'>').then_some((&body[..name_len], end + 1))
}

/// What follows the end tag of a hidden element; nothing when it has none.
fn after_end_of<'a>(name: &str, text: &'a str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at..];
        if let Some((found, len)) = tag(rest)
            && found[1..].eq_ignore_ascii_case(name)
        {
            return &rest[len..];
        }
        rest = &rest[2..];
    }
    ""
}

/// Text being put together: spaces and line ends wait until something follows them.
#[derive(Default)]
struct Plain {
    text: String,
    space: bool,
    lines: u8,
}

impl Plain {
    fn text(&mut self, raw: &str, tagged: bool) {
        for c in entity::unescape(raw, |_| ()).chars() {
            match c {
                '\n' if !tagged => self.lines = (self.lines + 1).min(2),
                '\u{ad}' | '\u{200b}' | '\u{feff}' => (),
                c if c.is_whitespace() || c.is_control() => self.space = true,
                c => self.push(c),
            }
        }
    }

    fn push(&mut self, c: char) {
        if !self.text.is_empty() {
            if self.lines > 0 {
                self.text.extend(std::iter::repeat_n('\n', usize::from(self.lines)));
            } else if self.space {
                self.text.push(' ');
            }
        }
        (self.space, self.lines) = (false, 0);
        self.text.push(c);
    }

    fn tag(&mut self, name: &str) {
        match name.trim_start_matches('/').to_ascii_lowercase().as_str() {
            "br" if !name.starts_with('/') => self.lines = (self.lines + 1).min(2),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.lines = 2,
            "li" if !name.starts_with('/') => {
                self.lines = self.lines.max(1);
                self.push('•');
                self.space = true;
            }
            "div" | "ul" | "ol" | "li" | "tr" | "table" | "hr" | "dl" | "dt" | "dd" | "section" => {
                self.lines = self.lines.max(1);
            }
            "td" | "th" => self.space = true,
            _ => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        let html = "<p>Чай&nbsp;<b>зелё</b>ный\n из&mdash;Китая</p><ul><li>100 г<li>лист</ul><style>p{}</style>\
                    <!-- нет --><script>alert('<b>')</script><br/>5 < 6 & 7<";
        assert_eq!(plain(html), "Чай зелёный из—Китая\n\n• 100 г\n• лист\n\n5 < 6 & 7<");
        assert_eq!(plain("одна\n\n\nдве  &amp; три\n"), "одна\n\nдве & три");
        assert_eq!(plain("<script>всё"), "");
        assert_eq!(plain("<!-- всё"), "");
    }

    #[test]
    fn a_flood_of_brackets_ends() {
        assert_eq!(plain(&"<a".repeat(100_000)).len(), 200_000);
    }
}
