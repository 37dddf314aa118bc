//! The shop's plane: documents (plans, settings, staff), sessions and the catalogue.
//!
//! A file of its own, so that an import or the command line in another process never holds up a customer's event.
//! Many processes may use it at once. Whatever changes documents or catalogue raises one version number, which
//! followers watch.

use crate::embedded::shop::ShopFile;
use crate::import::Engine as ImportEngine;
pub use crate::import::Import;
use crate::server::shop::ShopServer;
pub use crate::shop_rows::*;
use crate::{Error, Place, Result};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::{ShopTime, WallTime};
use std::path::Path;

/// The shop's plane, whichever engine holds it.
pub struct ShopPlane {
    engine: Engine,
}

enum Engine {
    Embedded(ShopFile),
    Server(Box<ShopServer>),
}

/// Passes a call on to the engine.
macro_rules! engine {
    ($self:ident . $verb:ident ( $($arg:expr),* )) => {
        match &$self.engine {
            Engine::Embedded(engine) => engine.$verb($($arg),*),
            Engine::Server(engine) => engine.$verb($($arg),*),
        }
    };
}

impl ShopPlane {
    /// Opens the embedded engine on a directory, beside any other process.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be written, [`Error::Corrupt`] when a newer version wrote it.
    pub fn open(dir: &Path) -> Result<ShopPlane> {
        crate::migrate::refuse_moved(dir)?;
        Ok(ShopPlane { engine: Engine::Embedded(ShopFile::open(dir)?) })
    }

    /// Opens the engine on a server, `postgres://user:password@host/name`, beside any other program.
    ///
    /// # Errors
    /// As [`ShopPlane::open`]; no error shows any part of the URL.
    pub fn open_server(url: &str) -> Result<ShopPlane> {
        Ok(ShopPlane { engine: Engine::Server(Box::new(ShopServer::open(url)?)) })
    }

    /// Opens whichever engine is for the place.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn open_at(place: &Place) -> Result<ShopPlane> {
        match place {
            Place::Directory(dir) => ShopPlane::open(dir),
            Place::Server(url) => ShopPlane::open_server(url),
        }
    }

    /// Rises with each change of documents or catalogue by anybody.
    pub fn version(&self) -> Result<u64> {
        engine!(self.version())
    }

    /// Writes or deletes a document; gives back its new version.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody else changed it since it was read.
    pub fn put(&self, write: &DocumentWrite) -> Result<u64> {
        match self.put_all(std::slice::from_ref(write))?.first() {
            Some(version) => Ok(*version),
            None => Err(Error::Corrupt("nothing was written".to_owned())),
        }
    }

    /// Writes several documents, all or none.
    pub fn put_all(&self, writes: &[DocumentWrite]) -> Result<Vec<u64>> {
        engine!(self.put_all(writes))
    }

    /// One document; `None` when it is not there or was deleted.
    pub fn get(&self, shop: ShopId, kind: &str, name: &str) -> Result<Option<Document>> {
        engine!(self.get(shop, kind, name))
    }

    /// All documents of a kind, by name.
    pub fn list(&self, shop: ShopId, kind: &str) -> Result<Vec<Document>> {
        engine!(self.list(shop, kind))
    }

    /// Documents changed or deleted after the plane had this version, oldest change first.
    pub fn changed_since(&self, version: u64) -> Result<Vec<Document>> {
        engine!(self.changed_since(version))
    }

    /// Earlier versions of a document of kind `journey` or `block`, newest first.
    pub fn past(&self, shop: ShopId, kind: &str, name: &str) -> Result<Vec<Document>> {
        engine!(self.past(shop, kind, name))
    }

    /// Keeps texts of templates by their digests, so that messages can be shown as they were sent. Those that are kept
    /// already cost a look each; the plane's version stays.
    pub fn keep_texts(&self, shop: ShopId, texts: &[(u64, &str)]) -> Result<()> {
        engine!(self.keep_texts(shop, texts))
    }

    /// A text of a template by its digest.
    pub fn text(&self, shop: ShopId, digest: u64) -> Result<Option<String>> {
        engine!(self.text(shop, digest))
    }

    /// Keeps a session, new or seen again.
    pub fn put_session(&self, session: &Session) -> Result<()> {
        engine!(self.put_session(session))
    }

    /// The session of a token's hash, unless it ended before `now`.
    pub fn session(&self, token: &[u8], now: WallTime) -> Result<Option<Session>> {
        engine!(self.session(token, now))
    }

    /// Ends a session.
    pub fn end_session(&self, token: &[u8]) -> Result<()> {
        engine!(self.end_session(token))
    }

    /// Ends all sessions of a member of staff; with `None`, all that ended before `now`.
    pub fn end_sessions(&self, staff: Option<&str>, now: WallTime) -> Result<usize> {
        engine!(self.end_sessions(staff, now))
    }

    /// The sessions of a member of staff that have not ended before `now`, the last used first.
    pub fn sessions(&self, staff: &str, now: WallTime) -> Result<Vec<Session>> {
        engine!(self.sessions(staff, now))
    }

    /// Notes that a key was used.
    pub fn use_key(&self, shop: ShopId, name: &str, at: WallTime) -> Result<()> {
        engine!(self.use_key(shop, name, at))
    }

    /// When keys were last used, by the names of their documents.
    pub fn key_uses(&self, shop: ShopId) -> Result<Vec<(String, WallTime)>> {
        engine!(self.key_uses(shop))
    }

    /// Writes an entry into the log in the name of whoever acts on this thread (see [`crate::acting`]), else of `by`.
    /// Changes of documents write their own.
    pub fn note(&self, entry: &AuditWrite, by: &str) -> Result<()> {
        engine!(self.note(entry, by))
    }

    /// Forgets of the log what is kept for a time only.
    pub fn prune_audit(&self, shop: ShopId, now: WallTime) -> Result<()> {
        engine!(self.prune_audit(shop, now))
    }

    /// Entries of the log before a number, newest first.
    pub fn audit(
        &self,
        shop: ShopId,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>> {
        engine!(self.audit(shop, filter, before, limit))
    }

    /// Begins to replace the catalogue of a shop. An import of the same shop that was under way can no longer finish.
    pub fn import(&self, shop: ShopId, at: ShopTime) -> Result<Import<'_>> {
        let engine = match &self.engine {
            Engine::Embedded(engine) => ImportEngine::Embedded(engine),
            Engine::Server(engine) => ImportEngine::Server(engine),
        };
        Import::begin(engine, shop, at)
    }

    /// Offers by number; those that are gone are left out.
    pub fn offers(&self, shop: ShopId, numbers: &[u64]) -> Result<Vec<(u64, Offer)>> {
        engine!(self.offers(shop, numbers))
    }

    /// An offer by the shop's id.
    pub fn offer_by_id(&self, shop: ShopId, id: &str) -> Result<Option<(u64, Offer)>> {
        engine!(self.offer_by_id(shop, id))
    }

    /// Offers whose title, id or article number contains `search` in any case and that are in `category`, where
    /// given, in the order of their numbers (as signed integers) after `after`.
    pub fn page(
        &self,
        shop: ShopId,
        search: Option<&str>,
        category: Option<&str>,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Offer)>> {
        engine!(self.page(shop, search, category, after, limit))
    }

    /// The cards after a number, to fill the snapshot in memory range by range. Each call sees one catalogue; whoever
    /// reads it all compares [`ShopPlane::catalogue_version`] before and after, and begins again if it rose.
    pub fn cards(&self, shop: ShopId, after: Option<u64>, limit: usize) -> Result<Vec<Card>> {
        engine!(self.cards(shop, after, limit))
    }

    /// The tree of categories.
    pub fn categories(&self, shop: ShopId) -> Result<Vec<Category>> {
        engine!(self.categories(shop))
    }

    /// The version of the plane when the shop's catalogue last changed; 0 before the first import.
    pub fn catalogue_version(&self, shop: ShopId) -> Result<u64> {
        engine!(self.catalogue_version(shop))
    }

    /// How many offers a shop has.
    pub fn offer_count(&self, shop: ShopId) -> Result<u64> {
        engine!(self.offer_count(shop))
    }

    /// Changes of an offer's price, newest first.
    pub fn prices(&self, shop: ShopId, number: u64, limit: usize) -> Result<Vec<PriceChange>> {
        engine!(self.prices(shop, number, limit))
    }

    /// What the last imports did, newest first.
    pub fn import_reports(&self, shop: ShopId, limit: usize) -> Result<Vec<ImportReport>> {
        engine!(self.import_reports(shop, limit))
    }
}
