//! The log: who did what, when, from where. Each changing request leaves at least one entry, whatever its handler does.
//!
//! Changes of documents write their entry themselves, in their own transaction; whatever else is worth knowing is told
//! with [`note`]. A request that told nothing is told of by the guard with its route and its status.

use crate::app::{App, SHOP};
use axum::http::StatusCode;
use beckon_store::acting::{self, Acting, Actor};
use beckon_store::shop::{AuditWrite, Changed};
use std::net::IpAddr;
use std::sync::Arc;

tokio::task_local! {
    static ACTING: Arc<Acting>;
}

/// Whoever stands behind a request.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// Somebody signed in, by address.
    Staff(&'a str),
    /// A program of the shop, by the first letters of its key.
    Key(&'a str),
    /// A visitor who has not signed in.
    Nobody,
}

/// Somebody about to do what a route does.
#[must_use]
pub fn acting_as(who: Who<'_>, ip: Option<IpAddr>, route: String) -> Arc<Acting> {
    let (kind, name) = match who {
        Who::Staff(email) => ("staff", email),
        Who::Key(hint) => ("key", hint),
        Who::Nobody => ("nobody", ""),
    };
    let ip = ip.map(|ip| ip.to_canonical().to_string()).unwrap_or_default();
    Acting::new(Actor { kind: kind.to_owned(), name: name.to_owned(), ip, route })
}

/// Runs a handler in somebody's name.
pub async fn during<T>(acting: Arc<Acting>, handler: impl Future<Output = T>) -> T {
    ACTING.scope(acting, handler).await
}

/// Who acts: of this task, or of this thread.
#[must_use]
pub fn current() -> Option<Arc<Acting>> {
    ACTING.try_with(Clone::clone).ok().or_else(acting::acting)
}

/// Work for another thread, which does it in the name of whoever acts here.
pub fn carried<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let who = current();
    move || acting::act(who, work)
}

/// A field that changed, for [`note`].
#[must_use]
pub fn changed(field: &str, before: Option<&str>, after: Option<&str>) -> Changed {
    Changed { field: field.to_owned(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}

/// Tells the log what was done to what. The object names no customer by her address: the log outlives her erasure.
/// A store that does not answer is told to the operator's log; what was done stays done.
pub async fn note(app: &Arc<App>, action: &'static str, object: &str, changes: Vec<Changed>) {
    let (app, object) = (app.clone(), object.to_owned());
    let work = carried(move || note_here(&app, action, &object, &changes));
    if let Err(why) = tokio::task::spawn_blocking(work).await {
        tracing::error!(%why, action, "an entry of the log was not written");
    }
}

/// As [`note`], on a thread that may block.
pub fn note_here(app: &App, action: &str, object: &str, changes: &[Changed]) {
    let entry = AuditWrite { shop: SHOP, at: app.clock.wall(), action, object, changes };
    if let Err(why) = acting::act(current(), || app.plane.note(&entry, "beckon")) {
        tracing::error!(%why, action, "an entry of the log was not written");
    }
}

/// What the guard tells of a changing request whose handler told nothing.
pub async fn settle(app: &Arc<App>, acting: &Arc<Acting>, path: &str, status: StatusCode) {
    // A visitor's tries to sign in tell of themselves; all else of hers was refused and changed nothing.
    if acting.noted() > 0 || acting.actor.kind == "nobody" {
        return;
    }
    let failed = status.is_client_error() || status.is_server_error();
    let action = if failed { "request.refused" } else { "request.done" };
    let changes = vec![changed("status", None, Some(status.as_str()))];
    during(acting.clone(), note(app, action, path, changes)).await;
}

/// An address as the log may keep it: enough for staff to know it again, too little to write to.
#[must_use]
pub fn masked(email: &str) -> String {
    let Some((local, domain)) = email.rsplit_once('@') else { return "…".to_owned() };
    let first: String = local.chars().take(1).collect();
    let top = domain.rsplit('.').next().unwrap_or_default();
    format!("{first}…@….{top}")
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_address_names_nobody() {
        assert_eq!(masked("anna@shop.example"), "a…@….example");
        assert_eq!(masked("anna"), "…");
        assert_eq!(masked(""), "…");
    }
}
