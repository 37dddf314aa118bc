//! Starting and stopping: every loop and both routers, in order.

use crate::app::{App, Config, SHOP};
use crate::blocks::endpoint::Outside;
use crate::blocks::learned::Learned;
use crate::blocks::shelf::Shelf;
use crate::clock::Clock;
use crate::ops::retention;
use crate::run::clerk::Clerk;
use crate::run::owner::{Keeper, Node};
use crate::run::role::Role;
use crate::run::{follow, learn, moves, sender, words};
use crate::shop_state::ShopState;
use crate::{admin, ops, public};
use arc_swap::ArcSwap;
use axum::Router;
use beckon_recommend::{Limits, Recommender};
use beckon_store::shop::ShopPlane;
use beckon_store::{Options, Ownership, Place, Store};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A program that serves.
pub struct Running {
    /// What is running.
    pub app: Arc<App>,
    /// Where shoppers reach it.
    pub public: SocketAddr,
    /// Where staff reaches it.
    pub admin: SocketAddr,
    /// Where metrics are read, if anywhere.
    pub metrics: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
    loops: Vec<JoinHandle<()>>,
    decider: std::thread::JoinHandle<()>,
    /// In a directory there is no lease.
    keeper: Option<Keeper>,
    lost: watch::Receiver<bool>,
}

/// Opens the store and starts everything. The shop's clock goes on where it was, or as `clock` says.
///
/// # Errors
/// One line that says what is wrong and what to do.
pub async fn start(config: Config, clock: Option<Clock>) -> Result<Running, String> {
    let text = |why: beckon_store::Error| why.to_string();
    let place = config.place();
    let store = Arc::new(Store::open_at(&place, &Options::default()).map_err(text)?);
    let plane = Arc::new(ShopPlane::open_at(&place).map_err(text)?);
    let node = Node::new(config.ops.lease.0);
    let (node, owned) = first_try(node, &store, config.admin).await?;
    let epoch = Arc::new(owned.map_or_else(OnceLock::new, OnceLock::from));
    let head = store.head().map_err(text)?;
    if let Some(why) = store.suspicion() {
        tracing::warn!(why, "nothing is sent: start once with --accept-data when this is right");
    }
    let clock = Arc::new(clock.unwrap_or_else(|| Clock::new(head.now, config.time_factor)));
    let state = Arc::new(ArcSwap::from_pointee(ShopState::load(&plane, SHOP, None).map_err(text)?));
    let (mut clerk, handle) = Clerk::new(&store, &clock, &state);
    clerk.remembered_bytes = config.ops.cache_bytes.unwrap_or(clerk.remembered_bytes);
    let app = Arc::new(App {
        config,
        store,
        plane,
        clock,
        state,
        node,
        role: Role::new(owned.is_some()),
        decider: handle,
        recommender: RwLock::new(Recommender::new(Limits::default())),
        learned: Learned::default(),
        outside: Outside::default(),
        shelf: Shelf::default(),
        arrivals: Mutex::new(VecDeque::new()),
        plane_changed: tokio::sync::Notify::new(),
        public_addr: OnceLock::new(),
        demo: OnceLock::new(),
    });
    check_sender(&app)?;
    let (public, public_listener) = listen(app.config.public, "public").await?;
    let (admin, admin_listener) = listen(app.config.admin, "admin").await?;
    let measured = match app.config.ops.metrics {
        Some(at) => Some(listen(at, "metrics").await?),
        None => None,
    };
    let metrics = measured.as_ref().map(|(at, _)| *at);
    // Set once, here.
    let _ = app.public_addr.set(public);
    let taken = epoch.clone();
    let decider = std::thread::Builder::new()
        .name("decider".to_owned())
        .spawn(move || clerk.run(&taken))
        .map_err(|why| format!("the decider's thread cannot start: {why}"))?;
    let (stop, stopped) = watch::channel(false);
    let loops = loops(&app, &stopped);
    refill(&app);
    let timed = |side, router| ops::drain::layer(&app, ops::metrics::timed(&app, side, router));
    let mut servers = vec![
        serve(public_listener, timed("public", public::router(app.clone())), stopped.clone()),
        serve(admin_listener, timed("admin", admin::router(app.clone())), stopped.clone()),
    ];
    if let Some((_, listener)) = measured {
        let router = ops::metrics::router(app.clone(), stopped.clone())?;
        servers.push(serve(listener, router, stopped));
    }
    let (losing, lost) = watch::channel(false);
    let keeper = match place {
        Place::Server(_) => Some(Keeper::start(app.clone(), epoch, losing)?),
        Place::Directory(_) => None,
    };
    tracing::info!(%public, %admin, "listening");
    Ok(Running { app, public, admin, metrics, stop, servers, loops, decider, keeper, lost })
}

/// What goes on beside the requests.
fn loops(app: &Arc<App>, stopped: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(follow::plane(app.clone(), stopped.clone())),
        tokio::spawn(follow::events(app.clone(), stopped.clone())),
        tokio::spawn(learn::run(app.clone(), stopped.clone())),
        tokio::spawn(as_owner(app.clone(), stopped.clone(), sender::run(app.clone(), stopped.clone()))),
        tokio::spawn(as_owner(app.clone(), stopped.clone(), moves::run(app.clone(), stopped.clone()))),
        tokio::spawn(as_owner(app.clone(), stopped.clone(), retention::run(app.clone(), stopped.clone()))),
        tokio::spawn(as_owner(app.clone(), stopped.clone(), words::run(app.clone(), stopped.clone()))),
    ]
}

/// What only the owner of the customers does, from when they are ours.
async fn as_owner(app: Arc<App>, mut stopped: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = app.role.owned() => work.await,
        _ = stopped.changed() => {}
    }
}

/// The first try to own the customers: whoever cannot even ask does not start.
async fn first_try(node: Node, store: &Arc<Store>, admin: SocketAddr) -> Result<(Node, Option<u64>), String> {
    let store = store.clone();
    let tried = tokio::task::spawn_blocking(move || {
        let state = Role::new(false).state(&admin.to_string());
        let owned = node.take(&store, state);
        (node, owned)
    });
    let (node, owned) = tried.await.map_err(|why| why.to_string())?;
    match owned.map_err(|why| why.to_string())? {
        Ownership::Owner { epoch } => Ok((node, Some(epoch))),
        Ownership::HeldBy { name, .. } => {
            tracing::warn!(owner = name, "stands by: another program owns the shop");
            Ok((node, None))
        }
    }
}

/// A fast clock never reaches real people: it wants a relay on this machine.
fn check_sender(app: &App) -> Result<(), String> {
    let fast = (app.clock.factor() - 1.0).abs() > f64::EPSILON;
    let set = app.config.smtp_url.is_some() || !app.shop().settings.smtp_url.is_empty();
    if fast && set { app.smtp().map(drop) } else { Ok(()) }
}

async fn listen(addr: SocketAddr, what: &str) -> Result<(SocketAddr, TcpListener), String> {
    let failed = |why: std::io::Error| format!("the {what} address {addr} cannot be listened on: {why}");
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((local, listener))
}

fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let until = async move {
            // A sender that is gone means that the program stops too.
            drop(stopped.wait_for(|stop| *stop).await);
        };
        if let Err(why) = axum::serve(listener, router).with_graceful_shutdown(until).await {
            tracing::error!(%why, "a server ended");
        }
    })
}

/// The recommender fills in the background; until it has, lists fall back to what it knows.
fn refill(app: &Arc<App>) {
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        if let Err(why) = follow::refill(&app) {
            tracing::error!(%why, "the recommender cannot be filled");
        }
    });
}

impl Running {
    /// Comes back when another program took over; what this one does from then on is refused by the store.
    pub async fn lost(&mut self) {
        if self.lost.wait_for(|lost| *lost).await.is_err() {
            // Nobody is there to lose it to.
            std::future::pending::<()>().await;
        }
    }

    /// Goes on serving for a while and says that it is not ready, so that whoever shares out requests sends
    /// them elsewhere before the program stops.
    pub async fn drain(&self) {
        let drain = self.app.config.ops.drain;
        if drain.is_zero() {
            return;
        }
        tracing::info!(secs = drain.as_secs(), "serves a little longer, and says that it is not ready");
        self.app.role.drain();
        if let Some(keeper) = &self.keeper {
            keeper.tell();
        }
        tokio::time::sleep(drain).await;
    }

    /// Stops in order: no new requests, what is being handed over ends, the last commit is written.
    pub async fn stop(self) {
        // Everybody that listens is asked; nobody listening is fine.
        let _ = self.stop.send(true);
        let patience = std::time::Duration::from_secs(25);
        for task in self.servers.into_iter().chain(self.loops) {
            drop(tokio::time::timeout(patience, task).await);
        }
        self.app.decider.stop();
        let (decider, keeper) = (self.decider, self.keeper);
        let last = move || {
            drop(decider.join());
            if let Some(keeper) = keeper {
                keeper.resign();
            }
        };
        drop(tokio::task::spawn_blocking(last).await);
    }
}
