//! Reading tags and attributes in HTML and MJML, whatever their case and quotes.

/// The first place of an ASCII text, in any case.
pub(crate) fn find_ignore_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
}

/// The length of the tag at the start of `text`, with its `>`; a `>` in quotes does not end it.
pub(crate) fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, b) in text.bytes().enumerate() {
        match quote {
            Some(q) if b == q => quote = None,
            Some(_) => {}
            None if b == b'"' || b == b'\'' => quote = Some(b),
            None if b == b'>' => return at + 1,
            None => {}
        }
    }
    text.len()
}

/// Where the value of a quoted attribute lies in a tag.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<(usize, usize)> {
    let bytes = tag.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let quoted_at = tag[at..].find(['"', '\'']).map(|n| at + n)?;
        let key = tag[at..quoted_at].trim_end().strip_suffix('=').unwrap_or("").trim_end();
        let key = key.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
        let stop = tag[quoted_at + 1..].find(bytes[quoted_at] as char).map(|n| quoted_at + 1 + n)?;
        if key.eq_ignore_ascii_case(name) {
            return Some((quoted_at + 1, stop));
        }
        at = stop + 1;
    }
    None
}
