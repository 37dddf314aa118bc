//! The engine that is built in: SQLite files in one directory, owned by one process.

mod audit;
pub mod backup;
mod catalogue;
mod checkpoint;
mod commit;
mod connection;
mod documents;
mod fail;
mod history;
mod import;
mod inbox;
mod load;
pub(crate) mod lock;
pub mod look;
mod message;
mod messages;
mod numbers;
mod origin;
mod plane;
mod queues;
mod retention;
mod search;
pub mod shop;
pub mod watch;

use crate::*;
use beckon_core::ids::{Bucket, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use checkpoint::Checkpoints;
use connection::Readers;
use fail::{Done, Fail};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// Steps of the customers' schema, in order; a step that was released is never changed.
pub(crate) const CUSTOMERS: &[&str] =
    &[include_str!("schema/customers_0001.sql"), include_str!("schema/customers_0002.sql")];
/// Only the checkpoints beside us may hold the file, and they for an instant.
const BUSY: Duration = Duration::from_secs(5);
/// Memory for pages of the writer; readers share the system's.
const WRITER_CACHE_KIB: u32 = 64 * 1024;
const READER_CACHE_KIB: u32 = 4 * 1024;

/// The customers' plane in `customers.db`. The order of the fields is the order in which they close.
pub struct Embedded {
    _checkpoints: Checkpoints,
    readers: Readers,
    writer: Arc<Mutex<Connection>>,
    path: PathBuf,
    /// Why this may be a copy or a backup.
    suspicion: Mutex<Option<String>>,
    /// Why no commit is taken any more.
    broken: Arc<OnceLock<String>>,
    _lock: lock::DirLock,
}

impl Embedded {
    /// Opens the directory, creating what is missing.
    pub fn open(dir: &Path, options: &Options) -> Result<Embedded> {
        std::fs::create_dir_all(dir).map_err(|e| Error::io("create", dir, &e))?;
        let lock = lock::DirLock::take(dir)?;
        let path = dir.join("customers.db");
        let mut conn = connection::open_writer(&path, BUSY, WRITER_CACHE_KIB)?;
        connection::migrate(&mut conn, &path, CUSTOMERS)?;
        if let Some(pages) = options.pages_max {
            conn.pragma_update(None, "max_page_count", pages)?;
        }
        let suspicion = Mutex::new(origin::check(&conn, &path)?);
        let writer = Arc::new(Mutex::new(conn));
        let readers = Readers::open(&path, BUSY, READER_CACHE_KIB)?;
        let broken = Arc::new(OnceLock::new());
        let checkpoints = Checkpoints::start(&path, Arc::clone(&writer), Arc::clone(&broken))?;
        Ok(Embedded { _checkpoints: checkpoints, readers, writer, path, suspicion, broken, _lock: lock })
    }

    pub fn suspicion(&self) -> Option<String> {
        connection::lock(&self.suspicion).clone()
    }

    pub fn is_doubted(&self) -> Result<bool> {
        Ok(self.suspicion().is_some())
    }

    pub fn hear(&self, _: Box<dyn Fn(Hint) + Send + Sync>) {}

    pub fn accept_origin(&self) -> Result<()> {
        origin::accept(&connection::lock(&self.writer), &self.path)?;
        *connection::lock(&self.suspicion) = None;
        Ok(())
    }

    pub fn commit(&self, commit: &Commit) -> Result<Committed> {
        self.write(|conn| commit::write(conn, commit))
    }

    /// Runs a transaction on the one writing connection.
    fn write<T>(&self, work: impl FnOnce(&mut Connection) -> Done<T>) -> Result<T> {
        if let Some(why) = self.broken.get() {
            return Err(Error::Unavailable(why.clone()));
        }
        let mut conn = connection::lock(&self.writer);
        work(&mut conn).map_err(|fail| match fail {
            Fail::Named(e) => e,
            Fail::Sql(e) => {
                note_sync_failure(&e, &self.broken);
                e.into()
            }
        })
    }

    pub fn load(&self, wanted: &Wanted) -> Result<Found> {
        load::load(&mut connection::lock(&self.writer), wanted)
    }

    pub fn raise_epoch(&self) -> Result<u64> {
        self.write(|conn| {
            let sql = "UPDATE head SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch";
            Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
        })
    }

    /// The lock of the directory is the ownership; the epoch is raised as anywhere.
    pub fn take_ownership(&self, _: &Candidate<'_>) -> Result<Ownership> {
        Ok(Ownership::Owner { epoch: self.raise_epoch()? })
    }

    pub fn renew(&self, _: &Candidate<'_>, epoch: u64) -> Result<()> {
        if self.head()?.epoch == epoch {
            return Ok(());
        }
        Err(Error::Conflict(format!("epoch {epoch} is not the store's any more")))
    }

    pub fn resign(&self, _: NodeId) -> Result<()> {
        self.raise_epoch().map(drop)
    }

    pub fn nodes(&self) -> Result<Vec<NodeRow>> {
        Ok(Vec::new())
    }

    pub fn head(&self) -> Result<Head> {
        self.readers.read(|conn| {
            let sql = "SELECT epoch, commit_number, now FROM head WHERE id = 1";
            Ok(conn.query_row(sql, [], |row| {
                Ok(Head {
                    epoch: row.get::<_, i64>(0)? as u64,
                    commit_number: row.get::<_, i64>(1)? as u64,
                    now: ShopTime(row.get(2)?),
                })
            })?)
        })
    }

    pub fn wakeups(&self, now: ShopTime, limit: usize) -> Result<Vec<(ShopId, ProfileId)>> {
        self.readers.read(|conn| queues::wakeups(conn, now, limit))
    }

    pub fn next_due(&self) -> Result<Option<ShopTime>> {
        self.readers.read(queues::next_due)
    }

    pub fn outbox(&self, now: ShopTime, lane: u8, limit: usize) -> Result<Vec<MessageRow>> {
        self.readers.read(|conn| queues::outbox(conn, now, lane, limit))
    }

    pub fn next_outbox(&self) -> Result<Option<ShopTime>> {
        self.readers.read(queues::next_outbox)
    }

    pub fn interrupted(&self) -> Result<Vec<MessageRow>> {
        self.readers.read(queues::interrupted)
    }

    pub fn letters(&self, limit: usize) -> Result<Vec<LetterRow>> {
        self.readers.read(|conn| queues::letters(conn, limit))
    }

    pub fn parked(&self, shop: ShopId, before: Option<PageKey>, limit: usize) -> Result<Vec<ParkedRow>> {
        self.readers.read(|conn| queues::parked(conn, shop, before, limit))
    }

    pub fn take_parked(&self, shop: ShopId, bucket: Bucket, number: u64) -> Result<Option<ParkedRow>> {
        self.write(|conn| Ok(queues::take_parked(conn, shop, bucket, number)?))
    }

    pub fn put_inbox(&self, rows: &[InboxWrite]) -> Result<()> {
        self.write(|conn| inbox::put(conn, rows))
    }

    pub fn inbox(&self, limit: usize) -> Result<Vec<InboxRow>> {
        self.readers.read(|conn| inbox::rows(conn, limit))
    }

    pub fn inbox_left(&self, keys: &[InboxKey]) -> Result<usize> {
        self.readers.read(|conn| inbox::left(conn, keys))
    }

    pub fn inbox_rows(&self, most: usize) -> Result<u64> {
        self.readers.read(|conn| inbox::count(conn, most))
    }

    pub fn message(&self, shop: ShopId, id: MessageId) -> Result<Option<MessageRow>> {
        self.readers.read(|conn| message::read(conn, shop, id))
    }

    pub fn messages(
        &self,
        filter: &MessageFilter,
        before: Option<PageKey>,
        limit: usize,
    ) -> Result<Vec<MessageRow>> {
        self.readers.read(|conn| messages::messages(conn, filter, before, limit))
    }

    pub fn profiles(&self, shop: ShopId, ids: &[ProfileId]) -> Result<Vec<ProfileRow>> {
        self.readers.read(|conn| load::profiles(conn, shop, ids))
    }

    pub fn hot_halves(
        &self,
        shop: ShopId,
        bucket: Bucket,
        after: Option<ProfileId>,
        limit: usize,
    ) -> Result<Vec<ProfileRow>> {
        self.readers.read(|conn| load::hot_halves(conn, shop, bucket, after, limit))
    }

    pub fn holders(&self, shop: ShopId, doors: &[(Bucket, DoorId)]) -> Result<Vec<IdentityRow>> {
        self.readers.read(|conn| load::holders(conn, shop, doors))
    }

    pub fn identities(&self, shop: ShopId, profile: ProfileId) -> Result<Vec<IdentityRow>> {
        self.readers.read(|conn| history::identities(conn, shop, profile))
    }

    pub fn customers(&self, shop: ShopId, before: Option<PageKey>, limit: usize) -> Result<Vec<IdentityRow>> {
        self.readers.read(|conn| history::customers(conn, shop, before, limit))
    }

    pub fn search(
        &self,
        shop: ShopId,
        kind: DoorKind,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<IdentityRow>> {
        self.readers.read(|conn| search::identities(conn, shop, kind, prefix, limit))
    }

    pub fn search_words(&self, shop: ShopId, prefix: &str, limit: usize) -> Result<Vec<ProfileId>> {
        self.readers.read(|conn| search::words(conn, shop, prefix, limit))
    }

    pub fn events(&self, after: i64, limit: usize) -> Result<Vec<(i64, EventRow)>> {
        self.readers.read(|conn| history::events(conn, after, limit))
    }

    pub fn timeline(
        &self,
        shop: ShopId,
        profiles: &[ProfileId],
        before: Option<TimelineKey>,
        limit: usize,
    ) -> Result<Vec<TimelineRow>> {
        self.readers.read(|conn| history::timeline(conn, shop, profiles, before, limit))
    }

    pub fn order(&self, shop: ShopId, bucket: Bucket, door: DoorId) -> Result<Option<OrderRow>> {
        self.readers.read(|conn| history::order(conn, shop, bucket, door))
    }

    pub fn numbers(&self, shop: ShopId, journey: Option<&str>, hours: (u32, u32)) -> Result<Vec<CountRow>> {
        self.readers.read(|conn| numbers::numbers(conn, shop, journey, hours))
    }

    pub fn hourly(&self, shop: ShopId, metric: &str, hours: (u32, u32)) -> Result<Vec<CountRow>> {
        self.readers.read(|conn| numbers::hourly(conn, shop, metric, hours))
    }

    pub fn credits(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<CreditSum>> {
        self.readers.read(|conn| numbers::credits(conn, shop, from, until))
    }

    pub fn buyers(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BuyerSum>> {
        self.readers.read(|conn| numbers::buyers(conn, shop, from, until))
    }

    pub fn block_credits(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BlockSum>> {
        self.readers.read(|conn| numbers::block_credits(conn, shop, from, until))
    }

    pub fn sizes(&self) -> Result<Vec<FileSize>> {
        Ok(self.path.parent().map(watch::sizes).unwrap_or_default())
    }

    pub fn waiting(&self) -> Result<Waiting> {
        self.readers.read(watch::waiting)
    }

    pub fn forget(&self, what: Forget, shop: ShopId, before: ShopTime, cursor: i64) -> Result<Forgotten> {
        self.write(|conn| Ok(retention::forget(conn, what, shop, before, cursor)?))
    }
}

/// After a write or a sync that the disk failed, other than for lack of space, no commit is taken any more.
///
/// The system may have dropped the pages it could not write, and a second sync would call them safe (the
/// lesson PostgreSQL published in 2018). Only what is read again after opening is true.
fn note_sync_failure(e: &rusqlite::Error, broken: &OnceLock<String>) {
    use rusqlite::ffi;
    let failed = e.sqlite_error().is_some_and(|e| {
        matches!(
            e.extended_code,
            ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC | ffi::SQLITE_IOERR_WRITE
        )
    });
    if failed {
        // The first failure is the one to tell.
        let _ =
            broken.set(format!("a write did not reach the disk ({e}): check it, then start Beckon again"));
    }
}
