//! Reasons of decisions in words, in Russian and English: the one place where a code of the core becomes a sentence.

use crate::i18n::{self, Locale, Value};
use beckon_core::time::{DAY, HOUR, MINUTE, SECOND, ShopTime, Span};
use beckon_core::why::Reason;
use beckon_render::months::{MONTHS_EN, MONTHS_RU};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;

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
#[derive(Clone, Debug)]
pub struct Words {
    /// In which language.
    pub locale: Locale,
    /// In whose zone times are told.
    pub zone: TimeZone,
    /// Titles of journeys by name; a journey without one is called by its name.
    pub titles: BTreeMap<String, String>,
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
        "at" | "left_at" | "occurred_at" | "deadline" | "until" | "next" | "last_at" | "due" | "began" => {
            Is::Moment
        }
        "after" | "within" | "every" => Is::Span,
        "most" | "sent" | "lines" | "priority" | "mine" => Is::Number,
        "journey" => Is::Journey,
        _ => Is::Text,
    }
}

/// Names a sentence may use; one that an older line of the journal lacks is told as a dash.
const NAMES: [&str; 31] = [
    "from",
    "to",
    "at",
    "left_at",
    "occurred_at",
    "deadline",
    "until",
    "next",
    "last_at",
    "due",
    "began",
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
        if !i18n::known(&key) {
            return reason.code.clone();
        }
        let mut args: BTreeMap<&str, Value<'static>> =
            NAMES.into_iter().map(|name| (name, Value::from("—"))).collect();
        for (name, value) in &reason.values {
            args.insert(name, self.value(&reason.code, name, value));
        }
        let args: Vec<(&str, Value<'static>)> = args.into_iter().collect();
        let mut text = i18n::t(self.locale, &key, &args);
        if let (Some(until), false) = (reason.values.get("until"), reason.code == "quiet_hours") {
            let until = self.value("", "until", until);
            text.push(' ');
            text.push_str(&i18n::t(self.locale, "why-until", &[("until", until)]));
        }
        text
    }

    /// A code without its values, for a table of counts.
    #[must_use]
    pub fn reason(&self, code: &str) -> String {
        let key = format!("code-{code}");
        if i18n::known(&key) { i18n::t(self.locale, &key, &[]) } else { self.say(&Reason::new(code)) }
    }

    /// A reason with its words, for an answer.
    #[must_use]
    pub fn said(&self, reason: &Reason) -> Said {
        Said { code: reason.code.clone(), values: reason.values.clone(), text: self.say(reason) }
    }

    /// What a line of the journal says was done, in words.
    #[must_use]
    pub fn what(&self, what: &str) -> String {
        let key = format!("what-{what}");
        if i18n::known(&key) { i18n::t(self.locale, &key, &[]) } else { what.to_owned() }
    }

    /// What a journey is called.
    #[must_use]
    pub fn journey(&self, name: &str) -> String {
        self.titles.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// A moment in the zone, as `22 ноября, 14:05`; a reason is looked at soon, so the year is left out.
    #[must_use]
    pub fn moment(&self, at: ShopTime) -> String {
        let Ok(stamp) = Timestamp::from_millisecond(at.0) else { return "—".to_owned() };
        let local = stamp.to_zoned(self.zone.clone());
        let month = usize::try_from(local.month() - 1).unwrap_or(0);
        let (day, hour, minute, second) = (local.day(), local.hour(), local.minute(), local.second());
        let name = MONTHS[self.locale as usize][month.min(11)];
        match self.locale {
            Locale::En => format!("{name} {day}, {hour:02}:{minute:02}:{second:02}"),
            Locale::Ru => format!("{day} {name}, {hour:02}:{minute:02}:{second:02}"),
        }
    }

    /// A span, as `1 день 12 часов`.
    #[must_use]
    pub fn span(&self, span: Span) -> String {
        let mut rest = span.0.abs();
        let mut parts = Vec::new();
        let units = [
            (DAY, "during-days"),
            (HOUR, "during-hours"),
            (MINUTE, "during-minutes"),
            (SECOND, "during-seconds"),
        ];
        for (unit, key) in units {
            let n = rest / unit.0;
            rest %= unit.0;
            let last = unit == SECOND && parts.is_empty();
            if n > 0 || last {
                parts.push(i18n::t(self.locale, key, &[("count", n.into())]));
            }
        }
        parts.join(" ")
    }

    fn value(&self, code: &str, name: &str, value: &str) -> Value<'static> {
        let text = match kind_of(name) {
            _ if name == "by" && code == "shifted" => Span::parse(value).map(|span| self.span(span)),
            Is::Moment => value.parse().ok().map(|ms| self.moment(ShopTime(ms))),
            Is::Span => Span::parse(value).map(|span| self.span(span)),
            Is::Number => match value.parse::<i64>() {
                Ok(n) => return Value::from(n),
                Err(_) => None,
            },
            Is::Journey => Some(self.journey(value)),
            Is::Text => None,
        };
        Value::from(text.unwrap_or_else(|| value.to_owned()))
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

const MONTHS: [[&str; 12]; 2] = [MONTHS_EN, MONTHS_RU];

#[cfg(test)]
mod tests;
