//! Connections that only read: a few, made when they are needed, lent to one thread at a time.

use super::address::Address;
use super::fault::{Done, Fail};
use super::session::Session;
use super::writer::lock;
use crate::{Error, Result};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many reads may run at once beside the writer.
const READERS: usize = 4;
/// How long a read waits for a connection to be free.
const FREE_MAX: Duration = Duration::from_secs(30);
/// Reads never write, and never hold up the database's cleaning for long.
const SETTINGS: &str = "SET default_transaction_read_only = on; SET statement_timeout = '30s'";

/// The pool.
pub struct Readers {
    address: Arc<Address>,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    lent: usize,
}

impl Readers {
    /// A pool without connections yet.
    pub fn new(address: Arc<Address>) -> Readers {
        Readers { address, state: Mutex::default(), returned: Condvar::new() }
    }

    /// Runs a read; each of its statements sees what was committed when it began. It may be done twice, when
    /// the connection it began on was lost.
    pub fn read<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        let mut lent = Lent { pool: self, session: self.take()? };
        // The connections that are idle may all have been lost with the database; a new one tells how it
        // stands now.
        for _ in 0..=READERS {
            let session = match lent.session.take() {
                Some(session) if !session.is_lost() => session,
                _ => self.connect()?,
            };
            let done = work(&session);
            match done {
                Err(Fail::Lost(_)) => lock(&self.state).idle.clear(),
                done => {
                    lent.session = Some(session);
                    return Ok(done?);
                }
            }
        }
        Err(Error::Unavailable("the connection to the database is lost again and again".to_owned()))
    }

    fn connect(&self) -> Result<Session> {
        let session = Session::connect(&self.address)?;
        session.script(SETTINGS)?;
        Ok(session)
    }

    /// The right to use a connection, with one that was idle if there is one.
    fn take(&self) -> Result<Option<Session>> {
        let until = Instant::now() + FREE_MAX;
        let mut state = lock(&self.state);
        while state.lent >= READERS {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
            else {
                return Err(Error::Unavailable("all connections to the database are busy".to_owned()));
            };
            state = self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.lent += 1;
        Ok(state.idle.pop())
    }
}

/// A borrowed connection; it goes back even when the read panics, unless it is lost.
struct Lent<'a> {
    pool: &'a Readers,
    session: Option<Session>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.pool.state);
        state.lent -= 1;
        state.idle.extend(self.session.take().filter(|session| !session.is_lost()));
        self.pool.returned.notify_one();
    }
}
