//! The text of a story, line by line:
//!
//! ```text
//! 10:00    web   adds A
//! 10:55    =>    mail abandoned-cart-1 to ann with A
//! d2 10:40 =>    mail abandoned-cart-2 to ann with A
//! ```
//!
//! Time is UTC; `d2` is the second day after the first. Lines with `=>` are all that may leave; ten quiet days follow
//! the last line.

use crate::world::{Sender, World};
use beckon_core::desk::Work;
use beckon_core::event::{
    BlockSeen, Event, Fact, Identity, Incoming, ItemRef, Line, Mode, OrderFact, OrderStatus, Source,
    Strength, Traits,
};
use beckon_core::ids::{Door, DoorKind};
use beckon_core::input::{Feedback, Input, Reaction};
use beckon_core::money::{Currency, Money};
use beckon_core::plan::name_key;
use beckon_core::time::{DAY, HOUR, MINUTE, SECOND, ShopTime, Span};
use std::collections::BTreeMap;

/// Midnight of the first day of a story: Monday, 2 March 2026, UTC.
pub const MIDNIGHT: ShopTime = ShopTime(1_772_409_600_000);

/// Somebody on a device, or the shop's own server.
#[derive(Clone, Debug, Default)]
struct Actor {
    user: Option<String>,
}

/// A story being told.
pub struct Story {
    pub world: World,
    actors: BTreeMap<String, Actor>,
    expected: Vec<(ShopTime, String)>,
}

/// `10:15` or `d2 10:15` or `10:15:30`; gives the rest of the line too.
fn moment(line: &str) -> (ShopTime, &str) {
    let (day, rest) = match line.strip_prefix('d') {
        Some(rest) => {
            let (day, rest) = rest.split_once(' ').expect("a time after the day");
            (day.parse::<i64>().expect("a day"), rest.trim_start())
        }
        None => (0, line),
    };
    let (time, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let parts: Vec<i64> = time.split(':').map(|n| n.parse().expect("a time")).collect();
    let at = MIDNIGHT.plus(DAY.times(day)).plus(HOUR.times(parts[0])).plus(MINUTE.times(parts[1]));
    (at.plus(SECOND.times(parts.get(2).copied().unwrap_or(0))), rest.trim())
}

impl Story {
    pub fn new(journeys: Vec<beckon_core::plan::Journey>) -> Story {
        let world = World::new(MIDNIGHT, journeys);
        Story { world, actors: BTreeMap::new(), expected: Vec::new() }
    }

    /// Tells the story and compares what left with its `=>` lines.
    pub fn tell(mut self, text: &str) -> Story {
        self.go_on(text);
        let end = self.world.now.plus(DAY.times(10));
        self.world.pass_until(end);
        self.check();
        self
    }

    /// Tells a part of it; what leaves is compared when it is told to the end.
    pub fn go_on(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (at, rest) = moment(line);
            self.world.pass_until(at);
            assert!(self.world.now == at, "`{line}` goes back in time");
            let (who, what) = rest.split_once(' ').unwrap_or((rest, ""));
            match who {
                "=>" => self.expected.push((at, what.trim().to_owned())),
                "sender" => self.sender(what.trim()),
                "switch" => self.switch(what.trim()),
                _ => self.act(who, what.trim()),
            }
        }
    }

    pub fn check(&self) {
        let show = |mails: &[(ShopTime, String)]| -> String {
            let line = |(at, text): &(ShopTime, String)| {
                let since = at.since(MIDNIGHT).0;
                let (day, rest) = (since / DAY.0, since % DAY.0);
                let (hour, minute) = (rest / HOUR.0, rest % HOUR.0 / MINUTE.0);
                format!("d{day} {hour:02}:{minute:02}:{:02} => {text}\n", rest % MINUTE.0 / 1000)
            };
            mails.iter().map(line).collect()
        };
        let (told, left) = (show(&self.expected), show(&self.world.mails));
        let journal: Vec<String> = self
            .world
            .journal
            .iter()
            .map(|(at, _, line)| {
                let why: Vec<_> = line.why.iter().map(|r| format!("{} {:?}", r.code, r.values)).collect();
                format!(
                    "{} {} {} {}: {}",
                    at.since(MIDNIGHT),
                    line.what,
                    line.journey,
                    line.step,
                    why.join("; ")
                )
            })
            .collect();
        assert!(
            told == left,
            "the story says\n{told}\nbut there left\n{left}\njournal\n{}",
            journal.join("\n")
        );
    }

    fn sender(&mut self, what: &str) {
        self.world.sender = match what {
            "works" => Sender::Ok,
            "is down" => Sender::Down,
            "is slow" => Sender::Slow(MINUTE.times(30)),
            "fails" => Sender::Fails,
            "lies unknown" => Sender::Unknown,
            "bounces" => Sender::Bounces,
            other => panic!("what is a sender that {other}?"),
        };
        self.world.send();
    }

    fn switch(&mut self, what: &str) {
        let (way, name) = what.split_once(' ').expect("on or off, and a journey");
        let journey = self.world.plan.journeys.get_mut(&name_key(name)).expect("a journey of the plan");
        journey.on = way == "on";
        if journey.on {
            journey.on_since = self.world.now;
        }
    }

    fn act(&mut self, who: &str, what: &str) {
        let (what, ago, mode) = lateness(what);
        let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
        let mut traits = Traits::default();
        let mut extra = Vec::new();
        let fact = match verb {
            "reads" => Fact::Page { path: "/".into() },
            "views" => Fact::ProductViewed { item: item(rest) },
            "adds" => Fact::CartAdded { cart: String::new(), line: line(rest) },
            "removes" => {
                let line = Line { quantity: 0, ..line(rest) };
                Fact::CartRemoved { cart: String::new(), line }
            }
            "cart" => Fact::CartIs { cart: String::new(), lines: rest.split(", ").map(line).collect() },
            "empties" => Fact::CartIs { cart: String::new(), lines: Vec::new() },
            "orders" | "cancels" => order(verb, rest),
            "is" => self.identify(who, rest, &mut traits, &mut extra),
            "sees" => Fact::BlocksSeen { blocks: rest.split(", ").map(block).collect() },
            "picks" => {
                let (what, place) = rest.split_once(" in ").expect("picks A in a block");
                let BlockSeen { block, arm } = block(place);
                Fact::BlockClicked { block, arm, item: item(what) }
            }
            "does" => Fact::Other { name: rest.to_owned(), item: None },
            "clicks" => return self.react(rest, ago, Reaction::Clicked),
            "unsubscribes" => return self.react(rest, ago, Reaction::Unsubscribed),
            "complains" => return self.react(rest, ago, Reaction::Complained),
            other => panic!("what does it mean that {who} {other}?"),
        };
        let server = who == "shop";
        let strength = if server { Strength::Proved } else { Strength::Claimed };
        let mut doors = extra;
        if !server {
            let actor = self.actors.entry(who.to_owned()).or_default();
            if let Some(user) = actor.user.clone() {
                doors.push(Door::new(DoorKind::User, user));
            }
            doors.push(Door::new(DoorKind::Anonymous, who));
        } else if let Some(whom) = rest.split_whitespace().find_map(|w| w.strip_prefix("by=")) {
            let kind = if whom.contains('@') { DoorKind::Email } else { DoorKind::User };
            doors.push(Door::new(kind, whom));
        }
        doors.sort();
        doors.dedup();
        self.world.events += 1;
        let now = self.world.now;
        let event = Event {
            number: self.world.events,
            occurred_at: now.minus(ago),
            received_at: now,
            mode,
            source: if server { Source::Server } else { Source::Browser },
            fact,
        };
        let identities = doors.into_iter().map(|door| Identity { door, strength }).collect();
        self.world.event(Incoming { event, identities, traits });
    }

    /// `is ann@x consent user=u1 name=Ann`.
    fn identify(&mut self, who: &str, rest: &str, traits: &mut Traits, extra: &mut Vec<Door>) -> Fact {
        for word in rest.split_whitespace() {
            match word.split_once('=') {
                _ if word.contains('@') => {
                    extra.push(Door::new(DoorKind::Email, word));
                    traits.email = Some(word.to_owned());
                }
                Some(("user", id)) => {
                    extra.push(Door::new(DoorKind::User, id));
                    self.actors.entry(who.to_owned()).or_default().user = Some(id.to_owned());
                }
                Some(("name", name)) => traits.first_name = Some(name.to_owned()),
                Some(("zone", zone)) => traits.time_zone = Some(zone.to_owned()),
                _ if word == "agreeing" => traits.email_consent = Some(true),
                _ if word == "refusing" => traits.email_consent = Some(false),
                _ => panic!("what is `{word}` of a person?"),
            }
        }
        Fact::Identified { traits: Vec::new() }
    }

    /// A reaction to the last mail that was handed over, or to the last to `rest`.
    fn react(&mut self, template: &str, ago: Span, kind: Reaction) {
        let rows = self.world.outbox.iter();
        let last = rows
            .filter(|(_, row)| row.handed_at.is_some() && (template.is_empty() || row.template == template))
            .max_by_key(|(_, row)| row.handed_at);
        let (message, row) = last.expect("a mail was sent");
        let feedback = Feedback {
            message: *message,
            address: row.address,
            journey: row.journey.clone(),
            step: row.step.clone(),
            kind,
            at: self.world.now.minus(ago),
            first: true,
        };
        let profile = row.profile;
        self.world.work(&Work::Input(profile, Input::Feedback(feedback)));
        self.world.send();
    }
}

/// `(2d ago)` at the end: it happened then; `(2d ago, imported)`: and is told as history.
fn lateness(what: &str) -> (&str, Span, Mode) {
    let Some((what, late)) = what.strip_suffix(')').and_then(|what| what.split_once(" (")) else {
        return (what, Span(0), Mode::Live);
    };
    let (late, mode) = match late.strip_suffix(", imported") {
        Some(late) => (late, Mode::History),
        None => (late, Mode::Live),
    };
    let span = late.strip_suffix(" ago").and_then(Span::parse).expect("as `(2d ago)`");
    (what, span, mode)
}

fn item(id: &str) -> ItemRef {
    ItemRef { id: id.to_owned(), alt: String::new() }
}

/// `A` or `A x2`.
fn line(text: &str) -> Line {
    let (id, quantity) = text.split_once(" x").unwrap_or((text, "1"));
    Line { item: item(id), quantity: quantity.parse().expect("a quantity"), price: None }
}

/// `home` or `home/hits`: a block, and the arm of its test.
fn block(text: &str) -> BlockSeen {
    let (block, arm) = text.split_once('/').unwrap_or((text, ""));
    BlockSeen { block: block.to_owned(), arm: arm.to_owned() }
}

/// `A@100 x2`: a line with the price of one.
fn priced(text: &str) -> Line {
    let (id, rest) = text.split_once('@').expect("a line as `A@100 x2`");
    let (price, quantity) = rest.split_once(" x").unwrap_or((rest, "1"));
    let price = Money::parse(price, Currency::RUB);
    Line { item: item(id), quantity: quantity.parse().expect("a quantity"), price }
}

/// `1001 for 500 by=ann@x` or `1001 for 500 with A@100 x2, B@300`.
fn order(verb: &str, text: &str) -> Fact {
    let (text, lines) = text.split_once(" with ").unwrap_or((text, ""));
    let words: Vec<&str> = text.split_whitespace().collect();
    let total = words.iter().position(|word| *word == "for").map(|at| words[at + 1]);
    Fact::Order(OrderFact {
        id: words[0].to_owned(),
        status: if verb == "orders" { OrderStatus::Completed } else { OrderStatus::Cancelled },
        total: total.and_then(|text| Money::parse(text, Currency::RUB)),
        lines: lines.split(", ").filter(|line| !line.is_empty()).map(priced).collect(),
    })
}
