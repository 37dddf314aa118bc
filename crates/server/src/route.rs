//! One route of the admin side: method, path, what it asks of the caller, handler.

use crate::access::rights::Need;
use crate::app::App;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use std::sync::Arc;

/// A line of the table.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path, with axum's `{parameters}`.
    pub path: &'static str,
    /// What it asks of the caller.
    pub need: Need,
    pub(crate) handler: MethodRouter<Arc<App>>,
}

/// A line for GET.
pub fn get<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, need: Need, handler: H) -> Route {
    Route { method: Method::GET, path, need, handler: on(MethodFilter::GET, handler) }
}

/// A line for POST.
pub fn post<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, need: Need, handler: H) -> Route {
    Route { method: Method::POST, path, need, handler: on(MethodFilter::POST, handler) }
}

/// A line for PUT.
pub fn put<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, need: Need, handler: H) -> Route {
    Route { method: Method::PUT, path, need, handler: on(MethodFilter::PUT, handler) }
}

/// A line for PATCH.
pub fn patch<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, need: Need, handler: H) -> Route {
    Route { method: Method::PATCH, path, need, handler: on(MethodFilter::PATCH, handler) }
}

/// A line for DELETE.
pub fn delete<H: Handler<T, Arc<App>>, T: 'static>(path: &'static str, need: Need, handler: H) -> Route {
    Route { method: Method::DELETE, path, need, handler: on(MethodFilter::DELETE, handler) }
}
