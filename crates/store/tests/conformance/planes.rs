//! The shop's plane of each engine.

use crate::world::Dir;
use beckon_pgtest::Database;
use beckon_store::shop::ShopPlane;

/// A plane under test; what it lies in goes when it does.
pub struct Planes {
    pub plane: ShopPlane,
    place: Place,
}

enum Place {
    Directory(Dir),
    Server(Database),
}

/// One fresh plane per engine; of PostgreSQL only where it is installed.
pub fn planes() -> Vec<Planes> {
    let places = [Some(Place::Directory(Dir::new())), beckon_pgtest::database().map(Place::Server)];
    places.into_iter().flatten().map(|place| Planes { plane: place.open(), place }).collect()
}

impl Place {
    fn open(&self) -> ShopPlane {
        match self {
            Place::Directory(dir) => ShopPlane::open(&dir.0).unwrap(),
            Place::Server(database) => ShopPlane::open_server(&database.url).unwrap(),
        }
    }
}

impl Planes {
    /// A second plane on the same: it has connections of its own, as another process would.
    pub fn again(&self) -> ShopPlane {
        self.place.open()
    }
}
