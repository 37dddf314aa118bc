//! Style sheet and script, inside the program, under addresses that change with their content.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::OnceLock;

/// Name, media type, content.
const FILES: [(&str, &str, &str); 7] = [
    ("admin.css", "text/css; charset=utf-8", include_str!("../../../../web/admin.css")),
    ("charts.css", "text/css; charset=utf-8", include_str!("../../../../web/charts.css")),
    ("screens.css", "text/css; charset=utf-8", include_str!("../../../../web/screens.css")),
    ("demo.css", "text/css; charset=utf-8", include_str!("../../../../web/demo.css")),
    ("admin.js", "text/javascript; charset=utf-8", include_str!("../../../../web/admin.js")),
    ("compose.js", "text/javascript; charset=utf-8", include_str!("../../../../web/compose.js")),
    ("icon.svg", "image/svg+xml", include_str!("../../../../web/icon.svg")),
];

/// The address of a file; it changes when the file does.
#[must_use]
pub fn url(name: &str) -> String {
    static HASHES: OnceLock<Vec<String>> = OnceLock::new();
    let hashes = HASHES.get_or_init(|| {
        let hash = |text: &str| format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()));
        FILES.iter().map(|(_, _, text)| hash(text)).collect()
    });
    let place = FILES.iter().position(|(known, ..)| *known == name);
    place.map_or_else(String::new, |place| format!("/static/{}/{name}", hashes[place]))
}

/// `GET /static/{hash}/{name}`: may be kept for ever.
pub async fn file(Path((hash, name)): Path<(String, String)>) -> Response {
    let found = FILES.iter().find(|(known, ..)| *known == name);
    match found {
        Some((name, media, text)) if url(name) == format!("/static/{hash}/{name}") => {
            ([(CONTENT_TYPE, *media), (CACHE_CONTROL, "public, max-age=31536000, immutable")], *text)
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
