//! What answers have in common: typed errors, pages, languages, work on threads that may block.

use crate::access::{audit, visit};
use crate::app::App;
use crate::form::Errors;
use crate::i18n::Locale;
use crate::save::Saved;
use crate::when::When;
use crate::why_text::Words;
use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use beckon_core::time::ShopTime;
use beckon_store::{Error, PageKey};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most rows of one answer.
pub const LIMIT_MAX: usize = 500;
/// Rows of an answer that asks for no number.
const LIMIT: usize = 50;

/// Why there is no answer: a problem of RFC 9457 with a stable `code`, and with the place where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    #[serde(skip)]
    pub(super) status: StatusCode,
    /// Stable code.
    #[serde(skip)]
    pub code: &'static str,
    /// What was wrong and what to do.
    #[serde(skip)]
    pub message: String,
    /// Which field of the request it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Box<FieldName>>,
    /// Every field that cannot be taken, with what is wrong, where there may be several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Box<BTreeMap<&'static str, String>>>,
    /// Line of a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<str>>,
}

/// The name of a field; a refusal holds it boxed, so that results stay small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldName(pub String);

impl Refused {
    /// A refusal of this status.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Refused {
        let (field, fields, line, what, hint) = (None, None, None, None, None);
        Refused { status, code, message: message.into(), field, fields, line, what, hint }
    }

    /// The request cannot be understood.
    #[must_use]
    pub fn bad(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// A field of the request cannot be taken.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Refused {
        let refused = Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_field", message);
        Refused { field: Some(Box::new(FieldName(field.to_owned()))), ..refused }
    }

    /// Fields of the request cannot be taken, each for a reason of its own; `None` when nothing is wrong.
    #[must_use]
    pub fn fields(errors: &Errors) -> Option<Refused> {
        let (first, why) = errors.iter().next()?;
        let fields = errors.iter().map(|(field, why)| (field, why.to_owned())).collect();
        Some(Refused { fields: Some(Box::new(fields)), ..Refused::field(first, why) })
    }

    /// What was asked for is not there.
    #[must_use]
    pub fn missing(what: &str) -> Refused {
        Refused::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<Error> for Refused {
    fn from(why: Error) -> Self {
        match why {
            Error::Conflict(_) => Refused::new(
                StatusCode::CONFLICT,
                "conflict",
                "somebody else changed it at the same time: read it again and repeat",
            ),
            Error::Unavailable(why) => Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why),
            Error::Corrupt(why) => Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "corrupt", why),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut body = visit::problem_body(self.status, self.code, &self.message);
        let place = serde_json::to_value(&self).unwrap_or_default();
        if let (Some(body), Some(place)) = (body.as_object_mut(), place.as_object()) {
            body.extend(place.clone());
        }
        (self.status, [(header::CONTENT_TYPE, visit::PROBLEM)], body.to_string()).into_response()
    }
}

impl From<Saved> for Result<(), Refused> {
    fn from(saved: Saved) -> Self {
        match saved {
            Saved::Done => Ok(()),
            Saved::Conflict => Err(Error::Conflict(String::new()).into()),
            Saved::Failed(why) => Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why)),
        }
    }
}

/// An answer as JSON, or why there is none.
pub type Answer<T> = Result<Json<T>, Refused>;

/// Does something on a thread that may block.
///
/// # Errors
/// What the work says, or that it ended without an answer.
pub async fn work<T: Send + 'static>(
    app: Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    match tokio::task::spawn_blocking(audit::carried(move || work(&app))).await {
        Ok(done) => done,
        Err(why) => {
            tracing::error!(%why, "a request ended without an answer");
            Err(Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the request failed here"))
        }
    }
}

/// How many rows were asked for.
#[must_use]
pub fn limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(LIMIT).clamp(1, LIMIT_MAX)
}

/// Words in a language, in the shop's zone, with the shop's journeys.
#[must_use]
pub fn words(app: &App, locale: Locale) -> Words {
    let state = app.shop();
    let zone = TimeZone::get(&state.settings.time_zone).unwrap_or(TimeZone::UTC);
    let title = |journey: &beckon_core::plan::Journey| {
        let titles = &journey.title;
        let title = titles.get(locale.code()).or_else(|| titles.values().next());
        Some((journey.name.clone(), title?.clone()))
    };
    let titles: BTreeMap<String, String> = state.plan.journeys.values().filter_map(title).collect();
    Words { locale, zone, titles }
}

/// The language a request asks for, else the shop's, else English.
#[must_use]
pub fn locale(app: &App, headers: &HeaderMap) -> Locale {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.and_then(Locale::accepted).or_else(|| Locale::parse(&app.shop().card.locale)).unwrap_or_default()
}

/// Writes where a list goes on.
#[must_use]
pub fn cursor(at: ShopTime, id: u64) -> String {
    format!("{}-{id:x}", at.0)
}

/// Reads what [`cursor`] writes, or a moment: rows before it.
///
/// # Errors
/// It is neither.
pub fn page(before: Option<&str>) -> Result<Option<PageKey>, Refused> {
    let Some(text) = before else { return Ok(None) };
    let exact = text
        .rsplit_once('-')
        .and_then(|(at, id)| Some((at.parse().ok()?, u64::from_str_radix(id, 16).ok()?)))
        .map(|(at, id)| PageKey { at: ShopTime(at), id });
    // Rows of one moment are ordered as signed integers, so this stands before all of them.
    let moment = || Some(PageKey { at: When::parse(text)?, id: i64::MIN as u64 });
    exact.or_else(moment).map(Some).ok_or_else(|| {
        Refused::bad(
            "`before` is not a page: take `next` of the answer before, or a time as 2026-11-22T10:00:00Z",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        for id in [0, 5, u64::MAX] {
            let key = page(Some(&cursor(ShopTime(1_790_000_000_000), id))).unwrap().unwrap();
            assert_eq!(key, PageKey { at: ShopTime(1_790_000_000_000), id });
        }
        assert_eq!(page(Some("2026-09-21T14:13:20Z")).unwrap().unwrap().at, ShopTime(1_790_000_000_000));
        assert!(page(Some("<script>")).is_err());
        assert_eq!(page(None).unwrap(), None);
    }
}
