//! Reasons of decisions in words, in Russian and English: the one place where a code of the core becomes a sentence.

use beckon_core::time::{DAY, HOUR, MINUTE, SECOND, ShopTime, Span};
use beckon_core::why::Reason;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Languages of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Tongue {
    /// The first of our languages in an `Accept-Language` header (RFC 9110 §12.5.4; weights are taken to fall from
    /// left to right, as browsers write them) or in a plain tag.
    #[must_use]
    pub fn parse(text: &str) -> Option<Tongue> {
        text.split(',').find_map(|tag| match tag.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "ru" => Some(Tongue::Ru),
            "en" => Some(Tongue::En),
            _ => None,
        })
    }

    /// The tag of the language.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Tongue::En => "en",
            Tongue::Ru => "ru",
        }
    }
}

/// A reason with its words.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// Stable code.
    pub code: String,
    /// The values that were compared, as the core wrote them.
    pub values: BTreeMap<String, String>,
    /// Both in words.
    pub text: String,
}

/// Puts reasons into words, in one language, at one place on earth.
pub struct Words {
    /// In which language.
    pub tongue: Tongue,
    /// In whose zone times are told.
    pub zone: TimeZone,
    /// Titles of journeys by name; a journey without one is called by its name.
    pub titles: BTreeMap<String, String>,
}

const EN: &str = include_str!("../../../templates/locales/en/why.ftl");
const RU: &str = include_str!("../../../templates/locales/ru/why.ftl");

static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("en", EN));
static RUSSIAN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("ru", RU));

fn bundle(tag: &str, text: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(tag.parse().into_iter().collect());
    // Isolation marks would stand in JSON and in attributes; our values are short and of one direction.
    bundle.set_use_isolating(false);
    // A line that cannot be read is left out here and found by the tests.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// What the values of reasons are, by name; every other value is text.
enum Is {
    Moment,
    Span,
    Number,
    Journey,
    Text,
}

fn kind_of(name: &str) -> Is {
    match name {
        "at" | "left_at" | "occurred_at" | "deadline" | "until" | "next" | "last_at" | "due" => Is::Moment,
        "after" | "within" | "every" => Is::Span,
        "most" | "sent" | "lines" | "priority" | "mine" => Is::Number,
        "journey" => Is::Journey,
        _ => Is::Text,
    }
}

/// Names a sentence may use; one that an older line of the journal lacks is told as a dash.
const NAMES: [&str; 28] = [
    "at",
    "left_at",
    "occurred_at",
    "deadline",
    "until",
    "next",
    "last_at",
    "due",
    "after",
    "within",
    "every",
    "by",
    "most",
    "sent",
    "lines",
    "priority",
    "mine",
    "journey",
    "step",
    "draw",
    "share",
    "global_draw",
    "global_share",
    "arm",
    "reason",
    "channel",
    "holds",
    "code",
];

impl Words {
    /// A reason in words.
    #[must_use]
    pub fn say(&self, reason: &Reason) -> String {
        let key = key_of(reason);
        let mut args = FluentArgs::new();
        for name in NAMES {
            args.set(name, "—");
        }
        args.set("code", reason.code.clone());
        for (name, value) in &reason.values {
            args.set(name.clone(), self.value(&reason.code, name, value));
        }
        let mut text = self.message(&key, Some(&args)).unwrap_or_else(|| reason.code.clone());
        if let (Some(until), false) = (reason.values.get("until"), reason.code == "quiet_hours") {
            let mut held = FluentArgs::new();
            held.set("until", self.value("", "until", until));
            text.push(' ');
            text.push_str(&self.message("why-until", Some(&held)).unwrap_or_default());
        }
        text
    }

    /// A reason with its words, for an answer.
    #[must_use]
    pub fn said(&self, reason: &Reason) -> Said {
        Said { code: reason.code.clone(), values: reason.values.clone(), text: self.say(reason) }
    }

    /// What a line of the journal says was done, in words.
    #[must_use]
    pub fn what(&self, what: &str) -> String {
        self.message(&format!("what-{what}"), None).unwrap_or_else(|| what.to_owned())
    }

    /// What a journey is called.
    #[must_use]
    pub fn journey(&self, name: &str) -> String {
        self.titles.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// A moment in the zone, as `22 ноября, 14:05`; the year is told only when it is not that of 2026's neighbours.
    #[must_use]
    pub fn moment(&self, at: ShopTime) -> String {
        let Ok(stamp) = Timestamp::from_millisecond(at.0) else { return "—".to_owned() };
        let local = stamp.to_zoned(self.zone.clone());
        let month = usize::try_from(local.month() - 1).unwrap_or(0);
        let (day, hour, minute, second) = (local.day(), local.hour(), local.minute(), local.second());
        let name = MONTHS[self.tongue as usize][month.min(11)];
        match self.tongue {
            Tongue::En => format!("{name} {day}, {hour:02}:{minute:02}:{second:02}"),
            Tongue::Ru => format!("{day} {name}, {hour:02}:{minute:02}:{second:02}"),
        }
    }

    /// A span, as `1 день 12 часов`.
    #[must_use]
    pub fn span(&self, span: Span) -> String {
        let mut rest = span.0.abs();
        let mut parts = Vec::new();
        let units =
            [(DAY, "span-days"), (HOUR, "span-hours"), (MINUTE, "span-minutes"), (SECOND, "span-seconds")];
        for (unit, key) in units {
            let n = rest / unit.0;
            rest %= unit.0;
            let last = unit == SECOND && parts.is_empty();
            if n > 0 || last {
                let mut args = FluentArgs::new();
                args.set("n", n);
                parts.extend(self.message(key, Some(&args)));
            }
        }
        parts.join(" ")
    }

    fn value(&self, code: &str, name: &str, value: &str) -> FluentValue<'static> {
        let text = match kind_of(name) {
            _ if name == "by" && code == "shifted" => Span::parse(value).map(|span| self.span(span)),
            Is::Moment => value.parse().ok().map(|ms| self.moment(ShopTime(ms))),
            Is::Span => Span::parse(value).map(|span| self.span(span)),
            Is::Number => match value.parse::<i64>() {
                Ok(n) => return FluentValue::from(n),
                Err(_) => None,
            },
            Is::Journey => Some(self.journey(value)),
            Is::Text => None,
        };
        FluentValue::from(text.unwrap_or_else(|| value.to_owned()))
    }

    fn message(&self, key: &str, args: Option<&FluentArgs>) -> Option<String> {
        let bundle = match self.tongue {
            Tongue::En => &*ENGLISH,
            Tongue::Ru => &*RUSSIAN,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, args, &mut errors).into_owned())
    }
}

/// The sentence of a reason. One code means two things: as a reason of the gate she agreed, as what failed at an entry
/// she did not. A ghost's final state carries no draw.
fn key_of(reason: &Reason) -> String {
    match reason.code.as_str() {
        "consented" if !reason.values.contains_key("by") => "why-condition-consented".to_owned(),
        "held_out" if !reason.values.contains_key("draw") => "why-held_out-short".to_owned(),
        code => format!("why-{code}"),
    }
}

const MONTHS: [[&str; 12]; 2] = [
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
];

#[cfg(test)]
mod tests;
