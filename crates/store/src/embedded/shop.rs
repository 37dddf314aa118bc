//! The file `shop.db`: opened by several processes, each change one short transaction.

use super::connection::{self, Readers};
use super::{audit, catalogue, documents};
use crate::shop_rows::{
    AuditFilter, AuditRow, AuditWrite, Card, Document, DocumentWrite, ImportReport, PriceChange, Session,
};
use crate::{Error, Result};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// Steps of the schema, in order; a step that was released is never changed.
pub(crate) const SHOP: &[&str] =
    &[include_str!("schema/shop_0001.sql"), include_str!("schema/shop_0002.sql")];
/// How long to wait for another process.
const BUSY: Duration = Duration::from_secs(10);
const CACHE_KIB: u32 = 8 * 1024;

/// The shop's plane in `shop.db`. The fields close in their order: the last to close must be who may write, or the log
/// stays beside the file.
pub struct ShopFile {
    readers: Readers,
    writer: Mutex<Connection>,
}

impl ShopFile {
    pub fn open(dir: &Path) -> Result<ShopFile> {
        std::fs::create_dir_all(dir).map_err(|e| Error::io("create", dir, &e))?;
        let path = dir.join("shop.db");
        let mut conn = connection::open_writer(&path, BUSY, CACHE_KIB)?;
        // Writes are few here, so that a checkpoint may be part of one.
        conn.pragma_update(None, "wal_autocheckpoint", 1_000)?;
        connection::migrate(&mut conn, &path, SHOP)?;
        let readers = Readers::open(&path, BUSY, CACHE_KIB)?;
        Ok(ShopFile { readers, writer: Mutex::new(conn) })
    }

    /// Runs a transaction; all of it or nothing.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut conn = connection::lock(&self.writer);
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    pub fn version(&self) -> Result<u64> {
        self.readers.read(|conn| {
            let sql = "SELECT version FROM plane WHERE id = 1";
            Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
        })
    }

    pub fn put_all(&self, writes: &[DocumentWrite]) -> Result<Vec<u64>> {
        self.write(|tx| documents::put_all(tx, writes))
    }

    pub fn get(&self, shop: ShopId, kind: &str, name: &str) -> Result<Option<Document>> {
        self.readers.read(|conn| documents::get(conn, shop, kind, name))
    }

    pub fn list(&self, shop: ShopId, kind: &str) -> Result<Vec<Document>> {
        self.readers.read(|conn| documents::list(conn, shop, kind))
    }

    pub fn changed_since(&self, version: u64) -> Result<Vec<Document>> {
        self.readers.read(|conn| documents::changed_since(conn, version))
    }

    pub fn past(&self, shop: ShopId, kind: &str, name: &str) -> Result<Vec<Document>> {
        self.readers.read(|conn| documents::past(conn, shop, kind, name))
    }

    pub fn keep_texts(&self, shop: ShopId, texts: &[(u64, &str)]) -> Result<()> {
        let missing = self.readers.read(|conn| documents::unknown_texts(conn, shop, texts))?;
        if missing.is_empty() { Ok(()) } else { self.write(|tx| documents::keep_texts(tx, shop, &missing)) }
    }

    pub fn text(&self, shop: ShopId, digest: u64) -> Result<Option<String>> {
        self.readers.read(|conn| documents::text(conn, shop, digest))
    }

    pub fn put_session(&self, session: &Session) -> Result<()> {
        self.write(|tx| documents::put_session(tx, session))
    }

    pub fn session(&self, token: &[u8], now: WallTime) -> Result<Option<Session>> {
        self.readers.read(|conn| documents::session(conn, token, now))
    }

    pub fn end_session(&self, token: &[u8]) -> Result<()> {
        self.write(|tx| documents::end_session(tx, token))
    }

    pub fn end_sessions(&self, staff: Option<&str>, now: WallTime) -> Result<usize> {
        self.write(|tx| documents::end_sessions(tx, staff, now))
    }

    pub fn sessions(&self, staff: &str, now: WallTime) -> Result<Vec<Session>> {
        self.readers.read(|conn| documents::sessions(conn, staff, now))
    }

    pub fn use_key(&self, shop: ShopId, name: &str, at: WallTime) -> Result<()> {
        self.write(|tx| documents::use_key(tx, shop, name, at))
    }

    pub fn key_uses(&self, shop: ShopId) -> Result<Vec<(String, WallTime)>> {
        self.readers.read(|conn| documents::key_uses(conn, shop))
    }

    pub fn note(&self, entry: &AuditWrite, by: &str) -> Result<()> {
        self.write(|tx| audit::note(tx, entry, by))
    }

    pub fn prune_audit(&self, shop: ShopId, now: WallTime) -> Result<()> {
        self.write(|tx| audit::prune(tx, shop, now))
    }

    pub fn audit(
        &self,
        shop: ShopId,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>> {
        self.readers.read(|conn| audit::page(conn, shop, filter, before, limit))
    }

    pub fn offers(&self, shop: ShopId, numbers: &[u64]) -> Result<Vec<(u64, Offer)>> {
        self.readers.read(|conn| catalogue::offers(conn, shop, numbers))
    }

    pub fn offer_by_id(&self, shop: ShopId, id: &str) -> Result<Option<(u64, Offer)>> {
        Ok(self
            .offers(shop, &[crate::gathering::number(shop, id)])?
            .pop()
            .filter(|(_, offer)| offer.id == id))
    }

    pub fn page(
        &self,
        shop: ShopId,
        search: Option<&str>,
        category: Option<&str>,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Offer)>> {
        self.readers.read(|conn| catalogue::page(conn, shop, (search, category), after, limit))
    }

    pub fn cards(&self, shop: ShopId, after: Option<u64>, limit: usize) -> Result<Vec<Card>> {
        self.readers.read(|conn| catalogue::cards(conn, shop, after, limit))
    }

    pub fn categories(&self, shop: ShopId) -> Result<Vec<Category>> {
        self.readers.read(|conn| catalogue::categories(conn, shop))
    }

    pub fn catalogue_version(&self, shop: ShopId) -> Result<u64> {
        self.readers.read(|conn| catalogue::version(conn, shop))
    }

    pub fn offer_count(&self, shop: ShopId) -> Result<u64> {
        self.readers.read(|conn| catalogue::count(conn, shop))
    }

    pub fn prices(&self, shop: ShopId, number: u64, limit: usize) -> Result<Vec<PriceChange>> {
        self.readers.read(|conn| catalogue::prices(conn, shop, number, limit))
    }

    pub fn import_reports(&self, shop: ShopId, limit: usize) -> Result<Vec<ImportReport>> {
        self.readers.read(|conn| catalogue::reports(conn, shop, limit))
    }
}
