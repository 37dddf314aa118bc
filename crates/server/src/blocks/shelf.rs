//! What a shopper sees of a product, written out as JSON once and kept in memory for the next answers.

use crate::amount::Amount;
use beckon_core::catalogue::Offer;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ShopId;
use beckon_render::links::is_web;
use beckon_store::Result;
use beckon_store::shop::ShopPlane;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Products kept: some 25 MB. When there are more, all go and the wanted ones come back.
const KEPT_MAX: usize = 50_000;

/// A product as answers show it.
#[derive(Debug)]
pub struct Card {
    /// Its title, for reasons that name it.
    pub title: String,
    /// The fields of an item as JSON, without braces.
    pub json: String,
}

/// Products that were shown lately, of one version of the catalogue.
#[derive(Debug, Default)]
pub struct Shelf {
    kept: RwLock<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    version: u64,
    cards: HashMap<u64, Arc<Card>>,
}

/// The fields, in this order.
#[derive(Serialize)]
struct Fields<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_price: Option<Amount>,
    #[serde(skip_serializing_if = "str::is_empty")]
    brand: &'a str,
}

impl Shelf {
    /// The cards of these products that are kept for this version, and the numbers of those that are not.
    #[must_use]
    pub fn kept(&self, shop: ShopId, version: u64, ids: &[&str]) -> (HashMap<String, Arc<Card>>, Vec<u64>) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            let number = hash(Tag::Offer, shop, &[id.as_bytes()]);
            match kept.cards.get(&number).filter(|_| kept.version == version) {
                Some(card) => {
                    found.insert((*id).to_owned(), card.clone());
                }
                None => missing.push(number),
            }
        }
        (found, missing)
    }

    /// Reads products from the shop's plane and keeps them; blocks.
    ///
    /// # Errors
    /// The plane cannot be read.
    pub fn fetch(
        &self,
        plane: &ShopPlane,
        shop: ShopId,
        version: u64,
        numbers: &[u64],
    ) -> Result<HashMap<String, Arc<Card>>> {
        let offers = plane.offers(shop, numbers)?;
        let read =
            offers.into_iter().map(|(number, offer)| (number, offer.id.clone(), Arc::new(card(&offer))));
        let read: Vec<(u64, String, Arc<Card>)> = read.collect();
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.version != version || kept.cards.len() + read.len() > KEPT_MAX {
            *kept = Kept { version, cards: HashMap::new() };
        }
        kept.cards.extend(read.iter().map(|(number, _, card)| (*number, card.clone())));
        Ok(read.into_iter().map(|(_, id, card)| (id, card)).collect())
    }
}

fn card(offer: &Offer) -> Card {
    let fields = Fields {
        id: &offer.id,
        title: &offer.title,
        url: Some(offer.url.as_str()).filter(|url| is_web(url)),
        picture: offer.pictures.first().map(String::as_str).filter(|url| is_web(url)),
        price: offer.price.map(Amount::from),
        old_price: offer
            .old_price
            .filter(|old| offer.price.is_some_and(|now| old.minor > now.minor))
            .map(Amount::from),
        brand: &offer.vendor,
    };
    let json = serde_json::to_string(&fields).unwrap_or_default();
    let inside = json.strip_prefix('{').and_then(|json| json.strip_suffix('}')).unwrap_or_default();
    Card { title: offer.title.clone(), json: inside.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::money::{Currency, Money};

    #[test]
    fn the_fields_make_an_object_again_and_no_link_runs_script() {
        let price = Some(Money { minor: 199_050, currency: Currency::RUB });
        let offer = Offer {
            id: "a\"}".to_owned(),
            title: "Чашка </script>}".to_owned(),
            url: "javascript:alert(1)".to_owned(),
            pictures: vec!["https://shop.example/1.jpg".to_owned()],
            price,
            ..Offer::default()
        };
        let card = card(&offer);
        let read: serde_json::Value = serde_json::from_str(&format!("{{{}}}", card.json)).unwrap();
        assert_eq!(read["id"], "a\"}");
        assert_eq!(read["title"], "Чашка </script>}");
        assert_eq!(read["price"]["amount"], "1990.50");
        assert!(read.get("url").is_none());
    }
}
