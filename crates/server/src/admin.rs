//! The admin's router.

use crate::app::App;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// What staff and the shop's servers reach.
pub fn router(app: Arc<App>) -> Router {
    Router::new().route("/health", get(|| async { "ok" })).with_state(app)
}
