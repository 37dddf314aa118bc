//! What was typed in a field as JSON, and back.

use super::field::{Fault, Holds, parts};
use super::names::Names;
use beckon_core::money::{Currency, Money};
use serde_json::Value;
use std::collections::BTreeSet;

/// A text as JSON; `None` for what is left out.
pub fn read(text: &str, holds: Holds, names: &Names) -> Result<Option<Value>, Fault> {
    // A flag is always said: it may be on where nothing is said.
    if text.is_empty() && holds != Holds::Flag {
        return Ok(None);
    }
    let digits = || text.replace(['\u{a0}', '\u{202f}', ' '], "").replace(',', ".");
    Ok(Some(match holds {
        Holds::Text => text.into(),
        Holds::Flag => (!text.is_empty()).into(),
        Holds::Whole => digits().trim_end_matches('%').parse::<i64>().map_err(|_| Fault::NotWhole)?.into(),
        Holds::Decimal => digits().parse::<f64>().map_err(|_| Fault::NotNumber)?.into(),
        Holds::Sum => Money::parse(&digits(), names.currency).ok_or(Fault::NotSum)?.minor.into(),
        Holds::Lines => parts(text).map(Value::from).collect(),
        Holds::Categories => names.ids(text)?.into_iter().map(Value::from).collect(),
        Holds::Boxes(known) => {
            let ticked: BTreeSet<&str> = parts(text).collect();
            // All is as good as none, and holds for channels to come.
            if known.iter().all(|one| ticked.contains(one)) {
                return Ok(None);
            }
            ticked.into_iter().map(Value::from).collect()
        }
    }))
}

/// JSON as a text.
pub fn write(value: Option<&Value>, holds: Holds, names: &Names) -> String {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let Some(value) = value else { return String::new() };
    let list = || value.as_array().into_iter().flatten().map(plain).collect::<Vec<_>>();
    match holds {
        Holds::Flag => if value.as_bool() == Some(true) { "1" } else { "" }.to_owned(),
        Holds::Sum => value.as_i64().map_or(String::new(), |minor| sum(minor, names.currency)),
        Holds::Lines => list().join("\n"),
        Holds::Boxes(_) => list().join(","),
        Holds::Categories => list().iter().map(|id| names.name(id)).collect::<Vec<_>>().join("\n"),
        _ => plain(value),
    }
}

fn sum(minor: i64, currency: Currency) -> String {
    let text = Money { minor, currency }.decimal();
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}
