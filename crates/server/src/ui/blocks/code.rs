//! What a developer puts on a page, or asks from a server, for each place a block stands in.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::{Head, Tab, place_in_words};
use crate::api::answer;
use crate::app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;

/// A place and the line of HTML for it.
struct Snippet {
    place: String,
    html: String,
}

#[derive(Template)]
#[template(path = "blocks/code.html")]
struct Code {
    page: Page,
    head: Head,
    /// Of each place on the site it stands in.
    snippets: Vec<Snippet>,
    /// Of the block alone, wherever.
    alone: String,
    tracker: String,
    call: String,
    js: String,
}

/// `GET /blocks/{name}/code`
pub async fn page(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    let made = answer::work(app, move |app| {
        let state = app.shop();
        let head = Head::new(app, &frame, &name, Tab::Code)?;
        let (origin, key) = (app.public_origin(), state.keys.write_key().unwrap_or("wk_…").to_owned());
        let mut snippets: Vec<Snippet> = Vec::new();
        for key in state.blocks.places_of(&name) {
            let Some((place, channel)) = key.rsplit_once('.') else { continue };
            let html = widget(place, place);
            if matches!(channel, "web" | "mobile_web") && !snippets.iter().any(|known| known.html == html) {
                snippets.push(Snippet { place: place_in_words(&frame, place), html });
            }
        }
        Ok(Code {
            head,
            alone: widget(&name, ""),
            tracker: format!("<script async src=\"{origin}/beckon.js\" data-key=\"{key}\"></script>"),
            call: format!(
                "curl -u {key}: {origin}/v1/recommend -d '{{\n  \"show\": [\"{name}\"], \"anonymousId\": \
                 \"VISITOR\", \"channel\": \"app\",\n  \"products\": [\"PRODUCT_ID\"]\n}}'"
            ),
            js: format!("beckon('recommend', {{show: '{name}'}}, (answer) => {{ … }});"),
            snippets,
            page: frame,
        })
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

/// The line of HTML of a place or a block; what the page knows of a place goes with it.
fn widget(show: &str, place: &str) -> String {
    let knows = match place {
        "product_card" => " data-product=\"PRODUCT_ID\"",
        "search" | "empty_search" => " data-query=\"QUERY\"",
        "favourites" => " data-favourites=\"ID,ID\"",
        _ => "",
    };
    format!("<div data-beckon=\"{show}\"{knows}></div>")
}
