//! What templates can call beside Jinja's own filters: money, plural forms, dates, links, `abort`.

use beckon_core::money::{Currency, Money};
use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use crate::months::{MONTHS_EN, MONTHS_RU};
use crate::tracker::Tracker;

/// Narrow no-break space: groups digits and holds the sign of the currency.
const NARROW: char = '\u{202f}';

/// The language a template speaks, as far as numbers and words go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    Russian,
    English,
}

impl Tongue {
    pub(crate) fn of(locale: &str) -> Tongue {
        if locale.starts_with("ru") { Tongue::Russian } else { Tongue::English }
    }
}

/// Carries the reason of `abort()` through the engine's error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct AbortCalled(pub(crate) String);

/// Adds our filters and functions, and takes away what would undo escaping.
pub(crate) fn install(env: &mut Environment<'static>, tongue: Tongue) {
    env.remove_filter("safe");
    env.remove_filter("tojson");
    env.remove_filter("pprint");
    env.remove_global("debug");
    env.add_filter("money", move |value: &Value| money_filter(value, tongue));
    env.add_filter("plural", move |n: &Value, forms: Rest<String>| plural_filter(n, &forms, tongue));
    env.add_function("plural", move |n: &Value, forms: Rest<String>| plural_filter(n, &forms, tongue));
    env.add_filter("date", move |text: &Value| date_filter(text, tongue));
    env.add_filter("default", or_default);
    env.add_filter("truncate", truncate);
    env.add_filter("dial", dial);
    env.add_filter("tracked_link", tracked_link);
    env.add_filter("plain_link", |url: &Value| url.as_str().map(plain_link).unwrap_or_default());
    env.add_function("abort", abort);
}

fn abort(reason: Option<String>) -> Result<Value, Error> {
    let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
    Err(Error::new(ErrorKind::InvalidOperation, "the template stopped the message")
        .with_source(AbortCalled(reason)))
}

/// Like Jinja's, but nothing, an empty text and a missing value are all replaced: that is what a marketer
/// means.
fn or_default(value: &Value, fallback: Option<Value>) -> Value {
    let empty =
        value.is_undefined() || value.is_none() || value.as_str().is_some_and(|s| s.trim().is_empty());
    if empty { fallback.unwrap_or_else(|| Value::from("")) } else { value.clone() }
}

/// At most `max` characters, cut at a word where one ends in the last third, with `…`.
fn truncate(text: &Value, max: Option<usize>) -> String {
    let text = text_of(text);
    let max = max.unwrap_or(80).max(1);
    if text.chars().count() <= max {
        return text;
    }
    let cut: String = text.chars().take(max - 1).collect();
    let word = cut.rfind(' ').filter(|at| *at * 3 >= cut.len() * 2);
    let kept = word.map_or(cut.as_str(), |at| &cut[..at]);
    format!("{}…", kept.trim_end_matches([' ', ',', '.', ';', ':', '-', '–', '—']))
}

/// A phone number as a `tel:` address wants it: a leading plus and digits.
fn dial(phone: &Value) -> String {
    let text = text_of(phone);
    let digits = text.chars().filter(char::is_ascii_digit);
    if text.trim_start().starts_with('+') {
        std::iter::once('+').chain(digits).collect()
    } else {
        digits.collect()
    }
}

fn text_of(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_none() || value.is_undefined() => String::new(),
        None => value.to_string(),
    }
}

fn tracked_link(url: &Value, tracker: &Value, index: u16) -> String {
    let url = text_of(url);
    match tracker.downcast_object_ref::<Tracker>() {
        Some(tracker) if crate::web::is_web(&url) => tracker.click(index, &url),
        _ => plain_link(&url),
    }
}

/// An address that may stand in a mail as it is; anything else (`javascript:`, a relative path) becomes
/// nothing.
fn plain_link(url: &str) -> String {
    let lower = url.get(..7).unwrap_or(url).to_ascii_lowercase();
    let known = crate::web::is_web(url) || lower.starts_with("mailto:") || lower.starts_with("tel:");
    if known && !url.chars().any(char::is_control) { url.to_owned() } else { String::new() }
}

fn money_filter(value: &Value, tongue: Tongue) -> Result<String, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(String::new());
    }
    let minor = value.get_attr("minor").ok().and_then(|v| i64::try_from(v).ok());
    let currency = value.get_attr("currency").ok().and_then(|v| v.as_str().and_then(Currency::parse));
    match (minor, currency) {
        (Some(minor), Some(currency)) => Ok(money(Money { minor, currency }, tongue)),
        _ => Err(Error::new(
            ErrorKind::InvalidOperation,
            "`money` wants an amount, such as item.price or total",
        )),
    }
}

/// An amount for reading: `1 990 ₽` (Russian), `$1,990.50` or `1,990 ₽` (English). Cents only when there are
/// any.
pub(crate) fn money(amount: Money, tongue: Tongue) -> String {
    let decimal = amount.decimal();
    let unsigned = decimal.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let (group, point) = match tongue {
        Tongue::Russian => (NARROW, ','),
        Tongue::English => (',', '.'),
    };
    let mut number = String::new();
    // Russian typography groups from five digits on, or from four where columns are compared; prices are
    // compared.
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            number.push(group);
        }
        number.push(digit);
    }
    if !fraction.is_empty() {
        number.push(point);
        number.push_str(fraction);
    }
    let sign = if amount.minor < 0 { "−" } else { "" };
    let code = amount.currency.code();
    match (tongue, symbol(code)) {
        (_, _) if amount.currency == Currency::NONE => format!("{sign}{number}"),
        (Tongue::English, Some(symbol @ ("$" | "€" | "£" | "¥"))) => format!("{sign}{symbol}{number}"),
        (_, symbol) => format!("{sign}{number}{NARROW}{}", symbol.unwrap_or(code)),
    }
}

fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "RUB" => "₽",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        "KZT" => "₸",
        "UAH" => "₴",
        "TRY" => "₺",
        _ => return None,
    })
}

fn plural_filter(n: &Value, forms: &[String], tongue: Tongue) -> Result<String, Error> {
    let n = match (n.kind(), n.len()) {
        (ValueKind::Seq, Some(len)) => len as u64,
        _ => i64::try_from(n.clone())?.unsigned_abs(),
    };
    let at = plural(n, tongue);
    match forms.get(at).or(forms.last()) {
        Some(form) => Ok(form.clone()),
        None => Err(Error::new(ErrorKind::MissingArgument, "`plural` wants the forms of the word")),
    }
}

/// Which form goes with `n`, by the plural rules of CLDR: Russian one, few, many (0, 1, 2); English one,
/// other (0, 1).
fn plural(n: u64, tongue: Tongue) -> usize {
    match tongue {
        Tongue::English => usize::from(n != 1),
        Tongue::Russian => match (n % 10, n % 100) {
            (1, hundred) if hundred != 11 => 0,
            (2..=4, hundred) if !(12..=14).contains(&hundred) => 1,
            _ => 2,
        },
    }
}

/// `2026-11-22…` becomes `22 ноября 2026` or `November 22, 2026`; the text must already be in the recipient's
/// zone.
fn date_filter(value: &Value, tongue: Tongue) -> Result<String, Error> {
    let text = text_of(value);
    if text.is_empty() {
        return Ok(text);
    }
    let wrong = || Error::new(ErrorKind::InvalidOperation, "`date` wants a date such as 2026-11-22");
    let day_part = text.get(..10).ok_or_else(wrong)?;
    let numbers: Vec<usize> = day_part.split('-').filter_map(|n| n.parse().ok()).collect();
    let [year, month, day] = numbers[..] else { return Err(wrong()) };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(wrong());
    }
    Ok(match tongue {
        Tongue::Russian => format!("{day} {} {year}", MONTHS_RU[month - 1]),
        Tongue::English => format!("{} {day}, {year}", MONTHS_EN[month - 1]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_each_language_does() {
        let show = |minor, code: &str, tongue| {
            money(Money { minor, currency: Currency::parse(code).unwrap() }, tongue)
        };
        assert_eq!(show(199_000, "RUB", Tongue::Russian), "1\u{202f}990\u{202f}₽");
        assert_eq!(show(123_456_750, "RUB", Tongue::Russian), "1\u{202f}234\u{202f}567,50\u{202f}₽");
        assert_eq!(show(99_900, "RUB", Tongue::Russian), "999\u{202f}₽");
        assert_eq!(show(199_050, "USD", Tongue::English), "$1,990.50");
        assert_eq!(show(-500, "EUR", Tongue::English), "−€5");
        assert_eq!(show(199_000, "RUB", Tongue::English), "1,990\u{202f}₽");
        assert_eq!(show(1_990, "JPY", Tongue::English), "¥1,990");
        assert_eq!(show(1_234, "CHF", Tongue::Russian), "12,34\u{202f}CHF");
        assert_eq!(show(1_234, "XXX", Tongue::Russian), "12,34");
    }

    #[test]
    fn russian_plural_forms_follow_cldr() {
        let forms = ["товар", "товара", "товаров"].map(str::to_owned);
        let word = |n: i64| plural_filter(&Value::from(n), &forms, Tongue::Russian).unwrap();
        for (n, want) in [
            (0, "товаров"),
            (1, "товар"),
            (2, "товара"),
            (4, "товара"),
            (5, "товаров"),
            (11, "товаров"),
            (12, "товаров"),
            (14, "товаров"),
            (21, "товар"),
            (22, "товара"),
            (25, "товаров"),
            (101, "товар"),
            (111, "товаров"),
            (112, "товаров"),
            (1_002, "товара"),
        ] {
            assert_eq!(word(n), want, "{n}");
        }
        let english = ["item", "items"].map(str::to_owned);
        let word = |n: i64| plural_filter(&Value::from(n), &english, Tongue::English).unwrap();
        assert_eq!([word(0), word(1), word(2), word(21)], ["items", "item", "items", "items"]);
    }

    #[test]
    fn dates_phones_and_cuts() {
        let date = |text: &str, tongue| date_filter(&Value::from(text), tongue).ok();
        assert_eq!(date("2026-11-02T10:00:00Z", Tongue::Russian).as_deref(), Some("2 ноября 2026"));
        assert_eq!(date("2026-11-02", Tongue::English).as_deref(), Some("November 2, 2026"));
        for bad in ["2026-13-01", "tomorrow", "2026/11/02", "дата неверна"] {
            assert_eq!(date(bad, Tongue::English), None, "{bad}");
        }
        assert_eq!(dial(&Value::from("+7 (800) 555-35-35")), "+78005553535");
        assert_eq!(
            truncate(&Value::from("Чайник электрический, матовый"), Some(23)),
            "Чайник электрический…"
        );
        assert_eq!(truncate(&Value::from("abc"), Some(3)), "abc");
        assert_eq!(plain_link("JavaScript:alert(1)"), "");
        assert_eq!(plain_link("mailto:a@b.example"), "mailto:a@b.example");
    }
}
