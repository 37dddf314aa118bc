//! JSON as SDKs send it: borrowed from the request where possible, indifferent to the case and the separators of
//! names, and to whether a number is written as a number or as text.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A JSON value. A name that occurs twice counts as it stands last, as in JavaScript.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A text, borrowed when it has no escapes.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Json<'a>>),
    /// Names and values in the order they came.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// What stands for a field that is not there.
static NULL: Json<'static> = Json::Null;

impl<'a> Json<'a> {
    /// Reads one value. A lone half of a surrogate pair, as JavaScript leaves it when it cuts a text in the middle of
    /// an emoji, becomes U+FFFD.
    ///
    /// # Errors
    /// Numbers beyond a double, or more than 128 levels.
    pub fn read(raw: &'a str) -> Result<Json<'a>, serde_json::Error> {
        serde_json::from_str(raw).or_else(|error| match mend_surrogates(raw) {
            Some(mended) => serde_json::from_str::<Json>(&mended).map(Json::into_owned),
            None => Err(error),
        })
    }

    fn into_owned(self) -> Json<'static> {
        let own = |text: Cow<str>| Cow::Owned(text.into_owned());
        match self {
            Json::Null => Json::Null,
            Json::Bool(b) => Json::Bool(b),
            Json::Number(n) => Json::Number(n),
            Json::Text(text) => Json::Text(own(text)),
            Json::List(list) => Json::List(list.into_iter().map(Json::into_owned).collect()),
            Json::Object(fields) => Json::Object(
                fields.into_iter().map(|(name, value)| (own(name), value.into_owned())).collect(),
            ),
        }
    }

    /// The value of a field, by its folded name (see [`fold`]); `null` counts as absent.
    pub fn get(&self, folded: &str) -> Option<&Json<'a>> {
        self.fields()
            .iter()
            .rev()
            .find(|(name, _)| is_name(name, folded))
            .map(|(_, value)| value)
            .filter(|v| !v.is_null())
    }

    /// As [`Json::get`], with `null` for what is absent, so that look-ups chain.
    pub fn at(&self, folded: &str) -> &Json<'a> {
        self.get(folded).unwrap_or(&NULL)
    }

    /// The first present of several fields.
    pub fn first(&self, folded: &[&str]) -> Option<&Json<'a>> {
        folded.iter().find_map(|name| self.get(name))
    }

    /// The fields of an object; none for anything else.
    pub fn fields(&self) -> &[(Cow<'a, str>, Json<'a>)] {
        match self {
            Json::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The values of a list; `None` for anything else.
    pub fn list(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::List(list) => Some(list),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// A text or a number as trimmed text, `None` when it is empty or neither. Whole doubles lose their `.0`.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Json::Text(text) => Some(text.trim()).filter(|t| !t.is_empty()).map(Cow::Borrowed),
            Json::Number(number) => Some(Cow::Owned(number_text(number))),
            _ => None,
        }
    }

    /// Yes or no in any of the ways people write it.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Json::Bool(b) => Some(*b),
            Json::Number(n) => match n.as_f64()? {
                0.0 => Some(false),
                1.0 => Some(true),
                _ => None,
            },
            Json::Text(text) => match text.trim().to_lowercase().as_str() {
                "true" | "1" | "yes" | "y" | "on" | "да" => Some(true),
                "false" | "0" | "no" | "n" | "off" | "нет" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(f) if number.is_f64() && f.fract() == 0.0 && f.abs() < 9e15 => format!("{f:.0}"),
        Some(f) if number.is_f64() && f.abs() < 1e-4 => format!("{f:.6}"),
        _ => number.to_string(),
    }
}

/// Whether a name is the folded one, whatever its case and separators: `product_id`, `productId`, `Product ID`.
pub fn is_name(name: &str, folded: &str) -> bool {
    let mut wanted = folded.bytes();
    for byte in name.bytes() {
        if is_separator(byte) {
            continue;
        }
        if wanted.next() != Some(byte.to_ascii_lowercase()) {
            return false;
        }
    }
    wanted.next().is_none()
}

/// A name in lower case without separators.
pub fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !u8::try_from(*c).is_ok_and(is_separator))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b' ' | b'.')
}

/// Replaces every `\uD8xx` without its other half by `\uFFFD`; `None` when there is none.
fn mend_surrogates(raw: &str) -> Option<String> {
    let half = |at: usize| -> Option<u16> {
        let hex = raw.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(hex, 16).ok().filter(|unit| (0xd800..0xe000).contains(unit))
    };
    let mut out = String::with_capacity(raw.len());
    let (mut at, mut kept, mut mended) = (0, 0, false);
    while let Some(found) = raw[at..].find('\\') {
        let slash = at + found;
        let Some(unit) = half(slash) else {
            // The character after the backslash belongs to it, and may be of several bytes in broken input.
            at = slash + 1 + raw[slash + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        };
        if unit < 0xdc00 && half(slash + 6).is_some_and(|low| low >= 0xdc00) {
            at = slash + 12;
            continue;
        }
        out.push_str(&raw[kept..slash]);
        out.push_str("\\ufffd");
        mended = true;
        at = slash + 6;
        kept = at;
    }
    out.push_str(&raw[kept..]);
    mended.then_some(out)
}

/// A name or text, borrowed where it has no escapes. (`Cow` itself always copies when it is deserialised.)
pub struct Name<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Json::Null, Json::Number))
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Json::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            fields.push((name, map.next_value()?));
        }
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_their_case_and_separators() {
        let json =
            Json::read(r#"{"Product ID":"a","productId":null,"price":1.50,"n":7.0,"t":" x "}"#).unwrap();
        assert_eq!(json.get("productid"), None, "the last one counts, and it is null");
        assert_eq!(json.at("price").text().unwrap(), "1.5");
        assert_eq!(json.at("n").text().unwrap(), "7");
        assert_eq!(json.at("t").text().unwrap(), "x");
        assert!(json.at("a").at("b").is_null());
        assert!(is_name("order_Completed", "ordercompleted") && !is_name("order", "ordercompleted"));
        assert!(!is_name("ordercompletedx", "ordercompleted"));
        assert_eq!(fold("Product Added-to.Wishlist"), "productaddedtowishlist");
    }

    #[test]
    fn half_an_emoji_does_not_lose_the_event() {
        let json =
            Json::read(r#"{"title":"caf\u00e9 \ud83d","ok":"\ud83d\ude00","\udc00":"\\ud83d"}"#).unwrap();
        assert_eq!(json.at("title").text().unwrap(), "café \u{fffd}");
        assert_eq!(json.at("ok").text().unwrap(), "😀");
        assert_eq!(json.at("\u{fffd}").text().unwrap(), "\\ud83d", "an escaped backslash is no escape");
        assert!(Json::read("{\"a\":1e999}").is_err());
    }

    #[test]
    fn yes_and_no() {
        for (text, truth) in
            [("true", Some(true)), ("\"0\"", Some(false)), ("1", Some(true)), ("2", None), ("\"x\"", None)]
        {
            assert_eq!(Json::read(text).unwrap().truth(), truth, "{text}");
        }
    }
}
