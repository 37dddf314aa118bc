//! The way to the database: connections, transactions, and the version of the schema. Both planes stand on
//! this.
//!
//! [`Database::read`] lends a connection that only reads; [`Database::write`] runs a transaction on the one
//! that writes, and knows whether it happened even when the connection breaks. Statements are `&'static str`
//! and prepared once per connection; several may be sent in a row with [`Session::pipeline`].

mod address;
mod fault;
mod line;
mod listen;
mod migrate;
mod pool;
mod runtime;
mod session;
#[cfg(test)]
mod tests;
mod tls;
mod value;
mod writer;

pub use address::is_url;
pub use fault::{Done, Fail, conflict};
pub use session::{Request, Session};
pub use value::{Value, clean, maybe_text, text};
pub use writer::lock;

use crate::Result;
use address::Address;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// A plane's schema: its name in `schema_version`, and its steps in order; a step that was released is never
/// changed.
pub struct Plane {
    /// `customers` or `shop`.
    pub name: &'static str,
    /// SQL that leads from each version to the next.
    pub steps: &'static [&'static str],
}

/// Looks at the database each time the writing connection was made anew; when it fails, so does the
/// connection.
pub type Greet = Box<dyn Fn(&Session) -> Done + Send + Sync>;

/// A database with one plane's schema.
pub struct Database {
    readers: pool::Readers,
    writer: writer::Writer,
    /// Made when it is first needed.
    beside: Mutex<Option<Arc<writer::Writer>>>,
    address: Arc<Address>,
}

impl Database {
    /// Connects, and brings the schema up to date.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when it does not answer or does not let us in, [`crate::Error::Corrupt`]
    /// when a newer version wrote it. No error shows any part of the URL.
    pub fn open(url: &str, plane: &Plane, greet: Greet) -> Result<Database> {
        let address = Arc::new(Address::read(url)?);
        migrate::migrate(&Session::connect(&address)?, plane)?;
        let writer = writer::Writer::open(Arc::clone(&address), greet)?;
        let readers = pool::Readers::new(Arc::clone(&address));
        Ok(Database { readers, writer, beside: Mutex::default(), address })
    }

    /// How long whoever owns the shop owns it: before that has passed, a line that fell silent is given up.
    pub fn set_lease(&self, lease: Duration) {
        self.address.line.set_lease(lease);
    }

    /// Calls this with each word that another program tells, on the thread of the connections. From then on it is
    /// noticed when the line falls silent.
    pub fn listen(&self, heard: listen::Heard) {
        listen::listen(&self.address, heard);
    }

    /// Runs a read on a connection of its own; each statement sees what was committed when it began. May run
    /// twice.
    pub fn read<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        self.readers.read(work)
    }

    /// Runs a read of several statements that all see the same. May run twice.
    pub fn read_snapshot<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        self.readers.read(|session| session.snapshot(&work))
    }

    /// Runs a read on the connection that writes, between its commits. May run twice.
    pub fn read_last<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        self.writer.read(work)
    }

    /// Runs a transaction, all of it or nothing; one at a time.
    ///
    /// # Errors
    /// Those of the work. When the connection breaks at the commit, the answer is found out on the next one;
    /// only when the database stays away it is [`crate::Error::Unavailable`], saying that it is not known.
    pub fn write<T>(&self, work: impl FnOnce(&Session) -> Done<T>) -> Result<T> {
        self.writer.write(work)
    }

    /// As [`Database::write`], for work that may be done twice: when the connection was lost before the
    /// commit, which then did not happen, it is done once more on another.
    ///
    /// # Errors
    /// As for [`Database::write`].
    pub fn write_anew<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        self.writer.write_anew(work)
    }

    /// Runs a short transaction on a second connection, for what must not wait behind a long one. It may be
    /// done twice, as with [`Database::write_anew`].
    ///
    /// # Errors
    /// As for [`Database::write`].
    pub fn write_beside<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        let mut beside = lock(&self.beside);
        let writer = match &*beside {
            Some(writer) => Arc::clone(writer),
            None => {
                let writer = writer::Writer::open(Arc::clone(&self.address), Box::new(|_| Ok(())))?;
                Arc::clone(beside.insert(Arc::new(writer)))
            }
        };
        drop(beside);
        writer.write_anew(work)
    }
}

/// Looks at a database on a connection that only reads, whatever is in it.
///
/// # Errors
/// Those of the work, or [`crate::Error::Unavailable`]. No error shows any part of the URL.
pub fn visit<T>(url: &str, work: impl FnOnce(&Session) -> Done<T>) -> Result<T> {
    let session = Session::connect(&Arc::new(Address::read(url)?))?;
    session.script("SET default_transaction_read_only = on; SET statement_timeout = '30s'")?;
    Ok(work(&session)?)
}

/// Whether a URL can be understood; nothing is connected to.
///
/// # Errors
/// What is wrong, without any part of the URL.
pub fn check_url(url: &str) -> Result<()> {
    Address::read(url).map(drop)
}

/// A column of a row, by its place.
///
/// # Errors
/// It is of another type than ours.
pub fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Done<T> {
    Ok(row.try_get(column)?)
}
