//! A check-up of an installation: settings, disk, database, clock, relay, DNS, and what waits for a person.
//!
//! The command line and the admin run the same checks beside the program that serves; none of them changes anything.

pub mod background;
pub mod database;
mod dns;
mod machine;
mod mail;
mod shop;
mod time;

use crate::app::App;
use crate::i18n::{self, Locale};
use crate::settings::ShopSettings;
use beckon_store::Place;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// Nobody can say, and why.
    NotChecked,
    /// It works, and somebody should look.
    Warning,
    /// It does not work, or will not.
    Wrong,
}

impl Level {
    /// The name programs read.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::NotChecked => "not-checked",
            Level::Warning => "warning",
            Level::Wrong => "wrong",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn word(self, locale: Locale) -> String {
        i18n::t(locale, &format!("check-is-{}", self.code()), &[])
    }
}

/// What one check found. Its words are messages: `check-<check>` names it, `found-<found>` says how it is, and
/// `mend-<found>` what to do, where there is something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// How it stands.
    pub level: Level,
    /// What was found.
    pub found: &'static str,
    /// Values in the words.
    pub args: Vec<(&'static str, String)>,
}

impl Finding {
    fn new(check: &'static str, level: Level, found: &'static str) -> Finding {
        Finding { check, level, found, args: Vec::new() }
    }

    fn naming(mut self, name: &'static str, value: impl ToString) -> Finding {
        self.args.push((name, value.to_string()));
        self
    }

    fn say(&self, locale: Locale, key: &str) -> String {
        let args: Vec<_> = self.args.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        i18n::t(locale, key, &args)
    }

    /// What was checked.
    #[must_use]
    pub fn title(&self, locale: Locale) -> String {
        i18n::t(locale, &format!("check-{}", self.check), &[])
    }

    /// How it is.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        self.say(locale, &format!("found-{}", self.found))
    }

    /// What to do; empty when nothing is.
    #[must_use]
    pub fn mend(&self, locale: Locale) -> String {
        let key = format!("mend-{}", self.found);
        if self.level != Level::Ok && i18n::known(&key) { self.say(locale, &key) } else { String::new() }
    }
}

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Directory of the shop.
    pub dir: PathBuf,
    /// The database that the shop lies in, in place of the directory.
    pub database: Option<Place>,
    /// The relay, over what the settings of the shop say.
    pub smtp_url: Option<String>,
    /// The sender, over what the settings of the shop say.
    pub from: Option<String>,
    /// Origin of links, over what the settings of the shop say.
    pub public_origin: Option<String>,
    /// Where shoppers reach the program.
    pub public: Option<SocketAddr>,
    /// Where staff reaches it.
    pub admin: Option<SocketAddr>,
    /// An address whose answers tell the time, in place of the origin of links.
    pub clock_url: Option<String>,
    /// A name server in place of the system's.
    pub dns: Option<SocketAddr>,
    /// The shop's time runs faster than the system's, as in the demo: then it is ahead of it.
    pub runs_fast: bool,
}

impl Subject {
    /// Where the shop lies.
    fn place(&self) -> Place {
        self.database.clone().unwrap_or_else(|| Place::Directory(self.dir.clone()))
    }

    /// Of the program that runs.
    #[must_use]
    pub(crate) fn of(app: &App) -> Subject {
        let config = &app.config;
        Subject {
            dir: config.dir.clone(),
            database: config.ops.database.clone(),
            smtp_url: config.smtp_url.clone(),
            from: config.from.clone(),
            public_origin: config.public_origin.clone(),
            public: Some(config.public),
            admin: Some(config.admin),
            clock_url: None,
            dns: None,
            runs_fast: app.clock.factor() > 1.0,
        }
    }

    fn relay<'a>(&'a self, settings: &'a ShopSettings) -> &'a str {
        self.smtp_url.as_deref().unwrap_or(&settings.smtp_url)
    }

    fn sender<'a>(&'a self, settings: &'a ShopSettings) -> &'a str {
        self.from.as_deref().unwrap_or(&settings.from)
    }

    fn origin<'a>(&'a self, settings: &'a ShopSettings) -> &'a str {
        self.public_origin.as_deref().unwrap_or(&settings.public_origin)
    }
}

/// How many steps a check-up has, for its progress.
pub const STEPS: usize = 6;

/// Runs every check; `done` hears of each step's findings as they come.
pub async fn run(subject: &Subject, mut done: impl FnMut(Vec<Finding>)) {
    let version = Finding::new("version", Level::Ok, "version").naming("version", env!("CARGO_PKG_VERSION"));
    done(vec![version]);
    let on = subject.clone();
    let look = move || {
        on.database.as_ref().map_or_else(|| machine::look(&on), |place| database::look(place, on.runs_fast))
    };
    let machine = tokio::task::spawn_blocking(look).await;
    let (findings, readable) = machine.unwrap_or_else(|why| (vec![failed("database", &why)], false));
    done(findings);
    let on = subject.clone();
    let look = move || if readable { shop::look(&on) } else { Err("the database".to_owned()) };
    let seen = tokio::task::spawn_blocking(look).await.unwrap_or_else(|why| Err(why.to_string()));
    let seen = match seen {
        Ok(seen) => seen,
        Err(why) => {
            let not = Finding::new("shop", Level::NotChecked, "shop-unreadable").naming("why", why);
            return done(vec![not]);
        }
    };
    done(seen.findings);
    done(time::look(subject, &seen.settings).await);
    done(mail::relay(subject, &seen.settings).await);
    done(dns::look(subject, &seen.settings).await);
}

fn failed(check: &'static str, why: &dyn std::fmt::Display) -> Finding {
    Finding::new(check, Level::NotChecked, "failed").naming("why", why)
}
