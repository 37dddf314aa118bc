//! `/ui/components`: every part of the design language on one page, to look at when one is changed.

use super::chart::{Captions, Chart, Funnel, Series, Shape, Spark, Step, Tone};
use super::layout::{Page, html};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "components/page.html")]
struct Components {
    page: Page,
    charts: Vec<Chart>,
    spark: Spark,
    funnel: Funnel,
    icons: Vec<&'static str>,
    tokens: [&'static str; 24],
}

/// Colours to be looked at, by the names of their tokens.
const TOKENS: [&str; 24] = [
    "page",
    "side",
    "card",
    "raised",
    "sunk",
    "hover",
    "line",
    "line-strong",
    "ink",
    "ink-2",
    "accent",
    "accent-soft",
    "good",
    "good-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "info",
    "info-soft",
    "second",
    "third",
    "quiet",
    "accent-ink",
];

/// `GET /ui/components`
pub async fn page(page: Page) -> Response {
    let charts = charts(&page);
    let spark = Spark::new(&days().map(f64::from), "Sent");
    let step = |name: &str, value: i32, share: &str| Step {
        name: name.to_owned(),
        value: f64::from(value),
        text: page.words.number(value),
        share: share.to_owned(),
    };
    let steps = vec![
        step("Sent", 1_990, ""),
        step("Opened", 720, "36.2%"),
        step("Clicked", 260, "13.1%"),
        step("Ordered", 41, "2.1%"),
    ];
    let funnel = Funnel::new("Funnel", steps);
    let icons = include_str!("../layout/icons.html").split("id=\"i-").skip(1);
    let icons = icons.filter_map(|part| part.split('"').next()).collect();
    html(&Components { page, charts, spark, funnel, icons, tokens: TOKENS })
}

fn days() -> [i32; 14] {
    std::array::from_fn(|day| (day as i32 * 37) % 50 * 20)
}

fn charts(page: &Page) -> Vec<Chart> {
    let captions = |title: &str| Captions {
        title: title.to_owned(),
        summary: format!("{title}: an example"),
        label_head: "Day".to_owned(),
        value_head: "Messages".to_owned(),
    };
    let write = |value: f64| page.words.number(value.round() as i64);
    let labels: Vec<String> = (1..=14).map(|day| day.to_string()).collect();
    let values = days().map(f64::from);
    let pairs: Vec<(String, f64)> = labels.iter().cloned().zip(values).collect();
    let before = values.map(|value| (value * 0.6 + 120.0).round());
    let series = |name: &str, part: f64, tone| Series {
        name: name.to_owned(),
        values: values.map(|value| (value * part).round()).to_vec(),
        tone,
    };
    let parts = vec![
        series("Sent", 0.7, Tone::Main),
        series("Withheld", 0.2, Tone::Second),
        series("Bounced", 0.1, Tone::Bad),
    ];
    let lines = vec![series("Sent", 1.0, Tone::Main), series("Opened", 0.5, Tone::Third)];
    let nothing: Vec<(String, f64)> = labels.iter().cloned().map(|label| (label, 0.0)).collect();
    vec![
        Chart::new(captions("A line, compared and marked"), Shape::Line, &pairs, write)
            .compared("Two weeks before", &before, write)
            .marked(6, "A new version was published"),
        Chart::of_series(captions("Two lines"), Shape::Line, labels.clone(), lines, write),
        Chart::new(captions("Bars"), Shape::Bars, &pairs, write),
        Chart::of_series(captions("Stacked bars"), Shape::Stacked, labels, parts, write),
        Chart::new(captions("Nothing yet"), Shape::Bars, &nothing, write)
            .when_empty("No mails yet. The first one goes out when somebody leaves a cart."),
    ]
}
