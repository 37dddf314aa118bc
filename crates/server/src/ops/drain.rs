//! Leaving without anybody noticing: while the program drains, each answer asks for a new connection, which a
//! proxy then makes to a program that is ready.

use crate::app::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// Stands before all routes of a side.
pub fn layer(app: &Arc<App>, router: Router) -> Router {
    router.layer(axum::middleware::from_fn_with_state(app.clone(), close))
}

async fn close(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if app.role.is_draining() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
