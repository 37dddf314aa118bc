//! Files with columns separated by tabs, as spreadsheets and Python's `csv` write them: a field that holds a
//! tab, a line break or a quotation mark stands in quotation marks, its own doubled (RFC 4180, with tabs).

use std::borrow::Cow;

/// The rows of a text with the number of the line on which each begins; empty ones are left out.
pub fn rows(text: &str) -> Vec<(usize, Vec<Cow<'_, str>>)> {
    let mut rows = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let first_line = line;
        let mut row = Vec::new();
        loop {
            let (field, length) = field(rest);
            line += rest[..length].matches('\n').count();
            row.push(field);
            rest = &rest[length..];
            match rest.as_bytes().first() {
                Some(b'\t') => rest = &rest[1..],
                _ => break,
            }
        }
        rest = rest.strip_prefix('\r').unwrap_or(rest);
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            line += 1;
        }
        if row.len() > 1 || !row[0].is_empty() {
            rows.push((first_line, row));
        }
    }
    rows
}

/// The first field and how many bytes of the text it takes.
fn field(text: &str) -> (Cow<'_, str>, usize) {
    let plain = text.find(['\t', '\n']).unwrap_or(text.len());
    let Some(quoted) = text.strip_prefix('"') else {
        return (Cow::Borrowed(text[..plain].trim_end_matches('\r')), plain);
    };
    let mut from = 0;
    while let Some(found) = quoted[from..].find('"') {
        let end = from + found;
        if quoted[end + 1..].starts_with('"') {
            from = end + 2;
            continue;
        }
        let after = &quoted[end + 1..];
        let ends = after.is_empty() || after.starts_with(['\t', '\n', '\r']);
        // A mark within a plain field, as in `"a" b`, does not end it.
        if !ends {
            break;
        }
        return (Cow::Owned(quoted[..end].replace("\"\"", "\"")), end + 2);
    }
    (Cow::Borrowed(text[..plain].trim_end_matches('\r')), plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_tabs_breaks_and_marks_and_a_lone_mark_is_text() {
        let text = "a\tb\r\n\"x\ty\"\t\"say \"\"so\"\"\nnow\"\n\n12\" pipe\t\"open\nlast\tone";
        let rows = rows(text);
        let lines: Vec<usize> = rows.iter().map(|row| row.0).collect();
        assert_eq!(lines, [1, 2, 5, 6]);
        assert_eq!(rows[0].1, ["a", "b"]);
        assert_eq!(rows[1].1, ["x\ty", "say \"so\"\nnow"]);
        assert_eq!(rows[2].1, ["12\" pipe", "\"open"]);
        assert_eq!(rows[3].1, ["last", "one"]);
    }

    #[test]
    fn whatever_the_text_reading_ends() {
        for text in ["", "\"", "\"\"", "\t", "\"\t\"\"\"", "\r\r\n", "\u{feff}", "é\"\"\t\"é\"é"] {
            rows(text);
        }
    }
}
