//! The rules of sending: the relay, the sender, the signature. What is secret is never shown again.

use super::ShopSettings;
use crate::app::App;
use crate::form::{Errors, Fields, is_web};
use crate::i18n::{self, Locale};
use beckon_channels::Address;
use beckon_channels::dkim;
use beckon_channels::smtp::Settings as SmtpSettings;

/// Stands in a field for a password that is kept.
const KEPT: &str = "••••••";

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

/// Name and content of the DNS record of the key that is set.
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
