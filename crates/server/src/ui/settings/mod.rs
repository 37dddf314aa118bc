//! Settings: who the shop is, how it sends, what the gate lets through, who works here.

pub mod checkup;
pub mod gate;
pub mod keeping;
pub mod log;
pub mod restored;
pub mod sending;
pub mod shop;
pub mod staff;
pub mod test_mail;
pub mod unsubscribes;

use super::layout::{Page, broken, html_with};
use super::save::Saved;
use crate::access::rights::Right;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

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
        ("/settings/log", "settings-log", Right::Staff),
    ];
    let own = all.into_iter().filter(|(.., right)| page.may(*right));
    own.map(|(href, key, _)| Tab { href, key, here: page.path.starts_with(href) }).collect()
}

/// Answers a save: to `to` when it worked; `again` shows the form anew, with the newer values after a conflict.
fn answer<T: Template>(page: Page, saved: Saved, to: &str, again: impl FnOnce(Page) -> T) -> Response {
    match saved {
        Saved::Done => page.redirect(to, "flash-saved"),
        Saved::Conflict => html_with(StatusCode::CONFLICT, &again(page)),
        Saved::Failed(why) => broken(page, &why),
    }
}

/// `GET /settings`
pub async fn index() -> axum::response::Redirect {
    axum::response::Redirect::to("/settings/shop")
}
