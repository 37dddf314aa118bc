//! Fills a block: the one entry point for site, app and mail.
//!
//! Sources are asked one after the other. Each makes only candidates that may be shown, the rules weigh them, and the
//! best ones that are unlike enough take its places. What stays open goes to the chain, and at its end to anything the
//! shop can sell.

mod answer;
mod asked;
mod list;
mod request;
mod seeds;
mod walk;
mod weigh;

pub use answer::{Answer, Note, Outcome, Served, Step};
pub(crate) use asked::{Asked, meet};
pub use request::{Purchase, Request};

use crate::block::{Block, MAX_SIZE, Rule, Scope, Source, Strategy};
use crate::recommender::Recommender;
use crate::shelves::Order;
use crate::why::Why;
use list::{Draft, Pool, Slot};
pub(crate) use walk::Walk;
use weigh::Scales;

impl Recommender {
    /// Fills a block for a shopper at a time (milliseconds since 1970).
    ///
    /// Never among the items: what is out of stock or hidden, what is announced only (unless that is what the source is
    /// for), the seeds, the cart, what the request excludes, a durable the shopper bought within the days of the
    /// filter, anything the filters or hiding rules refuse, a second variant of a product. The list is full when as
    /// many other products are left and the block may be filled up. The same index, block, request and time give the
    /// same answer.
    ///
    /// ```
    /// use beckon_recommend::block::Block;
    /// use beckon_recommend::{Interaction, ItemFacts, Kind, Limits, Recommender, Request};
    ///
    /// let mut shop = Recommender::new(Limits::default());
    /// let goods = [("phone", "phones", 50_000), ("case", "cases", 900), ("tea", "food", 300)];
    /// for (item, category, price_minor) in goods {
    ///     shop.set_item(item, ItemFacts { category, price_minor, in_stock: true, ..ItemFacts::default() });
    /// }
    /// for item in ["phone", "case"] {
    ///     shop.observe(&Interaction { visitor: 1, item, kind: Kind::Order, at_ms: 0, live: true });
    /// }
    /// let json = r#"{"name": "with-it", "mix": [{"strategy": "bought_together"}], "size": 2}"#;
    /// let block = Block::parse(json).unwrap();
    /// let request = Request { seeds: &["phone"], ..Request::default() };
    /// let answer = shop.serve(&block, &request, 1_000);
    /// let items: Vec<_> = answer.items.iter().map(|one| (one.item.as_str(), one.step)).collect();
    /// assert_eq!(items, [("case", 0), ("tea", 3)]);
    /// ```
    pub fn serve(&self, block: &Block, request: &Request, now_ms: i64) -> Answer {
        let places = request.size.unwrap_or(block.size).min(MAX_SIZE);
        let mut asked = Asked::new(self, block, request, now_ms);
        let scales = Scales::new(&asked);
        let mut draft = Draft::new(places.into(), block, &scales);
        draft.pin(&mut asked);
        draft.mix(&mut asked);
        draft.chain(&mut asked);
        draft.answer(asked)
    }
}

impl Draft<'_> {
    /// Puts pinned goods down; they count before anything else is asked for.
    fn pin(&mut self, asked: &mut Asked) {
        for rule in &asked.block.rules {
            let Rule::Pin { item, position } = rule else { continue };
            let found = asked.shop.items.find(item);
            let admitted = found.filter(|id| asked.filter.admit(asked.shop, *id).is_some());
            match admitted {
                Some(id) if !self.is_full() => {
                    asked.filter.bar(asked.shop, id);
                    self.pins.push((*position, Slot::pinned(id)));
                }
                Some(_) => {}
                None => asked.notes.push(Note::PinLeftOut { item: item.clone() }),
            }
        }
    }

    /// Each source of the mix takes its share; places it cannot fill go to the others.
    fn mix(&mut self, asked: &mut Asked) {
        let shares = shares(&asked.block.mix, self.open());
        let mut pools = Vec::new();
        for (source, share) in asked.block.mix.iter().zip(&shares) {
            pools.push(self.ask(asked, source, *share, 0));
        }
        for pool in &mut pools {
            self.choose(asked, pool, usize::MAX);
        }
        for (place, step) in self.steps.iter_mut().enumerate() {
            step.filled = self.picked.iter().filter(|slot| slot.source == place).count() as u16;
        }
        self.alternate(&shares);
    }

    /// The block's own chain, then what fills any list.
    fn chain(&mut self, asked: &mut Asked) {
        let mut step = 0;
        for source in &asked.block.fall_back {
            step += 1;
            if !self.is_full() {
                self.ask(asked, source, self.open(), step);
            }
        }
        if !asked.block.fill {
            return;
        }
        for scope in [Scope::Category, Scope::Shop] {
            step += 1;
            let source = Source { scope: Some(scope), ..Source::of(Strategy::Bestsellers) };
            if !self.is_full() {
                self.ask(asked, &source, self.open(), step);
            }
        }
        self.take_anything(asked, step + 1, true);
        self.take_anything(asked, step + 1, false);
    }

    /// Asks one source and fills up to so many places with the best of what it has. Returns the rest.
    fn ask(&mut self, asked: &mut Asked, source: &Source, wanted: usize, step: u8) -> Pool {
        let before = self.picked.len();
        let is_on = asked.is_on(source);
        asked.filter.take_refused();
        asked.filter.coming = source.strategy == Strategy::ComingSoon;
        asked.filter.only_consumed_often = source.only_consumed_often;
        let candidates = if is_on { asked.candidates(source) } else { Vec::new() };
        asked.filter.coming = false;
        asked.filter.only_consumed_often = false;
        let refused = asked.filter.take_refused();
        let mut pool = Pool::new(asked, self.scales, candidates, (source.strategy, step, self.steps.len()));
        self.choose(asked, &mut pool, wanted);
        self.tags.push(source.holiday.as_ref().map(|holiday| holiday.tag.clone()).unwrap_or_default());
        self.note(source.strategy, step, wanted, self.picked.len() - before, refused, is_on);
        pool
    }

    /// Whatever can be bought, most wanted first: within the limits per brand and category, or beyond them.
    fn take_anything(&mut self, asked: &mut Asked, step: u8, strict: bool) {
        let open = self.open();
        if open == 0 || (!strict && !self.scales.is_mixed()) {
            return;
        }
        asked.filter.take_refused();
        let mut counts = self.counts();
        let found = asked.walk(Order::Trend, None, open, |(_, _, id), listed| {
            if strict && !self.scales.fits(&counts, listed) {
                return Walk::Past;
            }
            self.scales.count(&mut counts, listed);
            let worth = asked.shop.items.get(id).popularity.worth(asked.shop.clock.now_ms());
            Walk::Take(worth / (1.0 + worth), Why::Shelf { category: None })
        });
        let filled = found.len();
        let of = (Strategy::Bestsellers, step, self.steps.len());
        found.into_iter().for_each(|one| self.take_found(asked, one, of));
        self.tags.push(String::new());
        self.note(Strategy::Bestsellers, step, open, filled, asked.filter.take_refused(), true);
        if !strict && filled > 0 {
            asked.notes.push(Note::MixRelaxed { places: filled as u16 });
        }
    }

    fn note(
        &mut self,
        strategy: Strategy,
        step: u8,
        wanted: usize,
        filled: usize,
        refused: u32,
        is_on: bool,
    ) {
        let outcome = match filled {
            _ if !is_on => Outcome::NotNow,
            filled if filled >= wanted => Outcome::Filled,
            1.. => Outcome::Short,
            0 if refused > 0 => Outcome::AllRefused,
            0 => Outcome::Nothing,
        };
        let (wanted, filled) = (wanted as u16, filled as u16);
        self.steps.push(Step { strategy, step, wanted, filled, refused, outcome });
    }
}

/// Places of each source: its percent, the rest evenly among those without one; what rounding leaves goes to the first.
fn shares(mix: &[Source], places: usize) -> Vec<usize> {
    let given: usize = mix.iter().filter_map(|source| source.share).map(usize::from).sum();
    let free = mix.iter().filter(|source| source.share.is_none()).count();
    let each = 100_usize.saturating_sub(given) / free.max(1);
    let mut left = places;
    let mut shares: Vec<usize> = Vec::new();
    for source in mix {
        let percent = source.share.map_or(each, usize::from);
        let share = ((places * percent + 50) / 100).min(left);
        left -= share;
        shares.push(share);
    }
    if let Some(first) = shares.first_mut() {
        *first += left;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shared_out_whole() {
        let source = |share| Source { share, ..Source::of(Strategy::New) };
        assert_eq!(shares(&[source(None)], 8), [8]);
        assert_eq!(shares(&[source(Some(60)), source(Some(40))], 8), [5, 3]);
        assert_eq!(shares(&[source(Some(50)), source(None), source(None)], 7), [4, 2, 1]);
        assert_eq!(shares(&[source(None), source(None), source(None)], 8), [3, 3, 2]);
        assert_eq!(shares(&[source(Some(30)), source(Some(20))], 8), [6, 2]);
    }
}
