//! Reasons while a list is made: small and copied about; only those of the picks get names.

use crate::block::Period;
use crate::catalogue::CategoryId;
use crate::id_map::ItemId;
use crate::reason::Reason;
use crate::recommender::Recommender;

/// Why an item is a candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why {
    Bought {
        with: ItemId,
        orders: u32,
    },
    Carted {
        with: ItemId,
        visitors: u32,
    },
    Later {
        with: ItemId,
        orders: u32,
    },
    Viewed {
        with: ItemId,
        visitors: u32,
    },
    /// As [`Why::Viewed`], told as a share of those who viewed the seed.
    AlsoViewed {
        with: ItemId,
        visitors: u32,
    },
    ThenBought {
        with: ItemId,
        visitors: u32,
    },
    OfTable {
        with: ItemId,
    },
    Learned {
        with: ItemId,
        orders: u32,
    },
    LikeVisits {
        with: ItemId,
    },
    Seen,
    Content {
        with: ItemId,
    },
    Alike {
        with: ItemId,
    },
    UpSell {
        with: ItemId,
    },
    Pack,
    /// As the trend's shelf has it.
    Shelf {
        category: Option<CategoryId>,
    },
    Sold {
        category: Option<CategoryId>,
        period: Period,
    },
    City {
        orders: u32,
    },
    Added {
        days: u32,
    },
    Coming,
    Rated,
    Discounted,
    Holiday,
    Favourite,
    Left,
    Subscribed {
        category: CategoryId,
    },
    /// The place of the fact in the request.
    Fits {
        fact: u16,
    },
    Brand {
        with: ItemId,
    },
    Category {
        category: CategoryId,
    },
    /// The place of the search in the request; none for the search of this moment.
    Searched {
        search: Option<u16>,
    },
    Due {
        times: u32,
        every_days: u32,
        ago_days: u32,
    },
    Habit {
        times: u32,
    },
    Pinned,
    ThirdParty,
}

/// Words of the request that a reason may name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Words<'a> {
    pub(crate) city: &'a str,
    pub(crate) tag: &'a str,
    pub(crate) query: &'a str,
    pub(crate) searches: &'a [&'a str],
    pub(crate) facts: &'a [(&'a str, &'a str)],
}

impl Why {
    /// The reason with names and figures, where no words of a request are needed.
    pub(crate) fn reason(self, shop: &Recommender, item: ItemId) -> Reason {
        self.told(shop, item, Words::default())
    }

    /// The reason with names and figures.
    pub(crate) fn told(self, shop: &Recommender, item: ItemId, words: Words) -> Reason {
        let name = |id: ItemId| shop.items.get(id).name.as_ref().to_owned();
        let category_name = |id: CategoryId| shop.catalogue.name(id).to_owned();
        match self {
            Self::Bought { with, orders } => Reason::BoughtTogether { with: name(with), orders },
            Self::Carted { with, visitors } => Reason::CartedTogether { with: name(with), visitors },
            Self::Later { with, orders } => Reason::BoughtLater { with: name(with), orders },
            Self::Viewed { with, visitors } => Reason::ViewedTogether { with: name(with), visitors },
            Self::AlsoViewed { with, visitors } => {
                Reason::ViewedAlsoViewed { with: name(with), visitors, of: viewers(shop, with, visitors) }
            }
            Self::ThenBought { with, visitors } => {
                Reason::ViewedThenBought { with: name(with), visitors, of: viewers(shop, with, visitors) }
            }
            Self::OfTable { with } => Reason::AccessoryOfTable { with: name(with) },
            Self::Learned { with, orders } => Reason::AccessoryLearned { with: name(with), orders },
            Self::LikeVisits { with } => Reason::LikeVisits { with: name(with) },
            Self::Seen => Reason::SeenBefore,
            Self::Content { with } => Reason::Content { with: name(with) },
            Self::Alike { with } => likeness(shop, with, item),
            Self::UpSell { with } => Reason::UpSell {
                with: name(with),
                dearer_percent: price_percent(shop, with, item),
                rating: shop.items.get(item).listed.map_or(0, |listed| listed.rating.0),
            },
            Self::Subscribed { category } => Reason::Subscribed { category: category_name(category) },
            Self::Brand { with } => Reason::LikesBrand { with: name(with) },
            Self::Category { category } => Reason::LikesCategory { category: category_name(category) },
            Self::Due { times, every_days, ago_days } => Reason::RepeatDue { times, every_days, ago_days },
            Self::Habit { times } => Reason::Habit { times },
            Self::Favourite => Reason::Favourite,
            Self::Left => Reason::LeftInCart,
            Self::Pinned => Reason::Pinned,
            Self::ThirdParty => Reason::ThirdParty,
            _ => self.of_shelf(shop, item, words),
        }
    }

    /// Reasons that come from where an item stands, or from words of the request.
    fn of_shelf(self, shop: &Recommender, item: ItemId, words: Words) -> Reason {
        let listed = shop.items.get(item).listed;
        let category_name = |id: CategoryId| shop.catalogue.name(id).to_owned();
        match (self, listed) {
            (Self::Shelf { category }, Some(listed)) => shop.shelf_reason(item, &listed, category),
            (Self::Sold { category, period }, _) => {
                let sold = shop.charts.sold(item);
                let orders = if period == Period::Week { sold.week } else { sold.month };
                Reason::BestsellerOf { category: category.map(category_name), period, orders }
            }
            (Self::City { orders }, _) => Reason::BestsellerInCity { city: words.city.to_owned(), orders },
            (Self::Added { days }, _) => Reason::AddedDaysAgo { days },
            (Self::Coming, _) => Reason::ComingSoon,
            (Self::Rated, Some(listed)) => {
                Reason::TopRated { rating: listed.rating.0, marks: listed.rating.1 }
            }
            (Self::Discounted, Some(listed)) => {
                Reason::Discounted { percent: listed.discount_permille() / 10 }
            }
            (Self::Pack, Some(listed)) => Reason::MultiBuy { pieces: listed.pack.0, paid: listed.pack.1 },
            (Self::Holiday, _) => Reason::Holiday { tag: words.tag.to_owned() },
            (Self::Fits { fact }, _) => {
                let (name, value) = words.facts.get(usize::from(fact)).copied().unwrap_or_default();
                Reason::FitsProfile { name: name.to_owned(), value: value.to_owned() }
            }
            (Self::Searched { search }, _) => {
                let of = |place: u16| words.searches.get(usize::from(place)).copied().unwrap_or_default();
                Reason::Searched { query: search.map_or(words.query, of).to_owned() }
            }
            _ => Reason::InStock,
        }
    }
}

/// Those who viewed a seed. An old neighbour may have been counted longer than the seed's own count lives.
fn viewers(shop: &Recommender, seed: ItemId, visitors: u32) -> u32 {
    shop.items.get(seed).popularity.views.max(visitors)
}

/// In what an item is like a seed.
fn likeness(shop: &Recommender, seed: ItemId, id: ItemId) -> Reason {
    let (one, other) = (shop.items.get(seed), shop.items.get(id));
    let brand = |item: &crate::items::Item| item.listed.and_then(|listed| listed.brand);
    let category = |item: &crate::items::Item| item.listed.and_then(|listed| listed.category);
    let shared = one.terms.iter().filter(|term| other.terms.binary_search(term).is_ok()).count();
    Reason::SimilarContent {
        with: one.name.as_ref().to_owned(),
        same_brand: brand(one).is_some() && brand(one) == brand(other),
        same_category: category(one).is_some() && category(one) == category(other),
        price_percent: price_percent(shop, seed, id),
        shared: shared as u32,
    }
}

/// The price of an item against a seed's, in percent: 10 is a tenth dearer.
pub(crate) fn price_percent(shop: &Recommender, seed: ItemId, item: ItemId) -> i32 {
    let price = |id: ItemId| shop.items.get(id).listed.map_or(0, |listed| listed.price_minor).max(0) as f64;
    let (one, other) = (price(seed), price(item));
    if one <= 0.0 { 0 } else { (100.0 * (other - one) / one).round().clamp(-100.0, 1e6) as i32 }
}
