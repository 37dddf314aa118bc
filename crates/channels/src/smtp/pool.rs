//! Sessions kept open: at most so many, each used again while it is fresh.

use super::session::Session;
use super::settings::Settings;
use super::transaction::Envelope;
use crate::outcome::Outcome;
use rustls::{ClientConfig, RootCertStore};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// Sessions to one relay. Clones share them.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    settings: Settings,
    tls: Arc<ClientConfig>,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<Session>>,
}

/// TLS towards relays whose certificate the web's authorities vouch for.
pub(super) fn client_tls() -> Arc<ClientConfig> {
    tls_trusting(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
}

fn tls_trusting(roots: RootCertStore) -> Arc<ClientConfig> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .expect("ring has cipher suites for TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(tls)
}

impl Pool {
    /// A pool of at most `max_sessions` (at least one) that trusts the authorities of the web (`webpki-roots`). Opens
    /// nothing yet.
    #[must_use]
    pub fn new(settings: Settings, max_sessions: usize) -> Pool {
        Pool::with_tls(settings, max_sessions, client_tls())
    }

    /// As [`Pool::new`], with authorities of your own: a relay inside a company often has a certificate of that company.
    #[must_use]
    pub fn trusting(settings: Settings, max_sessions: usize, roots: RootCertStore) -> Pool {
        Pool::with_tls(settings, max_sessions, tls_trusting(roots))
    }

    fn with_tls(settings: Settings, max_sessions: usize, tls: Arc<ClientConfig>) -> Pool {
        let free = Arc::new(Semaphore::new(max_sessions.max(1)));
        Pool(Arc::new(Shared { settings, tls, free, idle: Mutex::default() }))
    }

    /// A session that is connected, greeted and signed in; waits while all are in use. Commit "handing" after this and
    /// right before [`Slot::send`].
    ///
    /// # Errors
    /// Always [`Outcome::Retry`]: the relay cannot be reached or does not let us in, and nothing of a message was said.
    pub async fn ready(&self) -> Result<Slot, Outcome> {
        let Ok(permit) = Arc::clone(&self.0.free).acquire_owned().await else {
            return Err(Outcome::retry(0, "the pool is closed"));
        };
        self.close_idle().await;
        while let Some(mut session) = self.0.pop() {
            if session.tried >= self.0.settings.messages_per_session {
                session.quit().await;
            } else if session.is_alive(&self.0.settings).await {
                return Ok(self.slot(session, permit));
            }
        }
        let session = Session::open(&self.0.settings, &self.0.tls).await?;
        Ok(self.slot(session, permit))
    }

    fn slot(&self, session: Session, permit: OwnedSemaphorePermit) -> Slot {
        Slot { session: Some(session), shared: Arc::clone(&self.0), _permit: permit }
    }

    /// Says goodbye on sessions that have been idle for longer than the settings allow. [`Pool::ready`] does it too; call
    /// it now and then when nothing is sent for long.
    pub async fn close_idle(&self) {
        let limit = self.0.settings.idle;
        let old: Vec<Session> = {
            let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.extract_if(.., |session| session.last_used.elapsed() >= limit).collect()
        };
        leave(old).await;
    }

    /// Says goodbye on all idle sessions and lets nobody begin a new message; those under way end by themselves.
    pub async fn close(&self) {
        self.0.free.close();
        let all = std::mem::take(&mut *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner));
        leave(all).await;
    }
}

/// Says goodbye on all at once, so that a dumb server costs one second and not one for each.
async fn leave(sessions: Vec<Session>) {
    let mut leaving = JoinSet::new();
    for session in sessions {
        leaving.spawn(session.quit());
    }
    leaving.join_all().await;
}

impl Shared {
    /// The session used last: the one most surely alive.
    fn pop(&self) -> Option<Session> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

/// A session that is ours for one message. Dropped unused, it goes back to the pool.
pub struct Slot {
    session: Option<Session>,
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

impl Slot {
    /// Sends one message: `mime` is the whole of it with CRLF lines. Given up halfway (the future dropped), the
    /// connection is closed, and the caller must count the message as *unknown*.
    pub async fn send(mut self, envelope: &Envelope<'_>, mime: &[u8]) -> Outcome {
        // Taken out, so that a dropped future takes the session with it.
        let Some(mut session) = self.session.take() else {
            return Outcome::retry(0, "the session was used already");
        };
        let outcome = session.send(envelope, mime, &self.shared.settings.patience).await;
        self.session = Some(session).filter(|session| session.usable);
        outcome
    }

    #[cfg(test)]
    pub(super) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(session) = self.session.take()
            && !self.shared.free.is_closed()
        {
            self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        }
    }
}
