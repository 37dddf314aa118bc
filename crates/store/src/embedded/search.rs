//! Looking for customers by the beginning of what they are known by.

use super::fail::Done;
use super::load;
use crate::{IdentityRow, Result, WordsWrite};
use beckon_core::ids::{DoorKind, ProfileId, ShopId};
use rusqlite::{Connection, Transaction, params};

/// Replaces the words of profiles; those that stay are left alone.
pub fn write(tx: &Transaction, writes: &[WordsWrite]) -> Done {
    for write in writes {
        let key = (write.profile.bucket().0, write.shop.0, write.profile.0 as i64);
        let sql = "SELECT word FROM word WHERE bucket = ?1 AND shop = ?2 AND profile = ?3 ORDER BY word";
        let mut select = tx.prepare_cached(sql)?;
        let known = select.query_map(params![key.0, key.1, key.2], |row| row.get(0))?;
        let known: Vec<String> = known.collect::<rusqlite::Result<_>>()?;
        let sql = "DELETE FROM word WHERE bucket = ?1 AND shop = ?2 AND profile = ?3 AND word = ?4";
        for word in known.iter().filter(|word| !write.words.contains(word)) {
            tx.prepare_cached(sql)?.execute(params![key.0, key.1, key.2, word])?;
        }
        let sql = "INSERT INTO word (bucket, shop, profile, word) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (bucket, shop, profile, word) DO NOTHING";
        for word in write.words.iter().filter(|word| !known.contains(word)) {
            tx.prepare_cached(sql)?.execute(params![key.0, key.1, key.2, word])?;
        }
    }
    Ok(())
}

/// The end of the range of texts that begin so: no text of letters stands at or beyond it.
fn end(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Identities of a kind that begin so, in the order of their text. Browsers' ids are not among them.
pub fn identities(
    conn: &Connection,
    shop: ShopId,
    kind: DoorKind,
    prefix: &str,
    limit: usize,
) -> Result<Vec<IdentityRow>> {
    let sql = "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day
        FROM identity INDEXED BY identity_value
        WHERE bucket >= 0 AND shop = ?1 AND kind = ?2 AND kind IN (1, 2, 3, 4) AND value >= ?3 AND value < ?4
        ORDER BY value LIMIT ?5";
    let mut select = conn.prepare_cached(sql)?;
    let key = params![shop.0, kind as u8, prefix, end(prefix), limit as i64];
    let rows = select.query_map(key, load::identity)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Profiles with a word that begins so, in the order of the words.
pub fn words(conn: &Connection, shop: ShopId, prefix: &str, limit: usize) -> Result<Vec<ProfileId>> {
    let sql = "SELECT profile FROM word INDEXED BY word_word
        WHERE bucket >= 0 AND shop = ?1 AND word >= ?2 AND word < ?3 ORDER BY word, profile LIMIT ?4";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, prefix, end(prefix), limit as i64], |row| {
        Ok(ProfileId(row.get::<_, i64>(0)? as u64))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
