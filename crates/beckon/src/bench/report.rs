//! The report: a table, and in words how large a shop this machine holds.

use super::Args;
use super::measure::{Measured, Turns};
use beckon_server::i18n::{Locale, Value, grouped, t};
use std::fmt::Write;
use std::time::Duration;

/// Events of a visit, as the demo's shoppers report them: pages, products, carts.
const EVENTS_PER_VISIT: f64 = 12.0;
/// How many times busier the busiest minute of a month is than the average one.
const PEAK: f64 = 8.0;
/// What of its limit a machine should be asked for at the peak.
const HEADROOM: f64 = 0.5;
const SECS_PER_MONTH: f64 = 30.0 * 86_400.0;

/// Visits a month that a machine holds which takes so many events a second.
fn visits_a_month(events_per_sec: f64) -> f64 {
    events_per_sec * HEADROOM / PEAK * SECS_PER_MONTH / EVENTS_PER_VISIT
}

/// The middle value.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// A time that a share of all stays below, in milliseconds.
fn quantile_ms(times: &[Duration], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len().saturating_sub(1) as f64 * share) as usize;
    sorted.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// The median of the rounds' own ratios.
fn ratio(turns: &[Turns; 2]) -> f64 {
    let ratios: Vec<f64> =
        turns[0].rates.iter().zip(&turns[1].rates).map(|(bare, ours)| ours / bare).collect();
    median(&ratios)
}

/// For programs.
pub fn json(args: &Args, found: &Measured) -> String {
    let side = |turns: &Turns| {
        serde_json::json!({
            "events_per_sec": median(&turns.rates),
            "p50_ms": quantile_ms(&turns.times, 0.5),
            "p99_ms": quantile_ms(&turns.times, 0.99),
            "refused": turns.refused,
        })
    };
    serde_json::json!({
        "secs": args.secs, "connections": args.connections, "batch": args.batch,
        "profiles": args.profiles, "seed": args.seed,
        "probe": side(&found.turns[0]),
        "beckon": side(&found.turns[1]),
        "ratio": ratio(&found.turns),
        "acknowledged": found.acknowledged,
        "kept": found.kept,
        "lag_ms": found.lag.as_millis() as u64,
        "waiting": found.waiting,
        "memory_bytes": found.memory_bytes,
        "bytes_per_event": found.bytes_per_event,
        "commit_secs_per_event": found.commit_secs_per_event,
        "events_per_commit": found.events_per_commit,
        "visits_a_month": visits_a_month(median(&found.turns[1].rates)),
    })
    .to_string()
}

/// For people.
pub fn text(locale: Locale, args: &Args, found: &Measured) -> String {
    let say = |key: &str| t(locale, key, &[]);
    let number = |value: f64| figure(locale, value);
    let mut out = String::new();
    // Writing to a text cannot fail.
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", text.trim_end());
    };
    let named = |name: &'static str, value: u64| (name, Value::from(value as f64));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    line(t(
        locale,
        "bench-head",
        &[
            named("profiles", args.profiles),
            named("connections", args.connections as u64),
            named("batch", args.batch as u64),
            named("cores", cores),
            ("load", load.into()),
        ],
    ));
    line(format!("{:<40}{:>14}{:>14}{:>10}", "", say("bench-probe"), say("bench-ours"), say("bench-ratio")));
    let mut row = |key: &str, bare: f64, ours: f64, ratio: f64| {
        line(format!("{:<40}{:>14}{:>14}{:>10}", say(key), number(bare), number(ours), number(ratio)));
    };
    let [bare, ours] = &found.turns;
    row("bench-rate", median(&bare.rates), median(&ours.rates), ratio(&found.turns));
    for (key, share) in [("bench-p50", 0.5), ("bench-p99", 0.99)] {
        let (bare, ours) = (quantile_ms(&bare.times, share), quantile_ms(&ours.times, share));
        row(key, bare, ours, ours / bare.max(1e-9));
    }
    let mut alone = |key: &str, value: String| line(format!("{:<40}{:>28}", say(key), value));
    alone("bench-kept", format!("{} / {}", number(found.kept as f64), number(found.acknowledged as f64)));
    alone("bench-refused", number(ours.refused as f64));
    alone("bench-lag", number(found.lag.as_secs_f64() * 1_000.0));
    alone("bench-waiting", number(found.waiting as f64));
    alone("bench-memory", number(found.memory_bytes as f64 / 1e6));
    alone("bench-bytes", number(found.bytes_per_event));
    alone("bench-commit", number(found.commit_secs_per_event * 1e6));
    alone("bench-together", number(found.events_per_commit));
    let visits = visits_a_month(median(&ours.rates));
    line(t(
        locale,
        "bench-holds",
        &[
            ("visits", number((visits / 1e5).floor() * 1e5).into()),
            ("rate", number(median(&ours.rates)).into()),
            ("events", number(EVENTS_PER_VISIT).into()),
            ("peak", number(PEAK).into()),
        ],
    ));
    out
}

/// A figure as long as it says something.
fn figure(locale: Locale, value: f64) -> String {
    let (separator, point) = match locale {
        Locale::En => (",", "."),
        Locale::Ru => ("\u{a0}", ","),
    };
    if value.abs() >= 100.0 || value.fract() == 0.0 {
        grouped(value.round() as i64, separator)
    } else {
        format!("{value:.2}").replace('.', point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_asked_for_half_of_what_it_takes_at_the_peak() {
        // 9,600 a second, halved, by the peak: 600 on average, 50 visits a second.
        assert_eq!(visits_a_month(9_600.0), 50.0 * SECS_PER_MONTH);
    }

    #[test]
    fn figures_are_written_as_each_language_does() {
        assert_eq!(figure(Locale::En, 12_345.6), "12,346");
        assert_eq!(figure(Locale::Ru, 12_345.6), "12\u{a0}346");
        assert_eq!(
            (figure(Locale::En, 1.256), figure(Locale::Ru, 1.256)),
            ("1.26".to_owned(), "1,26".to_owned())
        );
        assert_eq!(figure(Locale::En, 3.0), "3");
    }
}
