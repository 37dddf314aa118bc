//! An engine as its sources show it: statements, schema, dialect.

use crate::source::{self, Source};
use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use std::collections::BTreeSet;

/// A statement and where it stands.
pub struct Found {
    pub place: String,
    /// With what is put into it: one row for rows, its columns for a message.
    pub sql: String,
}

/// One of the two.
pub struct Engine {
    pub name: &'static str,
    /// Tables of customers' state: those with a bucket.
    pub bucketed: BTreeSet<String>,
    dialect: Box<dyn Dialect>,
}

impl Engine {
    /// The embedded one and the one on a server.
    pub fn both() -> [Engine; 2] {
        let engine = |name, dialect| {
            let mut engine = Engine { name, bucketed: BTreeSet::new(), dialect };
            engine.bucketed = crate::schema::bucketed(&engine);
            engine
        };
        [engine("embedded", Box::new(SQLiteDialect {})), engine("server", Box::new(PostgreSqlDialect {}))]
    }

    /// The text of the customers' schema.
    pub fn schema(&self) -> String {
        let opening = format!("crates/store/src/{}/schema/customers_", self.name);
        let paths = source::files(&[".sql"]).into_iter().filter(|path| path.starts_with(&opening));
        paths.map(|path| std::fs::read_to_string(source::root().join(path)).unwrap()).collect()
    }

    /// Its statements that read or write rows. Tests beside the code may look at anything.
    pub fn statements(&self) -> Vec<Found> {
        let opening = format!("crates/store/src/{}/", self.name);
        let ours = |source: &Source| source.path.starts_with(&opening) && !source.path.ends_with("tests.rs");
        let mut found = Vec::new();
        for source in source::sources().iter().filter(|source| ours(source)) {
            let tests = source.text.lines().position(|line| line == "#[cfg(test)]").unwrap_or(usize::MAX);
            let literals = source.literals.iter().filter(|literal| literal.line <= tests);
            for literal in literals.filter(|literal| is_statement(&literal.text)) {
                let place = format!("{}:{}", source.path, literal.line);
                found.push(Found { place, sql: whole(&literal.text) });
            }
        }
        found
    }

    /// Whether a statement names any of the customers' tables.
    pub fn touches(&self, sql: &str) -> bool {
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| self.bucketed.contains(word))
    }

    /// Parses statements. What SQLite adds to say which index it is to use says nothing about buckets, nor
    /// does the shift that the parser does not know of it.
    pub fn parse(&self, sql: &str) -> Result<Vec<Statement>, String> {
        let mut words: Vec<&str> = sql.split(' ').collect();
        while let Some(at) = words.iter().position(|word| *word == "INDEXED") {
            let by = words.get(at + 1) == Some(&"BY");
            let from = if by { at } else { at - 1 };
            words.drain(from..from + if by { 3 } else { 2 });
        }
        let sql =
            if self.name == "embedded" { words.join(" ").replace(" >> ", " / ") } else { sql.to_owned() };
        Parser::parse_sql(self.dialect.as_ref(), &sql).map_err(|why| format!("it cannot be read ({why})"))
    }
}

fn is_statement(text: &str) -> bool {
    let opens = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH ", "MERGE "];
    opens.iter().any(|opening| text.trim_start().starts_with(opening))
}

/// On one line, with what the program puts into it.
fn whole(text: &str) -> String {
    let flat = text.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
    let columns =
        flat.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(list, _)| list);
    let values: Vec<String> = (1..=columns.split(',').count()).map(|n| format!("${n}")).collect();
    flat.replace("{rows}", &format!("({})", values.join(", "))).replace("{message}", &message())
}

/// The columns of a message as the program names them.
fn message() -> String {
    let path = source::root().join("crates/store/src/server/statement.rs");
    let source = Source::read(String::new(), std::fs::read_to_string(path).unwrap());
    let list = source.literals.iter().find(|literal| literal.text.starts_with("shop, id, profile"));
    list.unwrap().text.replace('\\', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
