//! A store in a fresh directory, and rows to put into it.

use beckon_core::event::Strength;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_pgtest::Database;
use beckon_store::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

pub const SHOP: ShopId = ShopId(1);

/// A store under test; what it lies in goes when it does.
pub struct World {
    pub name: &'static str,
    pub store: Store,
    pub dir: Dir,
    pub place: Place,
    /// Where the server's engine lies.
    database: Option<Database>,
}

/// One fresh store per engine.
pub fn engines() -> Vec<World> {
    let server = beckon_pgtest::database().map(|database| {
        let place = Place::read(&database.url);
        World::open("server", place, Dir::new(), Some(database))
    });
    [embedded()].into_iter().chain(server).collect()
}

/// A fresh store of the embedded engine, for what only files have.
pub fn embedded() -> World {
    let dir = Dir::new();
    World::open("embedded", Place::Directory(dir.0.clone()), dir, None)
}

impl World {
    fn open(name: &'static str, place: Place, dir: Dir, database: Option<Database>) -> World {
        World { name, store: Store::open_at(&place, &Options::default()).unwrap(), dir, place, database }
    }

    /// Closes and opens again.
    pub fn reopen(self) -> World {
        self.beside(|| ())
    }

    /// Closes, lets others at it, and opens again.
    pub fn beside(self, work: impl FnOnce()) -> World {
        let World { name, store, dir, place, database } = self;
        drop(store);
        work();
        World::open(name, place, dir, database)
    }

    pub fn profile(&self, id: ProfileId) -> Option<ProfileRow> {
        let wanted = Wanted { profiles: vec![(SHOP, id, true)], ..Wanted::default() };
        self.store.load(&wanted).unwrap().profiles.pop()
    }

    pub fn commit(&self, commit: Commit) -> Committed {
        self.store.commit(&commit).unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }
}

/// A directory of its own, removed at the end.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new() -> Dir {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("store-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Dir(dir)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The n-th profile; they lie in different buckets, high ones among them.
pub fn profile_id(n: u64) -> ProfileId {
    ProfileId(((n * 389 + 700) % 1024) << 53 | (n + 1))
}

pub fn profile(id: ProfileId, version: u64) -> ProfileWrite {
    let hot = format!("hot {version}").into_bytes();
    ProfileWrite { shop: SHOP, id, version, hot, warm: None, due: None, woken: false }
}

pub fn event(profile: ProfileId, number: u64) -> EventWrite {
    EventWrite { shop: SHOP, profile, number, at: ShopTime(number as i64), body: b"{}".to_vec() }
}

pub fn identity(bucket: u16, door: u64, profile: ProfileId) -> IdentityWrite {
    IdentityWrite {
        shop: SHOP,
        bucket: Bucket(bucket),
        door: DoorId(door),
        kind: DoorKind::Email,
        value: format!("{door}@example.org"),
        profile,
        strength: Strength::Proved,
        since: ShopTime(door as i64),
        moves: 1,
        moves_day: 20_000,
    }
}

pub fn message_id(n: u64) -> MessageId {
    MessageId(((n * 389 + 700) % 1024) << 53 | (n + 1))
}

pub fn message(n: u64) -> MessageRow {
    MessageRow {
        shop: SHOP,
        id: message_id(n),
        profile: profile_id(n),
        address: DoorId(u64::MAX - n),
        journey: "cart".to_owned(),
        step: "first".to_owned(),
        template: "cart-1".to_owned(),
        channel: "email".to_owned(),
        lane: 1,
        state: MessageState::Approved,
        due: ShopTime(1_000),
        not_before: ShopTime(1_000 + n as i64),
        deadline: ShopTime(9_000),
        created_at: ShopTime(500),
        approved_at: Some(ShopTime(500)),
        handed_at: None,
        ended_at: None,
        opened_at: None,
        machine_opened_at: None,
        clicked_at: None,
        machine_clicked_at: None,
        ended_badly_at: None,
        reason: String::new(),
        tries: 0,
        why: "[]".to_owned(),
        notes: String::new(),
        body: b"cart".to_vec(),
    }
}

pub fn new_message(row: MessageRow) -> MessageWrite {
    MessageWrite::New(Box::new(row))
}

pub fn moved(n: u64, from: &'static [MessageState], to: MessageState, at: i64) -> MessageWrite {
    MessageWrite::Move {
        shop: SHOP,
        id: message_id(n),
        from,
        to,
        at: ShopTime(at),
        not_before: None,
        reason: String::new(),
        note: None,
    }
}

pub fn letter(n: u64) -> LetterWrite {
    let key = LetterKey { bucket: Bucket(1023 - n as u16), shop: SHOP, number: u64::MAX - n };
    LetterWrite { key, at: ShopTime(1), body: n.to_string().into_bytes() }
}
