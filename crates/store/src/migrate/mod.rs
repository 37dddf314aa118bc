//! Carrying a shop from a directory over to PostgreSQL: both planes, slice by slice.
//!
//! What has arrived is noted in the same transaction, so that the work goes on where it was after an end of any kind.
//! At the end every row is compared, and only then may anybody serve the database. The directory is only read; a file
//! beside the data says that the shop has moved.

mod cell;
mod source;
mod tables;
mod target;

pub(crate) use source::refuse_moved;

use crate::{Error, Result};
use cell::Cell;
use source::Source;
use std::path::Path;
use tables::{TABLES, Table};
use target::{State, Target};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Carrying, and then comparing.
    pub step: Step,
    /// Which table.
    pub table: &'static str,
    /// Rows of it that are done.
    pub rows: u64,
    /// Rows it has.
    pub of_rows: u64,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Rows are brought.
    Carry,
    /// Rows on both sides are compared.
    Compare,
}

/// What was carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Tables with their rows and a hash over all of them, the same on both sides.
    pub tables: Vec<(&'static str, u64, u64)>,
    /// It had been carried over already; nothing was done.
    pub was_done: bool,
}

/// Differences that are named; beyond, they are counted.
const DIFFERENCES: usize = 10;

/// Carries the shop of a directory into an empty database, or goes on with it. Without `accept` the database
/// then starts paused, as a restored copy does, until a person says that it is right. `when` tells a person
/// later when it was.
///
/// # Errors
/// What is wrong and what to do: the directory is being served, the database holds another shop, rows differ. Begun
/// work stays, to be gone on with; no error shows any part of the URL.
pub fn migrate(
    dir: &Path,
    url: &str,
    accept: bool,
    when: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report> {
    let source = Source::open(dir)?;
    let identity = source.identity()?;
    let target = Target::open(url)?;
    match target.state(&identity)? {
        State::Done => {
            source.mark_moved(when)?;
            return Ok(Report { tables: Vec::new(), was_done: true });
        }
        State::Empty => {
            refuse_moved(dir)?;
            target.begin(&identity)?;
        }
        State::Begun => {}
    }
    for table in TABLES {
        carry(&source, &target, table, progress)?;
    }
    target.analyze()?;
    let mut tables = Vec::new();
    let mut differences = Vec::new();
    for table in TABLES {
        tables.push(compare(&source, &target, table, &mut differences, progress)?);
    }
    if !differences.is_empty() {
        let more = differences.len().saturating_sub(DIFFERENCES);
        differences.truncate(DIFFERENCES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        return Err(Error::Corrupt(format!(
            "the database does not hold what the directory does: {}{more}. Begin again with an empty database",
            differences.join("; ")
        )));
    }
    let doubt = format!(
        "this was carried over from a directory ({when}): it sends nothing until a person says that the old program \
         is stopped for good"
    );
    target.finish(&source.heads()?, (!accept).then_some(doubt.as_str()))?;
    source.mark_moved(when)?;
    Ok(Report { tables, was_done: false })
}

fn carry(
    source: &Source,
    target: &Target,
    table: &'static Table,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let (arrived, mut last) = target.arrived(table)?;
    if arrived.is_whole {
        return Ok(());
    }
    let (mut rows, of_rows) = (arrived.rows, source.count(table)?);
    loop {
        progress(Progress { step: Step::Carry, table: table.name, rows, of_rows });
        let slice = source.rows(table, last.as_deref())?;
        target.put(table, &slice, slice.is_empty())?;
        let Some(end) = slice.last() else { return Ok(()) };
        last = Some(end[..table.key].to_vec());
        rows += slice.len() as u64;
    }
}

/// Compares row by row; gives back how many there are, and a hash over them.
fn compare(
    source: &Source,
    target: &Target,
    table: &'static Table,
    differences: &mut Vec<String>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(&'static str, u64, u64)> {
    let of_rows = source.count(table)?;
    let (mut rows, mut hash, mut last) = (0, 0u64, None::<Vec<Cell>>);
    loop {
        progress(Progress { step: Step::Compare, table: table.name, rows, of_rows });
        let mut ours = source.rows(table, last.as_deref())?;
        let end = ours.last().map(|row| row[..table.key].to_vec());
        ours.iter_mut().flatten().for_each(Cell::clean);
        let theirs = target.rows(table, last.as_deref(), ours.len().max(1))?;
        if ours != theirs {
            differences.push(difference(table, &ours, &theirs));
        }
        if end.is_none() {
            if rows != of_rows {
                differences.push(format!("{}: {rows} of {of_rows} rows were compared", table.name));
            }
            return Ok((table.name, rows, hash));
        }
        last = end;
        rows += ours.len() as u64;
        hash = hashed(hash, &ours);
    }
}

/// Names the first row of a range that differs.
fn difference(table: &Table, ours: &[Vec<Cell>], theirs: &[Vec<Cell>]) -> String {
    let name = |row: &[Cell]| {
        let of = table.columns[..table.key].iter().zip(row);
        of.map(|((column, _), cell)| format!("{column} {cell}")).collect::<Vec<_>>().join(", ")
    };
    let first =
        (0..ours.len().max(theirs.len())).find(|n| ours.get(*n) != theirs.get(*n)).unwrap_or_default();
    let what = match (ours.get(first), theirs.get(first)) {
        (Some(row), None) => format!("the row of {} is missing", name(row)),
        (None, Some(row)) => format!("there is a row of {} too many", name(row)),
        (Some(one), Some(other)) if one[..table.key] == other[..table.key] => {
            let column = (0..one.len()).find(|n| one[*n] != other[*n]).unwrap_or_default();
            format!("the row of {} has another {}", name(one), table.columns[column].0)
        }
        (Some(one), Some(other)) => {
            format!("where the row of {} should be is that of {}", name(one), name(other))
        }
        (None, None) => "nothing".to_owned(),
    };
    format!("{}: {what}", table.name)
}

fn hashed(before: u64, rows: &[Vec<Cell>]) -> u64 {
    use beckon_core::hash::{Tag, hash};
    let mut bytes = before.to_le_bytes().to_vec();
    for cell in rows.iter().flatten() {
        match cell {
            Cell::Null => bytes.push(0),
            Cell::Number(number) => {
                bytes.push(1);
                bytes.extend(number.to_le_bytes());
            }
            Cell::Text(text) => {
                bytes.push(2);
                bytes.extend((text.len() as u64).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            Cell::Bytes(of) => {
                bytes.push(3);
                bytes.extend((of.len() as u64).to_le_bytes());
                bytes.extend(of);
            }
        }
    }
    hash(Tag::Jitter, beckon_core::ids::ShopId(0), &[&bytes])
}
