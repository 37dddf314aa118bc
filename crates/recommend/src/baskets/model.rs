//! The model by the names of items and customers.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use crate::baskets::features::{ItemTraits, WIDTH, rows};
use crate::baskets::judges::{BasketIndex, Panel, Question};
use crate::baskets::orders::{CustomerId, NOBODY, Order, Orders};
use crate::baskets::training::{Rankers, choose, train};
use crate::id_map::ItemId;

/// One line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderLine<'a> {
    /// The order's id; lines of one order need not stand together.
    pub order: &'a str,
    /// The customer's id; empty when nobody knows.
    pub customer: &'a str,
    /// The item's id.
    pub item: &'a str,
    /// When, in seconds since 1970. An order is as old as the first of its lines that is met.
    pub at_secs: i64,
}

/// What past orders teach. It does not change; a newer one takes its place.
#[derive(Debug, Default)]
pub struct BasketModel {
    items: Numbers,
    customers: Numbers,
    learned: Option<Learned>,
    /// Work space of those who ask, kept from one to the next.
    panels: Mutex<Vec<Panel>>,
}

#[derive(Debug)]
struct Learned {
    index: BasketIndex,
    traits: ItemTraits,
    rankers: Rankers,
}

/// Names and their numbers.
#[derive(Debug, Default)]
struct Numbers {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Numbers {
    fn intern(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    fn memory_bytes(&self) -> usize {
        self.names.iter().map(|name| 2 * (name.len() + size_of::<String>()) + 16).sum()
    }
}

/// Gives orders from far in the future the time of the last one that is not: a single wrong clock would make
/// everything else look old. Far is further behind 99 of 100 orders than these reach, and a month.
fn mend_clocks(orders: &mut [Order]) {
    const MONTH_SECS: i64 = 30 * 86_400;
    let Some(last) = orders.len().checked_sub(1) else { return };
    let (early_secs, late_secs) = (orders[last / 100].at_secs, orders[last - last / 100].at_secs);
    let reach_secs = late_secs.saturating_sub(early_secs).saturating_add(MONTH_SECS);
    let limit_secs = late_secs.saturating_add(reach_secs);
    let sound = orders.partition_point(|order| order.at_secs <= limit_secs);
    let newest_secs = sound.checked_sub(1).map_or(late_secs, |place| orders[place].at_secs);
    orders[sound..].iter_mut().for_each(|order| order.at_secs = newest_secs);
}

impl BasketModel {
    /// Learns from order lines in any order. It takes a minute for a million lines: not for a request.
    pub fn learn(lines: &[OrderLine]) -> Self {
        let mut model = Self::default();
        let orders = model.orders(lines);
        if !orders.is_empty() {
            let (items, customers) = (model.items.names.len(), model.customers.names.len());
            let rankers = train(&orders, items, customers);
            let index = BasketIndex::new(Orders::new(&orders, items, customers));
            let traits = ItemTraits::new(&index.orders);
            model.learned = Some(Learned { index, traits, rankers });
        }
        model
    }

    /// What else belongs in a basket, best first; with an empty basket, what the customer will order next.
    /// Unknown items and customers (an empty id) are no harm. Only what `admits` lets through, and nothing of
    /// the basket.
    pub fn complete(
        &self,
        customer: &str,
        basket: &[&str],
        at_secs: i64,
        admits: impl Fn(&str) -> bool,
    ) -> Vec<&str> {
        let Some(learned) = &self.learned else { return Vec::new() };
        let customer: CustomerId = self.customers.find(customer).unwrap_or(NOBODY);
        let basket: Vec<ItemId> = basket.iter().filter_map(|item| self.items.find(item)).collect();
        let question = Question::new(&learned.index.orders, customer, at_secs, &basket);
        let free = self.panels.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut panel = free.unwrap_or_else(|| Panel::new(&learned.index));
        let name = |item: ItemId| self.items.names[item as usize].as_str();
        let judged = panel.judge(&learned.index, &question, |item| admits(name(item)));
        self.panels.lock().unwrap_or_else(PoisonError::into_inner).push(panel);
        let candidates = choose(judged);
        let trees = if question.filled { &learned.rankers.complete } else { &learned.rankers.next };
        let Some(trees) = trees else { return candidates.iter().map(|one| name(one.item)).collect() };
        let mut table = Vec::new();
        rows(&learned.index, &learned.traits, &question, &candidates, &mut table);
        let mut order: Vec<(f32, usize)> =
            table.chunks_exact(WIDTH).map(|row| trees.score(row)).zip(0..).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        order.into_iter().map(|(_, place)| name(candidates[place].item)).collect()
    }

    /// Lines put together into orders, oldest first.
    fn orders(&mut self, lines: &[OrderLine]) -> Vec<Order> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut orders: Vec<Order> = Vec::new();
        let mut held: HashSet<(usize, ItemId)> = HashSet::new();
        for line in lines {
            let item = self.items.intern(line.item);
            let place = *places.entry(line.order).or_insert_with(|| {
                let nobody = line.customer.is_empty();
                let customer = if nobody { NOBODY } else { self.customers.intern(line.customer) };
                orders.push(Order { at_secs: line.at_secs, customer, items: Vec::new() });
                orders.len() - 1
            });
            if held.insert((place, item)) {
                orders[place].items.push(item);
            }
        }
        orders.sort_by_key(|order| order.at_secs);
        mend_clocks(&mut orders);
        orders
    }

    /// Estimate of the memory held, in bytes, without the work space of those who ask.
    pub fn memory_bytes(&self) -> usize {
        let names = self.items.memory_bytes() + self.customers.memory_bytes();
        names + self.learned.as_ref().map_or(0, |learned| learned.index.memory_bytes())
    }
}
