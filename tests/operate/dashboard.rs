//! The dashboard asks only for what the program prints.

use crate::watch::story;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every query of a dashboard.
fn queries(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "expr" => found.push(text.clone()),
                    _ => queries(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| queries(item, found)),
        _ => {}
    }
}

/// Words of a text that begin as our metrics do.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("beckon_")).map(str::to_owned).collect()
}

fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dashboard_and_guides_name_metrics_that_exist() {
    let (program, serving, _relay) = story("dashboard").await;
    let page = program.metrics_page().await;
    serving.stop().await;
    program.clear();
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let printed: BTreeSet<String> =
        lines.flat_map(|line| names(line.split(['{', ' ']).next().unwrap())).collect();
    let mut asked = Vec::new();
    queries(&serde_json::from_str(&file("deploy/grafana.json")).unwrap(), &mut asked);
    assert!(asked.len() > 15, "{} queries were found", asked.len());
    for query in &asked {
        let names = names(query);
        assert!(!names.is_empty(), "`{query}` asks for nothing of ours");
        let missing: Vec<_> = names.difference(&printed).collect();
        assert!(missing.is_empty(), "`{query}` asks for {missing:?}");
    }
    for guide in ["docs/operators.md", "docs/ru/operators.md", "deploy/alerts.yml"] {
        let missing: Vec<String> = names(&file(guide))
            .into_iter()
            .filter(|name| !printed.contains(name) && !printed.contains(&format!("{name}_bucket")))
            .collect();
        assert!(missing.is_empty(), "{guide} names {missing:?}");
    }
}
