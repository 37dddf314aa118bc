//! Real libraries against the real server: what shops have built in works when only its address and key change.
//!
//! They come from the registries of their languages. Where one cannot be had, the test says "skipped: …".

#![allow(clippy::unwrap_used)]

#[path = "support/browser.rs"]
#[allow(dead_code, reason = "these tests only open pages")]
mod browser;
#[path = "sdks/browsers.rs"]
mod browsers;
#[path = "http/house.rs"]
#[allow(dead_code, reason = "these tests read no mail")]
mod house;
#[path = "support/http.rs"]
#[allow(dead_code, reason = "these tests send nothing by themselves")]
mod http;
#[path = "sdks/registry.rs"]
mod registry;
#[path = "support/shop.rs"]
mod shop;

use beckon_core::event::{Event, Fact, OrderStatus, Source};
use beckon_core::ids::{Door, DoorKind};
use beckon_server::app::SHOP;
use house::House;
use std::path::Path;
use std::process::Command;

/// What was said came as what it means: the same five events from every library, and one person.
fn arrived(house: &House, email: &str, order: &str, source: Source) {
    let events: Vec<Event> =
        house.events().iter().map(|row| serde_json::from_slice(&row.body).unwrap()).collect();
    let mut told: Vec<String> = events
        .iter()
        .map(|event| match &event.fact {
            Fact::Identified { traits } => format!("identified by {}", traits.join(", ")),
            Fact::Page { .. } => "page".to_owned(),
            Fact::ProductViewed { item } => format!("viewed {}", item.id),
            Fact::CartAdded { line, .. } => {
                let price = line.price.map(|price| (price.minor, price.currency.code().to_owned()));
                format!("added {} of {} at {price:?}", line.quantity, line.item.id)
            }
            Fact::Order(said) if said.status == OrderStatus::Completed => format!("ordered {}", said.id),
            other => format!("{other:?}"),
        })
        .collect();
    told.sort();
    let added = r#"added 2 of P-1 at Some((10100, "RUB"))"#.to_owned();
    let identified = told.iter().find(|line| line.starts_with("identified by")).cloned().unwrap_or_default();
    assert!(identified.contains("email_consent"), "{told:?}");
    let all = [added, identified, format!("ordered {order}"), "page".to_owned(), "viewed P-2".to_owned()];
    assert_eq!(told, all);
    assert!(events.iter().all(|event| event.source == source), "{events:?}");
    let door = Door::new(DoorKind::Email, email);
    let holders = house.app().store.holders(SHOP, &[(door.bucket(SHOP), door.id(SHOP))]).unwrap();
    assert_eq!(holders.len(), 1, "nobody holds {email}");
    let known: std::collections::BTreeSet<_> = house.events().iter().map(|row| row.profile).collect();
    assert!(known.len() <= 2, "five events of one person are spread over {known:?}");
}

/// Runs a shop's script to its end.
async fn script(mut command: Command) {
    let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
}

fn calls(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sdks").join(name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn segments_library_for_python_works_unchanged() {
    let python = match tokio::task::spawn_blocking(registry::python).await.unwrap() {
        Ok(python) => python,
        Err(why) => return println!("skipped: {why}"),
    };
    for gzip in [false, true] {
        let house = House::open().await;
        let mut command = Command::new(&python);
        command.arg(calls("calls.py")).arg(&house.server_key).arg(format!("http://{}", house.public()));
        if gzip {
            command.arg("gzip");
        }
        script(command).await;
        arrived(&house, "py@example.test", "O-py", Source::Server);
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn segments_library_for_node_works_unchanged() {
    let packages = match tokio::task::spawn_blocking(registry::node).await.unwrap() {
        Ok(packages) => packages,
        Err(why) => return println!("skipped: {why}"),
    };
    let house = House::open().await;
    let mut command = Command::new("node");
    command.env("NODE_PATH", packages.join("node_modules"));
    command.arg(calls("calls.js")).arg(&house.server_key).arg(format!("http://{}", house.public()));
    script(command).await;
    arrived(&house, "js@example.test", "O-js", Source::Server);
    house.close().await;
}
