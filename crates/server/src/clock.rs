//! The two clocks of the shell. The shop's runs with a factor, may jump, and never runs backwards over a restart.

use beckon_core::time::{ShopTime, Span, WallTime};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Both clocks, read together.
pub struct Clock {
    anchor: Mutex<Anchor>,
}

#[derive(Clone, Copy)]
struct Anchor {
    wall: WallTime,
    shop: ShopTime,
    factor: f64,
}

impl Clock {
    /// A clock that begins at `start`, or now where that is later, and runs `factor` times as fast as the wall.
    #[must_use]
    pub fn new(start: ShopTime, factor: f64) -> Clock {
        let wall = wall_now();
        Clock { anchor: Mutex::new(Anchor { wall, shop: ShopTime(wall.0.max(start.0)), factor }) }
    }

    /// A clock that begins at exactly this moment: the demo's shop opens at ten.
    #[must_use]
    pub fn starting_at(start: ShopTime, factor: f64) -> Clock {
        Clock { anchor: Mutex::new(Anchor { wall: wall_now(), shop: start, factor }) }
    }

    /// The wall clock.
    #[must_use]
    pub fn wall(&self) -> WallTime {
        wall_now()
    }

    /// The shop's clock.
    #[must_use]
    pub fn shop(&self) -> ShopTime {
        self.read().0
    }

    /// Both, of one moment.
    #[must_use]
    pub fn read(&self) -> (ShopTime, WallTime) {
        let (anchor, wall) = (self.anchor(), wall_now());
        let passed = wall.since(anchor.wall).0.max(0) as f64 * anchor.factor;
        (anchor.shop.plus(Span(passed as i64)), wall)
    }

    /// How many times as fast as the wall the shop's clock runs.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.anchor().factor
    }

    /// Runs on at another pace from now.
    pub fn set_factor(&self, factor: f64) {
        let (shop, wall) = self.read();
        *self.lock() = Anchor { wall, shop, factor };
    }

    /// Jumps ahead to a moment; one that has passed changes nothing.
    pub fn jump(&self, to: ShopTime) {
        let (shop, wall) = self.read();
        let factor = self.factor();
        *self.lock() = Anchor { wall, shop: shop.max(to), factor };
    }

    /// How long the wall takes until the shop's clock shows `at`; zero when it has passed.
    #[must_use]
    pub fn until(&self, at: ShopTime) -> std::time::Duration {
        let left = at.since(self.shop()).0.max(0) as f64 / self.factor().max(1e-9);
        std::time::Duration::from_millis(left.min(3.6e6) as u64 + u64::from(left > 0.0))
    }

    fn anchor(&self) -> Anchor {
        *self.lock()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Anchor> {
        self.anchor.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The wall clock, for what has no [`Clock`] at hand.
#[must_use]
pub fn wall_now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(since.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::time::HOUR;

    #[test]
    fn a_restart_goes_on_where_the_fast_clock_was() {
        let fast = Clock::new(ShopTime(0), 3_600.0);
        fast.jump(fast.shop().plus(HOUR));
        let later = fast.shop();
        assert!(Clock::new(later, 1.0).shop() >= later, "the shop's clock ran backwards");
    }

    #[test]
    fn a_jump_never_goes_back() {
        let clock = Clock::starting_at(ShopTime(1_000_000), 1.0);
        clock.jump(ShopTime(5));
        assert!(clock.shop() >= ShopTime(1_000_000));
    }
}
