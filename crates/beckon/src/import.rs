//! `beckon import feed`: a product feed into the catalogue.

use crate::Done;
use crate::config::whereabouts::Whereabouts;
use beckon_core::time::ShopTime;
use beckon_server::app::SHOP;
use beckon_server::clock::wall_now;
use beckon_server::connect::fetch::Limits;
use beckon_server::connect::import::{self, RefusedFeed, Report};
use beckon_store::shop::ShopPlane;
use clap::Subcommand;
use std::process::ExitCode;

/// Exit code of a feed that was refused whole.
const REFUSED: u8 = 2;
/// Refused offers shown to a person.
const SHOWN: usize = 20;

/// What is imported.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A product feed (YML): what is not in it leaves the catalogue.
    Feed {
        /// A file, or an http(s) address.
        location: String,
        #[command(flatten)]
        shop: Whereabouts,
        /// Prints one line of JSON.
        #[arg(long)]
        json: bool,
        /// Lets the address be one of this machine or of a private network.
        #[arg(long)]
        allow_private: bool,
    },
}

/// Exits with 0 when it was applied and with 2 when the feed was refused whole.
pub fn run(args: &Args) -> Done {
    let What::Feed { location, shop, json, allow_private } = &args.what;
    let plane = ShopPlane::open_at(&shop.place()?).map_err(|why| why.to_string())?;
    let limits = Limits { allow_private: *allow_private, ..Limits::default() };
    let at = ShopTime(wall_now().0);
    let progress = &mut |read| {
        if !json && read > 0 && read % 10_000 == 0 {
            eprintln!("{read} offers read");
        }
    };
    match import::feed(&plane, SHOP, location, &limits, at, progress) {
        Ok(report) => {
            tell(&report, *json);
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            refuse(&why, *json);
            Ok(ExitCode::from(REFUSED))
        }
    }
}

fn tell(report: &Report, json: bool) {
    if json {
        println!("{}", serde_json::to_string(report).unwrap_or_default());
        return;
    }
    println!(
        "{} offers in the catalogue: {} new or changed, {} gone",
        report.imported, report.changed, report.removed
    );
    if report.refused_total > 0 {
        println!("{} offers of the feed were left out:", report.refused_total);
        for offer in report.refused.iter().take(SHOWN) {
            println!("  line {}, offer {}: {}", offer.line, offer.id, offer.reason);
        }
    }
}

fn refuse(why: &RefusedFeed, json: bool) {
    if json {
        let line = serde_json::json!({
            "read": 0, "imported": 0, "refused": [],
            "error": {"line": why.line, "reason": why.reason, "hint": why.hint},
        });
        println!("{line}");
    } else {
        eprintln!("the feed was refused, the catalogue is as it was: {why}");
    }
}
