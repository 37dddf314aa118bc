//! The fields of a block as a page shows them: each with its name, what it changes, what stands in it, what is wrong.

use super::super::layout::Page;
use super::draft::{ATTRIBUTE, CHANNELS, Draft, Errors, FILTERS, SOURCE, WHOLE};
use super::field::{Fault, Holds};
use super::rules;
use crate::i18n;
use beckon_recommend::block::{Strategy, Wrong};

/// A field of the form.
pub struct Field {
    /// Its name in the form: the path.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What it changes.
    pub help: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong; empty when nothing is.
    pub error: String,
    /// `text`, `number`, `area`, `select`, `box`, `boxes`.
    pub kind: &'static str,
    /// What may be chosen.
    pub choices: Vec<Choice>,
    /// The part of a row it belongs to, by which it is shown with some strategies or kinds only; empty for always.
    pub part: String,
    /// Where suggestions come from; empty for none.
    pub suggest: &'static str,
}

impl Field {
    /// Whether its choices stand in groups.
    pub fn grouped(&self) -> bool {
        self.choices.iter().any(|choice| !choice.group.is_empty())
    }
}

/// Something to choose.
pub struct Choice {
    /// Its value.
    pub value: String,
    /// In words.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
    /// The group that begins with it; empty for none.
    pub group: String,
    /// What it does, in a sentence.
    pub says: String,
    /// Parts of the row it takes, by spaces.
    pub takes: String,
}

/// A row of a list.
pub struct Row {
    /// That by which it is blank or not.
    pub key: Field,
    /// The others.
    pub fields: Vec<Field>,
    /// Those that are seldom set, folded away.
    pub seldom: Vec<Field>,
    /// Whether anything stands in it.
    pub blank: bool,
}

impl Row {
    /// Whether anything of what is folded away is set.
    pub fn seldom_set(&self) -> bool {
        self.seldom.iter().any(|field| !field.value.is_empty() || !field.error.is_empty())
    }
}

/// Strategies as they are offered: group, and those in it.
pub const GROUPS: &[(&str, &[Strategy])] = {
    use Strategy::*;
    &[
        ("popular", &[Bestsellers, New, TopRated, Discounted, ComingSoon, Holiday]),
        (
            "personal",
            &[
                ForYou,
                ByProfile,
                NextBasket,
                RepeatDue,
                RecentlyViewed,
                LikeRecentlyViewed,
                Favourites,
                FromFavourites,
                AbandonedCart,
                FromAbandonedCart,
                SubscribedCategories,
                BySearches,
            ],
        ),
        (
            "alternative",
            &[
                Similar,
                SimilarContent,
                ViewedAlsoViewed,
                ViewedThenBought,
                UpSell,
                MultiBuy,
                NewInCategory,
                Search,
            ],
        ),
        ("complement", &[BoughtTogether, Accessories, LearnedAccessories]),
        ("outside", &[ThirdParty]),
    ]
};

/// A key of words out of a path or a name.
pub fn key_of(name: &str) -> String {
    name.replace(['_', '.'], "-")
}

/// What a strategy is called.
pub fn strategy(page: &Page, strategy: Strategy) -> String {
    page.t(&format!("strategy-{}", key_of(strategy.name())))
}

/// Makes the fields of one form.
pub struct Fields<'a> {
    /// The page it stands on.
    pub page: &'a Page,
    /// What stands in it.
    pub draft: &'a Draft,
    /// What is wrong with it.
    pub errors: &'a Errors,
}

impl Fields<'_> {
    /// A field of the block itself or of its filters.
    pub fn one(&self, path: &str) -> Field {
        let found = WHOLE.iter().chain(FILTERS).find(|(known, _)| *known == path);
        self.field(path, &key_of(path), found.map_or(Holds::Text, |(_, holds)| *holds))
    }

    /// The rows of a list of sources, with a blank one at the end.
    pub fn sources(&self, list: &str) -> Vec<Row> {
        (0..=self.draft.rows(list)).map(|row| self.source(list, row)).collect()
    }

    fn source(&self, list: &str, row: usize) -> Row {
        let at = |field: &str| format!("{list}[{row}].{field}");
        let mut key = self.field(&at("strategy"), "source-strategy", Holds::Text);
        key.choices = self.strategies(&key.value);
        let fields = SOURCE[1..].iter().filter(|(field, _)| list == "mix" || *field != "share");
        let fields = fields.map(|(field, holds)| {
            let mut made = self.field(&at(field), &format!("source-{}", key_of(field)), *holds);
            made.part = field.split('.').next().unwrap_or_default().to_owned();
            made
        });
        let (seldom, fields) = fields.partition(|field: &Field| matches!(field.kind, "box" | "boxes"));
        Row { blank: key.value.is_empty(), fields, seldom, key }
    }

    /// The rows of attributes, with a blank one at the end.
    pub fn attributes(&self) -> Vec<Row> {
        let row = |row: usize| {
            let at = |field: &str| format!("filters.attributes[{row}].{field}");
            let field = |(field, holds): &(&str, Holds)| {
                self.field(&at(field), &format!("attribute-{field}"), *holds)
            };
            let key = field(&ATTRIBUTE[0]);
            let fields = ATTRIBUTE[1..].iter().map(field).collect();
            Row { blank: key.value.is_empty(), fields, seldom: Vec::new(), key }
        };
        (0..=self.draft.rows("filters.attributes")).map(row).collect()
    }

    /// The rows of rules, with a blank one at the end.
    pub fn rules(&self) -> Vec<Row> {
        (0..=self.draft.rows("rules")).map(|row| self.rule(row)).collect()
    }

    fn rule(&self, row: usize) -> Row {
        let at = |field: &str| format!("rules[{row}].{field}");
        let mut key = self.field(&at("kind"), "rule-kind", Holds::Text);
        key.choices = rules::KINDS.iter().map(|(kind, takes)| self.kind(kind, takes, &key.value)).collect();
        let fields = rules::FIELDS[1..].iter().map(|(field, holds)| {
            let mut made = self.field(&at(field), &format!("rule-{field}"), *holds);
            made.part = (*field).to_owned();
            made
        });
        Row { blank: key.value.is_empty(), fields: fields.collect(), seldom: Vec::new(), key }
    }

    fn kind(&self, kind: &str, takes: &[&str], chosen: &str) -> Choice {
        Choice {
            value: kind.to_owned(),
            text: self.page.t(&format!("rule-{}", key_of(kind))),
            chosen: kind == chosen,
            group: String::new(),
            says: self.page.t(&format!("rule-{}-says", key_of(kind))),
            takes: takes.join(" "),
        }
    }

    fn strategies(&self, chosen: &str) -> Vec<Choice> {
        let one = |known: &Strategy| Choice {
            value: known.name().to_owned(),
            text: strategy(self.page, *known),
            chosen: known.name() == chosen,
            group: String::new(),
            says: self.page.t(&format!("strategy-{}-says", key_of(known.name()))),
            takes: format!("share only_consumed_often on {}", known.takes().join(" ")),
        };
        let mut choices = Vec::new();
        for (group, known) in GROUPS {
            let mut own: Vec<Choice> = known.iter().map(one).collect();
            if let Some(first) = own.first_mut() {
                first.group = self.page.t(&format!("strategies-{group}"));
            }
            choices.append(&mut own);
        }
        choices
    }

    fn field(&self, path: &str, key: &str, holds: Holds) -> Field {
        let value = self.draft.text(path).to_owned();
        let help = format!("block-set-{key}-help");
        let choices = self.choices(path, key, holds, &value);
        Field {
            label: self.page.t(&format!("block-set-{key}")),
            help: if i18n::known(&help) { self.page.t(&help) } else { String::new() },
            error: self.errors.get(path).map(|fault| said(self.page, fault)).unwrap_or_default(),
            kind: match holds {
                Holds::Lines | Holds::Categories => "area",
                Holds::Flag => "box",
                Holds::Boxes(_) => "boxes",
                _ if !choices.is_empty() || key.ends_with("-strategy") || key == "rule-kind" => "select",
                Holds::Whole | Holds::Decimal | Holds::Sum => "number",
                Holds::Text => "text",
            },
            choices,
            part: String::new(),
            suggest: if path.ends_with("].item") { "goods" } else { "" },
            name: path.to_owned(),
            value,
        }
    }

    fn choices(&self, path: &str, key: &str, holds: Holds, value: &str) -> Vec<Choice> {
        let last = path.rsplit('.').next().unwrap_or_default();
        let known: &[&str] = match (last, holds) {
            (_, Holds::Boxes(known)) => known,
            ("from", Holds::Text) if !path.contains("holiday") => {
                &["given", "cart", "last_purchase", "viewed", "favourites", "abandoned_cart"]
            }
            ("scope", _) => &["shop", "category", "city"],
            ("period", _) => &["trend", "week", "month"],
            ("profile", _) => &["fast", "reranked"],
            _ => return Vec::new(),
        };
        let of = if known == CHANNELS { "channel".to_owned() } else { format!("block-{key}") };
        let choice = |name: &&str| Choice {
            value: (*name).to_owned(),
            text: self.page.t(&format!("{of}-{}", key_of(name))),
            chosen: value.split(',').any(|one| one == *name),
            group: String::new(),
            says: String::new(),
            takes: String::new(),
        };
        known.iter().map(choice).collect()
    }
}

/// What is wrong, in words.
pub fn said(page: &Page, fault: &Fault) -> String {
    let t = |key: &str, args: &[(&str, i18n::Value<'_>)]| i18n::t(page.locale, key, args);
    match fault {
        Fault::NotWhole => page.t("fault-not-whole"),
        Fault::NotNumber => page.t("fault-not-number"),
        Fault::NotSum => page.t("fault-not-sum"),
        Fault::NoCategory(name) => page.with("fault-no-category", "name", name),
        Fault::Ambiguous(name, ids) => {
            t("fault-ambiguous", &[("name", name.as_str().into()), ("ids", ids.as_str().into())])
        }
        Fault::Said(text) => page.with("fault-said", "text", text),
        Fault::Flaw(flaw) => {
            let key = format!("flaw-{}", key_of(flaw.wrong.key()));
            let mut args: Vec<(&str, i18n::Value<'_>)> = vec![("value", flaw.value.as_str().into())];
            match &flaw.wrong {
                Wrong::OutOfRange { from, to } => {
                    args.extend([("from", (*from).into()), ("to", (*to).into())]);
                }
                Wrong::TooMany { most } => args.push(("most", (*most).into())),
                Wrong::Malformed { said } => args.push(("said", said.as_str().into())),
                Wrong::Unknown { nearest, .. } => {
                    args.push(("nearest", nearest.clone().unwrap_or_default().into()));
                }
                _ => {}
            }
            t(&key, &args)
        }
    }
}
