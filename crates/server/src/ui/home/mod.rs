//! Home: how today goes and what needs a decision.

use super::chart::{Captions, Chart, Shape};
use super::layout::{Page, broken, fragment, html};
use super::save::blocking;
use crate::app::{App, Arrival, SHOP};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{DAY, HOUR, ShopTime};
use beckon_store::{MessageFilter, MessageState};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// Rows counted before "and more".
const COUNTED_MAX: usize = 100;

#[derive(Template)]
#[template(path = "home/page.html")]
struct Home {
    page: Page,
    today: Today,
    todo: Vec<Todo>,
    chart: Chart,
}

#[derive(Template)]
#[template(path = "home/today.html")]
struct TodayPart {
    page: Page,
    today: Today,
}

/// Numbers of a day.
#[derive(Default)]
struct Today {
    events: usize,
    events_more: bool,
    entered: i64,
    sent: i64,
    opened: i64,
    clicked: i64,
    orders: u64,
    earned: Vec<Money>,
}

impl Today {
    fn events(&self, page: &Page) -> String {
        let more = if self.events_more { "+" } else { "" };
        format!("{}{more}", page.words.number(self.events))
    }
}

/// Something a person must decide.
struct Todo {
    text: String,
    href: &'static str,
    button: String,
}

/// `GET /`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let start = page.words.day_start(app.now());
    let read = blocking(&app, move |app| Ok((today(app, start)?, week(app)?, Waiting::read(app)?))).await;
    match read {
        Ok((today, week, waiting)) => {
            let todo = todo(&page, &app, &waiting);
            let chart = chart(&page, &week);
            html(&Home { page, today, todo, chart })
        }
        Err(why) => broken(page, &why),
    }
}

/// `GET /home/today`: the numbers, again and again.
pub async fn live(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let start = page.words.day_start(app.now());
    match blocking(&app, move |app| today(app, start)).await {
        Ok(today) => fragment(&headers, &TodayPart { page, today }),
        Err(why) => broken(page, &why),
    }
}

fn hour_of(at: ShopTime) -> u32 {
    u32::try_from(at.0.div_euclid(HOUR.0)).unwrap_or(0)
}

fn today(app: &App, start: ShopTime) -> beckon_store::Result<Today> {
    let now = app.now();
    let counts = app.store.numbers(SHOP, None, (hour_of(start), hour_of(now) + 1))?;
    let sum = |metric: &str| counts.iter().filter(|row| row.metric == metric).map(|row| row.n).sum();
    let mut earned: BTreeMap<String, i64> = BTreeMap::new();
    let mut orders = 0;
    for credit in app.store.credits(SHOP, start, now.plus(HOUR))? {
        orders += credit.orders;
        *earned.entry(credit.currency).or_default() += credit.minor;
    }
    let money =
        |(code, minor): (String, i64)| Money { minor, currency: Currency::parse(&code).unwrap_or_default() };
    let arrivals = app.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    let fresh =
        |arrival: &&Arrival| matches!(arrival, Arrival::Event(event) if event.event.received_at >= start);
    let events = arrivals.iter().filter(fresh).count();
    Ok(Today {
        events,
        // Only the last ones are in memory: when all of them are of today, there were more.
        events_more: events > 0
            && arrivals.iter().all(|arrival| fresh(&arrival) || matches!(arrival, Arrival::Flag(_)))
            && arrivals.len() >= crate::app::ARRIVALS_MAX,
        entered: sum("entered"),
        sent: sum("sent"),
        opened: sum("opened"),
        clicked: sum("clicked"),
        orders,
        earned: earned.into_iter().map(money).collect(),
    })
}

/// Messages sent on each of the last 14 days, the oldest first.
fn week(app: &App) -> beckon_store::Result<Vec<(ShopTime, i64)>> {
    let now = app.now();
    let first = now.minus(DAY.times(13));
    let rows = app.store.hourly(SHOP, "sent", (hour_of(first.minus(DAY)), hour_of(now) + 1))?;
    let days = (0..14).map(|day| {
        let at = first.plus(DAY.times(day));
        let n = rows.iter().filter(|row| i64::from(row.hour) / 24 == at.0 / DAY.0).map(|row| row.n).sum();
        (at, n)
    });
    Ok(days.collect())
}

fn chart(page: &Page, week: &[(ShopTime, i64)]) -> Chart {
    let total: i64 = week.iter().map(|(_, n)| n).sum();
    let label = |at: &ShopTime| page.words.day_month(at);
    let values: Vec<(String, f64)> = week.iter().map(|(at, n)| (label(at), *n as f64)).collect();
    let captions = Captions {
        title: page.t("home-chart"),
        summary: page.count("home-chart-summary", total),
        label_head: page.t("home-chart-day"),
        value_head: page.t("home-chart-messages"),
    };
    Chart::new(captions, Shape::Bars, &values, |value| page.words.number(value as i64))
}

/// What waits in the store.
struct Waiting {
    unknown: usize,
    parked: usize,
    suspicion: Option<String>,
}

impl Waiting {
    fn read(app: &App) -> beckon_store::Result<Waiting> {
        let filter =
            MessageFilter { shop: SHOP, state: Some(MessageState::Unknown), ..MessageFilter::default() };
        Ok(Waiting {
            unknown: app.store.messages(&filter, None, COUNTED_MAX)?.len(),
            parked: app.store.parked(SHOP, None, COUNTED_MAX)?.len(),
            suspicion: app.store.suspicion(),
        })
    }
}

fn todo(page: &Page, app: &App, waiting: &Waiting) -> Vec<Todo> {
    let state = app.shop();
    let mut todo = Vec::new();
    let mut add = |text: String, href, button: &str| todo.push(Todo { text, href, button: page.t(button) });
    if let Some(why) = &waiting.suspicion {
        add(page.with("todo-suspicion", "why", why), "/settings/gate", "todo-look");
    }
    if waiting.unknown > 0 {
        add(page.count("todo-unknown", waiting.unknown), "/messages?state=unknown", "todo-decide");
    }
    if waiting.parked > 0 {
        add(page.count("todo-parked", waiting.parked), "/developers/parked", "todo-look");
    }
    for trouble in &state.troubles {
        add(page.with("todo-trouble", "what", trouble), "/journeys", "todo-look");
    }
    if app.smtp().is_err() {
        add(page.t("todo-relay"), "/settings/sending", "todo-enter");
    }
    if app.config.public_origin.is_none() && state.settings.public_origin.is_empty() {
        add(page.t("todo-origin"), "/settings/sending", "todo-enter");
    }
    if state.card.address.is_empty() {
        add(page.t("todo-address"), "/settings/shop", "todo-enter");
    }
    if state.catalogue.version == 0 {
        add(page.t("todo-catalogue"), "/catalogue", "todo-look");
    }
    todo
}
