//! The one connection that writes, and the truth about a commit whose answer was lost.
//!
//! A connection that breaks while `COMMIT` is on its way leaves nobody knowing whether it happened. So each
//! transaction writes its number into a row of its own writer; the next connection waits until the old
//! transaction has ended, reads the row, and knows.

use super::Greet;
use super::address::Address;
use super::fault::{Done, Fail};
use super::session::{Request, Session};
use super::value::Value;
use crate::{Error, Result};
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a commit whose answer was lost is asked for before the caller hears that it is not known.
const SETTLE_MAX: Duration = Duration::from_secs(10);
/// The pause after a connection that could not be made; doubled with each further one.
const PAUSE_MIN: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// A lock whose holder panicked is still good: what was open is rolled back, and the connection is made anew.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Settings beside those of every connection. A commit is on disk when it is acknowledged, also where the
/// database's own setting is otherwise; and waiting for a standby is never cut short by a clock, since it
/// would then be called done.
const SETTINGS: &str = "SET statement_timeout = 0; SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'";

/// Makes the one connection, again when it was lost.
pub struct Writer {
    address: Arc<Address>,
    /// Whose row it is. Drawn at the start, so that no two programs share one.
    id: i64,
    greet: Greet,
    state: Mutex<State>,
}

struct State {
    session: Option<Session>,
    /// Number of the last transaction.
    batch: i64,
    /// When a connection may be tried again, how long to pause after, and why the last one failed.
    pause: Option<(Instant, Duration, String)>,
}

impl Writer {
    /// Connects for the first time.
    pub fn open(address: Arc<Address>, greet: Greet) -> Result<Writer> {
        let id = RandomState::new().hash_one(std::process::id()).cast_signed();
        let state = State { session: None, batch: 0, pause: None };
        let writer = Writer { address, id, greet, state: Mutex::new(state) };
        writer.connected(&mut lock(&writer.state))?;
        Ok(writer)
    }

    /// Reads on the writing connection: after every commit made before, and beside none. The work may be done
    /// twice, when the connection was lost meanwhile.
    pub fn read<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        let mut state = lock(&self.state);
        for last in [false, true] {
            let done = work(self.connected(&mut state)?);
            self.let_go(&mut state);
            match done {
                Err(Fail::Lost(_)) if !last => {}
                done => return Ok(done?),
            }
        }
        Err(Error::Unavailable("the connection to the database was lost twice".to_owned()))
    }

    /// Runs a transaction: all of it or nothing.
    ///
    /// # Errors
    /// Those of the work, with nothing left of it. [`Error::Unavailable`] that says so when it cannot be
    /// found out whether the commit happened; whatever is read or written here next waits until it is
    /// certain.
    pub fn write<T>(&self, work: impl FnOnce(&Session) -> Done<T>) -> Result<T> {
        Ok(self.transaction(&mut lock(&self.state), work)??)
    }

    /// As [`Writer::write`]; when the connection was lost before the end, as one that was idle may have been
    /// for long, the work is done once more on another.
    pub fn write_anew<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        let mut state = lock(&self.state);
        match self.transaction(&mut state, &work)? {
            Err(Fail::Lost(_)) => Ok(self.transaction(&mut state, &work)??),
            done => Ok(done?),
        }
    }

    /// A transaction that ended in [`Fail::Lost`] did not happen.
    fn transaction<T>(&self, state: &mut State, work: impl FnOnce(&Session) -> Done<T>) -> Result<Done<T>> {
        state.batch += 1;
        let batch = state.batch;
        match self.attempt(self.connected(state)?, batch, work) {
            Attempt::Certain(done) => Ok(done),
            Attempt::Unknown(value, why) => self.settle(state, batch, &why).map(|()| Ok(value)),
        }
    }

    fn attempt<T>(
        &self,
        session: &Session,
        batch: i64,
        work: impl FnOnce(&Session) -> Done<T>,
    ) -> Attempt<T> {
        let open = Open { session, is_open: Cell::new(true) };
        session.send_ahead(Request::new("BEGIN", Vec::new()));
        let mark = "INSERT INTO writer (id, batch, seen) VALUES ($1, $2, now())
            ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, seen = excluded.seen";
        session.send_ahead(Request::new(mark, vec![Value::Long(self.id), Value::Long(batch)]));
        let value = match work(session) {
            Ok(value) => value,
            Err(fail) => return Attempt::Certain(Err(fail)),
        };
        if session.drop_ahead() {
            // Nothing was asked of the database.
            open.is_open.set(false);
            return Attempt::Certain(Ok(value));
        }
        if session.has_failed() {
            let why = "a transaction that had failed was to be committed";
            return Attempt::Certain(Err(Fail::Named(Error::Corrupt(why.to_owned()))));
        }
        open.is_open.set(false);
        match session.script("COMMIT") {
            Ok(()) => Attempt::Certain(Ok(value)),
            Err(Fail::Named(e)) => Attempt::Certain(Err(Fail::Named(e))),
            Err(Fail::Lost(why)) => Attempt::Unknown(value, why),
        }
    }

    /// Finds out whether a transaction happened whose `COMMIT` was not answered.
    fn settle(&self, state: &mut State, batch: i64, why: &str) -> Result<()> {
        let until = Instant::now() + SETTLE_MAX;
        loop {
            state.session = None;
            let last = match self.connected(state) {
                Ok(session) => session.query_opt(LAST, vec![Value::Long(self.id)]).map_err(Error::from),
                Err(why) => Err(why),
            };
            match last {
                Ok(Some(row)) if row.try_get::<_, i64>(0).is_ok_and(|last| last == batch) => return Ok(()),
                Ok(_) => {
                    return Err(Error::Unavailable(format!(
                        "the connection to the database was lost ({why}) and the commit did not happen"
                    )));
                }
                // On a line that is silent nothing comes soon, and whoever asked must not wait beyond the lease.
                Err(still) if Instant::now() >= until || self.address.line.is_silent() => {
                    return Err(Error::Unavailable(format!(
                        "the connection to the database was lost at a commit ({why}), and whether it happened is not \
                         known until the database answers again: {still}"
                    )));
                }
                Err(_) => std::thread::sleep(PAUSE_MIN),
            }
        }
    }

    fn connected<'a>(&self, state: &'a mut State) -> Result<&'a Session> {
        self.let_go(state);
        if state.session.is_none() {
            if let Some((until, _, why)) = &state.pause
                && Instant::now() < *until
            {
                return Err(Error::Unavailable(why.clone()));
            }
            match self.connect() {
                Ok(session) => (state.session, state.pause) = (Some(session), None),
                Err(e) => {
                    let pause =
                        state.pause.take().map_or(PAUSE_MIN, |(_, pause, _)| (pause * 2).min(PAUSE_MAX));
                    let why = match &e {
                        Error::Unavailable(why) => why.clone(),
                        other => other.to_string(),
                    };
                    state.pause = Some((Instant::now() + pause, pause, why));
                    return Err(e);
                }
            }
        }
        state.session.as_ref().ok_or_else(gone)
    }

    /// Drops a connection that is of no use.
    fn let_go(&self, state: &mut State) {
        if state.session.as_ref().is_some_and(Session::is_lost) {
            state.session = None;
        }
    }

    /// A new connection. Inserting our row, and then locking it, waits for the end of whatever transaction of
    /// ours is still open on an old one.
    fn connect(&self) -> Result<Session> {
        let session = Session::connect(&self.address)?;
        session.script(SETTINGS)?;
        let sql = "INSERT INTO writer (id, batch, seen) VALUES ($1, 0, now()) ON CONFLICT (id) DO NOTHING";
        session.query(sql, vec![Value::Long(self.id)])?;
        session.query(LAST, vec![Value::Long(self.id)])?;
        (self.greet)(&session)?;
        Ok(session)
    }
}

/// The last transaction of a writer, as soon as none is open.
const LAST: &str = "SELECT batch FROM writer WHERE id = $1 FOR UPDATE";

fn gone() -> Error {
    Error::Unavailable("there is no connection to the database".to_owned())
}

/// What became of a transaction.
enum Attempt<T> {
    Certain(Done<T>),
    /// `COMMIT` was sent, and no answer came.
    Unknown(T, String),
}

/// A transaction that is rolled back unless it was committed, also when the work panicked.
struct Open<'a> {
    session: &'a Session,
    is_open: Cell<bool>,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let was_begun = !self.session.drop_ahead();
        if self.is_open.get() && was_begun && !self.session.is_lost() {
            // It fails when the connection is lost, and then the database rolls back by itself.
            let _ = self.session.script("ROLLBACK");
        }
    }
}
