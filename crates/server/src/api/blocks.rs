//! Blocks of recommendations: what the shop has, where they stand, what they show, and what they earned.

use super::answer::{self, Answer, Refused};
use crate::amount::Amount;
use crate::app::{App, SHOP};
use crate::blocks::change::{self, NotChanged};
use crate::blocks::live::{Arm, BlockDocument, LiveBlock, places, text_of};
use crate::blocks::preview::{self, PreviewView};
use crate::blocks::question::Question;
use crate::facts::remembered;
use crate::i18n::Locale;
use crate::numbers::hours;
use crate::run::follow;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use beckon_core::block::counted_as;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{DAY, ShopTime, Span};
use beckon_recommend::block::{Channel, Placement};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who changes what a server changes.
const BY: &str = "api";

/// A block in a list.
#[derive(Debug, Serialize)]
pub struct BlockView {
    /// Name.
    pub name: String,
    /// Headings by language.
    pub title: BTreeMap<String, String>,
    /// The shop's own, or changed by it.
    pub own: bool,
    /// Where it stands, as `home.web`.
    pub places: Vec<String>,
    /// What it is filled by.
    pub arms: Vec<Arm>,
}

impl BlockView {
    fn of(app: &App, block: &LiveBlock) -> BlockView {
        let state = app.shop();
        let places = state.blocks.places_of(&block.name).into_iter().map(str::to_owned).collect();
        let title = block.arms.first().map(|arm| arm.block.title.clone()).unwrap_or_default();
        BlockView { name: block.name.clone(), title, own: block.is_own, places, arms: block.arms.clone() }
    }
}

/// All blocks, and the places there are.
#[derive(Debug, Serialize)]
pub struct BlocksView {
    /// By name.
    pub blocks: Vec<BlockView>,
    /// Every place with what stands there from top to bottom.
    pub places: BTreeMap<String, Vec<String>>,
}

/// `GET /api/v1/blocks`
///
/// # Errors
/// None of its own.
pub async fn list(State(app): State<Arc<App>>) -> Answer<BlocksView> {
    let state = app.shop();
    let stands = |(place, channel): (Placement, Channel)| {
        let (place, on) = (text_of(&place), text_of(&channel));
        let names = state.blocks.at(&place, channel).unwrap_or_default();
        (format!("{place}.{on}"), names.into_iter().map(|block| block.name.clone()).collect())
    };
    let blocks = state.blocks.all().map(|block| BlockView::of(&app, block)).collect();
    Ok(Json(BlocksView { blocks, places: places().map(stands).collect() }))
}

/// `GET /api/v1/blocks/{name}`
///
/// # Errors
/// There is none of that name.
pub async fn one(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<BlockView> {
    let state = app.shop();
    let block = state.blocks.get(&name).ok_or_else(|| Refused::missing("block"))?;
    Ok(Json(BlockView::of(&app, block)))
}

/// `PUT /api/v1/blocks/{name}` with `{"arms":[{"name","share","block"}]}`.
///
/// # Errors
/// Every mistake with its field; nothing was changed then.
pub async fn keep(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    body: Bytes,
) -> Answer<BlockDocument> {
    let document: BlockDocument =
        serde_json::from_slice(&body).map_err(|why| Refused::bad(why.to_string()))?;
    answer::work(app, move |app| {
        change::keep(app, &name, Some(&document), BY)?;
        in_force(app)?;
        Ok(document)
    })
    .await
    .map(Json)
}

/// `DELETE /api/v1/blocks/{name}`: what is built in stands there again, or nothing.
///
/// # Errors
/// The shop has no block of its own by this name, or the store does not answer.
pub async fn forget(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<Gone> {
    answer::work(app, move |app| {
        let version = match change::version(app, &name)? {
            0 => return Err(Refused::missing("block of the shop's own")),
            version => version,
        };
        change::keep_at(app, &name, None, version, BY)?;
        in_force(app)?;
        Ok(Gone { name })
    })
    .await
    .map(Json)
}

/// The next request already sees what was changed; the follower looks again on its own.
fn in_force(app: &App) -> Result<(), Refused> {
    Ok(follow::reload_if_changed(app).map(drop)?)
}

/// The shop's own block of this name is gone.
#[derive(Debug, Serialize)]
pub struct Gone {
    /// Which.
    pub name: String,
}

/// What stands in a place.
#[derive(Debug, Deserialize, Serialize)]
pub struct Placed {
    /// Names from top to bottom; `null` for what is built in.
    pub blocks: Option<Vec<String>>,
}

/// `PUT /api/v1/places/{place}` with `{"blocks":[…]}`; a place is called as `home.web`.
///
/// # Errors
/// There is no such place or block.
pub async fn place(State(app): State<Arc<App>>, Path(key): Path<String>, body: Bytes) -> Answer<Placed> {
    let placed: Placed = serde_json::from_slice(&body).map_err(|why| Refused::bad(why.to_string()))?;
    answer::work(app, move |app| {
        let (place, channel) = key.rsplit_once('.').ok_or_else(|| Refused::missing("place"))?;
        let channel: Channel =
            serde_json::from_value(channel.into()).map_err(|_| Refused::missing("place"))?;
        change::place(app, place, channel, placed.blocks.as_deref(), BY)?;
        in_force(app)?;
        Ok(placed)
    })
    .await
    .map(Json)
}

impl From<NotChanged> for Refused {
    fn from(why: NotChanged) -> Self {
        match why {
            NotChanged::Wrong(why) => Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_block", why),
            NotChanged::NoPlace(_) => Refused::missing("place"),
            NotChanged::Store(why) => why.into(),
        }
    }
}

/// What is to be tried.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Trial {
    /// A block that is not kept yet; without it the one of the name.
    pub arm: Option<Arm>,
    /// The question, as of `/v1/recommend`.
    #[serde(flatten)]
    pub asked: Question,
}

/// `POST /api/v1/blocks/{name}/preview`: what it would show for a customer (`userId`, `email`), on a page (`products`,
/// `cart` …).
///
/// # Errors
/// The block is broken or not there.
pub async fn try_out(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<PreviewView> {
    let trial: Trial = serde_json::from_slice(&body).map_err(|why| Refused::bad(why.to_string()))?;
    let locale = answer::locale(&app, &headers);
    Ok(Json(tried(&app, &name, trial, locale).await?))
}

/// What a block would show.
///
/// # Errors
/// See [`try_out`].
pub async fn tried(app: &Arc<App>, name: &str, trial: Trial, locale: Locale) -> Result<PreviewView, Refused> {
    let her = remembered::ask(app, &trial.asked).await?;
    let name = name.to_owned();
    answer::work(app.clone(), move |app| {
        let state = app.shop();
        let arm = match trial.arm {
            Some(arm) => {
                let document = BlockDocument { arms: vec![Arm { share: 1, ..arm.clone() }] };
                crate::blocks::live::check(&arm.block.name, &document).map_err(NotChanged::Wrong)?;
                arm
            }
            None => {
                let block = state.blocks.get(&name).ok_or_else(|| Refused::missing("block"))?;
                block
                    .arm(SHOP, &trial.asked.anonymous_id)
                    .cloned()
                    .ok_or_else(|| Refused::missing("block"))?
            }
        };
        Ok(preview::shown(app, &arm.block, &trial.asked, &her, locale)?)
    })
    .await
}

/// Over which time.
#[derive(Debug, Default, Deserialize)]
pub struct Over {
    /// Days back, 30 without it.
    pub days: Option<u16>,
}

/// What a block did and earned, by arm.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ArmNumbers {
    /// Arm by name; empty where there is no test.
    pub arm: String,
    /// Times it came into view.
    pub shown: i64,
    /// Clicks on its products.
    pub clicked: i64,
    /// People whom it was shown, while ways to fill the block are tested; each counts once.
    pub people: i64,
    /// Of them, people who clicked on something in it.
    pub people_clicked: i64,
    /// Of them, people who then ordered whatever it was within the attribution window.
    pub people_bought: i64,
    /// Orders with products that were clicked there within the attribution window.
    pub orders: u64,
    /// Pieces of those products.
    pub units: u64,
    /// What they cost, by currency.
    pub revenue: Vec<Amount>,
}

/// `GET /api/v1/blocks/{name}/numbers?days=30`; a block that was taken away still has those of its time.
///
/// # Errors
/// Nothing was ever counted of such a block, or the store does not answer.
pub async fn numbers(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(over): Query<Over>,
) -> Answer<Vec<ArmNumbers>> {
    let days = i64::from(over.days.unwrap_or(30).clamp(1, 396));
    answer::work(app, move |app| {
        let until = app.now().plus(Span(1));
        let numbers = counted(app, &name, until.minus(DAY.times(days)), until)?;
        let known = !numbers.is_empty() || app.shop().plan.blocks.contains_key(&name);
        known.then_some(numbers).ok_or_else(|| Refused::missing("block"))
    })
    .await
    .map(Json)
}

/// The numbers of a block over a span, by arm.
///
/// # Errors
/// The store cannot be read.
pub fn counted(
    app: &App,
    name: &str,
    from: ShopTime,
    until: ShopTime,
) -> beckon_store::Result<Vec<ArmNumbers>> {
    let mut arms: BTreeMap<String, ArmNumbers> = BTreeMap::new();
    if let Some(block) = app.shop().blocks.get(name) {
        arms.extend(block.arms.iter().map(|arm| (arm.name.clone(), ArmNumbers::default())));
    }
    for row in app.store.numbers(SHOP, Some(&counted_as(name)), hours(from, until))? {
        let arm = arms.entry(row.step).or_default();
        match row.metric.as_str() {
            "shown" => arm.shown += row.n,
            "clicked" => arm.clicked += row.n,
            "people" => arm.people += row.n,
            "people_clicked" => arm.people_clicked += row.n,
            "people_bought" => arm.people_bought += row.n,
            _ => {}
        }
    }
    for row in app.store.block_credits(SHOP, from, until)?.into_iter().filter(|row| row.block == name) {
        let arm = arms.entry(row.arm).or_default();
        arm.orders += row.orders;
        arm.units += row.units;
        let currency = Currency::parse(&row.currency).unwrap_or_default();
        arm.revenue.push(Amount::from(Money { minor: row.minor, currency }));
    }
    Ok(arms.into_iter().map(|(name, arm)| ArmNumbers { arm: name, ..arm }).collect())
}
