//! What a block would show, why each item, and what kept others away: for the API and for screens.

use super::fill;
use super::outside;
use super::question::{Question, Remembered};
use super::words;
use crate::amount::Amount;
use crate::app::App;
use crate::i18n::Locale;
use beckon_recommend::block::{Block, Filters, MAX_SIZE, Names, Percents, Range, Rule, Strategy};
use beckon_recommend::{Note, Step};
use serde::Serialize;

/// What a block would show, and why.
#[derive(Debug, Serialize)]
pub struct PreviewView {
    /// The items in their places.
    pub items: Vec<PreviewItem>,
    /// There are as many as the block wants to be shown at all.
    pub enough: bool,
    /// What each source gave.
    pub steps: Vec<Step>,
    /// What whoever made the block should know.
    pub notes: Vec<Note>,
    /// Endpoints that were asked and why they gave nothing; in words for the log.
    pub silent: Vec<(String, String)>,
    /// Conditions that keep goods away which the strategies would show, the strictest first.
    pub held_back: Vec<HeldBack>,
}

/// One item of a preview.
#[derive(Debug, Serialize)]
pub struct PreviewItem {
    /// The shop's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its picture.
    pub picture: Option<String>,
    /// Its price.
    pub price: Option<Amount>,
    /// The strategy that chose it; `rule` for a pinned one.
    pub strategy: &'static str,
    /// The step of the chain that reached it; 0 is what was asked for.
    pub step: u8,
    /// Why, in words.
    pub reason: String,
}

/// A condition, and what it alone keeps away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// Its field in the block: `filters.price_minor`, `rules`.
    pub field: &'static str,
    /// Goods that the strategies would show as well without it.
    pub goods: usize,
}

/// What a block would show to somebody.
///
/// # Errors
/// The catalogue cannot be read.
pub fn shown(
    app: &App,
    block: &Block,
    asked: &Question,
    her: &Remembered,
    locale: Locale,
) -> beckon_store::Result<PreviewView> {
    let state = app.shop();
    let names: Vec<String> = outside::named(block, asked).collect();
    let her = &Remembered { outside: outside::ask_here(app, &names, asked, her), ..her.clone() };
    let answer = fill::serve(app, block, asked, her, &asked.exclude.0);
    let named = answer.items.iter().filter_map(|item| words::named_product(&item.reason));
    let ids = answer.items.iter().map(|item| item.item.as_str()).chain(named);
    let offers = crate::people::offers(app, ids)?;
    let items = answer.items.iter().filter_map(|item| {
        let offer = offers.get(&item.item)?;
        let with = words::named_product(&item.reason).and_then(|id| offers.get(id));
        let title = with.map_or("…", |offer| &offer.title);
        let category = |id: &str| state.catalogue.category_name(id).to_owned();
        Some(PreviewItem {
            id: item.item.clone(),
            title: offer.title.clone(),
            picture: offer.pictures.first().cloned(),
            price: offer.price.map(Amount::from),
            strategy: item.strategy.map_or("rule", Strategy::name),
            step: item.step,
            reason: words::say(locale, &item.reason, title, &category),
        })
    });
    Ok(PreviewView {
        items: items.collect(),
        enough: answer.enough,
        steps: answer.steps,
        notes: answer.notes,
        silent: names
            .iter()
            .filter(|name| !her.outside.contains_key(*name))
            .map(|name| (name.clone(), app.outside.last_failure(name)))
            .collect(),
        held_back: held_back(app, block, asked, her),
    })
}

/// Asks the block's own strategies once more without each of its conditions, and counts what comes besides.
fn held_back(app: &App, block: &Block, asked: &Question, her: &Remembered) -> Vec<HeldBack> {
    let bare = Block { fall_back: Vec::new(), fill: false, size: MAX_SIZE, ..block.clone() };
    let asked = Question { size: None, ..asked.clone() };
    let count = |block: &Block| fill::serve(app, block, &asked, her, &asked.exclude.0).items.len();
    let with_all = count(&bare);
    let mut held: Vec<HeldBack> = CONDITIONS
        .iter()
        .filter_map(|(field, lift)| {
            let mut lifted = bare.clone();
            lift(&mut lifted);
            let goods = if lifted == bare { 0 } else { count(&lifted).saturating_sub(with_all) };
            (goods > 0).then_some(HeldBack { field, goods })
        })
        .collect();
    held.sort_by_key(|one| std::cmp::Reverse(one.goods));
    held
}

/// How a condition is lifted.
type Lift = fn(&mut Block);

/// The conditions a marketer sets, by their fields.
const CONDITIONS: &[(&str, Lift)] = &[
    ("filters.price_minor", |block| block.filters.price_minor = Range::default()),
    ("filters.price_of_seed", |block| block.filters.price_of_seed = Percents::default()),
    ("filters.categories", |block| block.filters.categories = Names::default()),
    ("filters.brands", |block| block.filters.brands = Names::default()),
    ("filters.tags", |block| block.filters.tags = Names::default()),
    ("filters.attributes", |block| block.filters.attributes.clear()),
    ("filters.age_days", |block| block.filters.age_days = Range::default()),
    ("filters.rating", |block| block.filters.rating = None),
    ("filters.margin_percent", |block| block.filters.margin_percent = None),
    ("filters.not_viewed", |block| block.filters.not_viewed = false),
    ("filters.not_bought_days", |block| {
        let Filters { not_bought_days, not_bought_days_consumed, .. } = &mut block.filters;
        (*not_bought_days, *not_bought_days_consumed) = (1, 0);
    }),
    ("rules", |block| block.rules.retain(|rule| !matches!(rule, Rule::Hide { .. }))),
];
