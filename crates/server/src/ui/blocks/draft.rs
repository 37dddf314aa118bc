//! A block as a form holds it: every field a text under the path it has in JSON (`mix[0].share`), so that what was
//! typed comes back as it was typed, with what is wrong at its field.

use super::field::{Fault, Holds};
use super::names::Names;
use super::rules;
use super::typed::{read, write};
use crate::form::Fields;
use beckon_recommend::block::{Block, Flaw, Wrong};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Channels, in the order of the screens.
pub const CHANNELS: &[&str] = &["web", "mobile_web", "app", "message"];

/// Fields of a source.
pub const SOURCE: &[(&str, Holds)] = &[
    ("strategy", Holds::Text),
    ("share", Holds::Whole),
    ("from", Holds::Text),
    ("scope", Holds::Text),
    ("period", Holds::Text),
    ("days", Holds::Whole),
    ("band.from", Holds::Whole),
    ("band.to", Holds::Whole),
    ("holiday.tag", Holds::Text),
    ("holiday.from", Holds::Text),
    ("holiday.to", Holds::Text),
    ("holiday.countries", Holds::Lines),
    ("endpoint", Holds::Text),
    ("only_consumed_often", Holds::Flag),
    ("on", Holds::Boxes(CHANNELS)),
];

/// Fields of the filters, without the rows of attributes.
pub const FILTERS: &[(&str, Holds)] = &[
    ("filters.price_minor.from", Holds::Sum),
    ("filters.price_minor.to", Holds::Sum),
    ("filters.price_of_seed.from", Holds::Whole),
    ("filters.price_of_seed.to", Holds::Whole),
    ("filters.categories.only", Holds::Categories),
    ("filters.categories.not", Holds::Categories),
    ("filters.brands.only", Holds::Lines),
    ("filters.brands.not", Holds::Lines),
    ("filters.tags.only", Holds::Lines),
    ("filters.tags.not", Holds::Lines),
    ("filters.age_days.from", Holds::Whole),
    ("filters.age_days.to", Holds::Whole),
    ("filters.rating", Holds::Decimal),
    ("filters.margin_percent", Holds::Whole),
    ("filters.not_bought_days", Holds::Whole),
    ("filters.not_bought_days_consumed", Holds::Whole),
    ("filters.not_viewed", Holds::Flag),
];

/// Fields of a row of attributes.
pub const ATTRIBUTE: &[(&str, Holds)] =
    &[("name", Holds::Text), ("only", Holds::Lines), ("not", Holds::Lines)];

/// Fields of the block itself.
pub const WHOLE: &[(&str, Holds)] = &[
    ("title.en", Holds::Text),
    ("title.ru", Holds::Text),
    ("fill", Holds::Flag),
    ("size", Holds::Whole),
    ("min_size", Holds::Whole),
    ("diversity", Holds::Whole),
    ("profile", Holds::Text),
];

/// The fields of a row.
pub type Columns = &'static [(&'static str, Holds)];

/// Lists of rows: their path, the fields of a row, and that without which a row is blank.
pub const LISTS: &[(&str, Columns, &str)] = &[
    ("mix", SOURCE, "strategy"),
    ("fall_back", SOURCE, "strategy"),
    ("filters.attributes", ATTRIBUTE, "name"),
    ("rules", rules::FIELDS, "kind"),
];

/// What stands in the fields of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft(BTreeMap<String, String>);

/// What is wrong, by the path of its field; the empty path stands for the whole.
pub type Errors = BTreeMap<String, Fault>;

impl Draft {
    /// What stands in a field; empty where nothing does.
    pub fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    /// How many rows a list has.
    pub fn rows(&self, list: &str) -> usize {
        let of = |path: &String| row_of(list, path).map(|(row, _)| row + 1);
        self.0.keys().filter_map(of).max().unwrap_or(0)
    }

    /// What a block says.
    pub fn of(block: &Block, names: &Names) -> Draft {
        let json = serde_json::to_value(block).unwrap_or_default();
        let mut draft = Draft::default();
        for (path, holds) in WHOLE.iter().chain(FILTERS) {
            draft.set(path, write(find(&json, path), *holds, names));
        }
        for (list, fields, _) in &LISTS[..3] {
            let rows = find(&json, list).and_then(Value::as_array).map_or(0, Vec::len);
            for row in 0..rows {
                for (field, holds) in *fields {
                    let path = format!("{list}[{row}].{field}");
                    draft.set(&path, write(find(&json, &path), *holds, names));
                }
            }
        }
        for (row, rule) in block.rules.iter().enumerate() {
            for (field, text) in rules::write(rule, names) {
                draft.set(&format!("rules[{row}].{field}"), text);
            }
        }
        draft
    }

    /// What somebody typed. Rows that are blank are left out, and those after them move up.
    pub fn typed(fields: &Fields) -> Draft {
        let mut draft = Draft::default();
        for (path, holds) in WHOLE.iter().chain(FILTERS) {
            draft.set(path, sent(fields, path, *holds));
        }
        for (list, columns, key) in LISTS {
            let rows: BTreeSet<usize> =
                fields.iter().filter_map(|(path, _)| Some(row_of(list, path)?.0)).collect();
            let mut to = 0;
            for row in rows {
                if fields.text(&format!("{list}[{row}].{key}")).is_empty() {
                    continue;
                }
                for (field, holds) in *columns {
                    let text = sent(fields, &format!("{list}[{row}].{field}"), *holds);
                    draft.set(&format!("{list}[{to}].{field}"), text);
                }
                to += 1;
            }
        }
        draft
    }

    fn set(&mut self, path: &str, text: String) {
        self.0.insert(path.to_owned(), text);
    }

    /// The block it says, on the ground of the one there was, whose other headings stay.
    ///
    /// # Errors
    /// Everything that is wrong, each at its field.
    pub fn block(&self, before: &Block, names: &Names) -> Result<Block, Errors> {
        let mut errors = Errors::new();
        let mut json = Value::Object(Map::new());
        put(&mut json, "name", before.name.clone().into());
        put(&mut json, "title", serde_json::to_value(&before.title).unwrap_or_default());
        let mut take = |path: &str, holds: Holds| match read(self.text(path), holds, names) {
            Ok(None) => {
                if let Some(language) = path.strip_prefix("title.") {
                    json["title"].as_object_mut().map(|titles| titles.remove(language));
                }
            }
            Ok(Some(value)) => match beyond(path, holds, &value) {
                Some(fault) => {
                    errors.insert(path.to_owned(), fault);
                }
                None => put(&mut json, path, value),
            },
            Err(fault) => {
                errors.insert(path.to_owned(), fault);
            }
        };
        for (path, holds) in WHOLE.iter().chain(FILTERS) {
            take(path, *holds);
        }
        for (list, columns, _) in &LISTS[..3] {
            for row in 0..self.rows(list) {
                columns.iter().for_each(|(field, holds)| take(&format!("{list}[{row}].{field}"), *holds));
            }
        }
        for row in 0..self.rows("rules") {
            let at = format!("rules[{row}]");
            let text = |field: &str| self.text(&format!("{at}.{field}")).to_owned();
            match rules::read(&text, names) {
                Ok(rule) => put(&mut json, &at, rule),
                Err((field, fault)) => {
                    errors.insert(format!("{at}.{field}"), fault);
                    // Its place is kept, so that the flaws of those after it find their rows.
                    put(&mut json, &at, serde_json::json!({ "hide": { "goods": {} } }));
                }
            }
        }
        match serde_json::from_value::<Block>(json) {
            Ok(block) => {
                for flaw in block.flaws() {
                    errors.entry(field_of(&flaw.field)).or_insert(Fault::Flaw(flaw));
                }
                if errors.is_empty() { Ok(block) } else { Err(errors) }
            }
            Err(why) => {
                errors.entry(String::new()).or_insert_with(|| Fault::Said(why.to_string()));
                Err(errors)
            }
        }
    }
}

/// A number that its place in a block cannot hold: said at its field, where the block could only be refused whole.
fn beyond(path: &str, holds: Holds, value: &Value) -> Option<Fault> {
    let number = value.as_i64().filter(|_| holds == Holds::Whole)?;
    let (from, to, fits) = match path {
        "diversity" => (0, 100, 0..=255),
        "filters.margin_percent" => (-1_000, 100, -32_768..=32_767),
        _ if path.ends_with(".share") => (1, 100, 0..=255),
        _ => (0, 32_767, 0..=32_767),
    };
    let wrong = Wrong::OutOfRange { from, to };
    let flaw = || Flaw { field: path.to_owned(), value: number.to_string(), wrong };
    (!fits.contains(&number)).then(|| Fault::Flaw(flaw()))
}

/// The field of the form that a path of a flaw means: `rules[0].pin.item` is typed in `rules[0].item`.
fn field_of(path: &str) -> String {
    match path {
        "name" => String::new(),
        "mix" | "fall_back" | "filters.attributes" | "rules" => path.to_owned(),
        _ => match path.split_once("].").filter(|(list, _)| list.starts_with("rules[")) {
            Some((row, rest)) => format!("{row}].{}", rules::field_of(rest)),
            None if path.starts_with("filters.") || path.contains(".band") => ends(path),
            None => path.to_owned(),
        },
    }
}

/// A flaw of both ends stands at the first one; one of both lists of names at the second.
fn ends(path: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or_default();
    match last {
        "price_minor" | "age_days" | "price_of_seed" | "band" => format!("{path}.from"),
        "categories" | "brands" | "tags" => format!("{path}.not"),
        _ => path.to_owned(),
    }
}

/// Row and field of a path within a list.
fn row_of<'a>(list: &str, path: &'a str) -> Option<(usize, &'a str)> {
    let (row, field) = path.strip_prefix(list)?.strip_prefix('[')?.split_once("].")?;
    Some((row.parse().ok().filter(|row| *row < 1_000)?, field))
}

/// What was sent of a field; boxes by commas.
fn sent(fields: &Fields, path: &str, holds: Holds) -> String {
    match holds {
        Holds::Boxes(_) => fields.all(path).collect::<Vec<_>>().join(","),
        Holds::Flag => if fields.has(path) { "1" } else { "" }.to_owned(),
        _ => fields.text(path).to_owned(),
    }
}

/// What stands at a path.
fn find<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    json.pointer(&format!("/{}", path.replace(['.', '['], "/").replace(']', "")))
}

/// Puts a value at a path, making what is on the way.
fn put(json: &mut Value, path: &str, value: Value) {
    let mut here = json;
    for part in path.split('.') {
        let (name, row) = match part.split_once('[') {
            Some((name, row)) => (name, row.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        here = &mut here[name];
        if let Some(row) = row {
            if !here.is_array() {
                *here = Value::Array(Vec::new());
            }
            if let Value::Array(rows) = here {
                rows.resize(rows.len().max(row + 1), Value::Object(Map::new()));
            }
            here = &mut here[row];
        }
    }
    *here = value;
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
