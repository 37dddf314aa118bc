//! Sessions of staff: a random token in a cookie, of which only the hash is stored.

use super::rights::Role;
use super::visit::Visit;
use super::{audit, staff};
use crate::app::App;
use crate::i18n::Locale;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use beckon_core::time::{DAY, MINUTE, Span};
use beckon_store::shop::{Session, ShopPlane};
use ring::digest::{SHA256, digest};

/// Name of the cookie over http.
pub const COOKIE_NAME: &str = "beckon";
/// Name of the cookie over https: browsers then hold it to its host (RFC 6265bis §4.1.3.2).
pub const COOKIE_NAME_SECURE: &str = "__Host-beckon";
/// A session that is not used for so long ends.
const IDLE: Span = DAY.times(3);
/// A session ends after so long, used or not.
const ABSOLUTE: Span = DAY.times(30);
/// How often it is noted that a session is used.
const NOTED: Span = MINUTE;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Her address: the name of her document.
    pub email: String,
    /// What she may do.
    pub role: Role,
    /// Language of her screens.
    pub locale: Locale,
}

/// The value of a cookie.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The token in the request's cookie.
#[must_use]
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let name = if is_secure(headers) { COOKIE_NAME_SECURE } else { COOKIE_NAME };
    cookie(headers, name).filter(|token| !token.is_empty() && token.len() <= 100)
}

/// Whether the browser reached us over https, as a proxy in front says.
#[must_use]
pub fn is_secure(headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    forwarded.is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
}

/// `Set-Cookie` for a cookie that only the browser of this host has and no script reads.
#[must_use]
pub fn set_cookie(name: &str, value: &str, lives_secs: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={lives_secs}; HttpOnly; SameSite=Strict{secure}")
}

/// `Set-Cookie` for a session; an empty token ends it.
#[must_use]
pub fn session_cookie(token: &str, secure: bool) -> String {
    let name = if secure { COOKIE_NAME_SECURE } else { COOKIE_NAME };
    set_cookie(name, token, if token.is_empty() { 0 } else { ABSOLUTE.0 / 1_000 }, secure)
}

/// Begins a session and gives back its token; the log tells of it. Blocks.
///
/// # Errors
/// The plane cannot be written.
pub fn begin(app: &App, email: &str, visit: &Visit) -> beckon_store::Result<String> {
    let (plane, now) = (&app.plane, app.clock.wall());
    // What ended long ago goes when somebody comes.
    plane.end_sessions(None, now)?;
    let token = super::keys::random_text(32);
    plane.put_session(&Session {
        token: hashed(&token),
        staff: email.to_owned(),
        created: now,
        seen: now,
        until: now.plus(IDLE),
        agent: visit.agent.clone(),
        ip: visit.client.map(|ip| ip.to_canonical().to_string()).unwrap_or_default(),
    })?;
    audit::note_here(app, "sign-in.done", email, &[]);
    Ok(token)
}

/// Who has this token, if the session is alive and she still has access. Blocks.
///
/// # Errors
/// The plane cannot be read.
pub fn find(app: &App, token: &str) -> beckon_store::Result<Option<Staff>> {
    let now = app.clock.wall();
    let Some(session) = app.plane.session(&hashed(token), now)? else { return Ok(None) };
    let Some((document, _)) = staff::get(&app.plane, &session.staff)? else { return Ok(None) };
    let Some(role) = Role::parse(&document.role) else { return Ok(None) };
    if now.since(session.seen) >= NOTED {
        let end = session.created.plus(ABSOLUTE).min(now.plus(IDLE));
        app.plane.put_session(&Session { seen: now, until: end, ..session.clone() })?;
    }
    let locale = Locale::parse(&document.locale).unwrap_or_default();
    Ok(Some(Staff { email: session.staff, role, locale }))
}

/// Ends a session. Blocks.
///
/// # Errors
/// The plane cannot be written.
pub fn end(plane: &ShopPlane, token: &str) -> beckon_store::Result<()> {
    plane.end_session(&hashed(token))
}

/// What is stored of a session's token.
#[must_use]
pub fn hashed(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}
