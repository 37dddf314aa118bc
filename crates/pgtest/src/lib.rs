//! A PostgreSQL for tests, started and thrown away.
//!
//! [`database`] gives each test an empty database of its own on one server, which all tests of a run share;
//! [`Own`] is a server for one test, which may stop it and kill it. Both lie in a temporary directory, answer
//! on a port of the loopback below 32768 and are deleted when whoever started them has ended in any way. A
//! server that runs already is never touched.

mod place;
mod proxy;
mod server;
mod shared;

pub use proxy::{Line, Proxy};
pub use server::Own;
pub use shared::{Database, database};
