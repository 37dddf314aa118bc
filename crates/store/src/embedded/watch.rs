//! What an operator watches: how much waits, and how large the files are.

use super::checkpoint;
use crate::{FileSize, MessageState, Result, Waiting};
use rusqlite::{Connection, params};
use std::path::Path;

/// Rows counted at most: beyond, "so many or more" is all that anybody needs to know.
const COUNT_MAX: i64 = 20_000;

/// Counts what waits, each kind up to [`COUNT_MAX`].
pub fn waiting(conn: &Connection) -> Result<Waiting> {
    let outbox =
        "SELECT lane, state, count(*) FROM (SELECT lane, state FROM message INDEXED BY message_outbox
        WHERE state = 1 AND bucket >= 0 AND shop >= 0 LIMIT ?1) GROUP BY lane, state";
    let open = "SELECT lane, state, count(*) FROM (SELECT lane, state FROM message INDEXED BY message_open
        WHERE state IN (2, 3, 6) AND bucket >= 0 AND shop >= 0 LIMIT ?1) GROUP BY lane, state";
    let mut waiting = Waiting::default();
    for sql in [outbox, open] {
        let mut select = conn.prepare_cached(sql)?;
        let mut rows = select.query(params![COUNT_MAX])?;
        while let Some(row) = rows.next()? {
            let (lane, state, count): (u8, u8, u64) =
                (row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.cast_unsigned());
            if let Some(state) = MessageState::from_number(state) {
                waiting.messages.push((lane, state, count));
            }
        }
    }
    let parked = "SELECT count(*) FROM (SELECT 1 FROM parked WHERE bucket >= 0 AND shop >= 0 LIMIT ?1)";
    let letters = "SELECT count(*) FROM (SELECT 1 FROM letter WHERE bucket >= 0 AND shop >= 0 LIMIT ?1)";
    let count = |sql| conn.prepare_cached(sql)?.query_row([COUNT_MAX], |row| row.get::<_, i64>(0));
    waiting.parked = count(parked)?.cast_unsigned();
    waiting.letters = count(letters)?.cast_unsigned();
    waiting.inbox = super::inbox::count(conn, COUNT_MAX as usize)?;
    Ok(waiting)
}

/// The files of both planes in a directory, with their logs; one that is not there has no bytes.
#[must_use]
pub fn sizes(dir: &Path) -> Vec<FileSize> {
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let of = |plane| {
        let path = dir.join(format!("{plane}.db"));
        FileSize { plane, bytes: bytes(&path), log_bytes: bytes(&checkpoint::log_path(&path)) }
    };
    ["customers", "shop"].map(of).to_vec()
}
