//! An offer of the feed as the recommender wants it: what of its parameters is a mark, a tag or a plain attribute.

use beckon_core::catalogue::Offer;
use beckon_recommend::ItemFacts;
use beckon_store::shop::Card;

/// Names of parameters that hold the shoppers' mean mark, out of five.
const RATING: [&str; 3] = ["rating", "рейтинг", "оценка"];
/// Names of parameters that hold how many marks there are.
const MARKS: [&str; 4] = ["reviews", "rating count", "отзывы", "количество отзывов"];
/// Names of parameters that hold a tag, or several by commas.
const TAGS: [&str; 4] = ["tag", "tags", "тег", "теги"];
/// Names of parameters that hold what the shop earns of the price, in percent.
const MARGIN: [&str; 2] = ["margin", "маржа"];
/// Names of parameters that say yes of goods announced and not to be bought yet.
const COMING: [&str; 2] = ["coming soon", "скоро в продаже"];
/// Names of parameters that say yes of goods the shop does not want recommended.
const HIDDEN: [&str; 2] = ["no recommendation", "не рекомендовать"];
/// Longer values are descriptions, which no two goods share.
const ATTRIBUTE_BYTES: usize = 120;

/// What a parameter means.
enum Param<'a> {
    Rating(f64),
    Marks(u32),
    Tags(&'a str),
    Margin(f64),
    Coming,
    Hidden,
    Attribute,
}

/// Borrowed parts of an offer that its facts are made of.
pub struct Goods<'a> {
    card: &'a Card,
    offer: Option<&'a Offer>,
    group: String,
    tags: Vec<&'a str>,
    attributes: Vec<(&'a str, &'a str)>,
    rating: Option<(u16, u32)>,
    margin_permille: Option<i16>,
    coming_soon: bool,
    hidden: bool,
}

impl<'a> Goods<'a> {
    /// Sorts the parameters of an offer. Without the offer itself only category, price and stock are known.
    #[must_use]
    pub fn new(card: &'a Card, offer: Option<&'a Offer>) -> Goods<'a> {
        let (mut tags, mut attributes) = (Vec::new(), Vec::new());
        let (mut mean, mut marks, mut margin_permille) = (None, None, None);
        let (mut coming_soon, mut hidden) = (false, card.minor.is_none());
        for (name, value) in offer.into_iter().flat_map(|offer| &offer.params) {
            match meaning(name, value) {
                Param::Rating(stars) => mean = Some((stars * 100.0).round() as u16),
                Param::Marks(count) => marks = Some(count),
                Param::Tags(list) => {
                    tags.extend(list.split(',').map(str::trim).filter(|tag| !tag.is_empty()))
                }
                Param::Margin(percent) => margin_permille = Some((percent * 10.0).round() as i16),
                Param::Coming => coming_soon = true,
                Param::Hidden => hidden = true,
                Param::Attribute if value.len() <= ATTRIBUTE_BYTES => {
                    attributes.push((name.as_str(), value.as_str()));
                }
                Param::Attribute => {}
            }
        }
        // A mark without a count is that of somebody at least.
        let rating = mean.map(|mean| (mean, marks.unwrap_or(1)));
        let group = if card.product == card.number { String::new() } else { format!("{:x}", card.product) };
        Goods { card, offer, group, tags, attributes, rating, margin_permille, coming_soon, hidden }
    }

    /// The facts, for as long as these parts live.
    #[must_use]
    pub fn facts(&self) -> ItemFacts<'_> {
        ItemFacts {
            category: &self.card.category,
            price_minor: self.card.minor.unwrap_or(0),
            in_stock: self.card.available,
            hidden: self.hidden,
            group: &self.group,
            title: self.offer.map_or("", |offer| &offer.title),
            brand: self.offer.map_or("", |offer| &offer.vendor),
            tags: &self.tags,
            attributes: &self.attributes,
            old_price_minor: self.offer.and_then(|offer| offer.old_price).map(|money| money.minor),
            rating: self.rating,
            margin_permille: self.margin_permille,
            coming_soon: self.coming_soon,
            added_ms: self.card.added_at.map(|at| at.0),
            ..ItemFacts::default()
        }
    }
}

fn meaning<'a>(name: &str, value: &'a str) -> Param<'a> {
    let name = name.trim().to_lowercase();
    let named = |names: &[&str]| names.contains(&name.as_str());
    let number = || value.trim().replace(',', ".").parse::<f64>().ok();
    match () {
        () if named(&RATING) => match number().filter(|stars| (0.0..=5.0).contains(stars)) {
            Some(stars) => Param::Rating(stars),
            None => Param::Attribute,
        },
        () if named(&MARKS) => value.trim().parse().map_or(Param::Attribute, Param::Marks),
        () if named(&MARGIN) => {
            let percent = value.trim().trim_end_matches('%').trim().replace(',', ".").parse::<f64>().ok();
            percent
                .filter(|percent| (-100.0..=100.0).contains(percent))
                .map_or(Param::Attribute, Param::Margin)
        }
        () if named(&COMING) && is_yes(value) => Param::Coming,
        () if named(&HIDDEN) && is_yes(value) => Param::Hidden,
        () if named(&TAGS) => Param::Tags(value),
        () => Param::Attribute,
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value.trim().to_lowercase().as_str(), "yes" | "true" | "1" | "да")
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::time::ShopTime;

    #[test]
    fn parameters_are_marks_tags_or_attributes() {
        let params =
            [("Рейтинг", "4,75"), ("Отзывы", "12"), ("Теги", "8 марта, подарок"), ("Цвет", "красный")];
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let offer =
            Offer { title: "Чайник".into(), vendor: "Bosch".into(), params, ..Offer::default() };
        let card = Card {
            number: 1,
            id: "a".into(),
            product: 2,
            category: "c".into(),
            minor: Some(100),
            currency: "RUB".into(),
            available: true,
            stock: None,
            added_at: Some(ShopTime(5)),
        };
        let goods = Goods::new(&card, Some(&offer));
        let facts = goods.facts();
        assert_eq!((facts.rating, facts.tags), (Some((475, 12)), &["8 марта", "подарок"][..]));
        assert_eq!((facts.attributes, facts.brand, facts.group), (&[("Цвет", "красный")][..], "Bosch", "2"));
        let odd = Offer { params: vec![("rating".into(), "11".into())], ..Offer::default() };
        let goods = Goods::new(&card, Some(&odd));
        assert_eq!((goods.facts().rating, goods.facts().attributes), (None, &[("rating", "11")][..]));
        let said = [("Margin", "30 %"), ("Не рекомендовать", "да"), ("Скоро в продаже", "нет")];
        let said = said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let own = Offer { params: said, ..Offer::default() };
        let goods = Goods::new(&card, Some(&own));
        let facts = goods.facts();
        assert_eq!((facts.margin_permille, facts.hidden, facts.coming_soon), (Some(300), true, false));
        assert_eq!(facts.added_ms, Some(5));
        assert!(Goods::new(&card, None).facts().title.is_empty());
    }
}
