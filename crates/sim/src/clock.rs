//! The shop's time as the demo's pages show it; whoever runs the pages knows what time it is there.

use crate::shop::Lang;
use std::fmt;
use std::sync::Arc;

/// Day and time of day in a language. The default shows nothing.
#[derive(Clone, Default)]
pub struct ShownClock(Option<Arc<dyn Fn(Lang) -> String + Send + Sync>>);

impl ShownClock {
    /// A clock that is read anew each time.
    pub fn new(read: impl Fn(Lang) -> String + Send + Sync + 'static) -> ShownClock {
        ShownClock(Some(Arc::new(read)))
    }

    /// What it shows now; empty where there is no clock.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        self.0.as_ref().map_or(String::new(), |read| read(lang))
    }
}

impl fmt::Debug for ShownClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "ShownClock" } else { "ShownClock(none)" })
    }
}
