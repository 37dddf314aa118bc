//! Looking for customers while somebody types: by the beginning of an e-mail address, a telephone number, a customer's
//! id, a card, a name or an order's id, or by the whole of anything else.

use super::{Lookup, find, follow};
use crate::app::{App, SHOP};
use beckon_core::ids::{DoorKind, ProfileId};
use beckon_core::profile::Profile;
use beckon_store::Result;

/// Profiles with a word looked at where more words were typed, to find those that have them all.
const LOOKED_AT: usize = 400;

/// Customers found by what was typed, the surest first; at most `limit`.
///
/// # Errors
/// The store cannot be read.
pub fn search(app: &App, typed: &str, limit: usize) -> Result<Vec<Profile>> {
    let typed = typed.trim();
    let mut found = find(app, &Lookup::anything(typed))?;
    let small = typed.to_lowercase();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let mut ids: Vec<ProfileId> = Vec::new();
    let mut by = |kind, prefix: &str| -> Result<()> {
        let rows = app.store.search(SHOP, kind, prefix, limit)?;
        ids.extend(rows.iter().map(|row| row.profile));
        Ok(())
    };
    if typed.chars().nth(1).is_some() {
        by(DoorKind::Email, &small)?;
        by(DoorKind::User, typed)?;
        by(DoorKind::Card, typed)?;
        // A number as people write it; a Russian one in its national form begins with 8.
        if digits.len() >= 3 && typed.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c)) {
            by(DoorKind::Phone, &digits)?;
            if let Some(rest) = digits.strip_prefix('8') {
                by(DoorKind::Phone, &format!("7{rest}"))?;
            }
        }
        let words: Vec<&str> = small.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [word] => ids.extend(app.store.search_words(SHOP, word, limit)?),
            words => ids.extend(with_all(app, words)?),
        }
    }
    for id in ids {
        if found.len() >= limit {
            break;
        }
        if let Some(profile) = follow(app, id)?
            && !found.iter().any(|known| known.id == profile.id)
        {
            found.push(profile);
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// Profiles that have a word beginning with each of these.
fn with_all(app: &App, words: &[&str]) -> Result<Vec<ProfileId>> {
    let mut words = words.to_vec();
    // The longest word is the rarest.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut ids = app.store.search_words(SHOP, words[0], LOOKED_AT)?;
    for word in &words[1..] {
        let others = app.store.search_words(SHOP, word, LOOKED_AT)?;
        // A short word has more than are looked at: then only the longer ones count.
        if others.len() < LOOKED_AT {
            ids.retain(|id| others.contains(id));
        }
    }
    Ok(ids)
}
