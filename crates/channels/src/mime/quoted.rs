//! Quoted-printable (RFC 2045 §6.7), copying runs of plain characters at once.

/// Characters in a line before its soft break; the `=` of the break makes 76.
const WIDTH: usize = 75;

/// Bytes that stand for themselves: printable ASCII without `=`, and space and tab inside a line.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 33;
    while byte <= 126 {
        plain[byte] = byte != b'=' as usize;
        byte += 1;
    }
    plain[b' ' as usize] = true;
    plain[b'\t' as usize] = true;
    plain
};

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Appends the encoded text; CRLF, CR and LF all become CRLF.
pub(super) fn encode(text: &[u8], out: &mut Vec<u8>) {
    let mut lines = text.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        // Only before a line feed is a carriage return part of the line's end; one alone is written as =0D.
        let line = if is_last { line } else { line.strip_suffix(b"\r").unwrap_or(line) };
        encode_line(line, out);
        if !is_last {
            out.extend_from_slice(b"\r\n");
        }
    }
}

fn encode_line(line: &[u8], out: &mut Vec<u8>) {
    // White space at the end of a line is lost on some ways, so the last one is encoded.
    let (mut rest, last) = match line.split_last() {
        Some((last @ (b' ' | b'\t'), rest)) => (rest, Some(*last)),
        _ => (line, None),
    };
    let mut column = 0;
    while !rest.is_empty() {
        let run = rest.iter().position(|byte| !PLAIN[usize::from(*byte)]).unwrap_or(rest.len());
        let (mut plain, after) = rest.split_at(run);
        while !plain.is_empty() {
            if column == WIDTH {
                soft_break(out, &mut column);
            }
            let (now, later) = plain.split_at(plain.len().min(WIDTH - column));
            out.extend_from_slice(now);
            column += now.len();
            plain = later;
        }
        let odd = after.iter().position(|byte| PLAIN[usize::from(*byte)]).unwrap_or(after.len());
        let (odd, after) = after.split_at(odd);
        for byte in odd {
            escape(*byte, out, &mut column);
        }
        rest = after;
    }
    if let Some(byte) = last {
        escape(byte, out, &mut column);
    }
}

fn escape(byte: u8, out: &mut Vec<u8>, column: &mut usize) {
    if *column + 3 > WIDTH {
        soft_break(out, column);
    }
    out.extend_from_slice(&[b'=', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    *column += 3;
}

fn soft_break(out: &mut Vec<u8>, column: &mut usize) {
    out.extend_from_slice(b"=\r\n");
    *column = 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode(text.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The reading side, as RFC 2045 §6.7 states it.
    fn decoded(text: &str) -> Vec<u8> {
        let text = text.replace("=\r\n", "");
        let mut out = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            let mut digit = || (bytes.next().unwrap() as char).to_digit(16).unwrap() as u8;
            out.push(if byte == b'=' { digit() * 16 + digit() } else { byte });
        }
        out
    }

    #[test]
    fn the_rules_of_the_encoding_hold() {
        assert_eq!(encoded("a=b\nи \r\n\tx\t\n \n."), "a=3Db\r\n=D0=B8=20\r\n\tx=09\r\n=20\r\n.");
        assert_eq!(encoded(""), "");
        assert_eq!(encoded(&"x".repeat(80)), format!("{}=\r\n{}", "x".repeat(75), "x".repeat(5)));
    }

    proptest! {
        #[test]
        fn every_text_comes_back_in_short_ascii_lines(text in "([ -~]|[а-я ]|\t|\r|\n|\r\n|=|\u{0}){0,400}") {
            let out = encoded(&text);
            prop_assert!(out.is_ascii() && !out.contains("=_"));
            for line in out.split("\r\n") {
                prop_assert!(line.len() <= 76 && !line.contains(['\r', '\n']) && !line.ends_with([' ', '\t']));
            }
            let wanted = text.replace("\r\n", "\n").replace('\n', "\r\n");
            prop_assert_eq!(decoded(&out), wanted.into_bytes());
        }
    }
}
