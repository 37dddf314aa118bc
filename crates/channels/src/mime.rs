//! The bytes of a mail: headers, text and HTML as quoted-printable UTF-8, pure ASCII with CRLF lines (RFC 5322, 2045).
//!
//! Nothing a shop or a shopper wrote can begin a header of its own: control characters of a value become spaces, and
//! what names a header, a message or an address is refused when it holds one.

mod header;
mod quoted;

use crate::address::Address;
use beckon_core::time::WallTime;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

/// Ends and begins the parts. Quoted-printable writes no `=_`, so no text can hold it.
const BOUNDARY: &str = "=_beckon";

/// Headers that are written from the other fields of [`Mail`].
const OURS: [&str; 10] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "bcc",
    "dkim-signature",
];

/// What a mail says.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// Who writes.
    pub from: &'a Address,
    /// To whom.
    pub to: &'a Address,
    /// In any script.
    pub subject: &'a str,
    /// Shown as the date of the mail.
    pub date: WallTime,
    /// `unique@domain`, with or without angle brackets; the same for every try of one message.
    pub message_id: &'a str,
    /// Further headers in their order: `List-Unsubscribe`, `Feedback-ID` and so on.
    pub headers: &'a [(String, String)],
    /// The text for those who read no HTML.
    pub text: &'a str,
    /// The HTML, if any.
    pub html: Option<&'a str>,
}

/// Why a mail cannot be written; names the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MimeError {
    /// The id is empty, has no `@`, or holds what is not allowed there.
    #[error("\"{0}\" is no Message-ID, it looks like unique@domain")]
    MessageId(String),
    /// A name holds something else than letters, digits and hyphens, or is empty.
    #[error("\"{0}\" is no name of a header")]
    HeaderName(String),
    /// The header is written from a field of its own.
    #[error("the header \"{0}\" is written by Beckon, it cannot be set")]
    OwnHeader(String),
    /// A word of over 900 bytes: no line may be longer than 998 (RFC 5322 §2.1.1).
    #[error("the header \"{0}\" holds more than 900 bytes without a space")]
    LongWord(String),
    /// The date lies outside the years 0 to 9999.
    #[error("the date of the mail is not a date")]
    Date,
}

/// Writes the mail.
///
/// # Errors
/// When the Message-ID, the date or a further header cannot be written safely.
pub fn build(mail: &Mail<'_>) -> Result<Vec<u8>, MimeError> {
    let bodies = mail.text.len() + mail.html.map_or(0, str::len);
    let mut out = Vec::with_capacity(bodies + bodies / 8 + 1_024);
    header::address(&mut out, "From", mail.from);
    header::address(&mut out, "To", mail.to);
    header::text(&mut out, "Subject", mail.subject)?;
    let date = date(mail.date)?;
    header::line(&mut out, "Date", &date);
    header::line(&mut out, "Message-ID", &message_id(mail.message_id)?);
    for (name, value) in mail.headers {
        if name.is_empty() || name.len() > 70 || !name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
        {
            return Err(MimeError::HeaderName(name.chars().take(80).collect()));
        }
        if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
            return Err(MimeError::OwnHeader(name.clone()));
        }
        header::text(&mut out, name, value)?;
    }
    header::line(&mut out, "MIME-Version", "1.0");
    let Some(html) = mail.html else {
        part(&mut out, "plain", mail.text);
        if !out.ends_with(b"\r\n") {
            out.extend_from_slice(b"\r\n");
        }
        return Ok(out);
    };
    header::line(&mut out, "Content-Type", &format!("multipart/alternative; boundary=\"{BOUNDARY}\""));
    // The best form stands last (RFC 2046 §5.1.4).
    for (kind, body) in [("plain", mail.text), ("html", html)] {
        out.extend_from_slice(format!("\r\n--{BOUNDARY}\r\n").as_bytes());
        part(&mut out, kind, body);
    }
    out.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    Ok(out)
}

fn part(out: &mut Vec<u8>, kind: &str, body: &str) {
    header::line(out, "Content-Type", &format!("text/{kind}; charset=utf-8"));
    header::line(out, "Content-Transfer-Encoding", "quoted-printable");
    out.extend_from_slice(b"\r\n");
    quoted::encode(body.as_bytes(), out);
}

fn date(at: WallTime) -> Result<String, MimeError> {
    let at = Timestamp::from_millisecond(at.0).map_err(|_| MimeError::Date)?;
    rfc2822::DateTimePrinter::new().zoned_to_string(&at.to_zoned(TimeZone::UTC)).map_err(|_| MimeError::Date)
}

/// The id in its brackets, when it is one (RFC 5322 §3.6.4, the common part of it).
fn message_id(id: &str) -> Result<String, MimeError> {
    let bare = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
    let allowed = |c: char| c.is_ascii_graphic() && !"<>()[]\\,;:\"".contains(c);
    let parts = bare.split('@').collect::<Vec<&str>>();
    let whole = parts.len() == 2 && parts.iter().all(|part| !part.is_empty());
    if !whole || bare.len() > 250 || !bare.chars().all(|c| c == '@' || allowed(c)) {
        return Err(MimeError::MessageId(id.chars().take(80).collect()));
    }
    Ok(format!("<{bare}>"))
}

#[cfg(test)]
mod tests;
