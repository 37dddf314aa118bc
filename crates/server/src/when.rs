//! Moments in answers: RFC 3339 in UTC, and `null` where there is none.

use beckon_core::time::ShopTime;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A moment on the shop's clock as answers write it: `2026-11-22T09:15:00.000Z`, or `null` for 0 and for never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(pub ShopTime);

impl When {
    /// The moment, where there is one.
    #[must_use]
    pub fn some(self) -> Option<ShopTime> {
        (self.0 != ShopTime(0) && self.0 != ShopTime::NEVER).then_some(self.0)
    }

    /// As written in answers.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let stamp = Timestamp::from_millisecond(self.some()?.0).ok()?;
        Some(format!("{stamp:.3}"))
    }

    /// Reads what [`When::text`] writes, any RFC 3339 text with an offset, or milliseconds since 1970.
    #[must_use]
    pub fn parse(text: &str) -> Option<ShopTime> {
        if let Ok(ms) = text.parse() {
            return Some(ShopTime(ms));
        }
        text.parse::<Timestamp>().ok().map(|stamp| ShopTime(stamp.as_millisecond()))
    }
}

impl From<Option<ShopTime>> for When {
    fn from(at: Option<ShopTime>) -> Self {
        When(at.unwrap_or(ShopTime(0)))
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_read_alike() {
        let at = ShopTime(1_790_000_000_123);
        let text = When(at).text().unwrap();
        assert_eq!(text, "2026-09-21T14:13:20.123Z");
        assert_eq!(When::parse(&text), Some(at));
        assert_eq!(When::parse("2026-09-21T17:13:20.123+03:00"), Some(at));
        assert_eq!(When::parse("1790000000123"), Some(at));
        assert_eq!(When(ShopTime::NEVER).text(), None);
        assert_eq!(serde_json::to_string(&When(ShopTime(0))).unwrap(), "null");
        assert_eq!(When::parse("yesterday"), None);
    }
}
