//! Services of the shop's own that may recommend: where they are, and how they fare.

use reqwest::Client;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer may take where nobody said, in milliseconds.
pub const TIMEOUT_USUAL_MS: u32 = 150;
/// After so many failures one after the other it is left alone.
const FAILURES_MAX: u32 = 5;
/// For so long; then one question tries it again.
const REST: Duration = Duration::from_secs(30);

/// An endpoint, as kept.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// Its address.
    pub url: String,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u32,
    /// Name of the header with the secret; empty for none.
    pub header: String,
    /// The secret; never shown again.
    pub secret: String,
}

/// Without the secret: what is written for developers is read by many.
impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("timeout_ms", &self.timeout_ms).finish_non_exhaustive()
    }
}

/// What is known of the endpoints, and the line to them.
#[derive(Debug, Default)]
pub struct Outside {
    pub(super) client: OnceLock<Option<Client>>,
    known: Mutex<BTreeMap<String, Breaker>>,
}

/// How one fares.
#[derive(Clone, Debug, Default)]
struct Breaker {
    failures: u32,
    rests_until: Option<Instant>,
    last: String,
}

/// How an endpoint fares, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Failures one after the other.
    pub failures: u32,
    /// It is left alone now.
    pub resting: bool,
    /// What went wrong last; empty when nothing did since the start.
    pub last: String,
}

impl Outside {
    /// How an endpoint fares.
    #[must_use]
    pub fn health(&self, name: &str) -> Health {
        let known = self.lock();
        let of = known.get(name).cloned().unwrap_or_default();
        let resting = of.rests_until.is_some_and(|until| Instant::now() < until);
        Health { failures: of.failures, resting, last: of.last }
    }

    /// What went wrong last.
    #[must_use]
    pub fn last_failure(&self, name: &str) -> String {
        self.health(name).last
    }

    /// Forgets what went wrong: its settings changed.
    pub fn forgive(&self, name: &str) {
        self.lock().remove(name);
    }

    /// Whether it may be asked now.
    pub(super) fn may_ask(&self, name: &str) -> bool {
        let mut known = self.lock();
        let of = known.entry(name.to_owned()).or_default();
        match of.rests_until {
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                // One question tries; others wait for what comes of it.
                of.rests_until = Some(Instant::now() + REST);
                true
            }
            None => true,
        }
    }

    /// Notes what came of a question.
    pub(super) fn settle(&self, name: &str, done: Result<(), &str>) {
        let mut known = self.lock();
        let of = known.entry(name.to_owned()).or_default();
        match done {
            Ok(()) => (of.failures, of.rests_until) = (0, None),
            Err(why) => {
                of.failures = of.failures.saturating_add(1);
                why.clone_into(&mut of.last);
                if of.failures >= FAILURES_MAX {
                    of.rests_until = Some(Instant::now() + REST);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Breaker>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_failures_it_rests_and_one_success_mends_all() {
        let outside = Outside::default();
        for _ in 0..FAILURES_MAX {
            assert!(outside.may_ask("lab"));
            outside.settle("lab", Err("500"));
        }
        assert!(!outside.may_ask("lab"));
        let health = outside.health("lab");
        assert_eq!((health.failures, health.resting, health.last.as_str()), (FAILURES_MAX, true, "500"));
        outside.settle("lab", Ok(()));
        assert!(outside.may_ask("lab") && !outside.health("lab").resting);
    }
}
