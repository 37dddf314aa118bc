//! Journeys: switched on and off, seen as a map with its numbers, set, and edited as text.

mod export;
mod list;
mod map;
mod map_page;
mod numbers;
mod proof_view;
mod publication;
mod rates;
mod settings;
mod stages;
mod step;
mod summary;
mod tell;
mod text;
mod versions;

pub use export::csv;
pub(crate) use export::{file, period, table};
pub use list::{list, switch, take};
pub use map_page::page as one;
pub use numbers::page as numbers_page;
pub use settings::{set, settings, would_do};
pub use stages::{order as stages_order, page as stages};
pub use step::{page as step_page, preview};
pub use text::{publish, text};
pub use versions::{live as versions_live, page as versions};

use super::layout::Page;
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::journeys as api;
use crate::app::App;
use askama::Template;

/// Which part of a journey's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Map,
    Numbers,
    Settings,
    Text,
    Versions,
}

/// What all pages of a journey begin with.
#[derive(Template)]
#[template(path = "journeys/head.html")]
pub(super) struct Head {
    page: Page,
    name: String,
    title: String,
    on: bool,
    may: bool,
    tab: Tab,
    trouble: String,
}

impl Head {
    pub(super) fn new(app: &App, page: &Page, name: &str, tab: Tab) -> Result<Head, Refused> {
        let state = app.shop();
        let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
        let view = api::view(app, name, document, false);
        Ok(Head {
            page: page.clone(),
            name: name.to_owned(),
            title: answer::words(app, page.locale).journey(name),
            on: document.on,
            may: page.may(Right::Edit),
            tab,
            trouble: view.trouble.unwrap_or_default(),
        })
    }
}

/// A link of a choice.
pub(super) struct Choice {
    pub href: String,
    pub text: String,
    pub chosen: bool,
}
