//! The body of a request as text: bounded in size and in time, inflated when it is gzip.

use super::problem::Problem;
use axum::body::Body;
use axum::http::StatusCode;
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use std::io::Read;
use std::time::Duration;

/// How long a client may take to send a body.
const BODY_WAIT: Duration = Duration::from_secs(15);

/// How much of a body that is too long is read and thrown away, so that a client which is a little over the limit has
/// sent it all and reads the answer instead of a broken connection. What is longer is cut off.
const DRAIN_MAX_BYTES: usize = 1024 * 1024;

/// Reads at most `limit` bytes.
///
/// # Errors
/// 400 when it is longer, 408 when it takes too long, 400 when the connection breaks.
pub async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let slow = || {
        let message = format!(
            "The body did not arrive within {} seconds. Send it again, in smaller batches.",
            BODY_WAIT.as_secs()
        );
        Problem::new(StatusCode::REQUEST_TIMEOUT, "slow_body", message)
    };
    tokio::time::timeout(BODY_WAIT, read_frames(body, limit)).await.map_err(|_| slow())?
}

async fn read_frames(mut body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut dropped = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::bad_request("broken_body", "The connection broke within the body. Send it again.")
        })?;
        let Ok(data) = frame.into_data() else { continue };
        if dropped > 0 || bytes.len() + data.len() > limit {
            dropped += data.len();
            bytes = Vec::new();
            if dropped > DRAIN_MAX_BYTES {
                break;
            }
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    if dropped > 0 { Err(too_large(limit)) } else { Ok(bytes) }
}

/// The text of a body. Gzip is known by its first two bytes alone (RFC 1952 §2.3.1): SDKs label it in several ways, and
/// proxies inflate it without taking the label away.
///
/// # Errors
/// 400 when it inflates to more than `limit` bytes, is broken, or is no UTF-8.
pub fn text(bytes: Vec<u8>, limit: usize) -> Result<String, Problem> {
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) { inflate(&bytes, limit)? } else { bytes };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        Problem::bad_request(
            "invalid_utf8",
            format!("The body is not UTF-8: byte {at} is not. Send JSON in UTF-8."),
        )
    })?;
    // A byte-order mark is not JSON (RFC 8259 §8.1), but some servers write it.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(limit.min(bytes.len().saturating_mul(6)));
    MultiGzDecoder::new(bytes).take(limit as u64 + 1).read_to_end(&mut out).map_err(|error| {
        Problem::bad_request(
            "invalid_gzip",
            format!(
                "The body begins as gzip and cannot be inflated: {error}. Send it whole, or without gzip."
            ),
        )
    })?;
    if out.len() > limit { Err(too_large(limit)) } else { Ok(out) }
}

fn too_large(limit: usize) -> Problem {
    let message =
        format!("The body is over {} KB, the limit of this call. Send smaller batches.", limit / 1024);
    Problem::bad_request("too_large", message)
}
