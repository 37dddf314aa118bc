//! The settings of `serve` and of what looks at an installation: command line over environment over file over
//! default.
//!
//! Each source is read whole and each value is checked, also one that another source overrides: a wrong line
//! stops the start instead of waiting for the day on which it counts.

mod file;
mod layer;
#[cfg(test)]
mod tests;
pub mod whereabouts;

use beckon_server::app::{Config, Lease, Ops};
use layer::Layer;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use layer::Format;

/// The settings as they are in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the server is started with.
    pub config: Config,
    /// How the log is written.
    pub log_format: Format,
    /// From which level on our own parts log; `None` leaves it to `RUST_LOG`, else warnings.
    pub log_level: Option<String>,
}

/// Options that take a value. Every one has a key in the file and a variable `BECKON_…` of the same name.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Options {
    /// File with settings (TOML); the environment and the command line win over it. [env: BECKON_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of the shop. [env: BECKON_DATA]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// PostgreSQL database of the shop, as postgres://user:password@host/name; the directory then only holds
    /// feeds while they are read. The list of processes shows it: rather use the environment or a file. [env:
    /// BECKON_DATABASE]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// File that holds the database's URL in its only line. [env: BECKON_DATABASE_FILE]
    #[arg(long, value_name = "FILE")]
    database_file: Option<String>,
    /// Where shops, shoppers and mails reach us. [default: 127.0.0.1:8080] [env: BECKON_PUBLIC]
    #[arg(long, value_name = "ADDR")]
    public: Option<String>,
    /// Where staff reaches us: another origin, so that no page of a mail can act for a member of staff.
    /// [default: 127.0.0.1:8081] [env: BECKON_ADMIN]
    #[arg(long, value_name = "ADDR")]
    admin: Option<String>,
    /// Where metrics for Prometheus are read; without it there are none. [env: BECKON_METRICS]
    #[arg(long, value_name = "ADDR")]
    metrics: Option<String>,
    /// Networks of reverse proxies whose X-Forwarded-For is believed, as 10.0.0.0/8; several with commas
    /// between. [env: BECKON_TRUSTED_PROXY]
    #[arg(long, value_name = "CIDR")]
    trusted_proxy: Option<String>,
    /// Origin of links in mails, as https://mail.example.com, where a proxy stands before us.
    /// [env: BECKON_PUBLIC_ORIGIN]
    #[arg(long, value_name = "URL")]
    public_origin: Option<String>,
    /// How many times as fast as the wall the shop's clock runs; only with a mail relay on this machine.
    /// [default: 1] [env: BECKON_TIME_FACTOR]
    #[arg(long, value_name = "N")]
    time_factor: Option<String>,
    /// The mail relay, as smtp://user:password@host:port. [env: BECKON_SMTP_URL]
    #[arg(long, value_name = "URL")]
    smtp_url: Option<String>,
    /// File that holds the mail relay in its only line. [env: BECKON_SMTP_URL_FILE]
    #[arg(long, value_name = "FILE")]
    smtp_url_file: Option<String>,
    /// The sender, as "Shop <shop@example.com>". [env: BECKON_FROM]
    #[arg(long, value_name = "SENDER")]
    from: Option<String>,
    /// Sessions to the relay at once. [default: 8] [env: BECKON_SMTP_SESSIONS]
    #[arg(long, value_name = "N")]
    smtp_sessions: Option<String>,
    /// Seconds after which another program on the same database takes over from one that is silent. [default:
    /// 8] [env: BECKON_LEASE_SECS]
    #[arg(long, value_name = "SECONDS")]
    lease_secs: Option<String>,
    /// Seconds to go on serving after SIGTERM, while /health/ready says that it is not ready. [default: 5
    /// with a database, else 0] [env: BECKON_DRAIN_SECS]
    #[arg(long, value_name = "SECONDS")]
    drain_secs: Option<String>,
    /// Megabytes of customers kept in memory; 0 keeps none. [default: an eighth of the memory, at most 160]
    /// [env: BECKON_CACHE_MB]
    #[arg(long, value_name = "MB")]
    cache_mb: Option<String>,
    /// Lets staff fetch feeds from this machine and from private networks. [env: BECKON_ALLOW_PRIVATE_FEEDS]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    allow_private_feeds: Option<String>,
    /// How the log is written: text or json. [default: text] [env: BECKON_LOG_FORMAT]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// What is logged: error, warn, info, debug or trace. [default: RUST_LOG, else warn] [env:
    /// BECKON_LOG_LEVEL]
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An option.
    CommandLine,
    /// A variable.
    Environment,
    /// A line of the file.
    Line(PathBuf, usize),
}

impl Source {
    /// The name of a key where this is its source.
    fn name(&self, key: &str) -> String {
        match self {
            Source::CommandLine => format!("--{}", key.replace('_', "-")),
            Source::Environment => format!("BECKON_{}", key.to_ascii_uppercase()),
            Source::Line(..) => key.to_owned(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::CommandLine => f.write_str("command line"),
            Source::Environment => f.write_str("environment"),
            Source::Line(file, line) => write!(f, "{} line {line}", file.display()),
        }
    }
}

impl Options {
    /// Every option that was given, by the key it has in the file.
    fn given(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("data", &self.data),
            ("database", &self.database),
            ("database_file", &self.database_file),
            ("public", &self.public),
            ("admin", &self.admin),
            ("metrics", &self.metrics),
            ("trusted_proxy", &self.trusted_proxy),
            ("public_origin", &self.public_origin),
            ("time_factor", &self.time_factor),
            ("smtp_url", &self.smtp_url),
            ("smtp_url_file", &self.smtp_url_file),
            ("from", &self.from),
            ("smtp_sessions", &self.smtp_sessions),
            ("lease_secs", &self.lease_secs),
            ("drain_secs", &self.drain_secs),
            ("cache_mb", &self.cache_mb),
            ("allow_private_feeds", &self.allow_private_feeds),
            ("log_format", &self.log_format),
            ("log_level", &self.log_level),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?))).collect()
    }

    /// The directory that the command line or the environment names, whatever else is wrong.
    pub fn directory(&self) -> Option<String> {
        self.data.clone().or_else(|| std::env::var("BECKON_DATA").ok())
    }

    /// The settings in force.
    ///
    /// # Errors
    /// One line: source, key, value, and what is wanted.
    pub fn settings(&self) -> Result<Settings, String> {
        self.settings_from(std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            name.starts_with("BECKON_").then(|| (name, value.to_string_lossy().into_owned()))
        }))
    }

    fn settings_from(
        &self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Settings, String> {
        let mut line = Layer::default();
        for (key, value) in self.given() {
            line.set(key, value, value, &Source::CommandLine)?;
        }
        let (environment, named) = environment(variables)?;
        let from_file = match self.config.as_deref().or(named.as_deref()) {
            Some(path) => file::read(path)?,
            None => Layer::default(),
        };
        let layer = line.over(environment).over(from_file);
        // With a database nothing stays in the directory: that of the system for what is temporary will do.
        let dir = layer.data.or_else(|| layer.database.is_some().then(std::env::temp_dir)).ok_or(
            "no directory is set: say --data DIR, set BECKON_DATA, or write data = \"DIR\" into the file; \
             for PostgreSQL set database",
        )?;
        // Without another program beside it there is nobody to send visitors to meanwhile.
        let drain_secs = if layer.database.is_some() { 5 } else { 0 };
        let usual = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let config = Config {
            dir,
            public: layer.public.unwrap_or_else(|| usual(8080)),
            admin: layer.admin.unwrap_or_else(|| usual(8081)),
            smtp_url: layer.smtp_url,
            from: layer.from,
            public_origin: layer.public_origin,
            time_factor: layer.time_factor.unwrap_or(1.0),
            smtp_sessions: layer.smtp_sessions.unwrap_or(8),
            allow_private_feeds: layer.allow_private_feeds.unwrap_or(false),
            ops: Ops {
                metrics: layer.metrics,
                database: layer.database,
                trusted_proxies: layer.trusted_proxies.unwrap_or_default(),
                cache_bytes: layer.cache_mb.map(|mb| mb << 20),
                drain: Duration::from_secs(layer.drain_secs.unwrap_or(drain_secs)),
                lease: layer.lease_secs.map_or_else(Lease::default, |secs| Lease(Duration::from_secs(secs))),
            },
        };
        let same = config.public == config.admin && config.public.port() != 0;
        if same
            || (config
                .ops
                .metrics
                .is_some_and(|at| at.port() != 0 && [config.public, config.admin].contains(&at)))
        {
            return Err("public, admin and metrics must be different addresses: one of them is given twice"
                .to_owned());
        }
        let log_format = layer.log_format.unwrap_or(Format::Text);
        Ok(Settings { config, log_format, log_level: layer.log_level })
    }
}

/// Variables that are no settings of the server, but ours.
const OTHER_VARIABLES: [&str; 2] = ["BECKON_CONFIG", "BECKON_PASSWORD"];

/// What a cluster sets by itself for a service that is called `beckon` (Kubernetes, service environment
/// variables).
fn is_clusters(name: &str) -> bool {
    let name = name.strip_prefix("BECKON_").unwrap_or(name);
    name.contains("SERVICE_HOST")
        || name.contains("SERVICE_PORT")
        || name.split_once("PORT").is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with('_'))
}

/// The settings of the environment, and the file it names.
fn environment(
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(Layer, Option<PathBuf>), String> {
    let (mut layer, mut file) = (Layer::default(), None);
    for (name, value) in variables {
        if name == "BECKON_CONFIG" {
            file = Some(Path::new(&value).to_owned());
        }
        if OTHER_VARIABLES.contains(&name.as_str()) || is_clusters(&name) {
            continue;
        }
        let key = name.trim_start_matches("BECKON_").to_ascii_lowercase();
        if !layer::KEYS.contains(&key.as_str()) {
            return Err(unknown(&Source::Environment, &name, &key));
        }
        layer.set(&key, &value, &value, &Source::Environment)?;
    }
    Ok((layer, file))
}

/// A key that does not exist, with the nearest that does.
fn unknown(place: &Source, shown: &str, key: &str) -> String {
    let near = layer::KEYS.iter().map(|known| (distance(known, key), *known)).min();
    match near {
        Some((steps, known)) if steps <= known.len() / 3 => {
            format!("{place}: {shown}: there is no such key; is {} meant?", place.name(known))
        }
        _ => format!("{place}: {shown}: there is no such key; there are {}", layer::KEYS.join(", ")),
    }
}

/// How many letters must be changed to make one word of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let best = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}
