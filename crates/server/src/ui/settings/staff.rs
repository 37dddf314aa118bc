//! Settings, the people who work here: who may do what.

use crate::access::rights::Role;
use crate::access::staff::{self, Trouble};
use crate::app::{App, SHOP};
use crate::settings::{StaffDocument, kind};
use crate::ui::form::{Errors, Fields};
use crate::ui::layout::{Page, broken, html_with};
use crate::ui::save::{Change, Saved, blocking, save};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

struct Person {
    email: String,
    role: Role,
    own: bool,
}

#[derive(Template)]
#[template(path = "settings/staff.html")]
struct StaffPage {
    page: Page,
    people: Vec<Person>,
    errors: Errors,
    email: String,
}

/// `GET /settings/staff`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    show(page, &app, StatusCode::OK, Errors::default(), String::new()).await
}

async fn show(page: Page, app: &Arc<App>, status: StatusCode, errors: Errors, email: String) -> Response {
    let documents = match blocking(app, |app| app.plane.list(SHOP, kind::STAFF)).await {
        Ok(documents) => documents,
        Err(why) => return broken(page, &why),
    };
    let person = |document: beckon_store::shop::Document| {
        let read: StaffDocument = serde_json::from_str(document.body.as_deref()?).ok()?;
        let own = document.name == page.by();
        Some(Person { email: document.name, role: Role::parse(&read.role)?, own })
    };
    let people = documents.into_iter().filter_map(person).collect();
    html_with(status, &StaffPage { page, people, errors, email })
}

/// `POST /settings/staff`: somebody new.
pub async fn add(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let (email, password) = (fields.text("email").to_owned(), fields.raw("password").to_owned());
    let role = Role::parse(fields.text("role")).unwrap_or(Role::Analyst);
    let locale = page.locale;
    let typed = email.clone();
    let made =
        blocking(&app, move |app| Ok(staff::create_speaking(&app.plane, &email, &password, role, locale)));
    let trouble = match made.await {
        Ok(Ok(())) => {
            app.plane_changed.notify_one();
            return page.redirect("/settings/staff", "flash-saved");
        }
        Ok(Err(trouble)) => trouble,
        Err(why) => return broken(page, &why),
    };
    let mut errors = Errors::default();
    let field = if trouble == Trouble::Password { "password" } else { "email" };
    errors.add(field, page.t(trouble.key()));
    show(page, &app, StatusCode::UNPROCESSABLE_ENTITY, errors, typed).await
}

/// `POST /settings/staff/remove`: takes somebody's access away at once. Nobody removes herself, so an owner is left.
pub async fn remove(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let email = fields.text("email").to_owned();
    if email == page.by() {
        let mut errors = Errors::default();
        errors.add("", page.t("staff-own"));
        return show(page, &app, StatusCode::UNPROCESSABLE_ENTITY, errors, String::new()).await;
    }
    let name = email.clone();
    let version = match blocking(&app, move |app| staff::get(&app.plane, &name)).await {
        Ok(Some((_, version))) => version,
        Ok(None) => return page.redirect("/settings/staff", "flash-removed"),
        Err(why) => return broken(page, &why),
    };
    match save(&app, &page, vec![Change::delete(kind::STAFF, &email, version)]).await {
        Saved::Done => {
            let ended =
                blocking(&app, move |app| app.plane.end_sessions(Some(&email), app.clock.wall())).await;
            match ended {
                Ok(_) => page.redirect("/settings/staff", "flash-removed"),
                Err(why) => broken(page, &why),
            }
        }
        Saved::Conflict => page.redirect("/settings/staff", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}
