//! The statements of one commit: sent in a row, their answers looked at in the order of the commit's lists.
//!
//! The embedded engine executes a list row by row. Here a list is cut into waves in which no row comes twice,
//! so that one statement may write a whole wave; rows that come again are in the next. Which row failed first
//! is found by its place in the list.

use super::connection::{Done, Request, Session, Value, conflict, get};
use beckon_core::ids::{Bucket, MessageId, ShopId};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use tokio_postgres::Row;

/// Bucket, shop and number: what names a row.
pub type Key = (i16, i32, i64);

/// The column of a shop. Ids beyond it are refused in writing, and nothing is found of them.
pub fn shop(shop: ShopId) -> i32 {
    i32::try_from(shop.0).unwrap_or(-1)
}

/// The column of a bucket.
pub fn bucket(bucket: Bucket) -> i16 {
    i16::try_from(bucket.0).unwrap_or(-1)
}

/// What names a row.
pub fn key(of: Bucket, shop_of: ShopId, number: u64) -> Key {
    (bucket(of), shop(shop_of), number.cast_signed())
}

/// Lists of a commit whose rows have guards, in the order in which they count as executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// The epoch.
    Head,
    Profiles,
    Messages,
    Orders,
    Addresses,
    Letters,
    Inbox,
}

/// What is found out while a commit is executed.
#[derive(Default)]
pub struct Outcome {
    /// The number of the commit.
    pub number: u64,
    /// Whether each event is new.
    pub new_events: Vec<bool>,
    /// New messages that were there already, by their place in the list.
    pub known: Vec<(usize, MessageId)>,
    failure: Option<((List, usize), String)>,
}

impl Outcome {
    /// A row whose guard did not hold; the first of all is the one to tell.
    pub fn fail(&mut self, list: List, at: usize, what: impl FnOnce() -> String) {
        if self.failure.as_ref().is_none_or(|(before, _)| (list, at) < *before) {
            self.failure = Some(((list, at), what()));
        }
    }
}

type Check<'a> = Box<dyn FnOnce(Vec<Row>, &mut Outcome) -> Done + 'a>;

/// Statements, and what is to be seen in their answers.
#[derive(Default)]
pub struct Batch<'a> {
    requests: Vec<Request<'a>>,
    checks: Vec<Option<Check<'a>>>,
}

impl<'a> Batch<'a> {
    /// A statement whose answer says nothing.
    pub fn add(&mut self, request: Request<'a>) {
        self.requests.push(request);
        self.checks.push(None);
    }

    /// Statements whose answers say nothing.
    pub fn add_all<T>(&mut self, requests: Vec<(Request<'a>, Vec<T>)>) {
        requests.into_iter().for_each(|(request, _)| self.add(request));
    }

    /// A statement and what is to be seen in its rows.
    pub fn check(&mut self, request: Request<'a>, check: impl FnOnce(Vec<Row>, &mut Outcome) -> Done + 'a) {
        self.requests.push(request);
        self.checks.push(Some(Box::new(check)));
    }

    /// Statements that give back bucket, shop and number of each row they wrote; the guard of any other did
    /// not hold. Where they give back a version too, a negative one was not there before and is none.
    pub fn guard(
        &mut self,
        list: List,
        requests: Vec<(Request<'a>, Vec<usize>)>,
        key: impl Fn(usize) -> Key + Copy + 'a,
        what: impl Fn(usize) -> String + Copy + 'a,
    ) {
        for (request, items) in requests {
            self.check(request, move |rows, outcome| {
                let written = written(&rows)?;
                for at in items {
                    if !written.contains(&key(at)) {
                        outcome.fail(list, at, || what(at));
                    }
                }
                Ok(())
            });
        }
    }

    /// Executes all.
    pub fn run(self, session: &Session) -> Done<Outcome> {
        let mut outcome = Outcome::default();
        let (answers, error) = session.pipeline_until(&self.requests)?;
        for (rows, check) in answers.into_iter().zip(self.checks) {
            if let Some(check) = check {
                check(rows, &mut outcome)?;
            }
        }
        if let Some((_, what)) = outcome.failure {
            return conflict(what);
        }
        match error {
            Some(fail) => Err(fail),
            None => Ok(outcome),
        }
    }
}

/// The rows that a statement gave back as written.
pub fn written(rows: &[Row]) -> Done<HashSet<Key>> {
    let mut keys = HashSet::with_capacity(rows.len());
    for row in rows {
        if row.len() < 4 || get::<i64>(row, 3)? > 0 {
            keys.insert((get(row, 0)?, get(row, 1)?, get(row, 2)?));
        }
    }
    Ok(keys)
}

/// Places in a list, cut so that no key comes twice in a wave and what comes again comes later.
pub fn waves<K: Hash + Eq>(keys: impl Iterator<Item = K>) -> Vec<Vec<usize>> {
    let mut seen: HashMap<K, usize> = HashMap::new();
    let mut waves: Vec<Vec<usize>> = Vec::new();
    for (at, key) in keys.enumerate() {
        let wave = seen.entry(key).and_modify(|wave| *wave += 1).or_insert(0);
        if waves.len() <= *wave {
            waves.push(Vec::new());
        }
        waves[*wave].push(at);
    }
    waves
}

/// Bucket, shop and number of a row.
pub fn push_key(values: &mut Vec<Value<'_>>, (bucket, shop, number): (i16, i32, i64)) {
    values.extend([Value::Short(bucket), Value::Int(shop), Value::Long(number)]);
}

/// Keys as three arrays, for statements that join them.
pub fn key_arrays<'a>(keys: impl Iterator<Item = Key>) -> Vec<Value<'a>> {
    let (mut buckets, mut shops, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for (bucket, shop, number) in keys {
        buckets.push(bucket);
        shops.push(shop);
        numbers.push(number);
    }
    vec![Value::Shorts(buckets), Value::Ints(shops), Value::Longs(numbers)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_comes_later() {
        assert_eq!(waves("abacab".chars()), [vec![0, 1, 3], vec![2, 5], vec![4]]);
        assert!(waves("".chars()).is_empty());
        let mut outcome = Outcome::default();
        outcome.fail(List::Orders, 0, || "third".to_owned());
        outcome.fail(List::Profiles, 7, || "second".to_owned());
        outcome.fail(List::Profiles, 2, || "first".to_owned());
        outcome.fail(List::Profiles, 3, || "later".to_owned());
        assert_eq!(outcome.failure.unwrap().1, "first");
    }
}
