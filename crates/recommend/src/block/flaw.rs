//! What is wrong with a block: where, which value, and how to mend it. Data, so that it can be said in any language.

use std::fmt;

use serde::Serialize;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Where: `mix[0].share`, `filters.price_minor`. Of text that is no block, the line and column.
    pub field: String,
    /// The value as written; empty for a missing one.
    pub value: String,
    /// What is wrong with it, and so what to do.
    pub wrong: Wrong,
}

/// What is wrong. Each has a stable key for its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "wrong", rename_all = "snake_case")]
pub enum Wrong {
    /// Not JSON, or of another type than the field's.
    Malformed {
        /// What the reader says.
        said: String,
    },
    /// No such field or name.
    Unknown {
        /// The known one most like it.
        nearest: Option<String>,
        /// All known ones.
        known: Vec<String>,
    },
    /// It must be there.
    Missing,
    /// A number outside of its bounds.
    OutOfRange {
        /// The least.
        from: i64,
        /// The most.
        to: i64,
    },
    /// More than may be.
    TooMany {
        /// How many may be.
        most: usize,
    },
    /// The first end lies behind the last.
    Backwards,
    /// The same twice, where it can be once only.
    Twice,
    /// This setting means nothing to the strategy.
    NotForStrategy {
        /// The strategy.
        strategy: &'static str,
        /// Settings it takes.
        takes: Vec<&'static str>,
    },
    /// Allowed and forbidden at once.
    Contradiction,
    /// Letters a name cannot have.
    BadName,
    /// No day of the year.
    BadDay,
    /// Not two letters of a country.
    BadCountry,
}

impl Wrong {
    /// Stable name of the kind of mistake.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::Unknown { .. } => "unknown",
            Self::Missing => "missing",
            Self::OutOfRange { .. } => "out_of_range",
            Self::TooMany { .. } => "too_many",
            Self::Backwards => "backwards",
            Self::Twice => "twice",
            Self::NotForStrategy { .. } => "not_for_strategy",
            Self::Contradiction => "contradiction",
            Self::BadName => "bad_name",
            Self::BadDay => "bad_day",
            Self::BadCountry => "bad_country",
        }
    }
}

/// In English; the server has words of its own for people.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.field)?;
        if !self.value.is_empty() {
            write!(f, " is `{}`", self.value)?;
        }
        match &self.wrong {
            Wrong::Malformed { said } => {
                write!(f, ": {said}. Write a block as JSON of the documented fields")
            }
            Wrong::Unknown { nearest: Some(nearest), .. } => {
                write!(f, ", which is unknown. Write `{nearest}`")
            }
            Wrong::Unknown { nearest: None, known } => {
                write!(f, ", which is unknown. Write one of {}", known.join(", "))
            }
            Wrong::Missing => write!(f, " is missing. Write it"),
            Wrong::OutOfRange { from, to } => write!(f, ". Write a number from {from} to {to}"),
            Wrong::TooMany { most } => write!(f, ". Keep to at most {most}"),
            Wrong::Backwards => write!(f, ": its beginning lies behind its end. Change them over"),
            Wrong::Twice => write!(f, ": it stands twice. Take one away"),
            Wrong::NotForStrategy { strategy, takes } if takes.is_empty() => {
                write!(f, ", which means nothing to `{strategy}`. Take it away")
            }
            Wrong::NotForStrategy { strategy, takes } => {
                write!(
                    f,
                    ", which means nothing to `{strategy}`. Take it away; it takes {}",
                    takes.join(", ")
                )
            }
            Wrong::Contradiction => write!(f, ": it is wanted and forbidden at once. Decide"),
            Wrong::BadName => write!(f, ". Write small Latin letters, digits and hyphens, 1 to 60"),
            Wrong::BadDay => write!(f, ", no day of the year. Write month and day, as 12-31"),
            Wrong::BadCountry => write!(f, ", no country. Write its two letters, as RU"),
        }
    }
}

impl Flaw {
    pub(super) fn new(field: impl Into<String>, value: impl fmt::Display, wrong: Wrong) -> Self {
        Self { field: field.into(), value: value.to_string(), wrong }
    }

    /// What the reader of JSON says, with the known name nearest to an unknown one.
    pub(super) fn of_json(error: &serde_json::Error) -> Self {
        let said = error.to_string();
        let place = format!("line {}, column {}", error.line(), error.column());
        let mut quoted = said.split('`').skip(1).step_by(2).map(str::to_owned);
        if said.starts_with("unknown field") || said.starts_with("unknown variant") {
            let value = quoted.next().unwrap_or_default();
            let known: Vec<String> = quoted.collect();
            let nearest = nearest(&value, &known);
            return Self { field: place, value, wrong: Wrong::Unknown { nearest, known } };
        }
        if said.starts_with("missing field") {
            let field = format!("{} ({place})", quoted.next().unwrap_or_default());
            return Self::new(field, "", Wrong::Missing);
        }
        let said = said.split(" at line ").next().unwrap_or_default().to_owned();
        Self::new(place, "", Wrong::Malformed { said })
    }
}

/// The known name that differs least, if it differs by less than half.
fn nearest(name: &str, known: &[String]) -> Option<String> {
    let by_edits = known.iter().map(|one| (edits(name, one), one));
    let (edits, best) = by_edits.min_by_key(|(edits, _)| *edits)?;
    (2 * edits <= best.chars().count()).then(|| best.clone())
}

/// Letters to insert, delete or replace (Levenshtein 1966).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().take(100).enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, second) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *second);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
