//! What a page, an app or a server asks: which blocks, for whom, starting from what.

use beckon_recommend::block::Channel;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// The most ids that are read of one list; the last ones count most, so the first ones go.
const IDS_MAX: usize = 60;
/// The longest id.
const ID_MAX_BYTES: usize = 200;
/// The most blocks one question may ask for.
pub const SHOWN_MAX: usize = 8;

/// A question: the body of a POST, or the query of a GET. Everything but `show` may be left out.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Question {
    /// The write key, where the header does not have it.
    #[serde(alias = "writeKey")]
    pub write_key: String,
    /// Blocks by name, or a place (`home`), which stands for all its blocks.
    #[serde(alias = "block", alias = "placement")]
    pub show: Ids,
    /// Who asks: the browser's or the app's own number. It draws the arms of tests, nothing else.
    #[serde(alias = "anonymousId")]
    pub anonymous_id: String,
    /// For whom, by the shop's number; with the server key only.
    #[serde(alias = "userId")]
    pub user_id: String,
    /// For whom, by address; with the server key only.
    pub email: String,
    /// Products of the page, oldest first.
    #[serde(alias = "product")]
    pub products: Ids,
    /// The cart as it is now.
    pub cart: Ids,
    /// Products looked at, oldest first.
    pub viewed: Ids,
    /// Products ordered, oldest first.
    pub bought: Ids,
    /// Favourites, newest last.
    pub favourites: Ids,
    /// What was searched for, newest last.
    pub searches: Ids,
    /// Categories subscribed to.
    pub subscribed: Ids,
    /// Products that must not come.
    pub exclude: Ids,
    /// Category of the page.
    pub category: String,
    /// The search of this moment.
    #[serde(alias = "q")]
    pub query: String,
    /// City.
    pub city: String,
    /// Country, two letters.
    pub country: String,
    /// Where it is shown.
    pub channel: Channel,
    /// Fewer or more places than the block has.
    pub size: Option<u16>,
    /// Language of headings and reasons; the shop's own without it.
    pub locale: String,
}

/// Ids: a list, or one text with commas between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids(pub Vec<String>);

impl Ids {
    /// As slices of text.
    #[must_use]
    pub fn as_strs(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    fn keep(mut ids: Vec<String>) -> Ids {
        ids.retain(|id| !id.is_empty() && id.len() <= ID_MAX_BYTES);
        ids.drain(..ids.len().saturating_sub(IDS_MAX));
        Ids(ids)
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Ids;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a list of ids, or a text with commas between them")
            }
            fn visit_str<E>(self, text: &str) -> Result<Ids, E> {
                Ok(Ids::keep(text.split(',').map(|id| id.trim().to_owned()).collect()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Ids, E> {
                Ok(Ids(vec![number.to_string()]))
            }
            fn visit_unit<E>(self) -> Result<Ids, E> {
                Ok(Ids::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Ids, A::Error> {
                let mut ids = Vec::new();
                while let Some(id) = list.next_element::<Id>()? {
                    ids.push(id.0);
                }
                Ok(Ids::keep(ids))
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

/// One id: shops number their goods, and say so with or without quotes.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl Visitor<'_> for One {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an id")
            }
            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.trim().to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(One)
    }
}

/// What the shop remembers of a customer that no page can say: for questions with the server key, and for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Number of the profile, under which the index knows her.
    pub visitor: Option<u64>,
    /// Lines of her cart.
    pub cart: Vec<String>,
    /// Products she looked at, oldest first.
    pub viewed: Vec<String>,
    /// Her wish list, newest last.
    pub favourites: Vec<String>,
    /// What she ordered, with the time in milliseconds since 1970.
    pub bought: Vec<(String, i64)>,
    /// What the shop says of her.
    pub facts: BTreeMap<String, String>,
    /// What endpoints of the shop's own answered to this question, by their names.
    pub outside: BTreeMap<String, Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_from_a_body_and_from_a_query_alike() {
        let body = r#"{"show":["home","x"],"products":[7,"A 1",""],"cart":"B,C",
            "channel":"mobile_web","size":4,"anonymousId":"u"}"#;
        let body: Question = serde_json::from_str(body).unwrap();
        let query = "show=home,x&products=7,A%201&cart=B,C&channel=mobile_web&size=4&anonymousId=u";
        let uri: axum::http::Uri = format!("/v1/recommend?{query}").parse().unwrap();
        let query = axum::extract::Query::<Question>::try_from_uri(&uri).unwrap().0;
        for asked in [&body, &query] {
            assert_eq!(asked.show.as_strs(), ["home", "x"]);
            assert_eq!(asked.products.as_strs(), ["7", "A 1"]);
            assert_eq!(asked.cart.as_strs(), ["B", "C"]);
            assert_eq!((asked.channel, asked.size), (Channel::MobileWeb, Some(4)));
            assert_eq!(asked.anonymous_id, "u");
        }
    }

    #[test]
    fn long_lists_keep_their_newest_and_overlong_ids_go() {
        let ids: Vec<String> = (0..500).map(|n| format!("\"{n}\"")).collect();
        let long = "x".repeat(ID_MAX_BYTES + 1);
        let body = format!(r#"{{"viewed":[{}],"cart":["{long}"]}}"#, ids.join(","));
        let asked: Question = serde_json::from_str(&body).unwrap();
        assert_eq!(asked.viewed.0.len(), IDS_MAX);
        assert_eq!(asked.viewed.0.last().unwrap(), "499");
        assert!(asked.cart.0.is_empty());
        assert!(serde_json::from_str::<Question>(r#"{"cart":{"a":1}}"#).is_err());
    }
}
