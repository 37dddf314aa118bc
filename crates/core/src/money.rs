//! Money as whole minor units and a currency: never a float.

use serde::{Deserialize, Serialize};

/// An ISO 4217 code in capitals; `XXX` (no currency) when it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// An amount in minor units (kopecks, cents) of a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Whole minor units; may be negative (a refund).
    pub minor: i64,
    /// What it is counted in.
    pub currency: Currency,
}

impl Default for Currency {
    fn default() -> Self {
        Currency::NONE
    }
}

impl Currency {
    /// ISO 4217's own code for "no currency".
    pub const NONE: Currency = Currency(*b"XXX");
    /// Russian rouble.
    pub const RUB: Currency = Currency(*b"RUB");

    /// Reads three letters in any case; the old Russian codes RUR and RUB mean the same. `None` otherwise.
    #[must_use]
    pub fn parse(text: &str) -> Option<Currency> {
        let bytes: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        if !bytes.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        let upper = bytes.map(|b| b.to_ascii_uppercase());
        Some(if &upper == b"RUR" { Currency::RUB } else { Currency(upper) })
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimal digits its minor unit has (ISO 4217); two unless listed.
    #[must_use]
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" | b"XAF" | b"XOF" => 0,
            b"KWD" | b"BHD" | b"OMR" | b"TND" | b"JOD" => 3,
            _ => 2,
        }
    }
}

impl Money {
    /// Reads `1990`, `1990.5`, `1 990,50`, `1,990.50`; rounds half away from zero to the minor unit. `None` for what is
    /// not a plain number, or does not fit.
    #[must_use]
    pub fn parse(text: &str, currency: Currency) -> Option<Money> {
        let text: String =
            text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '_' | '\'')).collect();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = split_decimal(digits)?;
        let scale = 10i64.pow(currency.digits());
        let mut minor = whole.parse::<i64>().ok()?.checked_mul(scale)?;
        let mut step = scale / 10;
        let mut dropped = None;
        for c in fraction.chars() {
            let digit = i64::from(c.to_digit(10)?);
            if step > 0 {
                minor = minor.checked_add(digit * step)?;
                step /= 10;
            } else if dropped.is_none() {
                dropped = Some(digit);
            }
        }
        if dropped.is_some_and(|d| d >= 5) {
            minor = minor.checked_add(1)?;
        }
        Some(Money { minor: if negative { -minor } else { minor }, currency })
    }

    /// The amount as a plain decimal, `1990.50`, without currency; whole amounts have no fraction.
    #[must_use]
    pub fn decimal(&self) -> String {
        let digits = self.currency.digits();
        let scale = 10u64.pow(digits);
        let abs = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        match abs % scale {
            0 => format!("{sign}{}", abs / scale),
            rest => format!("{sign}{}.{rest:0width$}", abs / scale, width = digits as usize),
        }
    }
}

/// Parts before and after the decimal sign: the last `.` or `,`, unless it groups thousands (`1,990`).
fn split_decimal(digits: &str) -> Option<(String, String)> {
    let plain = |s: &str| s.chars().filter(|c| *c != '.' && *c != ',').collect::<String>();
    let (whole, fraction) = match digits.rfind(['.', ',']) {
        None => (digits.to_owned(), String::new()),
        Some(at) => {
            let (head, tail) = (&digits[..at], &digits[at + 1..]);
            let sign = digits.as_bytes()[at];
            let groups = sign == b',' && tail.len() == 3 && !head.is_empty() && !head.contains('.');
            if groups || digits.matches(sign as char).count() > 1 {
                (plain(digits), String::new())
            } else {
                (plain(head), tail.to_owned())
            }
        }
    };
    let number = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    let whole = if whole.is_empty() && !fraction.is_empty() { "0".to_owned() } else { whole };
    (!whole.is_empty() && number(&whole) && number(&fraction)).then_some((whole, fraction))
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Ok(Currency::parse(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let rub = |text: &str| Money::parse(text, Currency::RUB).map(|m| m.minor);
        assert_eq!(rub("1990"), Some(199_000));
        assert_eq!(rub("1 990,50"), Some(199_050));
        assert_eq!(rub("1,990.50"), Some(199_050));
        assert_eq!(rub("1,990"), Some(199_000));
        assert_eq!(rub("0.995"), Some(100));
        assert_eq!(rub("-12.3"), Some(-1_230));
        assert_eq!(rub(".5"), Some(50));
        for bad in ["", "abc", "12a", ".", "1e9", "99999999999999999999", "١٢"] {
            assert_eq!(rub(bad), None, "{bad}");
        }
        assert_eq!(Money { minor: 199_050, currency: Currency::RUB }.decimal(), "1990.50");
        assert_eq!(Money { minor: -500, currency: Currency::RUB }.decimal(), "-5");
        assert_eq!(Currency::parse("rur"), Some(Currency::RUB));
    }
}
