//! `/ui/components`: every part of the design language on one page, to look at when one is changed.

use super::chart::{Captions, Chart, Shape};
use super::layout::{Page, html};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "components/page.html")]
struct Components {
    page: Page,
    line: Chart,
    bars: Chart,
}

/// `GET /ui/components`
pub async fn page(page: Page) -> Response {
    let values: Vec<(String, f64)> =
        (0..14i32).map(|day| ((day + 1).to_string(), f64::from((day * 37) % 50 * 20))).collect();
    let captions = |title: &str| Captions {
        title: title.to_owned(),
        summary: title.to_owned(),
        label_head: "x".to_owned(),
        value_head: "y".to_owned(),
    };
    let words = page.words.clone();
    let write = |value: f64| words.number(value as i64);
    let line = Chart::new(captions("Line"), Shape::Line, &values, write);
    let bars = Chart::new(captions("Bars"), Shape::Bars, &values, write);
    html(&Components { page, line, bars })
}
