//! Who is acting on this thread: what is written to the shop's plane meanwhile is logged in her name, in the same
//! transaction, whichever way the call took.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Who does something, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// `staff`, `key`, `program` (the command line, a loop) or `nobody` (a visitor who has not signed in).
    pub kind: String,
    /// Her address, the first letters of the key, the name of the program.
    pub name: String,
    /// Where the request came from; empty when from this machine's command line.
    pub ip: String,
    /// Method and path of the route, as in the table of routes.
    pub route: String,
}

/// Somebody acting, with the number of entries she left in the log by now.
#[derive(Debug, Default)]
pub struct Acting {
    /// Who.
    pub actor: Actor,
    noted: AtomicU32,
}

impl Acting {
    /// Somebody about to act.
    #[must_use]
    pub fn new(actor: Actor) -> Arc<Acting> {
        Arc::new(Acting { actor, noted: AtomicU32::new(0) })
    }

    /// Entries she left.
    #[must_use]
    pub fn noted(&self) -> u32 {
        self.noted.load(Ordering::Acquire)
    }

    pub(crate) fn note(&self) {
        self.noted.fetch_add(1, Ordering::AcqRel);
    }
}

thread_local! {
    static ACTING: RefCell<Option<Arc<Acting>>> = const { RefCell::new(None) };
}

/// Who is acting on this thread.
#[must_use]
pub fn acting() -> Option<Arc<Acting>> {
    ACTING.with_borrow(Clone::clone)
}

/// Does something in somebody's name; whoever acted before does so again after, also when the work panics.
pub fn act<T>(who: Option<Arc<Acting>>, work: impl FnOnce() -> T) -> T {
    struct Back(Option<Arc<Acting>>);
    impl Drop for Back {
        fn drop(&mut self) {
            ACTING.set(self.0.take());
        }
    }
    let _back = Back(ACTING.replace(who));
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_acted_before_acts_again_after() {
        let who = |name: &str| Some(Acting::new(Actor { name: name.to_owned(), ..Actor::default() }));
        let name = || acting().map(|acting| acting.actor.name.clone());
        act(who("anna"), || {
            act(who("berta"), || assert_eq!(name().as_deref(), Some("berta")));
            let panicked = std::panic::catch_unwind(|| act(None, || panic!("on purpose")));
            assert!(panicked.is_err());
            assert_eq!(name().as_deref(), Some("anna"));
        });
        assert_eq!(name(), None);
    }
}
