//! The list of customers: those who came last, or those found by what is typed, while it is typed.

use super::super::layout::{Page, fragment, html};
use super::{full_name, kind_key, refused};
use crate::api::answer::{self, Refused};
use crate::app::{App, SHOP};
use crate::people;
use crate::when::When;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::ids::{DoorKind, ProfileId};
use beckon_core::profile::Profile;
use beckon_core::time::ShopTime;
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Rows of a page of the list.
const ROWS: usize = 50;

/// What is asked of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    before: Option<String>,
}

/// A line of the list.
struct Row {
    id: ProfileId,
    name: String,
    identities: Vec<(&'static str, String)>,
    active_at: Option<ShopTime>,
    cart_lines: u32,
    orders: u32,
    consent: Option<bool>,
}

#[derive(Template)]
#[template(path = "customers/list.html")]
struct List {
    page: Page,
    q: String,
    rows: Rows,
    /// Thousandths of older customers that can be searched by name; 0 when all can.
    filling: u32,
    /// The same as a share in words.
    filled: String,
}

#[derive(Template)]
#[template(path = "customers/rows.html")]
struct Rows {
    page: Page,
    q: String,
    rows: Vec<Row>,
    older: String,
    /// There may be more than are shown.
    full: bool,
}

/// `GET /customers`
pub async fn list(page: Page, State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let q = asked.q.trim().to_owned();
    let filling = app.decider.shared().filling.load(Ordering::Relaxed);
    match read(&page, app, asked).await {
        Ok(rows) => html(&List { filled: format!("{} %", filling / 10), page, q, rows, filling }),
        Err(why) => refused(page, &why),
    }
}

/// `GET /customers/rows`: the table alone, for who is typing.
pub async fn rows(
    page: Page,
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    match read(&page, app, asked).await {
        Ok(rows) => fragment(&headers, &rows),
        Err(why) => refused(page, &why),
    }
}

async fn read(page: &Page, app: Arc<App>, asked: Asked) -> Result<Rows, Refused> {
    let q = asked.q.trim().to_owned();
    let typed = q.clone();
    let work = move |app: &App| if typed.is_empty() { newest(app, asked.before) } else { found(app, &typed) };
    let (rows, next) = answer::work(app, work).await?;
    let older = next.map(|next| format!("/customers?before={next}")).unwrap_or_default();
    let full = !q.is_empty() && rows.len() == ROWS;
    Ok(Rows { page: page.clone(), q, rows, older, full })
}

fn found(app: &App, q: &str) -> Result<(Vec<Row>, Option<String>), Refused> {
    let profiles = people::search(app, q, ROWS)?;
    Ok((profiles.iter().map(|profile| row(profile, Vec::new())).collect(), None))
}

fn newest(app: &App, before: Option<String>) -> Result<(Vec<Row>, Option<String>), Refused> {
    let identities = app.store.customers(SHOP, answer::page(before.as_deref())?, ROWS)?;
    let last = identities.last().filter(|_| identities.len() == ROWS);
    let next = last.map(|row| answer::cursor(row.since, row.door.0));
    let mut ids: Vec<ProfileId> = Vec::new();
    for identity in &identities {
        if !ids.contains(&identity.profile) {
            ids.push(identity.profile);
        }
    }
    let mut rows = Vec::new();
    for id in ids {
        let Some(profile) = people::follow(app, id)? else { continue };
        let own = identities.iter().filter(|identity| identity.profile == id);
        rows.push(row(&profile, own.map(|own| (own.kind, own.value.clone())).collect()));
    }
    Ok((rows, next))
}

fn row(profile: &Profile, identities: Vec<(DoorKind, String)>) -> Row {
    let (hot, warm) = (&profile.hot, profile.warm());
    let known = warm.doors.iter().filter_map(|door| Some((door.kind()?, door.value.clone())));
    let mut identities: Vec<(DoorKind, String)> = identities.into_iter().chain(known).collect();
    identities.sort();
    identities.dedup();
    let name = full_name(&warm.first_name.value, &warm.last_name.value);
    Row {
        id: profile.id,
        name,
        identities: identities.into_iter().map(|(kind, value)| (kind_key(&kind), value)).take(4).collect(),
        active_at: When(hot.active_at).some(),
        cart_lines: hot.cart_lines,
        orders: hot.orders,
        consent: hot.consent.agreed,
    }
}
