//! `beckon demo`: everything at once on an invented shop, by itself, on this machine only.
//!
//! The shop has a website and shoppers; time runs fast and jumps over the night; mails go to a built-in mailbox and
//! nowhere else, whatever the environment says.

mod doors;
mod guest;
mod past;
mod places;
mod test;

use crate::Done;
use crate::config::Format;
use crate::serve::{log, told_to_stop};
use axum::Router;
use beckon_core::time::{DAY, HOUR, ShopTime, Span, WallTime};
use beckon_server::access::rights::Role;
use beckon_server::access::staff;
use beckon_server::app::{App, Config, Ops, SHOP};
use beckon_server::clock::Clock;
use beckon_server::clock::wall_now;
use beckon_server::connect::import;
use beckon_server::demo::Demo;
use beckon_server::i18n::Locale;
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::settings::ShopCard;
use beckon_server::words::Words;
use beckon_server::{serve, setup};
use beckon_sim::clock::ShownClock;
use beckon_sim::mailbox::{self, Letter, Letters};
use beckon_sim::shop::{Lang, NAME, Shop, feed};
use beckon_sim::shoppers::{Live, Setting, Shoppers};
use beckon_sim::smtp::{Mail, Mailbox, Options as SmtpOptions};
use beckon_sim::storefront;
use beckon_store::shop::ShopPlane;
use places::{Places, STAFF};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The shop stands in this zone's hours: Moscow, three hours before UTC, without summer time.
const ZONE: i64 = 3;
const OPENS: i64 = 10;
const NIGHT: Span = HOUR.times(23);
const MORNING: Span = HOUR.times(8);
/// How many days the shop has lived when the demo opens, and how long that may take on the wall.
const PAST_DAYS: i64 = 14;
const PAST_TAKES: Duration = Duration::from_secs(5);

/// How the demo looks.
#[derive(clap::Args)]
pub struct Args {
    /// The first of five ports in a row: the doors, the shop, the admin, the mailbox, the links of mails.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Language of the shop: ru or en; without it that of the system, else Russian.
    #[arg(long)]
    locale: Option<String>,
    /// How many times as fast as the wall the shop's clock runs.
    #[arg(long, default_value_t = 60.0)]
    time_factor: f64,
    /// How many invented shoppers live on the shop; 0 leaves it to you.
    #[arg(long, default_value_t = 150)]
    shoppers: u32,
    /// Seed of the shop and its shoppers.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Directory to keep; without it the demo leaves nothing behind.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Runs until Ctrl-C.
pub fn run(args: &Args) -> Done {
    let lang = match &args.locale {
        Some(locale) => Lang::parse(locale).ok_or("--locale: ru or en")?,
        None => of_the_system(),
    };
    if !(args.time_factor.is_finite() && (1.0..=100_000.0).contains(&args.time_factor)) {
        return Err("--time-factor: a number from 1 to 100000 is wanted".to_owned());
    }
    log(Format::Text, None);
    let (dir, passing) = match &args.data {
        Some(dir) => (dir.clone(), false),
        None => (std::env::temp_dir().join(format!("beckon-demo-{}", std::process::id())), true),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|why| format!("the program cannot start: {why}"))?;
    let done = runtime.block_on(live(args, lang, &dir));
    drop(runtime);
    if passing {
        // It was ours and holds invented people only.
        drop(std::fs::remove_dir_all(&dir));
    }
    done
}

async fn live(args: &Args, lang: Lang, dir: &Path) -> Done {
    let places = Places::from(args.port)?;
    let shop = Arc::new(Shop::new(args.seed));
    let keys = prepare(dir, &places, &shop, lang)?;
    let letters = Letters::new();
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let known: Arc<OnceLock<Arc<App>>> = Arc::default();
    let mailbox = mail_server(letters.clone(), arrived, known.clone()).await?;
    let opening = opening();
    // Without shoppers there is no past to live through.
    let start = if args.shoppers > 0 { opening.minus(DAY.times(PAST_DAYS)) } else { opening };
    let config = Config {
        dir: dir.to_owned(),
        public: places.public,
        admin: places.admin,
        smtp_url: Some(format!("smtp://{}", mailbox.addr())),
        from: Some(format!("{} <hello@lighthouse.example>", NAME.get(lang))),
        public_origin: Some(format!("http://{}", places.public)),
        time_factor: args.time_factor,
        smtp_sessions: 4,
        allow_private_feeds: true,
        ops: Ops::default(),
    };
    let running = serve::start(config, Some(Clock::starting_at(start, args.time_factor))).await?;
    let app = running.app.clone();
    // Set once, here.
    let _ = known.set(app.clone());
    let demo = Demo::new(&origin(places.doors), &origin(places.shop), &origin(places.mailbox), STAFF.0);
    // Set once, here.
    let _ = app.demo.set(demo);
    test::begin(&app)?;
    sites(&app, &places, lang, (&shop, start), (letters, &keys.write_key)).await?;
    let setting = Setting { origin: origin(places.shop), seed: args.seed, people: args.shoppers, start };
    let shoppers = Shoppers::new(shop, setting);
    tokio::spawn(guest::watch(app.clone(), guest::Invented::of(&shoppers)));
    let live = Live::new(shoppers, &origin(places.public), &keys.write_key);
    tokio::spawn(read_mails(live.clone(), arrivals, app.clone()));
    past::live_through(&app, &live, opening, PAST_TAKES).await;
    {
        let (live, app) = (live.clone(), app.clone());
        tokio::spawn(async move { live.run(move || app.now()).await });
    }
    tokio::spawn(skip_nights(app.clone()));
    tokio::spawn(jump(app.clone(), live));
    // The doors open when there is something to see behind them.
    serve_page(places.doors, doors::router(app.clone(), places.clone())).await?;
    println!("ready: open http://{}", places.doors);
    println!(
        "  shop http://{}  admin http://{}  mailbox http://{}",
        places.shop, places.admin, places.mailbox
    );
    println!("  sign in to the admin as {} with the password {}", STAFF.0, STAFF.1);
    told_to_stop().await;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn origin(place: SocketAddr) -> String {
    format!("http://{place}")
}

/// The invented shop and the mailbox, each at the root of an origin of its own.
async fn sites(
    app: &Arc<App>,
    places: &Places,
    lang: Lang,
    (shop, start): (&Arc<Shop>, ShopTime),
    (letters, write_key): (Letters, &str),
) -> Result<(), String> {
    let day = {
        let app = app.clone();
        Arc::new(move || (app.now().since(start).0 / DAY.0).max(0) as u32)
    };
    let admin = format!("{}/enter", origin(places.doors));
    let options = storefront::Options {
        origin: origin(places.shop),
        beckon: origin(places.public),
        write_key: write_key.to_owned(),
        admin: admin.clone(),
        mailbox: origin(places.mailbox),
        lang,
        clock: shown(app),
    };
    serve_page(places.shop, storefront::router(shop.clone(), options, day)).await?;
    let options = mailbox::Options { shop: origin(places.shop), admin, lang, clock: shown(app) };
    serve_page(places.mailbox, mailbox::router(letters, options)).await
}

/// The shop's time for the pages of shop and mailbox: `21:14, 12 Nov 2026`.
fn shown(app: &Arc<App>) -> ShownClock {
    let app = app.clone();
    ShownClock::new(move |lang| {
        let locale = if lang == Lang::Ru { Locale::Ru } else { Locale::En };
        let (words, now) = (Words::new(locale, "Europe/Moscow"), app.now());
        let clock = words.clock(&now);
        format!("{}, {}", clock.get(..5).unwrap_or_default(), words.date(&now))
    })
}

/// Today at ten in the shop's zone, or tomorrow where that has passed: never before what is on disk.
fn opening() -> ShopTime {
    let now = wall_now().0;
    let local = now + HOUR.times(ZONE).0;
    let midnight = local - local.rem_euclid(DAY.0);
    ShopTime(midnight + HOUR.times(OPENS - ZONE).0)
}

/// Makes the directory readable to nobody else, as the check-up asks of every installation.
fn private_dir(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(dir)
}

/// The shop's plane: who it is, its catalogue, its journey switched on.
fn prepare(dir: &Path, places: &Places, shop: &Shop, lang: Lang) -> Result<setup::Keys, String> {
    let text = |why: beckon_store::Error| why.to_string();
    private_dir(dir).map_err(|why| format!("{}: {why}", dir.display()))?;
    let plane = ShopPlane::open(dir).map_err(text)?;
    if setup::is_done(&plane).map_err(text)? {
        return Err(format!(
            "there is a shop in {} already; the demo wants an empty directory",
            dir.display()
        ));
    }
    let site = format!("http://{}", places.shop);
    let card = ShopCard {
        name: NAME.get(lang).to_owned(),
        site: site.clone(),
        phones: vec!["+7 800 555-00-17".to_owned()],
        hours: lang.pick("ежедневно с 9 до 21", "every day, 9 to 21").to_owned(),
        address: lang
            .pick("199000, Маячный остров, Береговая, 1", "1 Shore Road, Lighthouse Island")
            .to_owned(),
        email: "hello@lighthouse.example".to_owned(),
        cart_url: format!("{site}/cart"),
        locale: lang.code().to_owned(),
        ..ShopCard::default()
    };
    let at = wall_now();
    let keys = setup::shop(&plane, &card, at, "demo").map_err(text)?;
    let locale = if lang == Lang::Ru { Locale::Ru } else { Locale::En };
    staff::create_speaking(&plane, STAFF.0, STAFF.1, Role::Owner, locale).map_err(|why| why.to_string())?;
    let feed = feed(shop, &site, lang, 0);
    import::read(&plane, SHOP, feed.as_bytes(), opening(), &mut |_| {}).map_err(|why| why.to_string())?;
    let on = Change { on: Some(true), ..Change::default() };
    let stamp = Stamp { at, now: ShopTime(0), by: "demo" };
    journeys::change(&plane, Some("abandoned-cart"), &on, stamp).map_err(|why| why.to_string())?;
    Ok(keys)
}

async fn mail_server(
    letters: Letters,
    arrived: mpsc::UnboundedSender<Mail>,
    app: Arc<OnceLock<Arc<App>>>,
) -> Result<Mailbox, String> {
    let keep = move |mail: &Mail| {
        // The mailbox speaks of the shop's time, as all pages of the demo do.
        let at = app.get().map_or(mail.at, |app| WallTime(app.now().0));
        letters.put(&Mail { at, ..mail.clone() });
        // Who reads along ends with the demo.
        drop(arrived.send(mail.clone()));
        Ok(())
    };
    let options = SmtpOptions { keep: 0, sinks: vec![Arc::new(keep)], ..SmtpOptions::default() };
    Mailbox::start(options).await.map_err(|why| format!("the built-in mailbox cannot start: {why}"))
}

async fn serve_page(addr: SocketAddr, router: Router) -> Result<(), String> {
    let listener = TcpListener::bind(addr).await;
    let listener = listener.map_err(|why| format!("{addr}: {why}; choose other ports with --port"))?;
    tokio::spawn(async move {
        // It serves until the program ends.
        drop(axum::serve(listener, router).await);
    });
    Ok(())
}

/// Shoppers answer the mails they get.
async fn read_mails(live: Live, mut mails: mpsc::UnboundedReceiver<Mail>, app: Arc<App>) {
    while let Some(mail) = mails.recv().await {
        guest::mailed(&app, &mail.to);
        if let Some(html) = Letter::read(&mail.raw).html {
            live.on_mail(&mail.to, &html, app.now()).await;
        }
    }
}

/// The language the system speaks, by what it says of itself (POSIX, locale variables).
fn of_the_system() -> Lang {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
    said.and_then(|said| Lang::parse(said.get(..2)?)).unwrap_or(Lang::Ru)
}

/// The time of day in the shop's zone.
fn of_day(at: ShopTime) -> i64 {
    (at.0 + HOUR.times(ZONE).0).rem_euclid(DAY.0)
}

/// Nobody wants to watch people sleep: at eleven in the evening it is eight next morning.
async fn skip_nights(app: Arc<App>) {
    loop {
        let now = app.now();
        if of_day(now) >= NIGHT.0 {
            app.clock.jump(now.plus(Span(DAY.0 - of_day(now) + MORNING.0)));
            app.decider.nudge();
            if let Some(demo) = app.demo.get() {
                demo.slept(app.clock.wall());
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Lives through the time that a visitor wants to be over.
async fn jump(app: Arc<App>, live: Live) {
    let Some(mut wanted) = app.demo.get().map(|demo| demo.jump.subscribe()) else { return };
    while wanted.changed().await.is_ok() {
        let to = *wanted.borrow_and_update();
        if let Some(to) = to {
            past::live_through(&app, &live, to, PAST_TAKES).await;
            app.clock.jump(to);
            app.decider.nudge();
        }
    }
}
