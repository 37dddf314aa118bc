//! `beckon evaluate`: how good recommendations are, on files of one's own.

mod baskets;
mod report;
mod sessions;
mod shop;
mod table;

use crate::Done;
use clap::Subcommand;
use std::path::Path;

/// What is judged.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The next item of each session: files with the columns SessionId, ItemId and Time, separated by tabs.
    Sessions(sessions::Args),
    /// What else belongs in a basket, and what is ordered next.
    Baskets(baskets::Args),
    /// Learns from the older visits of a file or of the shop itself and measures on the newest.
    Report(report::Args),
}

/// Does what was asked for.
pub fn run(args: &Args) -> Done {
    match &args.what {
        What::Sessions(args) => sessions::run(args),
        What::Baskets(args) => baskets::run(args),
        What::Report(args) => report::run(args),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))
}
