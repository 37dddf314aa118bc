//! The settings of one source, each checked as it is read.

use super::Source;
use super::whereabouts;
use beckon_channels::Address;
use beckon_channels::smtp::Settings as SmtpSettings;
use beckon_server::access::proxy::Trusted;
use beckon_store::Place;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Every key, as it is written in the file.
pub const KEYS: &[&str] = &[
    "data",
    "database",
    "database_file",
    "public",
    "admin",
    "metrics",
    "trusted_proxy",
    "public_origin",
    "smtp_url",
    "smtp_url_file",
    "from",
    "smtp_sessions",
    "lease_secs",
    "drain_secs",
    "cache_mb",
    "allow_private_feeds",
    "time_factor",
    "log_format",
    "log_level",
];

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A line for people.
    Text,
    /// An object per line.
    Json,
}

/// What one source says.
#[derive(Debug, Default)]
pub struct Layer {
    pub data: Option<PathBuf>,
    pub database: Option<Place>,
    pub public: Option<SocketAddr>,
    pub admin: Option<SocketAddr>,
    pub metrics: Option<SocketAddr>,
    pub trusted_proxies: Option<Trusted>,
    pub public_origin: Option<String>,
    pub smtp_url: Option<String>,
    pub from: Option<String>,
    pub smtp_sessions: Option<usize>,
    pub lease_secs: Option<u64>,
    pub drain_secs: Option<u64>,
    pub cache_mb: Option<usize>,
    pub allow_private_feeds: Option<bool>,
    pub time_factor: Option<f64>,
    pub log_format: Option<Format>,
    pub log_level: Option<String>,
}

impl Layer {
    /// Takes a value, which `shown` repeats as it was written.
    ///
    /// # Errors
    /// The line that says where, which, what was written and what is wanted.
    pub fn set(&mut self, key: &str, value: &str, shown: &str, place: &Source) -> Result<(), String> {
        self.take(key, value.trim()).map_err(|wanted| {
            let name = place.name(key);
            // The address of a relay or a database has the password in it.
            let shown = match (key, place) {
                ("smtp_url" | "database", _) => "(not shown)".to_owned(),
                (_, Source::Line(..)) => shown.to_owned(),
                _ => format!("\"{shown}\""),
            };
            format!("{place}: {name} = {shown}: {wanted}")
        })
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "data" if value.is_empty() => return Err("a directory is wanted".to_owned()),
            "data" => self.data = Some(PathBuf::from(value)),
            "database" | "database_file" if self.database.is_some() => {
                return Err("database and database_file say the same: remove one of them".to_owned());
            }
            "database" => self.database = Some(whereabouts::server(value)?),
            "database_file" => self.database = Some(whereabouts::server(&secret(Path::new(value))?)?),
            "public" => self.public = Some(address(value, "8080")?),
            "admin" => self.admin = Some(address(value, "8081")?),
            "metrics" => self.metrics = Some(address(value, "9090")?),
            "trusted_proxy" => self.trusted_proxies = Some(Trusted::parse(value)?),
            "public_origin" => self.public_origin = Some(origin(value)?),
            "smtp_url" | "smtp_url_file" if self.smtp_url.is_some() => {
                return Err("smtp_url and smtp_url_file say the same: remove one of them".to_owned());
            }
            "smtp_url" => self.smtp_url = Some(relay(value)?),
            "smtp_url_file" => self.smtp_url = Some(relay(&secret(Path::new(value))?)?),
            "from" => {
                Address::parse(value)
                    .map_err(|why| format!("a sender as \"Shop <shop@example.com>\" is wanted ({why})"))?;
                self.from = Some(value.to_owned());
            }
            "smtp_sessions" => self.smtp_sessions = Some(whole(value, 1, 64)? as usize),
            "lease_secs" => self.lease_secs = Some(whole(value, 1, 60)?),
            // With the 25 s that letters in hand may take it stays below what systemd waits (TimeoutStopSec).
            "drain_secs" => self.drain_secs = Some(whole(value, 0, 30)?),
            "cache_mb" => self.cache_mb = Some(whole(value, 0, 65_536)? as usize),
            "allow_private_feeds" => {
                self.allow_private_feeds = Some(match value {
                    "true" | "1" | "yes" | "on" => true,
                    "false" | "0" | "no" | "off" => false,
                    _ => return Err("true or false is wanted".to_owned()),
                });
            }
            "time_factor" => {
                let wanted = "a number above 0 and at most 100000 is wanted";
                let factor = value.parse().ok().filter(|n: &f64| *n > 0.0 && *n <= 100_000.0);
                self.time_factor = Some(factor.ok_or(wanted)?);
            }
            "log_format" => {
                self.log_format = Some(match value {
                    "text" => Format::Text,
                    "json" => Format::Json,
                    _ => return Err("text or json is wanted".to_owned()),
                });
            }
            "log_level" => {
                if !["error", "warn", "info", "debug", "trace"].contains(&value) {
                    return Err("error, warn, info, debug or trace is wanted".to_owned());
                }
                self.log_level = Some(value.to_owned());
            }
            _ => return Err(format!("there is no such key; there are {}", KEYS.join(", "))),
        }
        Ok(())
    }

    /// This source, and where it says nothing, the other.
    pub fn over(self, other: Layer) -> Layer {
        Layer {
            data: self.data.or(other.data),
            database: self.database.or(other.database),
            public: self.public.or(other.public),
            admin: self.admin.or(other.admin),
            metrics: self.metrics.or(other.metrics),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            public_origin: self.public_origin.or(other.public_origin),
            smtp_url: self.smtp_url.or(other.smtp_url),
            from: self.from.or(other.from),
            smtp_sessions: self.smtp_sessions.or(other.smtp_sessions),
            lease_secs: self.lease_secs.or(other.lease_secs),
            drain_secs: self.drain_secs.or(other.drain_secs),
            cache_mb: self.cache_mb.or(other.cache_mb),
            allow_private_feeds: self.allow_private_feeds.or(other.allow_private_feeds),
            time_factor: self.time_factor.or(other.time_factor),
            log_format: self.log_format.or(other.log_format),
            log_level: self.log_level.or(other.log_level),
        }
    }
}

fn whole(value: &str, from: u64, to: u64) -> Result<u64, String> {
    let number = value.parse().ok().filter(|number| (from..=to).contains(number));
    number.ok_or_else(|| format!("a whole number from {from} to {to} is wanted"))
}

fn address(value: &str, port: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| format!("an address with its port is wanted, as 127.0.0.1:{port}"))
}

fn origin(value: &str) -> Result<String, String> {
    let wanted = || "an origin is wanted, as https://mail.example.com, without a path".to_owned();
    let value = value.trim_end_matches('/');
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")).ok_or_else(wanted)?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || "/?#@".contains(c);
    if host.is_empty() || host.contains(odd) { Err(wanted()) } else { Ok(value.to_owned()) }
}

fn relay(value: &str) -> Result<String, String> {
    SmtpSettings::parse(value).map(|_| value.to_owned()).map_err(|why| why.to_string())
}

/// The only line of a file that a secret is kept in.
pub fn secret(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|why| format!("the file cannot be read ({why})"))?;
    let text = text.trim();
    match text.lines().count() {
        1 => Ok(text.to_owned()),
        0 => Err("the file is empty".to_owned()),
        _ => Err("the file must hold the secret in one line".to_owned()),
    }
}
