//! Against a real PostgreSQL: transactions, lost connections, the truth about a lost commit, TLS.

use super::*;
use crate::Error;
use beckon_pgtest::{Line, Own, Proxy};
use std::time::{Duration, Instant};

const PLANE: Plane = Plane {
    name: "test",
    steps: &["CREATE TABLE thing (id bigint PRIMARY KEY)", "ALTER TABLE thing ADD n bigint"],
};

fn open(url: &str) -> Result<Database> {
    Database::open(url, &PLANE, Box::new(|_| Ok(())))
}

fn put(database: &Database, id: i64) -> Result<()> {
    database.write(|session| insert(session, id))
}

fn insert(session: &Session, id: i64) -> Done {
    session.query("INSERT INTO thing (id) VALUES ($1)", vec![Value::Long(id)]).map(drop)
}

fn ids(database: &Database) -> Vec<i64> {
    let read = |session: &Session| {
        let rows = session.query("SELECT id FROM thing ORDER BY id", Vec::new())?;
        rows.iter().map(|row| get(row, 0)).collect()
    };
    let found: Vec<i64> = database.read(read).unwrap();
    assert_eq!(database.read_last(read).unwrap(), found);
    found
}

#[test]
fn a_transaction_happens_whole_or_not_at_all() {
    let Some(place) = beckon_pgtest::database() else { return };
    let database = open(&place.url).unwrap();
    put(&database, 1).unwrap();
    let refused = database.write(|session| insert(session, 2).and_then(|()| insert(session, 1)));
    assert!(matches!(&refused, Err(Error::Corrupt(why)) if why.contains("23505")), "{refused:?}");
    let conflicted: Result<()> =
        database.write(|session| insert(session, 3).and_then(|()| conflict("on purpose")));
    assert!(matches!(conflicted, Err(Error::Conflict(_))));
    // An error that the work swallows is not committed over.
    let swallowed = database.write(|session| {
        drop(insert(session, 1));
        Ok(())
    });
    assert!(matches!(swallowed, Err(Error::Corrupt(_))), "{swallowed:?}");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        database.write(|session| -> Done { insert(session, 4).map(|()| panic!("on purpose")) })
    }));
    assert!(panicked.is_err());
    database.write(|_| Ok(())).unwrap();
    assert_eq!(ids(&database), [1]);
    let requests = (10..90)
        .map(|id| Request::new("INSERT INTO thing (id) VALUES ($1) RETURNING id", vec![Value::Long(id)]));
    let requests: Vec<_> = requests.collect();
    let answers = database.write(|session| session.pipeline(&requests)).unwrap();
    let answered: Vec<i64> = answers.iter().map(|rows| rows[0].get(0)).collect();
    assert_eq!(answered, (10..90).collect::<Vec<_>>());
}

#[test]
fn calls_work_from_threads_of_any_runtime_and_of_none() {
    let Some(place) = beckon_pgtest::database() else { return };
    let database = Arc::new(open(&place.url).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for id in 0..8 {
        let shared = Arc::clone(&database);
        let work = move || put(&shared, id);
        let done = runtime.block_on(async move { tokio::task::spawn_blocking(work).await });
        done.unwrap().unwrap();
    }
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| (0..20).for_each(|_| assert_eq!(ids(&database).len(), 8)));
        }
    });
}

#[test]
fn programs_that_start_at_once_take_each_step_once_and_an_older_one_stays_out() {
    let Some(place) = beckon_pgtest::database() else { return };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| open(&place.url).map(drop))).collect();
        all.into_iter().for_each(|one| one.join().unwrap().unwrap());
    });
    let older = Plane { name: "test", steps: &PLANE.steps[..1] };
    let Err(why) = Database::open(&place.url, &older, Box::new(|_| Ok(()))) else { panic!("it was opened") };
    assert!(matches!(&why, Error::Corrupt(why) if why.contains("newer Beckon")), "{why}");
}

#[test]
fn a_commit_whose_answer_was_lost_is_told_as_it_was() {
    let Some(place) = beckon_pgtest::database() else { return };
    let port = place.port();
    let proxy = Proxy::before(port);
    let database = open(&proxy.url(&place.url)).unwrap();
    for id in 0..6 {
        // Every second commit never arrives; the others arrive, and their answer does not.
        let line = if id % 2 == 0 { Line::CutAfter(b"COMMIT") } else { Line::CutBefore(b"COMMIT") };
        proxy.set(line);
        let done = put(&database, id);
        assert_eq!(proxy.line(), Line::Whole, "nothing was cut");
        match done {
            Ok(()) => assert_eq!(id % 2, 0),
            Err(Error::Unavailable(why)) => assert!(id % 2 == 1 && why.contains("did not happen"), "{why}"),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(ids(&database), [0, 2, 4]);
}

#[test]
fn a_database_that_is_away_is_unavailable_until_it_is_back() {
    let Some(own) = Own::start("") else { return };
    let database = open(&own.url()).unwrap();
    put(&database, 1).unwrap();
    assert_eq!(ids(&database), [1]);
    own.kill();
    // Its parts notice one after the other; until then what is acknowledged counts.
    let mut kept = vec![1];
    let away = loop {
        let id = 100 + kept.len() as i64;
        match put(&database, id) {
            Ok(()) => kept.push(id),
            Err(away) => break away,
        }
    };
    assert!(matches!(&away, Error::Unavailable(_)), "{away}");
    assert!(matches!(
        database.read(|session| session.query("SELECT 1", Vec::new()).map(drop)),
        Err(Error::Unavailable(_))
    ));
    // Whoever asks again and again is answered at once.
    let begun = Instant::now();
    (0..100).for_each(|_| drop(put(&database, 2).unwrap_err()));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    own.restart();
    let until = Instant::now() + Duration::from_secs(20);
    while put(&database, 3).is_err() {
        assert!(Instant::now() < until, "it never came back");
        std::thread::yield_now();
    }
    kept.push(3);
    kept.sort_unstable();
    assert_eq!(ids(&database), kept);
}

#[test]
fn a_line_that_swallows_everything_is_given_up_within_the_lease() {
    let Some(place) = beckon_pgtest::database() else { return };
    let proxy = Proxy::before(place.port());
    let url = format!("{}?connect_timeout=1", proxy.url(&place.url));
    let (database, other) = (open(&url).unwrap(), open(&url).unwrap());
    let lease = Duration::from_secs(4);
    database.set_lease(lease);
    let (heard, hears) = std::sync::mpsc::channel();
    database.listen(Box::new(move |word| heard.send(word.to_owned()).unwrap()));
    let told = |what: &'static str| {
        let until = Instant::now() + Duration::from_secs(20);
        while hears.try_recv() != Ok(what.to_owned()) {
            assert!(Instant::now() < until, "nothing is heard");
            place.sql(&format!("NOTIFY beckon, '{what}'"));
        }
    };
    told("one");
    put(&database, 1).unwrap();
    assert_eq!(ids(&other), [1]);
    // A statement that takes longer than the lease is none of the line's.
    let long = |session: &Session| session.query("SELECT pg_sleep(5)::text", Vec::new()).map(drop);
    database.write(long).unwrap();
    proxy.set(Line::Silent);
    let began = Instant::now();
    // Through all connections to this database, also of those who do not listen.
    std::thread::scope(|scope| {
        let read = || other.read(|session| session.query("SELECT 1", Vec::new()).map(drop));
        let reading = scope.spawn(read);
        let writing = scope.spawn(|| database.write(|session| insert(session, 2)));
        assert!(matches!(writing.join().unwrap(), Err(Error::Unavailable(_))));
        assert!(matches!(reading.join().unwrap(), Err(Error::Unavailable(_))));
    });
    // The time of a try to connect comes on top for who tries once more.
    let noticed = began.elapsed();
    assert!(noticed < lease + Duration::from_secs(1), "{noticed:?}");
    proxy.set(Line::Whole);
    let until = Instant::now() + Duration::from_secs(10);
    while put(&database, 3).is_err() {
        assert!(Instant::now() < until, "it never came back");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(ids(&database), [1, 3]);
    told("two");
}

#[test]
fn a_host_that_takes_connections_and_keeps_silent_is_passed_over() {
    let Some(place) = beckon_pgtest::database() else { return };
    let silent = Proxy::before(place.port());
    silent.set(Line::Silent);
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", silent.port(), place.port());
    let url = place.url.replace(&format!("127.0.0.1:{}", place.port()), &hosts);
    assert!(url.contains(&hosts), "{hosts}");
    let began = Instant::now();
    let database = open(&format!("{url}?connect_timeout=1")).unwrap();
    put(&database, 1).unwrap();
    assert_eq!(ids(&database), [1]);
    // It is waited for once, and the one that answered is asked first from then on.
    let took = began.elapsed();
    assert!(took > Duration::from_millis(900) && took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn tls_is_what_the_url_says() {
    let Some(own) = Own::start("") else { return };
    let url = |more: &str| format!("{}{more}", own.url()).replace("127.0.0.1", "localhost");
    let why = |url: &str| match open(url) {
        Ok(_) => "it was opened".to_owned(),
        Err(why) => why.to_string(),
    };
    open(&url("")).unwrap();
    let refused = why(&url("?sslmode=require"));
    assert!(refused.contains("asks for TLS") && !refused.contains("only-in-tests"), "{refused}");
    let keys = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../channels/tests/keys");
    let read = |name: &str| std::fs::read(keys.join(name)).unwrap();
    own.put("server.crt", &read("tls-server.pem"));
    own.put("server.key", &read("tls-server-key.pem"));
    own.sql("ALTER SYSTEM SET ssl = on");
    own.stop("fast");
    own.restart();
    for mode in ["?sslmode=disable", "?sslmode=prefer", "?sslmode=require"] {
        let database = open(&url(mode)).unwrap();
        let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let encrypted: bool = database.read(|session| get(&session.query_one(sql, Vec::new())?, 0)).unwrap();
        assert_eq!(encrypted, mode != "?sslmode=disable", "{mode}");
    }
    let unknown = why(&url("?sslmode=verify-full"));
    assert!(unknown.contains("UnknownIssuer"), "{unknown}");
    let roots = keys.join("tls-authority.pem");
    let full = format!("?sslmode=verify-full&sslrootcert={}", roots.display());
    open(&url(&full)).unwrap();
    let other = why(&format!("{}&hostaddr=127.0.0.1", url(&full)).replace("localhost", "db.example"));
    assert!(other.contains("not valid for name"), "{other}");
    let password = why(&url("").replace("only-in-tests", "another-secret"));
    assert!(
        password.contains("password authentication failed") && !password.contains("another"),
        "{password}"
    );
}
