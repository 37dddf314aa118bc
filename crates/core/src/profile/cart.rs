//! The cart as facts: the same lines whatever order the reports arrive in.
//!
//! Everything before the last clearing (an order, or a report of the whole cart) is void. A line has a base that was
//! stated absolutely and the additions and removals after it; its quantity is their sum.

use super::facts::Stamp;
use crate::event::Line;
use crate::limits;
use crate::record;
use std::collections::BTreeMap;

record! {
    /// A shopper's cart.
    pub struct Cart {
        /// The shop's cart id, as last said.
        1 id: String,
        /// When that was said.
        2 id_stamp: Stamp,
        /// What lies before is void.
        3 cleared: Stamp,
        /// Lines, sorted by product; some may have come to nothing.
        4 lines: Vec<CartLine>,
    }
}

record! {
    /// A line of a cart.
    pub struct CartLine {
        /// The product's id.
        1 id: String,
        /// Quantity stated absolutely.
        3 base: u32,
        /// By which event; void before it.
        4 base_stamp: Stamp,
        /// Changes since, oldest first.
        5 changes: Vec<Change>,
    }
}

record! {
    /// An addition, or a removal of some.
    pub struct Change {
        /// By which event.
        1 stamp: Stamp,
        /// How many more; negative when taken out.
        2 by: i64,
    }
}

impl CartLine {
    fn quantity(&self) -> u32 {
        let sum = self.changes.iter().fold(i64::from(self.base), |sum, change| sum.saturating_add(change.by));
        u32::try_from(sum.max(0)).unwrap_or(u32::MAX)
    }

    fn touched(&self) -> &Stamp {
        self.changes.last().map_or(&self.base_stamp, |change| &change.stamp)
    }

    fn state(&mut self, quantity: u32, stamp: &Stamp) {
        if (stamp, quantity) > (&self.base_stamp, self.base) {
            self.base = quantity;
            self.base_stamp = stamp.clone();
        }
        self.void(&self.base_stamp.clone());
    }

    fn change(&mut self, by: i64, stamp: &Stamp) {
        if *stamp <= self.base_stamp {
            return;
        }
        match self.changes.binary_search_by(|c| c.stamp.cmp(stamp)) {
            Ok(_) => return,
            Err(at) => self.changes.insert(at, Change { stamp: stamp.clone(), by, ..Change::default() }),
        }
        if self.changes.len() > limits::CART_ADDS_MAX {
            let oldest = self.changes.remove(0);
            self.base = u32::try_from((i64::from(self.base) + oldest.by).max(0)).unwrap_or(u32::MAX);
            self.base_stamp = oldest.stamp;
        }
    }

    fn void(&mut self, before: &Stamp) {
        self.changes.retain(|change| change.stamp > *before);
    }
}

impl Cart {
    /// Lines with something in them, sorted by product.
    #[must_use]
    pub fn lines(&self) -> Vec<(&str, u32)> {
        self.lines.iter().map(|line| (line.id.as_str(), line.quantity())).filter(|(_, n)| *n > 0).collect()
    }

    /// When the cart was last changed.
    #[must_use]
    pub fn changed(&self) -> &Stamp {
        self.lines
            .iter()
            .map(CartLine::touched)
            .max()
            .map_or(&self.cleared, |touched| touched.max(&self.cleared))
    }

    /// Something was put in (`by` above 0) or some taken out.
    pub fn add(&mut self, item: &str, by: i64, stamp: &Stamp) {
        if *stamp > self.cleared {
            self.line(item).change(by, stamp);
            self.bound();
        }
    }

    /// A product was taken out altogether.
    pub fn remove(&mut self, item: &str, stamp: &Stamp) {
        if *stamp > self.cleared {
            self.line(item).state(0, stamp);
            self.bound();
        }
    }

    /// The cart is this and nothing else.
    pub fn set(&mut self, lines: &[Line], stamp: &Stamp) {
        self.clear(stamp);
        if *stamp < self.cleared {
            return;
        }
        // A product may stand on two lines (a gift, another size under one id): its quantity is their sum.
        let mut quantities: BTreeMap<&str, u32> = BTreeMap::new();
        for line in lines {
            let quantity = quantities.entry(line.item.id.as_str()).or_default();
            *quantity = quantity.saturating_add(line.quantity);
        }
        for (item, quantity) in quantities {
            self.line(item).state(quantity, stamp);
        }
        self.bound();
    }

    /// Everything up to this event is void: it was ordered.
    pub fn clear(&mut self, stamp: &Stamp) {
        if *stamp > self.cleared {
            self.cleared = stamp.clone();
        }
        let cleared = self.cleared.clone();
        for line in &mut self.lines {
            line.void(&cleared);
        }
        self.lines.retain(|line| line.base_stamp >= cleared || !line.changes.is_empty());
        for line in &mut self.lines {
            if line.base_stamp < cleared {
                (line.base, line.base_stamp) = (0, Stamp::default());
            }
        }
    }

    /// The shop's id of the cart.
    pub fn name(&mut self, id: &str, stamp: &Stamp) {
        if !id.is_empty() && (stamp, id) > (&self.id_stamp, self.id.as_str()) {
            id.clone_into(&mut self.id);
            self.id_stamp = stamp.clone();
        }
    }

    /// Joins with the cart of another profile of hers.
    pub fn join(&mut self, other: &Cart) {
        self.name(&other.id, &other.id_stamp);
        self.clear(&other.cleared);
        for line in &other.lines {
            if line.base_stamp >= self.cleared && line.base_stamp != Stamp::default() {
                self.line(&line.id).state(line.base, &line.base_stamp);
            }
            for change in &line.changes {
                self.add(&line.id, change.by, &change.stamp);
            }
        }
        self.bound();
    }

    fn line(&mut self, item: &str) -> &mut CartLine {
        let at = match self.lines.binary_search_by(|line| line.id.as_str().cmp(item)) {
            Ok(at) => at,
            Err(at) => {
                self.lines.insert(at, CartLine { id: item.to_owned(), ..CartLine::default() });
                at
            }
        };
        &mut self.lines[at]
    }

    fn bound(&mut self) {
        while self.lines.len() > limits::CART_LINES_MAX {
            self.forget_oldest();
        }
    }

    /// Lets go of the line that was touched longest ago.
    pub(super) fn forget_oldest(&mut self) {
        let oldest = self.lines.iter().enumerate().min_by_key(|(_, line)| line.touched().clone());
        if let Some(at) = oldest.map(|(at, _)| at) {
            self.lines.remove(at);
        }
    }
}
