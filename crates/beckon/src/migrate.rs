//! `beckon migrate`: a shop from a directory over to PostgreSQL.

use crate::Done;
use crate::config::whereabouts;
use crate::progress::Teller;
use beckon_server::clock::wall_now;
use beckon_store::Place;
use beckon_store::migrate::{self, Progress, Report, Step};
use std::path::PathBuf;
use std::process::ExitCode;

/// From where to where.
#[derive(clap::Args)]
pub struct Args {
    /// Directory of the shop. The program that serves it must be stopped; the data in it is only read.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// An empty PostgreSQL database, as postgres://user:password@host/name. The list of processes shows it: rather use
    /// the environment or a file.
    #[arg(long, value_name = "URL", env = "BECKON_DATABASE", hide_env_values = true)]
    to: Option<String>,
    /// File that holds the database's URL in its only line.
    #[arg(long, value_name = "FILE", env = "BECKON_DATABASE_FILE", conflicts_with = "to")]
    to_file: Option<PathBuf>,
    /// The database is used at once; without it the shop starts paused there until a person says that it is right.
    #[arg(long)]
    accept: bool,
}

/// Carries it over, or goes on where it was stopped.
pub fn run(args: &Args) -> Done {
    let url = match (&args.to, &args.to_file) {
        (Some(url), _) => url.clone(),
        (None, Some(file)) => whereabouts::only_line(file).map_err(|why| format!("--to-file: {why}"))?,
        (None, None) => return Err("say --to URL, --to-file FILE, or set BECKON_DATABASE".to_owned()),
    };
    let Place::Server(url) = whereabouts::server(&url).map_err(|why| format!("--to: {why}"))? else {
        return Err("--to: a database is wanted".to_owned());
    };
    let when = jiff::Timestamp::from_millisecond(wall_now().0).map(|at| format!("{at:.0}"));
    let when = when.map_err(|why| format!("the clock of this machine is wrong: {why}"))?;
    let mut teller = Teller::default();
    let done = migrate::migrate(&args.from, &url, args.accept, &when, &mut |at| teller.tell(|| line(&at)));
    teller.end();
    tell(args, &done.map_err(|why| why.to_string())?);
    Ok(ExitCode::SUCCESS)
}

fn tell(args: &Args, report: &Report) {
    if report.was_done {
        println!("the shop of {} was carried over before; there was nothing to do", args.from.display());
    } else {
        for (table, rows, hash) in report.tables.iter().filter(|(_, rows, _)| *rows > 0) {
            println!("{table}: {rows} rows, alike on both sides ({hash:016x})");
        }
        println!("the shop of {} was carried over and compared row by row", args.from.display());
    }
    println!("Start it with: beckon serve --database URL (or BECKON_DATABASE), and sign in anew.");
    if !args.accept && !report.was_done {
        println!(
            "It starts paused: it serves and sends nothing until you confirm in the admin, or start once with \
             --accept-data, that the old program is stopped for good."
        );
    }
}

fn line(at: &Progress) -> String {
    let step = if at.step == Step::Carry { "carried" } else { "compared" };
    format!("{}: {} of {} rows {step}", at.table, at.rows, at.of_rows)
}
