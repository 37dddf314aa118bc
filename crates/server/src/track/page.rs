//! Paths and names without personal text: what stands in an event is kept for months.

use super::item::Item;
use super::json::Json;

/// The longest path, in characters.
const PATH_MAX: usize = 200;
/// A longer part of a path is a token or a text, not a place.
const SEGMENT_MAX: usize = 80;
/// The longest name of an event, a category or an id, in characters.
pub const NAME_MAX: usize = 100;
/// What stands for a part that was left out.
const LEFT_OUT: &str = "…";

/// The path of a page: stated, else from its address, else the page's name.
pub fn path(item: &Item) -> String {
    let page = item.context("page");
    let stated = [item.properties(), page].iter().find_map(|source| text_of(source, "path"));
    let address = || [item.properties(), page].iter().find_map(|source| text_of(source, "url"));
    match stated.or_else(address) {
        Some(path) => plain_path(&path),
        None => screen(item),
    }
}

/// The name of a screen, or of a page that has no address.
pub fn screen(item: &Item) -> String {
    let name = text_of(item.json, "name").or_else(|| text_of(item.properties(), "name"));
    plain_name(&name.unwrap_or_default())
}

fn text_of(source: &Json, name: &str) -> Option<String> {
    source.at(name).text().map(|text| text.into_owned())
}

/// A path without host, query, fragment and addresses, at most 200 characters.
pub fn plain_path(text: &str) -> String {
    let path = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => {
            rest.find(['/', '?', '#']).map_or("/", |at| &rest[at..])
        }
        _ => text,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let plain: Vec<&str> = path.split('/').map(|part| if is_plain(part) { part } else { LEFT_OUT }).collect();
    let joined = plain.join("/");
    let path: String = joined.chars().filter(|c| !c.is_control()).take(PATH_MAX).collect();
    if path.is_empty() { "/".to_owned() } else { path }
}

fn is_plain(part: &str) -> bool {
    !part.contains('@') && !part.contains("%40") && part.chars().count() <= SEGMENT_MAX
}

/// A name without control characters and addresses, at most 100 characters.
pub fn plain_name(text: &str) -> String {
    let text = text.trim();
    let clean = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect() };
    if !text.contains('@') {
        return clean(text);
    }
    let words: Vec<&str> =
        text.split(' ').map(|word| if word.contains('@') { LEFT_OUT } else { word }).collect();
    clean(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_personal_text() {
        for (text, path) in [
            ("/a/b?token=1#x", "/a/b"),
            ("https://shop.test/a?e=ivan@example.com", "/a"),
            ("https://shop.test?x", "/"),
            ("/unsubscribe/ivan@example.com/x", "/unsubscribe/…/x"),
            ("/u/ivan%40example.com", "/u/…"),
            ("", "/"),
            ("?utm_source=x", "/"),
            ("/go?to=https://other.test/x", "/go"),
            ("/каталог/обувь/", "/каталог/обувь/"),
        ] {
            assert_eq!(plain_path(text), path, "{text}");
        }
        assert_eq!(plain_path(&format!("/r/{}/ok", "t".repeat(81))), "/r/…/ok");
        assert_eq!(plain_path(&"/я".repeat(300)).chars().count(), 200);
    }

    #[test]
    fn a_name_has_no_address() {
        assert_eq!(plain_name(" Invited ivan@example.com today\n"), "Invited … today");
        assert_eq!(plain_name(&"x".repeat(101)).len(), 100);
    }
}
