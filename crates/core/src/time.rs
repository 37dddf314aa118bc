//! Two clocks that do not convert into each other, and spans of time.
//!
//! Journeys, caps and windows run on [`ShopTime`], which the demo may speed up. Sockets, leases,
//! sessions and signatures run on [`WallTime`], which nobody may. Both count milliseconds since 1970 UTC.

use serde::{Deserialize, Serialize};

/// One second, in the unit of [`Span`].
pub const SECOND: Span = Span(1_000);
/// One minute.
pub const MINUTE: Span = Span(60_000);
/// One hour.
pub const HOUR: Span = Span(3_600_000);
/// One day of 24 hours; a calendar day of a place needs its zone.
pub const DAY: Span = Span(86_400_000);

/// A moment on the shop's clock, in milliseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShopTime(pub i64);

/// A moment on the wall clock, in milliseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WallTime(pub i64);

/// A length of time in milliseconds; negative when it points back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub i64);

impl ShopTime {
    /// Later than every moment that can occur.
    pub const NEVER: ShopTime = ShopTime(i64::MAX);

    /// The moment `span` after this one; stops at the ends instead of wrapping.
    #[must_use]
    pub fn plus(self, span: Span) -> ShopTime {
        ShopTime(self.0.saturating_add(span.0))
    }

    /// The moment `span` before this one.
    #[must_use]
    pub fn minus(self, span: Span) -> ShopTime {
        ShopTime(self.0.saturating_sub(span.0))
    }

    /// How long after `earlier` this moment is; negative when it is before.
    #[must_use]
    pub fn since(self, earlier: ShopTime) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl WallTime {
    /// How long after `earlier` this moment is.
    #[must_use]
    pub fn since(self, earlier: WallTime) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The moment `span` after this one.
    #[must_use]
    pub fn plus(self, span: Span) -> WallTime {
        WallTime(self.0.saturating_add(span.0))
    }
}

impl Span {
    /// `n` times this span.
    #[must_use]
    pub const fn times(self, n: i64) -> Span {
        Span(self.0.saturating_mul(n))
    }

    /// Reads `15m`, `4h`, `2d`, `30s`, or several joined as `1d12h`. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Span> {
        let mut total = 0i64;
        let mut digits = String::new();
        for c in text.trim().chars() {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            let unit = match c {
                's' => SECOND,
                'm' => MINUTE,
                'h' => HOUR,
                'd' => DAY,
                _ => return None,
            };
            let n: i64 = digits.parse().ok()?;
            total = total.checked_add(n.checked_mul(unit.0)?)?;
            digits.clear();
        }
        (digits.is_empty() && !text.trim().is_empty()).then_some(Span(total))
    }
}

impl std::fmt::Display for Span {
    /// Writes what [`Span::parse`] reads, largest units first.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.0.unsigned_abs();
        if self.0 < 0 {
            write!(f, "-")?;
        }
        let mut wrote = false;
        for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s")] {
            let n = rest / unit.0.unsigned_abs();
            rest %= unit.0.unsigned_abs();
            if n > 0 {
                write!(f, "{n}{name}")?;
                wrote = true;
            }
        }
        if wrote { Ok(()) } else { write!(f, "0s") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_and_write_the_same_text() {
        for text in ["15m", "2d", "1d12h", "30s", "4h", "1h30m"] {
            assert_eq!(Span::parse(text).unwrap().to_string(), text);
        }
        for bad in ["", "15", "m", "1w", "15m3", "-1d", "99999999999999999d"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }
}
