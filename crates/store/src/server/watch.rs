//! What an operator watches: how much waits.

use super::connection::{Done, Request, Session, Value, get};
use super::message;
use super::queues::number_in;
use crate::Waiting;

/// Rows counted at most: beyond, "so many or more" is all that anybody needs to know.
const COUNT_MAX: i64 = 20_000;

/// Counts what waits, each kind up to [`COUNT_MAX`].
pub fn waiting(session: &Session) -> Done<Waiting> {
    let outbox = "SELECT lane, state, count(*) FROM (SELECT lane, state FROM message
            WHERE state = 1 AND bucket >= 0 AND shop >= 0 LIMIT $1) AS found
        GROUP BY lane, state ORDER BY lane, state";
    let open = "SELECT lane, state, count(*) FROM (SELECT lane, state FROM message
            WHERE state IN (2, 3, 6) AND bucket >= 0 AND shop >= 0 LIMIT $1) AS found
        GROUP BY lane, state ORDER BY lane, state";
    let parked =
        "SELECT count(*) FROM (SELECT 1 FROM parked WHERE bucket >= 0 AND shop >= 0 LIMIT $1) AS found";
    let letters =
        "SELECT count(*) FROM (SELECT 1 FROM letter WHERE bucket >= 0 AND shop >= 0 LIMIT $1) AS found";
    let inbox =
        "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE bucket >= 0 AND shop >= 0 LIMIT $1) AS found";
    let asked =
        [outbox, open, parked, letters, inbox].map(|sql| Request::new(sql, vec![Value::Long(COUNT_MAX)]));
    let found = session.pipeline(&asked)?;
    let mut waiting = Waiting::default();
    for row in found.iter().take(2).flatten() {
        let lane = u8::try_from(get::<i16>(row, 0)?)?;
        waiting.messages.push((lane, message::state(get(row, 1)?)?, number_in(row, 2)?));
    }
    let count = |at: usize| found[at].first().map_or(Ok(0), |row| number_in(row, 0));
    (waiting.parked, waiting.letters, waiting.inbox) = (count(2)?, count(3)?, count(4)?);
    Ok(waiting)
}
