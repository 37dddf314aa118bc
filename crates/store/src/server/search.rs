//! Looking for customers by the beginning of what they are known by.

use super::batch::{Batch, Key, key, key_arrays, push_key, shop};
use super::connection::{Done, Request, Session, Value, clean, get, text};
use super::load::identity;
use super::queues::{limit, number_in};
use super::statement::Insert;
use crate::{IdentityRow, WordsWrite};
use beckon_core::ids::{DoorKind, ProfileId, ShopId};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The words that profiles are found by.
pub type Words = BTreeMap<Key, BTreeSet<String>>;

fn key_of(write: &WordsWrite) -> Key {
    key(write.profile.bucket(), write.shop, write.profile.0)
}

/// The words that are there now, of profiles whose words are about to be written.
pub fn known(session: &Session, writes: &[WordsWrite]) -> Done<Words> {
    let mut words = Words::new();
    if writes.is_empty() {
        return Ok(words);
    }
    let sql = "SELECT w.bucket, w.shop, w.profile, w.word
        FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, profile)
        JOIN word AS w ON w.bucket = k.bucket AND w.shop = k.shop AND w.profile = k.profile";
    for row in session.query(sql, key_arrays(writes.iter().map(key_of)))? {
        words.entry((get(&row, 0)?, get(&row, 1)?, get(&row, 2)?)).or_default().insert(get(&row, 3)?);
    }
    Ok(words)
}

static WORD: Insert = Insert::new(
    "INSERT INTO word (bucket, shop, profile, word) VALUES {rows}
    ON CONFLICT (bucket, shop, profile, word) DO NOTHING",
);

/// Replaces the words of profiles; those that stay are left alone. Of two writes for one profile the last one
/// counts.
pub fn write<'a>(batch: &mut Batch<'a>, writes: &'a [WordsWrite], known: &Words) {
    let wanted: BTreeMap<Key, BTreeSet<Cow<'a, str>>> = writes
        .iter()
        .map(|write| (key_of(write), write.words.iter().map(|word| clean(word)).collect()))
        .collect();
    let none = BTreeSet::new();
    let (mut gone, mut gone_words, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for (key, words) in &wanted {
        let known = known.get(key).unwrap_or(&none);
        for word in known.iter().filter(|word| !words.contains(word.as_str())) {
            gone.push(*key);
            gone_words.push(Cow::Owned(word.clone()));
        }
        new.extend(words.iter().filter(|word| !known.contains(word.as_ref())).map(|word| (*key, word)));
    }
    if !gone.is_empty() {
        let sql = "DELETE FROM word AS w
            USING unnest($1::smallint[], $2::integer[], $3::bigint[], $4::text[]) AS k (bucket, shop, profile, word)
            WHERE w.bucket = k.bucket AND w.shop = k.shop AND w.profile = k.profile AND w.word = k.word";
        let mut values = key_arrays(gone.into_iter());
        values.push(Value::Texts(gone_words));
        batch.add(Request::new(sql, values));
    }
    batch.add_all(WORD.requests(&new, |(key, word), values| {
        push_key(values, key);
        values.push(Value::Text(word.clone()));
    }));
}

/// The end of the range of texts that begin so: no text of letters stands at or beyond it.
fn end(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Identities of a kind that begin so, in the order of their text. Browsers' ids are not among them.
pub fn identities(
    session: &Session,
    of: ShopId,
    kind: DoorKind,
    prefix: &str,
    most: usize,
) -> Done<Vec<IdentityRow>> {
    let sql =
        "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day FROM identity
        WHERE bucket >= 0 AND shop = $1 AND kind = $2 AND kind IN (1, 2, 3, 4) AND value >= $3 AND value < $4
        ORDER BY value, bucket, door LIMIT $5";
    let end = end(prefix);
    let values = vec![Value::Int(shop(of)), Value::Short(kind as i16), text(prefix), text(&end), limit(most)];
    session.query(sql, values)?.iter().map(identity).collect()
}

/// Profiles with a word that begins so, in the order of the words.
pub fn words(session: &Session, of: ShopId, prefix: &str, most: usize) -> Done<Vec<ProfileId>> {
    let sql = "SELECT profile FROM word WHERE bucket >= 0 AND shop = $1 AND word >= $2 AND word < $3
        ORDER BY word, profile LIMIT $4";
    let end = end(prefix);
    let rows = session.query(sql, vec![Value::Int(shop(of)), text(prefix), text(&end), limit(most)])?;
    rows.iter().map(|row| number_in(row, 0).map(ProfileId)).collect()
}
