//! The file with settings: TOML (toml.io), one `key = value` per line.

use super::layer::{KEYS, Layer};
use super::{Source, unknown};
use std::ops::Range;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Reads the file.
///
/// # Errors
/// The line that says what is wrong on which line.
pub fn read(path: &Path) -> Result<Layer, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|why| format!("{}: the settings cannot be read: {why}", path.display()))?;
    parse(path, &text)
}

/// Reads the text of a file of this name.
pub fn parse(path: &Path, text: &str) -> Result<Layer, String> {
    let place = |span: Range<usize>| {
        let before = text.as_bytes().get(..span.start).unwrap_or_default();
        Source::Line(path.to_owned(), 1 + before.iter().filter(|byte| **byte == b'\n').count())
    };
    let table = DeTable::parse(text).map_err(|why| {
        let what = why.message().split('\n').collect::<Vec<_>>().join(", ");
        format!("{}: {what}; a line is written key = \"value\"", place(why.span().unwrap_or(0..0)))
    })?;
    // In the order of the file, so that the first wrong line is the one that is told.
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut layer = Layer::default();
    for (key, value) in entries {
        let (name, at) = (key.get_ref(), place(key.span()));
        if !KEYS.contains(&name.as_ref()) {
            return Err(unknown(&at, name, name));
        }
        let shown =
            text.get(value.span()).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(plain) = plain(value.get_ref()) else {
            return Err(format!("{at}: {name} = {shown}: one value is wanted, as {name} = \"…\""));
        };
        layer.set(name, &plain, &shown, &at)?;
    }
    Ok(layer)
}

/// A value as the command line would have it; a list with commas between.
fn plain(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| plain(item.get_ref())).collect();
            items?.join(",")
        }
        DeValue::Datetime(_) | DeValue::Table(_) => return None,
    })
}
