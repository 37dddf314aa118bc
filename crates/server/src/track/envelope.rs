//! What is around events: the write key and where it stands, and the batch as a list of texts that are read one by one,
//! so that an unreadable event does not lose the others.

use super::json::{Json, Name, is_name};
use axum::http::{HeaderMap, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A batch, its events unread.
pub struct Batch<'a> {
    /// The events, each as its own text.
    pub items: Vec<&'a RawValue>,
    /// `writeKey`.
    pub write_key: Json<'a>,
    /// `sentAt`.
    pub sent_at: Json<'a>,
    /// `context`, which holds for each event that does not say otherwise.
    pub context: Option<&'a RawValue>,
    /// Whether the batch says of itself that it tells the past.
    pub is_history: bool,
}

impl<'de> Deserialize<'de> for Batch<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BatchVisitor;
        impl<'de> Visitor<'de> for BatchVisitor {
            type Value = Batch<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object with a list \"batch\" of events")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Batch<'de>, A::Error> {
                let mut items = None;
                let mut batch = Batch {
                    items: Vec::new(),
                    write_key: Json::Null,
                    sent_at: Json::Null,
                    context: None,
                    is_history: false,
                };
                while let Some(Name(name)) = map.next_key()? {
                    match &*name {
                        "batch" => items = Some(map.next_value::<Vec<&RawValue>>()?),
                        "context" => batch.context = Some(map.next_value()?),
                        name if is_name(name, "writekey") => batch.write_key = map.next_value()?,
                        name if is_name(name, "sentat") => batch.sent_at = map.next_value()?,
                        name if is_name(name, "historicalmigration") => {
                            batch.is_history = map.next_value::<Json>()?.truth() == Some(true);
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                batch.items =
                    items.ok_or_else(|| A::Error::custom("there is no list \"batch\" of events"))?;
                Ok(batch)
            }
        }
        deserializer.deserialize_map(BatchVisitor)
    }
}

/// The user name of Basic authentication (RFC 7617): where SDKs put the write key. `None` when empty or unreadable.
pub fn basic_user(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = credentials.trim();
    let bytes = STANDARD.decode(credentials).or_else(|_| STANDARD_NO_PAD.decode(credentials)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let user = text.split(':').next().unwrap_or_default().trim();
    (!user.is_empty()).then(|| user.to_owned())
}

/// `writeKey` of the query. Keys are letters, digits and `_`, so nothing is percent-encoded in them.
pub fn query_key(uri: &Uri) -> Option<&str> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|(name, value)| is_name(name, "writekey") && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_event_leaves_the_others() {
        let text =
            r#"{"sentAt":"2026-01-01","batch":[{"a":1e999},{"b":"\ud800"},7],"x":[1,{}],"write_key":"K"}"#;
        let batch: Batch = serde_json::from_str(text).unwrap();
        let texts: Vec<&str> = batch.items.iter().map(|raw| raw.get()).collect();
        assert_eq!(texts, [r#"{"a":1e999}"#, r#"{"b":"\ud800"}"#, "7"]);
        assert_eq!(batch.write_key.text().as_deref(), Some("K"));
        assert!(!batch.is_history);
        for bad in ["[]", "{}", "{\"batch\":{}}", "{\"batch\":null}"] {
            assert!(serde_json::from_str::<Batch>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_user_of_basic_authentication() {
        let user = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            basic_user(&headers)
        };
        assert_eq!(user("Basic V0tfVEVTVDo=").as_deref(), Some("WK_TEST"));
        assert_eq!(user("basic V0tfVEVTVDo").as_deref(), Some("WK_TEST"));
        for bad in ["Basic Og==", "Basic ???", "Bearer V0tfVEVTVDo=", "Basic", "Basic /////w=="] {
            assert_eq!(user(bad), None, "{bad}");
        }
        let uri: Uri = "/beacon/v1/batch?a&writeKey=WK&b=1".parse().unwrap();
        assert_eq!(query_key(&uri), Some("WK"));
    }
}
