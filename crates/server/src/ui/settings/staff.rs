//! Settings, the people who work here: who may do what, and links by which they set their passwords.

use crate::access::invite;
use crate::access::rights::Role;
use crate::access::staff::{self, Trouble};
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::save::{Change, Saved, blocking, save};
use crate::ui::layout::{Page, broken, html_with};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use beckon_core::time::ShopTime;
use std::sync::Arc;

struct Person {
    email: String,
    role: Role,
    own: bool,
}

/// A link that nobody used yet.
struct Open {
    name: String,
    version: u64,
    email: String,
    until: ShopTime,
}

/// A link that was just made.
struct Fresh {
    email: String,
    link: String,
}

#[derive(Template)]
#[template(path = "settings/staff.html")]
struct StaffPage {
    page: Page,
    people: Vec<Person>,
    open: Vec<Open>,
    fresh: Option<Fresh>,
    errors: Errors,
    email: String,
}

/// `GET /settings/staff`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    show(page, &app, StatusCode::OK, Errors::default(), String::new(), None).await
}

async fn show(
    page: Page,
    app: &Arc<App>,
    status: StatusCode,
    errors: Errors,
    email: String,
    fresh: Option<Fresh>,
) -> Response {
    let read = blocking(app, |app| Ok((staff::all(&app.plane)?, invite::all(&app.plane)))).await;
    let (people, open) = match read {
        Ok((people, Ok(open))) => (people, open),
        Ok((_, Err(why))) => return broken(page, &why),
        Err(why) => return broken(page, &why),
    };
    let person = |(email, document): (String, crate::settings::StaffDocument)| {
        let own = email == page.by();
        Some(Person { email, role: Role::parse(&document.role)?, own })
    };
    let people = people.into_iter().filter_map(person).collect();
    let now = app.clock.wall();
    let open = open.into_iter().filter(|(_, _, of)| of.until >= now.0);
    let open =
        open.map(|(name, version, of)| Open { name, version, email: of.email, until: ShopTime(of.until) });
    let open = open.collect();
    html_with(status, &StaffPage { page, people, open, fresh, errors, email })
}

async fn refuse(page: Page, app: &Arc<App>, field: &'static str, trouble: &Trouble, typed: &str) -> Response {
    let mut errors = Errors::default();
    errors.add(field, page.t(trouble.key()));
    show(page, app, StatusCode::UNPROCESSABLE_ENTITY, errors, typed.to_owned(), None).await
}

/// `POST /settings/staff`: a link for somebody new; the answer is the only page that shows it.
pub async fn add(page: Page, State(app): State<Arc<App>>, headers: HeaderMap, fields: Fields) -> Response {
    let role = Role::parse(fields.text("role")).unwrap_or(Role::Analyst);
    link(page, &app, &headers, fields.text("email"), Some(role)).await
}

/// `POST /settings/staff/reset`: a link for somebody who lost her password. The old one stays good until it is used.
pub async fn reset(page: Page, State(app): State<Arc<App>>, headers: HeaderMap, fields: Fields) -> Response {
    link(page, &app, &headers, fields.text("email"), None).await
}

async fn link(page: Page, app: &Arc<App>, headers: &HeaderMap, email: &str, role: Option<Role>) -> Response {
    let (typed, locale, by) = (email.to_owned(), page.locale, page.by().to_owned());
    let made =
        blocking(app, move |app| Ok(invite::make(&app.plane, &typed, role, locale, app.clock.wall(), &by)));
    match made.await {
        Ok(Ok(path)) => {
            let fresh = Fresh { email: email.to_owned(), link: invite::link_of(page.secure, headers, &path) };
            show(page, app, StatusCode::OK, Errors::default(), String::new(), Some(fresh)).await
        }
        Ok(Err(trouble)) => refuse(page, app, "email", &trouble, email).await,
        Err(why) => broken(page, &why),
    }
}

/// `POST /settings/staff/withdraw`: a link is no good any more.
pub async fn withdraw(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    let kind = crate::settings::kind::INVITATION;
    match save(&app, page.by(), vec![Change::delete(kind, fields.text("name"), version)]).await {
        Saved::Done => page.redirect("/settings/staff", "flash-removed"),
        Saved::Conflict => page.redirect("/settings/staff", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}

/// `POST /settings/staff/role`: another role, which ends the sessions of whoever has it.
pub async fn role(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let (email, role) = (fields.text("email").to_owned(), Role::parse(fields.text("role")));
    let Some(role) = role.filter(|_| email != page.by()) else {
        return refuse(page, &app, "", &Trouble::LastOwner, "").await;
    };
    let done = blocking(&app, move |app| Ok(staff::set_role(&app.plane, &email, role))).await;
    changed(page, &app, done, "flash-role").await
}

/// `POST /settings/staff/remove`: takes somebody's access away at once. Nobody removes herself, so an owner is left.
pub async fn remove(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let email = fields.text("email").to_owned();
    if email == page.by() {
        let mut errors = Errors::default();
        errors.add("", page.t("staff-own"));
        return show(page, &app, StatusCode::UNPROCESSABLE_ENTITY, errors, String::new(), None).await;
    }
    let by = page.by().to_owned();
    let done = blocking(&app, move |app| Ok(staff::remove(&app.plane, &email, &by))).await;
    changed(page, &app, done, "flash-removed").await
}

async fn changed(
    page: Page,
    app: &Arc<App>,
    done: beckon_store::Result<Result<(), Trouble>>,
    flash: &str,
) -> Response {
    app.plane_changed.notify_one();
    match done {
        // Whom somebody else removed meanwhile is removed.
        Ok(Ok(()) | Err(Trouble::Nobody)) => page.redirect("/settings/staff", flash),
        Ok(Err(Trouble::Store(why))) => broken(page, &why),
        Ok(Err(trouble)) => refuse(page, app, "", &trouble, "").await,
        Err(why) => broken(page, &why),
    }
}
