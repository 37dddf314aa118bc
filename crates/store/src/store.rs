//! The customers' plane, whichever engine holds it.
//!
//! All calls block and are meant for threads of their own. One thread decides and commits; any number may
//! read.

use crate::embedded::Embedded;
use crate::server::Server;
use crate::*;
use beckon_core::ids::{Bucket, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use std::path::Path;

/// How a store is opened.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The most pages of 4 KiB a file may have; beyond, commits answer [`Error::Unavailable`]. For tests of a
    /// full disk.
    pub pages_max: Option<u32>,
}

/// What is remembered of customers.
pub struct Store {
    engine: Engine,
}

enum Engine {
    Embedded(Embedded),
    Server(Box<Server>),
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

impl Store {
    /// Opens the embedded engine on a directory, which is created when it is missing.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when another process has the directory or it cannot be written,
    /// [`Error::Corrupt`] when it was written by a newer version.
    pub fn open(dir: &Path, options: &Options) -> Result<Store> {
        migrate::refuse_moved(dir)?;
        Ok(Store { engine: Engine::Embedded(Embedded::open(dir, options)?) })
    }

    /// Opens the engine on a PostgreSQL server, whose schema is brought up to date.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database does not answer or does not let us in, [`Error::Corrupt`]
    /// when a newer version wrote it. No error shows any part of the URL.
    pub fn open_server(url: &str) -> Result<Store> {
        Ok(Store { engine: Engine::Server(Box::new(Server::open(url)?)) })
    }

    /// Opens whichever engine is for the place.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn open_at(place: &Place, options: &Options) -> Result<Store> {
        match place {
            Place::Directory(dir) => Store::open(dir, options),
            Place::Server(url) => Store::open_server(url),
        }
    }

    /// Why the data may be a copy or a backup that lacks what happened since: a server then starts paused.
    /// `None` when it is what was written here last.
    pub fn suspicion(&self) -> Option<String> {
        engine!(self.suspicion())
    }

    /// A person said that the data is to be used as it is.
    pub fn accept_origin(&self) -> Result<()> {
        engine!(self.accept_origin())
    }

    /// Whether the doubt of [`Store::suspicion`] still stands: another program on the same database may have
    /// settled it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_doubted(&self) -> Result<bool> {
        engine!(self.is_doubted())
    }

    /// Calls this, on a thread that must not be held up, whenever another program has something to tell. A
    /// line that is broken tells nothing: who needs to know looks by itself now and then. In a directory
    /// nobody tells anything.
    pub fn hear(&self, heard: Box<dyn Fn(Hint) + Send + Sync>) {
        engine!(self.hear(heard))
    }

    /// The epoch, the last commit's number and the clock.
    pub fn head(&self) -> Result<Head> {
        engine!(self.head())
    }

    /// Raises the epoch: commits that still carry the old one are refused from now on. Gives back the new
    /// one.
    pub fn raise_epoch(&self) -> Result<u64> {
        engine!(self.raise_epoch())
    }

    /// Tries to own the buckets. The embedded engine has no other program beside it, and always succeeds.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database does not answer, or the clocks are too far apart.
    pub fn take_ownership(&self, candidate: &Candidate<'_>) -> Result<Ownership> {
        engine!(self.take_ownership(candidate))
    }

    /// Lengthens the owner's lease, beside a commit that may be under way.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another took over: stop at once.
    pub fn renew(&self, candidate: &Candidate<'_>, epoch: u64) -> Result<()> {
        engine!(self.renew(candidate, epoch))
    }

    /// Gives the buckets back after the last commit, so that another may take them at once; commits of the
    /// epoch are refused from now on.
    ///
    /// # Errors
    /// The database does not answer: the lease then runs out by itself.
    pub fn resign(&self, id: NodeId) -> Result<()> {
        engine!(self.resign(id))
    }

    /// The programs that share the store, the owner first; of the embedded engine none, it has no lease.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn nodes(&self) -> Result<Vec<NodeRow>> {
        engine!(self.nodes())
    }

    /// Executes a commit: all of it, or nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`] names the row whose guard did not hold; [`Error::Unavailable`] when the disk is
    /// full or does not answer; [`Error::Corrupt`] for what no retry can help. After a sync that failed every
    /// later commit is refused until the store is opened again, because what is on the disk is not known.
    pub fn commit(&self, commit: &Commit) -> Result<Committed> {
        engine!(self.commit(commit))
    }

    /// Reads what a batch needs; sees every commit made before.
    pub fn load(&self, wanted: &Wanted) -> Result<Found> {
        engine!(self.load(wanted))
    }

    /// Profiles that must be looked at by now, the longest overdue first. The commit of each says `woken`.
    pub fn wakeups(&self, now: ShopTime, limit: usize) -> Result<Vec<(ShopId, ProfileId)>> {
        engine!(self.wakeups(now, limit))
    }

    /// When the next profile must be looked at.
    pub fn next_due(&self) -> Result<Option<ShopTime>> {
        engine!(self.next_due())
    }

    /// Approved messages of a lane that may be tried by now, those that waited longest first.
    pub fn outbox(&self, now: ShopTime, lane: u8, limit: usize) -> Result<Vec<MessageRow>> {
        engine!(self.outbox(now, lane, limit))
    }

    /// When the next approved message of any lane may be tried.
    pub fn next_outbox(&self) -> Result<Option<ShopTime>> {
        engine!(self.next_outbox())
    }

    /// Messages that a sender held when the program ended: claimed ones are safe to take back, handing ones
    /// are unknown.
    pub fn interrupted(&self) -> Result<Vec<MessageRow>> {
        engine!(self.interrupted())
    }

    /// Letters that wait for their bucket, oldest first.
    pub fn letters(&self, limit: usize) -> Result<Vec<LetterRow>> {
        engine!(self.letters(limit))
    }

    /// Keeps what arrived until the owner of the buckets applies it: all of it or nothing. Needs no epoch;
    /// what is there already by its key is left as it is.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer; nothing was kept.
    pub fn put_inbox(&self, rows: &[InboxWrite]) -> Result<()> {
        engine!(self.put_inbox(rows))
    }

    /// What stands in the inbox, in the order in which it came.
    pub fn inbox(&self, limit: usize) -> Result<Vec<InboxRow>> {
        engine!(self.inbox(limit))
    }

    /// How many of these stand in the inbox still: the others are applied, or parked.
    pub fn inbox_left(&self, keys: &[InboxKey]) -> Result<usize> {
        engine!(self.inbox_left(keys))
    }

    /// How many stand in the inbox, counted up to `most`.
    pub fn inbox_rows(&self, most: usize) -> Result<u64> {
        engine!(self.inbox_rows(most))
    }

    /// Inputs that could not be applied, newest first; the key of a row is (at, number).
    pub fn parked(&self, shop: ShopId, before: Option<PageKey>, limit: usize) -> Result<Vec<ParkedRow>> {
        engine!(self.parked(shop, before, limit))
    }

    /// Takes a parked input out, to try it again or to drop it; `None` when it is gone.
    pub fn take_parked(&self, shop: ShopId, bucket: Bucket, number: u64) -> Result<Option<ParkedRow>> {
        engine!(self.take_parked(shop, bucket, number))
    }

    /// One message.
    pub fn message(&self, shop: ShopId, id: MessageId) -> Result<Option<MessageRow>> {
        engine!(self.message(shop, id))
    }

    /// Messages of a shop, newest first; the key of a row is (created_at, id).
    pub fn messages(
        &self,
        filter: &MessageFilter,
        before: Option<PageKey>,
        limit: usize,
    ) -> Result<Vec<MessageRow>> {
        engine!(self.messages(filter, before, limit))
    }

    /// Profiles with both halves, read beside the commits.
    pub fn profiles(&self, shop: ShopId, ids: &[ProfileId]) -> Result<Vec<ProfileRow>> {
        engine!(self.profiles(shop, ids))
    }

    /// The hot halves of one bucket in the order of their numbers (as signed integers), after this one: for
    /// passes over everybody, which end every read before the next.
    pub fn hot_halves(
        &self,
        shop: ShopId,
        bucket: Bucket,
        after: Option<ProfileId>,
        limit: usize,
    ) -> Result<Vec<ProfileRow>> {
        engine!(self.hot_halves(shop, bucket, after, limit))
    }

    /// Who holds these doors, read beside the commits.
    pub fn holders(&self, shop: ShopId, doors: &[(Bucket, DoorId)]) -> Result<Vec<IdentityRow>> {
        engine!(self.holders(shop, doors))
    }

    /// The identities a profile holds.
    pub fn identities(&self, shop: ShopId, profile: ProfileId) -> Result<Vec<IdentityRow>> {
        engine!(self.identities(shop, profile))
    }

    /// The identities bound last, newest first; the key of a row is (since, door). A customer with several
    /// identities comes several times.
    pub fn customers(&self, shop: ShopId, before: Option<PageKey>, limit: usize) -> Result<Vec<IdentityRow>> {
        engine!(self.customers(shop, before, limit))
    }

    /// Identities of a kind whose text begins so, in the order of their text; not of browsers, whose ids
    /// nobody types.
    pub fn search(
        &self,
        shop: ShopId,
        kind: DoorKind,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<IdentityRow>> {
        engine!(self.search(shop, kind, prefix, limit))
    }

    /// Profiles with a word (of a name, an order's id) that begins so; the prefix in small letters.
    pub fn search_words(&self, shop: ShopId, prefix: &str, limit: usize) -> Result<Vec<ProfileId>> {
        engine!(self.search_words(shop, prefix, limit))
    }

    /// Events of all customers in the order they were written, after this one: for what is filled from
    /// history.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn events(&self, after: i64, limit: usize) -> Result<Vec<(i64, EventRow)>> {
        engine!(self.events(after, limit))
    }

    /// Events and journal of the profiles that make up a customer, newest first.
    pub fn timeline(
        &self,
        shop: ShopId,
        profiles: &[ProfileId],
        before: Option<TimelineKey>,
        limit: usize,
    ) -> Result<Vec<TimelineRow>> {
        engine!(self.timeline(shop, profiles, before, limit))
    }

    /// An order at its door.
    pub fn order(&self, shop: ShopId, bucket: Bucket, door: DoorId) -> Result<Option<OrderRow>> {
        engine!(self.order(shop, bucket, door))
    }

    /// Sums of the counts from the first hour to before the last, by journey, step and metric. What is
    /// counted of the whole shop (`events`) is that of the journey without a name, and is left out of all
    /// journeys.
    pub fn numbers(&self, shop: ShopId, journey: Option<&str>, hours: (u32, u32)) -> Result<Vec<CountRow>> {
        engine!(self.numbers(shop, journey, hours))
    }

    /// One metric hour by hour, by journey and step.
    pub fn hourly(&self, shop: ShopId, metric: &str, hours: (u32, u32)) -> Result<Vec<CountRow>> {
        engine!(self.hourly(shop, metric, hours))
    }

    /// What orders placed in a span earned, by journey, step and currency.
    pub fn credits(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<CreditSum>> {
        engine!(self.credits(shop, from, until))
    }

    /// Who placed credited orders in a span and who of them ordered again since, by journey.
    pub fn buyers(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BuyerSum>> {
        engine!(self.buyers(shop, from, until))
    }

    /// What orders placed in a span owe to blocks of recommendations, by block, arm and currency.
    pub fn block_credits(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BlockSum>> {
        engine!(self.block_credits(shop, from, until))
    }

    /// What the planes take on disk: a file each, or one database that holds both (`both`), whose log is not
    /// ours to watch.
    pub fn sizes(&self) -> Result<Vec<FileSize>> {
        engine!(self.sizes())
    }

    /// How much waits: messages by lane and state, inputs for a person, letters. Counted up to 20,000 of a
    /// kind.
    pub fn waiting(&self) -> Result<Waiting> {
        engine!(self.waiting())
    }

    /// Deletes the next slice of what is older than `before`; begin with the cursor -1 and go on with
    /// [`Forgotten::next`] until there is none.
    pub fn forget(&self, what: Forget, shop: ShopId, before: ShopTime, cursor: i64) -> Result<Forgotten> {
        engine!(self.forget(what, shop, before, cursor))
    }
}
