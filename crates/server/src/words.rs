//! Numbers, money, dates and times as people of a language write them, in the shop's zone.

use crate::i18n::{self, Locale, grouped};
use beckon_core::money::Money;
use beckon_core::time::ShopTime;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A whole number of any type, by value or by reference: templates hand over both.
pub trait Whole: Copy {
    /// As the widest one; what does not fit becomes the largest.
    fn whole(self) -> i64;
}

macro_rules! whole {
    ($($kind:ty),*) => {
        $(impl Whole for $kind {
            fn whole(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        })*
    };
}

whole!(i32, i64, u8, u16, u32, u64, usize);

impl<T: Whole> Whole for &T {
    fn whole(self) -> i64 {
        (*self).whole()
    }
}

/// Writes values in a language and a zone.
#[derive(Clone, Debug)]
pub struct Words {
    locale: Locale,
    zone: TimeZone,
}

impl Words {
    /// For a language and an IANA zone; UTC when nobody knows the zone.
    #[must_use]
    pub fn new(locale: Locale, zone: &str) -> Words {
        Words { locale, zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC) }
    }

    /// A whole number: `1,990`, `1 990`.
    #[must_use]
    pub fn number(&self, number: impl Whole) -> String {
        grouped(number.whole(), self.separator())
    }

    /// An amount: `1 990 ₽`, `$1,990.50`.
    #[must_use]
    pub fn money(&self, money: &Money) -> String {
        let decimal = money.decimal();
        let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
        let sign = if money.minor < 0 { "\u{2212}" } else { "" };
        let whole = whole.trim_start_matches('-').parse::<i64>().unwrap_or(i64::MAX);
        let mut text = grouped(whole, self.separator());
        if !fraction.is_empty() {
            text.push(if self.locale == Locale::Ru { ',' } else { '.' });
            text.push_str(fraction);
        }
        let code = money.currency.code();
        match (symbol(code), self.locale) {
            (Some(symbol), Locale::En) if code != "RUB" => format!("{sign}{symbol}{text}"),
            (Some(symbol), _) => format!("{sign}{text}\u{a0}{symbol}"),
            (None, _) if code == "XXX" => format!("{sign}{text}"),
            (None, _) => format!("{sign}{text}\u{a0}{code}"),
        }
    }

    /// A share of a whole in per cent: `12.5 %`; a dash where there is no whole.
    #[must_use]
    pub fn share(&self, part: impl Whole, whole: impl Whole) -> String {
        let (part, whole) = (part.whole(), whole.whole());
        if whole == 0 {
            return "–".to_owned();
        }
        let per_mille = (part as f64 / whole as f64 * 1_000.0).round() as i64;
        let point = if self.locale == Locale::Ru { "," } else { "." };
        let space = if self.locale == Locale::Ru { "\u{a0}" } else { "" };
        match (per_mille / 10, per_mille % 10) {
            (whole, 0) => format!("{whole}{space}%"),
            (whole, tenth) => format!("{whole}{point}{}{space}%", tenth.abs()),
        }
    }

    /// A day: `22 Nov 2026`, `22 ноября 2026`.
    #[must_use]
    pub fn date(&self, at: &ShopTime) -> String {
        let Some(at) = self.zoned(*at) else { return "–".to_owned() };
        format!("{} {} {}", at.day(), self.month(at.month()), at.year())
    }

    /// A day of this year, short: `22 Nov`, `22.11`.
    #[must_use]
    pub fn day_month(&self, at: &ShopTime) -> String {
        let Some(at) = self.zoned(*at) else { return "–".to_owned() };
        match self.locale {
            Locale::En => format!("{} {}", at.day(), self.month(at.month())),
            Locale::Ru => format!("{:02}.{:02}", at.day(), at.month()),
        }
    }

    /// A moment to the minute: `22 Nov 2026, 14:05`.
    #[must_use]
    pub fn moment(&self, at: &ShopTime) -> String {
        let Some(zoned) = self.zoned(*at) else { return "–".to_owned() };
        format!("{}, {:02}:{:02}", self.date(at), zoned.hour(), zoned.minute())
    }

    /// A moment with its day of the week: `on Tuesday, 24 Nov 2026, 10:00`.
    #[must_use]
    pub fn weekday_moment(&self, at: &ShopTime) -> String {
        let Some(zoned) = self.zoned(*at) else { return "–".to_owned() };
        let day = usize::try_from(zoned.weekday().to_monday_zero_offset()).unwrap_or(0).min(6);
        format!("{}, {}", WEEKDAYS[self.locale as usize][day], self.moment(at))
    }

    /// The time of day to the second: `14:05:09`.
    #[must_use]
    pub fn clock(&self, at: &ShopTime) -> String {
        let Some(at) = self.zoned(*at) else { return "–".to_owned() };
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
    }

    /// A moment for machines, for `<time datetime>` (RFC 3339).
    #[must_use]
    pub fn machine(&self, at: &ShopTime) -> String {
        Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default()
    }

    /// A length of time by its largest unit, rounded down: `3 hours`, `2 дня`.
    #[must_use]
    pub fn span(&self, span: &beckon_core::time::Span) -> String {
        let secs = span.0.max(0) / 1_000;
        let (key, count) = match secs {
            0..60 => ("span-seconds", secs),
            60..3_600 => ("span-minutes", secs / 60),
            3_600..86_400 => ("span-hours", secs / 3_600),
            _ => ("span-days", secs / 86_400),
        };
        i18n::t(self.locale, key, &[("count", count.into())])
    }

    /// A day of the shop's zone for machines: `2026-11-22`.
    #[must_use]
    pub fn iso_day(&self, at: ShopTime) -> String {
        self.zoned(at).map(|at| at.date().to_string()).unwrap_or_default()
    }

    /// Midnight of a day as a field of type `date` writes it (`2026-11-22`), so many days later; `None` for what is no
    /// day.
    #[must_use]
    pub fn day(&self, text: &str, days_later: i64) -> Option<ShopTime> {
        let day: jiff::civil::Date = text.trim().parse().ok()?;
        let day = day.checked_add(jiff::Span::new().try_days(days_later).ok()?).ok()?;
        Some(ShopTime(day.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond()))
    }

    /// Midnight of the day of a moment in the shop's zone.
    #[must_use]
    pub fn day_start(&self, at: ShopTime) -> ShopTime {
        let start = self.zoned(at).and_then(|at| at.start_of_day().ok());
        start.map_or(at, |start| ShopTime(start.timestamp().as_millisecond()))
    }

    fn zoned(&self, at: ShopTime) -> Option<jiff::Zoned> {
        Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(self.zone.clone()))
    }

    fn separator(&self) -> &'static str {
        i18n::separator(self.locale)
    }

    fn month(&self, month: i8) -> &'static str {
        let names = match self.locale {
            Locale::En => {
                ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            }
            Locale::Ru => beckon_render::months::MONTHS_RU,
        };
        names[usize::try_from(month - 1).unwrap_or(0).min(11)]
    }
}

/// As they stand in a sentence: "on Tuesday", «во вторник».
const WEEKDAYS: [[&str; 7]; 2] = [
    ["on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"],
    ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"],
];

fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "RUB" => "₽",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "KZT" => "₸",
        "JPY" => "¥",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::money::Currency;

    #[test]
    fn money_is_written_as_people_write_it() {
        let money = |minor, code: &str| Money { minor, currency: Currency::parse(code).unwrap() };
        let (en, ru) = (Words::new(Locale::En, "UTC"), Words::new(Locale::Ru, "UTC"));
        assert_eq!(ru.money(&money(199_000, "RUB")), "1\u{202f}990\u{a0}₽");
        assert_eq!(ru.money(&money(199_050, "RUB")), "1\u{202f}990,50\u{a0}₽");
        assert_eq!(en.money(&money(199_050, "USD")), "$1,990.50");
        assert_eq!(en.money(&money(-50, "USD")), "\u{2212}$0.50");
        assert_eq!(en.money(&money(199_000, "RUB")), "1,990\u{a0}₽");
        assert_eq!(en.money(&money(500, "CHF")), "5\u{a0}CHF");
    }

    #[test]
    fn times_are_those_of_the_shop() {
        let at = ShopTime(1_795_377_909_000);
        let ru = Words::new(Locale::Ru, "Europe/Moscow");
        assert_eq!(ru.moment(&at), "22 ноября 2026, 23:05");
        assert_eq!(Words::new(Locale::En, "UTC").moment(&at), "22 Nov 2026, 20:05");
        assert_eq!(ru.clock(&ShopTime(i64::MAX)), "–");
        assert_eq!(ru.day_start(at).0, 1_795_377_909_000 - (23 * 3_600 + 5 * 60 + 9) * 1_000);
    }

    #[test]
    fn shares_and_spans() {
        let (en, ru) = (Words::new(Locale::En, "UTC"), Words::new(Locale::Ru, "UTC"));
        assert_eq!(en.share(1, 8), "12.5%");
        assert_eq!(ru.share(1, 8), "12,5\u{a0}%");
        assert_eq!(ru.share(1, 0), "–");
        assert_eq!(ru.span(&beckon_core::time::HOUR.times(50)), "2 дня");
    }
}
