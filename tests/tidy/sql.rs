//! Every statement on a table of customers' state names bucket and shop: in its key, in its predicate, in its join.

use crate::source::{Source, files, root};
use std::collections::BTreeSet;

/// Tables of the customers' plane that hold no customer's state.
const SHARED_TABLES: [&str; 5] = ["head", "node", "meta", "count", "count_day"];

/// Tables without a key that begins with bucket and shop, and why.
const KEYLESS: [(&str, &str); 1] = [("journal", "only ever appended to and read by its index")];

/// Where SQL lives.
const STORE: &str = "crates/store/";

/// Whether a literal is a statement: it opens with a verb and goes on as statements do.
fn is_statement(text: &str) -> bool {
    let tokens = tokens(text);
    let word = |n: usize| tokens.get(n).map(String::as_str).unwrap_or("");
    match word(0) {
        "SELECT" | "WITH" => tokens.iter().any(|token| token == "FROM" || token == "EXISTS"),
        "INSERT" | "REPLACE" => tokens.iter().take(4).any(|token| token == "INTO"),
        "UPDATE" => tokens.iter().any(|token| token == "SET"),
        "DELETE" => word(1) == "FROM",
        "CREATE" | "DROP" | "ALTER" => ["TABLE", "INDEX", "UNIQUE", "VIEW", "TRIGGER"].contains(&word(1)),
        "PRAGMA" | "VACUUM" => true,
        _ => false,
    }
}

/// Words and signs; names lose their quotes and keep their case, comments and texts are left out.
fn tokens(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first == '\'' {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            found.push(rest[..end].trim_matches('"').to_owned());
            end
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            found.push(rest[..end].to_owned());
            end
        } else {
            found.push(first.to_string());
            first.len_utf8()
        };
        rest = rest[length..].trim_start();
    }
    found
}

/// Tables with a bucket, from the schema.
fn bucketed(schema: &[Vec<String>]) -> BTreeSet<String> {
    let create = schema.iter().filter(|s| s.len() > 2 && s[0] == "CREATE" && s[1] == "TABLE");
    create.filter(|s| s.iter().any(|token| token == "bucket")).map(|s| s[2].clone()).collect()
}

fn schema() -> Vec<Vec<String>> {
    let text: String = files(&[".sql"])
        .iter()
        .filter(|path| path.starts_with(STORE))
        .map(|path| std::fs::read_to_string(root().join(path)).unwrap() + ";")
        .collect();
    let tokens = tokens(&text);
    tokens.split(|token| token == ";").filter(|s| !s.is_empty()).map(<[String]>::to_vec).collect()
}

/// What is wrong with the keys of the schema.
pub fn keys() -> Vec<String> {
    let schema = schema();
    let tables = bucketed(&schema);
    assert!(tables.contains("profile") && tables.contains("order"), "the schema was not read: {tables:?}");
    let starts = |statement: &Vec<String>, opening: &[&str]| {
        statement.windows(opening.len() + 4).any(|part| {
            let key: Vec<&str> = part.iter().map(String::as_str).collect();
            key[..opening.len()] == *opening && key[opening.len()..] == ["(", "bucket", ",", "shop"]
        })
    };
    let mut wrong = Vec::new();
    for table in &tables {
        let primary = schema
            .iter()
            .any(|s| s[0] == "CREATE" && s[1] == "TABLE" && s[2] == *table && starts(s, &["PRIMARY", "KEY"]));
        let unique =
            schema.iter().any(|s| s[0] == "CREATE" && s[1] == "UNIQUE" && starts(s, &["ON", table.as_str()]));
        if !primary && !unique && KEYLESS.iter().all(|(name, _)| name != table) {
            wrong.push(format!("no key of table `{table}` begins with (bucket, shop)"));
        }
    }
    let customers = files(&[".sql"]).into_iter().filter(|path| path.contains("customers_"));
    for path in customers {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        let tokens = tokens(&text);
        for name in tokens.windows(3).filter(|w| w[0] == "CREATE" && w[1] == "TABLE").map(|w| &w[2]) {
            if !tables.contains(name) && !SHARED_TABLES.contains(&name.as_str()) {
                wrong.push(format!("{path}: table `{name}` holds no bucket and is not listed as shared"));
            }
        }
    }
    wrong
}

/// What is wrong with the statements.
pub fn statements(sources: &[Source]) -> Vec<String> {
    let tables = bucketed(&schema());
    let mut wrong = Vec::new();
    let mut checked = 0;
    for source in sources {
        // The examples below are not run.
        if source.path == "tests/tidy/sql.rs" {
            continue;
        }
        for literal in source.literals.iter().filter(|literal| is_statement(&literal.text)) {
            let place = format!("{}:{}", source.path, literal.line);
            // The probes of the figures are no part of the program: they measure the bare engine.
            if source.path.starts_with("benches/") {
                continue;
            }
            if !source.path.starts_with(STORE) {
                wrong.push(format!("{place}: SQL lives in {STORE} only: {}", literal.text));
                continue;
            }
            let flat = literal.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if flat.to_ascii_uppercase().contains(concat!("SKIP", " LOCKED")) {
                wrong.push(format!("{place}: rows are never skipped over: {flat}"));
            }
            // The store's own tests may look at anything.
            if source.path.starts_with("crates/store/tests/") {
                continue;
            }
            checked += 1;
            wrong.extend(lacks(&tokens(&literal.text), &tables).map(|why| format!("{place}: {why}: {flat}")));
        }
    }
    assert!(checked > 40, "only {checked} statements were found");
    wrong
}

/// What a statement lacks, if it touches a table with buckets.
fn lacks(tokens: &[String], tables: &BTreeSet<String>) -> Option<String> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token == word);
    for at in 0..tokens.len() {
        let opens = ["FROM", "JOIN", "INTO", "UPDATE"].contains(&tokens[at].as_str());
        if !opens || (at > 0 && (is(at - 1, "DO") || is(at - 1, "FOR"))) {
            continue;
        }
        if is(at + 1, "{") {
            return Some("the table is put in by format!, so nobody can check it".to_owned());
        }
        let Some(table) = tokens.get(at + 1).filter(|name| tables.contains(*name)) else { continue };
        let rest = &tokens[at + 2..];
        let fine = if tokens[at] == "INTO" { keyed_insert(rest) } else { narrowed(rest) };
        if !fine {
            return Some(format!("`{table}` without bucket and shop"));
        }
    }
    None
}

fn has_both(part: &[String]) -> bool {
    ["bucket", "shop"].iter().all(|name| part.iter().any(|token| token == name))
}

/// `(bucket, shop, …) VALUES … ON CONFLICT (bucket, shop, …)`.
fn keyed_insert(rest: &[String]) -> bool {
    let list = |from: usize| {
        let end = rest[from..].iter().position(|token| token == ")").map_or(rest.len(), |end| from + end);
        &rest[from..end]
    };
    let conflict = rest.iter().position(|token| token == "CONFLICT");
    has_both(list(0)) && conflict.is_none_or(|at| has_both(list(at)))
}

/// Both stand in a predicate of the same query: after WHERE or ON, before its parenthesis closes.
fn narrowed(rest: &[String]) -> bool {
    let mut depth = 0i32;
    let end = rest.iter().position(|token| {
        depth += i32::from(token == "(") - i32::from(token == ")");
        depth < 0
    });
    let query = &rest[..end.unwrap_or(rest.len())];
    let predicate = query.iter().position(|token| token == "WHERE" || token == "ON");
    let stop = query.iter().position(|token| token == "RETURNING" || token == "ORDER").unwrap_or(query.len());
    predicate.is_some_and(|from| from < stop && has_both(&query[from..stop]))
}

/// The check finds what it must find.
pub fn proves_itself() {
    let tables = BTreeSet::from(["event".to_owned(), "due".to_owned()]);
    let wrong = |sql: &str| lacks(&tokens(sql), &tables).is_some();
    assert!(wrong("SELECT body FROM event WHERE shop = ?1 AND number = ?2"));
    assert!(wrong("SELECT 1 FROM event WHERE number = ?1 RETURNING bucket, shop"));
    assert!(wrong("SELECT bucket, shop FROM event"));
    assert!(wrong("INSERT INTO due (shop, at) VALUES (?1, ?2)"));
    assert!(wrong("INSERT INTO due (bucket, shop, at) VALUES (?1, ?2, ?3) ON CONFLICT (at) DO NOTHING"));
    assert!(wrong("UPDATE due SET at = 1 WHERE bucket = ?1"));
    assert!(wrong("SELECT EXISTS (SELECT 1 FROM event WHERE number = 1) AND bucket = 1 AND shop = 2"));
    assert!(wrong("DELETE FROM {table} WHERE bucket = 1 AND shop = 2"));
    assert!(!wrong("UPDATE due SET at = 1 WHERE bucket = ?1 AND shop = ?2"));
    assert!(!wrong("SELECT at FROM \"event\" WHERE bucket = ?1 AND shop = ?2"));
    assert!(!wrong("SELECT version FROM head WHERE id = 1"));
    assert!(is_statement("SELECT a FROM b") && is_statement("delete").eq(&false));
    assert!(!is_statement("Update the shop's set of keys"));
}
