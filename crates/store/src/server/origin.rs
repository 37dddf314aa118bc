//! Whether the database is the one that was written here last: after a fail-over it may lack commits that
//! were acknowledged, and does then not know who unsubscribed, nor what was sent.
//!
//! A program that runs compares after each reconnect. What does not fit is reported and written down until a
//! person accepts it, and no commit is taken meanwhile.

use super::connection::{Done, Session, lock, text};
use super::queues::number_in;
use crate::{Error, Result};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What this program knows of the database.
#[derive(Default)]
pub struct Origin {
    acknowledged: AtomicU64,
    doubt: Mutex<Doubt>,
}

#[derive(Default)]
struct Doubt {
    why: Option<String>,
    /// Commits that were acknowledged here are missing.
    is_behind: bool,
}

impl Origin {
    /// Compares, on a connection that was made anew.
    pub fn check(&self, session: &Session) -> Done {
        let number = number(session)?;
        let last = self.acknowledged.load(Ordering::Acquire);
        if number < last {
            let why = format!(
                "the database ends at commit {number}, but {last} was acknowledged: it is an older copy, or a standby \
                 that had not received everything"
            );
            let sql = "INSERT INTO meta (key, value) VALUES ('doubt', $1)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value";
            session.query(sql, vec![text(&why)])?;
            *lock(&self.doubt) = Doubt { why: Some(why), is_behind: true };
            return Ok(());
        }
        let written = session.query_opt(WRITTEN, Vec::new())?;
        lock(&self.doubt).why = written.map(|row| super::connection::get(&row, 0)).transpose()?;
        Ok(())
    }

    /// A commit was acknowledged.
    pub fn note(&self, number: u64) {
        self.acknowledged.fetch_max(number, Ordering::AcqRel);
    }

    /// Why the data may not be all there was.
    pub fn suspicion(&self) -> Option<String> {
        lock(&self.doubt).why.clone()
    }

    /// Refuses commits onto a database that lost some.
    pub fn refuse(&self) -> Result<()> {
        let doubt = lock(&self.doubt);
        match &doubt.why {
            Some(why) if doubt.is_behind => Err(Error::Unavailable(format!(
                "{why}. Nothing is written until a person accepts the database as it is"
            ))),
            _ => Ok(()),
        }
    }

    /// Takes the database as it is: forgets the doubt in the transaction that is open.
    pub fn accept(&self, session: &Session) -> Done<u64> {
        session.query("DELETE FROM meta WHERE key = 'doubt'", Vec::new())?;
        number(session)
    }

    /// The acceptance was committed, at this number.
    pub fn accepted(&self, number: u64) {
        self.acknowledged.store(number, Ordering::Release);
        *lock(&self.doubt) = Doubt::default();
    }
}

const WRITTEN: &str = "SELECT value FROM meta WHERE key = 'doubt'";

/// Whether a doubt is written down that nobody has settled yet.
pub fn is_written(session: &Session) -> Done<bool> {
    Ok(session.query_opt(WRITTEN, Vec::new())?.is_some())
}

fn number(session: &Session) -> Done<u64> {
    number_in(&session.query_one("SELECT commit_number FROM head WHERE id = 1", Vec::new())?, 0)
}
