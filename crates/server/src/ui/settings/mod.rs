//! Settings: who the shop is, how it sends, what the gate lets through, who works here.

pub mod checkup;
pub mod gate;
pub mod keeping;
pub mod log;
pub mod programs;
pub mod restored;
pub mod sending;
pub mod shop;
pub mod staff;
pub mod test_mail;
pub mod unsubscribes;

use super::layout::{Page, broken, html_with};
use crate::access::rights::Right;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::i18n::Locale;
use crate::save::{Change, Saved, read, save};
use crate::settings::{MAIN, ShopSettings, kind};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// A tab of the settings.
pub struct Tab {
    /// Where it leads.
    pub href: &'static str,
    /// Key of its name.
    pub key: &'static str,
    /// Whether this is where we are.
    pub here: bool,
}

/// The tabs she may open.
#[must_use]
pub fn tabs(page: &Page) -> Vec<Tab> {
    let all = [
        ("/settings/shop", "settings-shop", Right::View),
        ("/settings/sending", "settings-sending", Right::Run),
        ("/settings/gate", "settings-gate", Right::View),
        ("/settings/staff", "settings-staff", Right::Staff),
        ("/settings/unsubscribes", "settings-unsubscribes", Right::Edit),
        ("/settings/keeping", "settings-keeping", Right::View),
        ("/settings/checkup", "settings-checkup", Right::Run),
        ("/settings/programs", "settings-programs", Right::Run),
        ("/settings/log", "settings-log", Right::Staff),
    ];
    let own = all.into_iter().filter(|(.., right)| page.may(*right));
    own.map(|(href, key, _)| Tab { href, key, here: page.path.starts_with(href) }).collect()
}

/// Answers a save: to `to` when it worked; `again` shows the form anew, with the newer values after a
/// conflict.
fn answer<T: Template>(page: Page, saved: Saved, to: &str, again: impl FnOnce(Page) -> T) -> Response {
    match saved {
        Saved::Done => page.redirect(to, "flash-saved"),
        Saved::Conflict => html_with(StatusCode::CONFLICT, &again(page)),
        Saved::Failed(why) => broken(page, &why),
    }
}

/// What a form of the shop's settings shows again.
struct Again {
    settings: ShopSettings,
    version: u64,
    errors: Errors,
    conflict: bool,
}

/// Takes a form of the shop's settings by the rules of `check`, and answers; `again` draws the form with its
/// errors, or with the newer values after a conflict.
async fn submitted<T: Template>(
    page: Page,
    app: &Arc<App>,
    fields: &Fields,
    check: impl FnOnce(Locale, &Fields, &mut ShopSettings) -> Errors,
    again: impl FnOnce(Page, Again) -> T,
) -> Response {
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    let (stored, current) = match read::<ShopSettings>(app, kind::SETTINGS, MAIN).await {
        Ok(stored) => stored,
        Err(why) => return broken(page, &why),
    };
    let mut settings = stored.clone();
    let errors = check(page.locale, fields, &mut settings);
    if !errors.is_empty() {
        let again = again(page, Again { settings, version, errors, conflict: false });
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let saved = if version == current {
        save(app, page.by(), vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await
    } else {
        Saved::Conflict
    };
    let to = page.path.clone();
    answer(page, saved, &to, |page| {
        again(page, Again { settings: stored, version: current, errors: Errors::default(), conflict: true })
    })
}

/// `GET /settings`
pub async fn index() -> axum::response::Redirect {
    axum::response::Redirect::to("/settings/shop")
}
