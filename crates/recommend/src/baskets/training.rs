//! A ranker of baskets that trains itself on the shop's own last weeks.
//!
//! Some of the newest orders are set aside, an index is built of what came before, and trees learn to put
//! what was really bought on top of the candidates of that index: for baskets with one item taken out, and
//! for the next order of each customer. This is done for some windows, each with an index of its own; then
//! the index is built anew of all orders.

use crate::baskets::features::{ItemTraits, WIDTH, rows};
use crate::baskets::judges::{BasketIndex, Judged, Panel, Question};
use crate::baskets::orders::{NOBODY, Order, Orders};
use crate::id_map::{ItemId, fixed_hash};
use crate::sessions::trees::{Cases, Growth, Trees};

/// Windows learned from, the newest, and the share of orders in each: a month of two years.
const WINDOWS: usize = 4;
const WINDOW: usize = 25;
/// Candidates that are ranked.
const MAX_CANDIDATES: usize = 250;
/// Questions of each kind, at most, and from how many it is learned where to cut features.
const MAX_CASES: usize = 9_000;
const SAMPLE_CASES: usize = 400;
/// Below this many questions trees would learn noise.
const MIN_CASES: usize = 200;
/// Longest basket that is asked about, as with the ones to be completed.
const MAX_BASKET: usize = 60;
/// For baskets to be completed and for the next ones, of which fewer are known.
const GROWTH: [Growth; 2] = [
    Growth { trees: 200, leaves: 24, rate: 0.06, leaf_weight: 3.0, ridge: 6.0 },
    Growth { trees: 160, leaves: 12, rate: 0.06, leaf_weight: 3.0, ridge: 10.0 },
];

/// Chooses the candidates to rank: the same rule in training and in serving.
pub(crate) fn choose(mut judged: Vec<Judged>) -> Vec<Judged> {
    judged.truncate(MAX_CANDIDATES);
    judged
}

/// Trees for baskets with something in them, and for the next ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rankers {
    pub(crate) complete: Option<Trees>,
    pub(crate) next: Option<Trees>,
}

/// Learns from orders sorted by time.
pub(crate) fn train(rows: &[Order], items: usize, customers: usize) -> Rankers {
    let mut lessons = [Lesson::default(), Lesson::default()];
    let size = rows.len() / WINDOW;
    // The newest window first: what it brings may be all that is wanted.
    for window in 0..WINDOWS {
        let end = rows.len() - window * size;
        let (older, newest) = rows[..end].split_at(end - size);
        let index = BasketIndex::new(Orders::new(older, items, customers));
        let traits = ItemTraits::new(&index.orders);
        let mut panel = Panel::new(&index);
        let quota = MAX_CASES / WINDOWS;
        let step = newest.len().div_ceil(quota).max(1);
        for order in newest.iter().step_by(step) {
            if let Some((basket, right)) = one_out(&index.orders, order) {
                let question = Question::new(&index.orders, order.customer, order.at_secs, &basket);
                lessons[0].ask(&index, &traits, &mut panel, &question, &[right]);
            }
        }
        let mut asked = vec![false; customers];
        for order in newest.iter().filter(|order| order.customer != NOBODY) {
            let known = !index.orders.by(order.customer).is_empty();
            if known && !std::mem::replace(&mut asked[order.customer as usize], true) {
                let question = Question::new(&index.orders, order.customer, order.at_secs, &[]);
                lessons[1].ask(&index, &traits, &mut panel, &question, &order.items);
            }
        }
    }
    let [complete, next] = lessons;
    let (complete, next) = (complete.learned(&GROWTH[0]), next.learned(&GROWTH[1]));
    Rankers { complete, next }
}

/// A basket without one of its items, by a fixed draw.
fn one_out(orders: &Orders, order: &Order) -> Option<(Vec<ItemId>, ItemId)> {
    let known: Vec<ItemId> =
        order.items.iter().copied().filter(|item| !orders.with(*item).is_empty()).collect();
    if !(2..=MAX_BASKET).contains(&known.len()) {
        return None;
    }
    let drawn = fixed_hash(&format!("{} {} {}", order.at_secs, order.customer, known[0]));
    let place = (drawn >> 20) as usize % known.len();
    let basket = known.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, item)| *item).collect();
    Some((basket, known[place]))
}

/// Groups as they come; where to cut the features is known after some of them.
#[derive(Default)]
struct Lesson {
    first: Vec<(Vec<f32>, Vec<usize>)>,
    cases: Option<Cases>,
}

impl Lesson {
    fn ask(
        &mut self,
        index: &BasketIndex,
        traits: &ItemTraits,
        panel: &mut Panel,
        question: &Question,
        right: &[ItemId],
    ) {
        if self.cases.as_ref().is_some_and(|cases| cases.len() >= MAX_CASES) {
            return;
        }
        let candidates = choose(panel.judge(index, question, |_| true));
        let places: Vec<usize> =
            (0..candidates.len()).filter(|place| right.contains(&candidates[*place].item)).collect();
        if places.is_empty() {
            return;
        }
        let mut table = Vec::new();
        rows(index, traits, question, &candidates, &mut table);
        match &mut self.cases {
            Some(cases) => cases.add(&table, &places),
            None => {
                self.first.push((table, places));
                if self.first.len() == SAMPLE_CASES {
                    self.cut();
                }
            }
        }
    }

    fn cut(&mut self) {
        let sample: Vec<f32> = self.first.iter().flat_map(|(rows, _)| rows.iter().copied()).collect();
        let mut cases = Cases::new(WIDTH, &sample);
        self.first.drain(..).for_each(|(rows, right)| cases.add(&rows, &right));
        self.cases = Some(cases);
    }

    fn learned(mut self, growth: &Growth) -> Option<Trees> {
        if self.cases.is_none() {
            self.cut();
        }
        self.cases.filter(|cases| cases.len() >= MIN_CASES).map(|cases| Trees::fit(&cases, growth))
    }
}
