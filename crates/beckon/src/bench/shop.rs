//! The ground of a measurement: an empty directory or database with an invented shop, its journey switched on.

use beckon_core::time::ShopTime;
use beckon_server::app::{Config, Ops, SHOP};
use beckon_server::clock::wall_now;
use beckon_server::connect::import;
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_sim::shop::{Lang, Shop, feed};
use beckon_store::shop::ShopPlane;
use beckon_store::{Place, look_server};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Where is written; the directory goes when this is dropped.
pub struct Ground {
    dir: PathBuf,
    server: Option<Place>,
}

/// The shop there.
pub struct Stall {
    /// Key of its pages.
    pub write_key: String,
    /// Ids of its offers.
    pub products: Vec<String>,
}

impl Ground {
    /// A directory of its own below this one, and the database, if any.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn new(below: &Path, server: Option<Place>) -> Result<Ground, String> {
        let dir = below.join(format!("beckon-bench-{}", std::process::id()));
        std::fs::create_dir_all(&dir)
            .map_err(|why| format!("--dir: {} cannot be written: {why}", below.display()))?;
        Ok(Ground { dir, server })
    }

    /// A directory for the probe's own database.
    #[must_use]
    pub fn beside(&self) -> PathBuf {
        self.dir.join("probe")
    }

    /// Where the shop lies.
    #[must_use]
    pub fn place(&self) -> Place {
        self.server.clone().unwrap_or_else(|| Place::Directory(self.dir.join("shop")))
    }

    /// Whether it is a database on a server.
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.server.is_some()
    }

    /// How the program is started on it: ports of the system's choice.
    #[must_use]
    pub fn config(&self, cache_bytes: Option<usize>) -> Config {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Config {
            dir: self.dir.join("shop"),
            public: any,
            admin: any,
            smtp_url: None,
            from: None,
            public_origin: None,
            time_factor: 1.0,
            smtp_sessions: 1,
            allow_private_feeds: false,
            ops: Ops { database: self.server.clone(), cache_bytes, ..Ops::default() },
        }
    }

    /// Sets the shop up. Blocks.
    ///
    /// # Errors
    /// There is a shop already, or it cannot be written.
    pub fn set_up(&self) -> Result<Stall, String> {
        let text = |why: beckon_store::Error| why.to_string();
        // Opening it would bring an older shop up to date, which is not for a measurement.
        if let Some(server) = &self.server {
            let found = look_server::database(server).map_err(text)?;
            if found.is_some_and(|found| found.schemas.iter().any(|(_, at, _)| *at > 0)) {
                return Err("--database: it holds a shop; an empty database is wanted, for much is written"
                    .to_owned());
            }
        }
        let plane = ShopPlane::open_at(&self.place()).map_err(text)?;
        let card = ShopCard {
            name: "Bench".to_owned(),
            site: "https://shop.example".to_owned(),
            locale: "en".to_owned(),
            ..ShopCard::default()
        };
        let at = wall_now();
        let keys = setup::shop(&plane, &card, at, "bench").map_err(text)?;
        let shop = Shop::new(7);
        let feed = feed(&shop, &card.site, Lang::En, 0);
        import::read(&plane, SHOP, feed.as_bytes(), ShopTime(at.0), &mut |_| {})
            .map_err(|why| format!("the invented catalogue was not taken: {why}"))?;
        let stamp = Stamp { at, now: ShopTime(0), by: "bench" };
        let on = Change { on: Some(true), ..Change::default() };
        journeys::change(&plane, Some("abandoned-cart"), &on, stamp).map_err(|why| why.to_string())?;
        let variants = shop.products().iter().flat_map(|product| product.variants.iter());
        Ok(Stall {
            write_key: keys.write_key,
            products: variants.map(|variant| variant.id.clone()).collect(),
        })
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // What cannot be taken away is found by its name.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}
