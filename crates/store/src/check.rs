//! What can be seen to be wrong with a commit before anything is written, whichever engine is to execute it.

use crate::{Commit, Error, HOT_MAX_BYTES, Result, WARM_MAX_BYTES};
use beckon_core::ids::{BUCKETS, Bucket};

/// Refuses what is too large or lies in no bucket.
pub fn check(commit: &Commit) -> Result<()> {
    for p in &commit.profiles {
        let warm = p.warm.as_ref().map_or(0, Vec::len);
        if p.hot.len() > HOT_MAX_BYTES || warm > WARM_MAX_BYTES {
            return Err(Error::Corrupt(format!(
                "profile {} of shop {} is too large: hot {} of {HOT_MAX_BYTES} bytes, warm {warm} of {WARM_MAX_BYTES}",
                p.id,
                p.shop.0,
                p.hot.len(),
            )));
        }
    }
    let buckets = (commit.identities.iter().map(|r| r.bucket))
        .chain(commit.seen.iter().map(|r| r.bucket))
        .chain(commit.orders.iter().map(|r| r.bucket))
        .chain(commit.addresses.iter().map(|r| r.bucket))
        .chain(commit.letters.iter().map(|r| r.key.bucket))
        .chain(commit.inbox_done.iter().map(|r| r.bucket))
        .chain(commit.parked.iter().map(|r| r.bucket));
    within(buckets)
}

/// Refuses a bucket that there is not.
pub fn within(mut buckets: impl Iterator<Item = Bucket>) -> Result<()> {
    match buckets.find(|Bucket(n)| *n >= BUCKETS) {
        Some(Bucket(n)) => {
            Err(Error::Corrupt(format!("there is no bucket {n}: they end at {}", BUCKETS - 1)))
        }
        None => Ok(()),
    }
}
