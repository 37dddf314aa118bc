//! Publishing: what makes a new version, what does not, and what is refused whole.

use super::*;

const TEXT: &str = "journey: cart\nclass: A\npriority: 90\nabout: cart\nentry:\n  on: left\n  after: 15m\n  when: [cart_not_empty, reachable]\nsteps:\n  - message: first\n    template: abandoned-cart-1\n    deadline: 24h\n  - wait: pause\n    for: 2d\n    from: start\n  - message: second\n    template: abandoned-cart-2\n";
const BY: Stamp = Stamp { now: ShopTime(5_000), at: WallTime(1), by: "test" };

fn plane(name: &str) -> ShopPlane {
    let dir = std::env::temp_dir().join(format!("beckon-journeys-{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&dir));
    ShopPlane::open(&dir).unwrap()
}

fn text(text: &str) -> Change {
    Change { text: Some(text.to_owned()), ..Change::default() }
}

fn document(plane: &ShopPlane) -> JourneyDocument {
    let stored = plane.get(SHOP, kind::JOURNEY, "cart").unwrap().unwrap();
    serde_json::from_str(&stored.body.unwrap()).unwrap()
}

fn set(pairs: &[(&str, &str)]) -> Change {
    let set = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Change { set, ..Change::default() }
}

#[test]
fn what_ships_can_be_applied() {
    let plane = plane("ready");
    for (name, shipped) in READY {
        assert_eq!(change(&plane, None, &text(shipped), BY).unwrap(), *name);
        assert!(is_there(&plane, name).unwrap());
    }
}

#[test]
fn only_a_changed_graph_is_a_new_version() {
    let plane = plane("graph");
    change(&plane, None, &text(TEXT), BY).unwrap();
    for settings_only in [
        TEXT.replace("priority: 90", "priority: 70"),
        TEXT.replace("deadline: 24h", "deadline: 12h"),
        TEXT.replace("template: abandoned-cart-2", "template: abandoned-cart-3"),
        TEXT.replace("after: 15m", "after: 20m"),
    ] {
        change(&plane, Some("cart"), &text(&settings_only), BY).unwrap();
        assert_eq!(document(&plane).graph, 1, "{settings_only}");
    }
    let before = document(&plane).text;
    let longer = TEXT.replace("for: 2d", "for: 3d");
    change(&plane, Some("cart"), &text(&longer), BY).unwrap();
    let after = document(&plane);
    assert_eq!(after.graph, 2);
    assert_eq!(after.texts.get(&1), Some(&before), "who is inside lost her graph");
    let journey = read_journey(&after).unwrap();
    assert_eq!(journey.graphs.keys().copied().collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn switching_on_keeps_since_when() {
    let plane = plane("on");
    change(&plane, None, &text(TEXT), BY).unwrap();
    let on = Change { on: Some(true), ..Change::default() };
    change(&plane, Some("cart"), &on, BY).unwrap();
    change(&plane, Some("cart"), &on, Stamp { now: ShopTime(9_000), ..BY }).unwrap();
    assert_eq!((document(&plane).on, document(&plane).on_since), (true, 5_000));
}

#[test]
fn a_setting_that_cannot_be_used_changes_nothing() {
    let plane = plane("settings");
    change(&plane, None, &text(TEXT), BY).unwrap();
    change(&plane, Some("cart"), &set(&[("holdout", "0"), ("global_holdout", "0")]), BY).unwrap();
    let before = document(&plane);
    assert_eq!(read_journey(&before).unwrap().holdout_ppm, 0);
    let settings = plane.get(SHOP, kind::SETTINGS, MAIN).unwrap().unwrap();
    assert!(settings.body.unwrap().contains("\"global_holdout_ppm\":0"));
    for bad in [("holdout", "90%"), ("after", "soon"), ("nothing", "1"), ("global_holdout", "x")] {
        let refused = change(&plane, Some("cart"), &set(&[("priority", "10"), bad]), BY);
        let said = matches!(refused, Err(NotApplied::Wrong(_) | NotApplied::Setting { .. }));
        assert!(said, "{bad:?}");
    }
    assert_eq!(document(&plane), before, "a refused change left something behind");
    change(&plane, Some("cart"), &set(&[("holdout", "")]), BY).unwrap();
    assert!(document(&plane).set.is_empty(), "an empty value goes back to the text's own");
}

#[test]
fn an_error_names_its_line() {
    let plane = plane("errors");
    let line = |text_: &str| match change(&plane, None, &text(text_), BY) {
        Err(NotApplied::Text(problem)) => problem.line,
        other => panic!("{other:?}"),
    };
    assert_eq!(line(&TEXT.replace("for: 2d", "for: two days")), 14);
    assert_eq!(line(&TEXT.replace("template: abandoned-cart-2", "template: no-such")), 17);
    let other = is_text_of("other", TEXT);
    assert!(matches!(other, Err(NotApplied::Text(Problem { line: 1, .. }))), "{other:?}");
    assert!(matches!(change(&plane, Some("x"), &set(&[]), BY), Err(NotApplied::Unknown(_))));
}
