//! One program owns the buckets; whoever lost them is refused, whatever it believes.

use crate::world::*;
use beckon_core::time::WallTime;
use beckon_pgtest::Database;
use beckon_store::*;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_secs(2);
const URL: &str = "BECKON_STORE_NODE_URL";

fn now() -> WallTime {
    WallTime(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64)
}

fn candidate(id: u64, name: &str, lease: Duration) -> Candidate<'_> {
    Candidate { id: NodeId(id), name, lease, now: now(), state: NodeState::default() }
}

fn take(store: &Store, id: u64, name: &str) -> Ownership {
    store.take_ownership(&candidate(id, name, LONG)).unwrap()
}

fn two() -> Option<(Store, Store, Database)> {
    let database = beckon_pgtest::database()?;
    let open = || Store::open_server(&database.url).unwrap();
    Some((open(), open(), database))
}

fn commit(store: &Store, epoch: u64) -> Result<Committed> {
    store.commit(&Commit { epoch, ..Commit::default() })
}

#[test]
fn a_stale_owner_is_refused_and_a_lease_that_runs_is_kept() {
    let Some((one, other, database)) = two() else { return };
    assert_eq!(take(&one, 1, "one"), Ownership::Owner { epoch: 1 });
    assert_eq!(take(&one, 1, "one"), Ownership::Owner { epoch: 1 }, "asked twice, it is the same");
    let Ownership::HeldBy { name, left } = take(&other, u64::MAX, "other") else { panic!("it was taken") };
    assert!(name == "one" && left > LONG / 2 && left <= LONG, "{left:?}");
    commit(&one, 1).unwrap();
    let behind = Some(Duration::from_secs(3));
    let state = NodeState { events_behind: behind, is_draining: true, ..NodeState::default() };
    one.renew(&Candidate { state, ..candidate(1, "one", LONG) }, 1).unwrap();
    let nodes = other.nodes().unwrap();
    let told: Vec<_> = nodes.iter().map(|node| (node.name.as_str(), node.epoch)).collect();
    assert_eq!(told, [("one", Some(1)), ("other", None)]);
    assert!(nodes[0].left > LONG / 2 && nodes[1].left.is_zero() && nodes[1].silent < LONG / 2);
    let told = &nodes[0].state;
    assert!(told.events_behind >= behind && told.events_behind < Some(LONG) && told.is_draining, "{told:?}");
    assert_eq!((told.plane_behind, nodes[1].state.is_draining), (None, false));
    // A minute passes in which nothing is heard of the first.
    database.sql("UPDATE node SET until = until - 60001, seen = seen - 60000 WHERE name = 'one'");
    commit(&one, 1).unwrap();
    assert_eq!(take(&other, u64::MAX, "other"), Ownership::Owner { epoch: 2 });
    for refused in [commit(&one, 1).map(drop), one.renew(&candidate(1, "one", LONG), 1)] {
        assert!(matches!(&refused, Err(Error::Conflict(why)) if why.contains("epoch 1")), "{refused:?}");
    }
    commit(&other, 2).unwrap();
    assert!(matches!(take(&one, 1, "one"), Ownership::HeldBy { name, .. } if name == "other"));
    // A lease that ran out is renewed as long as nobody took it.
    database.sql("UPDATE node SET until = until - 60001");
    other.renew(&candidate(u64::MAX, "other", LONG), 2).unwrap();
    assert!(matches!(take(&one, 1, "one"), Ownership::HeldBy { .. }));
}

#[test]
fn an_owner_that_resigns_is_followed_at_once_and_commits_no_more() {
    let Some((one, other, _database)) = two() else { return };
    let Ownership::Owner { epoch } = take(&one, 1, "one") else { panic!("nobody else is there") };
    take(&other, 2, "other");
    // One that stands by takes nothing with it when it goes.
    other.resign(NodeId(2)).unwrap();
    commit(&one, epoch).unwrap();
    assert_eq!(one.nodes().unwrap().len(), 1);
    one.resign(NodeId(1)).unwrap();
    assert!(matches!(commit(&one, epoch), Err(Error::Conflict(_))));
    let Ownership::Owner { epoch: next } = take(&other, 2, "other") else {
        panic!("the lease was given back")
    };
    assert!(next > epoch);
    commit(&other, next).unwrap();
}

#[test]
fn who_is_about_to_stop_takes_nothing_and_is_heard_of() {
    let Some((one, other, _database)) = two() else { return };
    let state = NodeState { is_draining: true, version: "9.9".to_owned(), ..NodeState::default() };
    let draining = Candidate { state, ..candidate(1, "one", LONG) };
    assert!(matches!(one.take_ownership(&draining).unwrap(), Ownership::HeldBy { .. }));
    let nodes = other.nodes().unwrap();
    assert_eq!((nodes.len(), nodes[0].epoch), (1, None));
    assert!(nodes[0].state.is_draining && nodes[0].state.version == "9.9" && nodes[0].since < LONG);
    assert!(matches!(take(&other, 2, "other"), Ownership::Owner { .. }));
}

#[test]
fn of_many_that_try_at_once_one_succeeds() {
    let Some(database) = beckon_pgtest::database() else { return };
    let stores: Vec<Store> = (0..4).map(|_| Store::open_server(&database.url).unwrap()).collect();
    let owners = std::thread::scope(|scope| {
        let tries = stores.iter().zip(1u64..).map(|(store, id)| scope.spawn(move || take(store, id, "n")));
        let tries: Vec<_> = tries.collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect::<Vec<_>>()
    });
    let owner = |owned: &&Ownership| matches!(owned, Ownership::Owner { .. });
    assert_eq!(owners.iter().filter(owner).count(), 1, "{owners:?}");
}

#[test]
fn a_machine_with_another_clock_owns_nothing() {
    let Some((one, other, _database)) = two() else { return };
    for off in [-2_500, 2_500] {
        let wrong = Candidate { now: WallTime(now().0 + off), ..candidate(1, "one", LONG) };
        let refused = one.take_ownership(&wrong);
        assert!(matches!(&refused, Err(Error::Unavailable(why)) if why.contains("clock")), "{refused:?}");
    }
    assert!(matches!(take(&other, 2, "other"), Ownership::Owner { .. }));
}

#[test]
fn the_embedded_engine_has_one_owner_and_an_epoch_too() {
    let w = embedded();
    let Ownership::Owner { epoch } = take(&w.store, 1, "one") else { panic!("nobody else is there") };
    commit(&w.store, epoch).unwrap();
    w.store.renew(&candidate(1, "one", LONG), epoch).unwrap();
    w.store.resign(NodeId(1)).unwrap();
    assert!(matches!(commit(&w.store, epoch), Err(Error::Conflict(_))));
    assert!(matches!(w.store.renew(&candidate(1, "one", LONG), epoch), Err(Error::Conflict(_))));
    assert_eq!(w.store.nodes().unwrap(), []);
}

/// Not a test of its own: the owner that is frozen.
#[test]
fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = Store::open_server(&url).unwrap();
    let owned = store.take_ownership(&candidate(1, "frozen", SHORT)).unwrap();
    let Ownership::Owner { epoch } = owned else { panic!("{owned:?}") };
    loop {
        match commit(&store, epoch) {
            Ok(done) => println!("acknowledged {}", done.number),
            Err(Error::Conflict(_)) => return println!("refused"),
            // The database ended the transaction in which it was frozen.
            Err(Error::Unavailable(_)) => println!("again"),
            Err(other) => panic!("{other}"),
        }
    }
}

/// Ends with the test, also when it is frozen.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn freeze(child: &Child, signal: &str) {
    let done = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

fn read_until(lines: &mut Lines<BufReader<ChildStdout>>, word: &str, last: &mut u64) {
    loop {
        let line = lines.next().expect("the child ended").unwrap();
        if let Some(n) = line.rsplit_once("acknowledged ").and_then(|(_, n)| n.parse().ok()) {
            *last = n;
        }
        if line.contains(word) {
            return;
        }
    }
}

#[test]
fn an_owner_that_was_frozen_and_wakes_up_late_writes_nothing_more() {
    let Some(database) = beckon_pgtest::database() else { return };
    let store = Store::open_server(&database.url).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["nodes::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(URL, &database.url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let child = Owned(child);
    let mut acknowledged = 0;
    read_until(&mut lines, "acknowledged", &mut acknowledged);
    freeze(&child.0, "-STOP");
    let begun = Instant::now();
    let epoch = loop {
        match store.take_ownership(&candidate(2, "next", LONG)) {
            Ok(Ownership::Owner { epoch }) => break epoch,
            Ok(Ownership::HeldBy { .. }) => std::thread::sleep(Duration::from_millis(20)),
            Err(why) => panic!("{why}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody took over within 10 s");
    };
    let before = store.head().unwrap().commit_number;
    commit(&store, epoch).unwrap();
    freeze(&child.0, "-CONT");
    read_until(&mut lines, "refused", &mut acknowledged);
    assert!(acknowledged <= before, "{acknowledged} was acknowledged after the take-over at {before}");
    assert_eq!(store.head().unwrap().commit_number, before + 1, "something of it came late");
}
