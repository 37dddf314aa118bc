//! The shoppers as a lazy stream of the core's events, in the order of time: no tracker, no HTTP, no end.

use super::deed::{Basket, Deed, Doing, Line as Wanted};
use super::life::Life;
use super::person::Person;
use super::rhythm::Rhythm;
use super::{Setting, ZONE_NAME, day_of};
use crate::chance::Chance;
use crate::shop::Shop;
use beckon_core::event::{
    Event, Fact, Identity, Incoming, ItemRef, Line, Mode, OrderFact, OrderStatus, Source, Strength, Traits,
};
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Door, DoorKind, MessageId, ShopId};
use beckon_core::money::{Currency, Money};
use beckon_core::time::ShopTime;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// What another shop sells in place of an offer of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Good {
    /// Its id there.
    pub id: String,
    /// What it costs there, where that is known.
    pub price: Option<Money>,
}

/// The shoppers and what they do next. Memory grows with the people, not with the time.
pub struct Events {
    shop: Arc<Shop>,
    setting: Setting,
    chance: Chance,
    lives: Vec<Life>,
    /// The next visit of each.
    visits: BinaryHeap<Reverse<(ShopTime, u32)>>,
    /// What is left of visits that have begun, by moment, person and number.
    begun: BinaryHeap<Reverse<Begun>>,
    goods: BTreeMap<String, Good>,
}

/// Ordered by time, then person, then number.
struct Begun(ShopTime, u32, Doing);

impl Events {
    /// The shoppers of a setting, before the first of them has come: as eager as the demo's.
    #[must_use]
    pub fn new(shop: Arc<Shop>, setting: Setting) -> Events {
        let chance = Chance::new(setting.seed);
        let lives: Vec<Life> = (0..setting.people).map(|who| Life::new(chance, &shop, who)).collect();
        let (visits, begun, goods) = (BinaryHeap::new(), BinaryHeap::new(), BTreeMap::new());
        let mut events = Events { shop, setting, chance, lives, visits, begun, goods };
        events.begin_to_come();
        events
    }

    fn begin_to_come(&mut self) {
        let (chance, start) = (self.chance, self.setting.start);
        let first = |life: &Life| Reverse((life.first_visit_by_day(chance, start), life.person.who));
        self.visits = self.lives.iter().map(first).collect();
    }

    /// The same people coming as often as a real shop's: each at least about once a month, the average one
    /// `visits` times, from 1 to [`super::VISITS_MAX`]. To be said before anything is asked of them.
    #[must_use]
    pub fn visiting(mut self, visits: f64) -> Events {
        for life in &mut self.lives {
            life.rhythm = Some(Rhythm::new(self.chance, life.person.who, visits));
        }
        self.begin_to_come();
        self
    }

    /// The same people in front of another shop's goods: each offer stands for one of theirs.
    #[must_use]
    pub fn selling(mut self, goods: &[Good]) -> Events {
        let offers: Vec<&str> = self
            .shop
            .products()
            .iter()
            .flat_map(|product| product.variants.iter().map(|variant| variant.id.as_str()))
            .collect();
        let stands_for = |n: usize| goods.get(n * goods.len() / offers.len().max(1)).cloned();
        let pairs = offers.iter().enumerate();
        self.goods = pairs.filter_map(|(n, id)| Some(((*id).to_owned(), stands_for(n)?))).collect();
        self
    }

    /// When the next event happens.
    pub fn next_at(&mut self) -> Option<ShopTime> {
        while let Some(Reverse((at, who))) = self.visits.peek().copied() {
            if self.begun.peek().is_some_and(|Reverse(first)| first.0 < at) {
                break;
            }
            self.visits.pop();
            let day = day_of(at, self.setting.start);
            let Some(life) = self.lives.get_mut(who as usize) else { continue };
            let doings = life.visit(self.chance, &self.shop, at, day);
            let over = doings.last().map_or(at, |doing| doing.at);
            self.visits.push(Reverse((life.next_visit(self.chance, over), who)));
            self.begin(who, doings);
        }
        self.begun.peek().map(|Reverse(first)| first.0)
    }

    fn begin(&mut self, who: u32, doings: Vec<Doing>) {
        self.begun.extend(doings.into_iter().map(|doing| Reverse(Begun(doing.at, who, doing))));
    }

    /// Somebody follows a link of a message: what she does then is played too. Nothing for a stranger's address.
    pub fn came(&mut self, email: &str, message: MessageId, at: ShopTime) {
        let number = email.split('@').next().and_then(|local| local.rsplit('.').next()?.parse::<u32>().ok());
        let Some(who) = number.and_then(|number| number.checked_sub(1)) else { return };
        let Some(life) = self.lives.get_mut(who as usize).filter(|life| life.person.email == email) else {
            return;
        };
        let about = (at, day_of(at, self.setting.start));
        let doings = life.after_click(self.chance, &self.shop, about, &message.to_string());
        self.begin(who, doings);
    }

    fn told(&self, person: &Person, doing: Doing) -> Option<Incoming> {
        let device = person.devices.get(usize::from(doing.device))?;
        let claimed =
            |kind, value: &str| Identity { door: Door::new(kind, value), strength: Strength::Claimed };
        let browser = claimed(DoorKind::Anonymous, &device.anonymous_id);
        let (identities, traits) = match &doing.deed {
            Deed::Identified { consent } => {
                (vec![claimed(DoorKind::Email, &person.email), browser], said(person, *consent))
            }
            _ => (vec![browser], Traits::default()),
        };
        let parts =
            [self.chance.bits("life", &[]), u64::from(person.who), doing.number].map(u64::to_le_bytes);
        let number = hash(Tag::Event, ShopId(1), &[&parts[0], &parts[1], &parts[2]]);
        let event = Event {
            number,
            occurred_at: doing.at,
            received_at: doing.at,
            mode: Mode::Live,
            source: Source::Browser,
            fact: self.fact(doing.deed),
        };
        Some(Incoming { event, identities, traits })
    }

    fn fact(&self, deed: Deed) -> Fact {
        match deed {
            Deed::Page(path) => Fact::Page { path },
            Deed::ShelfSeen(category) => Fact::ListViewed { category: category.to_string() },
            Deed::Viewed(line) => Fact::ProductViewed { item: self.item(line.offer) },
            Deed::Dwelled { offer, dwell_secs } => {
                Fact::ProductDwelled { item: self.item(offer), dwell_secs }
            }
            Deed::Added { cart, line } => Fact::CartAdded { cart, line: self.line(line) },
            Deed::Removed { cart, line } => Fact::CartRemoved { cart, line: self.line(line) },
            Deed::CartSeen { cart, lines } => Fact::CartIs { cart, lines: self.lines(lines) },
            Deed::CheckoutStarted(basket) => {
                Fact::CheckoutStarted { cart: basket.cart, lines: self.lines(basket.lines) }
            }
            Deed::Ordered(basket) => Fact::Order(self.order(basket)),
            Deed::Identified { consent } => {
                let mut traits = vec!["email".to_owned(), "first_name".to_owned()];
                if consent {
                    traits.insert(1, "email_consent".to_owned());
                }
                Fact::Identified { traits }
            }
            Deed::Came { token } => Fact::CameFromMessage { message: token.parse().unwrap_or_default() },
        }
    }

    fn item(&self, offer: String) -> ItemRef {
        let id = self.goods.get(&offer).map_or(offer, |good| good.id.clone());
        ItemRef { id, alt: String::new() }
    }

    fn price(&self, line: &Wanted) -> Option<Money> {
        match self.goods.get(&line.offer) {
            Some(good) => good.price,
            None => Some(Money { minor: i64::from(line.price_rub) * 100, currency: Currency::RUB }),
        }
    }

    fn line(&self, line: Wanted) -> Line {
        let price = self.price(&line);
        Line { quantity: line.quantity, price, item: self.item(line.offer) }
    }

    fn lines(&self, lines: Vec<Wanted>) -> Vec<Line> {
        lines.into_iter().map(|line| self.line(line)).collect()
    }

    fn order(&self, basket: Basket) -> OrderFact {
        let lines = self.lines(basket.lines);
        let currency = lines.iter().find_map(|line| line.price).map_or(Currency::NONE, |p| p.currency);
        // What has no price, or another currency than the rest, adds nothing.
        let minor = |line: &Line| {
            let price = line.price.filter(|price| price.currency == currency)?;
            price.minor.checked_mul(i64::from(line.quantity))
        };
        let total = Money { minor: lines.iter().filter_map(minor).sum(), currency };
        OrderFact { id: basket.order, status: OrderStatus::Completed, total: Some(total), lines }
    }
}

/// What she says of herself. Zone and language count where more is said, so they are not repeated with every page.
fn said(person: &Person, consent: bool) -> Traits {
    Traits {
        email: Some(person.email.clone()),
        first_name: Some(person.first_name.to_owned()),
        email_consent: consent.then_some(true),
        time_zone: Some(ZONE_NAME.to_owned()),
        locale: Some(person.locale().to_owned()),
        ..Traits::default()
    }
}

impl Iterator for Events {
    type Item = (ShopTime, Incoming);

    fn next(&mut self) -> Option<(ShopTime, Incoming)> {
        loop {
            self.next_at()?;
            let Reverse(Begun(at, who, doing)) = self.begun.pop()?;
            let person = &self.lives.get(who as usize)?.person;
            if let Some(incoming) = self.told(person, doing) {
                return Some((at, incoming));
            }
        }
    }
}

impl Begun {
    fn key(&self) -> (ShopTime, u32, u64) {
        (self.0, self.1, self.2.number)
    }
}

impl PartialEq for Begun {
    fn eq(&self, other: &Begun) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Begun {}

impl PartialOrd for Begun {
    fn partial_cmp(&self, other: &Begun) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Begun {
    fn cmp(&self, other: &Begun) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
