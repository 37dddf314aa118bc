//! Events arriving: what the last requests said, field by field, and what was not understood.

use crate::access::rights::Right;
use crate::app::{App, Arrival};
use crate::i18n;
use crate::track::Flag;
use crate::ui::layout::{Page, fragment, html};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::event::{Fact, Incoming, Source, Strength};
use beckon_core::ids::DoorKind;
use beckon_core::time::ShopTime;
use serde_json::Value;
use std::sync::{Arc, PoisonError};

/// Arrivals on the page.
const SHOWN: usize = 50;

/// Something that arrived, ready to be shown.
struct Line {
    at: ShopTime,
    name: String,
    server: bool,
    history: bool,
    lost: bool,
    /// What was wrong; empty for an event that was taken.
    problem: String,
    /// What to do about it.
    mend: String,
    fields: Vec<Field>,
}

/// A field: its name as reported, its value, and what it is for.
struct Field {
    name: String,
    value: String,
    about: String,
}

#[derive(Template)]
#[template(path = "developers/arrivals.html")]
struct Arrivals {
    page: Page,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "developers/arrivals_list.html")]
struct List {
    page: Page,
    lines: Vec<Line>,
}

/// `GET /developers/arrivals`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let lines = lines(&page, &app);
    html(&Arrivals { page, lines })
}

/// `GET /developers/arrivals/list`: again and again.
pub async fn live(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let lines = lines(&page, &app);
    fragment(&headers, &List { page, lines })
}

fn lines(page: &Page, app: &App) -> Vec<Line> {
    let arrivals: Vec<Arrival> = {
        let arrivals = app.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        arrivals.iter().take(SHOWN).cloned().collect()
    };
    arrivals
        .iter()
        .map(|arrival| match arrival {
            Arrival::Event(event) => event_line(page, event),
            Arrival::Flag(flag) => flag_line(page, flag),
            Arrival::Refused { code, count, at } => refused_line(page, code, *count, *at),
        })
        .collect()
}

fn flag_line(page: &Page, flag: &Flag) -> Line {
    Line {
        at: flag.at,
        name: flag.what.clone(),
        server: false,
        history: false,
        lost: flag.reason.loses_event(),
        problem: page.t(&format!("flag-{}", flag.reason.code())),
        mend: page.t(&format!("mend-{}", flag.reason.code())),
        fields: Vec::new(),
    }
}

/// Requests that were refused as a whole; nothing of them was kept.
fn refused_line(page: &Page, code: &str, count: u64, at: ShopTime) -> Line {
    let key = code.replace('_', "-");
    Line {
        at,
        name: page.count("arrival-refused", count),
        server: false,
        history: false,
        lost: true,
        problem: page.t(&format!("request-{key}")),
        mend: page.t(&format!("request-mend-{key}")),
        fields: Vec::new(),
    }
}

fn event_line(page: &Page, incoming: &Incoming) -> Line {
    let event = &incoming.event;
    // Who may not see customers sees that there was an address, not which.
    let people = page.may(Right::People);
    let mut fields = Vec::new();
    for identity in &incoming.identities {
        let strength =
            if identity.strength == Strength::Proved { "arrival-proved" } else { "arrival-claimed" };
        let open = people || matches!(identity.door.kind, DoorKind::Anonymous | DoorKind::Order);
        fields.push(Field {
            name: page.t(door_key(identity.door.kind)),
            value: if open { identity.door.value.clone() } else { "•••".to_owned() },
            about: page.t(strength),
        });
    }
    flatten(page, &fact(&event.fact), &mut Vec::new(), &mut fields);
    let traits = serde_json::to_value(&incoming.traits).unwrap_or_default();
    let traits = traits.as_object().into_iter().flatten();
    // The shop's own traits stand beside the known ones, as they were sent.
    let traits = traits.flat_map(|(name, value)| match value.as_object() {
        Some(others) => others.iter().collect(),
        None => vec![(name, value)],
    });
    for (name, value) in traits {
        let value = if people { plain(value) } else { "•••".to_owned() };
        fields.push(Field { name: name.clone(), value, about: page.t("field-trait") });
    }
    Line {
        at: event.received_at,
        name: event.fact.name().to_owned(),
        server: event.source == Source::Server,
        history: event.mode == beckon_core::event::Mode::History,
        lost: false,
        problem: String::new(),
        mend: String::new(),
        fields,
    }
}

fn fact(fact: &Fact) -> Value {
    let mut value = serde_json::to_value(fact).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.remove("type");
    }
    value
}

fn door_key(kind: DoorKind) -> &'static str {
    match kind {
        DoorKind::User => "door-user",
        DoorKind::Card => "door-card",
        DoorKind::Email => "door-email",
        DoorKind::Phone => "door-phone",
        DoorKind::Anonymous => "door-anonymous",
        DoorKind::Order => "door-order",
    }
}

/// Every leaf of a value as a field, called by its way: `lines.0.item.id`. An amount is one leaf.
fn flatten(page: &Page, value: &Value, way: &mut Vec<String>, fields: &mut Vec<Field>) {
    if let Some(money) = money(value) {
        return fields.push(field(page, way, page.words.money(&money)));
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                way.push(name.clone());
                flatten(page, value, way, fields);
                way.pop();
            }
        }
        // A list of names reads as one field.
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_string) => {
            let names: Vec<String> = list.iter().map(plain).collect();
            fields.push(field(page, way, names.join(", ")));
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                way.push(place.to_string());
                flatten(page, value, way, fields);
                way.pop();
            }
        }
        leaf => fields.push(field(page, way, plain(leaf))),
    }
}

fn money(value: &Value) -> Option<beckon_core::money::Money> {
    value.get("minor")?;
    serde_json::from_value(value.clone()).ok()
}

fn field(page: &Page, way: &[String], value: String) -> Field {
    let known = about_key(way);
    let about = if i18n::known(&known) { page.t(&known) } else { String::new() };
    Field { name: way.join("."), value, about }
}

/// Key of the words about a field: its last name, without places in a list.
fn about_key(way: &[String]) -> String {
    let mut names = way.iter().rev().filter(|part| !part.bytes().all(|b| b.is_ascii_digit()));
    let last = names.next().map_or("", String::as_str);
    let name = match (last, names.next().map(String::as_str)) {
        ("id", Some("item")) => "item-id",
        ("id", None) => "order-id",
        (name, _) => name,
    };
    format!("field-{}", name.replace('_', "-"))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::{CODES, Reason};
    use beckon_core::event::{BlockSeen, ItemRef, Line as CartLine, OrderFact};
    use beckon_core::ids::MessageId;
    use beckon_core::money::{Currency, Money};

    fn leaves(value: &Value, way: &mut Vec<String>, found: &mut Vec<String>) {
        match value {
            _ if money(value).is_some() => found.push(about_key(way)),
            Value::Object(object) => object.iter().for_each(|(name, value)| {
                way.push(name.clone());
                leaves(value, way, found);
                way.pop();
            }),
            Value::Array(list) => list.iter().for_each(|value| {
                way.push("0".to_owned());
                leaves(value, way, found);
                way.pop();
            }),
            _ => found.push(about_key(way)),
        }
    }

    #[test]
    fn every_warning_and_every_refusal_says_what_to_do() {
        let flags = Reason::ALL.map(|reason| ("flag", "mend", reason.code().to_owned()));
        let refusals = CODES.map(|code| ("request", "request-mend", code.replace('_', "-")));
        for (what, mend, code) in flags.into_iter().chain(refusals) {
            for locale in i18n::Locale::ALL {
                let [what, mend] = [what, mend].map(|part| format!("{part}-{code}"));
                assert!(i18n::known(&what), "no words for {what}");
                assert!(i18n::known(&mend), "{what} does not say what to do: {mend} is missing");
                let [said, todo] = [what, mend].map(|key| i18n::t(locale, &key, &[]));
                assert!(said.ends_with('.') && todo.ends_with('.') && said != todo, "{said} {todo}");
            }
        }
    }

    #[test]
    fn every_field_of_every_fact_has_words() {
        let item = ItemRef { id: "1".to_owned(), alt: "2".to_owned() };
        let price = Some(Money { minor: 1, currency: Currency::RUB });
        let line = CartLine { item: item.clone(), quantity: 1, price };
        let order = OrderFact {
            id: "1".to_owned(),
            status: beckon_core::event::OrderStatus::Completed,
            total: price,
            lines: vec![line.clone()],
        };
        let facts = [
            Fact::Page { path: "/".to_owned() },
            Fact::ProductViewed { item: item.clone() },
            Fact::ProductDwelled { item: item.clone(), dwell_secs: 1 },
            Fact::ListViewed { category: "a".to_owned() },
            Fact::CartAdded { cart: "a".to_owned(), line: line.clone() },
            Fact::CartIs { cart: "a".to_owned(), lines: vec![line] },
            Fact::Order(order),
            Fact::Wished { item: item.clone(), on: true },
            Fact::Identified { traits: vec!["email".to_owned()] },
            Fact::BlocksSeen { blocks: vec![BlockSeen { block: "a".to_owned(), arm: "b".to_owned() }] },
            Fact::BlockClicked { block: "a".to_owned(), arm: "b".to_owned(), item: item.clone() },
            Fact::CameFromMessage { message: MessageId(1) },
            Fact::Other { name: "a".to_owned(), item: Some(item) },
        ];
        for known in &facts {
            let mut found = Vec::new();
            leaves(&fact(known), &mut Vec::new(), &mut found);
            assert!(!found.is_empty());
            for key in found {
                assert!(i18n::known(&key), "{}: {key} has no words", known.name());
            }
        }
    }
}
