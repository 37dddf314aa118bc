//! Figures that must agree with each other, whatever the shoppers do.

use crate::shop::{browse, cart, news, plan, play};
use beckon_core::desk::Changes;
use beckon_core::ids::{MessageId, ProfileId};
use beckon_core::plan::Class;
use beckon_core::time::{DAY, HOUR, SECOND, ShopTime, Span};
use beckon_replay::{Figures, Model, Quiet, Report, Watch};
use std::collections::BTreeMap;

fn model() -> Model {
    Model { seed: 5, ..Model::default() }
}

fn agrees(figures: &Figures) {
    assert_eq!(figures.approved, figures.ends(), "{figures:?}");
    assert_eq!(figures.withheld.values().sum::<u64>(), figures.withdrawn + figures.refused, "{figures:?}");
    assert!(figures.clicked <= figures.opened && figures.opened <= figures.sent, "{figures:?}");
    assert!(figures.credited_orders <= figures.orders, "{figures:?}");
}

fn all(report: &Report) -> Figures {
    let mut sum = Figures::default();
    for day in &report.days {
        let figures = &day.figures;
        sum.approved += figures.approved;
        sum.sent += figures.sent;
        sum.held_out += figures.held_out;
        sum.clicked += figures.clicked;
        sum.orders += figures.orders;
        sum.entered += figures.entered;
    }
    sum
}

#[test]
fn the_same_seed_gives_the_same_report_to_the_byte_and_another_seed_another() {
    let plan = plan(vec![cart(), browse(), news()]);
    let text = |seed: u64| {
        let model = Model { seed, ..Model::default() };
        serde_json::to_string(&play(&plan, &model, (150, 8, seed), &mut Quiet)).unwrap()
    };
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
}

#[test]
fn every_approved_message_has_one_end_and_days_and_journeys_sum_up() {
    let plan = plan(vec![cart(), browse(), news()]);
    // A channel that refuses, breaks and is slow, so that there is something of everything.
    let model = Model {
        dead_addresses: 0.1,
        deferred: 0.1,
        unknown: 0.05,
        unsubscribed: 0.05,
        rate_per_sec: 0.01,
        ..model()
    };
    let report = play(&plan, &model, (300, 10, 3), &mut Quiet);
    agrees(&report.total);
    let total = &report.total;
    for (name, n) in [
        ("sent", total.sent),
        ("held out", total.held_out),
        ("never", total.never),
        ("unknown", total.unknown),
        ("waiting", total.waiting),
        ("retried", total.retried),
        ("clicked", total.clicked),
        ("unsubscribed", total.unsubscribed),
        ("orders", total.orders),
        ("credited", total.credited_orders),
    ] {
        assert!(n > 0, "nothing was {name}: {total:?}");
    }
    let by_day = all(&report);
    let same = |f: &Figures| (f.approved, f.sent, f.held_out, f.clicked, f.orders, f.entered);
    assert_eq!(same(&by_day), same(total));
    let journeys = report.journeys.values();
    journeys.clone().for_each(|journey| agrees(&journey.figures));
    assert_eq!(journeys.clone().map(|j| j.figures.approved).sum::<u64>(), total.approved);
    assert_eq!(journeys.map(|j| j.figures.credited_orders).sum::<u64>(), total.credited_orders);
    assert!(!report.channel.rate_held, "a mail in 100 seconds is too few: {:?}", report.channel);
}

/// Each hand-over by profile, with class.
#[derive(Default)]
struct Sends {
    class: BTreeMap<String, Class>,
    of: BTreeMap<MessageId, Class>,
    handed: BTreeMap<ProfileId, Vec<(ShopTime, Class)>>,
    times: Vec<ShopTime>,
}

impl Watch for Sends {
    fn decided(&mut self, _: ShopTime, changes: &Changes) {
        for (_, message) in &changes.messages {
            self.of.insert(message.id, self.class[&message.journey]);
        }
    }
    fn handed(&mut self, now: ShopTime, profile: ProfileId, message: MessageId) {
        self.handed.entry(profile).or_default().push((now, self.of[&message]));
        self.times.push(now);
    }
}

#[test]
fn no_cap_is_broken_and_the_channel_takes_no_more_than_its_rate() {
    let plan = plan(vec![cart(), browse(), news()]);
    let class = plan.journeys.values().map(|journey| (journey.name.clone(), journey.class)).collect();
    let mut sends = Sends { class, ..Sends::default() };
    // What does not arrive uses no cap: here everything does.
    let model = Model { dead_addresses: 0.0, deferred: 0.0, unknown: 0.0, rate_per_sec: 0.5, ..model() };
    let report = play(&plan, &model, (600, 14, 11), &mut sends);
    assert!(report.total.sent > 300 && report.caps.people > 10, "{report:?}");
    for (who, handed) in &sends.handed {
        for (n, (at, class)) in handed.iter().enumerate() {
            let within = |span: Span, of: &[Class]| {
                handed[..n].iter().filter(|(t, c)| at.since(*t) < span && of.contains(c)).count()
            };
            let all = [Class::R, Class::A, Class::B, Class::C];
            match class {
                Class::A => assert_eq!(within(HOUR.times(4), &[Class::R, Class::A]), 0, "{who}"),
                Class::B | Class::C => {
                    assert_eq!(within(HOUR.times(16), &all), 0, "{who}");
                    assert!(within(DAY.times(7), &all) < 3, "{who}");
                }
                Class::T | Class::R => {}
            }
        }
    }
    for pair in sends.times.windows(2) {
        assert!(pair[1].since(pair[0]) >= SECOND.times(2), "{pair:?}");
    }
}

#[test]
fn the_holdout_has_its_share() {
    let mut journey = cart();
    journey.holdout_ppm = 200_000;
    let plan = plan(vec![journey]);
    let report = play(&plan, &model(), (1_500, 10, 2), &mut Quiet);
    let cart = &report.journeys["abandoned-cart"];
    let (held, all) = (cart.people_held_out as f64, (cart.people_held_out + cart.people_treated) as f64);
    // Held out of this journey, or of all marketing.
    let share = 1.0 - (1.0 - 0.2) * (1.0 - 0.02);
    let four_deviations = 4.0 * (all * share * (1.0 - share)).sqrt();
    assert!(all > 200.0 && (held - all * share).abs() < four_deviations, "{held} of {all}");
    assert!(cart.figures.held_out > 0);
}

#[test]
fn a_journey_alone_sends_at_least_as_many_as_beside_others() {
    // Nobody reacts, so that both meet the very same shoppers.
    let model = Model { opened: 0.0, ..model() };
    let sent = |journeys: Vec<_>, name: &str| {
        let report = play(&plan(journeys), &model, (400, 12, 9), &mut Quiet);
        report.journeys[name].figures.sent
    };
    for (name, alone) in [("abandoned-cart", cart()), ("browse", browse()), ("news", news())] {
        let beside = sent(vec![cart(), browse(), news()], name);
        let alone = sent(vec![alone], name);
        assert!(alone >= beside && beside > 0, "{name}: {alone} alone, {beside} beside the others");
    }
}

#[test]
fn conflicts_say_who_won_and_what_became_of_the_loser() {
    let plan = plan(vec![cart(), browse(), news()]);
    let report = play(&plan, &model(), (400, 10, 4), &mut Quiet);
    let lost = report.conflicts.iter().find(|c| c.winner == "abandoned-cart" && c.loser == "browse");
    let lost = lost.expect("the cart goes before browsing");
    assert!(lost.times > 5, "{lost:?}");
    assert!(report.conflicts.iter().all(|c| c.winner != "news"), "news have the lowest priority");
    for conflict in &report.conflicts {
        let ends = conflict.sent_later + conflict.other + conflict.withheld.values().sum::<u64>();
        assert_eq!(ends, conflict.times, "{conflict:?}");
    }
    assert!(report.total.put_off.contains_key("quiet_hours"), "{:?}", report.total.put_off);
    assert!(report.standing.iter().any(|at| at.journey == "abandoned-cart" && at.people > 0));
    assert_eq!(report.examples.len(), 3);
    assert!(report.longest_wait.is_some());
}
