//! `beckon bench`: how many events this machine takes, on a shop made up for it, beside a bare probe of the same disk
//! or database in the same run.

mod measure;
mod probe;
mod report;
mod shop;

use crate::Done;
use crate::config::whereabouts;
use beckon_server::i18n::Locale;
use beckon_store::Place;
use std::path::PathBuf;
use std::process::ExitCode;

/// More than this fits on no disk that one would try it on.
const PROFILES_MAX: u64 = 10_000_000;

/// What is tried, and where. A variable that names the real shop is not looked at.
#[derive(clap::Args)]
pub struct Args {
    /// Directory on the disk that is to be measured; everything is written below it and taken away at the end.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// An empty PostgreSQL database in place of a directory; it is left with what was written.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// File that holds the database's URL in its only line.
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    database_file: Option<PathBuf>,
    /// How long, in seconds; half of it is the probe's.
    #[arg(long, default_value_t = 20)]
    secs: u64,
    /// Connections at once.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Events of a request.
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Customers who are known before it begins.
    #[arg(long, default_value_t = 10_000)]
    profiles: u64,
    /// Megabytes of customers kept in memory, as serve's. Without it as much as serve would keep.
    #[arg(long, value_name = "MB")]
    cache_mb: Option<usize>,
    /// Seed of the shoppers: the same seed gives the same events.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Language of the report: ru or en.
    #[arg(long, default_value = "en")]
    locale: String,
    /// Prints one line of JSON instead.
    #[arg(long)]
    json: bool,
}

/// Measures, and tells.
pub fn run(args: &Args) -> Done {
    let locale = check(args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|why| format!("the program cannot start: {why}"))?;
    let ground = shop::Ground::new(&args.dir, server(args)?)?;
    let measured = runtime.block_on(measure::measure(args, &ground))?;
    if args.json {
        println!("{}", report::json(args, &measured));
    } else {
        print!("{}", report::text(locale, args, &measured));
    }
    Ok(ExitCode::SUCCESS)
}

fn server(args: &Args) -> Result<Option<Place>, String> {
    let url = match (&args.database, &args.database_file) {
        (Some(url), _) => url.clone(),
        (None, Some(file)) => {
            whereabouts::only_line(file).map_err(|why| format!("--database-file: {why}"))?
        }
        (None, None) => return Ok(None),
    };
    whereabouts::server(&url).map(Some).map_err(|why| format!("--database: {why}"))
}

fn check(args: &Args) -> Result<Locale, String> {
    let within = |name: &str, value: u64, from: u64, to: u64| {
        let fits = (from..=to).contains(&value);
        if fits { Ok(()) } else { Err(format!("--{name}: a number from {from} to {to} is wanted")) }
    };
    within("secs", args.secs, 1, 86_400)?;
    within("connections", args.connections as u64, 1, 1_000)?;
    within("batch", args.batch as u64, 1, 1_000)?;
    within("profiles", args.profiles, 1, PROFILES_MAX)?;
    within("cache-mb", args.cache_mb.unwrap_or(0) as u64, 0, 65_536)?;
    match args.locale.as_str() {
        "en" => Ok(Locale::En),
        "ru" => Ok(Locale::Ru),
        _ => Err("--locale: ru or en is wanted".to_owned()),
    }
}
