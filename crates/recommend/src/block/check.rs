//! Finds every mistake of a block at once.

use std::collections::BTreeSet;

use super::{
    Block, Filters, Flaw, Goods, Holiday, MAX_ROWS, MAX_SIZE, MAX_SOURCES, Names, Rule, Source, Strategy,
    Wrong,
};

/// Flaws found so far.
#[derive(Default)]
struct Found(Vec<Flaw>);

impl Block {
    /// Every mistake, in the order of the fields; none for a block that can be served.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut found = Found::default();
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if self.name.is_empty() {
            found.add("name", "", Wrong::Missing);
        } else if self.name.len() > 60 || !self.name.chars().all(plain) {
            found.add("name", &self.name, Wrong::BadName);
        }
        if self.mix.is_empty() {
            found.add("mix", "", Wrong::Missing);
        }
        found.sources("mix", &self.mix);
        found.sources("fall_back", &self.fall_back);
        let shares: u32 = self.mix.iter().filter_map(|source| source.share).map(u32::from).sum();
        if shares > 100 {
            found.add(
                "mix",
                format_args!("shares of {shares} percent"),
                Wrong::OutOfRange { from: 1, to: 100 },
            );
        }
        found.filters(&self.filters);
        found.rules(self);
        found.number("diversity", self.diversity.into(), 0, 100);
        found.number("size", self.size.into(), 1, MAX_SIZE.into());
        found.number("min_size", self.min_size.into(), 0, self.size.into());
        found.0
    }
}

impl Found {
    fn add(&mut self, field: impl Into<String>, value: impl std::fmt::Display, wrong: Wrong) {
        self.0.push(Flaw::new(field, value, wrong));
    }

    fn number(&mut self, field: impl Into<String>, value: i64, from: i64, to: i64) {
        if !(from..=to).contains(&value) {
            self.add(field, value, Wrong::OutOfRange { from, to });
        }
    }

    fn sources(&mut self, list: &str, sources: &[Source]) {
        if sources.len() > MAX_SOURCES {
            self.add(list, sources.len(), Wrong::TooMany { most: MAX_SOURCES });
        }
        for (place, source) in sources.iter().enumerate() {
            self.source(&format!("{list}[{place}]"), source);
        }
    }

    fn source(&mut self, at: &str, source: &Source) {
        if let Some(share) = source.share {
            self.number(format!("{at}.share"), share.into(), 1, 100);
        }
        let given = [
            ("from", source.from.map(|from| format!("{from:?}").to_lowercase())),
            ("scope", source.scope.map(|scope| format!("{scope:?}").to_lowercase())),
            ("period", source.period.map(|period| format!("{period:?}").to_lowercase())),
            ("days", source.days.map(|days| days.to_string())),
            ("band", source.band.map(|_| String::new())),
            ("holiday", source.holiday.as_ref().map(|holiday| holiday.tag.clone())),
            ("endpoint", source.endpoint.clone()),
        ];
        let (strategy, takes) = (source.strategy.name(), source.strategy.takes());
        for (name, value) in given {
            if let Some(value) = value.filter(|_| !takes.contains(&name)) {
                let wrong = Wrong::NotForStrategy { strategy, takes: takes.to_vec() };
                self.add(format!("{at}.{name}"), value, wrong);
            }
        }
        if let Some(days) = source.days {
            self.number(format!("{at}.days"), days.into(), 1, 3_650);
        }
        if let Some(band) = source.band {
            self.number(format!("{at}.band.from"), band.from.unwrap_or(100).into(), 100, 1_000);
            self.number(format!("{at}.band.to"), band.to.unwrap_or(1_000).into(), 100, 1_000);
            self.ends(&format!("{at}.band"), band.from.map(i64::from), band.to.map(i64::from));
        }
        match (&source.holiday, source.strategy) {
            (Some(holiday), Strategy::Holiday) => self.holiday(&format!("{at}.holiday"), holiday),
            (None, Strategy::Holiday) => self.add(format!("{at}.holiday"), "", Wrong::Missing),
            _ => {}
        }
        let nameless = source.endpoint.as_deref().is_none_or(|name| name.trim().is_empty());
        if source.strategy == Strategy::ThirdParty && nameless {
            self.add(format!("{at}.endpoint"), "", Wrong::Missing);
        }
        let once: BTreeSet<_> = source.on.iter().collect();
        if once.len() < source.on.len() {
            self.add(format!("{at}.on"), "", Wrong::Twice);
        }
    }

    fn holiday(&mut self, at: &str, holiday: &Holiday) {
        if holiday.tag.trim().is_empty() {
            self.add(format!("{at}.tag"), "", Wrong::Missing);
        }
        for (name, day) in [("from", &holiday.from), ("to", &holiday.to)] {
            if !day.is_empty() && day_of_year(day).is_none() {
                self.add(format!("{at}.{name}"), day, Wrong::BadDay);
            }
        }
        if holiday.from.is_empty() != holiday.to.is_empty() {
            let missing = if holiday.from.is_empty() { "from" } else { "to" };
            self.add(format!("{at}.{missing}"), "", Wrong::Missing);
        }
        for country in &holiday.countries {
            if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
                self.add(format!("{at}.countries"), country, Wrong::BadCountry);
            }
        }
    }

    fn ends(&mut self, at: &str, from: Option<i64>, to: Option<i64>) {
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.add(at, format_args!("{from} to {to}"), Wrong::Backwards);
        }
    }

    fn filters(&mut self, filters: &Filters) {
        for (name, range, most) in
            [("price_minor", filters.price_minor, i64::MAX), ("age_days", filters.age_days, 36_500)]
        {
            for (end, value) in [("from", range.from), ("to", range.to)] {
                self.number(format!("filters.{name}.{end}"), value.unwrap_or(0), 0, most);
            }
            self.ends(&format!("filters.{name}"), range.from, range.to);
        }
        let band = filters.price_of_seed;
        for (end, value) in [("from", band.from), ("to", band.to)] {
            self.number(format!("filters.price_of_seed.{end}"), value.unwrap_or(1).into(), 1, 10_000);
        }
        self.ends("filters.price_of_seed", band.from.map(i64::from), band.to.map(i64::from));
        for (name, names) in
            [("categories", &filters.categories), ("brands", &filters.brands), ("tags", &filters.tags)]
        {
            self.names(&format!("filters.{name}"), names);
        }
        for (place, attribute) in filters.attributes.iter().enumerate() {
            let at = format!("filters.attributes[{place}]");
            if attribute.name.trim().is_empty() {
                self.add(format!("{at}.name"), "", Wrong::Missing);
            }
            self.names(&at, &Names { only: attribute.only.clone(), not: attribute.not.clone() });
        }
        self.rows("filters.attributes", filters.attributes.len());
        self.number("filters.not_bought_days", filters.not_bought_days.into(), 1, 3_650);
        let consumed = filters.not_bought_days_consumed;
        self.number("filters.not_bought_days_consumed", consumed.into(), 0, 3_650);
        if let Some(margin) = filters.margin_percent {
            self.number("filters.margin_percent", margin.into(), -1_000, 100);
        }
        if let Some(rating) = filters.rating.filter(|rating| !(0.0..=5.0).contains(rating)) {
            self.add("filters.rating", rating, Wrong::OutOfRange { from: 0, to: 5 });
        }
    }

    fn names(&mut self, at: &str, names: &Names) {
        self.rows(&format!("{at}.only"), names.only.len());
        self.rows(&format!("{at}.not"), names.not.len());
        for (list, row) in [("only", &names.only), ("not", &names.not)] {
            if row.iter().any(|name| name.trim().is_empty()) {
                self.add(format!("{at}.{list}"), "", Wrong::Missing);
            }
        }
        for both in names.only.iter().filter(|name| names.not.contains(name)) {
            self.add(at, both, Wrong::Contradiction);
        }
    }

    fn rows(&mut self, at: &str, rows: usize) {
        if rows > MAX_ROWS {
            self.add(at, rows, Wrong::TooMany { most: MAX_ROWS });
        }
    }

    fn rules(&mut self, block: &Block) {
        self.rows("rules", block.rules.len());
        let (mut places, mut items, mut mixed) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (place, rule) in block.rules.iter().enumerate() {
            let at = format!("rules[{place}]");
            match rule {
                Rule::Pin { item, position } => {
                    if item.is_empty() {
                        self.add(format!("{at}.pin.item"), "", Wrong::Missing);
                    }
                    self.number(format!("{at}.pin.position"), (*position).into(), 1, block.size.into());
                    if !places.insert(*position) {
                        self.add(format!("{at}.pin.position"), position, Wrong::Twice);
                    }
                    if !items.insert(item) {
                        self.add(format!("{at}.pin.item"), item, Wrong::Twice);
                    }
                }
                Rule::Boost { goods, times } => self.weighed(&format!("{at}.boost"), goods, *times),
                Rule::Bury { goods, times } => self.weighed(&format!("{at}.bury"), goods, *times),
                Rule::Hide { goods } => self.goods(&format!("{at}.hide"), goods),
                Rule::Margin { weight } if !(0.0..=10.0).contains(weight) => {
                    self.add(format!("{at}.margin.weight"), weight, Wrong::OutOfRange { from: 0, to: 10 });
                }
                Rule::Margin { .. } => {}
                Rule::AtMost { per, count } => {
                    self.number(format!("{at}.at_most.count"), (*count).into(), 1, MAX_SIZE.into());
                    if mixed.contains(per) {
                        self.add(
                            format!("{at}.at_most.per"),
                            format!("{per:?}").to_lowercase(),
                            Wrong::Twice,
                        );
                    }
                    mixed.push(*per);
                }
            }
        }
    }

    fn weighed(&mut self, at: &str, goods: &Goods, times: f32) {
        if !(1.0..=1_000.0).contains(&times) {
            self.add(format!("{at}.times"), times, Wrong::OutOfRange { from: 1, to: 1_000 });
        }
        self.goods(at, goods);
    }

    fn goods(&mut self, at: &str, goods: &Goods) {
        let lists = [
            ("items", &goods.items),
            ("categories", &goods.categories),
            ("brands", &goods.brands),
            ("tags", &goods.tags),
        ];
        if lists.iter().all(|(_, list)| list.is_empty()) {
            self.add(format!("{at}.goods"), "", Wrong::Missing);
        }
        for (name, list) in lists {
            self.rows(&format!("{at}.goods.{name}"), list.len());
        }
    }
}

/// Month and day of "12-31".
pub(crate) fn day_of_year(text: &str) -> Option<(u8, u8)> {
    const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (month, day) = text.split_once('-')?;
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    let most = *DAYS.get(usize::from(month.checked_sub(1)?))?;
    (1..=most).contains(&day).then_some((month, day))
}
