//! How a profile stays small: every list has its bound, and each half has one in bytes. What is oldest gives way.

use super::{Hot, PositionState, Profile, Warm};
use crate::limits;
use crate::time::ShopTime;
use crate::wire::{Field, Record};

/// Identities, sends and arms that stay whatever the size: caps of all classes look at three messages.
const KEPT_MIN: usize = 3;
/// No hot half with fewer entries than this reaches its bound, so most are never measured.
const ENTRIES_SMALL: usize = 12;

impl Hot {
    /// Brings every list under its bound, and the whole under [`limits::HOT_BYTES_MAX`].
    pub(super) fn bound(&mut self) {
        self.doors.truncate(limits::DOORS_HOT_MAX);
        self.sends.truncate(limits::SENDS_MAX);
        self.exposures.truncate(limits::EXPOSURES_MAX);
        let entries = self.positions.len() + self.candidates.len() + self.sends.len() + self.exposures.len();
        if entries + self.unknown.0.len() / 64 < ENTRIES_SMALL {
            return;
        }
        while self.to_bytes().len() > limits::HOT_BYTES_MAX && self.give_way() {}
    }

    /// Lets go of what is missed least; false when nothing is left to let go.
    fn give_way(&mut self) -> bool {
        let done = self.positions.iter().enumerate().filter(|(_, p)| p.state() == PositionState::Done);
        let oldest = done.min_by_key(|(_, p)| p.t0).map(|(at, _)| at);
        if self.exposures.len() > KEPT_MIN {
            self.exposures.pop();
        } else if self.sends.len() > KEPT_MIN {
            self.sends.pop();
        } else if self.doors.len() > KEPT_MIN {
            self.doors.pop();
        } else if let Some(at) = oldest {
            self.positions.remove(at);
        } else {
            return self.exposures.pop().is_some() || self.doors.pop().is_some();
        }
        true
    }
}

impl Warm {
    /// Brings every list under its bound, and the whole under [`limits::WARM_BYTES_MAX`]; the oldest goes.
    pub(crate) fn bound(&mut self) {
        self.views.truncate(limits::VIEWS_MAX);
        self.wishes.truncate(limits::WISHES_MAX);
        while self.orders.len() > limits::ORDERS_MAX {
            self.sum_up_order();
        }
        self.touches.truncate(limits::TOUCHES_MAX);
        self.block_touches.truncate(limits::BLOCK_TOUCHES_MAX);
        self.traits.truncate(limits::TRAITS_MAX);
        let mut bytes = 0;
        self.traits.retain(|t| {
            bytes += t.name.len() + t.value.len();
            bytes <= limits::TRAITS_BYTES_MAX
        });
        self.doors.sort_by(|a, b| (a.since, a.kind, &a.value).cmp(&(b.since, b.kind, &b.value)));
        let extra = self.doors.len().saturating_sub(limits::DOORS_MAX);
        self.doors.drain(..extra);
        let extra = self.absorbed.len().saturating_sub(limits::ABSORBED_MAX);
        self.absorbed.drain(..extra);
        if self.bytes_at_most() > limits::WARM_BYTES_MAX {
            while self.to_bytes().len() > limits::WARM_BYTES_MAX && self.give_way() {}
        }
    }

    fn sum_up_order(&mut self) {
        let oldest = self.orders.pop();
        self.older_orders += u32::from(oldest.is_some_and(|order| order.stands()));
    }

    /// A cheap upper bound of the size, without writing it.
    fn bytes_at_most(&self) -> usize {
        let changes: usize =
            self.cart.lines.iter().map(|line| 48 + line.id.len() + 40 * line.changes.len()).sum();
        let views: usize = self.views.iter().map(|view| 48 + view.id.len()).sum();
        let wishes: usize = self.wishes.iter().map(|wish| 48 + wish.id.len()).sum();
        let orders: usize = self
            .orders
            .iter()
            .map(|order| 120 + order.id.len() + order.items.iter().map(|item| item.len() + 3).sum::<usize>())
            .sum();
        let touches: usize =
            self.touches.iter().map(|touch| 32 + touch.journey.len() + touch.step.len()).sum();
        let blocks: usize = (self.block_touches.iter())
            .map(|touch| 24 + touch.block.len() + touch.arm.len() + touch.item.len())
            .sum();
        let tests: usize = self.block_tests.iter().map(|test| 24 + test.block.len() + test.arm.len()).sum();
        let doors: usize = self.doors.iter().map(|door| 24 + door.value.len()).sum();
        let measures: usize = self.measures.iter().map(|measure| 12 + 24 * measure.stamps.len()).sum();
        let named = [&self.email.said, &self.phone, &self.first_name, &self.last_name, &self.time_zone];
        let traits = named.into_iter().chain([&self.locale]).chain(&self.traits);
        let traits: usize = traits.map(|t| 48 + t.name.len() + t.value.len()).sum();
        let lists = changes + views + wishes + orders + touches + blocks + tests + doors + measures + traits;
        let unknown = if self.unknown.0.is_empty() { 0 } else { limits::WARM_BYTES_MAX };
        lists + 9 * self.absorbed.len() + 32 * self.early.len() + 64 + self.cart.id.len() + unknown
    }

    /// The list that takes most bytes lets go of its oldest entry; false when all are empty.
    fn give_way(&mut self) -> bool {
        let size = |list: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            list(&mut out);
            out.len()
        };
        let sizes = [
            size(&|out| self.cart.lines.put(1, out)),
            size(&|out| self.views.put(1, out)),
            size(&|out| self.wishes.put(1, out)),
            size(&|out| self.orders.put(1, out)),
            size(&|out| self.touches.put(1, out)),
            size(&|out| self.doors.put(1, out)),
            size(&|out| self.measures.put(1, out)),
            size(&|out| self.traits.put(1, out)),
            size(&|out| self.block_touches.put(1, out)),
            size(&|out| self.block_tests.put(1, out)),
        ];
        let largest = (0..sizes.len()).max_by_key(|at| sizes[*at]).unwrap_or(0);
        if sizes[largest] == 0 {
            return false;
        }
        match largest {
            0 => self.cart.forget_oldest(),
            1 => drop(self.views.pop()),
            2 => drop(self.wishes.pop()),
            3 => self.forget_of_orders(),
            4 => drop(self.touches.pop()),
            5 => drop(self.doors.remove(0)),
            6 => self.forget_oldest_times(),
            7 => drop(self.traits.pop()),
            8 => drop(self.block_touches.pop()),
            _ => drop(self.block_tests.remove(0)),
        }
        true
    }

    /// What was in the oldest orders goes before the orders themselves; the orders' doors keep it.
    fn forget_of_orders(&mut self) {
        match self.orders.iter_mut().skip(1).rev().find(|order| !order.items.is_empty()) {
            Some(order) => order.items.clear(),
            None => self.sum_up_order(),
        }
    }

    fn forget_oldest_times(&mut self) {
        let newest = |measure: &super::Measure| measure.stamps.first().map_or(ShopTime(0), |stamp| stamp.at);
        let oldest = (0..self.measures.len()).min_by_key(|at| newest(&self.measures[*at]));
        if let Some(at) = oldest {
            self.measures.remove(at);
        }
    }
}

impl Profile {
    /// Brings both halves under their bounds.
    pub(crate) fn bound(&mut self) {
        self.hot.bound();
        let lines = self.warm().cart.lines.len();
        if let Some(warm) = &mut self.warm {
            warm.bound();
        }
        if self.warm().cart.lines.len() != lines {
            self.summarise_cart();
        }
    }
}
