//! A block tried on what happened: at each step of each visit it is asked as a page would ask it, and what the shopper
//! turned to next is looked for among what it shows. What happened then is learned, as it would be live.

use std::collections::HashMap;

use crate::block::{Block, Source, Strategy};
use crate::interactions::{Interaction, Kind};
use crate::recommender::Recommender;
use crate::serve::Request;

/// A visit ends after so long without a step.
const IDLE_MS: i64 = 30 * 60_000;

/// How often a block foretold what came next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Foretold {
    /// Times it was asked.
    pub questions: u32,
    /// Times that what came next was among the items.
    pub hits: u32,
    /// Sum of the places it stood at then, the first one being 1.
    pub places: u64,
    /// Sum of one over the place (mean reciprocal rank, times the questions).
    pub reciprocal: f64,
    /// Times that it was among as many bestsellers of the shop.
    pub bestseller_hits: u32,
}

/// What a trial found: what was looked at next, and what was carted or ordered next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trial {
    /// What was looked at next.
    pub viewed: Foretold,
    /// What was put in the cart or ordered next.
    pub taken: Foretold,
    /// Times the list was shorter than the block wants it to be.
    pub short: u32,
}

impl Foretold {
    /// Share of questions whose answer was among the items (hit rate), with its standard error.
    pub fn hit_rate(&self) -> (f64, f64) {
        rate(self.hits, self.questions)
    }

    /// The same of the shop's bestsellers.
    pub fn bestseller_rate(&self) -> (f64, f64) {
        rate(self.bestseller_hits, self.questions)
    }

    /// Mean reciprocal rank.
    pub fn mrr(&self) -> f64 {
        if self.questions == 0 { 0.0 } else { self.reciprocal / f64::from(self.questions) }
    }

    /// The place at which it stood when it was there, on average; none where it never was.
    pub fn mean_place(&self) -> Option<f64> {
        (self.hits > 0).then(|| self.places as f64 / f64::from(self.hits))
    }
}

fn rate(hits: u32, questions: u32) -> (f64, f64) {
    if questions == 0 {
        return (0.0, 0.0);
    }
    let (hits, questions) = (f64::from(hits), f64::from(questions));
    let rate = hits / questions;
    (rate, (rate * (1.0 - rate) / questions).sqrt())
}

/// A visit that goes on.
#[derive(Default)]
struct Visit {
    last: String,
    last_ms: i64,
    cart: Vec<String>,
}

/// Tries a block on interactions in the order of time, which the index must not know yet; afterwards it does. At most
/// `most` steps are asked about, evenly spread. `each` hears how many interactions are done, and says whether to go on.
pub fn block(
    shop: &mut Recommender,
    block: &Block,
    later: &[Interaction],
    most: usize,
    mut each: impl FnMut(usize) -> bool,
) -> Trial {
    let plain = Block { mix: vec![Source::of(Strategy::Bestsellers)], size: block.size, ..Block::default() };
    let every = later.len().div_ceil(most.max(1)).max(1);
    let mut visits: HashMap<u64, Visit> = HashMap::new();
    let mut found = Trial::default();
    for (number, step) in later.iter().enumerate() {
        if !each(number) {
            break;
        }
        shop.set_now(step.at_ms);
        let visit = visits.entry(step.visitor).or_default();
        if step.at_ms.saturating_sub(visit.last_ms) > IDLE_MS {
            *visit = Visit::default();
        }
        let is_asked = number % every == 0 && !visit.last.is_empty() && visit.last != step.item;
        if is_asked && !visit.cart.iter().any(|item| item == step.item) {
            ask(shop, (block, &plain), visit, step, &mut found);
        }
        if step.kind == Kind::Cart {
            visit.cart.push(step.item.to_owned());
        }
        step.item.clone_into(&mut visit.last);
        visit.last_ms = step.at_ms;
        shop.observe(step);
    }
    found
}

fn ask(
    shop: &Recommender,
    (block, plain): (&Block, &Block),
    visit: &Visit,
    step: &Interaction,
    found: &mut Trial,
) {
    let cart: Vec<&str> = visit.cart.iter().map(String::as_str).collect();
    let seeds = [visit.last.as_str()];
    let request = Request { visitor: Some(step.visitor), seeds: &seeds, cart: &cart, ..Request::default() };
    let answer = shop.serve(block, &request, step.at_ms);
    found.short += u32::from(!answer.enough);
    let place = |items: &[crate::Served]| items.iter().position(|item| item.item == step.item);
    let of = if step.kind == Kind::View { &mut found.viewed } else { &mut found.taken };
    of.questions += 1;
    if let Some(place) = place(&answer.items) {
        of.hits += 1;
        of.places += place as u64 + 1;
        of.reciprocal += 1.0 / (place as f64 + 1.0);
    }
    let anything = shop.serve(plain, &request, step.at_ms);
    of.bestseller_hits += u32::from(place(&anything.items).is_some());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ItemFacts, Limits};

    fn shop() -> Recommender {
        let mut shop = Recommender::new(Limits::default());
        for item in ["phone", "case", "tea", "cup", "lamp", "rug"] {
            shop.set_item(item, ItemFacts { price_minor: 100, in_stock: true, ..ItemFacts::default() });
        }
        shop
    }

    fn step(visitor: u64, item: &'static str, kind: Kind, at_secs: i64) -> Interaction<'static> {
        Interaction { visitor, item, kind, at_ms: at_secs * 1_000, live: true }
    }

    #[test]
    fn a_block_that_knows_what_goes_together_foretells_it() {
        let mut shop = shop();
        for visitor in 1..20 {
            shop.observe(&step(visitor, "phone", Kind::Order, 10));
            shop.observe(&step(visitor, "case", Kind::Order, 10));
            shop.observe(&step(100 + visitor, "tea", Kind::Order, 20));
        }
        let json = r#"{"name": "b", "mix": [{"strategy": "bought_together"}], "size": 1, "fill": false}"#;
        let block = Block::parse(json).unwrap();
        let later: Vec<Interaction> = (1_000..1_010)
            .flat_map(|visitor| {
                let at = 1_000 * visitor as i64;
                [step(visitor, "phone", Kind::View, at), step(visitor, "case", Kind::Cart, at + 60)]
            })
            .collect();
        let found = super::block(&mut shop, &block, &later, 1_000, |_| true);
        assert_eq!((found.taken.questions, found.taken.hits, found.viewed.questions), (10, 10, 0));
        assert_eq!((found.taken.mrr(), found.taken.mean_place()), (1.0, Some(1.0)));
        assert!(found.taken.bestseller_hits < 10);
        assert_eq!(found.taken.hit_rate(), (1.0, 0.0));
    }

    #[test]
    fn a_visit_ends_after_a_while_and_what_is_in_the_cart_is_not_asked_for() {
        let mut shop = shop();
        let block = Block::parse(r#"{"name": "b", "mix": [{"strategy": "bestsellers"}]}"#).unwrap();
        let later = [
            step(1, "phone", Kind::View, 0),
            step(1, "case", Kind::View, 4_000),
            step(1, "tea", Kind::Cart, 4_010),
            step(1, "phone", Kind::View, 4_020),
            step(1, "tea", Kind::Order, 4_030),
        ];
        let found = super::block(&mut shop, &block, &later, 1_000, |_| true);
        assert_eq!((found.viewed.questions, found.taken.questions), (1, 1));
        assert_eq!(super::block(&mut shop, &block, &later, 1_000, |_| false), Trial::default());
    }
}
