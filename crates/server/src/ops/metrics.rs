//! Metrics for Prometheus, on a listener of their own: names, meanings, and the recorder.
//!
//! Labels hold names from the program only: routes as templates, classes of status, lanes, states and reasons. Nothing
//! of a customer and nothing that a stranger can make up becomes a label.

use super::measured;
use super::names::*;
use super::retention::KINDS;
use crate::app::App;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Help texts of what is counted where it happens; gauges have theirs in [`measured`].
const HELP: &[(&str, &str)] = &[
    (EVENTS_TAKEN, "Events that are on disk"),
    (EVENTS_REFUSED, "Events that were left out, by reason"),
    (EVENTS_FLAGGED, "Events taken without a part that was not understood, by reason"),
    (REQUESTS_REFUSED, "Requests of the tracking API that were refused whole, by reason"),
    (CUSTOMERS_LOADED, "Customers that a batch needed and that were read"),
    (CUSTOMERS_REMEMBERED, "Customers that a batch needed and that were in memory"),
    (COMMITS_FAILED, "Commits that the store did not take"),
    (FORGOTTEN, "Rows forgotten because they were too old, by what they were"),
    (MESSAGES, "Messages handed to the channel, by outcome: sent, retry, never, unknown, unrendered"),
];

const SECS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const LONG_SECS: &[f64] = &[1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0, 86_400.0];
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0];

/// Histograms are emptied into their buckets so often, also when nobody reads.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder of the process, made by the first who asks.
fn recorder() -> Result<&'static PrometheusHandle, String> {
    static HANDLE: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    HANDLE
        .get_or_init(|| install().map_err(|why| format!("metrics cannot start: {why}")))
        .as_ref()
        .map_err(Clone::clone)
}

/// Seconds spent in commits since the program began, and how many there were.
///
/// # Errors
/// The recorder cannot be installed.
pub fn commits() -> Result<(f64, f64), String> {
    let handle = recorder()?;
    handle.run_upkeep();
    let text = handle.render();
    let of = |name: &str| {
        let name = format!("{COMMIT_SECS}{name} ");
        text.lines().find_map(|line| line.strip_prefix(&name)?.parse().ok()).unwrap_or(0.0)
    };
    Ok((of("_sum"), of("_count")))
}

fn install() -> Result<PrometheusHandle, BuildError> {
    let full = |name: &str| Matcher::Full(name.to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(full(COMMIT_SECS), SECS)?
        .set_buckets_for_metric(full(HTTP_SECS), SECS)?
        .set_buckets_for_metric(full(HANDED_AFTER_SECS), LONG_SECS)?
        .set_buckets_for_metric(full(BATCH_TASKS), SIZES)?
        .install_recorder()?;
    for (name, help) in HELP {
        metrics::describe_counter!(*name, *help);
    }
    metrics::describe_histogram!(BATCH_TASKS, "Tasks decided and written together");
    metrics::describe_histogram!(COMMIT_SECS, "How long a commit took");
    metrics::describe_histogram!(HANDED_AFTER_SECS, "From the moment a message was due to its handing over");
    metrics::describe_histogram!(HTTP_SECS, "How long a request took, by side, route and class of status");
    measured::describe();
    // What has not happened yet is 0, not missing: an alarm on a rate needs the first step.
    metrics::counter!(EVENTS_TAKEN).absolute(0);
    metrics::counter!(COMMITS_FAILED).absolute(0);
    for (_, what) in KINDS {
        metrics::counter!(FORGOTTEN, "what" => what).absolute(0);
    }
    for outcome in ["sent", "retry", "never", "unknown", "unrendered"] {
        metrics::counter!(MESSAGES, "outcome" => outcome).absolute(0);
    }
    Ok(handle)
}

/// The router of the metrics' listener, with what keeps them in shape until the program stops.
///
/// # Errors
/// The recorder cannot be installed.
pub fn router(app: Arc<App>, mut stop: tokio::sync::watch::Receiver<bool>) -> Result<Router, String> {
    let handle = recorder()?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(UPKEEP) => handle.run_upkeep(),
                _ = stop.changed() => return,
            }
        }
    });
    Ok(Router::new().route("/metrics", get(page)).with_state(app))
}

async fn page(State(app): State<Arc<App>>) -> Response {
    let Ok(handle) = recorder() else {
        return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // A store that does not answer must not hide the other figures.
    let sampled = tokio::task::spawn_blocking(move || measured::sample(&app));
    drop(tokio::time::timeout(Duration::from_secs(5), sampled).await);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

/// Times each request of a side, when metrics are on.
pub fn timed(app: &App, side: &'static str, router: Router) -> Router {
    if app.config.ops.metrics.is_none() {
        return router;
    }
    router.layer(axum::middleware::from_fn(move |request: Request, next: Next| time(side, request, next)))
}

async fn time(side: &'static str, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let began = Instant::now();
    let response = next.run(request).await;
    let class = match response.status().as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    metrics::histogram!(HTTP_SECS, "side" => side, "route" => route, "status" => class)
        .record(began.elapsed().as_secs_f64());
    response
}
