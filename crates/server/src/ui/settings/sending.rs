//! Settings, sending: the relay, the sender, the signature. What is secret is never shown again.

use super::answer;
use crate::app::App;
use crate::i18n::{self, Locale};
use crate::settings::{MAIN, ShopSettings, kind};
use crate::ui::form::{Errors, Fields, is_web};
use crate::ui::layout::{Page, broken, html, html_with};
use crate::ui::save::{Change, Saved, read, save};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use beckon_channels::Address;
use beckon_channels::dkim;
use beckon_channels::smtp::Settings as SmtpSettings;
use std::sync::Arc;

/// Stands in a field for a password that is kept.
const KEPT: &str = "••••••";

/// What came of a test.
pub struct Tried {
    /// Whether the relay took it.
    pub sent: bool,
    /// Key of what went wrong.
    pub key: &'static str,
    /// The relay's words.
    pub answer: String,
}

#[derive(Template)]
#[template(path = "settings/sending.html")]
pub(super) struct SendingPage {
    page: Page,
    url: String,
    from: String,
    public_origin: String,
    dkim_domain: String,
    dkim_selector: String,
    /// Name and content of the DNS record of the key that is set.
    record: Option<(String, String)>,
    /// What the environment sets and the form cannot change.
    fixed_url: bool,
    fixed_from: bool,
    fixed_origin: bool,
    version: u64,
    errors: Errors,
    conflict: bool,
    pub(super) tried: Option<Tried>,
    pub(super) to: String,
}

impl SendingPage {
    pub(super) fn new(page: Page, app: &App, settings: &ShopSettings, version: u64) -> SendingPage {
        let to = page.by().to_owned();
        SendingPage {
            page,
            url: masked(app.config.smtp_url.as_ref().unwrap_or(&settings.smtp_url)),
            from: app.config.from.as_ref().unwrap_or(&settings.from).clone(),
            public_origin: app.config.public_origin.as_ref().unwrap_or(&settings.public_origin).clone(),
            dkim_domain: settings.dkim_domain.clone(),
            dkim_selector: settings.dkim_selector.clone(),
            record: record(settings),
            fixed_url: app.config.smtp_url.is_some(),
            fixed_from: app.config.from.is_some(),
            fixed_origin: app.config.public_origin.is_some(),
            version,
            errors: Errors::default(),
            conflict: false,
            tried: None,
            to,
        }
    }
}

/// `GET /settings/sending`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok((settings, version)) => html(&SendingPage::new(page, &app, &settings, version)),
        Err(why) => broken(page, &why),
    }
}

/// `POST /settings/sending`
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    let (stored, current) = match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok(stored) => stored,
        Err(why) => return broken(page, &why),
    };
    let mut settings = stored.clone();
    let errors = check(page.locale, &app, &fields, &mut settings);
    if !errors.is_empty() {
        let mut again = SendingPage::new(page, &app, &stored, version);
        for (field, shown) in [
            ("smtp_url", &mut again.url),
            ("from", &mut again.from),
            ("public_origin", &mut again.public_origin),
            ("dkim_domain", &mut again.dkim_domain),
            ("dkim_selector", &mut again.dkim_selector),
        ] {
            // What the environment sets has no field.
            if fields.has(field) {
                fields.text(field).clone_into(shown);
            }
        }
        again.url = masked(&again.url);
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &SendingPage { errors, ..again });
    }
    let saved = if version == current {
        save(&app, &page, vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await
    } else {
        Saved::Conflict
    };
    answer(page, saved, "/settings/sending", |page| SendingPage {
        conflict: true,
        ..SendingPage::new(page, &app, &stored, current)
    })
}

/// Reads relay, sender and signature from the form.
pub(crate) fn check(locale: Locale, app: &App, fields: &Fields, settings: &mut ShopSettings) -> Errors {
    let mut errors = Errors::default();
    check_relay(locale, app, fields, settings, &mut errors);
    check_signature(locale, fields, settings, &mut errors);
    errors
}

fn check_relay(locale: Locale, app: &App, fields: &Fields, settings: &mut ShopSettings, errors: &mut Errors) {
    let t = |key: &str| i18n::t(locale, key, &[]);
    let url = fields.text("smtp_url");
    if app.config.smtp_url.is_none() && url != masked(&settings.smtp_url) {
        // A masked password belongs to the relay it was entered for and never goes to another.
        if url.contains(KEPT) {
            errors.add("smtp_url", t("sending-url-again"));
        } else if let Err(why) = if url.is_empty() { Ok(()) } else { SmtpSettings::parse(url).map(drop) } {
            errors.add("smtp_url", format!("{} ({why})", t("sending-url-wrong")));
        } else {
            settings.smtp_url = url.to_owned();
        }
    }
    let from = fields.text("from");
    if app.config.from.is_none() {
        match Address::parse(from) {
            Err(why) if !from.is_empty() => {
                errors.add("from", format!("{} ({why})", t("sending-from-wrong")))
            }
            _ => settings.from = from.to_owned(),
        }
    }
    let origin = fields.text("public_origin").trim_end_matches('/');
    if app.config.public_origin.is_none() {
        if origin.is_empty() || (is_web(origin) && origin.matches('/').count() == 2) {
            settings.public_origin = origin.to_owned();
        } else {
            errors.add("public_origin", t("sending-origin-wrong"));
        }
    }
}

fn check_signature(locale: Locale, fields: &Fields, settings: &mut ShopSettings, errors: &mut Errors) {
    let t = |key: &str| i18n::t(locale, key, &[]);
    let (domain, selector) = (fields.text("dkim_domain"), fields.text("dkim_selector"));
    settings.dkim_domain = domain.to_owned();
    settings.dkim_selector = selector.to_owned();
    let pasted = fields.text("dkim_key");
    match fields.text("action") {
        "remove" => {
            settings.dkim_key.clear();
            return;
        }
        "generate" => match dkim::new_ed25519(domain, selector) {
            Ok((key, _)) => settings.dkim_key = key,
            Err(why) => errors.add("dkim_domain", why.to_string()),
        },
        _ if !pasted.is_empty() => settings.dkim_key = pasted.to_owned(),
        _ => {}
    }
    if !settings.dkim_key.is_empty()
        && let Err(why) = dkim::Key::parse(domain, selector, settings.dkim_key.as_bytes())
    {
        errors.add("dkim_key", format!("{} ({why})", t("sending-dkim-wrong")));
    }
}

pub(crate) fn record(settings: &ShopSettings) -> Option<(String, String)> {
    if settings.dkim_key.is_empty() {
        return None;
    }
    let key = dkim::Key::parse(&settings.dkim_domain, &settings.dkim_selector, settings.dkim_key.as_bytes());
    let key = key.ok()?;
    Some((format!("{}._domainkey.{}", key.selector(), key.domain()), dkim::dns_record(&key)))
}

/// The relay's address without its password.
pub(crate) fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((login, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    match login.split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:{KEPT}@{host}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(masked("smtp://me:se@cret@mail.example:587"), "smtp://me:••••••@mail.example:587");
        assert_eq!(masked("smtp://mail.example"), "smtp://mail.example");
        assert_eq!(masked(""), "");
    }
}
