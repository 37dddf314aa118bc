//! A shop in a directory of its own with its decider running, and a browser that speaks to its admin side
//! without a socket.

#![allow(dead_code)] // Each test program uses a part of it.

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use beckon_core::time::WallTime;
use beckon_recommend::{Limits, Recommender};
use beckon_server::access::rights::Role;
use beckon_server::access::staff;
use beckon_server::app::{App, Config, Ops, SHOP};
use beckon_server::clock::Clock;
use beckon_server::routes::admin_router;
use beckon_server::run::decider::Decider;
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_server::shop_state::ShopState;
use beckon_store::shop::ShopPlane;
use beckon_store::{Options, Store};
use http_body_util::BodyExt;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use tower::ServiceExt;

/// A shop that goes away with its directory.
pub struct World {
    pub app: Arc<App>,
    pub router: Router,
    pub server_key: String,
    pub write_key: String,
    decider: Option<Decider>,
    dir: PathBuf,
}

/// The password of everybody here.
pub const PASSWORD: &str = "correct horse";

impl World {
    /// A shop without staff.
    pub fn new() -> World {
        let mut world = World::asleep(&Options::default());
        world.wake();
        world
    }

    /// Lets the decider run.
    pub fn wake(&mut self) {
        let decider = self.decider.take().unwrap();
        std::thread::spawn(move || decider.run());
    }

    /// A shop whose decider does not run yet, on a store that was opened like this.
    pub fn asleep(options: &Options) -> World {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("beckon-admin-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let store = Arc::new(Store::open(&dir, options).unwrap());
        let plane = Arc::new(ShopPlane::open(&dir).unwrap());
        let card = ShopCard { name: "Kettles".to_owned(), locale: "en".to_owned(), ..ShopCard::default() };
        let keys = setup::shop(&plane, &card, WallTime(1), "test").unwrap();
        let clock = Arc::new(Clock::new(store.head().unwrap().now, 1.0));
        let state = Arc::new(ArcSwap::from_pointee(ShopState::load(&plane, SHOP, None).unwrap()));
        let (decider, handle) =
            Decider::new(store.clone(), clock.clone(), state.clone(), store.raise_epoch().unwrap()).unwrap();
        let any = "127.0.0.1:0".parse().unwrap();
        let config = Config {
            dir: dir.clone(),
            public: any,
            admin: any,
            smtp_url: None,
            from: None,
            public_origin: None,
            time_factor: 1.0,
            smtp_sessions: 1,
            allow_private_feeds: true,
            ops: Ops::default(),
        };
        let app = Arc::new(App {
            config,
            store,
            plane,
            clock,
            state,
            node: beckon_server::run::owner::Node::new(std::time::Duration::from_secs(8)),
            role: beckon_server::run::role::Role::new(true),
            decider: handle,
            recommender: RwLock::new(Recommender::new(Limits::default())),
            learned: beckon_server::blocks::learned::Learned::default(),
            outside: beckon_server::blocks::endpoint::Outside::default(),
            shelf: beckon_server::blocks::shelf::Shelf::default(),
            arrivals: Mutex::new(VecDeque::new()),
            plane_changed: tokio::sync::Notify::new(),
            public_addr: OnceLock::new(),
            demo: OnceLock::new(),
        });
        let router = admin_router(app.clone());
        World {
            app,
            router,
            server_key: keys.server_key,
            write_key: keys.write_key,
            decider: Some(decider),
            dir,
        }
    }

    /// A shop with an owner, and her browser, signed in.
    pub async fn with_owner() -> (World, Browser) {
        let world = World::new();
        let browser = world.staff("owner@example.com", Role::Owner).await;
        (world, browser)
    }

    /// Somebody of a role, signed in.
    pub async fn staff(&self, email: &str, role: Role) -> Browser {
        staff::create(&self.app.plane, email, PASSWORD, role).unwrap();
        self.sign_in(email).await
    }

    /// A browser that has signed in.
    pub async fn sign_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/sign-in").await;
        let answer = browser
            .post("/sign-in", &[("csrf", &page.csrf()), ("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// A browser that knows nothing yet.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), headers: Vec::new() }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.app.decider.stop();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Keeps cookies and sends what a browser sends.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(&'static str, String)>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The token of the page's forms.
    pub fn csrf(&self) -> String {
        self.field("csrf")
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.text)).1;
        rest.split('"').next().unwrap().to_owned()
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    pub async fn send(&mut self, mut request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header(header::HOST, "admin.example").header(header::COOKIE, cookies.join("; "));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}
