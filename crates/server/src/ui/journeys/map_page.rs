//! The page of a journey: its map over a chosen time.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::{Choice, Head, Tab, map};
use crate::api::answer::{self, Refused};
use crate::app::App;
use crate::flow::Standing;
use crate::numbers::{JourneyNumbers, of_journey};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use beckon_core::time::{DAY, HOUR, ShopTime, Span};
use serde::Deserialize;
use std::sync::Arc;

/// Times to choose from: name and key; the last is since the last publication.
const SPANS: [(&str, &str); 4] = [
    ("7", "period-week"),
    ("30", "period-month"),
    ("90", "period-quarter"),
    ("publication", "period-publication"),
];

/// Which time is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    span: String,
}

impl Asked {
    fn chosen(&self) -> &'static str {
        SPANS.iter().find(|(name, _)| *name == self.span).map_or(SPANS[1].0, |(name, _)| name)
    }

    /// From when on is counted. What is counted by the hour cannot be parted within one.
    pub fn from(&self, app: &App, journey: &str) -> ShopTime {
        let now = app.now();
        match self.chosen().parse::<i64>() {
            Ok(days) => now.minus(DAY.times(days)),
            Err(_) => crate::journeys::published_at(app, journey).unwrap_or(ShopTime(HOUR.0)),
        }
    }

    /// The choices as links.
    pub(super) fn choices(&self, page: &Page, path: &str) -> Vec<Choice> {
        let choice = |(name, key): &(&str, &str)| Choice {
            href: format!("{path}?span={name}"),
            text: page.t(key),
            chosen: *name == self.chosen(),
        };
        SPANS.iter().map(choice).collect()
    }
}

#[derive(Template)]
#[template(path = "journeys/map.html")]
struct MapPage {
    page: Page,
    head: Head,
    spans: Vec<Choice>,
    map: Option<map::Map>,
    numbers: JourneyNumbers,
    standing: i64,
}

/// `GET /journeys/{name}`: the map, with who went which way, who stands where, and what it earned.
pub async fn page(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| read(app, frame, &name, &asked)).await {
        Ok(map) => html(&map),
        Err(why) => refused(page, &why),
    }
}

fn read(app: &App, page: Page, name: &str, asked: &Asked) -> Result<MapPage, Refused> {
    let head = Head::new(app, &page, name, Tab::Map)?;
    let numbers = of_journey(app, name, asked.from(app, name), app.now().plus(Span(1)))?;
    let standing = Standing::of(app, name)?;
    let words = answer::words(app, page.locale);
    let journey = crate::journeys::planned(app, name);
    let map = journey.map(|journey| map::Map::new(&page, &journey, &numbers, &standing, &words));
    let spans = asked.choices(&page, &format!("/journeys/{name}"));
    Ok(MapPage { page, head, spans, map, numbers, standing: standing.all() })
}
