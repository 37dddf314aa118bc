//! The program as somebody starts it who looks around: the demo, or an empty server.

use crate::bare::beckon;
use crate::shop;
use beckon_core::time::{ShopTime, WallTime};
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_store::shop::ShopPlane;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A port that was free a moment ago may be another's by now.
const STARTS_MAX: usize = 5;

/// A running program that ends with the test.
pub struct Program {
    child: Child,
    /// Held open: the program would end if it could not say what it has to say.
    said: BufReader<ChildStdout>,
    dir: PathBuf,
    /// The first port: the doors of the demo, or the admin side of a server.
    pub port: u16,
}

impl Program {
    /// The demo with so many shoppers, in Russian.
    pub fn demo(name: &str, shoppers: u32) -> Program {
        Program::start(5, &|port| {
            let dir = fresh(name);
            let mut command = beckon();
            command.args(["demo", "--locale", "ru", "--port", &port.to_string()]);
            command.args(["--shoppers", &shoppers.to_string(), "--data"]).arg(&dir);
            (command, dir)
        })
    }

    /// A server over a shop that has nobody to sign in yet.
    pub fn serve(name: &str) -> Program {
        Program::serve_with(name, &[])
    }

    /// The same with these journeys beside those that ship.
    pub fn serve_with(name: &str, texts: &[&str]) -> Program {
        Program::start(2, &|port| {
            let dir = fresh(name);
            std::fs::create_dir_all(&dir).unwrap();
            let plane = ShopPlane::open(&dir).unwrap();
            let card = ShopCard { locale: "ru".to_owned(), ..ShopCard::default() };
            setup::shop(&plane, &card, WallTime(1), "test").unwrap();
            for text in texts {
                let change = Change { text: Some((*text).to_owned()), ..Change::default() };
                let stamp = Stamp { now: ShopTime(1), at: WallTime(1), by: "test" };
                journeys::change(&plane, None, &change, stamp).unwrap();
            }
            drop(plane);
            let mut command = beckon();
            command.args(["serve", "--admin", &format!("127.0.0.1:{port}")]);
            command.args(["--public", &format!("127.0.0.1:{}", port + 1), "--data"]).arg(&dir);
            (command, dir)
        })
    }

    /// A server on a database, which may have another beside it.
    pub fn serve_at(name: &str, url: &str) -> Program {
        Program::start(2, &|port| {
            let dir = fresh(name);
            let mut command = beckon();
            command.env("BECKON_DATABASE", url);
            command.args(["serve", "--admin", &format!("127.0.0.1:{port}")]);
            command.args(["--public", &format!("127.0.0.1:{}", port + 1)]);
            (command, dir)
        })
    }

    /// Starts on so many free ports in a row, and on others when somebody was quicker to take one.
    fn start(count: u16, prepare: &dyn Fn(u16) -> (Command, PathBuf)) -> Program {
        let mut why = String::new();
        for _ in 0..STARTS_MAX {
            let port = ports(count);
            let (mut command, dir) = prepare(port);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut complaints = child.stderr.take().unwrap();
            let mut said = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            while said.read_line(&mut line).unwrap() > 0 {
                if line.contains("ready") {
                    // Its log is read to the end, or it would wait for a reader.
                    std::thread::spawn(move || std::io::copy(&mut complaints, &mut std::io::sink()));
                    return Program { child, said, dir, port };
                }
            }
            child.wait().unwrap();
            why.clear();
            complaints.read_to_string(&mut why).unwrap();
        }
        panic!("the program ended before it was ready: {why}");
    }

    /// The origin of the n-th part: of the demo the doors, the shop, the admin, the mailbox, the public side.
    pub fn origin(&self, part: u16) -> String {
        format!("http://127.0.0.1:{}", self.port + part)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; the directory is ours either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn fresh(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

/// The first of so many free ports in a row.
fn ports(count: u16) -> u16 {
    let free = |port| TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).is_ok();
    loop {
        let first = shop::free_port().port();
        if (first..first + count).all(free) {
            return first;
        }
    }
}
