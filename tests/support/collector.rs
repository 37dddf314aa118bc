//! A small shop and a small event collector on two ports: pages for the browser, and what the tracker sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

const TRACKER: &str = include_str!("../../web/beckon.js");
const WIDGETS: &str = include_str!("../../web/widgets.js");
const WIDGETS_STYLE: &str = include_str!("../../web/widgets.css");

/// The first and one past the last port to try: below the range from which systems give out ports by chance.
const PORTS: std::ops::Range<u16> = 21_000..31_000;

/// One request of the tracker.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// `/v1/b` or `/beacon/v1/batch`.
    pub path: String,
    /// The query as sent, without `?`.
    pub query: String,
    /// The `Content-Type` header.
    pub content_type: String,
    /// The JSON body.
    pub body: Value,
    /// Whether the collector took it (answered 200).
    pub taken: bool,
}

#[derive(Default)]
struct Inner {
    arrivals: Mutex<Vec<Arrival>>,
    pages: Mutex<HashMap<String, (HeaderMap, String)>>,
    answer: Mutex<Option<(u16, Option<String>)>>,
    recommended: Mutex<Recommended>,
    changed: Notify,
}

/// Gives the status and the body of the answer to a question for recommendations.
type Recommend = Box<dyn Fn(&Value) -> (u16, String) + Send>;

#[derive(Default)]
struct Recommended {
    answer: Option<Recommend>,
    questions: Vec<Value>,
}

/// The collector and the shop whose pages carry the tracker. Cheap to clone.
#[derive(Clone)]
pub struct Collector {
    inner: Arc<Inner>,
    shop_port: u16,
    api_port: u16,
}

impl Collector {
    /// Starts both servers on free ports of the loopback.
    pub async fn start() -> Collector {
        let inner = Arc::new(Inner::default());
        let app = Router::new()
            .route("/v1/b", post(receive))
            .route("/beacon/v1/batch", post(receive))
            .route("/beckon.js", get(|| async { ([("content-type", "text/javascript")], TRACKER) }))
            .route("/widgets.js", get(|| async { ([("content-type", "text/javascript")], WIDGETS) }))
            .route("/widgets.css", get(|| async { ([("content-type", "text/css")], WIDGETS_STYLE) }))
            .route("/v1/recommend", post(recommend))
            .route("/r/cart", get(cart))
            .fallback(page)
            .with_state(inner.clone());
        let (shop, shop_port) = listen().await;
        let (api, api_port) = listen().await;
        for listener in [shop, api] {
            let app = app.clone();
            tokio::spawn(async move { axum::serve(listener, app).await });
        }
        Collector { inner, shop_port, api_port }
    }

    /// The address of a path on the shop's host; `host` is a name under `localhost` or an address of the loopback.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.shop_port)
    }

    /// The origin from which the tracker comes and to which it reports.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.api_port)
    }

    /// The snippet as a shop pastes it.
    pub fn snippet(&self) -> String {
        format!(
            "<script>window.beckon = window.beckon || function(){{ (beckon.q = beckon.q || []).push(arguments) }}\
             </script>\n<script async src=\"{}/beckon.js\" data-key=\"WK-1\"></script>",
            self.origin()
        )
    }

    /// Puts a page into the shop: `head` before the snippet, `body` after it. Errors land in `window.errors`.
    pub fn page(&self, path: &str, head: &str, body: &str) {
        self.page_with(path, HeaderMap::new(), head, body);
    }

    /// As [`Collector::page`], with response headers (a Content-Security-Policy).
    pub fn page_with(&self, path: &str, headers: HeaderMap, head: &str, body: &str) {
        let watch = "<script>window.errors = []; window.onerror = (m) => { errors.push(String(m)) }; \
                     addEventListener('unhandledrejection', (e) => errors.push('rejected: ' + e.reason))</script>";
        let html = format!(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>Shop {path}</title>{watch}{head}{}</head>\
             <body>{body}</body></html>",
            self.snippet()
        );
        self.inner.pages.lock().unwrap().insert(path.to_owned(), (headers, html));
    }

    /// From now on answers the tracker with this status and `Retry-After`; 200 takes events again.
    pub fn answer(&self, status: u16, retry_after: Option<&str>) {
        *self.inner.answer.lock().unwrap() = Some((status, retry_after.map(str::to_owned)));
    }

    /// All requests so far, in the order in which they came.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.inner.arrivals.lock().unwrap().clone()
    }

    /// The events taken so far, each message id once, as a server that dedupes has them.
    pub fn events(&self) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        for event in self.copies() {
            if events.iter().all(|e| e["messageId"] != event["messageId"]) {
                events.push(event);
            }
        }
        events
    }

    /// Answers questions for recommendations from now on.
    #[allow(dead_code)]
    pub fn recommend(&self, answer: impl Fn(&Value) -> (u16, String) + Send + 'static) {
        self.inner.recommended.lock().unwrap().answer = Some(Box::new(answer));
    }

    /// The questions for recommendations so far.
    #[allow(dead_code)]
    pub fn questions(&self) -> Vec<Value> {
        self.inner.recommended.lock().unwrap().questions.clone()
    }

    /// The events taken so far, with their repetitions.
    pub fn copies(&self) -> Vec<Value> {
        let arrivals = self.arrivals();
        let batches = arrivals.iter().filter(|a| a.taken).filter_map(|a| a.body["batch"].as_array());
        batches.flatten().cloned().collect()
    }

    /// The distinct events of a name (`type` for those without one).
    pub fn named(&self, name: &str) -> Vec<Value> {
        let events = self.events();
        events
            .into_iter()
            .filter(|e| e["event"] == name || (e["event"].is_null() && e["type"] == name))
            .collect()
    }

    /// Waits until `name` was taken `count` times, and gives these events.
    pub async fn wait_for(&self, name: &str, count: usize) -> Vec<Value> {
        self.wait(&format!("{count} × {name}"), |c| c.named(name).len() >= count).await;
        self.named(name)
    }

    /// Waits until a condition on what was received is true.
    pub async fn wait(&self, what: &str, condition: impl Fn(&Collector) -> bool) {
        let wait = async {
            loop {
                let changed = self.inner.changed.notified();
                if condition(self) {
                    return;
                }
                changed.await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(30), wait).await.is_err() {
            let got: Vec<Value> =
                self.arrivals().into_iter().map(|a| json!([a.path, a.taken, a.body])).collect();
            panic!("did not come: {what}\nreceived: {got:#?}");
        }
    }
}

async fn listen() -> (TcpListener, u16) {
    // Tests of one machine start at different places, so that they seldom meet.
    let start = std::process::id() as u16 % (PORTS.end - PORTS.start);
    for step in 0..PORTS.end - PORTS.start {
        let port = PORTS.start + (start + step) % (PORTS.end - PORTS.start);
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return (listener, port);
        }
    }
    panic!("no free port in {PORTS:?}");
}

async fn receive(
    State(inner): State<Arc<Inner>>,
    uri: Uri,
    query: RawQuery,
    headers: HeaderMap,
    body: String,
) -> Response {
    let (status, retry_after) = inner.answer.lock().unwrap().clone().unwrap_or((200, None));
    let content_type =
        headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    inner.arrivals.lock().unwrap().push(Arrival {
        path: uri.path().to_owned(),
        query: query.0.unwrap_or_default(),
        content_type,
        body: serde_json::from_str(&body)
            .unwrap_or_else(|e| json!({ "not JSON": body, "error": e.to_string() })),
        taken: status == 200,
    });
    inner.changed.notify_waiters();
    let mut response = (
        StatusCode::from_u16(status).unwrap(),
        [("access-control-allow-origin", "*"), ("access-control-expose-headers", "Retry-After")],
        "{}",
    )
        .into_response();
    if let Some(secs) = retry_after {
        response.headers_mut().insert("retry-after", secs.parse().unwrap());
    }
    response
}

/// Without an answer set the question stays open, as with a server that hangs.
async fn recommend(State(inner): State<Arc<Inner>>, body: String) -> Response {
    let question: Value = serde_json::from_str(&body).unwrap_or_else(|e| json!({ "error": e.to_string() }));
    let answer = {
        let mut recommended = inner.recommended.lock().unwrap();
        recommended.questions.push(question.clone());
        recommended.answer.as_ref().map(|answer| answer(&question))
    };
    inner.changed.notify_waiters();
    let Some((status, body)) = answer else { return std::future::pending().await };
    let headers = [("access-control-allow-origin", "*"), ("content-type", "application/json")];
    (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
}

async fn cart(query: RawQuery) -> Response {
    let products = json!([{ "product_id": "P-7", "quantity": 2 }]);
    let answer = json!({ "asked": query.0, "products": products });
    ([("access-control-allow-origin", "*"), ("content-type", "application/json")], answer.to_string())
        .into_response()
}

async fn page(State(inner): State<Arc<Inner>>, uri: Uri) -> Response {
    match inner.pages.lock().unwrap().get(uri.path()) {
        Some((headers, html)) => {
            let mut response = ([("content-type", "text/html")], html.clone()).into_response();
            response.headers_mut().extend(headers.clone());
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
