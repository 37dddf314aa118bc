//! The shop's plane on a server: tables that any number of programs share, each change one short transaction.

use super::connection::{Database, Plane};
use super::{audit, catalogue, documents, plane};
use crate::Result;
use crate::shop_rows::{
    AuditFilter, AuditRow, AuditWrite, Card, Document, DocumentWrite, ImportReport, PriceChange, Session,
};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;

/// The schema; a step that was released is never changed.
pub(crate) const SHOP: Plane = Plane { name: "shop", steps: &[include_str!("schema/shop_0001.sql")] };

/// The shop's plane in a database.
pub struct ShopServer {
    pub(super) database: Database,
}

impl ShopServer {
    pub fn open(url: &str) -> Result<ShopServer> {
        let database = Database::open(url, &SHOP, Box::new(|_| Ok(())))?;
        super::refuse_half(&database)?;
        Ok(ShopServer { database })
    }

    pub fn version(&self) -> Result<u64> {
        self.database.read(plane::version)
    }

    pub fn put_all(&self, writes: &[DocumentWrite]) -> Result<Vec<u64>> {
        self.database.write(|session| documents::put_all(session, writes))
    }

    pub fn get(&self, shop: ShopId, kind: &str, name: &str) -> Result<Option<Document>> {
        self.database.read(|session| documents::get_one(session, shop, kind, name))
    }

    pub fn list(&self, shop: ShopId, kind: &str) -> Result<Vec<Document>> {
        self.database.read(|session| documents::list(session, shop, kind))
    }

    pub fn changed_since(&self, version: u64) -> Result<Vec<Document>> {
        self.database.read(|session| documents::changed_since(session, version))
    }

    pub fn past(&self, shop: ShopId, kind: &str, name: &str) -> Result<Vec<Document>> {
        self.database.read(|session| documents::past(session, shop, kind, name))
    }

    pub fn keep_texts(&self, shop: ShopId, texts: &[(u64, &str)]) -> Result<()> {
        let missing = self.database.read(|session| documents::unknown_texts(session, shop, texts))?;
        if missing.is_empty() {
            return Ok(());
        }
        self.database.write(|session| documents::keep_texts(session, shop, &missing))
    }

    pub fn text(&self, shop: ShopId, digest: u64) -> Result<Option<String>> {
        self.database.read(|session| documents::text_of(session, shop, digest))
    }

    pub fn put_session(&self, row: &Session) -> Result<()> {
        self.database.write(|session| documents::put_session(session, row))
    }

    pub fn session(&self, token: &[u8], now: WallTime) -> Result<Option<Session>> {
        self.database.read(|session| documents::session(session, token, now))
    }

    pub fn end_session(&self, token: &[u8]) -> Result<()> {
        self.database.write(|session| documents::end_session(session, token))
    }

    pub fn end_sessions(&self, staff: Option<&str>, now: WallTime) -> Result<usize> {
        self.database.write(|session| documents::end_sessions(session, staff, now))
    }

    pub fn sessions(&self, staff: &str, now: WallTime) -> Result<Vec<Session>> {
        self.database.read(|session| documents::sessions(session, staff, now))
    }

    pub fn use_key(&self, shop: ShopId, name: &str, at: WallTime) -> Result<()> {
        self.database.write(|session| documents::use_key(session, shop, name, at))
    }

    pub fn key_uses(&self, shop: ShopId) -> Result<Vec<(String, WallTime)>> {
        self.database.read(|session| documents::key_uses(session, shop))
    }

    pub fn note(&self, entry: &AuditWrite, by: &str) -> Result<()> {
        self.database.write(|session| audit::note(session, entry, by))
    }

    pub fn prune_audit(&self, shop: ShopId, now: WallTime) -> Result<()> {
        self.database.write(|session| audit::prune(session, shop, now))
    }

    pub fn audit(
        &self,
        shop: ShopId,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>> {
        self.database.read(|session| audit::page(session, shop, filter, before, limit))
    }

    pub fn offers(&self, shop: ShopId, numbers: &[u64]) -> Result<Vec<(u64, Offer)>> {
        self.database.read(|session| catalogue::offers(session, shop, numbers))
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
        self.database.read(|session| catalogue::page(session, shop, (search, category), after, limit))
    }

    pub fn cards(&self, shop: ShopId, after: Option<u64>, limit: usize) -> Result<Vec<Card>> {
        self.database.read(|session| catalogue::cards(session, shop, after, limit))
    }

    pub fn categories(&self, shop: ShopId) -> Result<Vec<Category>> {
        self.database.read(|session| catalogue::categories(session, shop))
    }

    pub fn catalogue_version(&self, shop: ShopId) -> Result<u64> {
        self.database.read(|session| catalogue::version(session, shop))
    }

    pub fn offer_count(&self, shop: ShopId) -> Result<u64> {
        self.database.read(|session| catalogue::count(session, shop))
    }

    pub fn prices(&self, shop: ShopId, number: u64, limit: usize) -> Result<Vec<PriceChange>> {
        self.database.read(|session| catalogue::prices(session, shop, number, limit))
    }

    pub fn import_reports(&self, shop: ShopId, limit: usize) -> Result<Vec<ImportReport>> {
        self.database.read(|session| catalogue::reports(session, shop, limit))
    }
}
