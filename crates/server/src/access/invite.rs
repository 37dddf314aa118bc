//! Links by which somebody sets her own password: a new member of staff, or one who lost hers. One use, two days.
//!
//! Nobody ever tells a password to anybody. Of the link only the hash of its token is kept, as of a session.

use super::keys::{hashed, random_text};
use super::password;
use super::rights::Role;
use super::staff::{self, Trouble};
use crate::app::SHOP;
use crate::i18n::Locale;
use crate::settings::{StaffDocument, kind};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use beckon_core::time::{HOUR, Span, WallTime};
use beckon_store::shop::{DocumentWrite, ShopPlane};
use serde::{Deserialize, Serialize};

/// How long a link is good.
pub const GOOD: Span = HOUR.times(48);

/// What a link is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// For whom.
    pub email: String,
    /// The role of somebody new; empty for a new password of somebody who has access.
    #[serde(default)]
    pub role: String,
    /// Language of her screens.
    #[serde(default)]
    pub locale: String,
    /// Not good after, in milliseconds.
    pub until: i64,
}

/// Makes a link and gives back its path; older links for the same address are withdrawn.
///
/// # Errors
/// The address is none, somebody new has access already, or somebody known is not there.
pub fn make(
    plane: &ShopPlane,
    email: &str,
    role: Option<Role>,
    locale: Locale,
    now: WallTime,
    by: &str,
) -> Result<String, Trouble> {
    let email = staff::normal(email).ok_or(Trouble::Email)?;
    let known = staff::get(plane, &email).map_err(staff::store)?;
    match (&known, role) {
        (Some(_), Some(_)) => return Err(Trouble::Exists),
        (None, None) => return Err(Trouble::Nobody),
        _ => {}
    }
    let token = random_text(32);
    let invitation = Invitation {
        email: email.clone(),
        role: role.map(|role| role.code().to_owned()).unwrap_or_default(),
        locale: known.map_or(locale.code().to_owned(), |(document, _)| document.locale),
        until: now.plus(GOOD).0,
    };
    let body = serde_json::to_string(&invitation).map_err(|why| Trouble::Store(why.to_string()))?;
    let older: Vec<(String, u64)> = all(plane)?
        .into_iter()
        .filter(|(_, _, older)| older.email == email || older.until < now.0)
        .map(|(name, version, _)| (name, version))
        .collect();
    let name = hashed(&token);
    let mut writes = vec![write(kind::INVITATION, &name, 0, Some(&body), now, by)];
    writes.extend(older.iter().map(|(name, version)| write(kind::INVITATION, name, *version, None, now, by)));
    plane.put_all(&writes).map_err(staff::store)?;
    Ok(format!("/join?token={token}"))
}

/// All links that are not used yet: name of the document, its version, what it is for.
///
/// # Errors
/// The plane cannot be read.
pub fn all(plane: &ShopPlane) -> Result<Vec<(String, u64, Invitation)>, Trouble> {
    let documents = plane.list(SHOP, kind::INVITATION).map_err(staff::store)?;
    let read = |document: beckon_store::shop::Document| {
        let invitation = serde_json::from_str(document.body.as_deref()?).ok()?;
        Some((document.name, document.version, invitation))
    };
    Ok(documents.into_iter().filter_map(read).collect())
}

/// The link of a token, if it is good.
///
/// # Errors
/// [`Trouble::Link`] when it was used, withdrawn, or is too old.
pub fn find(plane: &ShopPlane, token: &str, now: WallTime) -> Result<(Invitation, u64), Trouble> {
    let found = plane.get(SHOP, kind::INVITATION, &hashed(token)).map_err(staff::store)?;
    let document = found.ok_or(Trouble::Link)?;
    let invitation: Option<Invitation> = document.body.and_then(|body| serde_json::from_str(&body).ok());
    let invitation = invitation.filter(|invitation| invitation.until >= now.0).ok_or(Trouble::Link)?;
    Ok((invitation, document.version))
}

/// Uses a link: gives the password to whom it was made for, and ends whatever sessions she had. Gives back her address.
///
/// # Errors
/// The link is no good, or the password is not taken; the link stays then.
pub fn accept(plane: &ShopPlane, token: &str, password: &str, now: WallTime) -> Result<String, Trouble> {
    let (invitation, version) = find(plane, token, now)?;
    let email = invitation.email;
    let known = staff::get(plane, &email).map_err(staff::store)?;
    let password = password::hash(password, &email)?;
    let (document, at) = match (known, invitation.role.as_str()) {
        // Who was removed since has no way back by an old link.
        (None, "") => return Err(Trouble::Link),
        (Some(_), role) if !role.is_empty() => return Err(Trouble::Exists),
        (Some((before, at)), _) => (StaffDocument { password, ..before }, at),
        (None, role) => (StaffDocument { password, role: role.to_owned(), locale: invitation.locale }, 0),
    };
    let body = serde_json::to_string(&document).map_err(|why| Trouble::Store(why.to_string()))?;
    let name = hashed(token);
    // Both or neither: of two who use the link at once one finds it gone.
    let writes = [
        write(kind::INVITATION, &name, version, None, now, &email),
        write(kind::STAFF, &email, at, Some(&body), now, &email),
    ];
    plane.put_all(&writes).map_err(|why| match why {
        beckon_store::Error::Conflict(_) => Trouble::Link,
        other => staff::store(other),
    })?;
    plane.end_sessions(Some(&email), now).map_err(staff::store)?;
    Ok(email)
}

fn write<'a>(
    kind: &'a str,
    name: &'a str,
    expected_version: u64,
    body: Option<&'a str>,
    at: WallTime,
    by: &'a str,
) -> DocumentWrite<'a> {
    DocumentWrite { shop: SHOP, kind, name, expected_version, body, at, by }
}

/// A path of ours as whoever asked reached us.
pub(crate) fn link_of(secure: bool, headers: &HeaderMap, path: &str) -> String {
    let scheme = if secure { "https" } else { "http" };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{scheme}://{host}{path}")
}
