//! A line to a server that can be cut, or fall silent, at a chosen word.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It passes everything.
    Whole,
    /// It is cut before a message to the server that contains this; after that it is whole again.
    CutBefore(&'static [u8]),
    /// It is cut after such a message was delivered, and its answer is lost; after that it is whole again.
    CutAfter(&'static [u8]),
    /// It passes everything, each piece after so many milliseconds each way, by turns the least and the most.
    Slow(u64, u64),
    /// It swallows everything and closes nothing, also new connections: half-open. A connection that has lost
    /// something stays silent for ever, as where a router has forgotten it.
    Silent,
    /// It is cut, and no connection can be made.
    Dead,
}

/// A listener before a server on the same machine.
pub struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

struct State {
    line: Line,
    open: Vec<TcpStream>,
}

impl Proxy {
    /// Listens before the port `to`.
    ///
    /// # Panics
    /// No port can be had.
    #[must_use]
    pub fn before(to: u16) -> Proxy {
        let port = crate::place::free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap_or_else(|why| panic!("{port}: {why}"));
        let state = Arc::new(Mutex::new(State { line: Line::Whole, open: Vec::new() }));
        let shared = Arc::clone(&state);
        // It ends with the program: nothing is lost with it.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Some(server) = join(&shared, &client, to) {
                    pass(&shared, client, server);
                }
            }
        });
        Proxy { port, state }
    }

    /// Where it listens on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The same URL by way of this line.
    ///
    /// # Panics
    /// The URL has no port.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (before, after) = url.rsplit_once(':').unwrap_or_else(|| panic!("no port in the URL"));
        let path = after.find('/').map_or("", |at| &after[at..]);
        format!("{before}:{}{path}", self.port)
    }

    /// Changes what the line does from now on.
    pub fn set(&self, line: Line) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.line = line;
        if line == Line::Dead {
            cut(&mut state);
        }
    }

    /// What the line does.
    #[must_use]
    pub fn line(&self) -> Line {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).line
    }
}

fn cut(state: &mut State) {
    for stream in state.open.drain(..) {
        // One that is closed already is what we want.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn join(shared: &Mutex<State>, client: &TcpStream, to: u16) -> Option<TcpStream> {
    let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if state.line == Line::Dead {
        return None;
    }
    let server = TcpStream::connect(("127.0.0.1", to)).ok()?;
    let both = [client.try_clone().ok()?, server.try_clone().ok()?];
    state.open.extend(both);
    Some(server)
}

fn pass(shared: &Arc<Mutex<State>>, client: TcpStream, server: TcpStream) {
    let (Ok(client_in), Ok(server_in)) = (client.try_clone(), server.try_clone()) else { return };
    let (there, back) = (Arc::clone(shared), Arc::clone(shared));
    std::thread::spawn(move || copy(&there, client_in, server, true));
    std::thread::spawn(move || copy(&back, server_in, client, false));
}

fn copy(shared: &Mutex<State>, mut from: TcpStream, mut to: TcpStream, to_server: bool) {
    let mut bytes = vec![0; 64 * 1024];
    let (mut is_deaf, mut pieces) = (false, 0);
    while let Ok(n) = from.read(&mut bytes) {
        if n == 0 {
            break;
        }
        let part = &bytes[..n];
        let has = |word: &[u8]| to_server && part.windows(word.len()).any(|window| window == word);
        let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
        match state.line {
            _ if is_deaf => continue,
            Line::Silent => {
                is_deaf = true;
                continue;
            }
            Line::Slow(least_ms, most_ms) => {
                drop(state);
                pieces += 1;
                let ms = least_ms + (most_ms - least_ms) * (pieces % 4) / 3;
                std::thread::sleep(Duration::from_millis(ms));
                if to.write_all(part).is_err() {
                    break;
                }
                continue;
            }
            Line::CutBefore(word) if has(word) => {
                state.line = Line::Whole;
                cut(&mut state);
                break;
            }
            Line::CutAfter(word) if has(word) => {
                state.line = Line::Whole;
                // Nothing comes back any more: whoever passes an answer waits for the lock, and then the line
                // is cut.
                let _ = to.write_all(part);
                cut(&mut state);
                break;
            }
            _ => {}
        }
        drop(state);
        if to.write_all(part).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
