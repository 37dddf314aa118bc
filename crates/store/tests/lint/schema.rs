//! Keys of the schema.

use crate::engine::Engine;
use sqlparser::ast::{ColumnOption, CreateTable, Expr, IndexColumn, ObjectName, Statement, TableConstraint};
use std::collections::BTreeSet;

/// The last part of a name, without quotes.
pub fn name(of: &ObjectName) -> String {
    of.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone()).unwrap_or_default()
}

fn tables(engine: &Engine) -> Vec<CreateTable> {
    let parsed = engine.parse(&engine.schema()).unwrap();
    let tables = parsed.into_iter().filter_map(|statement| match statement {
        Statement::CreateTable(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

/// Tables with a bucket.
pub fn bucketed(engine: &Engine) -> BTreeSet<String> {
    let has_bucket = |table: &CreateTable| table.columns.iter().any(|column| column.name.value == "bucket");
    tables(engine).iter().filter(|table| has_bucket(table)).map(|table| name(&table.name)).collect()
}

fn columns(of: &[IndexColumn]) -> Vec<String> {
    let column = |column: &IndexColumn| match &column.column.expr {
        Expr::Identifier(ident) => ident.value.clone(),
        other => other.to_string(),
    };
    of.iter().map(column).collect()
}

/// What is wrong with the keys.
pub fn wrong(engine: &Engine) -> Vec<String> {
    let mut wrong = Vec::new();
    let begins = |key: &[String]| key.len() > 2 && key[0] == "bucket" && key[1] == "shop";
    for table in tables(engine).iter().filter(|table| engine.bucketed.contains(&name(&table.name))) {
        let table_name = name(&table.name);
        for constraint in &table.constraints {
            let key = match constraint {
                TableConstraint::PrimaryKey(key) => columns(&key.columns),
                TableConstraint::Unique(key) => columns(&key.columns),
                other => {
                    wrong.push(format!("{table_name}: {other} reaches beyond a row"));
                    continue;
                }
            };
            if !begins(&key) {
                wrong.push(format!("{table_name}: the key {key:?} does not begin with bucket and shop"));
            }
        }
        for column in &table.columns {
            for option in &column.options {
                let unique = match &option.option {
                    ColumnOption::Unique(_) | ColumnOption::ForeignKey(_) => true,
                    // The number of a row within its file is SQLite's own, and no key of ours.
                    ColumnOption::PrimaryKey(_) => engine.name != "embedded" || column.name.value != "seq",
                    _ => false,
                };
                if unique {
                    wrong.push(format!("{table_name}.{}: unique by itself: {option}", column.name));
                }
            }
        }
    }
    for statement in engine.parse(&engine.schema()).unwrap() {
        if let Statement::CreateIndex(index) = statement
            && index.unique
            && engine.bucketed.contains(&name(&index.table_name))
            && !begins(&columns(&index.columns))
        {
            wrong.push(format!("{index}: does not begin with bucket and shop"));
        }
    }
    wrong
}
