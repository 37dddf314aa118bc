//! What happened to a customer and what was decided, line by line.

use super::super::layout::Page;
use super::events;
use crate::api::answer::{self, Refused};
use crate::api::profiles::{self, TimelineItem};
use crate::app::App;
use crate::people;
use beckon_core::profile::Profile;
use beckon_core::time::ShopTime;

/// Lines at once.
const LINES: usize = 60;

/// A line of the timeline.
pub struct Line {
    pub at: ShopTime,
    pub icon: &'static str,
    pub kind: &'static str,
    pub title: String,
    pub detail: String,
    pub journey: String,
    pub message: String,
    pub why: Vec<String>,
}

/// The lines of a customer's timeline, newest first, and the address of older ones.
///
/// # Errors
/// The store cannot be read, or `before` is none of our pages.
pub fn lines(
    app: &App,
    page: &Page,
    profile: &Profile,
    before: Option<&str>,
) -> Result<(Vec<Line>, String), Refused> {
    let words = answer::words(app, page.locale);
    let before = before.map(profiles::key).transpose()?;
    let told = profiles::told(app, profile, before, LINES, &words)?;
    let ids = told.items.iter().filter_map(|item| match item {
        TimelineItem::Event { event, .. } => Some(events::products(&event.fact)),
        TimelineItem::Journal { .. } => None,
    });
    let ids: Vec<String> = ids.flatten().collect();
    let offers = people::offers(app, ids.iter().map(String::as_str))?;
    let older = told.next.map(|next| format!("/customers/{}?before={next}", profile.id)).unwrap_or_default();
    let lines = told.items.into_iter().map(|item| match item {
        TimelineItem::Event { at, event, .. } => {
            let (icon, key, detail) = events::told(page, &event.fact, &offers);
            let kind = if event.mode == beckon_core::event::Mode::History { "history" } else { "" };
            let title = if key.is_empty() { event.fact.name().to_owned() } else { page.t(key) };
            Line {
                at: at.0,
                icon,
                kind,
                title,
                detail,
                journey: String::new(),
                message: String::new(),
                why: vec![],
            }
        }
        TimelineItem::Journal { at, what, text, journey, step, message, why, .. } => Line {
            at: at.0,
            icon: journal_icon(&what),
            kind: journal_kind(&what),
            title: text,
            detail: step,
            journey: if journey.is_empty() { journey } else { words.journey(&journey) },
            message: message.map(|id| id.to_string()).unwrap_or_default(),
            why: why.into_iter().map(|said| said.text).collect(),
        },
    });
    Ok((lines.collect(), older))
}

fn journal_icon(what: &str) -> &'static str {
    match what {
        "approved" | "withheld" | "held" | "skipped" | "bounced" | "complained" => "mail",
        "opened" | "opened_by_machine" => "eye",
        "clicked" | "clicked_by_machine" => "check",
        "merged" | "absorbed" | "not_merged" => "people",
        "unsubscribed" => "stop",
        _ => "route",
    }
}

fn journal_kind(what: &str) -> &'static str {
    match what {
        "approved" | "clicked" | "opened" => "good",
        "withheld" | "bounced" | "complained" | "unsubscribed" => "bad",
        "held" | "skipped" => "warn",
        "not_entered" => "quiet",
        _ => "info",
    }
}
