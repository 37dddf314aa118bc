//! The shop's settings, by the rules of their screens: a change names only the fields it changes.

use super::answer::{self, Answer, Refused};
use super::ask;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::i18n::Locale;
use crate::save::{Change, read, save};
use crate::settings::{self, MAIN, ShopCard, ShopSettings, kind};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use std::sync::Arc;

/// In whose name a key changes something; the log names the key itself.
pub(super) const BY: &str = "server key";
/// What of the sending is shown and cannot be written.
const SHOWN_ONLY: [&str; 2] = ["dkim_record", "fixed"];

fn card_view(card: &ShopCard) -> Value {
    serde_json::to_value(card).unwrap_or_default()
}

fn gate_view(settings: &ShopSettings) -> Value {
    json!({
        "holdout": f64::from(settings.global_holdout_ppm) / 10_000.0,
        "quiet_from": settings.quiet_from_hour,
        "quiet_until": settings.quiet_until_hour,
        "time_zone": settings.time_zone,
        "attribution_days": settings.attribution_days,
        "mode": settings.mode,
    })
}

fn keeping_view(settings: &ShopSettings) -> Value {
    json!({
        "keep_events_days": settings.keep_events_days,
        "keep_journal_days": settings.keep_journal_days,
        "keep_bodies_days": settings.keep_bodies_days,
    })
}

/// What is secret is not shown: the password of the relay, the key of the signature.
fn sending_view(app: &App, settings: &ShopSettings) -> Value {
    let config = &app.config;
    let record = settings::sending::record(settings);
    let fixed = [
        ("smtp_url", config.smtp_url.is_some()),
        ("from", config.from.is_some()),
        ("public_origin", config.public_origin.is_some()),
    ];
    let fixed: Vec<&str> = fixed.into_iter().filter(|(_, fixed)| *fixed).map(|(name, _)| name).collect();
    json!({
        "smtp_url": settings::sending::masked(config.smtp_url.as_ref().unwrap_or(&settings.smtp_url)),
        "from": config.from.as_ref().unwrap_or(&settings.from),
        "public_origin": config.public_origin.as_ref().unwrap_or(&settings.public_origin),
        "dkim_domain": settings.dkim_domain,
        "dkim_selector": settings.dkim_selector,
        "dkim_record": record.map(|(name, value)| json!({"name": name, "value": value})),
        "fixed": fixed,
    })
}

fn versioned(mut view: Value, version: u64) -> Value {
    view["version"] = version.into();
    view
}

/// `GET /api/v1/settings`
///
/// # Errors
/// The store cannot be read.
pub async fn all(State(app): State<Arc<App>>) -> Answer<Value> {
    let (card, card_version) = read::<ShopCard>(&app, kind::SHOP, MAIN).await?;
    let (settings, version) = read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await?;
    Ok(Json(json!({
        "shop": versioned(card_view(&card), card_version),
        "sending": versioned(sending_view(&app, &settings), version),
        "gate": versioned(gate_view(&settings), version),
        "keeping": versioned(keeping_view(&settings), version),
    })))
}

/// `PATCH /api/v1/settings/shop`
///
/// # Errors
/// A field cannot be taken, or somebody else changed them since `version`.
pub async fn shop(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Value> {
    let (stored, current) = read::<ShopCard>(&app, kind::SHOP, MAIN).await?;
    let (fields, version) = ask::form(&card_view(&stored), &[], &body)?;
    let (card, errors) = settings::card::check(answer::locale(&app, &headers), &fields);
    Refused::fields(&errors).map_or(Ok(()), Err)?;
    let change = Change::put(kind::SHOP, MAIN, version.unwrap_or(current), &card);
    Result::from(save(&app, BY, vec![change]).await)?;
    let (card, version) = read::<ShopCard>(&app, kind::SHOP, MAIN).await?;
    Ok(Json(versioned(card_view(&card), version)))
}

/// `PATCH /api/v1/settings/gate`
///
/// # Errors
/// As [`shop`].
pub async fn gate(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Value> {
    changed(
        &app,
        &headers,
        &body,
        &[],
        |_, settings| gate_view(settings),
        |_, locale, fields, settings| settings::gate::check(locale, fields, settings),
    )
    .await
}

/// `PATCH /api/v1/settings/keeping`
///
/// # Errors
/// As [`shop`].
pub async fn keeping(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Value> {
    changed(
        &app,
        &headers,
        &body,
        &[],
        |_, settings| keeping_view(settings),
        |_, locale, fields, settings| settings::keeping::check(locale, fields, settings),
    )
    .await
}

/// `PATCH /api/v1/settings/sending`: besides what is shown, `dkim_key` (PEM) sets a key of the signature, and `action`
/// makes one (`generate`) or takes it away (`remove`).
///
/// # Errors
/// As [`shop`]; or a field is set by the environment of the program.
pub async fn sending(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Value> {
    let asked: serde_json::Map<String, Value> = ask::body(&body, "an object with the fields to change")?;
    let view = sending_view(&app, &app.shop().settings);
    for name in view["fixed"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if asked.contains_key(name) {
            return Err(Refused::field(name, format!("`{name}` is set by the environment of the program")));
        }
    }
    if let Some(action) = asked.get("action").filter(|action| *action != "generate" && *action != "remove") {
        return Err(Refused::field("action", format!("`action` is generate or remove, not {action}")));
    }
    let also = ["dkim_key", "action"];
    changed(&app, &headers, &body, &also, sending_view, |app, locale, fields, settings| {
        settings::sending::check(locale, app, fields, settings)
    })
    .await
}

/// Changes a part of the settings by the rules of its screen.
async fn changed(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: &[u8],
    also: &[&str],
    view: impl Fn(&App, &ShopSettings) -> Value,
    check: impl Fn(&App, Locale, &Fields, &mut ShopSettings) -> Errors,
) -> Answer<Value> {
    let (mut settings, current) = read::<ShopSettings>(app, kind::SETTINGS, MAIN).await?;
    let mut shown = view(app, &settings);
    if let Some(shown) = shown.as_object_mut() {
        shown.retain(|name, _| !SHOWN_ONLY.contains(&name.as_str()));
    }
    let (fields, version) = ask::form(&shown, also, body)?;
    let errors = check(app, answer::locale(app, headers), &fields, &mut settings);
    Refused::fields(&errors).map_or(Ok(()), Err)?;
    let change = Change::put(kind::SETTINGS, MAIN, version.unwrap_or(current), &settings);
    Result::from(save(app, BY, vec![change]).await)?;
    let (settings, version) = read::<ShopSettings>(app, kind::SETTINGS, MAIN).await?;
    Ok(Json(versioned(view(app, &settings), version)))
}
