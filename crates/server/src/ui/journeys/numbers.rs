//! The numbers of a journey over a time, with a chart by hour or by day.

use super::super::chart::{Captions, Chart, Shape};
use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::proof_view::ProofView;
use super::publication::told;
use super::tell::Teller;
use super::{Choice, Head, Tab, rates};
use crate::api::answer::{self, Refused};
use crate::app::{App, SHOP};
use crate::journeys::history;
use crate::numbers::{JourneyNumbers, hours, of_journey};
use crate::proof;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use beckon_core::plan::{About, Journey};
use beckon_core::time::{DAY, HOUR, ShopTime, Span};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Times to choose from: name, key, length.
pub(super) const PERIODS: [(&str, &str, Span); 4] = [
    ("day", "period-day", DAY),
    ("week", "period-week", DAY.times(7)),
    ("month", "period-month", DAY.times(30)),
    ("quarter", "period-quarter", DAY.times(90)),
];
/// What the chart may show: metric and key.
const METRICS: [(&str, &str); 7] = [
    ("sent", "n-sent"),
    ("entered", "n-entered"),
    ("opened", "n-opened"),
    ("clicked", "n-clicked"),
    ("goal", "n-goal"),
    (ORDERED, "n-ordered"),
    ("unsubscribed", "n-unsubscribed"),
];

/// The metric that is a sum of credits and no count.
const ORDERED: &str = "ordered";

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    metric: String,
}

#[derive(Template)]
#[template(path = "journeys/numbers.html")]
struct NumbersPage {
    page: Page,
    head: Head,
    periods: Vec<Choice>,
    metrics: Vec<Choice>,
    chart: Chart,
    numbers: JourneyNumbers,
    /// What they come to: label, value, and how it is meant.
    rates: Vec<(String, String, String)>,
    proof: Option<ProofView>,
    /// Published figures beside one's own: what, theirs, own.
    references: Vec<(String, &'static str, String)>,
    csv: String,
    /// Titles of steps by name.
    titles: BTreeMap<String, String>,
    /// Tables of reasons: title, then words and count.
    reasons: Vec<(String, Vec<(String, i64)>)>,
}

/// `GET /journeys/{name}/numbers`
pub async fn page(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| read(app, frame, &name, &asked)).await {
        Ok(numbers) => html(&numbers),
        Err(why) => refused(page, &why),
    }
}

fn read(app: &App, page: Page, name: &str, asked: &Asked) -> Result<NumbersPage, Refused> {
    let head = Head::new(app, &page, name, Tab::Numbers)?;
    let period = PERIODS.iter().find(|(known, ..)| *known == asked.period).unwrap_or(&PERIODS[1]);
    let metric = METRICS.iter().find(|(known, _)| *known == asked.metric).unwrap_or(&METRICS[0]);
    let until = app.now().plus(Span(1));
    let from = until.minus(period.2);
    let mut numbers = of_journey(app, name, from, until)?;
    numbers.steps.retain(|_, own| own.is_about_messages());
    let href =
        |period: &str, metric: &str| format!("/journeys/{name}/numbers?period={period}&metric={metric}");
    let periods = PERIODS.iter().map(|(known, key, _)| Choice {
        href: href(known, metric.0),
        text: page.t(key),
        chosen: known == &period.0,
    });
    let metrics = METRICS.iter().map(|(known, key)| Choice {
        href: href(period.0, known),
        text: page.t(key),
        chosen: known == &metric.0,
    });
    let (periods, metrics) = (periods.collect(), metrics.collect());
    let words = answer::words(app, page.locale);
    let told = |map: &BTreeMap<String, i64>| -> Vec<(String, i64)> {
        let mut told: Vec<(String, i64)> = map.iter().map(|(code, n)| (words.reason(code), *n)).collect();
        told.sort_by_key(|(_, n)| -n);
        told
    };
    let all = &numbers.all;
    let reasons = [
        (page.t("n-withheld"), told(&all.withheld)),
        (page.t("n-not-entered"), told(&all.not_entered)),
        (page.t("n-exit"), told(&all.exit)),
        (page.t("n-skipped"), told(&all.skipped)),
    ];
    let reasons = reasons.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
    let teller = Teller { page: &page, words: &words };
    let journey = crate::journeys::planned(app, name);
    let about_cart = journey.as_ref().is_some_and(|journey| journey.about == About::Cart);
    let proof = match &journey {
        Some(journey) => proof::of(app, journey)?.map(|proof| ProofView::new(&page, &words, journey, &proof)),
        None => None,
    };
    let chart = chart(app, &page, name, metric, (from, until), period.2 == DAY)?;
    let forms: Vec<&Journey> = journey.iter().collect();
    let marks = marks(app, &teller, name, &forms, (from, until))?;
    Ok(NumbersPage {
        rates: rates::of(&page, all),
        references: if about_cart { rates::references(&page, all) } else { Vec::new() },
        csv: format!("/journeys/{name}/numbers.csv?period={}", period.0),
        titles: forms.iter().flat_map(|journey| titles(&teller, journey)).collect(),
        chart: marks.iter().fold(chart, |chart, (part, note)| chart.marked_at(*part, note)),
        page: page.clone(),
        head,
        periods,
        metrics,
        numbers,
        proof,
        reasons,
    })
}

fn titles(teller: &Teller, journey: &Journey) -> Vec<(String, String)> {
    let steps = journey.graphs.values().flat_map(|graph| &graph.steps);
    steps.map(|step| (step.name.clone(), teller.step(step))).collect()
}

/// Changes of the journey, as parts of the time shown.
fn marks(
    app: &App,
    teller: &Teller,
    name: &str,
    forms: &[&Journey],
    (from, until): (ShopTime, ShopTime),
) -> Result<Vec<(f64, String)>, Refused> {
    let page = teller.page;
    let shown = history::of(&app.plane, name)?.into_iter().filter(|c| c.shop_at >= from && c.shop_at < until);
    let mark = |change: history::Change| {
        let mut what =
            change.published.then(|| page.with("versions-began", "version", &change.graph.to_string()));
        let switched = change
            .switched
            .map(|on| if on { page.t("versions-switched-on") } else { page.t("versions-switched-off") });
        let all = what.take().into_iter().chain(switched);
        let all: Vec<String> = all.chain(told(teller, &change.differences, forms)).collect();
        let part = change.shop_at.since(from).0 as f64 / until.since(from).0.max(1) as f64;
        (part, format!("{}: {}", page.words.moment(&change.shop_at), all.join("; ")))
    };
    Ok(shown.map(mark).collect())
}

fn chart(
    app: &App,
    page: &Page,
    name: &str,
    (metric, key): &(&str, &str),
    (from, until): (ShopTime, ShopTime),
    hourly: bool,
) -> Result<Chart, Refused> {
    let rows =
        if *metric == ORDERED { Vec::new() } else { app.store.hourly(SHOP, metric, hours(from, until))? };
    // Every hour or day of the time has its place, also where nothing happened.
    let place = |at: ShopTime| if hourly { ShopTime(at.0 - at.0 % HOUR.0) } else { page.words.day_start(at) };
    let mut sums: BTreeMap<ShopTime, i64> = BTreeMap::new();
    let mut at = from;
    while at < until {
        sums.insert(place(at), 0);
        at = at.plus(HOUR);
    }
    for row in rows.iter().filter(|row| row.journey == name) {
        *sums.entry(place(ShopTime(i64::from(row.hour) * HOUR.0))).or_default() += row.n;
    }
    if *metric == ORDERED {
        let starts: Vec<ShopTime> = sums.keys().copied().collect();
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(until);
            let credits = app.store.credits(SHOP, *start, end)?;
            let own = credits.iter().filter(|credit| credit.journey == name);
            sums.insert(*start, own.map(|credit| credit.orders.cast_signed()).sum());
        }
    }
    let label = |at: &ShopTime| {
        if hourly { page.words.clock(at)[..5].to_owned() } else { short_day(&page.words.date(at)) }
    };
    let total: i64 = sums.values().sum();
    let values: Vec<(String, f64)> = sums.iter().map(|(at, n)| (label(at), *n as f64)).collect();
    let captions = Captions {
        title: page.t(key),
        summary: page.count("n-in-all", total),
        label_head: page.t(if hourly { "period-hour" } else { "period-date" }),
        value_head: page.t(key),
    };
    Ok(Chart::new(captions, Shape::Bars, &values, |n| page.words.number(n.round() as i64)))
}

/// `22 Nov 2026` without the year: the days of a chart are neighbours.
fn short_day(date: &str) -> String {
    let parts: Vec<&str> = date.split(' ').collect();
    match parts.as_slice() {
        [day, month, _] => format!("{day} {}", month.chars().take(3).collect::<String>()),
        _ => date.to_owned(),
    }
}
