//! Killed at any instant: what was acknowledged is there whole, and nothing is there in half.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const PLACE: &str = "BECKON_STORE_KILL_PLACE";
const ROWS: u64 = 40;

/// The n-th commit touches rows in many buckets and every kind of queue.
fn nth(n: u64) -> Commit {
    let profiles =
        (0..ROWS).map(|k| ProfileWrite { due: Some(ShopTime(n as i64)), ..profile(profile_id(k), n) });
    let doors = (0..ROWS).map(|k| identity(k as u16 * 13, n * ROWS + k, profile_id(k)));
    Commit {
        profiles: profiles.collect(),
        identities: doors.collect(),
        events: (0..ROWS).map(|k| event(profile_id(k), n)).collect(),
        messages: vec![new_message(message(n))],
        letters: vec![LetterWrite { key: LetterKey { number: n, ..letter(1).key }, ..letter(1) }],
        ..Commit::default()
    }
}

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let store = Store::open_at(&Place::read(&place), &Options::default()).unwrap();
    let mut n = store.head().unwrap().commit_number;
    loop {
        n += 1;
        store.commit(&nth(n)).unwrap();
        println!("acknowledged {n}");
    }
}

fn check(store: &Store, acknowledged: u64) {
    let last = store.head().unwrap().commit_number;
    assert!(last >= acknowledged, "commit {acknowledged} was acknowledged, the last one kept is {last}");
    let found = store.load(&Wanted {
        profiles: (0..ROWS).map(|k| (SHOP, profile_id(k), false)).collect(),
        events: (1..=last + 1)
            .flat_map(|n| (0..ROWS).map(move |k| (SHOP, profile_id(k).bucket(), n)))
            .collect(),
        identities: (1..=last + 1)
            .flat_map(|n| (0..ROWS).map(move |k| (SHOP, Bucket(k as u16 * 13), DoorId(n * ROWS + k))))
            .collect(),
        messages: (1..=last + 1).map(|n| (SHOP, message_id(n))).collect(),
        ..Wanted::default()
    });
    let found = found.unwrap();
    assert_eq!(found.profiles.len() as u64, ROWS.min(last * ROWS));
    assert!(found.profiles.iter().all(|p| p.version == last), "half a commit");
    assert_eq!(found.events.len() as u64, last * ROWS);
    assert_eq!(found.identities.len() as u64, last * ROWS);
    assert_eq!(found.messages.len() as u64, last);
    assert_eq!(store.letters(1_000_000).unwrap().len() as u64, last);
}

/// Runs the child until it has acknowledged so many commits, kills it, and gives back the last it acknowledged.
fn kill_after(place: &str, mut left: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let read = |line: &str| line.rsplit_once("acknowledged ").and_then(|(_, n)| n.parse::<u64>().ok());
    let mut acknowledged = 0;
    while left > 0 {
        let line = lines.next().expect("the child ended by itself").unwrap();
        if let Some(n) = read(&line) {
            acknowledged = n;
            left -= 1;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said before it died, beyond what we waited for, was acknowledged too.
    lines.map_while(Result::ok).filter_map(|line| read(&line)).last().unwrap_or(acknowledged)
}

#[test]
fn killed_again_and_again_nothing_acknowledged_is_lost_and_nothing_is_halved() {
    for mut w in engines() {
        let mut acknowledged = 0;
        for kill in 1..=12u64 {
            let place = match &w.place {
                Place::Directory(dir) => dir.display().to_string(),
                Place::Server(url) => url.clone(),
            };
            w = w.beside(|| acknowledged = kill_after(&place, kill * 3 % 17 + 1));
            check(&w.store, acknowledged);
        }
        assert!(acknowledged >= 12, "{}", w.name);
    }
}
