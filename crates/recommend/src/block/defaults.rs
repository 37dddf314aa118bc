//! Blocks that come built in: which recommendations stand where, until a marketer says otherwise.
//!
//! They are data, `defaults.json`. What may stand in which message follows the rules of the field: a confirmation
//! offers complements, and alternatives only of goods consumed often; a mail about accessories offers nothing else.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Block, Channel};

/// A place for blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// The first page.
    Home,
    /// The page of a product.
    ProductCard,
    /// The cart.
    Cart,
    /// The cart with nothing in it.
    EmptyCart,
    /// The favourites.
    Favourites,
    /// The favourites with nothing in them.
    EmptyFavourites,
    /// What a search found.
    Search,
    /// A search that found nothing.
    EmptySearch,
    /// A page that is not there.
    NotFound,
    /// What pops up when a product is put in the cart.
    AddedToCart,
    /// The confirmation of an order.
    OrderConfirmation,
    /// The mail about accessories of what was bought.
    AccessoriesMail,
    /// The mail about an abandoned cart.
    AbandonedCart,
    /// The request for a review.
    ReviewRequest,
    /// A regular promotion.
    RegularPromo,
    /// The receipt after a purchase in a shop of bricks.
    VirtualReceipt,
}

impl Placement {
    /// Places on a page or screen.
    pub const ON_SITE: &[Self] = &[
        Self::Home,
        Self::ProductCard,
        Self::Cart,
        Self::EmptyCart,
        Self::Favourites,
        Self::EmptyFavourites,
        Self::Search,
        Self::EmptySearch,
        Self::NotFound,
        Self::AddedToCart,
    ];
    /// Places in messages.
    pub const IN_MESSAGES: &[Self] = &[
        Self::OrderConfirmation,
        Self::AccessoriesMail,
        Self::AbandonedCart,
        Self::ReviewRequest,
        Self::RegularPromo,
        Self::VirtualReceipt,
    ];
}

/// The blocks of one place on some channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Default {
    /// Where.
    pub placement: Placement,
    /// On which channels.
    pub channels: Vec<Channel>,
    /// The blocks from top to bottom.
    pub blocks: Vec<Block>,
}

static BUILT_IN: LazyLock<Vec<Default>> =
    // A test parses it, so it cannot be broken here.
    LazyLock::new(|| serde_json::from_str(include_str!("defaults.json")).unwrap_or_default());

/// The built-in blocks of a place on a channel, from top to bottom; none where nothing is shown.
pub fn built_in(placement: Placement, channel: Channel) -> &'static [Block] {
    let fits = |one: &&Default| one.placement == placement && one.channels.contains(&channel);
    BUILT_IN.iter().find(fits).map_or(&[], |one| one.blocks.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Source, Strategy};
    use std::collections::BTreeSet;

    fn parsed() -> Vec<Default> {
        serde_json::from_str(include_str!("defaults.json")).unwrap()
    }

    fn sources(block: &Block) -> impl Iterator<Item = &Source> {
        block.mix.iter().chain(&block.fall_back)
    }

    #[test]
    fn every_built_in_block_is_sound_and_has_a_name_of_its_own_and_titles() {
        let mut names = BTreeSet::new();
        for block in parsed().iter().flat_map(|one| &one.blocks) {
            assert_eq!(block.flaws(), [], "{}", block.name);
            assert!(names.insert(block.name.clone()), "{} stands twice", block.name);
            assert!(block.title.contains_key("en") && block.title.contains_key("ru"), "{}", block.name);
        }
    }

    #[test]
    fn every_place_has_blocks_on_each_of_its_channels_once() {
        let on_site = [Channel::Web, Channel::MobileWeb, Channel::App];
        let all = parsed();
        let count = |placement, channel| {
            all.iter().filter(|one| one.placement == placement && one.channels.contains(&channel)).count()
        };
        for placement in Placement::ON_SITE {
            for channel in on_site {
                assert_eq!(count(*placement, channel), 1, "{placement:?} {channel:?}");
                assert!(!built_in(*placement, channel).is_empty());
            }
        }
        for placement in Placement::IN_MESSAGES {
            assert_eq!(count(*placement, Channel::Message), 1, "{placement:?}");
        }
        let home = |channel| built_in(Placement::Home, channel).len();
        assert!(home(Channel::Web) > home(Channel::App), "the app has one mixed block");
        assert_eq!(home(Channel::App), 1);
    }

    #[test]
    fn messages_keep_to_what_suits_them() {
        use Strategy as S;
        const ALTERNATIVES: &[S] = &[
            S::Similar,
            S::SimilarContent,
            S::ViewedAlsoViewed,
            S::ViewedThenBought,
            S::UpSell,
            S::MultiBuy,
            S::NewInCategory,
            S::LikeRecentlyViewed,
        ];
        const COMPLEMENTS: &[S] = &[S::BoughtTogether, S::Accessories, S::LearnedAccessories];
        for placement in [Placement::OrderConfirmation, Placement::RegularPromo, Placement::VirtualReceipt] {
            let blocks = built_in(placement, Channel::Message);
            let all: Vec<_> = blocks.iter().flat_map(sources).collect();
            assert!(all.iter().any(|one| COMPLEMENTS.contains(&one.strategy)), "{placement:?}");
            let alternatives = all.iter().filter(|one| ALTERNATIVES.contains(&one.strategy));
            assert!(alternatives.clone().count() > 0);
            assert!(alternatives.into_iter().all(|one| one.only_consumed_often), "{placement:?}");
        }
        for block in built_in(Placement::AccessoriesMail, Channel::Message) {
            assert!(sources(block).all(|one| COMPLEMENTS.contains(&one.strategy)) && !block.fill);
        }
        let with_alternatives = [Placement::AbandonedCart, Placement::ReviewRequest];
        for placement in with_alternatives {
            let mut strategies =
                built_in(placement, Channel::Message).iter().flat_map(sources).map(|one| one.strategy);
            assert!(strategies.any(|one| ALTERNATIVES.contains(&one)), "{placement:?}");
        }
    }
}
