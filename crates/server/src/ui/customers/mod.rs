//! Customers: looking for one, and one with everything that is known and was decided.

mod ahead;
mod events;
mod list;
mod one;
mod timeline;

pub use list::{list, rows};
pub use one::{export, main, one, side};

use super::layout::{self, Page};
use crate::api::answer::Refused;
use crate::api::messages::MessageView;
use axum::http::StatusCode;
use axum::response::Response;
use beckon_core::ids::DoorKind;
use beckon_render::links::is_web;

/// A refusal of the data as a page.
pub(super) fn refused(page: Page, why: &Refused) -> Response {
    match why.status() {
        StatusCode::NOT_FOUND => layout::problem(page, StatusCode::NOT_FOUND, "problem-missing"),
        StatusCode::BAD_REQUEST => layout::problem(page, StatusCode::BAD_REQUEST, "problem-missing"),
        StatusCode::CONFLICT => layout::problem(page, StatusCode::CONFLICT, "problem-conflict"),
        _ => layout::broken(page, &why.message),
    }
}

fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

/// The key of an identity's kind.
#[must_use]
pub fn kind_key(kind: &DoorKind) -> &'static str {
    match kind {
        DoorKind::User => "identity-user",
        DoorKind::Card => "identity-card",
        DoorKind::Email => "identity-email",
        DoorKind::Phone => "identity-phone",
        DoorKind::Anonymous => "identity-anonymous",
        DoorKind::Order => "identity-order",
    }
}

/// A message in a list.
pub(super) struct MessageLine {
    /// The message.
    pub view: MessageView,
    /// Title of its journey.
    pub journey: String,
    /// Kind of its badge.
    pub badge: &'static str,
    /// State in words.
    pub state: String,
    /// To whom, where it is known.
    pub to: String,
    /// Why it ended so, in few words.
    pub brief: String,
}

/// A message for a list.
pub(super) fn line(
    page: &Page,
    view: MessageView,
    words: &crate::why_text::Words,
    to: String,
) -> MessageLine {
    let (badge, key) = state_key(view.state);
    let brief = view.reason.as_deref().filter(|_| view.state != "ghost").map(|code| words.reason(code));
    let (journey, brief) = (words.journey(&view.journey), brief.unwrap_or_default());
    MessageLine { journey, badge, state: page.t(key), to, brief, view }
}

/// Kind of badge and key of a message's state.
pub(super) fn state_key(state: &str) -> (&'static str, &'static str) {
    match state {
        "approved" => ("info", "state-approved"),
        "claimed" => ("info", "state-claimed"),
        "handing" => ("info", "state-handing"),
        "sent" => ("good", "state-sent"),
        "never" => ("bad", "state-never"),
        "unknown" => ("warn", "state-unknown"),
        "withheld" => ("warn", "state-withheld"),
        _ => ("", "state-ghost"),
    }
}

/// Whether an address of the catalogue may be a link.
fn is_link(url: &Option<String>) -> bool {
    url.as_deref().is_some_and(is_web)
}
