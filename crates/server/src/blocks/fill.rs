//! From a question to filled blocks, and to the JSON that pages and apps read.

use super::live::LiveBlock;
use super::outside;
use super::question::{Question, Remembered, SHOWN_MAX};
use super::shelf::Card;
use super::words;
use crate::app::{App, SHOP};
use crate::i18n::Locale;
use crate::shop_state::ShopState;
use beckon_recommend::block::Block;
use beckon_recommend::{Answer, Purchase, Request, Served};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// A block with what it shows.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The name it was asked by: its own, or that of the place it stands in.
    pub asked: String,
    /// The block.
    pub block: Arc<LiveBlock>,
    /// The arm it was filled by; empty where there is no test.
    pub arm: String,
    /// Heading.
    pub title: String,
    /// Its items, and what happened on the way.
    pub answer: Answer,
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// It names nothing.
    #[error("say which blocks to show: show=home for a place, or the name of a block")]
    NothingAsked,
    /// It names too much.
    #[error("at most {SHOWN_MAX} blocks may be asked for at once")]
    TooMany,
    /// It names a block or a place that is not there.
    #[error("there is no block and no place `{0}`")]
    Unknown(String),
}

/// Fills the blocks that are asked for, from top to bottom; what one shows the next ones do not.
///
/// # Errors
/// The question names nothing, too much, or something that is not there.
pub fn fill(app: &App, asked: &Question, her: &Remembered) -> Result<Vec<Filled>, NoAnswer> {
    let state = app.shop();
    let blocks = wanted(&state, asked)?;
    let locale = if asked.locale.is_empty() { state.card.locale.as_str() } else { &asked.locale };
    let mut shown: Vec<String> = asked.exclude.0.clone();
    let mut filled = Vec::with_capacity(blocks.len());
    for (name, block) in blocks {
        let Some(arm) = block.arm(SHOP, &asked.anonymous_id) else { continue };
        let answer = serve(app, &arm.block, asked, her, &shown);
        shown.extend(answer.items.iter().map(|item| item.item.clone()));
        let title = arm.block.title(locale).unwrap_or_default().to_owned();
        filled.push(Filled { asked: name.to_owned(), arm: arm.name.clone(), title, answer, block });
    }
    Ok(filled)
}

/// What the blocks that are asked for start from outside of this program: names of endpoints.
#[must_use]
pub fn endpoints(app: &App, asked: &Question) -> Vec<String> {
    let state = app.shop();
    if state.endpoints.is_empty() {
        return Vec::new();
    }
    let wanted = wanted(&state, asked).unwrap_or_default();
    let arms = wanted.iter().filter_map(|(_, block)| block.arm(SHOP, &asked.anonymous_id));
    arms.flat_map(|arm| outside::named(&arm.block, asked)).collect()
}

/// The blocks, each with the name it was asked by.
fn wanted<'a>(state: &ShopState, asked: &'a Question) -> Result<Vec<(&'a str, Arc<LiveBlock>)>, NoAnswer> {
    let mut wanted = Vec::new();
    for name in &asked.show.0 {
        match (state.blocks.get(name), state.blocks.at(name, asked.channel)) {
            (Some(block), _) => wanted.push((name.as_str(), block.clone())),
            (None, Some(placed)) => {
                wanted.extend(placed.into_iter().map(|block| (name.as_str(), block.clone())))
            }
            (None, None) => return Err(NoAnswer::Unknown(name.clone())),
        }
    }
    match wanted.len() {
        0 if asked.show.0.is_empty() => Err(NoAnswer::NothingAsked),
        n if n > SHOWN_MAX => Err(NoAnswer::TooMany),
        _ => Ok(wanted),
    }
}

/// Fills one block for one question.
#[must_use]
pub fn serve(app: &App, block: &Block, asked: &Question, her: &Remembered, shown: &[String]) -> Answer {
    fn strs(ids: &[String]) -> Vec<&str> {
        ids.iter().map(String::as_str).collect()
    }
    // What a page says is of this moment; what is remembered stands in where it says nothing.
    let said = |page: &'_ [String], known: &'_ [String]| -> Vec<String> {
        if page.is_empty() { known.to_vec() } else { page.to_vec() }
    };
    let now_ms = app.now().0;
    let cart = said(&asked.cart.0, &her.cart);
    let viewed = said(&asked.viewed.0, &her.viewed);
    let favourites = said(&asked.favourites.0, &her.favourites);
    let mut bought: Vec<Purchase> =
        her.bought.iter().map(|(item, at_ms)| Purchase { item, at_ms: *at_ms }).collect();
    // A browser does not say when; that it was lately is what keeps a durable from coming back.
    bought.extend(asked.bought.0.iter().map(|item| Purchase { item, at_ms: now_ms }));
    let facts: Vec<(&str, &str)> =
        her.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let some = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let (category, query) = (some(&asked.category), some(&asked.query));
    let (city, country) = (some(&asked.city), some(&asked.country));
    let outside: Vec<(&str, Vec<&str>)> =
        her.outside.iter().map(|(name, items)| (name.as_str(), strs(items))).collect();
    let outside: Vec<(&str, &[&str])> = outside.iter().map(|(name, items)| (*name, &items[..])).collect();
    let request = Request {
        outside: &outside,
        visitor: her.visitor,
        seeds: &asked.products.as_strs(),
        cart: &strs(&cart),
        left_cart: &strs(&cart),
        viewed: &strs(&viewed),
        favourites: &strs(&favourites),
        bought: &bought,
        subscribed: &asked.subscribed.as_strs(),
        searches: &asked.searches.as_strs(),
        facts: &facts,
        category: category.as_deref(),
        query: query.as_deref(),
        city: city.as_deref(),
        country: country.as_deref(),
        channel: asked.channel,
        exclude: &strs(shown),
        size: asked.size,
    };
    let recommender = app.recommender.read().unwrap_or_else(PoisonError::into_inner);
    recommender.serve(block, &request, now_ms)
}

/// The answer as JSON: `{"blocks":[{"asked","block","arm","title","enough","items":[…]}]}`, where `asked` is the
/// name of the block or place in the question. An item has `id`, `title`, `url`, `picture`, `price`, `old_price`,
/// `brand`, the strategy that chose it and the reason in words.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn json(app: &Arc<App>, asked: &Question, filled: &[Filled]) -> beckon_store::Result<String> {
    let state = app.shop();
    let locale =
        Locale::parse(&asked.locale).or_else(|| Locale::parse(&state.card.locale)).unwrap_or_default();
    let cards = cards(app, &state, filled).await?;
    let mut out =
        String::with_capacity(512 + 400 * filled.iter().map(|one| one.answer.items.len()).sum::<usize>());
    out.push_str("{\"blocks\":[");
    for (place, one) in filled.iter().enumerate() {
        out.push_str(if place == 0 { "" } else { "," });
        block_json(&mut out, &state, locale, one, &cards);
    }
    out.push_str("]}");
    Ok(out)
}

/// The cards of everything shown and of what reasons name.
async fn cards(
    app: &Arc<App>,
    state: &ShopState,
    filled: &[Filled],
) -> beckon_store::Result<HashMap<String, Arc<Card>>> {
    let items = filled.iter().flat_map(|one| &one.answer.items);
    let mut ids: Vec<&str> = Vec::new();
    for item in items {
        ids.push(&item.item);
        ids.extend(words::named_product(&item.reason));
    }
    ids.sort_unstable();
    ids.dedup();
    let version = state.catalogue.version;
    let (mut cards, missing) = app.shelf.kept(SHOP, version, &ids);
    if !missing.is_empty() {
        let reading = app.clone();
        let read =
            tokio::task::spawn_blocking(move || reading.shelf.fetch(&reading.plane, SHOP, version, &missing));
        cards.extend(read.await.map_err(|why| beckon_store::Error::Unavailable(why.to_string()))??);
    }
    Ok(cards)
}

fn block_json(
    out: &mut String,
    state: &ShopState,
    locale: Locale,
    one: &Filled,
    cards: &HashMap<String, Arc<Card>>,
) {
    out.push_str("{\"asked\":");
    text(out, &one.asked);
    out.push_str(",\"block\":");
    text(out, &one.block.name);
    out.push_str(",\"arm\":");
    text(out, &one.arm);
    out.push_str(",\"title\":");
    text(out, &one.title);
    out.push_str(if one.answer.enough { ",\"enough\":true" } else { ",\"enough\":false" });
    out.push_str(",\"items\":[");
    // An offer may have left the catalogue since the index heard of it.
    let known = one.answer.items.iter().filter_map(|item| Some((item, cards.get(&item.item)?)));
    for (place, (item, card)) in known.enumerate() {
        out.push_str(if place == 0 { "{" } else { ",{" });
        out.push_str(&card.json);
        out.push_str(",\"strategy\":");
        text(out, item.strategy.map_or("rule", beckon_recommend::block::Strategy::name));
        out.push_str(",\"reason\":");
        text(out, &reason(state, locale, item, cards));
        out.push('}');
    }
    out.push_str("]}");
}

/// Why an item stands there, in words.
fn reason(state: &ShopState, locale: Locale, item: &Served, cards: &HashMap<String, Arc<Card>>) -> String {
    let title =
        words::named_product(&item.reason).and_then(|id| cards.get(id)).map_or("…", |card| &card.title);
    words::say(locale, &item.reason, title, &|id| state.catalogue.category_name(id).to_owned())
}

fn text(out: &mut String, text: &str) {
    // A text is always JSON.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}
