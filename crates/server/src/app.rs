//! All that a handler or a loop may touch.

use crate::access::proxy::Trusted;
use crate::blocks::endpoint::Outside;
use crate::blocks::learned::Learned;
use crate::blocks::shelf::Shelf;
use crate::clock::Clock;
use crate::run::decider::Handle;
use crate::run::owner::Node;
use crate::run::role::Role;
use crate::shop_state::ShopState;
use arc_swap::ArcSwap;
use beckon_channels::Address;
use beckon_channels::smtp::Settings as SmtpSettings;
use beckon_core::event::Incoming;
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use beckon_recommend::Recommender;
use beckon_render::Links;
use beckon_store::shop::ShopPlane;
use beckon_store::{Place, Store};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// The only shop of an installation, for now; every key and every statement names it.
pub const SHOP: ShopId = ShopId(1);

/// Arrivals kept for the page "events arriving".
pub const ARRIVALS_MAX: usize = 200;

/// What the program was started with: the directory and where it listens; all else lies in the shop's plane.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where everything is kept; with a database ([`Ops::database`]) only feeds lie here while they are read.
    pub dir: PathBuf,
    /// Where shops, shoppers and mails reach us.
    pub public: SocketAddr,
    /// Where staff reaches us.
    pub admin: SocketAddr,
    /// The relay, over what the settings say.
    pub smtp_url: Option<String>,
    /// The sender, over what the settings say.
    pub from: Option<String>,
    /// Origin of links in mails, over what the settings say.
    pub public_origin: Option<String>,
    /// How many times as fast as the wall the shop's clock runs.
    pub time_factor: f64,
    /// Sessions to the relay at once.
    pub smtp_sessions: usize,
    /// Feeds may be fetched from this machine and from private networks.
    pub allow_private_feeds: bool,
    /// How it is watched, and what stands before it.
    pub ops: Ops,
}

impl Config {
    /// Where both planes lie.
    #[must_use]
    pub fn place(&self) -> Place {
        self.ops.database.clone().unwrap_or_else(|| Place::Directory(self.dir.clone()))
    }
}

/// What an operator sets beside the shop.
#[derive(Clone, Debug, Default)]
pub struct Ops {
    /// Where metrics are read; without it there are none.
    pub metrics: Option<SocketAddr>,
    /// The database that everything is kept in, in place of the directory.
    pub database: Option<Place>,
    /// Reverse proxies whose word on the client's address is believed.
    pub trusted_proxies: Trusted,
    /// How long another program on the same database waits before it takes over from one that is silent.
    pub lease: Lease,
    /// How much of the customers is kept in memory; without it an eighth of what there is, bounded.
    pub cache_bytes: Option<usize>,
    /// How long it goes on serving after it was told to stop, while it says that it is not ready.
    pub drain: Duration,
}

/// A length of time; ten seconds pass at most between a death and the end of this one by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease(pub Duration);

impl Default for Lease {
    fn default() -> Lease {
        Lease(Duration::from_secs(8))
    }
}

/// The running program.
pub struct App {
    /// What it was started with.
    pub config: Config,
    /// The customers' plane.
    pub store: Arc<Store>,
    /// The shop's plane.
    pub plane: Arc<ShopPlane>,
    /// The clocks.
    pub clock: Arc<Clock>,
    /// The shop's plane in memory.
    pub state: Arc<ArcSwap<ShopState>>,
    /// This program among those on one database.
    pub node: Node,
    /// What it is among them.
    pub role: Role,
    /// The thread that decides.
    pub decider: Handle,
    /// What goes with what.
    pub recommender: RwLock<Recommender>,
    /// The order that re-ranked blocks show.
    pub learned: Learned,
    /// Who is asked outside of this program what to recommend.
    pub outside: Outside,
    /// Products as answers show them.
    pub shelf: Shelf,
    /// What arrived last.
    pub arrivals: Mutex<VecDeque<Arrival>>,
    /// Raised when the shop's plane was changed here, so that the follower looks at once.
    pub plane_changed: tokio::sync::Notify,
    /// The demo around this program; a real shop has none.
    pub demo: std::sync::OnceLock<crate::demo::Demo>,
    /// Where the public side really listens; known once it does.
    pub public_addr: std::sync::OnceLock<SocketAddr>,
}

/// Something that arrived at the tracking API.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// An event that was taken.
    Event(Arc<Incoming>),
    /// A record that was not, or not wholly, understood.
    Flag(crate::track::Flag),
    /// Requests that were refused as a whole. There is one entry for each code: whoever floods us with them must not
    /// push out what a developer looks for.
    Refused {
        /// The code of the answer.
        code: &'static str,
        /// How many since the program started or the entry fell off the end.
        count: u64,
        /// The last of them.
        at: ShopTime,
    },
}

impl App {
    /// The shop as it is now.
    #[must_use]
    pub fn shop(&self) -> Arc<ShopState> {
        self.state.load_full()
    }

    /// The shop's clock.
    #[must_use]
    pub fn now(&self) -> ShopTime {
        self.clock.shop()
    }

    /// Signed addresses for mails.
    #[must_use]
    pub fn links(&self) -> Links {
        Links::new(&self.public_origin(), &self.shop().secret)
    }

    /// Where shoppers reach us, without a slash at the end.
    #[must_use]
    pub fn public_origin(&self) -> String {
        let state = self.shop();
        let set = self.config.public_origin.as_ref().unwrap_or(&state.settings.public_origin);
        if set.is_empty() {
            let addr = self.public_addr.get().unwrap_or(&self.config.public);
            return format!("http://{addr}");
        }
        set.trim_end_matches('/').to_owned()
    }

    /// The relay and the sender in force.
    ///
    /// # Errors
    /// One of them is missing or cannot be read; says which and what to do.
    pub fn smtp(&self) -> Result<(SmtpSettings, Address), String> {
        let state = self.shop();
        let url = self.config.smtp_url.as_ref().unwrap_or(&state.settings.smtp_url);
        let from = self.config.from.as_ref().unwrap_or(&state.settings.from);
        if url.is_empty() {
            return Err("no mail relay is set: enter one under Settings, or set BECKON_SMTP_URL".to_owned());
        }
        if from.is_empty() {
            return Err("no sender is set: enter one under Settings, or set BECKON_FROM".to_owned());
        }
        let settings = SmtpSettings::parse(url).map_err(|why| format!("the mail relay: {why}"))?;
        if (self.clock.factor() - 1.0).abs() > f64::EPSILON && !settings.is_loopback() {
            return Err("while time runs fast, mails go to a relay on this machine only".to_owned());
        }
        let from = Address::parse(from).map_err(|why| format!("the sender: {why}"))?;
        Ok((settings, from))
    }

    /// Remembers what arrived, the newest first.
    pub fn arrived(&self, mut arrival: Arrival) {
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Arrival::Refused { code: new, count, .. } = &mut arrival {
            let same = |old: &Arrival| matches!(old, Arrival::Refused { code, .. } if code == new);
            let old = arrivals.iter().position(same).and_then(|place| arrivals.remove(place));
            if let Some(Arrival::Refused { count: before, .. }) = old {
                *count = before.saturating_add(1);
            }
        }
        arrivals.push_front(arrival);
        arrivals.truncate(ARRIVALS_MAX);
    }
}
