//! Counting: what the desk decided, by day and by journey.

use crate::conflicts::{Conflicts, Fate};
use crate::examples::Examples;
use crate::outbox::{Outbox, Row};
use crate::plane::Plane;
use crate::report::{Channel, Day, Figures, JourneyReport, Money, Report, Standing, Wait};
use crate::setup::Setup;
use beckon_core::desk::Changes;
use beckon_core::effect::{Count, MessageEnd};
use beckon_core::event::{Incoming, OrderStatus};
use beckon_core::ids::{DoorId, MessageId, ProfileId};
use beckon_core::money::Money as Amount;
use beckon_core::order::Order;
use beckon_core::plan::Plan;
use beckon_core::profile::PositionState;
use beckon_core::time::{DAY, HOUR, MINUTE, ShopTime, Span};
use std::collections::BTreeMap;

/// Days told one by one; longer runs are summed up in the last.
const DAYS_MAX: i64 = 3_660;
/// A message that is ready and waits longer than this says that the channel was too slow.
const QUEUE_BEARABLE: Span = MINUTE;

/// The counts of a run.
pub(crate) struct Tally {
    from: ShopTime,
    report: Report,
    hours: BTreeMap<i64, u64>,
    longest_queue: Span,
    conflicts: Conflicts,
    examples: Examples,
}

impl Tally {
    pub(crate) fn new(setup: &Setup) -> Tally {
        let from = setup.from;
        let length = setup.until.since(from).0.max(1);
        let days = length.saturating_add(DAY.0 - 1).saturating_div(DAY.0).min(DAYS_MAX);
        let day = |n: i64| Day { from: from.plus(DAY.times(n)), figures: Figures::default() };
        let journeys = setup.plan.journeys.values().map(|j| (j.name.clone(), JourneyReport::default()));
        let report = Report {
            from,
            days: (0..days).map(day).collect(),
            journeys: journeys.collect(),
            ..Report::default()
        };
        Tally {
            from,
            report,
            hours: BTreeMap::new(),
            longest_queue: Span(0),
            conflicts: Conflicts::default(),
            examples: Examples::default(),
        }
    }

    /// Counts something for the whole, its day and its journey.
    fn add(&mut self, at: ShopTime, journey: &str, count: impl Fn(&mut Figures)) {
        count(&mut self.report.total);
        self.add_to_day(at, &count);
        if let Some(journey) = self.report.journeys.get_mut(journey) {
            count(&mut journey.figures);
        }
    }

    fn add_to_day(&mut self, at: ShopTime, count: impl Fn(&mut Figures)) {
        let last = self.report.days.len().saturating_sub(1);
        let day = usize::try_from(at.since(self.from).0.div_euclid(DAY.0).max(0)).unwrap_or(last);
        if let Some(day) = self.report.days.get_mut(day.min(last)) {
            count(&mut day.figures);
        }
    }

    pub(crate) fn event(&mut self, _at: ShopTime, _incoming: &Incoming) {
        self.report.events += 1;
    }

    pub(crate) fn decided(&mut self, now: ShopTime, changes: &Changes) {
        for count in &changes.counts {
            self.count(now, count);
        }
        for (profile, line) in &changes.journal {
            self.examples.line(now, *profile, line);
            if line.what == "held" || line.what == "withheld" {
                self.conflicts.line(*profile, line);
            }
            if let ("held", Some(why)) = (line.what.as_str(), line.why.first()) {
                self.add(now, &line.journey, |f| *f.put_off.entry(why.code.clone()).or_default() += 1);
            }
        }
        for (_, message) in &changes.messages {
            if message.approved.is_some() {
                self.add(now, &message.journey, |f| f.approved += 1);
                continue;
            }
            let why = message.why.first().map_or("", |why| why.code.as_str());
            self.conflicts.fate(message.id, Fate::Withheld(why));
            self.add(now, &message.journey, |f| {
                f.refused += 1;
                *f.withheld.entry(why.to_owned()).or_default() += 1;
            });
        }
    }

    fn count(&mut self, now: ShopTime, count: &Count) {
        let metric: fn(&mut Figures) -> &mut u64 = match count.metric.as_str() {
            "entered" => |f| &mut f.entered,
            "opened" => |f| &mut f.opened,
            "clicked" => |f| &mut f.clicked,
            "unsubscribed" => |f| &mut f.unsubscribed,
            "complained" => |f| &mut f.complained,
            "retried" => |f| &mut f.retried,
            "treated" | "held_out" => {
                if let Some(journey) = self.report.journeys.get_mut(&count.journey) {
                    let treated = count.metric == "treated";
                    journey.people_treated += u64::from(treated);
                    journey.people_held_out += u64::from(!treated);
                }
                return;
            }
            other => {
                if let Some(why) = other.strip_prefix("not_entered:") {
                    self.add(now, &count.journey, |f| {
                        *f.not_entered.entry(why.to_owned()).or_default() += 1;
                    });
                }
                return;
            }
        };
        self.add(now, &count.journey, |f| *metric(f) += 1);
    }

    /// A message is handed over: how long it waited, and for what.
    pub(crate) fn handed(&mut self, now: ShopTime, _message: MessageId, row: &Row) {
        *self.hours.entry(now.0.div_euclid(HOUR.0)).or_default() += 1;
        self.longest_queue = self.longest_queue.max(now.since(row.not_before));
        let waited = now.since(row.due);
        if self.report.longest_wait.as_ref().is_none_or(|wait| waited > wait.handed.since(wait.due)) {
            self.report.longest_wait = Some(Wait {
                profile: row.profile,
                journey: row.journey.clone(),
                step: row.step.clone(),
                due: row.due,
                handed: now,
            });
        }
    }

    /// A message that was approved is at its end.
    pub(crate) fn ended(&mut self, now: ShopTime, message: MessageId, to: MessageEnd, row: &Row, why: &str) {
        let fate = match to {
            MessageEnd::Sent => Fate::Handed,
            MessageEnd::Withheld => Fate::Withheld(why),
            _ => Fate::Other,
        };
        self.conflicts.fate(message, fate);
        self.add(now, &row.journey, |f| match to {
            MessageEnd::Sent => f.sent += 1,
            MessageEnd::Ghost => f.held_out += 1,
            MessageEnd::Never => f.never += 1,
            MessageEnd::Unknown => f.unknown += 1,
            MessageEnd::Withheld => {
                f.withdrawn += 1;
                *f.withheld.entry(why.to_owned()).or_default() += 1;
            }
            MessageEnd::Handing | MessageEnd::Again(_) | MessageEnd::Later(_) | MessageEnd::Repeated(_) => {}
        });
    }

    /// The report, with what can only be seen at the end.
    pub(crate) fn report(mut self, setup: &Setup, plane: &Plane, outbox: &Outbox) -> Report {
        let last = setup.until.minus(Span(1));
        for row in outbox.rows() {
            self.add(last, &row.journey, |f| f.waiting += 1);
        }
        for order in plane.orders() {
            self.order(setup.plan, order);
        }
        let mut report = self.report;
        for profile in plane.profiles().filter(|profile| profile.hot.merged_into == ProfileId(0)) {
            report.people += 1;
            report.with_address += u64::from(profile.hot.email != DoorId(0));
            report.consented += u64::from(profile.hot.consent.agreed == Some(true));
        }
        let peak = self.hours.iter().max_by_key(|(hour, handed)| (**handed, std::cmp::Reverse(**hour)));
        report.channel = Channel {
            rate_per_sec: setup.model.rate_per_sec,
            peak_hour: peak.map_or(setup.from, |(hour, _)| ShopTime(hour.saturating_mul(HOUR.0))),
            peak_handed: peak.map_or(0, |(_, handed)| *handed),
            longest_queue: self.longest_queue,
            rate_held: self.longest_queue <= QUEUE_BEARABLE,
        };
        (report.conflicts, report.caps) = self.conflicts.report();
        report.standing = standing(setup.plan, plane);
        report.examples = self.examples.report();
        report
    }

    fn order(&mut self, plan: &Plan, order: &Order) {
        if order.placed_at == ShopTime(0) || order.status == OrderStatus::Cancelled as u32 {
            return;
        }
        let total = order.total.unwrap_or_default();
        let credit =
            order.credit(plan.settings.attribution).map(|(touch, amount)| (touch.journey.clone(), amount));
        let count = |f: &mut Figures| {
            f.orders += 1;
            sum(&mut f.ordered, total);
            if let Some((_, amount)) = &credit {
                f.credited_orders += 1;
                sum(&mut f.credited, *amount);
            }
        };
        count(&mut self.report.total);
        self.add_to_day(order.placed_at, count);
        if let Some((journey, _)) = &credit
            && let Some(journey) = self.report.journeys.get_mut(journey)
        {
            count(&mut journey.figures);
        }
    }
}

fn sum(money: &mut Money, amount: Amount) {
    let sum = money.entry(amount.currency.code().to_owned()).or_default();
    *sum = sum.saturating_add(amount.minor);
}

/// People at each step, in the order of the plan; who has walked to the end stands nowhere.
fn standing(plan: &Plan, plane: &Plane) -> Vec<Standing> {
    let mut at: BTreeMap<(u32, u32, u32), u64> = BTreeMap::new();
    for profile in plane.profiles().filter(|profile| profile.hot.merged_into == ProfileId(0)) {
        for position in profile.hot.positions.iter().filter(|p| p.state() != PositionState::Done) {
            *at.entry((position.journey, position.graph, position.step)).or_default() += 1;
        }
    }
    let mut all = Vec::new();
    for (key, journey) in &plan.journeys {
        for (version, graph) in &journey.graphs {
            for step in &graph.steps {
                if let Some(people) = at.get(&(*key, *version, step.key)) {
                    let (journey, step) = (journey.name.clone(), step.name.clone());
                    all.push(Standing { journey, step, people: *people });
                }
            }
        }
    }
    all
}
