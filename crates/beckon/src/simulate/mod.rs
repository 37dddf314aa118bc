//! `beckon simulate`: a plan over invented shoppers, before anybody real meets it. Reads, and writes nothing.

mod crowd;
mod text;
mod tried;

use crate::Done;
use crate::config::whereabouts::Whereabouts;
use beckon_core::time::{DAY, ShopTime};
use beckon_replay::{Model, Report, Setup};
use beckon_server::app::SHOP;
use beckon_sim::shop::Shop;
use beckon_sim::shoppers::{Events, Setting, VISITS, VISITS_MAX};
use crowd::Crowd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tried::Tried;

/// Midnight of Monday, 2 March 2026, in Moscow, where the invented shoppers live: the same days whenever it is
/// run.
const START: ShopTime = ShopTime(1_772_398_800_000);
/// More people than this would not fit into the memory of a usual machine.
const SHOPPERS_MAX: u32 = 1_000_000;
const DAYS_MAX: u32 = 366;

/// What is tried.
#[derive(clap::Args)]
#[command(after_long_help = JSON_HELP)]
pub struct Args {
    // A shop: its journeys, settings and catalogue are read, and nothing is written. Without it the journeys that
    // ship with Beckon are switched on in the invented shop of the demo.
    #[command(flatten)]
    shop: Whereabouts,
    /// A journey (.yaml) to switch on, in place of the shop's own of that name. May be said several times.
    #[arg(long, value_name = "FILE")]
    plan: Vec<PathBuf>,
    /// How many shoppers are invented.
    #[arg(long, default_value_t = 20_000)]
    shoppers: u32,
    /// For how many days.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Visits a month of the average shopper: half of all come once, few come often.
    #[arg(long, value_name = "N", default_value_t = VISITS)]
    visits: f64,
    /// Seed of the shoppers and of their luck: the same seed gives the same report.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// A setting: JOURNEY.on=yes, JOURNEY.holdout=0, JOURNEY.priority=90, JOURNEY.after=1h, JOURNEY.SPLIT=ARM,
    /// global_holdout=0, quiet_from=21, quiet_until=9. May be said several times.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Mails a second the channel takes.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// Language of the report: ru or en; without it the shop's.
    #[arg(long)]
    locale: Option<String>,
    /// Prints one line of JSON instead.
    #[arg(long)]
    json: bool,
    /// Runs the same shoppers a second time with this setting or this journey changed, and shows both.
    #[arg(long, value_name = "FILE or NAME=VALUE")]
    compare: Option<String>,
}

const JSON_HELP: &str = "\
JSON (--json): one object.
  shoppers, days, visits, seed, journeys   what was asked for; journeys that were on
  report                             the figures:
    from, events, people, with_address, consented
    total, days[].figures, journeys{}.figures   of which
      entered, approved, sent, held_out, never, unknown, withdrawn, waiting, refused, retried,
      opened, clicked, unsubscribed, complained, orders, credited_orders   counts
      withheld{}, put_off{}, not_entered{}   counts by reason (the codes of the journal)
      ordered{}, credited{}                  minor units by currency
      approved = sent + held_out + never + unknown + withdrawn + waiting
    channel     rate_per_sec, peak_hour, peak_handed, longest_queue (ms), rate_held
    conflicts[] winner, loser, times, sent_later, withheld{}, other
    caps        people, by_cap{}, most[]
    longest_wait, standing[] (people per step at the end), examples[] (customers with their journals)
  compare                            with --compare: what, and its report likewise
Moments are milliseconds since 1970 UTC, journals have codes and values as the API's.";

/// Runs once, or twice to compare.
pub fn run(args: &Args) -> Done {
    check(args)?;
    let tried = Tried::read(args.shop.named()?.as_ref(), &args.plan, &args.set)?;
    let locale = tried.locale(args.locale.as_deref())?;
    let other = match &args.compare {
        Some(what) => Some((what.as_str(), tried.with(what)?)),
        None => None,
    };
    let report = simulate(args, &tried)?;
    let compared = match &other {
        Some((what, other)) => Some((*what, simulate(args, other)?)),
        None => None,
    };
    if args.json {
        println!("{}", json(args, &tried, &report, compared.as_ref()));
    } else {
        let words = tried.words(locale);
        print!("{}", text::report(&words, &tried, (args.shoppers, args.days, args.seed), &report));
        if let Some((what, other)) = &compared {
            print!("{}", text::compared(&words, what, &report, other));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(args: &Args) -> Result<(), String> {
    if !(1..=SHOPPERS_MAX).contains(&args.shoppers) {
        return Err(format!("--shoppers: a number from 1 to {SHOPPERS_MAX} is wanted"));
    }
    if !(1..=DAYS_MAX).contains(&args.days) {
        return Err(format!("--days: a number from 1 to {DAYS_MAX} is wanted"));
    }
    if !(1.0..=VISITS_MAX).contains(&args.visits) {
        return Err(format!("--visits: a number from 1 to {VISITS_MAX} is wanted"));
    }
    if !(args.rate.is_finite() && args.rate > 0.0 && args.rate <= 100_000.0) {
        return Err("--rate: mails a second, above 0 and at most 100000".to_owned());
    }
    Ok(())
}

fn simulate(args: &Args, tried: &Tried) -> Result<Report, String> {
    let plan = tried.plan()?;
    let shop = Arc::new(Shop::new(args.seed));
    let setting = Setting { origin: String::new(), seed: args.seed, people: args.shoppers, start: START };
    let mut events = Events::new(shop.clone(), setting).visiting(args.visits);
    if !tried.goods.is_empty() {
        events = events.selling(&tried.goods);
    }
    let model = Model { seed: args.seed, rate_per_sec: args.rate, ..Model::default() };
    let days = crowd::Shelves::new(&shop, START, args.days);
    let setup = Setup {
        shop: SHOP,
        plan: &plan,
        catalogue: tried.catalogue(&days),
        model: &model,
        from: START,
        until: START.plus(DAY.times(i64::from(args.days))),
    };
    Ok(beckon_replay::run(&setup, &mut Crowd::new(events, START, args.days)))
}

fn json(args: &Args, tried: &Tried, report: &Report, compared: Option<&(&str, Report)>) -> String {
    let mut all = serde_json::json!({
        "shoppers": args.shoppers,
        "days": args.days,
        "visits": args.visits,
        "seed": args.seed,
        "journeys": tried.names_on(),
        "report": report,
    });
    if let Some((what, report)) = compared {
        all["compare"] = serde_json::json!({ "what": what, "report": report });
    }
    all.to_string()
}
