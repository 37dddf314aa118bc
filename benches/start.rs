//! Start to serving, memory and disk: the real program on an empty directory and on one with a million customers, a
//! million clicks and 100,000 offers, beside a process that serves one row of SQLite.
//!
//! `cargo bench -p beckon --bench start`; `-- --thousands 100` for a tenth.
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use axum::Router;
use axum::routing::get;
use rusqlite::Connection;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use support::seeded::{fill, import_offers};
use support::shop::prepare;
use support::{Dir, alone, arg, head, median, resident_mb, row};

/// The word by which this program knows that it is to be the probe.
const PROBE: &str = "--probe";

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != PROBE);
    if args.next().is_some() {
        return serve_probe(Path::new(&args.next().unwrap()));
    }
    let (empty, probe, full) = (Dir::new("start-empty"), Dir::new("start-probe"), Dir::new("start-full"));
    prepare(&empty.0, None);
    let products = import_offers(&full.0);
    let count = arg("--thousands", 1_000) as u64 * 1_000;
    head("start, memory and disk", "cargo bench -p beckon --bench start");
    let begun = Instant::now();
    let (profiles_mb, events_mb) = fill(&full, &products, count);
    alone("customers and clicks on disk", count);
    alone("written in, s", format!("{:.0}", begun.elapsed().as_secs_f64()));
    alone("disk per million customers, MB", format!("{:.0}", profiles_mb * 1e6 / count as f64));
    alone("disk per million clicks, MB", format!("{:.0}", events_mb * 1e6 / count as f64));
    let mut times = [(); 3].map(|()| Vec::new());
    let mut memory = [(); 3].map(|()| Vec::new());
    for _ in 0..arg("--rounds", 5) {
        for (at, dir) in [&probe, &empty, &full].into_iter().enumerate() {
            let program = Program::start(at == 0, &dir.0);
            times[at].push(program.took.as_secs_f64() * 1_000.0);
            program.settle();
            memory[at].push(resident_mb(program.child.id()));
        }
    }
    row("start to serving, empty, ms", &times[0], &times[1]);
    row("start to serving, full, ms", &times[0], &times[2]);
    row("memory, idle, MB", &memory[0], &memory[1]);
    row("memory, full, index filled, MB", &memory[0], &memory[2]);
    alone("start to index filled, s", format!("{:.1}", median(&filled_after(&full.0))));
}

fn filled_after(dir: &Path) -> Vec<f64> {
    (0..3)
        .map(|_| {
            let begun = Instant::now();
            let program = Program::start(false, dir);
            program.settle();
            // What settling itself waits at its end is not part of it.
            begun.elapsed().saturating_sub(QUIET).as_secs_f64()
        })
        .collect()
}

/// So long a process must do nothing to count as idle.
const QUIET: Duration = Duration::from_millis(1_500);

/// A process that serves.
struct Program {
    child: Child,
    took: Duration,
}

impl Program {
    /// Starts it, and waits for its first answer.
    fn start(probe: bool, dir: &Path) -> Program {
        let begun = Instant::now();
        let mut command = if probe {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg(PROBE).arg(dir);
            command
        } else {
            let mut command = Command::new(env!("CARGO_BIN_EXE_beckon"));
            let any = "127.0.0.1:0";
            command.args(["serve", "--public", any, "--admin", any, "--data"]).arg(dir);
            command
        };
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let mut stream = TcpStream::connect(&addr).unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Program { child, took: begun.elapsed() }
    }

    /// Waits until it has used next to no processor time for a while: what fills in the background is full.
    fn settle(&self) {
        let ticks = || -> u64 {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
            let after_name = stat.rsplit(") ").next().unwrap();
            let fields: Vec<&str> = after_name.split(' ').collect();
            fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
        };
        let mut before = ticks();
        loop {
            std::thread::sleep(QUIET);
            let now = ticks();
            if now <= before + 3 {
                return;
            }
            before = now;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is killed as a power cut would: nothing it holds may be lost by that.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The least that serves something out of a database.
fn serve_probe(dir: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let conn = Connection::open(dir.join("probe.db")).unwrap();
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        conn.execute_batch("CREATE TABLE IF NOT EXISTS t (a TEXT); INSERT INTO t VALUES ('ok');").unwrap();
        let conn = &*Box::leak(Box::new(Mutex::new(conn)));
        let read = || async {
            conn.lock()
                .unwrap()
                .query_row("SELECT a FROM t LIMIT 1", [], |row| row.get::<_, String>(0))
                .unwrap()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("ready: http://{} ", listener.local_addr().unwrap());
        axum::serve(listener, Router::new().route("/health", get(read))).await.unwrap();
    });
}
