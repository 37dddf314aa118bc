//! What was said about the person: the traits Beckon knows by name, and the rest as text within bounds.

use super::Reason;
use super::identity;
use super::item::{Call, Item};
use super::json::{Json, is_name};
use beckon_core::event::Traits;
use std::collections::BTreeMap;

/// How many traits without a field of their own are kept.
const OTHER_MAX: usize = 32;
/// The longest name of a trait, in characters.
const NAME_MAX: usize = 64;
/// The longest value, in characters; longer ones are cut.
const VALUE_MAX: usize = 256;

/// Traits with a field of their own, or that are identities: not repeated in `other`.
const KNOWN: [&str; 23] = [
    "email",
    "emailaddress",
    "phone",
    "phonenumber",
    "firstname",
    "lastname",
    "name",
    "emailconsent",
    "marketingconsent",
    "consent",
    "timezone",
    "locale",
    "language",
    "card",
    "loyaltycard",
    "userid",
    "anonymousid",
    "consentemail",
    "id",
    "password",
    "passwd",
    "signature",
    "emailsignature",
];

/// The traits of a call. Zone and language come from the context of calls that speak for a person in front of a screen.
pub fn of(item: &mut Item) -> Traits {
    let mut traits = Traits {
        email: item.said_of_person(&["email", "emailaddress"]).and_then(|v| identity::email(&v.text()?)),
        phone: item.said_of_person(&["phone", "phonenumber"]).and_then(|v| identity::phone(&v.text()?)),
        ..Traits::default()
    };
    names_of_person(item, &mut traits);
    traits.email_consent = consent(item);
    let [own, repeated] = item.person();
    let spoken = matches!(item.call, Call::Identify | Call::Page | Call::Screen);
    let context = |name: &str| if spoken { item.context(name) } else { &Json::Null };
    traits.time_zone = [own, repeated]
        .iter()
        .find_map(|source| zone(source.at("timezone")))
        .or_else(|| zone(context("timezone")));
    traits.locale = [own, repeated]
        .iter()
        .find_map(|source| locale(source.first(&["locale", "language"])?))
        .or_else(|| locale(context("locale")));
    for source in [own, repeated] {
        if !other(source, &mut traits.other) {
            item.flag(Reason::TraitsLeftOut, "traits");
        }
    }
    traits
}

/// The names of what was said, sorted: all that the event itself keeps.
pub fn names(traits: &Traits) -> Vec<String> {
    let known = [
        ("email", traits.email.is_some()),
        ("phone", traits.phone.is_some()),
        ("first_name", traits.first_name.is_some()),
        ("last_name", traits.last_name.is_some()),
        ("email_consent", traits.email_consent.is_some()),
        ("time_zone", traits.time_zone.is_some()),
        ("locale", traits.locale.is_some()),
    ];
    let known = known.into_iter().filter(|(_, said)| *said).map(|(name, _)| name.to_owned());
    // A shop that puts an address into the name of a trait must not bring it into the event.
    let other = traits.other.keys().filter(|name| !name.contains('@')).cloned();
    let mut names: Vec<String> = known.chain(other).collect();
    names.sort_unstable();
    names
}

/// First and last name; `name` is split at its first space when neither was said. `null` takes a name back.
fn names_of_person(item: &Item, traits: &mut Traits) {
    for source in item.person() {
        let said = |wanted: &str| {
            source.fields().iter().rev().find(|(name, _)| is_name(name, wanted)).and_then(|(_, value)| {
                match value {
                    Json::Null => Some(String::new()),
                    value => value.text().map(|text| cut(&text, 100)).filter(|text| !text.is_empty()),
                }
            })
        };
        let (mut first, mut last) = (said("firstname"), said("lastname"));
        if first.is_none() && last.is_none() {
            let whole = said("name").unwrap_or_default();
            let mut parts =
                whole.splitn(2, char::is_whitespace).map(str::trim).filter(|part| !part.is_empty());
            (first, last) = (parts.next().map(str::to_owned), parts.next().map(str::to_owned));
        }
        traits.first_name = traits.first_name.take().or(first);
        traits.last_name = traits.last_name.take().or(last);
    }
}

/// Whether marketing mail is agreed to, in the spellings shops use.
fn consent(item: &mut Item) -> Option<bool> {
    let [own, repeated] = item.person();
    let value = [own, repeated].iter().find_map(|source| {
        source
            .first(&["emailconsent", "marketingconsent", "consentemail"])
            .or_else(|| source.at("consent").get("email"))
    })?;
    let truth = value.truth();
    if truth.is_none() {
        item.flag(Reason::BadConsent, "email_consent");
    }
    truth
}

/// A zone of the IANA database, in its own spelling.
fn zone(value: &Json) -> Option<String> {
    let text = value.text()?;
    if text.len() > 64 || text.eq_ignore_ascii_case("etc/unknown") {
        return None;
    }
    jiff::tz::db().get(&text).ok()?.iana_name().map(str::to_owned)
}

/// A language tag of plausible shape (BCP 47); `ru_RU` becomes `ru-RU`.
fn locale(value: &Json) -> Option<String> {
    let text = value.text()?.replace('_', "-");
    let language = text.split('-').next()?;
    let parts_ok = text
        .split('-')
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    let language_ok = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    (parts_ok && language_ok && text.len() <= 35).then_some(text)
}

/// Adds the rest, one level of objects as `a.b`; false when something had to be left out.
fn other(source: &Json, into: &mut BTreeMap<String, String>) -> bool {
    let mut whole = true;
    for (name, value) in source.fields() {
        if KNOWN.iter().any(|known| is_name(name, known)) {
            continue;
        }
        match value {
            Json::Object(inner) => {
                for (part, value) in inner {
                    whole &= add(into, format!("{name}.{part}"), value);
                }
            }
            value => whole &= add(into, name.to_string(), value),
        }
    }
    whole
}

/// One trait as text. What was said first stays: the call's own traits come before the repeated ones.
fn add(into: &mut BTreeMap<String, String>, name: String, value: &Json) -> bool {
    let Some(text) = value_text(value) else { return false };
    let name_ok =
        !name.trim().is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    if !name_ok || (into.len() >= OTHER_MAX && !into.contains_key(&name)) {
        return false;
    }
    into.entry(name).or_insert(text);
    true
}

/// A plain value, or a list of plain values, as text; `None` for what is nested deeper. `null` takes back.
fn value_text(value: &Json) -> Option<String> {
    Some(match value {
        Json::Null => String::new(),
        Json::Bool(b) => b.to_string(),
        Json::Number(_) => value.text()?.into_owned(),
        Json::Text(text) => cut(text.trim(), VALUE_MAX),
        Json::List(list) => {
            let parts: Option<Vec<String>> = list
                .iter()
                .take(OTHER_MAX)
                .map(|part| value_text(part).filter(|_| !matches!(part, Json::List(_) | Json::Object(_))))
                .collect();
            cut(&parts?.join(", "), VALUE_MAX)
        }
        Json::Object(_) => return None,
    })
}

/// At most so many characters, without control characters.
fn cut(text: &str, chars: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(chars).collect()
}
