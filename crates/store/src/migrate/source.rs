//! The directory that a shop is carried from: it is locked, and only read.

use super::cell::Cell;
use super::tables::Table;
use crate::embedded::{CUSTOMERS, lock::DirLock, shop};
use crate::{Error, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A slice ends at so many rows …
const ROWS: usize = 1_000;
/// … or when it has so many bytes.
const BYTES: usize = 4 << 20;
/// Says that a shop was carried away from here.
const MOVED: &str = "moved-to-postgresql";

/// Both planes, each seen as it was when this was opened.
pub struct Source {
    dir: PathBuf,
    customers: Connection,
    shop: Connection,
    _lock: DirLock,
}

/// What is taken over at the end.
pub struct Heads {
    pub epoch: i64,
    pub commit_number: i64,
    pub now: i64,
    pub plane: i64,
}

impl Source {
    /// Locks the directory against a program that serves it, and keeps others from writing into the shop's plane.
    pub fn open(dir: &Path) -> Result<Source> {
        for file in ["customers.db", "shop.db"] {
            if !dir.join(file).is_file() {
                return Err(Error::Unavailable(format!("there is no {file} in {}", dir.display())));
            }
        }
        let lock = DirLock::take(dir)?;
        let customers = open(&dir.join("customers.db"), CUSTOMERS.len())?;
        customers.execute_batch("BEGIN")?;
        let shop = open(&dir.join("shop.db"), shop::SHOP.len())?;
        // Nothing is written, and nobody else writes meanwhile.
        shop.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Source { dir: dir.to_owned(), customers, shop, _lock: lock })
    }

    fn of(&self, plane: &str) -> &Connection {
        if plane == "shop" { &self.shop } else { &self.customers }
    }

    /// Tells this shop in this state from any other.
    pub fn identity(&self) -> Result<String> {
        let heads = self.heads()?;
        let file = std::fs::metadata(self.dir.join("customers.db"))
            .map_err(|e| Error::io("look at", &self.dir, &e))?;
        #[cfg(unix)]
        let file = std::os::unix::fs::MetadataExt::ino(&file);
        #[cfg(not(unix))]
        let file = file.len();
        Ok(format!("file {file}, commit {}, plane {}", heads.commit_number, heads.plane))
    }

    /// Numbers that go on where they are.
    pub fn heads(&self) -> Result<Heads> {
        let sql = "SELECT epoch, commit_number, now FROM head WHERE id = 1";
        let (epoch, commit_number, now) =
            self.customers.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let sql = "SELECT version FROM plane WHERE id = 1";
        let plane = self.shop.query_row(sql, [], |row| row.get(0))?;
        Ok(Heads { epoch, commit_number, now, plane })
    }

    /// How many rows a table has.
    pub fn count(&self, table: &Table) -> Result<u64> {
        let sql = ["SELECT count(*)", " FROM ", &quoted(table.name)].concat();
        Ok(self.of(table.plane).query_row(&sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
    }

    /// The rows after a key, in the order of the keys.
    pub fn rows(&self, table: &Table, after: Option<&[Cell]>) -> Result<Vec<Vec<Cell>>> {
        let names: Vec<String> =
            table.columns.iter().map(|(column, _)| quoted(table.embedded(column))).collect();
        let key = names[..table.key].join(", ");
        let list = names.join(", ");
        let beyond = match after {
            Some(_) => format!("({key}) > ({})", vec!["?"; table.key].join(", ")),
            None => "TRUE".to_owned(),
        };
        let sql = ["SELECT ", &list, " FROM ", &quoted(table.name), " WHERE ", &beyond, " ORDER BY ", &key]
            .concat();
        let mut select = self.of(table.plane).prepare_cached(&sql)?;
        let values = after.unwrap_or_default().iter().map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Number(number) => Value::Integer(*number),
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Bytes(bytes) => Value::Blob(bytes.clone()),
        });
        let mut found = select.query(params_from_iter(values))?;
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while rows.len() < ROWS && bytes < BYTES {
            let Some(row) = found.next()? else { break };
            let cells: Vec<Cell> =
                (0..names.len()).map(|at| Cell::of(row.get_ref(at)?)).collect::<Result<_>>()?;
            bytes += cells.iter().map(Cell::size).sum::<usize>();
            rows.push(cells);
        }
        Ok(rows)
    }

    /// Says beside the data that it was carried away; the data itself is as it was.
    pub fn mark_moved(&self, when: &str) -> Result<()> {
        let path = self.dir.join(MOVED);
        std::fs::write(&path, format!("{when}\n")).map_err(|e| Error::io("write", &path, &e))
    }
}

/// A name of either engine; some are words of SQL.
pub fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn open(path: &Path, known: usize) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    let schema: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if schema != known as i64 {
        return Err(Error::Unavailable(format!(
            "{} has schema {schema}, this program knows {known}: start this version of the program on it once, stop \
             it, and carry it over then",
            path.display()
        )));
    }
    Ok(conn)
}

/// Refuses a directory whose shop was carried away.
pub fn refuse_moved(dir: &Path) -> Result<()> {
    let path = dir.join(MOVED);
    let Ok(when) = std::fs::read_to_string(&path) else { return Ok(()) };
    Err(Error::Unavailable(format!(
        "the shop of {} was carried over to PostgreSQL ({}) and lives there: start with --database. Only if that was \
         given up, delete {} and start here; what happened since is not here",
        dir.display(),
        when.trim(),
        path.display()
    )))
}
