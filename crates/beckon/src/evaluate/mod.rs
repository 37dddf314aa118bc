//! `beckon evaluate`: how good recommendations are, on files of one's own.

mod baskets;
mod sessions;
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
}

/// Does what was asked for.
pub fn run(args: &Args) -> Done {
    match &args.what {
        What::Sessions(args) => sessions::run(args),
        What::Baskets(args) => baskets::run(args),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))
}
