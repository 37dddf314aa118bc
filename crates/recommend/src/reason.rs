//! Why an item was picked, as data: the words are the server's.

use serde::Serialize;

use crate::block::Period;

/// Why an item was picked. The counts are whole and do not fade; unless they name a time they are since the index was
/// built. They are what a person may be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Ordered together with a seed.
    BoughtTogether {
        /// The seed.
        with: String,
        /// Orders that held both.
        orders: u32,
    },
    /// Put in the cart together with a seed, never yet ordered together.
    CartedTogether {
        /// The seed.
        with: String,
        /// Visitors who did.
        visitors: u32,
    },
    /// Ordered later by those who ordered a seed.
    BoughtLater {
        /// The seed.
        with: String,
        /// Times it was.
        orders: u32,
    },
    /// Viewed in one visit with a seed, or bought after viewing it.
    ViewedTogether {
        /// The seed.
        with: String,
        /// Visitors who did.
        visitors: u32,
    },
    /// Of those who viewed a seed, so many viewed it in the same visit, or bought it then.
    ViewedAlsoViewed {
        /// The seed.
        with: String,
        /// Those who viewed both.
        visitors: u32,
        /// Those who viewed the seed.
        of: u32,
    },
    /// Of those who viewed a seed, so many bought it within a day.
    ViewedThenBought {
        /// The seed.
        with: String,
        /// Those who bought.
        visitors: u32,
        /// Those who viewed the seed.
        of: u32,
    },
    /// An accessory by the shop's own table.
    AccessoryOfTable {
        /// The seed.
        with: String,
    },
    /// An accessory as learned: bought with or after a seed, of another category, and not the other way round.
    AccessoryLearned {
        /// The seed.
        with: String,
        /// Orders that say so.
        orders: u32,
    },
    /// Visits like this one went on to it.
    LikeVisits {
        /// The last seed.
        with: String,
    },
    /// This visitor looked at it or put it in the cart, and did not order it.
    SeenBefore,
    /// Of the same category as a seed, at a near price.
    Content {
        /// The seed.
        with: String,
    },
    /// Like a seed by its own description.
    SimilarContent {
        /// The seed.
        with: String,
        /// Of the same brand.
        same_brand: bool,
        /// Of the same category.
        same_category: bool,
        /// Its price against the seed's, in percent: 10 is a tenth dearer.
        price_percent: i32,
        /// Words, attributes and tags both have.
        shared: u32,
    },
    /// The same need, better and dearer.
    UpSell {
        /// The seed.
        with: String,
        /// By how many percent it is dearer.
        dearer_percent: i32,
        /// Its mean mark in hundredths of a star; 0 for none.
        rating: u16,
    },
    /// Cheaper by the pack.
    MultiBuy {
        /// Pieces in the pack.
        pieces: u16,
        /// Pieces paid for.
        paid: u16,
    },
    /// Ordered much of late.
    Bestseller {
        /// In this category; none for the whole shop.
        category: Option<String>,
        /// Orders of it.
        orders: u32,
    },
    /// Ordered most within a time.
    BestsellerOf {
        /// In this category; none for the whole shop.
        category: Option<String>,
        /// Within which time.
        period: Period,
        /// Orders of it in that time.
        orders: u32,
    },
    /// Ordered most in the shopper's city.
    BestsellerInCity {
        /// The city.
        city: String,
        /// Orders of it there.
        orders: u32,
    },
    /// Looked at much of late, never yet ordered.
    Popular {
        /// In this category; none for the whole shop.
        category: Option<String>,
        /// Views of it.
        views: u32,
    },
    /// Added to the catalogue within the last 30 days.
    New,
    /// Added to the catalogue so many days ago.
    AddedDaysAgo {
        /// Days.
        days: u32,
    },
    /// Announced.
    ComingSoon,
    /// Well rated.
    TopRated {
        /// Mean mark in hundredths of a star.
        rating: u16,
        /// How many marks.
        marks: u32,
    },
    /// Cheaper than before.
    Discounted {
        /// By how many percent.
        percent: u32,
    },
    /// For a holiday.
    Holiday {
        /// Its tag.
        tag: String,
    },
    /// Among her favourites.
    Favourite,
    /// Left in her cart.
    LeftInCart,
    /// Of a category she subscribed to.
    Subscribed {
        /// The category.
        category: String,
    },
    /// It has what her profile says.
    FitsProfile {
        /// Name of the attribute.
        name: String,
        /// Its value.
        value: String,
    },
    /// Of a brand she likes.
    LikesBrand {
        /// Something of that brand she viewed, carted or bought.
        with: String,
    },
    /// Of a category she likes.
    LikesCategory {
        /// The category.
        category: String,
    },
    /// She searched for it.
    Searched {
        /// Her words.
        query: String,
    },
    /// She buys it again and again, and it is time.
    RepeatDue {
        /// Times she bought it.
        times: u32,
        /// Days between, usually.
        every_days: u32,
        /// Days since the last time.
        ago_days: u32,
    },
    /// One of her habits.
    Habit {
        /// Times she bought it.
        times: u32,
    },
    /// A rule put it in its place.
    Pinned,
    /// An endpoint of the shop's own named it.
    ThirdParty,
    /// Nothing is known of it but that it can be bought.
    InStock,
}
