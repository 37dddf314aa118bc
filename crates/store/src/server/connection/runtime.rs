//! The thread on which the connections to the database live, and waiting for them from any other thread.
//!
//! Calls of the store block. They come from plain threads and from blocking threads of other runtimes, so
//! that they may neither need a runtime nor start one: they park, and the thread of the connections wakes
//! them.

use crate::{Error, Result};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Instant;
use tokio::runtime::{Builder, Handle, Runtime};

/// One for the program: it moves bytes between sockets and callers and does no work of its own.
static RUNTIME: LazyLock<Result<Runtime, String>> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    let built = builder.worker_threads(1).thread_name("database").enable_io().enable_time().build();
    built.map_err(|why| why.to_string())
});

/// Where connections are spawned.
pub fn handle() -> Result<&'static Handle> {
    match &*RUNTIME {
        Ok(runtime) => Ok(runtime.handle()),
        Err(why) => Err(Error::Unavailable(format!("no thread for the database could be started: {why}"))),
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future until a moment; `None` when it has passed.
pub fn wait<F: Future>(future: F, until: Instant) -> Option<F::Output> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
            return Some(done);
        }
        let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        std::thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_future_is_waited_for_until_the_moment_and_no_longer() {
        let soon = Instant::now() + Duration::from_secs(30);
        let done = handle().unwrap().spawn(async { tokio::time::sleep(Duration::from_millis(5)).await });
        assert!(wait(done, soon).is_some());
        assert!(wait(std::future::pending::<()>(), Instant::now() + Duration::from_millis(5)).is_none());
        // A future that is ready is taken even when the moment has passed.
        assert_eq!(wait(std::future::ready(1), Instant::now()), Some(1));
    }
}
