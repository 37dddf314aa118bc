//! What a person's decision on a message of which nobody can say whether it arrived writes.

use beckon_core::time::{HOUR, ShopTime};
use beckon_store::{Commit, CountDelta, MessageRow, MessageState, MessageWrite};

/// A message of which nobody could say whether it arrived counts as sent, in its state and in the numbers.
pub fn count_as_sent(commit: &mut Commit, at: ShopTime, row: &MessageRow, note: &str) {
    commit.messages.push(MessageWrite::Move {
        shop: row.shop,
        id: row.id,
        from: &[MessageState::Unknown],
        to: MessageState::Sent,
        at,
        not_before: None,
        reason: String::new(),
        note: Some(note.to_owned()),
    });
    // The hour in which it was counted as unknown takes both back and on, so that sums over any span are right.
    commit
        .counts
        .extend([counted_as_unknown(row, at, "unknown", -1), counted_as_unknown(row, at, "sent", 1)]);
}

/// A message that goes out again is unknown no longer; what becomes of it now is counted when it is known.
pub fn no_longer_unknown(commit: &mut Commit, at: ShopTime, row: &MessageRow) {
    commit.counts.push(counted_as_unknown(row, at, "unknown", -1));
}

/// A change of the hour in which a message was counted as unknown.
fn counted_as_unknown(row: &MessageRow, at: ShopTime, metric: &str, n: i64) -> CountDelta {
    CountDelta {
        shop: row.shop,
        hour: (row.ended_at.unwrap_or(at).0 / HOUR.0) as u32,
        journey: row.journey.clone(),
        step: row.step.clone(),
        metric: metric.to_owned(),
        n,
    }
}
