//! How often somebody may try to sign in: per address and per client, in memory and bounded.

use beckon_core::time::{MINUTE, WallTime};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Tries for one address in a window.
const PER_ADDRESS: u32 = 10;
/// Tries from one client in a window: an office shares an address.
const PER_CLIENT: u32 = 50;
/// Entries kept; what is beyond makes the oldest go.
const ENTRIES_MAX: usize = 10_000;
/// Hashing a password takes 19 MiB: so many at once.
pub const HASHES_AT_ONCE: usize = 4;

/// Counts tries to sign in.
pub struct Limit {
    tries: Mutex<HashMap<String, Tries>>,
    /// Taken while a password is hashed.
    pub hashing: Semaphore,
}

#[derive(Clone, Copy)]
struct Tries {
    since: WallTime,
    count: u32,
}

impl Default for Limit {
    fn default() -> Limit {
        Limit { tries: Mutex::default(), hashing: Semaphore::new(HASHES_AT_ONCE) }
    }
}

impl Limit {
    /// Counts a try; `false` when it is one too many. A window lasts 15 minutes.
    pub fn allows(&self, email: &str, client: Option<IpAddr>, now: WallTime) -> bool {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ok = count(&mut tries, format!("a {email}"), now) <= PER_ADDRESS;
        if let Some(client) = client {
            ok &= count(&mut tries, format!("c {}", network(client)), now) <= PER_CLIENT;
        }
        ok
    }

    /// Forgets the tries of an address: somebody signed in with it.
    pub fn succeeded(&self, email: &str) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(&format!("a {email}"));
    }
}

/// A client; of IPv6 its /64, which is one household.
fn network(client: IpAddr) -> String {
    match client {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => format!("{:x?}", &v6.segments()[..4]),
        },
    }
}

fn count(tries: &mut HashMap<String, Tries>, key: String, now: WallTime) -> u32 {
    let window = MINUTE.times(15);
    if tries.len() >= ENTRIES_MAX && !tries.contains_key(&key) {
        tries.retain(|_, tries| now.since(tries.since) < window);
        if tries.len() >= ENTRIES_MAX
            && let Some(oldest) =
                tries.iter().min_by_key(|(_, tries)| tries.since).map(|(key, _)| key.clone())
        {
            tries.remove(&oldest);
        }
    }
    let entry = tries.entry(key).or_insert(Tries { since: now, count: 0 });
    if now.since(entry.since) >= window {
        *entry = Tries { since: now, count: 0 };
    }
    entry.count = entry.count.saturating_add(1);
    entry.count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_run_out_and_come_back() {
        let limit = Limit::default();
        let client = Some("192.0.2.1".parse().unwrap());
        for _ in 0..PER_ADDRESS {
            assert!(limit.allows("a@example.com", client, WallTime(0)));
        }
        assert!(!limit.allows("a@example.com", client, WallTime(1)));
        assert!(limit.allows("b@example.com", client, WallTime(1)));
        assert!(limit.allows("a@example.com", client, WallTime(MINUTE.times(15).0)));
    }

    #[test]
    fn memory_is_bounded() {
        let limit = Limit::default();
        for n in 0..ENTRIES_MAX + 100 {
            limit.allows(&n.to_string(), None, WallTime(n as i64));
        }
        assert!(limit.tries.lock().unwrap().len() <= ENTRIES_MAX);
    }
}
