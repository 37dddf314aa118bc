//! `beckon staff`: a way back in for who lost her password, for whoever may read the shop's directory.

use crate::Done;
use crate::config::whereabouts::{self, Whereabouts};
use beckon_server::access::invite;
use beckon_server::clock::wall_now;
use beckon_server::i18n::Locale;
use beckon_server::setup;
use beckon_store::shop::ShopPlane;
use std::process::ExitCode;

/// What about whom.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Prints a link by which somebody chooses another password: one use, 48 hours. The old one works until then.
    Reset(Reset),
}

#[derive(clap::Args)]
struct Reset {
    #[command(flatten)]
    shop: Whereabouts,
    /// Where staff reaches the shop.
    #[arg(long, value_name = "ORIGIN", default_value = "http://127.0.0.1:8081")]
    origin: String,
    /// Address with which she signs in.
    #[arg(value_name = "EMAIL")]
    email: String,
}

/// Prints the link on a line of its own.
pub fn run(args: &Args) -> Done {
    let Command::Reset(reset) = &args.command;
    let place = reset.shop.place()?;
    if !whereabouts::is_there(&place) {
        return Err(format!("there is no shop in {place}"));
    }
    let plane = ShopPlane::open_at(&place).map_err(|why| why.to_string())?;
    if !setup::is_done(&plane).map_err(|why| why.to_string())? {
        return Err(format!("there is no shop in {place}"));
    }
    let made = invite::make(&plane, &reset.email, None, Locale::default(), wall_now(), "beckon staff reset");
    let path = made.map_err(|why| format!("{}: {why}", reset.email))?;
    println!("{}{path}", reset.origin.trim_end_matches('/'));
    Ok(ExitCode::SUCCESS)
}
