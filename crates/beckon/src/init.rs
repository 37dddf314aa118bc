//! `beckon init`: a shop in a directory, its owner and its keys.

use crate::Done;
use crate::config::whereabouts::Whereabouts;
use beckon_server::access::rights::Role;
use beckon_server::access::staff;
use beckon_server::app::SHOP;
use beckon_server::clock::wall_now;
use beckon_server::i18n::Locale;
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_store::shop::ShopPlane;
use std::process::ExitCode;

/// Where, and for whom.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    shop: Whereabouts,
    /// Address with which the owner signs in.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The owner's password, at least 10 characters.
    #[arg(long, env = "BECKON_PASSWORD", hide_env_values = true)]
    password: String,
    /// Name of the shop.
    #[arg(long, default_value = "")]
    name: String,
    /// Language of mails to people whose own is not known: en or ru.
    #[arg(long, default_value = "ru")]
    locale: String,
}

/// Prints one line of JSON: the shop and its keys. They are shown only here.
pub fn run(args: &Args) -> Done {
    let place = args.shop.place()?;
    let plane = ShopPlane::open_at(&place).map_err(|why| why.to_string())?;
    if setup::is_done(&plane).map_err(|why| why.to_string())? {
        return Err(format!("there is a shop in {place} already"));
    }
    let card = ShopCard { name: args.name.clone(), locale: args.locale.clone(), ..ShopCard::default() };
    let locale = if args.locale == "en" { Locale::En } else { Locale::Ru };
    let keys = setup::shop(&plane, &card, wall_now(), "init").map_err(|why| why.to_string())?;
    staff::create_speaking(&plane, &args.email, &args.password, Role::Owner, locale)
        .map_err(|why| why.to_string())?;
    let line =
        serde_json::json!({"shop": SHOP.0, "write_key": keys.write_key, "server_key": keys.server_key});
    println!("{line}");
    Ok(ExitCode::SUCCESS)
}
