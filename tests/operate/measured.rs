//! How much a machine takes: what is told is what is on disk, and nothing is left behind.

use crate::program::{refused, text, told};
use serde_json::Value;

fn checked(said: &str) {
    let found: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    let acknowledged = found["acknowledged"].as_u64().unwrap();
    assert!(acknowledged > 0, "{said}");
    assert_eq!(found["kept"], acknowledged, "acknowledged and not on disk: {said}");
    assert_eq!(found["beckon"]["refused"], 0, "{said}");
    for side in ["probe", "beckon"] {
        let of = |name: &str| found[side][name].as_f64().unwrap();
        assert!(of("events_per_sec") > 0.0 && of("p50_ms") > 0.0 && of("p99_ms") >= of("p50_ms"), "{said}");
    }
    for name in ["memory_bytes", "commit_secs_per_event", "events_per_commit", "visits_a_month"] {
        assert!(found[name].as_f64().unwrap() > 0.0, "{name}: {said}");
    }
}

#[test]
fn a_machine_is_measured_and_left_as_it_was() {
    let dir = std::env::temp_dir().join(format!("beckon-measured-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let asked = ["bench", "--dir", text(&dir), "--secs", "1", "--profiles", "200"];
    checked(&told(&[&asked[..], &["--json"]].concat()));
    let said = told(&[&asked[..], &["--locale", "ru", "--batch", "20"]].concat());
    assert!(said.contains("голая проба") && said.contains("визитов в месяц"), "{said}");
    assert!(!said.contains('⟦'), "a word is missing: {said}");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0, "something is left");
    std::fs::remove_dir_all(&dir).unwrap();
    let wrong = refused(&["bench", "--connections", "0"]);
    assert!(wrong.contains("--connections: a number from 1 to 1000 is wanted"), "{wrong}");
}

#[test]
fn a_database_is_measured_only_while_it_is_empty() {
    let Some(database) = beckon_pgtest::database() else { return };
    let dir = std::env::temp_dir();
    let asked =
        ["bench", "--dir", text(&dir), "--database", &database.url, "--secs", "1", "--profiles", "200"];
    checked(&told(&[&asked[..], &["--json"]].concat()));
    let again = refused(&asked);
    assert!(again.contains("it holds a shop; an empty database is wanted"), "{again}");
}
