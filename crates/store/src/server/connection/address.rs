//! Where the database is: its URL, taken apart. It holds a password, so that no error and no log may ever
//! show it.

use super::line::Line;
use super::tls::{Check, Stream, Tls};
use crate::{Error, Result};
use std::path::Path;
use std::sync::Arc;
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
    /// Settings of the connection.
    pub config: Config,
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
        let Ok(mut config) = url.parse::<Config>() else {
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
        config.ssl_mode(ssl_mode).target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("beckon");
        }
        config.tcp_user_timeout(LINE_TIMEOUT).keepalives_idle(LINE_TIMEOUT);
        config.keepalives_interval(Duration::from_secs(3)).keepalives_retries(3);
        Ok(Address { config, tls: Tls::new(check, roots)?, line: Line::to(whole) })
    }

    /// How long making a connection may take, with all hosts tried. What the URL says counts only until a host
    /// takes the connection: one that then keeps silent would be waited for.
    pub fn connect_max(&self) -> Duration {
        let one = self.config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        one * u32::try_from(self.config.get_hosts().len().max(1)).unwrap_or(1)
    }

    /// A connection, within so long.
    ///
    /// # Errors
    /// `None` when nothing was heard in time.
    pub async fn connect(&self, max: Duration) -> Result<Connected, Option<tokio_postgres::Error>> {
        let connecting = self.config.connect(self.tls.clone());
        let connected = tokio::time::timeout(max, connecting).await;
        connected.map_err(|_| None)?.map_err(Some)
    }
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
        let config = Address::read(url).unwrap().config;
        assert_eq!((config.get_hosts().len(), config.get_ports()), (2, &[5432, 5433][..]));
        assert_eq!((config.get_ssl_mode(), config.get_application_name()), (SslMode::Require, Some("a")));
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(2)));
        assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
    }
}
