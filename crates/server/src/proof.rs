//! The proof: people of the control group against people who were written to, with an interval that stays valid
//! however often somebody looks.
//!
//! Each arm has a confidence sequence of a proportion by a beta mixture (Robbins 1970, "Statistical methods related to
//! the law of the iterated logarithm"; in this form Lindon and Malek 2022, "Anytime-valid inference for multinomial
//! count data", NeurIPS 35): with s of n converted, a rate p is ruled out once
//! `B(s + 1, n - s + 1) / (p^s (1 - p)^(n - s))` reaches 1 / alpha. That ratio is a martingale that starts at 1 when p
//! is true, so by Ville's inequality it ever does so with probability alpha at most. The difference of both arms takes
//! half of alpha from each.

use crate::app::{App, SHOP};
use crate::numbers::hours;
use beckon_core::time::{DAY, HOUR, ShopTime};
use beckon_store::Result;
use serde::Serialize;

/// The interval misses the truth, at any of all looks together, this often at most.
const ALPHA: f64 = 0.05;
/// Fewer drawn people in an arm than this say nothing worth an interval.
const DRAWN_MIN: i64 = 50;

/// What is known of one arm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Arm {
    /// People drawn whose time for the goal is over.
    pub drawn: i64,
    /// Of them, people who reached it.
    pub converted: i64,
}

/// The control group against the treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Proof {
    /// Who was written to.
    pub treated: Arm,
    /// Who was not.
    pub held_out: Arm,
    /// People who turned out to have been in both groups: they are in neither.
    pub mixed: i64,
    /// By how much the treated converted more, as a part of people: lower and upper end; `None` while it is not enough.
    pub gain: Option<(f64, f64)>,
    /// `not_enough` (people), `open` (the interval has zero in it), `gain` or `loss`.
    pub verdict: &'static str,
}

/// Reads the proof of a journey; `None` when it has no goal.
///
/// # Errors
/// The store cannot be read.
pub fn of(app: &App, journey: &beckon_core::plan::Journey) -> Result<Option<Proof>> {
    let Some(goal) = &journey.goal else { return Ok(None) };
    // Only whole days of draws whose time for the goal is over: the young would count as not converted.
    let day = app.now().minus(goal.within).0.div_euclid(DAY.0);
    let until = ShopTime(day * DAY.0);
    let (from, before) = (1, u32::try_from(until.0 / HOUR.0).unwrap_or(0));
    let (mut treated, mut held_out, mut mixed) = (Arm::default(), Arm::default(), 0);
    for row in app.store.numbers(SHOP, Some(&journey.name), (from, before.max(from)))? {
        match row.metric.as_str() {
            "treated" => treated.drawn += row.n,
            "held_out" => held_out.drawn += row.n,
            _ => {}
        }
    }
    let (_, now) = hours(ShopTime(0), app.now());
    for row in app.store.numbers(SHOP, Some(&journey.name), (from, now))? {
        if row.metric == "mixed" {
            mixed += row.n;
        }
        let mut parts = row.metric.splitn(3, ':');
        let (what, arm) = (parts.next(), parts.next());
        let drawn = parts.next().and_then(|day| day.parse::<i64>().ok());
        if drawn.is_none_or(|drawn| drawn >= day) {
            continue;
        }
        let arm = match arm {
            Some("treated") => &mut treated,
            Some("held_out") => &mut held_out,
            _ => continue,
        };
        match what {
            Some("converted") => arm.converted += row.n,
            Some("unconverted") => arm.converted -= row.n,
            Some("undrawn") => arm.drawn -= row.n,
            _ => {}
        }
    }
    Ok(Some(Proof { mixed, ..compare(treated, held_out) }))
}

/// Compares two rates: the first against the second.
#[must_use]
pub fn compare(treated: Arm, held_out: Arm) -> Proof {
    if treated.drawn < DRAWN_MIN || held_out.drawn < DRAWN_MIN {
        return Proof { treated, held_out, mixed: 0, gain: None, verdict: "not_enough" };
    }
    let (with, without) = (interval(treated, ALPHA / 2.0), interval(held_out, ALPHA / 2.0));
    let gain = (with.0 - without.1, with.1 - without.0);
    let verdict = match gain {
        (low, _) if low > 0.0 => "gain",
        (_, high) if high < 0.0 => "loss",
        _ => "open",
    };
    Proof { treated, held_out, mixed: 0, gain: Some(gain), verdict }
}

/// The rates that are not ruled out.
fn interval(arm: Arm, alpha: f64) -> (f64, f64) {
    let n = arm.drawn.max(0) as f64;
    let s = (arm.converted as f64).clamp(0.0, n);
    let evidence = ln_gamma(s + 1.0) + ln_gamma(n - s + 1.0) - ln_gamma(n + 2.0);
    let limit = (1.0 / alpha).ln();
    let kept = |p: f64| {
        // 0 ln 0 is 0: a rate of 0 is ruled out by the first that converted, not before.
        let term = |k: f64, p: f64| if k == 0.0 { 0.0 } else { k * p.ln() };
        evidence - term(s, p) - term(n - s, 1.0 - p) < limit
    };
    let rate = if n > 0.0 { s / n } else { 0.5 };
    // The rates kept are one stretch around the one seen; its ends are found by halving.
    let end = |mut inside: f64, mut outside: f64| {
        if kept(outside) {
            return outside;
        }
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            if kept(middle) { inside = middle } else { outside = middle }
        }
        inside
    };
    (end(rate, 0.0), end(rate, 1.0))
}

/// The logarithm of the gamma function for x of 1 and more: Stirling's series after shifting x up (Abramowitz and
/// Stegun 6.1.41).
fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 12.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1_260.0 - inverse / 1_680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(converted: i64, drawn: i64) -> Arm {
        Arm { drawn, converted }
    }

    #[test]
    fn the_gamma_function_is_that_of_factorials() {
        let mut factorial = 1.0_f64;
        for n in 1..=20 {
            factorial *= f64::from(n);
            assert!((ln_gamma(f64::from(n) + 1.0) - factorial.ln()).abs() < 1e-9, "{n}");
        }
        assert!(ln_gamma(1.0).abs() < 1e-9);
    }

    #[test]
    fn little_says_nothing_and_much_says_what_it_says() {
        assert_eq!(compare(arm(10, 1_000), arm(1, 49)).verdict, "not_enough");
        assert_eq!(compare(arm(40, 1_000), arm(2, 52)).verdict, "open");
        assert_eq!(compare(arm(3_000, 20_000), arm(50, 1_000)).verdict, "gain");
        assert_eq!(compare(arm(200, 20_000), arm(80, 1_000)).verdict, "loss");
        let (low, high) = compare(arm(500, 10_000), arm(500, 10_000)).gain.unwrap();
        assert!(low < 0.0 && high > 0.0 && (low + high).abs() < 1e-6, "{low} {high}");
        assert_eq!(interval(arm(0, 100), 0.05).0, 0.0);
        assert_eq!(interval(arm(100, 100), 0.05).1, 1.0);
    }

    /// Looked at after every person, the truth is missed by no more series than promised.
    #[test]
    fn looking_all_the_time_is_allowed() {
        let (rate, series) = (0.07, 400);
        let mut missed = 0;
        for number in 0_u64..series {
            let (mut seen, mut out) = (Arm::default(), false);
            for person in 0_u64..600 {
                let bytes = [number.to_le_bytes(), person.to_le_bytes()].concat();
                let draw = xxhash_rust::xxh3::xxh3_64(&bytes) as f64 / u64::MAX as f64;
                seen.drawn += 1;
                seen.converted += i64::from(draw < rate);
                let (low, high) = interval(seen, 0.05);
                out |= rate < low || rate > high;
            }
            missed += u64::from(out);
        }
        assert!(missed * 20 <= series, "{missed} of {series} series missed the truth at some look");
    }
}
