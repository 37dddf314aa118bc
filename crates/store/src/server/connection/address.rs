//! Where the database is: its URL, taken apart. It holds a password, so that no error and no log may ever
//! show it.

use super::line::Line;
use super::tls::{Check, Stream, Tls};
use crate::{Error, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::{Client, Config, Connection, Socket};

/// How long making a connection may take, where the URL does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// After so long without an answer to bytes on the wire the line is dead (tcp(7), TCP_USER_TIMEOUT).
const LINE_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that was made: who asks, and what moves the bytes.
pub type Connected = (Client, Connection<Socket, Stream<Socket>>);

/// A database and how to reach it.
pub struct Address {
    /// Settings of the connection to each host.
    configs: Vec<Config>,
    /// The host that answered last, which is asked first.
    first: AtomicUsize,
    /// What encrypts it.
    pub tls: Tls,
    /// Whether anything comes back.
    pub line: Arc<Line>,
}

/// Whether a place is the URL of a database, and not a directory.
#[must_use]
pub fn is_url(place: &str) -> bool {
    place.starts_with("postgres://") || place.starts_with("postgresql://")
}

impl Address {
    /// Reads `postgres://user:password@host:port/name?sslmode=verify-full&sslrootcert=/etc/ca.pem`; several
    /// hosts stand after each other with commas, and whichever takes writes is used. `sslmode` means what it
    /// means to libpq: `disable`, `prefer` (the default), `require` (encrypted, whoever answers),
    /// `verify-full` (and it must be the host named, by `sslrootcert` or else by the web's roots).
    ///
    /// # Errors
    /// What is wrong, without any part of the URL.
    pub fn read(url: &str) -> Result<Address> {
        if !is_url(url) {
            return Err(wrong("it begins with postgres://"));
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut others) = ("prefer", None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = value,
                Some(("sslrootcert", value)) => roots = Some(Path::new(value)),
                _ => others.push(pair),
            }
        }
        let whole = url;
        let url = if others.is_empty() { base.to_owned() } else { format!("{base}?{}", others.join("&")) };
        let parsed =
            each_host(&url).iter().map(|url| url.parse::<Config>()).collect::<std::result::Result<_, _>>();
        let Ok::<Vec<Config>, _>(mut configs) = parsed else {
            return Err(wrong("signs like @ : / # in a password are written as %40 %3A %2F %23"));
        };
        let (ssl_mode, check) = match mode {
            "disable" => (SslMode::Disable, Check::Nothing),
            "allow" | "prefer" => (SslMode::Prefer, Check::Nothing),
            "require" => (SslMode::Require, Check::Nothing),
            "verify-full" => (SslMode::Require, Check::Name),
            "verify-ca" => return Err(wrong("sslmode=verify-ca is not offered: use verify-full")),
            _ => return Err(wrong("sslmode is one of disable, prefer, require, verify-full")),
        };
        for config in &mut configs {
            config.ssl_mode(ssl_mode).target_session_attrs(TargetSessionAttrs::ReadWrite);
            if config.get_connect_timeout().is_none() {
                config.connect_timeout(CONNECT_TIMEOUT);
            }
            if config.get_application_name().is_none() {
                config.application_name("beckon");
            }
            config.tcp_user_timeout(LINE_TIMEOUT).keepalives_idle(LINE_TIMEOUT);
            config.keepalives_interval(Duration::from_secs(3)).keepalives_retries(3);
        }
        Ok(Address {
            configs,
            first: AtomicUsize::new(0),
            tls: Tls::new(check, roots)?,
            line: Line::to(whole),
        })
    }

    /// How long making a connection may take, with all hosts tried.
    pub fn connect_max(&self) -> Duration {
        self.configs.iter().map(host_max).sum()
    }

    /// A connection to the first host that takes writes, within so long, of which each host has its share. One that
    /// takes the connection and then keeps silent, as a frozen machine does, is passed over like one that refuses.
    ///
    /// # Errors
    /// `None` when a host was not heard in time and no other will do.
    pub async fn connect(&self, max: Duration) -> Result<Connected, Option<tokio_postgres::Error>> {
        let (first, mut refused, mut is_silent) = (self.first.load(Ordering::Relaxed), None, false);
        let count = self.configs.len();
        let share = max / u32::try_from(count.max(1)).unwrap_or(1);
        for n in (0..count).map(|n| (first + n) % count) {
            let config = &self.configs[n];
            match tokio::time::timeout(host_max(config).min(share), config.connect(self.tls.clone())).await {
                Ok(Ok(connected)) => {
                    self.first.store(n, Ordering::Relaxed);
                    return Ok(connected);
                }
                Ok(Err(why)) => refused = Some(why),
                Err(_) => is_silent = true,
            }
        }
        Err(refused.filter(|_| !is_silent))
    }
}

/// How long connecting to a host may take. What the URL says counts for the driver only until the host takes the
/// connection: one that then keeps silent would be waited for.
fn host_max(config: &Config) -> Duration {
    let one = config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
    one * u32::try_from(config.get_hosts().len().max(1)).unwrap_or(1)
}

/// The URL of each of the hosts that stand after each other with commas.
fn each_host(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    hosts.split(',').map(|host| format!("{scheme}://{user}{host}{path}")).collect()
}

fn wrong(how: &str) -> Error {
    Error::Unavailable(format!(
        "the URL of the database cannot be read: it looks like postgres://user:password@host:5432/name; {how}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_without_any_part_of_it() {
        let urls = [
            "mysql://anna:secret@host/db",
            "postgres://anna:sec#ret@host:secret/db",
            "postgres://anna:secret@host/db?sslmode=verify-ca",
            "postgres://anna:secret@host/db?sslmode=secret",
            "postgres://anna:secret@host/db?secret=1",
            "postgres://anna:secret@host/db?sslmode=verify-full&sslrootcert=/nowhere/ca.pem",
        ];
        for url in urls {
            let Err(why) = Address::read(url) else { panic!("{url} was read") };
            let why = why.to_string();
            assert!(!why.contains("secret") && !why.contains("anna"), "{why}");
        }
    }

    #[test]
    fn several_hosts_and_their_settings_are_read() {
        let url =
            "postgresql://u:p@one:5432,two:5433/shop?sslmode=require&application_name=a&connect_timeout=2";
        let configs = Address::read(url).unwrap().configs;
        let ports: Vec<_> = configs.iter().map(Config::get_ports).collect();
        assert_eq!(ports, [[5432], [5433]]);
        let config = &configs[1];
        assert_eq!(config.get_hosts(), [tokio_postgres::config::Host::Tcp("two".to_owned())]);
        assert_eq!((config.get_user(), config.get_dbname()), (Some("u"), Some("shop")));
        assert_eq!((config.get_ssl_mode(), config.get_application_name()), (SslMode::Require, Some("a")));
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(2)));
        assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
    }
}
