//! The first page of all: the owner, the shop's name and language; then the keys, once.

use super::developers::connect::Snippets;
use super::layout::{Page, broken, html, html_with};
use crate::access::keys::NewKey;
use crate::access::limit::{HASHES_AT_ONCE, Limit};
use crate::access::rights::Role;
use crate::access::session::{self, session_cookie};
use crate::access::staff::{self, Trouble};
use crate::access::visit::{Visit, add_cookie};
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::i18n::Locale;
use crate::save::{Change, Saved, blocking, read, save};
use crate::settings::{MAIN, ShopCard, kind};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "set_up/page.html")]
struct SetUp {
    page: Page,
    email: String,
    shop_name: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "set_up/done.html")]
struct Done {
    page: Page,
    server_key: String,
    snippets: Snippets,
}

/// `GET /set-up`: open until somebody may sign in.
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match blocking(&app, |app| staff::any(&app.plane)).await {
        Ok(true) => Redirect::to("/sign-in").into_response(),
        Ok(false) => {
            let shop_name = page.shop.clone();
            html(&SetUp { page, email: String::new(), shop_name, errors: Errors::default() })
        }
        Err(why) => broken(page, &why),
    }
}

/// `POST /set-up`
pub async fn submit(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(visit): Extension<Visit>,
    Extension(limit): Extension<Arc<Limit>>,
    fields: Fields,
) -> Response {
    // Alone: of two at once only the first becomes the owner.
    let Ok(_alone) = limit.hashing.acquire_many(HASHES_AT_ONCE as u32).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    match blocking(&app, |app| staff::any(&app.plane)).await {
        Ok(true) => return Redirect::to("/sign-in").into_response(),
        Ok(false) => {}
        Err(why) => return broken(page, &why),
    }
    let (email, password) = (fields.text("email").to_owned(), fields.raw("password").to_owned());
    let locale = Locale::parse(fields.text("locale")).unwrap_or(page.locale);
    let mut errors = Errors::default();
    if fields.text("name").is_empty() || fields.text("name").chars().count() > 300 {
        errors.add("name", page.t("error-missing"));
    } else {
        let typed = email.clone();
        let made = blocking(&app, move |app| {
            Ok(staff::create_speaking(&app.plane, &typed, &password, Role::Owner, locale))
        });
        match made.await {
            Ok(Ok(())) => {}
            Ok(Err(trouble)) => {
                let field = if trouble == Trouble::Password { "password" } else { "email" };
                errors.add(field, page.t(trouble.key()));
            }
            Err(why) => return broken(page, &why),
        }
    }
    if !errors.is_empty() {
        let shop_name = fields.text("name").to_owned();
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &SetUp { page, email, shop_name, errors });
    }
    finish(page, &app, &visit, &fields, locale).await
}

/// Writes the shop's name and a server key, signs the owner in and shows the keys.
async fn finish(mut page: Page, app: &Arc<App>, visit: &Visit, fields: &Fields, locale: Locale) -> Response {
    let (mut card, version) = match read::<ShopCard>(app, kind::SHOP, MAIN).await {
        Ok(stored) => stored,
        Err(why) => return broken(page, &why),
    };
    fields.text("name").clone_into(&mut card.name);
    locale.code().clone_into(&mut card.locale);
    let server = NewKey::server();
    let mut changes = vec![
        Change::put(kind::SHOP, MAIN, version, &card),
        Change::put(kind::KEY, &server.name, 0, &server.document),
    ];
    if app.shop().keys.write_key().is_none() {
        let write = NewKey::write();
        changes.push(Change::put(kind::KEY, &write.name, 0, &write.document));
    }
    match save(app, page.by(), changes).await {
        Saved::Done => {}
        Saved::Conflict => return page.redirect("/sign-in", "flash-conflict"),
        Saved::Failed(why) => return broken(page, &why),
    }
    let owner = staff::normal(fields.text("email")).unwrap_or_default();
    let from = visit.clone();
    let begun = blocking(app, move |app| session::begin(app, &owner, &from)).await;
    let token = match begun {
        Ok(token) => token,
        Err(why) => return broken(page, &why),
    };
    page.locale = locale;
    page.shop = card.name;
    let mut response = html(&Done { page, server_key: server.key, snippets: Snippets::of(app) });
    add_cookie(&mut response, &session_cookie(&token, visit.secure));
    response
}
