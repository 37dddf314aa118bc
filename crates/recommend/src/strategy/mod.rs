//! The strategies: each turns a question into candidates that may be shown, best first.

mod accessories;
mod alternatives;
mod habits;
mod personal;
mod shelf;

use crate::block::{Holiday, Source, Strategy};
use crate::candidates::{Candidate, neighbours, with_visits};
use crate::pairs::List;
use crate::serve::Asked;
use crate::why::Why;

impl Asked<'_> {
    /// Whether a source is for this channel, day and country.
    pub(crate) fn is_on(&self, source: &Source) -> bool {
        let on_channel = source.on.is_empty() || source.on.contains(&self.request.channel);
        on_channel && source.holiday.as_ref().is_none_or(|holiday| self.keeps(holiday))
    }

    /// Candidates of a source, best first. The filter holds already.
    pub(crate) fn candidates(&self, source: &Source) -> Vec<Candidate> {
        match source.strategy {
            Strategy::Bestsellers => self.bestsellers(source),
            Strategy::New => self.new_goods(source),
            Strategy::ComingSoon => self.coming_soon(source),
            Strategy::TopRated => self.top_rated(source),
            Strategy::Discounted => self.discounted(source),
            Strategy::Holiday => self.holiday(source),
            Strategy::ForYou => self.for_you(),
            Strategy::Favourites => self.themselves(self.request.favourites, Why::Favourite),
            Strategy::FromFavourites => self.suiting(self.request.favourites),
            Strategy::AbandonedCart => self.themselves(self.request.left_cart, Why::Left),
            Strategy::FromAbandonedCart => self.suiting(self.request.left_cart),
            Strategy::SubscribedCategories => self.subscribed(),
            Strategy::RecentlyViewed => self.recently_viewed(source),
            Strategy::LikeRecentlyViewed => self.like_recently_viewed(),
            Strategy::ByProfile => self.by_profile(),
            Strategy::BySearches => self.by_searches(),
            Strategy::RepeatDue => self.repeat_due(),
            Strategy::NextBasket => self.next_basket(),
            Strategy::Similar => self.similar(source),
            Strategy::SimilarContent => self.similar_content(source),
            Strategy::ViewedAlsoViewed => self.also_viewed(source),
            Strategy::ViewedThenBought => self.by_list(source, List::ThenBought),
            Strategy::UpSell => self.up_sell(source),
            Strategy::MultiBuy => self.multi_buy(source),
            Strategy::NewInCategory => self.new_in_category(source),
            Strategy::BoughtTogether => self.by_list(source, List::Bought),
            Strategy::Accessories => self.accessories_of_table(source),
            Strategy::LearnedAccessories => self.learned_accessories(source),
            Strategy::Search => self.search_now(),
            Strategy::ThirdParty => self.third_party(source),
        }
    }

    fn by_list(&self, source: &Source, list: List) -> Vec<Candidate> {
        neighbours(self.shop, &self.filter, &self.seeds(source), &[list])
    }

    /// Neighbours by views, told as a share of those who viewed the seed, with what past visits say.
    fn viewed_with(&self, seeds: &[crate::candidates::Seed], lists: &[List]) -> Vec<Candidate> {
        let mut live = neighbours(self.shop, &self.filter, seeds, lists);
        for candidate in &mut live {
            if let Why::Viewed { with, visitors } = candidate.why {
                candidate.why = Why::AlsoViewed { with, visitors };
            }
        }
        let model = match self.block.profile {
            crate::block::Work::Fast => self.shop.visits.as_deref(),
            crate::block::Work::Reranked => self.shop.reranked.as_deref().or(self.shop.visits.as_deref()),
        };
        with_visits(self.shop, model, &self.filter, seeds, live)
    }

    fn keeps(&self, holiday: &Holiday) -> bool {
        let here = |country: &str| holiday.countries.iter().any(|one| one.eq_ignore_ascii_case(country));
        let country = holiday.countries.is_empty() || self.request.country.is_none_or(here);
        country && shelf::is_within(holiday, self.now_ms)
    }
}
