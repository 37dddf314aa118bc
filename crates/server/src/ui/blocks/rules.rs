//! Rules as rows of a form: a kind, and fields of which each kind has its own.

use super::field::{Fault, Holds, parts};
use super::names::Names;
use super::typed::read as read_field;
use beckon_recommend::block::{Goods, Per, Rule};
use serde_json::{Map, Value, json};

/// Kinds of rules, each with the fields it has.
pub const KINDS: &[(&str, &[&str])] = &[
    ("pin", &["item", "position"]),
    ("boost", &["times", "items", "categories", "brands", "tags"]),
    ("bury", &["times", "items", "categories", "brands", "tags"]),
    ("hide", &["items", "categories", "brands", "tags"]),
    ("margin", &["weight"]),
    ("at_most_brand", &["count"]),
    ("at_most_category", &["count"]),
];

/// All fields.
pub const FIELDS: &[(&str, Holds)] = &[
    ("kind", Holds::Text),
    ("item", Holds::Text),
    ("position", Holds::Whole),
    ("times", Holds::Decimal),
    ("items", Holds::Lines),
    ("categories", Holds::Categories),
    ("brands", Holds::Lines),
    ("tags", Holds::Lines),
    ("weight", Holds::Decimal),
    ("count", Holds::Whole),
];

/// The fields of a rule, with what stands in them.
pub fn write(rule: &Rule, names: &Names) -> Vec<(&'static str, String)> {
    match rule {
        Rule::Pin { item, position } => {
            vec![("kind", "pin".to_owned()), ("item", item.clone()), ("position", position.to_string())]
        }
        Rule::Boost { goods, times } => weighed("boost", Some(*times), goods, names),
        Rule::Bury { goods, times } => weighed("bury", Some(*times), goods, names),
        Rule::Hide { goods } => weighed("hide", None, goods, names),
        Rule::Margin { weight } => vec![("kind", "margin".to_owned()), ("weight", weight.to_string())],
        Rule::AtMost { per, count } => {
            let kind = if *per == Per::Brand { "at_most_brand" } else { "at_most_category" };
            vec![("kind", kind.to_owned()), ("count", count.to_string())]
        }
    }
}

fn weighed(kind: &str, times: Option<f32>, goods: &Goods, names: &Names) -> Vec<(&'static str, String)> {
    let categories: Vec<String> = goods.categories.iter().map(|id| names.name(id)).collect();
    vec![
        ("kind", kind.to_owned()),
        ("times", times.map(|times| times.to_string()).unwrap_or_default()),
        ("items", goods.items.join("\n")),
        ("categories", categories.join("\n")),
        ("brands", goods.brands.join("\n")),
        ("tags", goods.tags.join("\n")),
    ]
}

/// The rule that was typed.
///
/// # Errors
/// A field of it with what is wrong there.
pub fn read(text: &dyn Fn(&str) -> String, names: &Names) -> Result<Value, (&'static str, Fault)> {
    let kind = text("kind");
    let Some((kind, fields)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return Err(("kind", Fault::Said(kind)));
    };
    let mut of = Map::new();
    let mut goods = Map::new();
    for (field, holds) in FIELDS.iter().filter(|(field, _)| fields.contains(field)) {
        let typed = text(field);
        let value = match (*field, *holds) {
            // An empty number is zero, which no rule takes: the flaw then names the bounds.
            (_, Holds::Whole | Holds::Decimal) if typed.is_empty() => Some(json!(0)),
            ("items", _) => Some(parts(&typed).map(Value::from).collect()),
            ("item", _) => Some(typed.into()),
            (_, holds) => read_field(&typed, holds, names).map_err(|fault| (*field, fault))?,
        };
        let in_goods = matches!(*field, "items" | "categories" | "brands" | "tags");
        if let Some(value) = value {
            if in_goods { &mut goods } else { &mut of }.insert((*field).to_owned(), value);
        }
    }
    if fields.contains(&"items") {
        of.insert("goods".to_owned(), Value::Object(goods));
    }
    // A number too large for its field is a flaw of that field, not of the whole.
    for (field, most) in [("position", 65_535), ("count", 65_535)] {
        if of.get(field).and_then(Value::as_i64).is_some_and(|n| !(0..=most).contains(&n)) {
            return Err((field, Fault::NotWhole));
        }
    }
    let name = match *kind {
        "at_most_brand" | "at_most_category" => {
            let per = if *kind == "at_most_brand" { "brand" } else { "category" };
            of.insert("per".to_owned(), per.into());
            "at_most"
        }
        other => other,
    };
    Ok(json!({ name: of }))
}

/// The field a flaw's path within a rule means.
pub fn field_of(rest: &str) -> &str {
    match rest.split_once('.') {
        Some((_, "per")) | None => "kind",
        Some((_, goods)) if goods.starts_with("goods") => match goods.split('.').nth(1) {
            Some(list @ ("items" | "categories" | "brands" | "tags")) => list,
            _ => "items",
        },
        Some((_, field)) => field,
    }
}
