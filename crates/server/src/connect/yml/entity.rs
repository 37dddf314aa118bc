//! References in text: the five of XML, numeric ones, and the names of HTML that feeds use although XML has
//! none.
//!
//! Nothing else is ever expanded, so no document can make itself larger than it is.

/// What `&name;` stands for, given without `&` and `;`. `None` when it stands for nothing allowed in XML.
pub(super) fn resolve(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
            None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
            _ => return None,
        };
        return char::from_u32(code).filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r'));
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ensp" | "emsp" | "thinsp" => ' ',
        "shy" => '\u{ad}',
        "laquo" => '«',
        "raquo" => '»',
        "bdquo" => '„',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "sbquo" => '‚',
        "ndash" => '–',
        "mdash" => '—',
        "minus" => '−',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "deg" => '°',
        "plusmn" => '±',
        "times" => '×',
        "frac12" => '½',
        "frac14" => '¼',
        "frac34" => '¾',
        "sup2" => '²',
        "sup3" => '³',
        "micro" => 'µ',
        "sect" => '§',
        "para" => '¶',
        "numero" => '№',
        "euro" => '€',
        "pound" => '£',
        "cent" => '¢',
        "yen" => '¥',
        "le" => '≤',
        "ge" => '≥',
        "ne" => '≠',
        "asymp" => '≈',
        "infin" => '∞',
        "rarr" => '→',
        "larr" => '←',
        "Oslash" => 'Ø',
        "oslash" => 'ø',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

/// Replaces the references in `raw`; what is no reference stays as it is. `unknown` hears of each `&name;`
/// left out.
pub(super) fn unescape(raw: &str, mut unknown: impl FnMut(&str)) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match name_of(rest) {
            Some(name) => {
                match resolve(name) {
                    Some(c) => out.push(c),
                    None => unknown(name),
                }
                rest = &rest[name.len() + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// The name in front of the `;` when `text` starts with what can be a reference's name.
fn name_of(text: &str) -> Option<&str> {
    let end = text.bytes().take(32).position(|b| b == b';')?;
    let name = &text[..end];
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_references_resolve() {
        let mut unknown = Vec::new();
        let text = unescape("a&amp;b &#1058;&#x43e; &nbsp;&xxe; & c; &#0; AT&T &; &#xZZ;", |n| {
            unknown.push(n.to_owned())
        });
        assert_eq!(text, "a&b То \u{a0} & c;  AT&T &; ");
        assert_eq!(unknown, ["xxe", "#0", "#xZZ"]);
        for bad in ["#xD800", "#x110000", "#99999999999", "#", "#x", "#+5", "lol9"] {
            assert_eq!(resolve(bad), None, "{bad}");
        }
    }
}
