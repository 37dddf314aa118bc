//! The relaxed forms of headers and body that are signed (RFC 6376 §3.4.2, §3.4.4).

/// The headers of a message, each with its folded lines and its end, and the body behind the empty line.
pub(super) fn split(mime: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let mut headers = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for line in mime.split_inclusive(|byte| *byte == b'\n') {
        let folded = matches!(line.first(), Some(b' ' | b'\t')) && end > start;
        if !folded {
            if end > start {
                headers.push(&mime[start..end]);
            }
            start = end;
        }
        end += line.len();
        if matches!(line, b"\r\n" | b"\n") {
            return Some((headers, &mime[end..]));
        }
    }
    None
}

/// Whether this is the header of that name, whatever its letters' case.
pub(super) fn is_named(header: &[u8], name: &str) -> bool {
    let given = header.split(|byte| *byte == b':').next().unwrap_or_default();
    given.len() < header.len() && given.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

/// Appends the relaxed form: small name, unfolded value, one space for each run of white space, none at the ends.
pub(super) fn header(header: &[u8], out: &mut Vec<u8>) {
    let colon = header.iter().position(|byte| *byte == b':').unwrap_or(header.len());
    let (name, value) = header.split_at(colon);
    out.extend(name.trim_ascii_end().iter().map(u8::to_ascii_lowercase));
    out.push(b':');
    let words = value.get(1..).unwrap_or_default().split(|byte| b" \t\r\n".contains(byte));
    for (n, word) in words.filter(|word| !word.is_empty()).enumerate() {
        if n > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    out.extend_from_slice(b"\r\n");
}

/// The relaxed body: no white space at the ends of lines, one space for each run inside, no empty lines at the end. An
/// empty body stays empty.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut whole = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line));
        let line_start = out.len();
        relaxed_line(line, &mut out);
        let is_empty = out.len() == line_start;
        out.extend_from_slice(b"\r\n");
        if !is_empty {
            whole = out.len();
        }
    }
    out.truncate(whole);
    out
}

fn relaxed_line(line: &[u8], out: &mut Vec<u8>) {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut rest = line;
    while let Some(space) = rest.iter().position(is_space) {
        out.extend_from_slice(&rest[..space]);
        rest = &rest[space..];
        let after = rest.iter().position(|byte| !is_space(byte)).unwrap_or(rest.len());
        rest = &rest[after..];
        if !rest.is_empty() {
            out.push(b' ');
        }
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_6376_3_4_5() {
        let mime = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (headers, text) = split(mime).unwrap();
        let mut out = Vec::new();
        headers.iter().for_each(|line| header(line, &mut out));
        assert_eq!(out, b"a:X\r\nb:Y Z\r\n");
        assert_eq!(body(text), b" C\r\nD E\r\n");
        assert!(is_named(headers[1], "b") && !is_named(headers[1], "a"));
    }

    #[test]
    fn odd_bodies() {
        assert_eq!(body(b""), b"");
        assert_eq!(body(b"\r\n \r\n"), b"");
        assert_eq!(body(b"a"), b"a\r\n");
        assert_eq!(split(b"A: b\r\n"), None);
    }
}
