//! One call of an SDK as one [`Incoming`], or the reason why not.

use super::item::{Call, Item, Shared};
use super::json::Json;
use super::{ClaimMode, Flag, Intake, Key, KeyKind, Reason, bots, clock, facts, identity, page, traits};
use beckon_core::event::{Event, Fact, Incoming, Mode, Source, Traits};
use beckon_core::hash::{Tag, hash};
use beckon_core::time::{ShopTime, WallTime};

/// The longest single call, in bytes (Segment).
pub const CALL_MAX_BYTES: usize = 32 * 1024;

/// What all items of one request have in common.
pub struct Caller<'a, I> {
    /// Where tokens are asked and flags go.
    pub intake: &'a I,
    /// Whose request it is.
    pub key: Key,
    /// Both clocks at receipt.
    pub now: (ShopTime, WallTime),
    /// Live or told afterwards.
    pub mode: Mode,
    /// The user agent of the request itself.
    pub user_agent: &'a str,
    /// `sentAt` of the batch.
    pub sent_at: &'a Json<'a>,
    /// `context` of the batch, for items that lack a field of it.
    pub context: &'a Json<'a>,
}

/// One item as an event. `None` when it was flagged and left out. `raw` is its text and `index` its place in the
/// batch: they number an event whose SDK gave it no message id.
pub fn normalise<I: Intake>(
    raw: &str,
    index: usize,
    call: Option<Call>,
    parsed: Result<Json<'_>, serde_json::Error>,
    caller: &Caller<I>,
) -> Option<Incoming> {
    let refuse = |reason: Reason, what: &str| {
        caller.intake.flag(caller.key.shop, Flag { reason, what: what.to_owned(), at: caller.now.0 });
        None
    };
    let json = match parsed {
        Ok(json @ Json::Object(_)) => json,
        _ => return refuse(Reason::Unreadable, "event"),
    };
    let Some(call) = call.or_else(|| Call::parse(&json.at("type").text()?)) else {
        return refuse(Reason::UnknownType, "type");
    };
    let message_of = |token: &str| caller.intake.message_of(caller.key.shop, token);
    let is_signed = |text: &str, signature: &str| caller.intake.is_signed(caller.key.shop, text, signature);
    let shared = Shared { key: caller.key, message_of: &message_of, is_signed: &is_signed };
    let mut item =
        Item { call, json: &json, caller: shared, batch_context: caller.context, reasons: Vec::new() };
    let incoming = read(&mut item, raw, index, caller);
    for (reason, field) in item.reasons {
        refuse(reason, &described(call, &json, field));
    }
    incoming
}

/// `track "Order Completed": total`.
fn described(call: Call, json: &Json, field: &str) -> String {
    match json.at("event").text().filter(|_| call == Call::Track) {
        Some(event) => format!("{} \"{}\": {field}", call.name(), page::plain_name(&event)),
        None => format!("{}: {field}", call.name()),
    }
}

fn read<I: Intake>(item: &mut Item, raw: &str, index: usize, caller: &Caller<I>) -> Option<Incoming> {
    let identities = identity::identities(item);
    if identities.is_empty() {
        item.flag(nobody(item), "userId, anonymousId");
        return None;
    }
    let traits = traits::of(item);
    let fact = fact_of(item, &traits)?;
    if caller.key.kind == KeyKind::Write && bots::is_view(&fact) && is_bot(item, caller) {
        item.flag(Reason::Crawler, "userAgent");
        return None;
    }
    let moment = clock::moment(item.json, caller.sent_at, caller.now);
    if !moment.plausible {
        item.flag(Reason::BadTime, "timestamp");
    }
    let event = Event {
        number: number(item.json, raw, index, caller),
        occurred_at: moment.occurred_at,
        received_at: caller.now.0,
        mode: if item.context("mode").text().is_some_and(|m| m == "history") {
            Mode::History
        } else {
            caller.mode
        },
        source: match caller.key.kind {
            KeyKind::Write => Source::Browser,
            KeyKind::Server => Source::Server,
        },
        fact,
    };
    Some(Incoming { event, identities, traits })
}

/// Why an item has no identity.
fn nobody(item: &Item) -> Reason {
    let closed = item.caller.key.kind == KeyKind::Write && item.caller.key.mode == ClaimMode::Signed;
    let claimed = item.json.get("userid").is_some()
        || item.said_of_person(&["email", "phone", "card", "loyaltycard"]).is_some();
    if closed && claimed { Reason::SignedOnly } else { Reason::NoId }
}

fn fact_of(item: &mut Item, traits: &Traits) -> Option<Fact> {
    Some(match item.call {
        Call::Identify | Call::Alias => Fact::Identified { traits: traits::names(traits) },
        Call::Page => Fact::Page { path: page::path(item) },
        Call::Screen => Fact::Page { path: page::screen(item) },
        Call::Group => Fact::Other { name: "Group".to_owned(), item: None },
        Call::Track => {
            let Some(name) = item.json.at("event").text() else {
                item.flag(Reason::NoEventName, "event");
                return None;
            };
            facts::of(item, &name)
        }
    })
}

fn is_bot<I: Intake>(item: &Item, caller: &Caller<I>) -> bool {
    let said = item.context("useragent").text();
    let said = said.as_deref().unwrap_or_default();
    bots::is_crawler(caller.user_agent) || (said != caller.user_agent && bots::is_crawler(said))
}

/// Equal for every retry: SDKs keep the message id. Without one, an event is its own text at its own arrival.
fn number<I: Intake>(json: &Json, raw: &str, index: usize, caller: &Caller<I>) -> u64 {
    let shop = caller.key.shop;
    match json.at("messageid").text() {
        Some(id) => hash(Tag::Event, shop, &[id.as_bytes()]),
        None => {
            let (received, place) = (caller.now.1.0.to_le_bytes(), index.to_le_bytes());
            hash(Tag::Event, shop, &[raw.as_bytes(), &received, &place])
        }
    }
}
