//! How good recommendations are for a shop: learned from its older visits, measured on its newest.

use std::collections::{HashMap, HashSet};

use crate::evaluate::measures::{DEPTHS, Measures, Tally};
use crate::visits::{Click, Profile, VisitModel, by_session};

/// What is to be measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The newest sessions that are foretold, as a share of all that have two clicks or more.
    pub tested_share: f64,
    /// Most sessions that are foretold; with more, every so-manieth is.
    pub max_sessions: usize,
    /// Also measure the re-ranked profile, which takes minutes to learn.
    pub ranked: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { tested_share: 0.1, max_sessions: 5_000, ranked: true }
    }
}

/// One profile measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Which; the ranked one only where trees were learned.
    pub profile: Profile,
    /// All questions.
    pub all: Measures,
    /// Those where the next item had been in the session already.
    pub repeats: Measures,
    /// Those where it had not.
    pub new: Measures,
    /// Known items that stand in at least one list of twenty, as a share.
    pub coverage: f64,
    /// Mean popularity of what is listed against that of what was really clicked next: above 1 the lists lean
    /// towards what is popular anyway.
    pub popularity_bias: f64,
    /// Time for an answer that half, nine of ten, and 99 of 100 stay within, in microseconds.
    pub latency_micros: [f64; 3],
}

/// A shop measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Clicks learned from.
    pub clicks: usize,
    /// Sessions learned from.
    pub sessions: usize,
    /// Different items in them.
    pub items: usize,
    /// Time to learn, in seconds.
    pub learn_secs: f64,
    /// Memory of the model, in bytes.
    pub memory_bytes: usize,
    /// The profiles: fast, then re-ranked where there was history enough to learn it.
    pub profiles: Vec<Measured>,
}

/// Learns from the older sessions and measures on the newest, prefix by prefix. `now_micros` tells the time for
/// latencies, in microseconds from any moment. Clicks in any order; none when there are fewer than two sessions
/// with two clicks.
pub fn report(clicks: &[Click], plan: &Plan, now_micros: impl Fn() -> f64) -> Option<Report> {
    let mut ends: HashMap<&str, f64> = HashMap::new();
    for click in clicks {
        let end = ends.entry(click.session).or_insert(click.time);
        *end = end.max(click.time);
    }
    let mut sessions = by_session(clicks);
    sessions.retain(|(_, items)| items.len() > 1);
    sessions.sort_by(|a, b| ends[a.0].total_cmp(&ends[b.0]));
    if sessions.len() < 2 {
        return None;
    }
    let share = (sessions.len() as f64 * plan.tested_share.clamp(0.0, 1.0)) as usize;
    let tested = sessions.split_off(sessions.len() - share.clamp(1, sessions.len() - 1));
    let hidden: HashSet<&str> = tested.iter().map(|(session, _)| *session).collect();
    let first = ends[tested[0].0];
    // A session of a single click teaches popularity only, but not from the days that are foretold.
    let known =
        |click: &&Click| !hidden.contains(click.session) && ends[click.session].total_cmp(&first).is_le();
    let train: Vec<Click> = clicks.iter().filter(known).copied().collect();
    let begun = now_micros();
    let profile = if plan.ranked { Profile::Ranked } else { Profile::Fast };
    let model = VisitModel::learn(&train, profile);
    let learn_secs = (now_micros() - begun) / 1e6;
    let step = tested.len().div_ceil(plan.max_sessions.max(1));
    let tested: Vec<Vec<&str>> = tested
        .into_iter()
        .step_by(step.max(1))
        .map(|(_, items)| items.into_iter().filter(|item| model.knows(item)).collect())
        .collect();
    let mut popularity: HashMap<&str, f64> = HashMap::new();
    train.iter().for_each(|click| *popularity.entry(click.item).or_default() += 1.0);
    let mut profiles = vec![Profile::Fast];
    profiles.extend(model.is_ranked().then_some(Profile::Ranked));
    let measured = profiles.into_iter().map(|one| measure(&model, one, &tested, &popularity, &now_micros));
    Some(Report {
        clicks: train.len(),
        sessions: train.iter().map(|click| click.session).collect::<HashSet<_>>().len(),
        items: popularity.len(),
        learn_secs,
        memory_bytes: model.memory_bytes(),
        profiles: measured.collect(),
    })
}

fn measure(
    model: &VisitModel,
    profile: Profile,
    tested: &[Vec<&str>],
    popularity: &HashMap<&str, f64>,
    now_micros: &impl Fn() -> f64,
) -> Measured {
    let [mut all, mut repeats, mut new] = [(); 3].map(|()| Tally::default());
    let mut listed: HashSet<String> = HashSet::new();
    let mut times: Vec<f64> = Vec::new();
    let (mut shown, mut shown_popularity, mut asked, mut asked_popularity) = (0.0, 0.0, 0.0, 0.0);
    let popular = |item: &str| popularity.get(item).copied().unwrap_or(0.0);
    for session in tested {
        for length in 1..session.len() {
            let (prefix, rest) = session.split_at(length);
            let begun = now_micros();
            let mut list = model.next_by(profile, prefix, |_| true);
            times.push(now_micros() - begun);
            list.truncate(DEPTHS[2]);
            let place = list.iter().position(|item| *item == rest[0]);
            let to_come: HashSet<&str> = rest.iter().copied().collect();
            let recall = DEPTHS.map(|depth| {
                let found = list.iter().take(depth).filter(|item| to_come.contains(*item)).count();
                found as f64 / to_come.len() as f64
            });
            all.count(place, recall);
            let half = if prefix.contains(&rest[0]) { &mut repeats } else { &mut new };
            half.count(place, recall);
            asked += 1.0;
            asked_popularity += popular(rest[0]);
            for item in list {
                shown += 1.0;
                shown_popularity += popular(item);
                if !listed.contains(item) {
                    listed.insert(item.to_owned());
                }
            }
        }
        [&mut all, &mut repeats, &mut new].into_iter().for_each(Tally::end_session);
    }
    times.sort_by(f64::total_cmp);
    let within = |share: f64| {
        times.get((times.len().saturating_sub(1) as f64 * share) as usize).copied().unwrap_or(0.0)
    };
    let mean = |sum: f64, count: f64| if count > 0.0 { sum / count } else { 0.0 };
    let real = mean(asked_popularity, asked);
    Measured {
        profile,
        all: all.measures(),
        repeats: repeats.measures(),
        new: new.measures(),
        coverage: mean(listed.len() as f64, popularity.len() as f64),
        popularity_bias: mean(mean(shown_popularity, shown), real),
        latency_micros: [within(0.5), within(0.9), within(0.99)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_sessions_are_foretold_from_the_older_and_repeats_are_told_apart() {
        let rows: Vec<(String, String, f64)> = (0..400_u32)
            .flat_map(|n| {
                // Up to the last forty, "cup" follows "tea"; then people go back to "tea", which nobody did before.
                let last = if n < 360 { format!("pot{}", n % 3) } else { "tea".to_owned() };
                let items = ["tea".to_owned(), "cup".to_owned(), last];
                items
                    .into_iter()
                    .zip(0..)
                    .map(move |(item, at)| (format!("s{n}"), item, f64::from(n * 10 + at)))
            })
            .collect();
        let mut clicks: Vec<Click> =
            rows.iter().map(|(session, item, time)| Click { session, item, time: *time }).collect();
        clicks.reverse();
        let ticks = std::cell::Cell::new(0.0);
        let now_micros = || {
            ticks.set(ticks.get() + 5.0);
            ticks.get()
        };
        let plan = Plan { ranked: false, ..Plan::default() };
        let report = report(&clicks, &plan, now_micros).unwrap();
        assert_eq!((report.sessions, report.clicks, report.items), (360, 1_080, 5));
        let fast = &report.profiles[0];
        assert_eq!((fast.all.questions, fast.all.sessions), (80, 40));
        assert_eq!((fast.repeats.questions, fast.new.questions), (40, 40));
        assert_eq!(fast.new.at[0].hit_rate.value, 1.0, "cup after tea");
        assert_eq!(fast.new.at[0].recall.value, 1.0, "cup and tea are to come");
        assert_eq!(fast.latency_micros, [5.0; 3]);
        assert_eq!(fast.coverage, 1.0);
        assert!(report.memory_bytes > 0 && report.learn_secs > 0.0);
    }

    #[test]
    fn too_little_to_split_is_said() {
        let click = |session, time| Click { session, item: "tea", time };
        assert!(report(&[], &Plan::default(), || 0.0).is_none());
        assert!(
            report(&[click("a", 1.0), click("a", 2.0), click("b", 3.0)], &Plan::default(), || 0.0).is_none()
        );
        let nan = [click("a", 1.0), click("a", f64::NAN), click("b", 3.0), click("b", f64::INFINITY)];
        assert!(report(&nan, &Plan::default(), || 0.0).is_some());
    }
}
