//! The engine on a server: PostgreSQL, shared by several programs. The files are those of the embedded
//! engine, and so is what they do; the statements work on sets.

mod audit;
mod batch;
mod catalogue;
mod commit;
pub mod connection;
mod documents;
mod history;
mod import;
mod inbox;
mod load;
pub mod look;
mod message;
mod messages;
mod nodes;
mod numbers;
mod orders;
mod origin;
mod plane;
mod queues;
mod retention;
mod search;
pub mod shop;
mod statement;
mod watch;

use crate::*;
use beckon_core::ids::{Bucket, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use connection::{Database, Done, Plane, Session, get};
use origin::Origin;
use std::sync::Arc;

/// The customers' plane; a step that was released is never changed.
pub(crate) const CUSTOMERS: Plane =
    Plane { name: "customers", steps: &[include_str!("schema/customers_0001.sql")] };

/// Refuses a database into which a shop is being carried over and has not arrived.
fn refuse_half(database: &Database) -> Result<()> {
    let sql = "SELECT 1 FROM carried WHERE name = '' AND NOT is_whole";
    if database.read(|session| session.query_opt(sql, Vec::new()))?.is_none() {
        return Ok(());
    }
    Err(Error::Unavailable(
        "a shop is being carried over into this database and has not arrived: run `beckon migrate` again, it goes on \
         where it was"
            .to_owned(),
    ))
}

/// The customers' plane in a database.
pub struct Server {
    database: Database,
    origin: Arc<Origin>,
}

impl Server {
    /// Connects, and brings the schema up to date.
    pub fn open(url: &str) -> Result<Server> {
        let origin = Arc::new(Origin::default());
        let looks = Arc::clone(&origin);
        let database = Database::open(url, &CUSTOMERS, Box::new(move |session| looks.check(session)))?;
        refuse_half(&database)?;
        Ok(Server { database, origin })
    }

    pub fn suspicion(&self) -> Option<String> {
        self.origin.suspicion()
    }

    pub fn is_doubted(&self) -> Result<bool> {
        self.database.read(origin::is_written)
    }

    pub fn hear(&self, heard: Box<dyn Fn(Hint) + Send + Sync>) {
        self.database.listen(Box::new(move |word| {
            if let Some(hint) = Hint::read(word) {
                heard(hint);
            }
        }));
    }

    pub fn accept_origin(&self) -> Result<()> {
        let number = self.database.write(|session| self.origin.accept(session))?;
        self.origin.accepted(number);
        Ok(())
    }

    pub fn commit(&self, commit: &Commit) -> Result<Committed> {
        let done = self.write(|session| commit::write(session, commit))?;
        self.origin.note(done.number);
        Ok(done)
    }

    /// Runs a transaction, unless the database lacks commits that were acknowledged. That may be found out on
    /// the connection that is made for it, so that it is asked in the transaction.
    fn write<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Result<T> {
        self.database.write_anew(|session| {
            self.origin.refuse()?;
            work(session)
        })
    }

    pub fn load(&self, wanted: &Wanted) -> Result<Found> {
        self.database.read_last(|session| load::load(session, wanted))
    }

    pub fn raise_epoch(&self) -> Result<u64> {
        self.write(|session| {
            let sql = "UPDATE head SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch";
            queues::number_in(&session.query_one(sql, Vec::new())?, 0)
        })
    }

    pub fn take_ownership(&self, candidate: &Candidate<'_>) -> Result<Ownership> {
        self.database.set_lease(candidate.lease);
        self.database.write_beside(|session| nodes::take(session, candidate))
    }

    pub fn renew(&self, candidate: &Candidate<'_>, epoch: u64) -> Result<()> {
        self.database.write_beside(|session| nodes::renew(session, candidate, epoch))
    }

    pub fn resign(&self, id: NodeId) -> Result<()> {
        self.database.write_beside(|session| nodes::resign(session, id))
    }

    pub fn nodes(&self) -> Result<Vec<NodeRow>> {
        self.database.read(nodes::nodes)
    }

    pub fn head(&self) -> Result<Head> {
        self.database.read(|session| {
            let row =
                session.query_one("SELECT epoch, commit_number, now FROM head WHERE id = 1", Vec::new())?;
            let (epoch, commit_number) = (queues::number_in(&row, 0)?, queues::number_in(&row, 1)?);
            Ok(Head { epoch, commit_number, now: ShopTime(get(&row, 2)?) })
        })
    }

    pub fn wakeups(&self, now: ShopTime, limit: usize) -> Result<Vec<(ShopId, ProfileId)>> {
        self.database.read(|session| queues::wakeups(session, now, limit))
    }

    pub fn next_due(&self) -> Result<Option<ShopTime>> {
        self.database.read(queues::next_due)
    }

    pub fn outbox(&self, now: ShopTime, lane: u8, limit: usize) -> Result<Vec<MessageRow>> {
        self.database.read(|session| queues::outbox(session, now, lane, limit))
    }

    pub fn next_outbox(&self) -> Result<Option<ShopTime>> {
        self.database.read(queues::next_outbox)
    }

    pub fn interrupted(&self) -> Result<Vec<MessageRow>> {
        self.database.read(queues::interrupted)
    }

    pub fn letters(&self, limit: usize) -> Result<Vec<LetterRow>> {
        self.database.read(|session| queues::letters(session, limit))
    }

    pub fn parked(&self, shop: ShopId, before: Option<PageKey>, limit: usize) -> Result<Vec<ParkedRow>> {
        self.database.read(|session| queues::parked(session, shop, before, limit))
    }

    pub fn take_parked(&self, shop: ShopId, bucket: Bucket, number: u64) -> Result<Option<ParkedRow>> {
        self.write(|session| queues::take_parked(session, shop, bucket, number))
    }

    pub fn put_inbox(&self, rows: &[InboxWrite]) -> Result<()> {
        self.write(|session| inbox::put(session, rows))
    }

    pub fn inbox(&self, limit: usize) -> Result<Vec<InboxRow>> {
        self.database.read(|session| inbox::rows(session, limit))
    }

    pub fn inbox_left(&self, keys: &[InboxKey]) -> Result<usize> {
        self.database.read(|session| inbox::left(session, keys))
    }

    pub fn inbox_rows(&self, most: usize) -> Result<u64> {
        self.database.read(|session| inbox::count(session, most))
    }

    pub fn message(&self, shop: ShopId, id: MessageId) -> Result<Option<MessageRow>> {
        self.database.read(|session| message::read(session, shop, id))
    }

    pub fn messages(
        &self,
        filter: &MessageFilter,
        before: Option<PageKey>,
        limit: usize,
    ) -> Result<Vec<MessageRow>> {
        self.database.read(|session| messages::messages(session, filter, before, limit))
    }

    pub fn profiles(&self, shop: ShopId, ids: &[ProfileId]) -> Result<Vec<ProfileRow>> {
        self.database.read_snapshot(|session| load::profiles(session, shop, ids))
    }

    pub fn hot_halves(
        &self,
        shop: ShopId,
        bucket: Bucket,
        after: Option<ProfileId>,
        limit: usize,
    ) -> Result<Vec<ProfileRow>> {
        self.database.read(|session| load::hot_halves(session, shop, bucket, after, limit))
    }

    pub fn holders(&self, shop: ShopId, doors: &[(Bucket, DoorId)]) -> Result<Vec<IdentityRow>> {
        self.database.read(|session| load::holders(session, shop, doors))
    }

    pub fn identities(&self, shop: ShopId, profile: ProfileId) -> Result<Vec<IdentityRow>> {
        self.database.read(|session| history::identities(session, shop, profile))
    }

    pub fn customers(&self, shop: ShopId, before: Option<PageKey>, limit: usize) -> Result<Vec<IdentityRow>> {
        self.database.read(|session| history::customers(session, shop, before, limit))
    }

    pub fn search(
        &self,
        shop: ShopId,
        kind: DoorKind,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<IdentityRow>> {
        self.database.read(|session| search::identities(session, shop, kind, prefix, limit))
    }

    pub fn search_words(&self, shop: ShopId, prefix: &str, limit: usize) -> Result<Vec<ProfileId>> {
        self.database.read(|session| search::words(session, shop, prefix, limit))
    }

    pub fn events(&self, after: i64, limit: usize) -> Result<Vec<(i64, EventRow)>> {
        self.database.read(|session| history::events(session, after, limit))
    }

    pub fn timeline(
        &self,
        shop: ShopId,
        profiles: &[ProfileId],
        before: Option<TimelineKey>,
        limit: usize,
    ) -> Result<Vec<TimelineRow>> {
        self.database.read_snapshot(|session| history::timeline(session, shop, profiles, before, limit))
    }

    pub fn order(&self, shop: ShopId, bucket: Bucket, door: DoorId) -> Result<Option<OrderRow>> {
        self.database.read(|session| history::order(session, shop, bucket, door))
    }

    pub fn numbers(&self, shop: ShopId, journey: Option<&str>, hours: (u32, u32)) -> Result<Vec<CountRow>> {
        self.database.read(|session| numbers::numbers(session, shop, journey, hours))
    }

    pub fn hourly(&self, shop: ShopId, metric: &str, hours: (u32, u32)) -> Result<Vec<CountRow>> {
        self.database.read(|session| numbers::hourly(session, shop, metric, hours))
    }

    pub fn credits(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<CreditSum>> {
        self.database.read(|session| numbers::credits(session, shop, from, until))
    }

    pub fn buyers(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BuyerSum>> {
        self.database.read(|session| numbers::buyers(session, shop, from, until))
    }

    pub fn block_credits(&self, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BlockSum>> {
        self.database.read(|session| numbers::block_credits(session, shop, from, until))
    }

    pub fn sizes(&self) -> Result<Vec<FileSize>> {
        let bytes = self.database.read(look::bytes)?;
        Ok(vec![FileSize { plane: "both", bytes, log_bytes: 0 }])
    }

    pub fn waiting(&self) -> Result<Waiting> {
        self.database.read_snapshot(watch::waiting)
    }

    pub fn forget(&self, what: Forget, shop: ShopId, before: ShopTime, cursor: i64) -> Result<Forgotten> {
        self.write(|session| retention::forget(session, what, shop, before, cursor))
    }
}
