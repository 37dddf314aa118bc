//! The admin's router.

use crate::app::App;
use crate::routes;
use axum::Router;
use std::sync::Arc;

/// What staff and the shop's servers reach.
pub fn router(app: Arc<App>) -> Router {
    routes::admin_router(app)
}
