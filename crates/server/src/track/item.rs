//! One item of a request while it is read: the fields of an SDK's call, and what was not understood of them.

use super::json::{Json, fold};
use super::{Key, Reason};
use beckon_core::ids::MessageId;

/// The six calls of Segment's specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Who the person is.
    Identify,
    /// What the person did.
    Track,
    /// A page was shown.
    Page,
    /// A screen of an app was shown.
    Screen,
    /// The person belongs to a company.
    Group,
    /// Two ids are one person.
    Alias,
}

impl Call {
    /// The call of a path or of `type`, in full or as analytics.js shortens it.
    pub fn parse(name: &str) -> Option<Call> {
        Some(match name {
            "identify" | "i" => Call::Identify,
            "track" | "t" => Call::Track,
            "page" | "p" => Call::Page,
            "screen" | "s" => Call::Screen,
            "group" | "g" => Call::Group,
            "alias" | "a" => Call::Alias,
            _ => return None,
        })
    }

    /// Its name in the specification.
    pub fn name(self) -> &'static str {
        match self {
            Call::Identify => "identify",
            Call::Track => "track",
            Call::Page => "page",
            Call::Screen => "screen",
            Call::Group => "group",
            Call::Alias => "alias",
        }
    }
}

/// What the look-ups of one item need; free of the type of the intake.
pub struct Shared<'a> {
    /// Whose request it is.
    pub key: Key,
    /// Whether the shop signed a user id or an address.
    pub is_signed: &'a dyn Fn(&str, &str) -> bool,
    /// The message of a signed click token.
    pub message_of: &'a dyn Fn(&str) -> Option<MessageId>,
}

/// One item of a request while it is read.
pub struct Item<'a> {
    /// Which call it is.
    pub call: Call,
    /// The item itself.
    pub json: &'a Json<'a>,
    /// What it shares with its request.
    pub caller: Shared<'a>,
    pub(super) batch_context: &'a Json<'a>,
    pub(super) reasons: Vec<(Reason, &'static str)>,
}

impl<'a> Item<'a> {
    /// Notes that something was not understood; `field` names it.
    pub fn flag(&mut self, reason: Reason, field: &'static str) {
        if !self.reasons.contains(&(reason, field)) {
            self.reasons.push((reason, field));
        }
    }

    /// A field of the item's context, else of the batch's.
    pub fn context(&self, folded: &str) -> &'a Json<'a> {
        self.json.at("context").get(folded).unwrap_or_else(|| self.batch_context.at(folded))
    }

    /// The properties of the call.
    pub fn properties(&self) -> &'a Json<'a> {
        self.json.at("properties")
    }

    /// What the call says of the person, best first. The traits of a group are not hers. RudderStack has them in the
    /// context only, and repeats them there on each call.
    pub fn person(&self) -> [&'a Json<'a>; 2] {
        let own = if self.call == Call::Identify { self.json.at("traits") } else { &Json::Null };
        [own, self.context("traits")]
    }

    /// The first present of several traits of the person. An address among the properties of an order or a checkout
    /// is hers too; among those of any other event it may be a friend's.
    pub fn said_of_person(&self, folded: &[&str]) -> Option<&'a Json<'a>> {
        let [own, repeated] = self.person();
        own.first(folded).or_else(|| repeated.first(folded)).or_else(|| {
            let value = self.properties().first(folded)?;
            let is_purchase = || self.json.at("event").text().is_some_and(|event| is_purchase(&event));
            let hers = self.call == Call::Identify || (self.call == Call::Track && is_purchase());
            hers.then_some(value)
        })
    }
}

/// Whether an event is of the person's own purchase, so that an address in its properties is hers.
fn is_purchase(name: &str) -> bool {
    matches!(
        fold(name).as_str(),
        "checkoutstarted"
            | "ordercompleted"
            | "completedorder"
            | "orderupdated"
            | "orderrefunded"
            | "ordercancelled"
            | "ordercanceled"
            | "checkoutstepcompleted"
            | "paymentinfoentered"
    )
}
