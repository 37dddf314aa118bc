//! One value of a row, on its way from one engine to the other.

use crate::server::connection::{Done, Value, clean, get};
use crate::{Error, Result};
use rusqlite::types::ValueRef;
use std::fmt;
use tokio_postgres::Row;

/// What a column holds; any may have gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Short,
    Int,
    Long,
    Bool,
    Text,
    Bytes,
}

/// A value. Truth is a number, as in the embedded engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Kind {
    /// The type of a list of such, to be put into rows by the database. Truth travels as a number.
    pub fn list(self) -> &'static str {
        match self {
            Kind::Short | Kind::Bool | Kind::Int | Kind::Long => "bigint[]",
            Kind::Text => "text[]",
            Kind::Bytes => "bytea[]",
        }
    }

    /// What a column of such a list is turned into.
    pub fn cast(self) -> &'static str {
        match self {
            Kind::Short => "::smallint",
            Kind::Int => "::integer",
            Kind::Bool => "::integer::boolean",
            Kind::Long | Kind::Text | Kind::Bytes => "",
        }
    }

    /// A column of rows as a parameter.
    pub fn column(self, rows: &[Vec<Cell>], at: usize) -> Value<'_> {
        match self {
            Kind::Short | Kind::Bool | Kind::Int | Kind::Long => {
                Value::MaybeLongs(rows.iter().map(|row| row[at].number()).collect())
            }
            Kind::Text => Value::MaybeTexts(rows.iter().map(|row| row[at].text().map(clean)).collect()),
            Kind::Bytes => Value::Blobs(rows.iter().map(|row| row[at].bytes()).collect()),
        }
    }

    /// A value of a row of the target.
    pub fn read(self, row: &Row, at: usize) -> Done<Cell> {
        let number = |found: Option<i64>| found.map_or(Cell::Null, Cell::Number);
        Ok(match self {
            Kind::Short => number(get::<Option<i16>>(row, at)?.map(i64::from)),
            Kind::Int => number(get::<Option<i32>>(row, at)?.map(i64::from)),
            Kind::Long => number(get(row, at)?),
            Kind::Bool => number(get::<Option<bool>>(row, at)?.map(i64::from)),
            Kind::Text => get::<Option<String>>(row, at)?.map_or(Cell::Null, Cell::Text),
            Kind::Bytes => get::<Option<Vec<u8>>>(row, at)?.map_or(Cell::Null, Cell::Bytes),
        })
    }
}

impl Cell {
    /// A value of a row of the source.
    pub fn of(value: ValueRef<'_>) -> Result<Cell> {
        Ok(match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Number(number),
            ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_owned()),
            ValueRef::Real(_) => {
                return Err(Error::Corrupt("a fraction stands where none is written".to_owned()));
            }
        })
    }

    /// As the target can hold it.
    pub fn clean(&mut self) {
        if let Cell::Text(text) = self
            && text.contains('\0')
        {
            *text = clean(text).into_owned();
        }
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        match self {
            Cell::Null | Cell::Number(_) => 8,
            Cell::Text(text) => text.len(),
            Cell::Bytes(bytes) => bytes.len(),
        }
    }

    fn number(&self) -> Option<i64> {
        if let Cell::Number(number) = self { Some(*number) } else { None }
    }

    fn text(&self) -> Option<&str> {
        if let Cell::Text(text) = self { Some(text) } else { None }
    }

    fn bytes(&self) -> &[u8] {
        if let Cell::Bytes(bytes) = self { bytes } else { &[] }
    }

    /// As a single parameter of a kind.
    pub fn value(&self) -> Value<'_> {
        match self {
            Cell::Null => Value::MaybeLong(None),
            Cell::Number(number) => Value::Long(*number),
            Cell::Text(text) => Value::Text(clean(text)),
            Cell::Bytes(bytes) => Value::Bytes(bytes),
        }
    }
}

/// As the part of a key that is shown to a person; what a key is made of is no secret.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => f.write_str("nothing"),
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Text(text) => write!(f, "{text:?}"),
            Cell::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}
