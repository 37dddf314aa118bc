//! Blocks of recommendations: what there is, composing one beside what it would show, where it stands, what it did.

mod code;
mod compose;
mod draft;
mod field;
mod history;
mod list;
mod names;
mod numbers;
mod past;
mod places;
mod preview;
mod rules;
mod test;
mod typed;
mod view;

use super::layout::Page;
use crate::access::rights::Need::Of;
use crate::access::rights::Right;
use crate::api::answer::Refused;
use crate::app::App;
use crate::blocks::change;
use crate::blocks::live::{BlockDocument, LiveBlock};
use crate::i18n;
use crate::route::{Route, get, post};
use askama::Template;
use beckon_recommend::block::{Channel, Source};

/// The routes of blocks.
#[must_use]
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    vec![
        get("/blocks", Of(Right::View), list::page),
        post("/blocks", Of(Right::Edit), list::make),
        get("/blocks/{name}", Of(Right::View), compose::page),
        post("/blocks/{name}", Of(Right::Edit), compose::save),
        get("/blocks/{name}/preview", Of(Right::View), preview::live),
        post("/blocks/{name}/forget", Of(Right::Edit), compose::forget),
        get("/blocks/{name}/places", Of(Right::View), places::of_block),
        post("/blocks/{name}/places", Of(Right::Edit), places::put),
        get("/blocks/{name}/numbers", Of(Right::View), numbers::page),
        post("/blocks/{name}/test", Of(Right::Edit), test::submit),
        get("/blocks/{name}/past", Of(Right::View), past::page),
        post("/blocks/{name}/past", Of(Right::View), past::start),
        get("/blocks/{name}/past/result", Of(Right::View), past::live),
        get("/blocks/{name}/code", Of(Right::View), code::page),
        get("/blocks/{name}/versions", Of(Right::View), history::page),
        post("/blocks/{name}/versions", Of(Right::Edit), history::bring_back),
        get("/placements", Of(Right::View), places::page),
        post("/placements", Of(Right::Edit), places::order),
        get("/suggest/goods", Of(Right::View), preview::goods),
        get("/suggest/people", Of(Right::People), preview::people),
    ]
}

/// Which part of a block's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Compose,
    Places,
    Numbers,
    Past,
    Code,
    Versions,
}

/// What all pages of a block begin with.
#[derive(Template)]
#[template(path = "blocks/head.html")]
struct Head {
    page: Page,
    name: String,
    title: String,
    own: bool,
    /// It was changed, and what is built in can come back.
    may_forget: bool,
    built_in: bool,
    tab: Tab,
}

impl Head {
    fn new(app: &App, page: &Page, name: &str, tab: Tab) -> Result<Head, Refused> {
        let state = app.shop();
        let block = state.blocks.get(name).ok_or_else(|| Refused::missing("block"))?;
        Ok(Head {
            page: page.clone(),
            name: name.to_owned(),
            title: block.title(page.locale.code()),
            own: block.is_own,
            may_forget: block.is_own && page.may(Right::Edit),
            built_in: is_built_in(name),
            tab,
        })
    }
}

/// Whether a block of this name ships with the program.
fn is_built_in(name: &str) -> bool {
    let shipped = crate::blocks::live::places()
        .flat_map(|(place, channel)| beckon_recommend::block::built_in(place, channel));
    shipped.into_iter().any(|block| block.name == name)
}

/// What fills a block, in words: "Bought together, then Bestsellers".
fn in_words(page: &Page, block: &LiveBlock) -> String {
    let named = |sources: &[Source]| -> String {
        let mut names: Vec<String> = Vec::new();
        for name in sources.iter().map(|source| view::strategy(page, source.strategy)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    };
    let Some(arm) = block.arms.first() else { return String::new() };
    let (mix, then) = (named(&arm.block.mix), named(&arm.block.fall_back));
    let args = [("mix", mix.as_str().into()), ("then", then.as_str().into())];
    if then.is_empty() { mix } else { i18n::t(page.locale, "block-filled-by", &args) }
}

/// A place on a channel in words: "Home, web".
fn place_in_words(page: &Page, key: &str) -> String {
    let (place, channel) = key.rsplit_once('.').unwrap_or((key, ""));
    let place = page.t(&format!("placement-{}", view::key_of(place)));
    match channel {
        "message" | "" => place,
        channel => format!("{place} · {}", page.t(&format!("channel-{}", view::key_of(channel)))),
    }
}

/// The stable name of a channel read.
fn channel_of(name: &str) -> Option<Channel> {
    serde_json::from_value(name.into()).ok()
}

/// What a block is now, for a change of it, with the version of its document.
fn now(app: &App, name: &str) -> Result<(BlockDocument, u64), Refused> {
    let state = app.shop();
    let block = state.blocks.get(name).ok_or_else(|| Refused::missing("block"))?;
    Ok((BlockDocument { arms: block.arms.clone() }, change::version(app, name)?))
}
