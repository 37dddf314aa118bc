//! Baskets by what customers ordered before: what belongs together, what comes next, and what must not skew
//! it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use beckon_recommend::{BasketModel, OrderLine};

const DAY: i64 = 86_400;

/// An order line with its own text.
#[derive(Clone)]
struct Row(String, String, String, i64);

fn learn(rows: &[Row]) -> BasketModel {
    let lines: Vec<OrderLine> = rows
        .iter()
        .map(|Row(order, customer, item, at_secs)| OrderLine { order, customer, item, at_secs: *at_secs })
        .collect();
    BasketModel::learn(&lines)
}

/// Five circles of seven items; each customer keeps to one circle, orders three of it every ten days, and
/// always "milk<circle>".
fn shop(orders: i64) -> Vec<Row> {
    let mut rows = Vec::new();
    for n in 0..orders {
        let circle = n % 5;
        let items = [
            format!("milk{circle}"),
            format!("{circle}-{}", n / 5 % 6),
            format!("{circle}-{}", (n / 5 + 1) % 6),
        ];
        for item in items {
            rows.push(Row(format!("o{n}"), format!("c{}", n % 50), item, 10_000 * DAY + n * DAY / 5));
        }
    }
    rows
}

#[test]
fn a_basket_is_completed_from_its_own_circle_and_never_with_what_it_holds() {
    for orders in [60, 1_500] {
        let model = learn(&shop(orders));
        let best = model.complete("", &["3-1", "3-2"], 20_000 * DAY, |_| true);
        assert_eq!(best[0], "milk3", "of {orders} orders");
        assert!(best.iter().take(3).all(|item| item.starts_with("3-") || *item == "milk3"), "{best:?}");
        assert!(!best.contains(&"3-1") && !best.contains(&"3-2"));
        let filtered = model.complete("", &["3-1", "3-2"], 20_000 * DAY, |item| !item.starts_with("milk"));
        assert!(filtered[0].starts_with("3-") && !filtered.iter().any(|item| item.starts_with("milk")));
    }
}

#[test]
fn what_a_customer_orders_always_comes_next_and_strangers_get_what_sells() {
    for orders in [300, 1_500] {
        let model = learn(&shop(orders));
        let next = model.complete("c12", &[], 10_000 * DAY + orders * DAY / 5, |_| true);
        assert_eq!(next[0], "milk2", "of {orders} orders: {next:?}");
        assert!(model.complete("nobody", &[], 0, |_| true)[0].starts_with("milk"));
        assert!(!model.complete("", &["never sold"], 0, |_| true).is_empty());
    }
    assert!(learn(&[]).complete("c", &["x"], 0, |_| true).is_empty());
}

#[test]
fn one_order_of_two_thousand_lines_and_wrong_clocks_skew_nothing() {
    let mut rows = shop(600);
    let before = learn(&rows).complete("", &["3-1", "3-2"], 20_000 * DAY, |_| true).join(" ");
    for n in 0..2_000 {
        let item = if n < 30 { format!("{}-{}", n / 6, n % 6) } else { format!("odd\t\"{n}\" \u{1F980}") };
        rows.push(Row("bulk".into(), "c1".into(), item, 10_000 * DAY));
    }
    for (n, at_secs) in [i64::MIN, i64::MAX, -1].into_iter().enumerate() {
        rows.push(Row(format!("wrong{n}"), "c2".into(), "0-0".into(), at_secs));
    }
    let model = learn(&rows);
    let after = model.complete("", &["3-1", "3-2"], 20_000 * DAY, |_| true);
    assert_eq!(after[0], before.split(' ').next().unwrap());
    assert!(after.iter().take(3).all(|item| item.starts_with('3') || *item == "milk3"), "{after:?}");
    let whole: Vec<String> = (30..2_000).map(|n| format!("odd\t\"{n}\" \u{1F980}")).collect();
    let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
    let rest = model.complete("c1", &whole, i64::MIN, |_| true);
    assert!(rest.iter().all(|item| !item.starts_with("odd")), "what the basket holds never comes back");
}
