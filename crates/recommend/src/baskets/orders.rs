//! Past orders, oldest first, with the orders of each item and of each customer.

use crate::id_map::ItemId;

/// Newest orders of an item that are read.
const MAX_ORDERS: usize = 3_000;
/// Number of an order: a later one is newer.
pub(crate) type OrderId = u32;
/// Number of a customer.
pub(crate) type CustomerId = u32;
/// The customer of an order that nobody is known to have placed.
pub(crate) const NOBODY: CustomerId = CustomerId::MAX;
/// Seconds of a day.
pub(crate) const DAY_SECS: f64 = 86_400.0;

/// Lines of one order that are paired with each other, the first ones: the order of a wholesaler with
/// thousands of lines says nothing of any two of them.
const MAX_PAIRED: usize = 200;

/// One order: distinct items in the order of its lines.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) at_secs: i64,
    pub(crate) customer: CustomerId,
    pub(crate) items: Vec<ItemId>,
}

/// Orders in flat arrays and their inversions.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    starts: Vec<u32>,
    lines: Vec<ItemId>,
    times: Vec<i64>,
    buyers: Vec<CustomerId>,
    with_item: Groups,
    of_customer: Groups,
}

/// Numbers in groups, end to end.
#[derive(Clone, Debug, Default)]
struct Groups {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Groups {
    /// Puts (group, member) into groups, keeping the order of members.
    fn new(groups: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; groups + 1];
        for (group, _) in pairs.clone() {
            starts[group as usize + 1] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        let mut members = vec![0; starts[groups] as usize];
        for (group, member) in pairs {
            let place = &mut next[group as usize];
            members[*place as usize] = member;
            *place += 1;
        }
        Self { starts, members }
    }

    fn of(&self, group: u32) -> &[u32] {
        match self.starts.get(group as usize + 1) {
            Some(end) => &self.members[self.starts[group as usize] as usize..*end as usize],
            None => &[],
        }
    }

    fn memory_bytes(&self) -> usize {
        (self.starts.capacity() + self.members.capacity()) * size_of::<u32>()
    }
}

impl Orders {
    /// Takes orders sorted by time; items and customers are numbered below the two counts.
    pub(crate) fn new(rows: &[Order], items: usize, customers: usize) -> Self {
        let mut starts = vec![0];
        let mut lines = Vec::new();
        for row in rows {
            lines.extend_from_slice(&row.items);
            starts.push(lines.len() as u32);
        }
        let by_item = rows.iter().zip(0..).flat_map(|(row, n)| row.items.iter().map(move |item| (*item, n)));
        let known = rows.iter().zip(0..).filter(|(row, _)| row.customer != NOBODY);
        Self {
            with_item: Groups::new(items, by_item),
            of_customer: Groups::new(customers, known.map(|(row, n)| (row.customer, n))),
            times: rows.iter().map(|row| row.at_secs).collect(),
            buyers: rows.iter().map(|row| row.customer).collect(),
            starts,
            lines,
        }
    }

    /// Number of orders.
    pub(crate) fn len(&self) -> usize {
        self.times.len()
    }

    /// Number of items.
    pub(crate) fn items(&self) -> usize {
        self.with_item.starts.len() - 1
    }

    /// Number of customers.
    pub(crate) fn customers(&self) -> usize {
        self.of_customer.starts.len() - 1
    }

    /// The items of an order.
    pub(crate) fn lines(&self, order: OrderId) -> &[ItemId] {
        let order = order as usize;
        &self.lines[self.starts[order] as usize..self.starts[order + 1] as usize]
    }

    /// Those of them that are paired.
    pub(crate) fn paired(&self, order: OrderId) -> &[ItemId] {
        let lines = self.lines(order);
        &lines[..lines.len().min(MAX_PAIRED)]
    }

    /// Orders with an item, oldest first.
    pub(crate) fn with(&self, item: ItemId) -> &[OrderId] {
        self.with_item.of(item)
    }

    /// The last orders with an item, newest first, as many as are read.
    pub(crate) fn newest(&self, item: ItemId) -> impl Iterator<Item = OrderId> {
        self.with(item).iter().rev().take(MAX_ORDERS).copied()
    }

    /// Orders of a customer, oldest first.
    pub(crate) fn by(&self, customer: CustomerId) -> &[OrderId] {
        if customer == NOBODY { &[] } else { self.of_customer.of(customer) }
    }

    /// Who placed an order.
    pub(crate) fn buyer(&self, order: OrderId) -> CustomerId {
        self.buyers[order as usize]
    }

    /// When, in seconds since 1970.
    pub(crate) fn at_secs(&self, order: OrderId) -> i64 {
        self.times[order as usize]
    }

    /// When the last order was placed; 0 without any.
    pub(crate) fn end_secs(&self) -> i64 {
        self.times.last().copied().unwrap_or(0)
    }

    /// Days from an order to a later time, never below none.
    pub(crate) fn days_to(&self, order: OrderId, later_secs: i64) -> f32 {
        (later_secs.saturating_sub(self.at_secs(order)).max(0) as f64 / DAY_SECS) as f32
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let words = self.starts.capacity() + self.lines.capacity() + self.buyers.capacity();
        let groups = self.with_item.memory_bytes() + self.of_customer.memory_bytes();
        words * size_of::<u32>() + self.times.capacity() * size_of::<i64>() + groups
    }
}

/// Weight after some days if it halves every `half_life_days`.
pub(crate) fn faded(days: f32, half_life_days: f32) -> f32 {
    (-days * std::f32::consts::LN_2 / half_life_days).exp()
}
