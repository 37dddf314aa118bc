//! When something happened: client timestamps of every kind, corrected for the client's clock, as the shop's time.
//!
//! Segment's rule: `timestamp = receivedAt - (sentAt - originalTimestamp)`. Only the age of an event is taken from the
//! client; the age is then subtracted from the shop's clock, so a shop clock that runs fast stays consistent.

use super::json::Json;
use beckon_core::time::{ShopTime, Span, WallTime};
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};

/// Nothing that happened longer ago is believed: 20 years.
pub const OLDEST_AGE: Span = Span(20 * 365 * 86_400_000 + 5 * 86_400_000);

/// 2000-01-01 UTC in milliseconds: clocks before it were never set.
const YEAR_2000: i64 = 946_684_800_000;

/// An event's time and whether it could be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When it happened, never after it was received.
    pub occurred_at: ShopTime,
    /// False when the time was unreadable or absurd and had to be bounded.
    pub plausible: bool,
}

/// The moment of an event. `sent_at` falls back to that of the batch.
pub fn moment(item: &Json, batch_sent_at: &Json, now: (ShopTime, WallTime)) -> Moment {
    let (received_at, wall) = now;
    let stated = item.first(&["originaltimestamp", "timestamp"]);
    let sent_at = millis(item.get("sentat").unwrap_or(batch_sent_at));
    let Some(stated) = stated else { return Moment { occurred_at: received_at, plausible: true } };
    let Some(at) = millis(stated) else { return Moment { occurred_at: received_at, plausible: false } };
    // A device whose clock was never set is wrong in both times by the same: their difference still holds. One that
    // sends a time of 1970 with a sane `sentAt` is a fault of the shop's code, seen by the age.
    let age = Span(sent_at.unwrap_or(wall.0).saturating_sub(at).max(0));
    let unset = at < YEAR_2000 && sent_at.is_none_or(|sent| sent >= YEAR_2000);
    // What is too old is put at the bound, not at now: it must never look fresh enough to enter a journey.
    let plausible = age <= OLDEST_AGE && !unset;
    Moment { occurred_at: received_at.minus(if plausible { age } else { OLDEST_AGE }), plausible }
}

/// Milliseconds since 1970 of a time in text or as an epoch number in seconds to nanoseconds.
pub fn millis(value: &Json) -> Option<i64> {
    match value {
        Json::Number(number) => epoch_millis(number.as_f64()?),
        Json::Text(text) => text_millis(text.trim()),
        _ => None,
    }
}

/// The unit is told by the size: seconds until the year 5138, then milliseconds, microseconds, nanoseconds.
fn epoch_millis(number: f64) -> Option<i64> {
    let size = number.abs();
    let millis = match size {
        _ if !number.is_finite() => return None,
        _ if size < 1e11 => number * 1e3,
        _ if size < 1e14 => number,
        _ if size < 1e17 => number / 1e3,
        _ if size < 1e20 => number / 1e6,
        _ => return None,
    };
    // Below 1e14 by construction, so the cast is exact to the millisecond.
    Some(millis.round() as i64)
}

/// RFC 3339 and ISO 8601 with or without offset (without means UTC), a date alone, an epoch number, RFC 2822.
fn text_millis(text: &str) -> Option<i64> {
    if text.len() > 64 {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    if let Ok(number) = text.parse::<f64>() {
        return epoch_millis(number);
    }
    let civil = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<jiff::civil::Date>().map(|d| d.to_datetime(Time::midnight())));
    let at = match civil {
        Ok(civil) => civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp(),
    };
    Some(at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    /// 2026-11-22T15:00:00Z.
    const WALL: i64 = 1_795_359_600_000;
    const SHOP: i64 = 5_000_000_000_000;

    fn age_of(json: &str) -> (i64, bool) {
        let item = Json::read(json).unwrap();
        let moment = moment(&item, &Json::Null, (ShopTime(SHOP), WallTime(WALL)));
        (SHOP - moment.occurred_at.0, moment.plausible)
    }

    #[test]
    fn times_are_read_in_every_way_sdks_write_them() {
        let at = |json: &str| millis(&Json::read(json).unwrap());
        let noon = Some(1_714_557_600_123);
        for text in [
            "\"2024-05-01T10:00:00.123Z\"",
            "\"2024-05-01T10:00:00.123456+00:00\"",
            "\"2024-05-01T13:00:00.123+03:00\"",
            "\"2024-05-01T13:00:00.123+0300\"",
            "\"2024-05-01 10:00:00.123\"",
            "\"2024-05-01T10:00:00.123\"",
            "1714557600.123",
            "1714557600123",
            "\"1714557600123\"",
            "1714557600123000",
        ] {
            assert_eq!(at(text), noon, "{text}");
        }
        assert_eq!(at("\"2024-05-01\""), Some(1_714_521_600_000));
        assert_eq!(at("\"Wed, 01 May 2024 10:00:00 GMT\""), Some(1_714_557_600_000));
        for bad in
            ["\"\"", "\"yesterday\"", "null", "true", "[]", "\"2024-13-01\"", "1e300", "\"NaN\"", "\"inf\""]
        {
            assert_eq!(at(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_clients_clock_is_corrected() {
        let hour_slow = r#"{"timestamp":"2026-11-22T13:59:50Z","sentAt":"2026-11-22T14:00:00Z"}"#;
        assert_eq!(age_of(hour_slow), (10_000, true));
        assert_eq!(age_of(r#"{"timestamp":"2026-11-22T14:59:50Z"}"#), (10_000, true));
        assert_eq!(
            age_of(r#"{"timestamp":"2026-11-22T15:10:00Z"}"#),
            (0, true),
            "never after it was received"
        );
        assert_eq!(age_of(r#"{"timestamp":null}"#), (0, true));
        let both = r#"{"timestamp":"2020-01-01","originalTimestamp":"2026-11-22T14:00:00Z","sentAt":"2026-11-22T14:00:01Z"}"#;
        assert_eq!(age_of(both), (1_000, true));
        let never_set = r#"{"timestamp":"1970-01-01T00:00:05Z","sentAt":"1970-01-01T00:00:07Z"}"#;
        assert_eq!(age_of(never_set), (2_000, true), "both times are wrong by the same");
    }

    #[test]
    fn absurd_times_are_bounded_and_said() {
        assert_eq!(age_of(r#"{"timestamp":"soon"}"#), (0, false));
        assert_eq!(age_of(r#"{"timestamp":0}"#), (OLDEST_AGE.0, false));
        assert_eq!(
            age_of(r#"{"timestamp":"1999-12-31T00:00:00Z","sentAt":"2026-11-22T14:00:00Z"}"#),
            (OLDEST_AGE.0, false)
        );
        assert_eq!(age_of(r#"{"timestamp":"2008-01-01T00:00:00Z"}"#).0 / DAY, 6_900);
    }
}
