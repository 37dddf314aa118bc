//! The list of blocks: where each stands, what fills it, what it did over four weeks; making another one.

use super::super::chart::Spark;
use super::super::customers::refused;
use super::super::layout::{Page, html, html_with};
use super::view::{self, GROUPS};
use super::{in_words, place_in_words};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::app::{App, SHOP};
use crate::blocks::change::{self, NotChanged};
use crate::blocks::live::{Arm, BlockDocument, LiveBlock, place_key, places as all_places, text_of};
use crate::form::{Errors, Fields};
use crate::numbers::hours;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use beckon_core::block::counted_as;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{DAY, ShopTime, Span};
use beckon_recommend::block::{Block, Holiday, Source, Strategy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Over how long the list counts.
pub const DAYS: i64 = 28;

/// What a block did, by day.
#[derive(Default)]
struct Did {
    shown: i64,
    clicked: i64,
    by_day: BTreeMap<i64, i64>,
    earned: Vec<Money>,
}

/// A block of the list.
struct Row {
    name: String,
    title: String,
    filled_by: String,
    own: bool,
    arms: usize,
    places: Vec<String>,
    /// Which of all places it stands in first.
    at: usize,
    shown: String,
    clicked: String,
    share: String,
    earned: Vec<String>,
    spark: Option<Spark>,
}

/// What was typed to make one.
#[derive(Default)]
struct Typed {
    title: String,
    name: String,
    strategy: String,
    errors: Errors,
}

/// A group of strategies to choose from.
type Group = (String, Vec<(String, String, bool)>);

#[derive(Template)]
#[template(path = "blocks/list.html")]
struct List {
    page: Page,
    /// Those in their places, then those that stand nowhere, each under its heading.
    lists: Vec<(String, Vec<Row>)>,
    empty: bool,
    may: bool,
    typed: Typed,
    groups: Vec<Group>,
    /// No widget was seen on any page yet.
    unseen: bool,
}

/// `GET /blocks`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| list(app, frame, Typed::default())).await {
        Ok(list) => html(&list),
        Err(why) => refused(page, &why),
    }
}

fn list(app: &App, page: Page, typed: Typed) -> Result<List, Refused> {
    let until = app.now().plus(Span(1));
    let from = until.minus(DAY.times(DAYS));
    let mut did = did(app, from, until)?;
    let state = app.shop();
    let rows = state.blocks.all().map(|block| {
        let did = did.remove(&block.name).unwrap_or_default();
        row(&page, block, state.blocks.places_of(&block.name), &did, from)
    });
    let (mut placed, idle): (Vec<Row>, Vec<Row>) = rows.partition(|row| !row.places.is_empty());
    let unseen = placed.iter().all(|row| row.spark.is_none());
    // As the places stand on the site, from the home page on.
    placed.sort_by_key(|row| row.at);
    let choice = |known: &Strategy| {
        (known.name().to_owned(), view::strategy(&page, *known), known.name() == typed.strategy)
    };
    let group = |(group, known): &(&str, &[Strategy])| {
        (page.t(&format!("strategies-{group}")), known.iter().map(choice).collect())
    };
    let groups = GROUPS.iter().map(group).collect();
    let empty = placed.is_empty() && idle.is_empty();
    let lists = vec![(page.t("blocks-placed"), placed), (page.t("blocks-idle"), idle)];
    Ok(List { lists, empty, may: page.may(Right::Edit), groups, typed, unseen, page })
}

/// What every block did, by its name.
fn did(app: &App, from: ShopTime, until: ShopTime) -> beckon_store::Result<BTreeMap<String, Did>> {
    let mut did: BTreeMap<String, Did> = BTreeMap::new();
    let prefix = counted_as("");
    for metric in ["shown", "clicked"] {
        for row in app.store.hourly(SHOP, metric, hours(from, until))? {
            let Some(name) = row.journey.strip_prefix(&prefix) else { continue };
            let of = did.entry(name.to_owned()).or_default();
            if metric == "clicked" {
                of.clicked += row.n;
            } else {
                of.shown += row.n;
                *of.by_day.entry(i64::from(row.hour) / 24).or_default() += row.n;
            }
        }
    }
    for row in app.store.block_credits(SHOP, from, until)? {
        let earned = &mut did.entry(row.block).or_default().earned;
        let currency = Currency::parse(&row.currency).unwrap_or_default();
        match earned.iter_mut().find(|sum| sum.currency == currency) {
            Some(sum) => sum.minor += row.minor,
            None => earned.push(Money { minor: row.minor, currency }),
        }
    }
    Ok(did)
}

fn row(page: &Page, block: &LiveBlock, places: Vec<&str>, did: &Did, from: ShopTime) -> Row {
    let first = from.0 / DAY.0;
    let order = |key: &str| all_places().position(|(place, on)| place_key(&text_of(&place), on) == key);
    let at = places.iter().filter_map(|key| order(key)).min().unwrap_or(usize::MAX);
    let days: Vec<f64> =
        (0..=DAYS).map(|day| did.by_day.get(&(first + day)).copied().unwrap_or(0) as f64).collect();
    Row {
        name: block.name.clone(),
        title: block.title(page.locale.code()),
        filled_by: in_words(page, block),
        own: block.is_own,
        arms: block.arms.len(),
        at,
        places: places.into_iter().map(|key| place_in_words(page, key)).collect(),
        shown: page.words.number(did.shown),
        clicked: page.words.number(did.clicked),
        share: if did.shown > 0 { page.words.share(did.clicked, did.shown) } else { String::new() },
        earned: did.earned.iter().map(|sum| page.words.money(sum)).collect(),
        spark: (did.shown > 0).then(|| Spark::new(&days, &page.count("blocks-shown-days", did.shown))),
    }
}

/// `POST /blocks`: makes one of a strategy; it stands nowhere yet.
pub async fn make(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let frame = page.clone();
    let done = answer::work(app, move |app| match made(app, &frame, &fields) {
        Ok(name) => Ok(Ok(name)),
        Err(NotChanged::Wrong(why)) => {
            let mut errors = Errors::default();
            let text = |name: &str| fields.text(name).to_owned();
            let (field, words) = match why.as_str() {
                "taken" => ("name", frame.t("block-name-taken")),
                "strategy" => ("strategy", frame.t("flaw-missing")),
                _ => ("name", frame.t("flaw-bad-name")),
            };
            errors.add(field, words);
            let (title, name, strategy) = (text("title"), text("name"), text("strategy"));
            list(app, frame, Typed { title, name, strategy, errors }).map(Err)
        }
        Err(why) => Err(why.into()),
    });
    match done.await {
        Ok(Ok(name)) => page.redirect(&format!("/blocks/{name}"), "flash-block-made"),
        Ok(Err(again)) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &again),
        Err(why) => refused(page, &why),
    }
}

fn made(app: &App, page: &Page, fields: &Fields) -> Result<String, NotChanged> {
    let strategy = Strategy::ALL.iter().find(|known| known.name() == fields.text("strategy"));
    let strategy = *strategy.ok_or_else(|| NotChanged::Wrong("strategy".to_owned()))?;
    let state = app.shop();
    let taken = |name: &str| state.blocks.get(name).is_some();
    let name = match fields.text("name") {
        "" => {
            let stem = view::key_of(strategy.name());
            let numbered = (2..).map(|number| format!("{stem}-{number}"));
            std::iter::once(stem.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(stem)
        }
        name if taken(name) => return Err(NotChanged::Wrong("taken".to_owned())),
        name => name.to_owned(),
    };
    let title = match fields.text("title") {
        "" => view::strategy(page, strategy),
        title => title.to_owned(),
    };
    let mut source = Source::of(strategy);
    // A holiday needs the tag of its goods; what the block is called is a guess the form shows.
    if strategy == Strategy::Holiday {
        source.holiday = Some(Holiday { tag: title.clone(), ..Holiday::default() });
    }
    if strategy == Strategy::ThirdParty {
        source.endpoint =
            Some(state.endpoints.keys().next().cloned().unwrap_or_else(|| "service".to_owned()));
    }
    let block = Block {
        name: name.clone(),
        title: BTreeMap::from([(page.locale.code().to_owned(), title)]),
        mix: vec![source],
        ..Block::default()
    };
    let document = BlockDocument { arms: vec![Arm { name: String::new(), share: 1, block }] };
    change::keep(app, &name, Some(&document), page.by())?;
    Ok(name)
}
