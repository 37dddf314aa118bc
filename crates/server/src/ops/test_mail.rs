//! The test mail: really rendered, signed and handed to the relay, with the relay's own words as the answer.

use crate::access::audit;
use crate::app::App;
use crate::facts::message;
use crate::i18n::Locale;
use crate::run::sender::dkim_keys;
use beckon_channels::smtp::{Envelope, Pool, Settings as SmtpSettings};
use beckon_channels::{Address, Outcome, dkim, mime};
use beckon_render::{Facts, render};
use std::sync::Arc;
use std::time::Duration;

/// A person waits for the answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of a test.
pub struct Tried {
    /// Whether the relay took it.
    pub sent: bool,
    /// Key of what went wrong.
    pub key: &'static str,
    /// The relay's words.
    pub answer: String,
}

/// Sends one and tells the log.
pub(crate) async fn attempt(app: &Arc<App>, locale: Locale, to: &str) -> Tried {
    let tried = tokio::time::timeout(PATIENCE, send(app, locale, to)).await;
    let late = |_| Tried { sent: false, key: "test-late", answer: String::new() };
    let tried = tried.unwrap_or_else(late);
    let came = vec![audit::changed("result", None, Some(tried.key))];
    audit::note(app, "test-mail.sent", &audit::masked(to), came).await;
    tried
}

async fn send(app: &Arc<App>, locale: Locale, to: &str) -> Tried {
    let failed = |key, why: String| Tried { sent: false, key, answer: why };
    let (settings, from) = match app.smtp() {
        Ok(relay) => relay,
        Err(why) => return failed("test-relay", why),
    };
    let to = match Address::parse(to) {
        Ok(to) => to,
        Err(why) => return failed("test-address", why.to_string()),
    };
    let mime = match write(app, locale, &from, &to) {
        Ok(mime) => mime,
        Err(why) => return failed("test-unwritten", why),
    };
    match hand(settings, &from, &to, &mime).await {
        Outcome::Sent { response } => Tried { sent: true, key: "test-sent", answer: response },
        Outcome::Retry { why, .. } => failed("test-later", why),
        Outcome::Never { why } => failed("test-never", why),
        Outcome::Unknown { why } => failed("test-unknown", why),
    }
}

/// One mail over a session of its own, which is closed after.
async fn hand(settings: SmtpSettings, from: &Address, to: &Address, mime: &[u8]) -> Outcome {
    let pool = Pool::new(settings, 1);
    let outcome = match pool.ready().await {
        Ok(slot) => slot.send(&Envelope { from: from.email(), to: to.email() }, mime).await,
        Err(why) => why,
    };
    pool.close().await;
    outcome
}

fn write(app: &App, locale: Locale, from: &Address, to: &Address) -> Result<Vec<u8>, String> {
    let state = app.shop();
    let template = state.template("confirm-test", locale.code());
    let template = template.ok_or("there is no template `confirm-test`")?;
    let facts = Facts { shop: message::shop(&state), ..Facts::default() };
    // Message 0 is nobody's: its links are signed and lead nowhere.
    let rendered = render(&template, &facts, &app.links(), 0).map_err(|why| why.to_string())?;
    let id = crate::access::keys::random_text(12);
    let mime = mime::build(&mime::Mail {
        from,
        to,
        subject: &rendered.subject,
        date: app.clock.wall(),
        message_id: &format!("test-{id}@{}", from.domain()),
        headers: &[],
        text: &rendered.text,
        html: Some(&rendered.html),
    })
    .map_err(|why| why.to_string())?;
    let keys = dkim_keys(app)?;
    if keys.is_empty() {
        Ok(mime)
    } else {
        dkim::sign(&keys, &mime, app.clock.wall()).map_err(|why| why.to_string())
    }
}
