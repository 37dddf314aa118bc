//! Whether a statement stays within its buckets.

use crate::engine::Engine;
use crate::schema::name;
use sqlparser::ast::*;
use std::ops::ControlFlow;

/// A relation of a query or a change.
struct Relation {
    /// By which columns name it.
    alias: String,
    /// One of the customers' tables; else an array, a query or a table of the shop.
    is_bucketed: bool,
}

/// The relations of one query or change, and all that must hold of their rows.
#[derive(Default)]
struct Scope {
    relations: Vec<Relation>,
    holds: Vec<Expr>,
    /// Rows are kept from others.
    locks: bool,
}

/// How far a column of a relation is narrowed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Narrowed {
    Not,
    /// To all that this program owns.
    All,
    /// To an array.
    Array,
    /// To one value.
    Value,
}

/// Finds what is wrong with a statement.
pub fn check(parsed: &[Statement], engine: &Engine) -> Result<(), String> {
    struct Look<'a> {
        engine: &'a Engine,
    }
    impl Visitor for Look<'_> {
        type Break = String;

        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<String> {
            result(look_at_query(query, self.engine))
        }

        fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<String> {
            result(look_at_statement(statement, self.engine))
        }
    }
    for statement in parsed {
        if let ControlFlow::Break(why) = statement.visit(&mut Look { engine }) {
            return Err(why);
        }
    }
    Ok(())
}

fn result(found: Result<(), String>) -> ControlFlow<String> {
    found.map_or_else(ControlFlow::Break, ControlFlow::Continue)
}

fn look_at_query(query: &Query, engine: &Engine) -> Result<(), String> {
    if query.locks.iter().any(|lock| lock.nonblock.is_some()) {
        return Err("rows are never skipped over".to_owned());
    }
    let mut bodies = vec![query.body.as_ref()];
    while let Some(body) = bodies.pop() {
        match body {
            SetExpr::Select(select) => {
                let mut scope = Scope { locks: !query.locks.is_empty(), ..Scope::default() };
                scope.add_all(&select.from, engine)?;
                scope.hold(select.selection.as_ref());
                scope.check()?;
            }
            SetExpr::SetOperation { left, right, .. } => bodies.extend([left.as_ref(), right.as_ref()]),
            _ => {}
        }
    }
    Ok(())
}

fn look_at_statement(statement: &Statement, engine: &Engine) -> Result<(), String> {
    let mut scope = Scope::default();
    match statement {
        Statement::Insert(insert) => return look_at_insert(insert, engine),
        Statement::Update(update) => {
            scope.add(&update.table, engine)?;
            if let Some(UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from)) =
                &update.from
            {
                scope.add_all(from, engine)?;
            }
            scope.hold(update.selection.as_ref());
            keeps_place(&update.assignments)?;
        }
        Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            scope.add_all(from, engine)?;
            scope.add_all(delete.using.as_deref().unwrap_or_default(), engine)?;
            scope.hold(delete.selection.as_ref());
        }
        Statement::Query(_) => {}
        other => return Err(format!("no such statement may be: {other}")),
    }
    scope.check()
}

/// A row never moves to another bucket or shop.
fn keeps_place(assignments: &[Assignment]) -> Result<(), String> {
    let moves = assignments.iter().any(|assignment| match &assignment.target {
        AssignmentTarget::ColumnName(column) => ["bucket", "shop"].contains(&name(column).as_str()),
        AssignmentTarget::Tuple(_) => true,
    });
    if moves { Err("a row never moves to another bucket or shop".to_owned()) } else { Ok(()) }
}

fn look_at_insert(insert: &Insert, engine: &Engine) -> Result<(), String> {
    let TableObject::TableName(table) = &insert.table else { return Err("no table is named".to_owned()) };
    if !engine.bucketed.contains(&name(table)) {
        return Ok(());
    }
    let columns: Vec<String> = insert.columns.iter().map(name).collect();
    let has_both = |columns: &[String]| ["bucket", "shop"].iter().all(|of| columns.iter().any(|c| c == of));
    if !has_both(&columns) {
        return Err("rows are inserted without bucket and shop".to_owned());
    }
    let body = insert.source.as_ref().map(|query| query.body.as_ref());
    if !matches!(body, Some(SetExpr::Values(_))) {
        return Err("rows are inserted by VALUES only".to_owned());
    }
    let Some(OnInsert::OnConflict(conflict)) = &insert.on else { return Ok(()) };
    let Some(ConflictTarget::Columns(target)) = &conflict.conflict_target else {
        return Err("a conflict names no key".to_owned());
    };
    let target: Vec<String> = target.iter().map(|column| column.value.clone()).collect();
    if !has_both(&target) {
        return Err("a conflict's key has no bucket and shop".to_owned());
    }
    match &conflict.action {
        OnConflictAction::DoUpdate(update) => keeps_place(&update.assignments),
        OnConflictAction::DoNothing => Ok(()),
    }
}

impl Scope {
    fn add_all(&mut self, tables: &[TableWithJoins], engine: &Engine) -> Result<(), String> {
        tables.iter().try_for_each(|table| self.add(table, engine))
    }

    fn add(&mut self, table: &TableWithJoins, engine: &Engine) -> Result<(), String> {
        self.add_relation(&table.relation, engine);
        let first_is_foreign = self.relations.last().is_some_and(|relation| !relation.is_bucketed);
        for join in &table.joins {
            self.add_relation(&join.relation, engine);
            let constraint = match &join.join_operator {
                JoinOperator::Join(on) | JoinOperator::Inner(on) => on,
                JoinOperator::Left(on) | JoinOperator::LeftOuter(on) if !first_is_foreign => on,
                _ => return Err("only inner joins, and left joins between tables of one bucket".to_owned()),
            };
            match constraint {
                JoinConstraint::On(on) => self.hold(Some(on)),
                _ => return Err("a join names no columns".to_owned()),
            }
        }
        Ok(())
    }

    fn add_relation(&mut self, factor: &TableFactor, engine: &Engine) {
        let (table, alias) = match factor {
            TableFactor::Table { name: table, alias, args: None, .. } => (name(table), alias),
            TableFactor::Table { alias, .. }
            | TableFactor::Derived { alias, .. }
            | TableFactor::UNNEST { alias, .. }
            | TableFactor::Function { alias, .. } => (String::new(), alias),
            _ => (String::new(), &None),
        };
        let is_bucketed = engine.bucketed.contains(&table);
        let alias = alias.as_ref().map_or(table, |alias| alias.name.value.clone());
        self.relations.push(Relation { alias, is_bucketed });
    }

    /// What is joined by AND holds each for itself.
    fn hold(&mut self, condition: Option<&Expr>) {
        match condition {
            Some(Expr::BinaryOp { left, op: BinaryOperator::And, right }) => {
                self.hold(Some(left));
                self.hold(Some(right));
            }
            Some(Expr::Nested(inner)) => self.hold(Some(inner)),
            Some(other) => self.holds.push(other.clone()),
            None => {}
        }
    }

    fn check(&self) -> Result<(), String> {
        let bucketed: Vec<usize> =
            (0..self.relations.len()).filter(|at| self.relations[*at].is_bucketed).collect();
        for column in ["bucket", "shop"] {
            let mut narrowed: Vec<Narrowed> =
                (0..self.relations.len()).map(|at| self.narrowed(at, column)).collect();
            let links = self.links(column);
            // What equals something narrowed is narrowed as far.
            for _ in &links {
                for &(a, b) in &links {
                    let most = narrowed[a].max(narrowed[b]);
                    (narrowed[a], narrowed[b]) = (most, most);
                }
            }
            for &at in &bucketed {
                let alias = &self.relations[at].alias;
                if narrowed[at] == Narrowed::Not {
                    return Err(format!("`{alias}` is not narrowed by {column}"));
                }
                if self.locks && narrowed[at] != Narrowed::Value {
                    return Err(format!("rows of `{alias}` are locked across buckets"));
                }
            }
            if column == "bucket" {
                let joined = |at: usize| links.iter().any(|(a, b)| *a == at || *b == at);
                if bucketed.len() > 1 && !bucketed.iter().all(|at| joined(*at)) {
                    return Err("tables are joined across buckets".to_owned());
                }
            }
        }
        Ok(())
    }

    /// Which relation's column this is, if it is that column.
    fn owner(&self, expression: &Expr, column: &str) -> Option<usize> {
        match expression {
            Expr::Identifier(ident) if ident.value == column => {
                let mut bucketed = (0..self.relations.len()).filter(|at| self.relations[*at].is_bucketed);
                let first = bucketed.next();
                // Without a table's name it must be clear whose it is.
                first.filter(|_| bucketed.next().is_none())
            }
            Expr::CompoundIdentifier(parts) => {
                let [table, of] = parts.as_slice() else { return None };
                let is_it = of.value == column || of.value == format!("key_{column}");
                self.relations.iter().position(|relation| is_it && relation.alias == table.value)
            }
            _ => None,
        }
    }

    fn narrowed(&self, at: usize, column: &str) -> Narrowed {
        if !self.relations[at].is_bucketed {
            // An array of ours, or a query that is looked at by itself.
            return Narrowed::Array;
        }
        let is_it = |expression: &Expr| self.owner(expression, column) == Some(at);
        let how = self.holds.iter().map(|condition| match condition {
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } if is_it(left) && is_value(right) => {
                Narrowed::Value
            }
            Expr::BinaryOp { left, op: BinaryOperator::GtEq, right }
                if is_it(left) && right.to_string() == "0" =>
            {
                Narrowed::All
            }
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. }
                if is_it(left) && is_value(right) =>
            {
                Narrowed::Array
            }
            // The rows that a query of its own found, which is looked at by itself.
            Expr::InSubquery { expr, negated: false, .. } => match expr.as_ref() {
                Expr::Tuple(parts) if parts.iter().any(is_it) => Narrowed::Array,
                _ => Narrowed::Not,
            },
            _ => Narrowed::Not,
        });
        how.max().unwrap_or(Narrowed::Not)
    }

    /// Relations whose columns are equal. An array, or a query, narrows what equals it.
    fn links(&self, column: &str) -> Vec<(usize, usize)> {
        let mut links = Vec::new();
        for condition in &self.holds {
            let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = condition else { continue };
            if let (Some(a), Some(b)) = (self.owner(left, column), self.owner(right, column)) {
                links.push((a, b));
            }
        }
        links
    }
}

fn is_value(expression: &Expr) -> bool {
    match expression {
        Expr::Value(_) => true,
        Expr::Cast { expr, .. } | Expr::Nested(expr) => is_value(expr),
        _ => false,
    }
}
