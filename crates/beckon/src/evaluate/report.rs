//! `beckon evaluate report`: how good recommendations are, on a file or on the shop itself.

use crate::Done;
use crate::config::whereabouts::Whereabouts;
use crate::evaluate::{read, sessions, shop};
use beckon_recommend::evaluate::{DEPTHS, Figure, Measured, Measures, Plan, Report, report};
use beckon_recommend::{Click, Profile};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Where visits are read from.
#[derive(clap::Args)]
pub struct Args {
    /// A file with the columns SessionId, ItemId and Time, separated by tabs.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "database", "database_file"])]
    events: Option<PathBuf>,
    // The shop itself; one in a directory must not be served meanwhile.
    #[command(flatten)]
    shop: Whereabouts,
    /// The newest sessions that are foretold, of 100.
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=50))]
    newest: u8,
    /// Leaves out the re-ranked profile, which takes minutes to learn.
    #[arg(long)]
    fast: bool,
    /// Prints one line of JSON.
    #[arg(long)]
    json: bool,
}

/// Prints a table for people, or JSON.
pub fn run(args: &Args) -> Done {
    let (text, views);
    let (clicks, place): (Vec<Click>, _) = match &args.events {
        Some(path) => {
            text = read(path)?;
            (sessions::clicks(&text, path)?, path.display().to_string())
        }
        None => {
            let shop = args.shop.named()?.ok_or("give --events, or --data or --database")?;
            views = shop::views(&shop)?;
            let mut clicks = Vec::with_capacity(views.len());
            for shop::View { visit, item, at_ms } in &views {
                clicks.push(Click { session: visit, item, time: *at_ms as f64 });
            }
            (clicks, shop.to_string())
        }
    };
    let begun = Instant::now();
    let plan = Plan { tested_share: f64::from(args.newest) / 100.0, ranked: !args.fast, ..Plan::default() };
    let Some(found) = report(&clicks, &plan, || begun.elapsed().as_secs_f64() * 1e6) else {
        return Err(format!("{place}: two sessions with two views each are the least that can be measured"));
    };
    if args.json {
        println!("{}", as_json(&found));
    } else {
        print!("{}", as_table(&found));
    }
    Ok(ExitCode::SUCCESS)
}

fn name(profile: Profile) -> &'static str {
    match profile {
        Profile::Fast => "fast",
        Profile::Ranked => "re-ranked",
    }
}

fn groups(one: &Measured) -> [(&'static str, &Measures); 3] {
    [("all", &one.all), ("repeats", &one.repeats), ("new", &one.new)]
}

fn as_table(found: &Report) -> String {
    let mut text = format!(
        "Learned from {} clicks in {} sessions on {} items in {:.1} s; the model holds {:.1} MB.\n\
         Foretold: the next item after each click of the newest sessions. After each figure its standard error,\n\
         which counts sessions, not clicks.\n",
        found.clicks,
        found.sessions,
        found.items,
        found.learn_secs,
        found.memory_bytes as f64 / 1e6
    );
    for one in &found.profiles {
        let [half, nine, most] = one.latency_micros;
        text += &format!(
            "\n{}: coverage {:.3}, popularity against what is clicked {:.2}, \
             latency p50 {half:.0} us, p90 {nine:.0} us, \
             p99 {most:.0} us\n",
            name(one.profile),
            one.coverage,
            one.popularity_bias
        );
        text += &format!("  {:<9}{:>8}{:>10}", "", "", "questions");
        text += &format!("{:>15}{:>15}{:>15}{:>15}\n", "HR", "MRR", "recall", "NDCG");
        for (group, measures) in groups(one) {
            for (depth, at) in DEPTHS.iter().zip(&measures.at) {
                text += &format!("  {group:<9}{:>8}{:>10}", format!("@{depth}"), measures.questions);
                for figure in [at.hit_rate, at.mrr, at.recall, at.ndcg] {
                    text += &format!("{:>15}", format!("{:.4} {:.4}", figure.value, figure.error));
                }
                text.push('\n');
            }
        }
    }
    text
}

fn as_json(found: &Report) -> Value {
    let figure = |figure: Figure| json!({ "value": figure.value, "error": figure.error });
    let group = |measures: &Measures| {
        let at = DEPTHS.iter().zip(&measures.at).map(|(depth, at)| {
            json!({
                "depth": depth, "hit_rate": figure(at.hit_rate), "mrr": figure(at.mrr),
                "recall": figure(at.recall), "ndcg": figure(at.ndcg),
            })
        });
        json!({ "questions": measures.questions, "sessions": measures.sessions, "at": at.collect::<Vec<_>>() })
    };
    let profile = |one: &Measured| {
        let [half, nine, most] = one.latency_micros;
        json!({
            "profile": name(one.profile), "all": group(&one.all), "repeats": group(&one.repeats),
            "new": group(&one.new), "coverage": one.coverage, "popularity_bias": one.popularity_bias,
            "latency_micros": { "p50": half, "p90": nine, "p99": most },
        })
    };
    json!({
        "clicks": found.clicks, "sessions": found.sessions, "items": found.items, "learn_secs": found.learn_secs,
        "memory_bytes": found.memory_bytes, "profiles": found.profiles.iter().map(profile).collect::<Vec<_>>(),
    })
}
