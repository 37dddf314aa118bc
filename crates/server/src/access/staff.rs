//! People who sign in: made, checked, changed. All of it blocks: hashing a password takes about 50 ms and 19 MiB.

use super::password;
use super::rights::Role;
pub use super::trouble::Trouble;
use crate::app::SHOP;
use crate::clock::wall_now;
use crate::i18n::Locale;
use crate::settings::{StaffDocument, kind};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier};
use beckon_store::shop::{DocumentWrite, ShopPlane};

/// Makes somebody who may sign in. The shop's first is the owner.
///
/// # Errors
/// [`Trouble`]; nothing is written then.
pub fn create(plane: &ShopPlane, email: &str, password: &str, role: Role) -> Result<(), Trouble> {
    create_speaking(plane, email, password, role, Locale::default())
}

/// As [`create`], with the language of the screens.
///
/// # Errors
/// [`Trouble`]; nothing is written then.
pub fn create_speaking(
    plane: &ShopPlane,
    email: &str,
    password: &str,
    role: Role,
    locale: Locale,
) -> Result<(), Trouble> {
    let email = normal(email).ok_or(Trouble::Email)?;
    let document = StaffDocument {
        password: password::hash(password, &email)?,
        role: role.code().to_owned(),
        locale: locale.code().to_owned(),
    };
    let before = plane.get(SHOP, kind::STAFF, &email).map_err(store)?;
    if before.as_ref().is_some_and(|before| before.body.is_some()) {
        return Err(Trouble::Exists);
    }
    put(plane, &email, &document, before.map_or(0, |before| before.version), &email)
}

/// Whether somebody may sign in at all; before, the set-up page is open.
///
/// # Errors
/// The plane cannot be read.
pub fn any(plane: &ShopPlane) -> beckon_store::Result<bool> {
    Ok(plane.list(SHOP, kind::STAFF)?.iter().any(|document| document.body.is_some()))
}

/// Somebody with the version of her document.
///
/// # Errors
/// The plane cannot be read.
pub fn get(plane: &ShopPlane, email: &str) -> beckon_store::Result<Option<(StaffDocument, u64)>> {
    let Some(document) = plane.get(SHOP, kind::STAFF, email)? else { return Ok(None) };
    let read = document.body.and_then(|body| serde_json::from_str(&body).ok());
    Ok(read.map(|read| (read, document.version)))
}

/// Whether this is her password. For an address that nobody has it takes as long, so that it cannot be told apart.
///
/// # Errors
/// The plane cannot be read.
pub fn check(plane: &ShopPlane, email: &str, password: &str) -> beckon_store::Result<bool> {
    if password.len() > password::MAX * 4 {
        return Ok(false);
    }
    let known = get(plane, email)?;
    let stored = match &known {
        Some((document, _)) => document.password.clone(),
        None => NOBODY.to_owned(),
    };
    let right = PasswordHash::new(&stored)
        .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok());
    Ok(right && known.is_some())
}

/// Argon2id with the parameters of [`password::hash`], of nothing anybody knows.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Gives somebody another password and ends all her sessions.
///
/// # Errors
/// [`Trouble`]; nothing is changed then.
pub fn set_password(plane: &ShopPlane, email: &str, password: &str) -> Result<(), Trouble> {
    let hashed = password::hash(password, email)?;
    change(plane, email, |document| document.password = hashed)?;
    plane.end_sessions(Some(email), wall_now()).map(drop).map_err(store)
}

/// Changes somebody's document.
///
/// # Errors
/// She is gone, or was changed meanwhile.
pub fn change(plane: &ShopPlane, email: &str, edit: impl FnOnce(&mut StaffDocument)) -> Result<(), Trouble> {
    let gone = || Trouble::Store("there is nobody with this address".to_owned());
    let (mut document, version) = get(plane, email).map_err(store)?.ok_or_else(gone)?;
    edit(&mut document);
    put(plane, email, &document, version, email)
}

/// Gives somebody another role and ends her sessions: what she may see is drawn anew.
///
/// # Errors
/// She is not there, or would have been the last owner.
pub fn set_role(plane: &ShopPlane, email: &str, role: Role) -> Result<(), Trouble> {
    if role != Role::Owner {
        another_owner(plane, email)?;
    }
    get(plane, email).map_err(store)?.ok_or(Trouble::Nobody)?;
    change(plane, email, |document| role.code().clone_into(&mut document.role))?;
    plane.end_sessions(Some(email), wall_now()).map(drop).map_err(store)
}

/// Takes somebody's access away and ends her sessions.
///
/// # Errors
/// She is not there, or is the last owner.
pub fn remove(plane: &ShopPlane, email: &str, by: &str) -> Result<(), Trouble> {
    another_owner(plane, email)?;
    let (_, version) = get(plane, email).map_err(store)?.ok_or(Trouble::Nobody)?;
    let write = DocumentWrite {
        shop: SHOP,
        kind: kind::STAFF,
        name: email,
        expected_version: version,
        body: None,
        at: wall_now(),
        by,
    };
    plane.put(&write).map_err(store)?;
    plane.end_sessions(Some(email), wall_now()).map(drop).map_err(store)
}

/// Refuses what would leave the shop without an owner.
fn another_owner(plane: &ShopPlane, email: &str) -> Result<(), Trouble> {
    let all = all(plane).map_err(store)?;
    let owner = |document: &StaffDocument| document.role == Role::Owner.code();
    let is_owner = all.iter().any(|(name, document)| name == email && owner(document));
    let another = all.iter().any(|(name, document)| name != email && owner(document));
    if is_owner && !another { Err(Trouble::LastOwner) } else { Ok(()) }
}

/// Everybody who may sign in, by address.
///
/// # Errors
/// The plane cannot be read.
pub fn all(plane: &ShopPlane) -> beckon_store::Result<Vec<(String, StaffDocument)>> {
    let read = |document: beckon_store::shop::Document| {
        let body = serde_json::from_str(document.body.as_deref()?).ok()?;
        Some((document.name, body))
    };
    Ok(plane.list(SHOP, kind::STAFF)?.into_iter().filter_map(read).collect())
}

/// An address in the one way it is stored.
#[must_use]
pub fn normal(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | ',' | ';' | '@');
    let ok = !local.is_empty() && domain.contains('.') && email.len() <= 200;
    (ok && local.chars().chain(domain.chars()).all(plain)).then_some(email)
}

fn put(
    plane: &ShopPlane,
    email: &str,
    document: &StaffDocument,
    version: u64,
    by: &str,
) -> Result<(), Trouble> {
    let body = serde_json::to_string(document).map_err(|why| Trouble::Store(why.to_string()))?;
    let write = DocumentWrite {
        shop: SHOP,
        kind: kind::STAFF,
        name: email,
        expected_version: version,
        body: Some(&body),
        at: wall_now(),
        by,
    };
    plane.put(&write).map(drop).map_err(store)
}

pub(super) fn store(error: beckon_store::Error) -> Trouble {
    Trouble::Store(error.to_string())
}
