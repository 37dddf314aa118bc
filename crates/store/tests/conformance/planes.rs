//! The shop's plane of each engine.

use crate::world::Dir;
use beckon_pgtest::Database;
use beckon_store::Place;
use beckon_store::shop::ShopPlane;

/// A plane under test; what it lies in goes when it does.
pub struct Planes {
    pub plane: ShopPlane,
    place: Place,
    _dir: Dir,
    _database: Option<Database>,
}

/// One fresh plane per engine; of PostgreSQL only where it is installed.
pub fn planes() -> Vec<Planes> {
    let server = beckon_pgtest::database();
    let server = server.map(|database| Planes::open(Place::read(&database.url), Dir::new(), Some(database)));
    let dir = Dir::new();
    let embedded = Planes::open(Place::Directory(dir.0.clone()), dir, None);
    [embedded].into_iter().chain(server).collect()
}

impl Planes {
    fn open(place: Place, dir: Dir, database: Option<Database>) -> Planes {
        Planes { plane: ShopPlane::open_at(&place).unwrap(), place, _dir: dir, _database: database }
    }

    /// A second plane on the same: it has connections of its own, as another process would.
    pub fn again(&self) -> ShopPlane {
        ShopPlane::open_at(&self.place).unwrap()
    }
}
