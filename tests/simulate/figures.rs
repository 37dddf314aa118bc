//! The figures: valid, in agreement with each other, the same for the same seed, and another for another setting.

use crate::{refused, told};
use serde_json::Value;

const SMALL: [&str; 4] = ["--shoppers", "400", "--days", "10"];

fn json(more: &[&str]) -> Value {
    let text = told(&[&SMALL[..], &["--json"], more].concat());
    assert_eq!(text.lines().count(), 1, "one line");
    serde_json::from_str(&text).unwrap()
}

fn n(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("no {name} in {of}"))
}

fn sum(of: &Value) -> u64 {
    of.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum()
}

#[test]
fn the_figures_agree_with_each_other() {
    let all = json(&[]);
    assert_eq!((n(&all, "shoppers"), n(&all, "days"), &all["visits"]), (400, 10, &Value::from(2.0)));
    let report = &all["report"];
    let total = &report["total"];
    assert!(n(report, "events") > 1_000 && n(report, "people") >= n(report, "with_address"));
    assert!(n(report, "with_address") >= n(report, "consented") && n(report, "consented") > 0);
    assert!(n(total, "sent") > 0 && n(total, "orders") > 0, "{total}");
    let days: Vec<&Value> = report["days"].as_array().unwrap().iter().map(|day| &day["figures"]).collect();
    let journeys: Vec<&Value> =
        report["journeys"].as_object().unwrap().values().map(|journey| &journey["figures"]).collect();
    assert_eq!(days.len(), 10);
    let ends = ["sent", "held_out", "never", "unknown", "withdrawn", "waiting"];
    for of in days.iter().chain(&journeys).chain([&total]) {
        // Each end falls on its own day, so that a day agrees in its reasons alone.
        assert_eq!(sum(&of["withheld"]), n(of, "withdrawn") + n(of, "refused"), "{of}");
    }
    for of in journeys.iter().chain([&total]) {
        assert_eq!(n(of, "approved"), ends.iter().map(|end| n(of, end)).sum::<u64>(), "{of}");
        assert!(n(of, "opened") <= n(of, "sent") && n(of, "clicked") <= n(of, "opened"), "{of}");
    }
    for name in ends.into_iter().chain(["entered", "approved", "refused", "opened", "clicked", "orders"]) {
        assert_eq!(days.iter().map(|day| n(day, name)).sum::<u64>(), n(total, name), "{name} by day");
    }
    for name in ends.into_iter().chain(["entered", "approved", "credited_orders"]) {
        assert_eq!(journeys.iter().map(|of| n(of, name)).sum::<u64>(), n(total, name), "{name} by journey");
    }
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let once = |seed: &str| told(&[&SMALL[..], &["--seed", seed, "--json"]].concat());
    assert_eq!(once("5"), once("5"));
    assert_ne!(once("5"), once("6"));
    let text = |locale: &str| told(&[&SMALL[..], &["--locale", locale]].concat());
    assert_eq!(text("ru"), text("ru"));
}

#[test]
fn more_visits_are_more_events() {
    let events = |visits: &str| n(&json(&["--visits", visits])["report"], "events");
    let (one, six) = (events("1"), events("6"));
    assert!(six > 3 * one, "{one} and {six}");
    for wrong in ["0", "61", "NaN", "inf"] {
        assert!(refused(&["--visits", wrong]).contains("--visits: a number from 1 to 60"), "{wrong}");
    }
}

#[test]
fn a_comparison_shows_the_same_shoppers_with_one_thing_changed() {
    let all = json(&["--compare", "abandoned-cart.on=no"]);
    let (one, other) = (&all["report"], &all["compare"]["report"]);
    assert_eq!(all["compare"]["what"], "abandoned-cart.on=no");
    let of = |report: &Value| n(&report["journeys"]["abandoned-cart"]["figures"], "approved");
    assert!(of(one) > 0);
    assert_eq!(of(other), 0, "what is off sends nothing");
    assert_eq!(one, &json(&[])["report"], "the first run is that without a comparison");
    let nothing = json(&["--compare", "abandoned-cart.on=yes"]);
    assert_eq!(nothing["report"], nothing["compare"]["report"], "nothing was changed");
    let text = told(&[&SMALL[..], &["--locale", "en", "--compare", "abandoned-cart.on=no"]].concat());
    let table = text.split_once("Compared with abandoned-cart.on=no").unwrap().1;
    assert!(
        table.contains("as it is") && table.contains("difference") && table.contains('\u{2212}'),
        "{table}"
    );
}
