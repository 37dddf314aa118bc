//! One connection: statements prepared once, sent in a row without waiting for each answer.

use super::address::Address;
use super::fault::{Done, Fail, not_connected};
use super::line::Line;
use super::runtime;
use super::value::Value;
use crate::{Error, Result};
use futures_util::TryStreamExt;
use futures_util::future::{Either, select};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio_postgres::{Client, Row, Statement};

/// How long an answer may take before the connection counts as lost. That is for statements that take long: when
/// nothing comes back at all, that is known sooner, see [`super::line`].
const ANSWER_MAX: Duration = Duration::from_secs(35);
/// Settings of every connection. Our statements are made for their indexes, as the embedded engine's are: a
/// plan that was made while a table was small must not read all of it when it has grown. A program that is
/// frozen within a transaction does not hold up whoever takes over from it.
const SETTINGS: &str =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
    SET enable_mergejoin = off; SET jit = off; SET random_page_cost = 1.1; SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '4s'";

/// A statement with its parameters.
pub struct Request<'a> {
    /// The text; statements are told apart by where it stands.
    pub sql: &'static str,
    /// `$1`, `$2` …
    pub values: Vec<Value<'a>>,
}

impl<'a> Request<'a> {
    /// A statement and its parameters.
    pub fn new(sql: &'static str, values: Vec<Value<'a>>) -> Request<'a> {
        Request { sql, values }
    }
}

/// One connection, used by one thread at a time.
pub struct Session {
    client: Client,
    statements: RefCell<HashMap<(usize, usize), Statement>>,
    /// What is sent ahead of the next request.
    ahead: RefCell<Vec<Request<'static>>>,
    /// Something went wrong since the transaction began, so that it can only be rolled back.
    failed: Cell<bool>,
    lost: Cell<bool>,
    /// Changes when the line breaks, of which the other holds the end that says so.
    breaks: RefCell<watch::Receiver<u64>>,
    _line: Arc<Line>,
}

impl Session {
    /// Connects, on the thread of the connections.
    pub fn connect(address: &Arc<Address>) -> Result<Session> {
        if address.line.is_silent() {
            return Err(Error::Unavailable(
                "the database cannot be reached: nothing comes back from it".to_owned(),
            ));
        }
        let (line, address) = (Arc::clone(&address.line), Arc::clone(address));
        let breaks = RefCell::new(line.breaks());
        // It ends by itself a little sooner.
        let until = Instant::now() + address.connect_max() + Duration::from_secs(1);
        let handle = runtime::handle()?;
        let connecting = handle.spawn(async move {
            let (client, connection) = address.connect(address.connect_max()).await?;
            // It ends with its client; how it ended is told to whoever asked something.
            tokio::spawn(async move { drop(connection.await) });
            Ok(client)
        });
        let client = match runtime::wait(connecting, until) {
            Some(Ok(Ok(client))) => client,
            Some(Ok(Err(Some(why)))) => return Err(not_connected(&why)),
            Some(Ok(Err(None)) | Err(_)) | None => {
                return Err(Error::Unavailable(
                    "the database cannot be reached: it does not answer".to_owned(),
                ));
            }
        };
        let session = Session {
            client,
            statements: RefCell::default(),
            ahead: RefCell::default(),
            failed: Cell::new(false),
            lost: Cell::new(false),
            breaks,
            _line: line,
        };
        session.script(SETTINGS)?;
        Ok(session)
    }

    /// Whether it is of no use any more.
    pub fn is_lost(&self) -> bool {
        self.lost.get() || self.client.is_closed() || self.breaks.borrow().has_changed().unwrap_or(true)
    }

    /// Whether the transaction that is open can only be rolled back.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// Runs statements without parameters, one after the other.
    pub fn script(&self, sql: &str) -> Done {
        self.answer(self.client.batch_execute(sql), ANSWER_MAX)
    }

    /// The same, for as long as it takes: for steps of the schema.
    pub fn long_script(&self, sql: &str) -> Done {
        self.answer(self.client.batch_execute(sql), Duration::from_secs(24 * 3600))
    }

    /// Sends this ahead of the next request; what it answers is dropped, unless it is an error.
    pub(super) fn send_ahead(&self, request: Request<'static>) {
        self.failed.set(false);
        self.ahead.borrow_mut().push(request);
    }

    /// Forgets what was not sent; `true` when there was something.
    pub(super) fn drop_ahead(&self) -> bool {
        !std::mem::take(&mut *self.ahead.borrow_mut()).is_empty()
    }

    /// Runs reads that all see the same.
    pub fn snapshot<T>(&self, work: impl Fn(&Session) -> Done<T>) -> Done<T> {
        self.send_ahead(Request::new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Vec::new()));
        let done = work(self);
        if !self.drop_ahead() && !self.is_lost() {
            self.script("ROLLBACK")?;
        }
        done
    }

    /// The rows of one statement.
    pub fn query(&self, sql: &'static str, values: Vec<Value<'_>>) -> Done<Vec<Row>> {
        Ok(self.pipeline(&[Request::new(sql, values)])?.pop().unwrap_or_default())
    }

    /// The row of a statement that has one at most.
    pub fn query_opt(&self, sql: &'static str, values: Vec<Value<'_>>) -> Done<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// The row of a statement that always has one.
    pub fn query_one(&self, sql: &'static str, values: Vec<Value<'_>>) -> Done<Row> {
        match self.query_opt(sql, values)? {
            Some(row) => Ok(row),
            None => Err(Fail::Named(Error::Corrupt(format!("the database has no row for: {sql}")))),
        }
    }

    /// Sends all requests at once and gives back the rows of each; the first failure is the one that is told.
    pub fn pipeline(&self, requests: &[Request<'_>]) -> Done<Vec<Vec<Row>>> {
        match self.pipeline_until(requests)? {
            (_, Some(fail)) => Err(fail),
            (rows, None) => Ok(rows),
        }
    }

    /// Sends all requests at once and gives back the rows of those before the first that failed, and its
    /// failure. In a transaction none of those after it has been executed.
    ///
    /// # Errors
    /// The connection was lost, or what was sent ahead failed.
    pub fn pipeline_until(&self, requests: &[Request<'_>]) -> Done<(Vec<Vec<Row>>, Option<Fail>)> {
        let ahead = std::mem::take(&mut *self.ahead.borrow_mut());
        let mut all: Vec<&Request<'_>> = Vec::with_capacity(ahead.len() + requests.len());
        all.extend(ahead.iter());
        all.extend(requests);
        let results = self.run(&all).inspect_err(|_| self.failed.set(true))?;
        let (mut rows, mut failed) = (Vec::with_capacity(requests.len()), None);
        for (at, result) in results.into_iter().enumerate() {
            match result {
                Ok(_) if at < ahead.len() => {}
                Ok(found) => rows.push(found),
                Err(fail) => {
                    self.failed.set(true);
                    if at < ahead.len() || matches!(fail, Fail::Lost(_)) {
                        return Err(fail);
                    }
                    failed = Some(fail);
                    break;
                }
            }
        }
        Ok((rows, failed))
    }

    fn run(&self, all: &[&Request<'_>]) -> Done<Vec<Done<Vec<Row>>>> {
        let mut statements = Vec::with_capacity(all.len());
        for request in all {
            statements.push(self.prepared(request.sql)?);
        }
        let futures = all.iter().zip(&statements).map(|(request, statement)| {
            let work =
                async move { self.client.query_raw(statement, &request.values).await?.try_collect().await };
            Box::pin(work) as Asked<'_, Result<Vec<Row>, tokio_postgres::Error>>
        });
        let results = self.within(in_order(futures.collect()), ANSWER_MAX)?;
        Ok(results.into_iter().map(|result| result.map_err(|e| self.noted(e))).collect())
    }

    fn prepared(&self, sql: &'static str) -> Done<Statement> {
        let key = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.borrow().get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.answer(self.client.prepare(sql), ANSWER_MAX)?;
        self.statements.borrow_mut().insert(key, statement.clone());
        Ok(statement)
    }

    fn answer<T>(
        &self,
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
        limit: Duration,
    ) -> Done<T> {
        self.within(asked, limit)?.map_err(|e| self.noted(e))
    }

    fn within<T>(&self, asked: impl Future<Output = T>, limit: Duration) -> Done<T> {
        let mut breaks = self.breaks.borrow_mut();
        // An answer that is there counts, whatever became of the line since.
        let (asked, broken) = (pin!(asked), pin!(breaks.changed()));
        let first = runtime::wait(select(asked, broken), Instant::now() + limit);
        if let Some(Either::Left((answer, _))) = first {
            return Ok(answer);
        }
        self.lost.set(true);
        Err(Fail::Lost("it did not answer".to_owned()))
    }

    fn noted(&self, e: tokio_postgres::Error) -> Fail {
        let fail = Fail::from(e);
        if matches!(fail, Fail::Lost(_)) {
            self.lost.set(true);
        }
        fail
    }
}

type Asked<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Waits for all. A request is sent when it is first polled, so that polling in order is sending in order.
async fn in_order<T>(mut futures: Vec<Asked<'_, T>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    let mut first = 0;
    poll_fn(move |cx| {
        for (future, done) in futures.iter_mut().zip(&mut done).skip(first) {
            if done.is_none()
                && let Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *done = Some(value);
            }
        }
        while done.get(first).is_some_and(Option::is_some) {
            first += 1;
        }
        if first < done.len() { Poll::Pending } else { Poll::Ready(done.drain(..).flatten().collect()) }
    })
    .await
}
