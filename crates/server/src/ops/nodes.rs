//! The programs that share the shop's database: who owns it, who stands by, and how far each has followed.

use crate::app::App;
use beckon_core::ids::BUCKETS;
use beckon_store::NodeRow;
use std::time::Duration;

/// Who stands by is heard of every second; one that was not for so long is in trouble.
pub const SILENT_AFTER: Duration = Duration::from_secs(5);

/// What a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It owns the shop.
    Owner,
    /// It goes on when the owner ends.
    Standby,
    /// It is about to stop.
    Draining,
    /// It was not heard of: it is frozen, dead, or cut off from the database.
    Silent,
}

impl Part {
    /// The name programs read.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Part::Owner => "owner",
            Part::Standby => "standby",
            Part::Draining => "draining",
            Part::Silent => "silent",
        }
    }

    /// What the row of a program says.
    #[must_use]
    pub fn of(row: &NodeRow) -> Part {
        match row.epoch {
            Some(_) if row.left.is_zero() => Part::Silent,
            None if row.silent > SILENT_AFTER => Part::Silent,
            _ if row.state.is_draining => Part::Draining,
            Some(_) => Part::Owner,
            None => Part::Standby,
        }
    }
}

/// Buckets of customers that a program owns.
#[must_use]
pub fn buckets(row: &NodeRow) -> u16 {
    if row.epoch.is_some() { BUCKETS } else { 0 }
}

/// All programs, and what waits for the owner.
pub struct Programs {
    /// There may be several: the shop lies in a database, not in a directory.
    pub is_shared: bool,
    /// The owner first.
    pub rows: Vec<NodeRow>,
    /// Inputs that wait for the owner, counted up to 20,000.
    pub inbox: u64,
}

/// Asks the database.
///
/// # Errors
/// It does not answer.
pub fn look(app: &App) -> beckon_store::Result<Programs> {
    let is_shared = app.config.ops.database.is_some();
    Ok(Programs { is_shared, rows: app.store.nodes()?, inbox: app.store.inbox_rows(20_000)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_store::{NodeId, NodeState};

    #[test]
    fn who_is_not_heard_of_is_silent_whatever_it_was() {
        let secs = Duration::from_secs;
        let row = |epoch, left, silent, is_draining| NodeRow {
            id: NodeId(1),
            name: "one".to_owned(),
            epoch,
            left: secs(left),
            silent: secs(silent),
            since: secs(60),
            state: NodeState { is_draining, ..NodeState::default() },
        };
        for (row, part) in [
            (row(Some(3), 8, 0, false), Part::Owner),
            (row(Some(3), 1, 7, false), Part::Owner),
            (row(Some(3), 0, 9, false), Part::Silent),
            (row(None, 0, 1, false), Part::Standby),
            (row(None, 0, 6, false), Part::Silent),
            (row(Some(3), 8, 0, true), Part::Draining),
        ] {
            assert_eq!(Part::of(&row), part, "{row:?}");
            assert_eq!(buckets(&row) > 0, row.epoch.is_some());
        }
    }
}
