//! What holds the shape of the project, read from its own files: which crate may know which, where SQL lives, how long
//! things are and what they are called.

#![allow(clippy::unwrap_used)]

#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/sql.rs"]
mod sql;

use std::collections::BTreeMap;

/// What each crate may know of the others; `sim` stands beside and is known to tests and to the program, `pgtest` to
/// tests alone.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("recommend", &["core"]),
    ("render", &["core"]),
    ("store", &["core"]),
    ("channels", &["core", "store"]),
    ("server", &["core", "recommend", "render", "store", "channels"]),
    ("sim", &["core"]),
    ("pgtest", &[]),
    ("replay", &["core"]),
    ("beckon", &["core", "recommend", "render", "replay", "store", "channels", "server", "sim"]),
];
/// All that the pure core is built on.
const CORE_BUILT_ON: [&str; 5] = ["jiff", "saphyr-parser", "serde", "serde_json", "xxhash-rust"];

fn fail_with(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names of the dependencies in one section of a manifest.
fn dependencies(manifest: &str, section: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == section;
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let end = line.find(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).unwrap_or(line.len());
            names.push(line[..end].to_owned());
        }
    }
    names
}

#[test]
fn dependencies_point_one_way() {
    let known: BTreeMap<&str, &[&str]> = MAY_KNOW.iter().copied().collect();
    let mut wrong = Vec::new();
    let manifests = source::files(&["Cargo.toml"]);
    for path in manifests.iter().filter(|path| path.starts_with("crates/")) {
        let name = path.split('/').nth(1).unwrap();
        let text = std::fs::read_to_string(source::root().join(path)).unwrap();
        let Some(may) = known.get(name) else {
            wrong.push(format!("{path}: say in tests/tidy.rs what crate `{name}` may know"));
            continue;
        };
        for (section, also) in [("[dependencies]", &[][..]), ("[dev-dependencies]", &["sim", "pgtest"])] {
            let dependencies = dependencies(&text, section);
            let ours = dependencies.iter().filter_map(|dependency| dependency.strip_prefix("beckon-"));
            for other in ours.filter(|other| !may.contains(other) && !also.contains(other)) {
                wrong.push(format!("{path}: `{name}` must not know `{other}`"));
            }
        }
    }
    assert!(manifests.len() > known.len(), "the manifests were not found: {manifests:?}");
    fail_with(&wrong);
}

#[test]
fn the_core_is_built_on_little() {
    let text = std::fs::read_to_string(source::root().join("crates/core/Cargo.toml")).unwrap();
    assert_eq!(
        dependencies(&text, "[dependencies]"),
        CORE_BUILT_ON,
        "the core is pure: say why it needs more"
    );
}

#[test]
fn a_replay_is_built_on_the_core_alone() {
    let text = std::fs::read_to_string(source::root().join("crates/replay/Cargo.toml")).unwrap();
    let built_on = dependencies(&text, "[dependencies]");
    assert_eq!(built_on, ["beckon-core", "serde"], "a replay is pure: say why it needs more");
}

#[test]
fn every_key_of_a_table_of_customers_begins_with_bucket_and_shop() {
    fail_with(&sql::keys());
}

#[test]
fn every_statement_on_customers_names_bucket_and_shop_and_stands_in_the_store() {
    sql::proves_itself();
    fail_with(&sql::statements(&source::sources()));
}

#[test]
fn files_functions_and_lines_are_short() {
    shape::proves_itself();
    fail_with(&shape::sizes(&source::sources()));
}

#[test]
fn every_file_says_what_it_is_for() {
    fail_with(&shape::openings(&source::sources()));
}

#[test]
fn names_say_something() {
    fail_with(&shape::names(&source::sources()));
}

#[test]
fn nothing_speaks_of_the_place_where_it_was_written() {
    fail_with(&shape::foreign_words());
}
