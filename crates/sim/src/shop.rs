//! An invented shop: what it sells, at what price on which day, and what it looks like. A seed gives the
//! same shop.
//!
//! Nothing here is real: names, workshops and pictures are made up and drawn by us.

mod collection;
mod drawing;
mod feed;
mod kind;
mod lang;
mod shelf;
mod words;

pub use feed::feed;
pub use lang::{Lang, Text};
pub use shelf::Quote;

use crate::chance::Chance;
use collection::{COLLECTIONS, Collection};
use kind::{Axis, KINDS, Kind};
use std::collections::BTreeMap;

/// The shop's name.
pub const NAME: Text = Text { ru: "Лавка «Маяк»", en: "Lighthouse Goods" };
/// What stands below the name.
pub const MOTTO: Text = Text { ru: "Тихие вещи с берега", en: "Quiet things from the shore" };

/// How many kinds get a piece in each collection; with 25 kinds this makes 300 products.
const PER_KIND: usize = 12;
/// The number of the first product.
const FIRST_NUMBER: u32 = 101;

/// A category of the shop's tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// Number in the feed and in addresses.
    pub id: u32,
    /// Number of the category above; 0 at the top.
    pub parent: u32,
    /// Its name.
    pub name: Text,
}

/// One thing that can be ordered: a product, or one size or shade of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The offer's id in feed, events and addresses.
    pub id: String,
    /// What tells it from its sisters (`350 мл`); `None` when the product has one variant.
    pub option: Option<Text>,
    /// Percent of the product's base price.
    pub price_percent: u32,
    /// Number within the product, from 0.
    pub index: u32,
}

/// A product: a kind of thing in a collection.
#[derive(Clone, Debug)]
pub struct Product {
    /// Number in the shop.
    pub number: u32,
    /// Title without the variant.
    pub title: Localised,
    /// Plain text of a few sentences.
    pub description: Localised,
    /// Its category.
    pub category: u32,
    /// The invented workshop that made it.
    pub vendor: Text,
    /// What the variants differ in: size, shade.
    pub axis: Option<Text>,
    /// At least one; the first is the usual one.
    pub variants: Vec<Variant>,
    /// Name and value.
    pub params: Vec<(Text, Text)>,
    kind: &'static Kind,
    collection: &'static Collection,
    /// In whole roubles, before any discount.
    base_rub: u32,
}

/// A composed text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localised {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl Localised {
    /// The text in a language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.ru, &self.en)
    }
}

/// The shop.
#[derive(Clone, Debug)]
pub struct Shop {
    products: Vec<Product>,
    by_offer: BTreeMap<String, (usize, usize)>,
    /// Places of the products of each category, those below it among them.
    by_category: BTreeMap<u32, Vec<usize>>,
    /// Places of the other products of each product's collection.
    mates: Vec<Vec<usize>>,
    all: Vec<usize>,
    chance: Chance,
}

impl Shop {
    /// The shop of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Shop {
        let chance = Chance::new(seed);
        let mut products = Vec::with_capacity(KINDS.len() * PER_KIND);
        for (kind_number, kind) in KINDS.iter().enumerate() {
            for collection in collections_of(chance, kind_number as u64) {
                let number = FIRST_NUMBER + u32::try_from(products.len()).unwrap_or_default();
                products.push(product(chance, number, kind, collection));
            }
        }
        let mut by_offer = BTreeMap::new();
        for (n, product) in products.iter().enumerate() {
            for (v, variant) in product.variants.iter().enumerate() {
                by_offer.insert(variant.id.clone(), (n, v));
            }
        }
        let by_category = kind::CATEGORIES.iter().map(|c| (c.id, places(&products, c.id))).collect();
        let mates = products.iter().map(|product| mates(&products, product)).collect();
        let all = (0..products.len()).collect();
        Shop { products, by_offer, by_category, mates, all, chance }
    }

    /// Places in [`Shop::products`] of a category's products and of those below it.
    pub(crate) fn shelf(&self, category: u32) -> &[usize] {
        self.by_category.get(&category).map_or(&[], Vec::as_slice)
    }

    /// Places of the other products of a product's collection.
    pub(crate) fn mates(&self, product: &Product) -> &[usize] {
        let at = product.number.checked_sub(FIRST_NUMBER).and_then(|at| self.mates.get(at as usize));
        at.map_or(&[], Vec::as_slice)
    }

    /// Places of all products.
    pub(crate) fn all(&self) -> &[usize] {
        &self.all
    }

    /// All products, by number.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// The product and variant of an offer id.
    #[must_use]
    pub fn offer(&self, id: &str) -> Option<(&Product, &Variant)> {
        let (n, v) = *self.by_offer.get(id)?;
        Some((&self.products[n], &self.products[n].variants[v]))
    }

    /// The product of a number.
    #[must_use]
    pub fn product(&self, number: u32) -> Option<&Product> {
        self.products.get(number.checked_sub(FIRST_NUMBER)? as usize)
    }

    /// The categories, those above before those below.
    #[must_use]
    pub fn categories(&self) -> &'static [Category] {
        &kind::CATEGORIES
    }

    /// The category of a number.
    #[must_use]
    pub fn category(&self, id: u32) -> Option<&'static Category> {
        kind::CATEGORIES.iter().find(|category| category.id == id)
    }

    /// The products of a category and of those below it.
    pub fn in_category(&self, id: u32) -> impl Iterator<Item = &Product> {
        self.shelf(id).iter().filter_map(|place| self.products.get(*place))
    }

    /// The other products of a product's collection.
    pub fn of_the_collection<'a>(&'a self, product: &'a Product) -> impl Iterator<Item = &'a Product> {
        self.mates(product).iter().filter_map(|place| self.products.get(*place))
    }

    /// The picture of an offer as an SVG document; `None` when there is no such offer.
    #[must_use]
    pub fn picture(&self, offer: &str) -> Option<String> {
        let (product, variant) = self.offer(offer)?;
        let shaded = matches!(product.kind.axis, Axis::Shades) && variant.index > 0;
        let palette = if shaded { product.collection.palette.turned() } else { product.collection.palette };
        let look = drawing::Look { palette, pattern: product.collection.pattern, number: product.number };
        Some(drawing::draw(product.kind.drawing, &look))
    }
}

/// Places of the products of a category and of those below it.
fn places(products: &[Product], id: u32) -> Vec<usize> {
    let below = |child: u32| kind::CATEGORIES.iter().any(|c| c.id == child && c.parent == id);
    let of_it = products.iter().enumerate().filter(|(_, p)| p.category == id || below(p.category));
    of_it.map(|(place, _)| place).collect()
}

/// Places of the others of a product's collection.
fn mates(products: &[Product], product: &Product) -> Vec<usize> {
    let others = products.iter().enumerate().filter(|(_, other)| {
        other.number != product.number && std::ptr::eq(other.collection, product.collection)
    });
    others.map(|(place, _)| place).collect()
}

/// Which collections a kind comes in: twelve of the sixteen, in the table's order.
fn collections_of(chance: Chance, kind: u64) -> Vec<&'static Collection> {
    let mut order: Vec<usize> = (0..COLLECTIONS.len()).collect();
    order.sort_by_key(|n| chance.bits("collection", &[kind, *n as u64]));
    order.truncate(PER_KIND);
    order.sort_unstable();
    order.into_iter().map(|n| &COLLECTIONS[n]).collect()
}

fn product(chance: Chance, number: u32, kind: &'static Kind, collection: &'static Collection) -> Product {
    let asked = [u64::from(number)];
    let spread = chance.below("price", &asked, 61);
    let base = u64::from(kind.price_rub) * (80 + spread) / 100;
    let base_rub = u32::try_from((base / 10 * 10).max(50)).unwrap_or(50);
    let options = kind.axis.options();
    let id = |n: usize| if options.is_empty() { number.to_string() } else { format!("{number}-{}", n + 1) };
    let variants = (0..options.len().max(1))
        .map(|n| Variant {
            id: id(n),
            option: options.get(n).map(|(name, _)| *name),
            price_percent: options.get(n).map_or(100, |(_, percent)| *percent),
            index: u32::try_from(n).unwrap_or_default(),
        })
        .collect();
    let params = vec![
        (Text { ru: "Материал", en: "Material" }, kind.material),
        (Text { ru: "Коллекция", en: "Collection" }, collection.name),
        (Text { ru: "Цвет", en: "Colour" }, collection.colour),
        (Text { ru: "Уход", en: "Care" }, kind.care),
    ];
    Product {
        number,
        title: words::title(kind, collection),
        description: words::description(chance, number, kind, collection),
        category: kind.category,
        vendor: kind.vendor,
        axis: kind.axis.name(),
        variants,
        params,
        kind,
        collection,
        base_rub,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_shop_and_another_seed_another() {
        let prices = |seed| -> Vec<u32> { Shop::new(seed).products().iter().map(|p| p.base_rub).collect() };
        assert_eq!(prices(1), prices(1));
        assert_ne!(prices(1), prices(2));
    }

    #[test]
    fn every_product_is_whole_in_both_languages_and_its_ids_are_its_own() {
        let shop = Shop::new(7);
        assert_eq!(shop.products().len(), 300);
        let offers: usize = shop.products().iter().map(|p| p.variants.len()).sum();
        assert_eq!(shop.by_offer.len(), offers);
        let mut titles = std::collections::BTreeSet::new();
        for product in shop.products() {
            assert_eq!(shop.product(product.number).unwrap().number, product.number);
            assert!(shop.category(product.category).is_some_and(|c| c.parent != 0), "{}", product.title.en);
            assert!(titles.insert(product.title.ru.clone()), "twice: {}", product.title.ru);
            for lang in Lang::ALL {
                assert!(product.description.get(lang).len() > 60, "{}", product.title.en);
                assert!(!product.title.get(lang).is_empty());
            }
            assert!(product.title.en.is_ascii(), "{}", product.title.en);
        }
    }
}
