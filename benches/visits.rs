//! Visits: what learning them takes and holds, and how long both profiles take to answer, with a filter on.

use crate::support::{Draw, alone, arg, quantile_ms};
use beckon_recommend::{Click, LiveVisits, Profile, VisitModel, VisitQuestion};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Clicks of one visit.
const LENGTH: usize = 5;
/// Most a model may hold per click: 100 MB per million.
const MAX_BYTES_PER_CLICK: f64 = 100.0;
const QUESTIONS: usize = 5_000;

/// Prints the figures. `--visit-clicks 10000000` is the shop of ten million, whose index is built for the fast
/// profile only.
pub fn measure() {
    let clicks = arg("--visit-clicks", 1_000_000);
    // Shops with more visits have more products, but not in proportion.
    let items = (40.0 * (clicks as f64).sqrt()) as u64;
    let (visits, names) = made(clicks, items);
    let rows: Vec<Click> = visits
        .iter()
        .zip(0..)
        .flat_map(|((session, items), at)| items.iter().map(move |item| (session, *item, f64::from(at))))
        .map(|(session, item, time)| Click { session, item: &names[item as usize], time })
        .collect();
    let begun = Instant::now();
    let fast = VisitModel::learn(&rows, Profile::Fast);
    alone(
        &format!("{clicks} clicks, {items} items: index, s"),
        format!("{:.1}", begun.elapsed().as_secs_f64()),
    );
    let per_click = fast.memory_bytes() as f64 / rows.len() as f64;
    alone("the model, bytes per click", format!("{per_click:.0}"));
    assert!(per_click <= MAX_BYTES_PER_CLICK, "{per_click} bytes per click");
    answers("fast", &fast, Profile::Fast, &visits, &names);
    busy(&fast, &visits, &names);
    if clicks <= 2_000_000 {
        let begun = Instant::now();
        let ranked = VisitModel::learn(&rows, Profile::Ranked);
        alone("index and ranker, s", format!("{:.1}", begun.elapsed().as_secs_f64()));
        answers("re-ranked", &ranked, Profile::Ranked, &visits, &names);
    }
    live(&visits, &names);
}

/// Visits that stay near one place of the catalogue, and the names of items.
fn made(clicks: usize, items: u64) -> (Vec<(String, Vec<u32>)>, Vec<String>) {
    let mut draw = Draw(31);
    let visit = |n: usize| {
        let place = draw.below(1 << 20) as f64 / f64::from(1 << 20);
        let first = (place * place * items as f64) as u64;
        let clicks =
            (0..LENGTH).map(|_| ((first + draw.below(30) * draw.below(30)) % items) as u32).collect();
        (format!("v{n}"), clicks)
    };
    ((0..clicks / LENGTH).map(visit).collect(), (0..items).map(|n| format!("SKU-{n:06}")).collect())
}

fn answers(
    title: &str,
    model: &VisitModel,
    profile: Profile,
    visits: &[(String, Vec<u32>)],
    names: &[String],
) {
    let mut times: Vec<Duration> =
        (0..QUESTIONS).map(|n| timed(|| asked(model, profile, visits, names, n))).collect();
    for share in [0.5, 0.9, 0.99] {
        alone(
            &format!("{title}, p{:.0}, ms", share * 100.0),
            format!("{:.3}", quantile_ms(&mut times, share)),
        );
    }
}

/// One question about the beginning of a visit; every tenth item may not be shown.
fn asked(
    model: &VisitModel,
    profile: Profile,
    visits: &[(String, Vec<u32>)],
    names: &[String],
    n: usize,
) -> usize {
    let items = &visits[n * 7_919 % visits.len()].1;
    let visit: Vec<&str> = items[..1 + n % 4].iter().map(|item| names[*item as usize].as_str()).collect();
    model.next_by(profile, &visit, |item| !item.ends_with('7')).len()
}

/// Answers a second of the fast profile with two threads.
fn busy(model: &VisitModel, visits: &[(String, Vec<u32>)], names: &[String]) {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || {
                let own = (0..QUESTIONS).map(|n| 2 * n + thread);
                let answers: usize = own.map(|n| asked(model, Profile::Fast, visits, names, n)).sum();
                black_box(answers);
            });
        }
    });
    alone(
        "fast, answers/s, two threads",
        format!("{:.0}", 2.0 * QUESTIONS as f64 / begun.elapsed().as_secs_f64()),
    );
}

/// Views a second while the model is fed, and how long a question takes then.
fn live(visits: &[(String, Vec<u32>)], names: &[String]) {
    let live = LiveVisits::new();
    let fed = &visits[..visits.len().min(100_000)];
    let begun = Instant::now();
    for ((_, items), visitor) in fed.iter().zip(0..) {
        for item in items {
            live.observe(visitor, &names[*item as usize], i64::from(visitor as u32));
        }
    }
    let views = (fed.len() * LENGTH) as f64;
    alone("live views/s", format!("{:.0}", views / begun.elapsed().as_secs_f64()));
    let mut times: Vec<Duration> = (0..QUESTIONS)
        .map(|n| {
            let visit = [names[fed[n * 31 % fed.len()].1[0] as usize].as_str()];
            let question = VisitQuestion { visitor: None, visit: &visit, profile: Profile::Fast };
            timed(|| live.next(&question, |item| !item.ends_with('7')).len())
        })
        .collect();
    alone("live and not yet learned, p90, ms", format!("{:.3}", quantile_ms(&mut times, 0.9)));
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    drop(black_box(work()));
    begun.elapsed()
}
