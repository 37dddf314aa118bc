//! Reads a page as a browser does and says what in it could run or lead away.

use crate::support::Answer;

/// Every tag of a page: its name and its attributes, in small letters (HTML Standard §13.2.5, as far as needed).
pub fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let (attributes, after) = attributes(after);
        found.push((name.to_ascii_lowercase(), attributes));
        rest = after;
    }
    found
}

fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        let Some(first) = rest.chars().next() else { return (found, rest) };
        if first == '>' {
            return (found, &rest[1..]);
        }
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/' | '='));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()).max(first.len_utf8()));
        rest = after.trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let (inside, skip) = match quote {
                Some(_) => (&after[1..], 1),
                None => (after, 0),
            };
            let end = match quote {
                Some(quote) => inside.find(quote),
                None => inside.find(|letter: char| letter.is_whitespace() || letter == '>'),
            };
            let end = end.unwrap_or(inside.len());
            value = &inside[..end];
            rest = &inside[(end + skip).min(inside.len())..];
        }
        found.push((name.to_ascii_lowercase(), value.to_owned()));
    }
}

/// A page of ours: nothing in it runs that we did not write, and its policy would not let it.
pub fn assert_inert(what: &str, answer: &Answer) {
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{what}: {policy}");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{what}");
    for (name, attributes) in tags(&answer.text) {
        let value = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        if name == "script" {
            assert!(value("src").is_some_and(|src| src.starts_with("/static/")), "{what}: {attributes:?}");
        }
        assert!(!matches!(name.as_str(), "object" | "embed" | "base" | "marquee"), "{what}: <{name}>");
        for (attribute, value) in &attributes {
            assert!(!attribute.starts_with("on"), "{what}: <{name} {attribute}={value}>");
            let value = value.replace(char::is_whitespace, "").to_ascii_lowercase();
            let leads = matches!(attribute.as_str(), "href" | "src" | "action" | "formaction" | "xlink:href");
            let bad =
                ["javascript:", "vbscript:", "data:text"].iter().any(|scheme| value.starts_with(scheme));
            assert!(!(leads && bad), "{what}: <{name} {attribute}={value}>");
            assert_ne!(value, "xss-marker", "{what}: an attribute of the payload");
        }
    }
}

#[test]
fn tags_are_read_as_browsers_read_them() {
    let read = tags("<p class=\"a>b\"><img src=x onerror=alert(1)><svg/onload='x'>&lt;script&gt;< b>");
    let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["p", "img", "svg"]);
    assert_eq!(read[1].1[1], ("onerror".to_owned(), "alert(1)".to_owned()));
    assert_eq!(read[2].1[0].0, "onload");
}
