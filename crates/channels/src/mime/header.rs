//! Header lines: folding, and words of other scripts (RFC 5322 §2.2.3, RFC 2047).

use super::MimeError;
use crate::address::Address;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Lines are folded before this column (RFC 5322 §2.1.1).
const WIDTH: usize = 76;
/// Longest word that is written as it is.
const MAX_WORD: usize = 900;
/// Bytes of text in one encoded word: 45 give 60 letters of Base64, 72 with `=?utf-8?B?` and `?=`.
const WORD_BYTES: usize = 45;

/// A header whose value is ASCII, short and our own.
pub(super) fn line(out: &mut Vec<u8>, name: &str, value: &str) {
    for piece in [name, ": ", value, "\r\n"] {
        out.extend_from_slice(piece.as_bytes());
    }
}

/// A header with a text of any kind; control characters become spaces.
pub(super) fn text(out: &mut Vec<u8>, name: &str, value: &str) -> Result<(), MimeError> {
    let value = spaced(value);
    let is_long = value.split(' ').any(|word| word.len() > MAX_WORD);
    let is_subject = name.eq_ignore_ascii_case("subject");
    let start = begin(out, name);
    if !value.is_ascii() || value.contains("=?") || (is_long && is_subject) {
        encoded(out, start, &value);
    } else if is_long {
        return Err(MimeError::LongWord(name.to_owned()));
    } else {
        folded(out, start, &value);
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// A header with one address and its display name.
pub(super) fn address(out: &mut Vec<u8>, name: &str, address: &Address) {
    let start = begin(out, name);
    let shown = spaced(address.name());
    if !shown.is_empty() {
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(c);
        if !shown.is_ascii() || shown.contains("=?") || shown.len() > MAX_WORD {
            encoded(out, start, &shown);
        } else if shown.chars().all(plain) {
            folded(out, start, &shown);
        } else {
            let quoted = shown.replace('\\', "\\\\").replace('"', "\\\"");
            folded(out, start, &format!("\"{quoted}\""));
        }
        let length = out.len() - start;
        let fold = length + address.email().len() + 3 > WIDTH;
        out.extend_from_slice(if fold { b"\r\n " } else { b" " });
    }
    out.extend_from_slice(format!("<{}>\r\n", address.email()).as_bytes());
}

/// Writes the name; returns where the line began.
fn begin(out: &mut Vec<u8>, name: &str) -> usize {
    let start = out.len();
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    start
}

/// One space for each control character (CR and LF among them), no white space at the ends.
fn spaced(value: &str) -> String {
    let space = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    value.trim().chars().map(space).collect::<String>().trim().to_owned()
}

/// ASCII words, a new line before a word that would pass the width. A space stays where it was, so that unfolding
/// gives the value back.
fn folded(out: &mut Vec<u8>, start: usize, value: &str) {
    let mut column = out.len() - start;
    let mut pending = 0;
    for (n, word) in value.split(' ').enumerate() {
        pending += usize::from(n > 0);
        // Never a fold right after the name or a line of spaces only (RFC 5322 §3.2.2).
        if word.is_empty() {
            continue;
        }
        if n > 0 && column + pending + word.len() > WIDTH {
            out.extend_from_slice(b"\r\n");
            column = 0;
        }
        out.resize(out.len() + pending, b' ');
        out.extend_from_slice(word.as_bytes());
        column += pending + word.len();
        pending = 0;
    }
}

/// The whole value as encoded words, each whole characters (RFC 2047 §5), a line each.
fn encoded(out: &mut Vec<u8>, start: usize, value: &str) {
    // The first word shares its line with the name.
    let mut room = WORD_BYTES.saturating_sub((out.len() - start) * 3 / 4).max(12);
    let mut rest = value;
    let mut first = true;
    while !rest.is_empty() {
        let mut cut = rest.len().min(room);
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let (word, after) = rest.split_at(cut);
        if !first {
            out.extend_from_slice(b"\r\n ");
        }
        out.extend_from_slice(format!("=?utf-8?B?{}?=", STANDARD.encode(word)).as_bytes());
        rest = after;
        first = false;
        room = WORD_BYTES;
    }
}
