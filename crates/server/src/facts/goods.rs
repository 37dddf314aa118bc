//! An offer as the recommender knows it.
//!
//! Most of it stands in fields of the feed. What YML has no field for is read from parameters by name, in English or
//! Russian: marks (`rating`, `reviews`), tags (`tags`), margin (`margin`, in percent), goods announced (`coming soon`)
//! and goods not to be recommended (`no recommendation`).

use beckon_core::catalogue::Offer;
use beckon_recommend::ItemFacts;
use beckon_store::shop::Card;

/// Parameters that say something of their own, by name in lower case.
const TAGS: [&str; 4] = ["tag", "tags", "метка", "метки"];
const RATING: [&str; 2] = ["rating", "рейтинг"];
const REVIEWS: [&str; 3] = ["reviews", "отзывы", "отзывов"];
const MARGIN: [&str; 2] = ["margin", "маржа"];
const COMING: [&str; 2] = ["coming soon", "скоро в продаже"];
const HIDDEN: [&str; 2] = ["no recommendation", "не рекомендовать"];

/// Says what the recommender is to know of an offer.
pub fn told(card: &Card, offer: &Offer, tell: impl FnOnce(ItemFacts)) {
    let group = format!("{:x}", card.product);
    let tags: Vec<&str> =
        find(offer, &TAGS).map(|text| text.split(',').map(str::trim).collect()).unwrap_or_default();
    let attributes: Vec<(&str, &str)> = offer
        .params
        .iter()
        .filter(|(name, _)| !is_own(name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    tell(ItemFacts {
        category: &card.category,
        price_minor: card.minor.unwrap_or(0),
        in_stock: card.available,
        hidden: card.minor.is_none() || find(offer, &HIDDEN).is_some_and(is_yes),
        group: if card.product == card.number { "" } else { &group },
        added_ms: card.added_at.map(|at| at.0),
        title: &offer.title,
        brand: &offer.vendor,
        tags: &tags,
        attributes: &attributes,
        old_price_minor: offer.old_price.map(|old| old.minor),
        margin_permille: number(offer, &MARGIN).map(|percent| (percent * 10.0).clamp(-1e4, 1e3) as i16),
        rating: rating(offer),
        coming_soon: find(offer, &COMING).is_some_and(is_yes),
        pack: None,
    });
}

/// Hundredths of a star and how many marks. A mark without a number of them is worth one.
fn rating(offer: &Offer) -> Option<(u16, u32)> {
    let stars = number(offer, &RATING).filter(|stars| (0.0..=5.0).contains(stars))?;
    let marks = number(offer, &REVIEWS).map_or(1, |marks| marks.clamp(0.0, 1e9) as u32);
    Some(((stars * 100.0).round() as u16, marks))
}

fn number(offer: &Offer, names: &[&str]) -> Option<f32> {
    find(offer, names)?.trim().trim_end_matches('%').trim().replace(',', ".").parse().ok()
}

fn find<'a>(offer: &'a Offer, names: &[&str]) -> Option<&'a str> {
    let is_named = |(name, _): &&(String, String)| names.contains(&name.trim().to_lowercase().as_str());
    offer.params.iter().find(is_named).map(|(_, value)| value.as_str())
}

fn is_own(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    [&TAGS[..], &RATING, &REVIEWS, &MARGIN, &COMING, &HIDDEN]
        .iter()
        .any(|names| names.contains(&name.as_str()))
}

fn is_yes(value: &str) -> bool {
    matches!(value.trim().to_lowercase().as_str(), "yes" | "true" | "1" | "да")
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::time::ShopTime;

    #[test]
    fn parameters_with_a_meaning_are_read_and_the_others_are_attributes() {
        let params = [
            ("Цвет", "синий"),
            ("Рейтинг", "4,5"),
            ("Отзывов", "12"),
            ("Метки", "подарок, 8 марта"),
            ("Margin", "30 %"),
            ("Не рекомендовать", "да"),
        ];
        let offer = Offer {
            params: params.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            ..Offer::default()
        };
        let card = Card {
            number: 1,
            id: "a".to_owned(),
            product: 1,
            category: String::new(),
            minor: Some(100),
            currency: "RUB".to_owned(),
            available: true,
            stock: None,
            added_at: Some(ShopTime(5)),
        };
        told(&card, &offer, |facts| {
            assert_eq!(facts.attributes, [("Цвет", "синий")]);
            assert_eq!(facts.rating, Some((450, 12)));
            assert_eq!(facts.tags, ["подарок", "8 марта"]);
            assert_eq!((facts.margin_permille, facts.hidden, facts.added_ms), (Some(300), true, Some(5)));
        });
    }
}
