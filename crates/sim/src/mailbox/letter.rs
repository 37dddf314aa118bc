//! A mail taken apart: what the list shows, its HTML and its text.

use mail_parser::{Address, Message, MessageParser};

/// Characters of the preview.
const PREVIEW_CHARS: usize = 140;

/// What a person sees of a mail (RFC 5322, MIME). A broken mail gives empty fields, never an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Name and address of `From`.
    pub from: String,
    /// Names and addresses of `To`.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// The beginning of the text.
    pub preview: String,
    /// The HTML part; `None` when the mail has none of its own.
    pub html: Option<String>,
    /// The text part, else the HTML as text.
    pub text: String,
}

impl Letter {
    /// Reads a mail as it came over the line.
    #[must_use]
    pub fn read(raw: &[u8]) -> Letter {
        let Some(message) = MessageParser::default().parse(raw) else { return Letter::default() };
        let text = message.body_text(0).unwrap_or_default().into_owned();
        Letter {
            from: addresses(message.from()),
            to: addresses(message.to()),
            subject: one_line(message.subject().unwrap_or_default(), 300),
            preview: one_line(&text, PREVIEW_CHARS),
            html: own_html(&message),
            text,
        }
    }
}

fn own_html(message: &Message<'_>) -> Option<String> {
    // The parser makes HTML of a text where a mail has none; that would be a tab without a mail behind it.
    let part = message.html_part(0)?;
    part.is_text_html().then(|| message.body_html(0)).flatten().map(|html| html.into_owned())
}

fn addresses(given: Option<&Address<'_>>) -> String {
    let each = given.into_iter().flat_map(|address| address.iter()).take(20).map(|one| {
        let address = one.address().unwrap_or_default();
        match one.name() {
            Some(name) if !name.is_empty() => format!("{name} <{address}>"),
            _ => address.to_owned(),
        }
    });
    one_line(&each.collect::<Vec<_>>().join(", "), 300)
}

/// The beginning of a text in one line, without what turns the direction of writing or cannot be seen.
fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let invisible = |c: char| {
        matches!(c, '\u{34f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let shown = text.chars().filter(|c| !invisible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    for word in shown.collect::<String>().split_whitespace() {
        if line.chars().count() + word.chars().count() > most {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_of_two_parts_is_taken_apart() {
        let raw = "From: =?utf-8?B?0JvQsNCy0LrQsA==?= <shop@demo.example>\r\nTo: anna@demo.example\r\n\
                   Subject: =?utf-8?Q?=D0=9F=D1=80=D0=B8=D0=B2=D0=B5=D1=82?=\r\nMIME-Version: 1.0\r\n\
                   Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; \
                   charset=utf-8\r\n\r\nHello \u{200b}\r\nthere\r\n--b\r\nContent-Type: text/html; \
                    charset=utf-8\r\n\r\n\
                   <p>Hello</p>\r\n--b--\r\n";
        let letter = Letter::read(raw.as_bytes());
        assert_eq!(letter.from, "Лавка <shop@demo.example>");
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("anna@demo.example", "Привет"));
        assert_eq!(letter.preview, "Hello there");
        assert_eq!(letter.html.as_deref().map(str::trim), Some("<p>Hello</p>"));
    }

    #[test]
    fn a_text_mail_has_no_html_and_rubbish_is_no_error() {
        let letter = Letter::read(b"Subject: a\r\n\r\n<b>text</b>");
        assert_eq!((letter.html, letter.text.as_str()), (None, "<b>text</b>"));
        for raw in
            [&b""[..], b"\xff\xfe\0", b"Content-Type: multipart/mixed; boundary=\r\n\r\n--", b"\r\n\r\n"]
        {
            let _ = Letter::read(raw);
        }
    }
}
