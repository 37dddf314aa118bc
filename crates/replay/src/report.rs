//! The report: all figures as data. Amounts are whole minor units by currency; moments are milliseconds since
//! 1970 UTC.

use beckon_core::ids::ProfileId;
use beckon_core::time::{ShopTime, Span};
use beckon_core::why::Journal;
use serde::Serialize;
use std::collections::BTreeMap;

/// Minor units by ISO 4217 code.
pub type Money = BTreeMap<String, i64>;

/// What a plan came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// First moment.
    pub from: ShopTime,
    /// Events that were played.
    pub events: u64,
    /// Customers at the end, merged ones counted once.
    pub people: u64,
    /// Those of them with an e-mail address.
    pub with_address: u64,
    /// Those of them who agreed to marketing mail.
    pub consented: u64,
    /// All of it.
    pub total: Figures,
    /// Day by day, from the first moment on.
    pub days: Vec<Day>,
    /// Journey by journey, by name.
    pub journeys: BTreeMap<String, JourneyReport>,
    /// How the channel fared.
    pub channel: Channel,
    /// Which journey beat which.
    pub conflicts: Vec<Conflict>,
    /// Who was held back by caps.
    pub caps: Caps,
    /// The message that waited longest from falling due to being handed over.
    pub longest_wait: Option<Wait>,
    /// Where people stand at the end, in the order of the plan.
    pub standing: Vec<Standing>,
    /// Some customers with their journals.
    pub examples: Vec<Example>,
}

/// Figures of a day, a journey or the whole. `approved` is the sum of `sent`, `held_out`, `never`, `unknown`,
/// `withdrawn` and `waiting`; all `withheld` together are `withdrawn` and `refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Series begun.
    pub entered: u64,
    /// Messages the gate let pass, those of the holdout among them.
    pub approved: u64,
    /// Messages the channel took.
    pub sent: u64,
    /// Messages of the holdout: they went the whole way and were not sent.
    pub held_out: u64,
    /// Messages the channel refused for good.
    pub never: u64,
    /// Messages of which nobody can say.
    pub unknown: u64,
    /// Approved messages that were withheld after all.
    pub withdrawn: u64,
    /// Approved messages that had not come to their end.
    pub waiting: u64,
    /// Messages the gate never approved.
    pub refused: u64,
    /// Withheld messages by reason, before and after approval.
    pub withheld: BTreeMap<String, u64>,
    /// How often a message was made to wait, by reason.
    pub put_off: BTreeMap<String, u64>,
    /// Entries that did not come about, by reason.
    pub not_entered: BTreeMap<String, u64>,
    /// Tries the channel put off.
    pub retried: u64,
    /// Messages opened.
    pub opened: u64,
    /// Messages clicked.
    pub clicked: u64,
    /// Unsubscriptions.
    pub unsubscribed: u64,
    /// Complaints.
    pub complained: u64,
    /// Orders placed and not cancelled; of a journey those credited to it.
    pub orders: u64,
    /// What they cost.
    pub ordered: Money,
    /// Orders credited to a click.
    pub credited_orders: u64,
    /// What these cost.
    pub credited: Money,
}

/// A day of 24 hours.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Day {
    /// Its first moment.
    pub from: ShopTime,
    /// What happened.
    pub figures: Figures,
}

/// A journey.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct JourneyReport {
    /// What happened.
    pub figures: Figures,
    /// People drawn to be written to.
    pub people_treated: u64,
    /// People drawn into the holdout.
    pub people_held_out: u64,
}

/// How the channel fared.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Channel {
    /// Messages a second, at most.
    pub rate_per_sec: f64,
    /// The hour in which most were handed over.
    pub peak_hour: ShopTime,
    /// How many were.
    pub peak_handed: u64,
    /// The longest time a message that was ready waited for its turn.
    pub longest_queue: Span,
    /// None that was ready waited for longer than a minute.
    pub rate_held: bool,
}

/// One journey beat another, for one customer and one message.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Conflict {
    /// Whose message went first.
    pub winner: String,
    /// Whose message had to stand back.
    pub loser: String,
    /// Messages that did.
    pub times: u64,
    /// Of these: handed over later.
    pub sent_later: u64,
    /// Of these: not sent, by reason.
    pub withheld: BTreeMap<String, u64>,
    /// Of these: still waiting, or of the holdout, or refused by the channel.
    pub other: u64,
}

/// Who was held back by caps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Caps {
    /// Customers.
    pub people: u64,
    /// How often, by cap: most in window.
    pub by_cap: BTreeMap<String, u64>,
    /// The customers held back most often, with how often.
    pub most: Vec<(ProfileId, u32)>,
}

/// A message that waited.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wait {
    /// Whose.
    pub profile: ProfileId,
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// When it fell due.
    pub due: ShopTime,
    /// When it was handed over.
    pub handed: ShopTime,
}

/// People at a step at the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// How many.
    pub people: u64,
}

/// A customer as an example.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Who.
    pub profile: ProfileId,
    /// Her journal, oldest first.
    pub lines: Vec<ExampleLine>,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExampleLine {
    /// When.
    pub at: ShopTime,
    /// What was considered, with the reasons.
    #[serde(flatten)]
    pub line: Journal,
}

impl Figures {
    /// What all of `approved` must come to.
    #[must_use]
    pub fn ends(&self) -> u64 {
        self.sent + self.held_out + self.never + self.unknown + self.withdrawn + self.waiting
    }
}
