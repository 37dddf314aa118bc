//! The reasons of every decision, as data: a code and the values compared. Screens put them into words.

use crate::ids::MessageId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What it was: stable, part of numbers and of translations.
    pub code: String,
    /// The values that were compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Reason {
    /// A reason without values.
    #[must_use]
    pub fn new(code: &str) -> Reason {
        Reason { code: code.to_owned(), values: BTreeMap::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Reason {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }
}

/// A line of a customer's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// What happened or was considered: `entered`, `not_entered`, `step`, `approved`, `withheld`, `held`, `exit` …
    pub what: String,
    /// Journey by name; empty when it is about no journey.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub journey: String,
    /// Step by name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// The message, where one was considered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Reason>,
    /// Version of the plan it was decided with.
    pub plan: u64,
}
