//! The database that a shop is carried to. What has arrived is noted in the transaction that brings it, so that whoever
//! goes on after an interruption knows.

use super::cell::Cell;
use super::source::{Heads, quoted};
use super::tables::{TABLES, Table};
use crate::server::connection::{Database, Done, Fail, Session, Value, get, text};
use crate::server::{CUSTOMERS, shop};
use crate::{Error, Result};

/// A database with both schemas.
pub struct Target {
    database: Database,
    texts: Vec<Texts>,
}

/// The statements of one table; made once, and kept for as long as the program lives, which is as long as the work.
struct Texts {
    insert: &'static str,
    first: &'static str,
    next: &'static str,
}

/// How far a table has arrived.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    /// Rows.
    pub rows: u64,
    /// The last slice was brought.
    pub is_whole: bool,
}

/// The state of a target.
pub enum State {
    /// There is nothing of any shop in it.
    Empty,
    /// This shop is under way.
    Begun,
    /// This shop was brought whole.
    Done,
}

impl Target {
    /// Connects and makes what is missing of the schema.
    pub fn open(url: &str) -> Result<Target> {
        drop(Database::open(url, &shop::SHOP, Box::new(|_| Ok(())))?);
        let database = Database::open(url, &CUSTOMERS, Box::new(|_| Ok(())))?;
        Ok(Target { database, texts: TABLES.iter().map(Texts::of).collect() })
    }

    /// What is in it, seen by somebody who brings the shop of this identity.
    pub fn state(&self, identity: &str) -> Result<State> {
        self.database.read(|session| {
            let sql = "SELECT source, is_whole FROM carried WHERE name = ''";
            if let Some(row) = session.query_opt(sql, Vec::new())? {
                let (source, is_whole): (String, bool) = (get(&row, 0)?, get(&row, 1)?);
                return match (source == identity, is_whole) {
                    (true, true) => Ok(State::Done),
                    (true, false) => Ok(State::Begun),
                    (false, true) => Err(held()),
                    (false, false) => Err(Error::Unavailable(format!(
                        "another shop, or this one before it was changed, is half carried into the database (it was \
                         at {source}, this one is at {identity}): begin again with an empty database"
                    ))
                    .into()),
                };
            }
            for sql in [
                "SELECT EXISTS (SELECT 1 FROM document WHERE shop >= 0)",
                "SELECT EXISTS (SELECT 1 FROM head WHERE commit_number > 0)",
                "SELECT EXISTS (SELECT 1 FROM offer WHERE shop >= 0)",
            ] {
                if get(&session.query_one(sql, Vec::new())?, 0)? {
                    return Err(held());
                }
            }
            Ok(State::Empty)
        })
    }

    /// Notes whose shop is coming. From here on nobody serves the database until the work is whole.
    pub fn begin(&self, identity: &str) -> Result<()> {
        self.database.write(|session| {
            let sql = "INSERT INTO carried (name, source, rows, is_whole) VALUES ('', $1, 0, FALSE)";
            session.query(sql, vec![text(identity)])?;
            Ok(())
        })
    }

    /// How far a table is, with the last key that arrived.
    pub fn arrived(&self, table: &Table) -> Result<(Arrived, Option<Vec<Cell>>)> {
        let at = index(table);
        self.database.read(|session| {
            let sql = "SELECT rows, is_whole FROM carried WHERE name = $1";
            let Some(row) = session.query_opt(sql, vec![text(table.name)])? else {
                return Ok((Arrived::default(), None));
            };
            let arrived = Arrived { rows: get::<i64>(&row, 0)?.cast_unsigned(), is_whole: get(&row, 1)? };
            let last = session.query_opt(self.texts[at].last(table), Vec::new())?;
            let key = |row| {
                table.columns[..table.key].iter().enumerate().map(move |(n, (_, kind))| kind.read(row, n))
            };
            Ok((arrived, last.as_ref().map(|row| key(row).collect()).transpose()?))
        })
    }

    /// Brings rows, and notes them.
    pub fn put(&self, table: &Table, rows: &[Vec<Cell>], is_whole: bool) -> Result<()> {
        let at = index(table);
        self.database.write(|session| {
            if !rows.is_empty() {
                let columns = table.columns.iter().enumerate();
                session.query(
                    self.texts[at].insert,
                    columns.map(|(n, (_, kind))| kind.column(rows, n)).collect(),
                )?;
            }
            let sql = "INSERT INTO carried AS c (name, source, rows, is_whole) VALUES ($1, '', $2, $3)
                ON CONFLICT (name) DO UPDATE SET rows = c.rows + excluded.rows, is_whole = excluded.is_whole";
            let note = vec![text(table.name), Value::Long(rows.len() as i64), Value::Bool(is_whole)];
            session.query(sql, note)?;
            Ok(())
        })
    }

    /// So many rows after a key, in the order of the keys.
    pub fn rows(&self, table: &Table, after: Option<&[Cell]>, limit: usize) -> Result<Vec<Vec<Cell>>> {
        let texts = &self.texts[index(table)];
        self.database.read(|session| {
            let mut values: Vec<Value> = after.unwrap_or_default().iter().map(Cell::value).collect();
            values.push(Value::Long(limit as i64));
            let found = session.query(if after.is_some() { texts.next } else { texts.first }, values)?;
            let cells =
                |row| table.columns.iter().enumerate().map(move |(n, (_, kind))| kind.read(row, n)).collect();
            found.iter().map(cells).collect()
        })
    }

    /// Takes over the numbers that go on, and lets the database be used: paused, unless a person accepted it.
    pub fn finish(&self, heads: &Heads, doubt: Option<&str>) -> Result<()> {
        self.database.write(|session| {
            let sql = "UPDATE head SET epoch = $1, commit_number = $2, now = $3 WHERE id = 1";
            let values = [heads.epoch, heads.commit_number, heads.now].map(Value::Long);
            session.query(sql, values.into())?;
            session.query("UPDATE plane SET version = $1 WHERE id = 1", vec![Value::Long(heads.plane)])?;
            for table in TABLES.iter().filter(|table| table.columns[0].0 == "seq") {
                go_on_counting(session, table)?;
            }
            if let Some(why) = doubt {
                let sql = "INSERT INTO meta (key, value) VALUES ('doubt', $1)
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
                session.query(sql, vec![text(why)])?;
            }
            session.query("UPDATE carried SET is_whole = TRUE WHERE name = ''", Vec::new())?;
            Ok(())
        })
    }

    /// Lets the database make a plan of what it now holds.
    pub fn analyze(&self) -> Result<()> {
        self.database.read_last(|session| session.long_script("ANALYZE"))
    }
}

fn held() -> Fail {
    Error::Unavailable("the database holds another shop: name an empty one".to_owned()).into()
}

fn index(table: &Table) -> usize {
    TABLES.iter().position(|other| std::ptr::eq(other, table)).unwrap_or_default()
}

/// The next row gets the number after the last one that was brought.
fn go_on_counting(session: &Session, table: &Table) -> Done {
    let name = quoted(table.name);
    let sequence = format!("setval(pg_get_serial_sequence('{}', 'seq'),", table.name);
    let sql =
        ["SELECT ", &sequence, " coalesce((SELECT max(seq)", " FROM ", &name, "), 0) + 1, FALSE)"].concat();
    session.script(&sql)
}

impl Texts {
    fn of(table: &Table) -> Texts {
        let names: Vec<String> = table.columns.iter().map(|(column, _)| quoted(column)).collect();
        let (key, list, name) = (names[..table.key].join(", "), names.join(", "), quoted(table.name));
        let number = |n: usize, kind: super::cell::Kind| format!("${}::{}", n + 1, kind.list());
        let lists: Vec<String> =
            table.columns.iter().enumerate().map(|(n, (_, kind))| number(n, *kind)).collect();
        let taken: Vec<String> = table
            .columns
            .iter()
            .zip(&names)
            .map(|((_, kind), name)| format!("w.{name}{}", kind.cast()))
            .collect();
        let (taken, lists) = (taken.join(", "), lists.join(", "));
        let insert = [
            "INSERT",
            " INTO ",
            &name,
            " (",
            &list,
            ") SELECT ",
            &taken,
            " FROM unnest(",
            &lists,
            ") AS w (",
            &list,
            ")",
        ];
        let casts: Vec<String> = table.columns[..table.key]
            .iter()
            .enumerate()
            .map(|(n, (_, kind))| match kind.list() {
                "bigint[]" => format!("${}::bigint{}", n + 1, kind.cast()),
                _ => format!("${}", n + 1),
            })
            .collect();
        let beyond = format!(" WHERE ({key}) > ({})", casts.join(", "));
        let select = |beyond: &str, limit: usize| {
            let limit = format!(" LIMIT ${limit}");
            let text = ["SELECT ", &list, " FROM ", &name, beyond, " ORDER BY ", &key, &limit].concat();
            &*text.leak()
        };
        Texts { insert: insert.concat().leak(), first: select("", 1), next: select(&beyond, table.key + 1) }
    }

    /// The key that arrived last.
    fn last(&self, table: &Table) -> &'static str {
        let key: Vec<String> = table.columns[..table.key].iter().map(|(column, _)| quoted(column)).collect();
        let down = key.iter().map(|column| format!("{column} DESC")).collect::<Vec<_>>().join(", ");
        let text =
            ["SELECT ", &key.join(", "), " FROM ", &quoted(table.name), " ORDER BY ", &down, " LIMIT 1"];
        text.concat().leak()
    }
}
