//! What a block was shown, clicked and earned, day by day and arm by arm, and what a test of arms says so far.

use super::super::chart::{Captions, Chart, Shape};
use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::list::DAYS;
use super::view::key_of;
use super::{Head, Tab};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::blocks::{ArmNumbers, counted};
use crate::app::{App, SHOP};
use crate::i18n::{self, Locale};
use crate::numbers::hours;
use crate::proof;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use beckon_core::block::counted_as;
use beckon_core::time::{DAY, HOUR, ShopTime, Span};
use std::sync::Arc;

/// An arm of the table.
struct Row {
    name: String,
    title: String,
    share: String,
    /// Its share as a number, for the form.
    weight: u16,
    shown: String,
    clicked: String,
    rate: String,
    orders: String,
    units: String,
    earned: Vec<String>,
    /// What one thousand showings earned.
    per_thousand: Vec<String>,
    /// It is filled by shoppers now; else it was, and its numbers stay.
    live: bool,
    people: String,
    people_clicked: String,
    people_bought: String,
    /// What it says against the first one: of clicks and of orders.
    verdicts: Vec<String>,
}

#[derive(Template)]
#[template(path = "blocks/numbers.html")]
struct Numbers {
    page: Page,
    head: Head,
    may: bool,
    total: Row,
    rows: Vec<Row>,
    charts: Vec<Chart>,
    tested: bool,
    full: bool,
}

/// `GET /blocks/{name}/numbers`
pub async fn page(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| numbers(app, frame, &name)).await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

fn numbers(app: &App, page: Page, name: &str) -> Result<Numbers, Refused> {
    let head = Head::new(app, &page, name, Tab::Numbers)?;
    let until = app.now().plus(Span(1));
    let arms = counted(app, name, until.minus(DAY.times(DAYS)), until)?;
    let state = app.shop();
    let block = state.blocks.get(name).ok_or_else(|| Refused::missing("block"))?;
    let sum: u32 = block.arms.iter().map(|arm| u32::from(arm.share)).sum();
    let first = block.arms.first().map(|arm| arm.name.clone()).unwrap_or_default();
    let base = arms.iter().find(|arm| arm.arm == first).cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for of in &arms {
        let live = block.arms.iter().find(|arm| arm.name == of.arm);
        let mut made = row(&page, of);
        made.live = live.is_some();
        made.weight = live.map_or(0, |arm| arm.share);
        made.share = live.map_or(String::new(), |arm| page.words.share(arm.share, sum));
        if live.is_some() && of.arm != first {
            made.verdicts = vec![
                verdict(&page, "clicks", of, &base, |arm| arm.people_clicked),
                verdict(&page, "orders", of, &base, |arm| arm.people_bought),
            ];
        }
        rows.push(made);
    }
    let total = row(&page, &added(&arms));
    Ok(Numbers {
        total,
        charts: charts(app, &page, name)?,
        tested: block.arms.len() > 1,
        full: block.arms.len() >= crate::blocks::live::ARMS_MAX,
        may: page.may(Right::Edit),
        rows,
        head,
        page,
    })
}

fn added(arms: &[ArmNumbers]) -> ArmNumbers {
    let mut all = ArmNumbers::default();
    for arm in arms {
        all.shown += arm.shown;
        all.clicked += arm.clicked;
        all.people += arm.people;
        all.people_clicked += arm.people_clicked;
        all.people_bought += arm.people_bought;
        all.orders += arm.orders;
        all.units += arm.units;
        for sum in &arm.revenue {
            match all.revenue.iter_mut().find(|known| known.currency == sum.currency) {
                Some(known) => {
                    let money = beckon_core::money::Money {
                        minor: known.money.minor + sum.money.minor,
                        currency: sum.money.currency,
                    };
                    *known = money.into();
                }
                None => all.revenue.push(sum.clone()),
            }
        }
    }
    all
}

fn row(page: &Page, of: &ArmNumbers) -> Row {
    let write = &page.words;
    let per_thousand = of.revenue.iter().filter(|_| of.shown > 0).map(|sum| {
        let minor = sum.money.minor.saturating_mul(1_000) / of.shown.max(1);
        write.money(&beckon_core::money::Money { minor, ..sum.money })
    });
    Row {
        title: if of.arm.is_empty() { page.t("block-whole") } else { of.arm.clone() },
        name: of.arm.clone(),
        share: String::new(),
        weight: 0,
        shown: write.number(of.shown),
        clicked: write.number(of.clicked),
        rate: write.share(of.clicked, of.shown),
        orders: write.number(of.orders),
        units: write.number(of.units),
        earned: of.revenue.iter().map(|sum| write.money(&sum.money)).collect(),
        per_thousand: per_thousand.collect(),
        people: write.number(of.people),
        people_clicked: write.share(of.people_clicked, of.people),
        people_bought: write.share(of.people_bought, of.people),
        live: true,
        verdicts: Vec::new(),
    }
}

/// What people of one way did against those of another. Who was shown it before the first day of the numbers and acted
/// within them is no reason to claim more people than there were.
fn verdict(
    page: &Page,
    goal: &str,
    of: &ArmNumbers,
    base: &ArmNumbers,
    reached: fn(&ArmNumbers) -> i64,
) -> String {
    let people = |arm: &ArmNumbers| proof::Arm { drawn: arm.people, converted: reached(arm).min(arm.people) };
    let proof = proof::compare(people(of), people(base));
    let goal = page.t(&format!("test-goal-{goal}"));
    let Some((low, high)) = proof.gain else {
        return i18n::t(page.locale, "test-not-enough", &[("goal", goal.as_str().into())]);
    };
    let points = |part: f64| {
        let text = format!("{:+.1}", part * 100.0).replace('-', "\u{2212}");
        if page.locale == Locale::Ru { text.replace('.', ",") } else { text }
    };
    let (low, high) = (points(low), points(high));
    let args = [("goal", goal.as_str().into()), ("low", low.as_str().into()), ("high", high.as_str().into())];
    i18n::t(page.locale, &format!("test-{}", key_of(proof.verdict)), &args)
}

/// Showings and clicks, day by day.
fn charts(app: &App, page: &Page, name: &str) -> Result<Vec<Chart>, Refused> {
    let now = app.now();
    let today = page.words.day_start(now);
    let noon = |back: i64| page.words.day_start(today.plus(HOUR.times(12)).minus(DAY.times(back)));
    let mut days: Vec<ShopTime> = (1..DAYS).rev().map(noon).collect();
    days.extend([today, now.plus(HOUR)]);
    let counted_as = counted_as(name);
    let mut charts = Vec::new();
    for metric in ["shown", "clicked"] {
        let rows = app.store.hourly(SHOP, metric, hours(days[0], now.plus(HOUR)))?;
        let own: Vec<(ShopTime, i64)> = rows
            .iter()
            .filter(|row| row.journey == counted_as)
            .map(|row| (ShopTime(i64::from(row.hour) * HOUR.0), row.n))
            .collect();
        let sum = |from: ShopTime, until: ShopTime| -> i64 {
            own.iter().filter(|(at, _)| *at >= from && *at < until).map(|(_, n)| n).sum()
        };
        let values: Vec<(String, f64)> =
            days.windows(2).map(|day| (page.words.day_month(&day[0]), sum(day[0], day[1]) as f64)).collect();
        let total: i64 = own.iter().map(|(_, n)| n).sum();
        let captions = Captions {
            title: page.t(&format!("block-chart-{metric}")),
            summary: page.count(&format!("block-chart-{metric}-summary"), total),
            label_head: page.t("home-chart-day"),
            value_head: page.t(&format!("block-{metric}")),
        };
        let chart = Chart::new(captions, Shape::Bars, &values, |value| page.words.number(value as i64));
        charts.push(chart.when_empty(&page.t("block-chart-empty")));
    }
    Ok(charts)
}
