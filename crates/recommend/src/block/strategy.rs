//! The strategies by their stable names, and a source: a strategy with its settings.

use serde::{Deserialize, Serialize};

use super::filters::Percents;

macro_rules! strategies {
    ($($(#[$doc:meta])* $name:ident = $text:literal takes [$($option:literal),*],)*) => {
        /// A way to choose goods. The names are stable: they stand in stored blocks and in statistics.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Strategy {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Strategy {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its stable name, as in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Names of the settings of a source that mean something to it, beside `share`, `on` and
            /// `only_consumed_often`.
            pub fn takes(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($option),*],)* }
            }
        }
    };
}

strategies! {
    /// Sold most: of the shop, of the category, of the city; of late, in a week or in a month.
    Bestsellers = "bestsellers" takes ["scope", "period"],
    /// Added to the catalogue last.
    New = "new" takes ["scope", "days"],
    /// Announced, not to be bought yet.
    ComingSoon = "coming_soon" takes ["scope"],
    /// Best marks.
    TopRated = "top_rated" takes ["scope"],
    /// Greatest discounts.
    Discounted = "discounted" takes ["scope"],
    /// Goods tagged for a holiday, on its days, in its countries.
    Holiday = "holiday" takes ["holiday"],
    /// What suits all she viewed, carted and bought.
    ForYou = "for_you" takes [],
    /// Her favourites themselves.
    Favourites = "favourites" takes [],
    /// What suits her favourites.
    FromFavourites = "from_favourites" takes [],
    /// What she left in a cart.
    AbandonedCart = "abandoned_cart" takes [],
    /// What suits the cart she left.
    FromAbandonedCart = "from_abandoned_cart" takes [],
    /// New and sold most in the categories she subscribed to.
    SubscribedCategories = "subscribed_categories" takes [],
    /// What she looked at last.
    RecentlyViewed = "recently_viewed" takes ["days"],
    /// Alternatives to what she looked at last.
    LikeRecentlyViewed = "like_recently_viewed" takes [],
    /// Goods whose attributes are those of her profile, then of the brands and categories she likes.
    ByProfile = "by_profile" takes [],
    /// What she searched for last.
    BySearches = "by_searches" takes [],
    /// What she buys again and again and will soon need.
    RepeatDue = "repeat_due" takes [],
    /// What she will buy next: her habits, then what goes with them.
    NextBasket = "next_basket" takes [],
    /// Alternatives by what shoppers do.
    Similar = "similar" takes ["from"],
    /// Alternatives by what the goods are: words, attributes, brand, price.
    SimilarContent = "similar_content" takes ["from"],
    /// Who viewed this viewed that.
    ViewedAlsoViewed = "viewed_also_viewed" takes ["from"],
    /// Who viewed this bought that.
    ViewedThenBought = "viewed_then_bought" takes ["from"],
    /// For the same need, better and dearer within a band.
    UpSell = "up_sell" takes ["from", "band"],
    /// Packs of the same need ("10 for the price of 8").
    MultiBuy = "multi_buy" takes ["from"],
    /// New goods of the seeds' categories.
    NewInCategory = "new_in_category" takes ["from", "days"],
    /// In one order with it.
    BoughtTogether = "bought_together" takes ["from"],
    /// From the shop's own table of accessories.
    Accessories = "accessories" takes ["from"],
    /// Accessories learned, with direction: a case for a phone, never a phone for a case.
    LearnedAccessories = "learned_accessories" takes ["from"],
    /// What the search of this moment means.
    Search = "search" takes [],
    /// What an endpoint of the shop's own answers.
    ThirdParty = "third_party" takes ["endpoint"],
}

/// A strategy with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Which.
    pub strategy: Strategy,
    /// Percent of the places, in a mix; those without one divide what is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<u8>,
    /// Which goods it starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<SeedsFrom>,
    /// Of what it takes the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// In which time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// How many days back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Up-sell: the price in percent of the seed's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<Percents>,
    /// Which holiday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday: Option<Holiday>,
    /// Which endpoint, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Only to seeds, and only of goods, whose category is consumed often.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_consumed_often: bool,
    /// Only on these channels; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Channel>,
}

impl Source {
    /// A strategy with no settings.
    pub fn of(strategy: Strategy) -> Self {
        Self {
            strategy,
            share: None,
            from: None,
            scope: None,
            period: None,
            days: None,
            band: None,
            holiday: None,
            endpoint: None,
            only_consumed_often: false,
            on: Vec::new(),
        }
    }
}

/// Which goods a source starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedsFrom {
    /// The goods of the page or message; where there are none the cart, then what she looked at last.
    Given,
    /// The cart.
    Cart,
    /// Her last order.
    LastPurchase,
    /// What she looked at last.
    Viewed,
    /// Her favourites.
    Favourites,
    /// The cart she left.
    AbandonedCart,
}

/// Of what the first are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The shop.
    Shop,
    /// The category of the page, else those of the seeds; without either the shop.
    Category,
    /// The shopper's city; a city nobody ordered from has none.
    City,
}

/// In which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Of late: a sale of three weeks ago counts half.
    Trend,
    /// The last seven days.
    Week,
    /// The last thirty days.
    Month,
}

/// Where a block is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The site on a wide screen.
    #[default]
    Web,
    /// The site on a phone.
    MobileWeb,
    /// The shop's app.
    App,
    /// A message: mail, push, chat.
    Message,
}

/// A holiday, every year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Holiday {
    /// The tag of its goods.
    pub tag: String,
    /// First day, as "12-15"; empty for any day.
    pub from: String,
    /// Last day, as "01-07": before the first it is one of the next year.
    pub to: String,
    /// Countries that keep it, as "RU"; empty for all. Who is in no known country is not kept out.
    pub countries: Vec<String>,
}
