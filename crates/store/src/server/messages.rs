//! The list of messages: by whichever filter finds the fewest rows, the others applied to what it finds.

use super::batch::{bucket, shop};
use super::connection::{Done, Session, Value, maybe_text};
use super::message;
use super::queues::limit;
use super::statement::OfMessage;
use crate::{MessageFilter, MessageRow, MessageState, PageKey};
use beckon_core::time::ShopTime;

// The parameters are the same everywhere: $1 bucket, $2 shop, $3 profile, $4 from, $5 and $6 the key before,
// then the filters in the order of their columns. Each has its type named, since not every statement uses
// each.
static OF_PROFILE: OfMessage = OfMessage::new(
    "SELECT {message} FROM message WHERE bucket = $1::smallint AND shop = $2 AND profile = $3::bigint
        AND created_at >= $4 AND (created_at, id) < ($5, $6)
        AND ($7::smallint IS NULL OR state = $7) AND ($8::text IS NULL OR journey = $8)
        AND ($9::text IS NULL OR step = $9) AND ($10::text IS NULL OR reason = $10)
        AND ($11::text IS NULL OR channel = $11)
    ORDER BY created_at DESC, id DESC LIMIT $12",
);
static OF_REASON: OfMessage = OfMessage::new(
    "SELECT {message} FROM message WHERE bucket >= 0 AND $1::smallint IS NOT NULL AND shop = $2
        AND $3::bigint IS NULL AND reason = $10 AND reason <> ''
        AND created_at >= $4 AND (created_at, id) < ($5, $6)
        AND ($7::smallint IS NULL OR state = $7) AND ($8::text IS NULL OR journey = $8)
        AND ($9::text IS NULL OR step = $9) AND ($11::text IS NULL OR channel = $11)
    ORDER BY created_at DESC, id DESC LIMIT $12",
);
static OF_RARE_STATE: OfMessage = OfMessage::new(
    "SELECT {message} FROM message WHERE state IN (1, 5, 8) AND bucket >= 0 AND $1::smallint IS NOT NULL AND shop = $2
        AND $3::bigint IS NULL AND state = $7
        AND created_at >= $4 AND (created_at, id) < ($5, $6) AND ($8::text IS NULL OR journey = $8)
        AND ($9::text IS NULL OR step = $9) AND ($10::text IS NULL OR reason = $10)
        AND ($11::text IS NULL OR channel = $11)
    ORDER BY created_at DESC, id DESC LIMIT $12",
);
static OF_OPEN_STATE: OfMessage = OfMessage::new(
    "SELECT {message} FROM message WHERE state IN (2, 3, 6) AND bucket >= 0 AND $1::smallint IS NOT NULL AND shop = $2
        AND $3::bigint IS NULL AND state = $7
        AND created_at >= $4 AND (created_at, id) < ($5, $6) AND ($8::text IS NULL OR journey = $8)
        AND ($9::text IS NULL OR step = $9) AND ($10::text IS NULL OR reason = $10)
        AND ($11::text IS NULL OR channel = $11)
    ORDER BY created_at DESC, id DESC LIMIT $12",
);
static OF_JOURNEY: OfMessage = OfMessage::new(
    "SELECT {message} FROM message WHERE bucket >= 0 AND $1::smallint IS NOT NULL AND shop = $2
        AND $3::bigint IS NULL AND journey = $8
        AND created_at >= $4 AND (created_at, id) < ($5, $6) AND ($7::smallint IS NULL OR state = $7)
        AND ($9::text IS NULL OR step = $9) AND ($10::text IS NULL OR reason = $10)
        AND ($11::text IS NULL OR channel = $11)
    ORDER BY created_at DESC, id DESC LIMIT $12",
);
static OF_ALL: OfMessage = OfMessage::new(
    "SELECT {message} FROM message WHERE bucket >= 0 AND $1::smallint IS NOT NULL AND shop = $2
        AND $3::bigint IS NULL AND created_at >= $4 AND (created_at, id) < ($5, $6)
        AND ($7::smallint IS NULL OR state = $7) AND ($8::text IS NULL OR journey = $8)
        AND ($9::text IS NULL OR step = $9) AND ($10::text IS NULL OR reason = $10)
        AND ($11::text IS NULL OR channel = $11)
    ORDER BY created_at DESC, id DESC LIMIT $12",
);

/// Messages of a shop, newest first; the key of a row is (created_at, id).
pub fn messages(
    session: &Session,
    filter: &MessageFilter,
    before: Option<PageKey>,
    most: usize,
) -> Done<Vec<MessageRow>> {
    use MessageState::{Approved, Claimed, Ghost, Handing, Never, Unknown};
    let end = filter.until.map(|at| PageKey { at, id: i64::MIN.cast_unsigned() });
    let before = before.unwrap_or(PageKey::NEWEST);
    // Rows of the moment itself stand after the smallest id, which none has.
    let before = end.filter(|end| end.at <= before.at).unwrap_or(before);
    let statement = match filter.state {
        _ if filter.profile.is_some() => &OF_PROFILE,
        _ if filter.reason.as_ref().is_some_and(|reason| !reason.is_empty()) => &OF_REASON,
        Some(Approved | Never | Ghost) => &OF_RARE_STATE,
        Some(Claimed | Handing | Unknown) => &OF_OPEN_STATE,
        _ if filter.journey.is_some() => &OF_JOURNEY,
        _ => &OF_ALL,
    };
    let state = filter.state.map(|state| state as i16);
    let values = vec![
        Value::Short(filter.profile.map_or(0, |profile| bucket(profile.bucket()))),
        Value::Int(shop(filter.shop)),
        Value::MaybeLong(filter.profile.map(|profile| profile.0.cast_signed())),
        Value::Long(filter.from.unwrap_or(ShopTime(i64::MIN)).0),
        Value::Long(before.at.0),
        Value::Long(before.id.cast_signed()),
        Value::MaybeShort(state),
        maybe_text(filter.journey.as_deref()),
        maybe_text(filter.step.as_deref()),
        maybe_text(filter.reason.as_deref()),
        maybe_text(filter.channel.as_deref()),
        limit(most),
    ];
    message::rows(&session.query(statement.text(), values)?)
}
